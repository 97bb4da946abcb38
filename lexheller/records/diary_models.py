"""The diary: one entry for each number. Tables only.

An entry points at what it is about by kind and id, without a foreign key: it stays when that has been disposed of.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model
from lexheller.organisations.models import Organisation, Theme


class DiaryEntry(Model):
    """`series_year`, `file_number` and `document` are the number's parts; None for one of another shape.

    `correspondent_organisation_id`: the organisation at which whoever reported works. No person is ever named.
    """

    __tablename__ = "diary_entry"
    __table_args__ = (
        UniqueConstraint("federation_id", "subject_type", "subject_id", "kind"),
        Index("ix_diary_entry_list", "federation_id", "registered_on", "id"),
        Index("ix_diary_entry_number", "federation_id", "number"),
        Index("ix_diary_entry_series", "federation_id", "series_year", "file_number", "document"),
        CheckConstraint("direction IN ('in', 'out', 'made')", name="direction_known"),
        CheckConstraint(
            "kind IN ('report', 'imported', 'taken_over', 'fault', 'edition', 'release_request', 'release_decision')",
            name="kind_known",
        ),
        CheckConstraint(
            "correspondent IN ('reporter', 'federation', 'requester', 'nobody')", name="correspondent_known"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    number: Mapped[str] = mapped_column(String(200))
    series_year: Mapped[int | None]
    file_number: Mapped[int | None]
    document: Mapped[int | None]
    registered_on: Mapped[date]
    direction: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(20))
    correspondent: Mapped[str] = mapped_column(String(12))
    correspondent_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]

    organisation: Mapped[Organisation | None] = relationship()
    theme: Mapped[Theme | None] = relationship()

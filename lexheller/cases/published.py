"""Cases that the office has published: a text of its own, for anybody to read. Tables only.

Nothing of the case stands here but its theme and year, as they were when it was published.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime
from lexheller.organisations.models import Theme

LONGEST_HEADING, LONGEST_PART, LONGEST_REASON = 120, 2000, 500


class PublishedCase(Model):
    """Stands on the open page until `withdrawn_at`; published anew after that it is another row, at another address.

    `year` is the year the report came in. `version` is raised when the text is changed (P13).
    """

    __tablename__ = "published_case"
    __table_args__ = (
        Index(
            "uq_published_case_standing",
            "case_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_published_case_list", "federation_id", "id"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)", name="withdrawal_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    year: Mapped[int]
    heading: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    happened: Mapped[str] = mapped_column(Text)
    led_to: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawal_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))

    theme: Mapped[Theme | None] = relationship()

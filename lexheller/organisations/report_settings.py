"""What a federation has chosen for what leaves its office: the smallest number shown, and its own Word template.

Read here by every floor that shows numbers to others; changed by the yearly report's settings.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lexheller.core.db import Model, db
from lexheller.privacy.small_numbers import LEAST, LOWEST_LEAST

LEAST_SHOWN, LOWEST_LEAST_SHOWN = LEAST, LOWEST_LEAST


class ReportSettings(Model):
    """A federation's own choices. `least_shown`: the smallest number that is shown outside the office (P30)."""

    __tablename__ = "report_settings"
    __table_args__ = (CheckConstraint(f"least_shown >= {LOWEST_LEAST_SHOWN}", name="least_shown_enough"),)

    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"), primary_key=True, autoincrement=False)
    least_shown: Mapped[int] = mapped_column(default=LEAST_SHOWN)
    word_template: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    word_template_name: Mapped[str | None] = mapped_column(String(200))


def least_of(federation_id: int) -> int:
    """The smallest number that the federation shows outside its office."""
    settings = db.session.get(ReportSettings, federation_id)
    return settings.least_shown if settings else LEAST_SHOWN

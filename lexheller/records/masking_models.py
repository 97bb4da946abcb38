"""That words of a stored text were hidden, the original where it was sealed, and who has opened it. Tables only.

Which text: the kind and id of what it belongs to, the place as the register calls it (`masking_places`), the row, and
`part` for a text that is one of several in a column.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime
from lexheller.privacy.masking import MaskDecision

LONGEST_WHY = 1000


class Masking(Model):
    """`reason` is a code, `why` the words to it. A seal ends when somebody else than who sealed it destroys the
    original and says why (`destroyed_why`); then it is nowhere.

    `case_id` is the subject's where that is a case, so that a case does not go without what was sealed of it.
    """

    __tablename__ = "masking"
    __table_args__ = (
        Index("ix_masking_subject", "federation_id", "kind", "subject_id", "id"),
        CheckConstraint("decision IN ('seal', 'destroy')", name="decision_known"),
        CheckConstraint("reason IN ('person', 'secrecy', 'not_ours', 'asked', 'other')", name="reason_known"),
        CheckConstraint("passages > 0", name="hides_something"),
        CheckConstraint("decision = 'seal' OR destroyed_at IS NULL", name="only_seals_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    place: Mapped[str] = mapped_column(String(80))
    row_id: Mapped[int]
    part: Mapped[str] = mapped_column(String(80), default="")
    passages: Mapped[int]
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Text, default="")
    masked_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    masked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    destroyed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    destroyed_why: Mapped[str] = mapped_column(Text, default="")

    @property
    def sealed(self) -> bool:
        """Whether an original is kept."""
        return self.decision == MaskDecision.SEAL and self.destroyed_at is None


class SealedOriginal(Model):
    """The text as it was before a masking, and where in it the hidden words stand: half-open places in code points.
    The row goes when the original is destroyed.
    """

    __tablename__ = "sealed_original"

    masking_id: Mapped[int] = mapped_column(ForeignKey("masking.id"), primary_key=True, autoincrement=False)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    text: Mapped[str] = mapped_column(Text)
    places: Mapped[list[list[int]]] = mapped_column(JSON, default=list)

    masking: Mapped[Masking] = relationship()


class SealOpening(Model):
    """Who has opened a sealed original, and why."""

    __tablename__ = "seal_opening"
    __table_args__ = (Index("ix_seal_opening_masking", "masking_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    masking_id: Mapped[int] = mapped_column(ForeignKey("masking.id"))
    opened_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)

    masking: Mapped[Masking] = relationship()

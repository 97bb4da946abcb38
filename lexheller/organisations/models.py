"""Federations and what they are made of: members, units, who is responsible, substitutes, lists, own closed days.

Tables only. Organisations and municipalities are shared by all federations; everything else belongs to one.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model, UTCDateTime


class OrganisationKind(StrEnum):
    STATE = "state"
    REGION = "region"
    MUNICIPALITY = "municipality"
    ACTIVITY = "activity"


class Federation(Model):
    """A coordination federation: the tenant. What it has decided about time stands in `deadlines`."""

    __tablename__ = "federation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    diary_file_number: Mapped[int] = mapped_column(default=11)
    active: Mapped[bool] = mapped_column(default=True)


class Municipality(Model):
    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class Organisation(Model):
    """An authority or a funded activity. `aliases` are the other names that people and spreadsheets use."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)

    municipality: Mapped[Municipality | None] = relationship()


class Membership(Model):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("federation_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship()


class Unit(Model):
    """An office that can be responsible. Retired (`active` false), never deleted."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("federation_id", "organisation_id", "name", "municipality_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)

    organisation: Mapped[Organisation] = relationship()


class ResponsibleManager(Model):
    """Who answers for a unit, from and to which day. The address is where duties are sent; an account is optional.

    Addresses are stored in lower case. The superior is whom an escalation reaches next. `doubted_on`: the day on which
    somebody answered that it is another person now; cleared when it is confirmed or the register is changed.
    """

    __tablename__ = "responsible_manager"
    __table_args__ = (
        Index("ix_responsible_manager_email", "email"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    superior_name: Mapped[str | None] = mapped_column(String(200))
    superior_email: Mapped[str | None] = mapped_column(String(254))
    confirmed_on: Mapped[date | None]
    confirmation_asked_on: Mapped[date | None]
    doubted_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship()


class Substitution(Model):
    """Between these days, both included, write to `email` instead of `absent_email`: a manager, a superior, anybody.

    One that was called off before it began is not `active`.
    """

    __tablename__ = "substitution"
    __table_args__ = (
        Index("ix_substitution_absent", "federation_id", "absent_email"),
        Index("ix_substitution_email", "email"),
        CheckConstraint("to_on >= from_on", name="dates_in_order"),
        CheckConstraint("absent_email <> email", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    absent_email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    from_on: Mapped[date]
    to_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(500))
    active: Mapped[bool] = mapped_column(default=True)


class Theme(Model):
    """What kind of failure, from the federation's own list. Set by the office, never asked of a reporter."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("federation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    key: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class ThemeChangeKind(StrEnum):
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    RETIRED = "retired"


class ThemeChange(Model):
    """A day from which the list of themes is another: where a series over the years breaks.

    Keys and labels as they were on the day, side by side. Written by `organisations.theme_history`, never altered.
    """

    __tablename__ = "theme_change"
    __table_args__ = (
        Index("ix_theme_change_on_day", "federation_id", "on_day"),
        CheckConstraint("kind IN ('renamed', 'split', 'merged', 'added', 'retired')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    on_day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    from_keys: Mapped[list[str]] = mapped_column(JSON)
    from_labels: Mapped[list[str]] = mapped_column(JSON)
    to_keys: Mapped[list[str]] = mapped_column(JSON)
    to_labels: Mapped[list[str]] = mapped_column(JSON)
    by_user_id: Mapped[int | None]


class ClosedDay(Model):
    """A day on which the federation itself does not work, besides Sweden's holidays."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("federation_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(200))


class TextStep(StrEnum):
    """Where in the work a standard text is offered."""

    QUESTION = "question"
    ANSWER = "answer"
    JOINT_ANSWER = "joint_answer"
    SEND_BACK = "send_back"
    CLOSE = "close"
    HAND_OVER = "hand_over"
    NOTE = "note"


class StandardText(Model):
    """A text to begin with at one step; with a theme, it is offered for that theme's cases, before the general ones."""

    __tablename__ = "standard_text"
    __table_args__ = (
        Index("ix_standard_text_step", "federation_id", "step"),
        CheckConstraint(
            "step IN ('question', 'answer', 'joint_answer', 'send_back', 'close', 'hand_over', 'note')",
            name="step_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    step: Mapped[str] = mapped_column(String(20))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    theme: Mapped[Theme | None] = relationship()


class RegisterChange(Model):
    """One line of the register's readable history: who changed what, when, and the note they left.

    `before` and `after` hold the changed fields alone. Written by `organisations.changes`, never altered.
    """

    __tablename__ = "register_change"
    __table_args__ = (
        Index("ix_register_change_subject", "federation_id", "subject_type", "subject_id"),
        Index("ix_register_change_unit", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_user_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(40))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str | None] = mapped_column(Text)

"""Federations and what they are made of: members, units, who is responsible, themes, own closed days.

Tables only. Organisations and municipalities are shared by all federations; everything else belongs to one.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lexheller.core.db import Model


class OrganisationKind(StrEnum):
    STATE = "state"
    REGION = "region"
    MUNICIPALITY = "municipality"
    ACTIVITY = "activity"


class Federation(Model):
    """A coordination federation: the tenant. `answer_days` are working days; its value is the federation's choice."""

    __tablename__ = "federation"
    __table_args__ = (CheckConstraint("answer_days BETWEEN 1 AND 250", name="answer_days_sensible"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    answer_days: Mapped[int] = mapped_column(default=20)
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
    """Who answers for a unit, from and to which day. The address is where duties are sent; an account is optional."""

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

    unit: Mapped[Unit] = relationship()


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


class ClosedDay(Model):
    """A day on which the federation itself does not work, besides Sweden's holidays."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("federation_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    federation_id: Mapped[int] = mapped_column(ForeignKey("federation.id"))
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(200))

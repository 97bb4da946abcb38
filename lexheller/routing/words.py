"""A rule in words, the same wherever it is told: on the page of the rules and on a case's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute as Column
from sqlalchemy.orm import joinedload

from lexheller.core.db import db
from lexheller.organisations.models import Municipality, Organisation, Theme, Unit
from lexheller.routing.models import RoutingRule


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids of rules are called, the retired and those that have left too."""

    organisations: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    municipalities: dict[int, str] = field(default_factory=dict)
    themes: dict[int, str] = field(default_factory=dict)


def names_for(rules: Iterable[RoutingRule], unit_ids: Iterable[int] = ()) -> Names:
    """The names that these rules need, and those of further units, in at most one query per table."""
    rows = list(rules)
    units = {row.unit_id for row in rows} | _ids(row.concerned_unit_id for row in rows) | set(unit_ids)
    organisations = _ids(row.organisation_id for row in rows) | _ids(row.activity_id for row in rows)
    municipalities = _ids(row.municipality_id for row in rows)
    themes = _ids(row.theme_id for row in rows)
    return Names(
        organisations=_called(Organisation.id, Organisation.name, organisations),
        units=_unit_names(units),
        municipalities=_called(Municipality.id, Municipality.name, municipalities),
        themes=_called(Theme.id, Theme.label, themes),
    )


def conditions(rule: RoutingRule, names: Names) -> str:
    """`ärenden från insatsen FIA som gäller Arbetsförmedlingen i Habo`, as far as the rule has conditions."""
    parts = []
    if rule.activity_id:
        parts.append(_("från insatsen %(name)s", name=names.organisations[rule.activity_id]))
    if rule.organisation_id:
        parts.append(_("som gäller %(name)s", name=names.organisations[rule.organisation_id]))
    if rule.municipality_id:
        parts.append(_("i %(name)s", name=names.municipalities[rule.municipality_id]))
    if rule.theme_id:
        parts.append(_("med temat %(label)s", label=names.themes[rule.theme_id]))
    if rule.concerned_unit_id:
        unit = names.units[rule.concerned_unit_id]
        and_names = _("och nämner enheten %(unit)s", unit=unit)
        parts.append(and_names if rule.organisation_id else _("som nämner enheten %(unit)s", unit=unit))
    return " ".join([_("ärenden"), *parts]) if parts else str(_("alla ärenden"))


def sentence(rule: RoutingRule, names: Names) -> str:
    """The conditions as the beginning of a sentence."""
    words = conditions(rule, names)
    return words[:1].upper() + words[1:]


def _ids(values: Iterable[int | None]) -> set[int]:
    return {value for value in values if value is not None}


def _called(id_of: Column[int], name_of: Column[str], ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(select(id_of, name_of).where(id_of.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _unit_names(ids: set[int]) -> dict[int, str]:
    """`Försörjningsstöd, Habo kommun`: many units have the same name, each in its own organisation."""
    if not ids:
        return {}
    rows = db.session.scalars(select(Unit).where(Unit.id.in_(ids)).options(joinedload(Unit.organisation)))
    return {unit.id: f"{unit.name}, {unit.organisation.name}" for unit in rows}

"""Verbs that need what lies above the register: retiring only what nothing points to any longer."""

from __future__ import annotations

from collections.abc import Sequence

from lexheller.accounts.rights import Actor
from lexheller.administration.queries import open_duties, ruled_theme_ids, ruled_unit_ids
from lexheller.core.errors import InvalidInput
from lexheller.organisations import lists, regrouping
from lexheller.organisations import service as register
from lexheller.organisations.changes import hold
from lexheller.organisations.models import Theme, Unit


def retire_unit(actor: Actor, unit: Unit, *, note: str | None = None) -> None:
    """Raises InvalidInput on `note`: `has_duties` while cases wait for its answer, `has_rules` while a rule in use
    sends to it or asks about it.
    """
    hold(unit)
    if open_duties(unit):
        raise InvalidInput("note", "has_duties")
    if unit.id in ruled_unit_ids(unit.federation_id):
        raise InvalidInput("note", "has_rules")
    register.retire_unit(actor, unit, note=note)


def retire_theme(actor: Actor, theme: Theme, *, note: str | None = None) -> None:
    """Raises InvalidInput (`label`, `theme_has_rules`) while a rule in use asks about it."""
    hold(theme)
    if theme.id in ruled_theme_ids(theme.federation_id):
        raise InvalidInput("label", "theme_has_rules")
    lists.retire_theme(actor, theme, note=note)


def split_theme(
    actor: Actor, theme: Theme, labels: Sequence[str], *, note: str | None = None, seen: int | None = None
) -> list[Theme]:
    """As `regrouping.split_theme`; and InvalidInput (`parts`, `theme_has_rules`) while a rule in use asks about it."""
    hold(theme)
    if theme.id in ruled_theme_ids(theme.federation_id):
        raise InvalidInput("parts", "theme_has_rules")
    return regrouping.split_theme(actor, theme, labels, note=note, seen=seen)


def merge_themes(
    actor: Actor, themes: Sequence[Theme], label: str, *, note: str | None = None, seen: int | None = None
) -> Theme:
    """As `regrouping.merge_themes`; and InvalidInput (`themes`, `theme_has_rules`) while a rule in use asks about one
    that would be retired.
    """
    for theme in sorted(themes, key=lambda one: one.id):
        hold(theme)
    _name, kept = regrouping.checked_merger(themes, label, note)
    if ruled_theme_ids(themes[0].federation_id) & {theme.id for theme in themes if theme is not kept}:
        raise InvalidInput("themes", "theme_has_rules")
    return regrouping.merge_themes(actor, themes, label, note=note, seen=seen)

"""A theme becomes several, or several become one. Cases keep the theme they have: only what is offered is another.

Each leaves one event, one line of history, and the break that a series over the years shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from lexheller.audit.service import Doer
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.organisations.changes import What, hold, newest_about, write_down
from lexheller.organisations.lists import free_label, new_theme
from lexheller.organisations.models import Federation, Theme, ThemeChangeKind
from lexheller.organisations.names import folded
from lexheller.organisations.theme_history import keep_change, name_of

THEME = "theme"
FEWEST = 2
"""Fewer than two are not a split or a merger."""


def list_version(federation_id: int) -> int:
    """What a form that touches several themes says that it has seen."""
    return newest_about(federation_id, THEME)


def split_theme(
    actor: Doer, theme: Theme, labels: Sequence[str], *, note: str | None = None, seen: int | None = None
) -> list[Theme]:
    """New themes, last in the list; the old one is retired.

    Raises InvalidInput: `parts` `too_few` | `twice` | `missing` | `taken`; `label` `retired`. Conflict as `hold`.
    """
    _hold_list(theme.federation_id, [theme], seen)
    parts = checked_parts(theme, labels, note)
    if not theme.active:
        raise InvalidInput("label", "retired")
    was = name_of(theme)
    theme.active = False
    made = [new_theme(theme.federation_id, label) for label in parts]
    after = {"label": was.label, "split_into": ", ".join(parts)}
    write_down(actor, What.THEME_SPLIT, theme, after=after, note=note, others=made)
    keep_change(actor, theme.federation_id, ThemeChangeKind.SPLIT, before=[was], after=made)
    return made


def checked_parts(theme: Theme, labels: Sequence[str], note: str | None = None) -> list[str]:
    """The names as they would be stored; raises as `split_theme` does."""
    given = [label for label in labels if label.strip()]
    if len(given) < FEWEST:
        raise InvalidInput("parts", "too_few")
    parts = [_label(theme.federation_id, label, note) for label in given]
    if len({folded(label) for label in parts}) < len(parts):
        raise InvalidInput("parts", "twice")
    return parts


def merge_themes(
    actor: Doer, themes: Sequence[Theme], label: str, *, note: str | None = None, seen: int | None = None
) -> Theme:
    """The one that new cases get: a new theme, or the one of them that has the name already; the rest are retired.

    Raises InvalidInput: `themes` `too_few` | `retired`; `label` `missing` | `taken`. Conflict as `hold`.
    """
    federation_id = _federation_of(themes)
    _hold_list(federation_id, themes, seen)
    label, kept = checked_merger(themes, label, note)
    if not all(theme.active for theme in themes):
        raise InvalidInput("themes", "retired")
    before = [name_of(theme) for theme in themes]
    result = kept or new_theme(federation_id, label)
    gone = [theme for theme in themes if theme is not result]
    for theme in gone:
        theme.active = False
    db.session.flush()
    after = {"label": result.label, "merged_from": ", ".join(one.label for one in before)}
    write_down(actor, What.THEME_MERGED, result, after=after, note=note, others=gone)
    keep_change(actor, federation_id, ThemeChangeKind.MERGED, before=before, after=[result])
    return result


def checked_merger(themes: Sequence[Theme], label: str, note: str | None = None) -> tuple[str, Theme | None]:
    """The name as it would be stored, and which of the themes has it already; raises as `merge_themes` does, and
    NotAllowedToSee for themes of several federations.
    """
    federation_id = _federation_of(themes)
    kept = next((theme for theme in themes if folded(theme.label) == folded(" ".join(label.split()))), None)
    if kept is not None:
        return kept.label, kept
    return free_label(federation_id, label, note), None


def _federation_of(themes: Sequence[Theme]) -> int:
    """Of two themes or more; there is no list that holds those of several federations."""
    if len({theme.id for theme in themes}) < FEWEST:
        raise InvalidInput("themes", "too_few")
    if len({theme.federation_id for theme in themes}) > 1:
        raise NotAllowedToSee("theme")
    return themes[0].federation_id


def _label(federation_id: int, label: str, note: str | None) -> str:
    try:
        return free_label(federation_id, label, note)
    except InvalidInput as refused:
        raise InvalidInput("parts" if refused.field == "label" else refused.field, refused.code) from None


def _hold_list(federation_id: int, themes: Sequence[Theme], seen: int | None) -> None:
    """Hold the list and the themes in it until the transaction ends, as nobody has changed it since it was seen."""
    hold(db.session.get_one(Federation, federation_id))
    for theme in sorted(themes, key=lambda one: one.id):
        hold(theme)
    if seen is not None and list_version(federation_id) != seen:
        raise Conflict("the list of themes was changed")

"""Why something whose time has come stays all the same. Each reason is a function; floors above register theirs.

A finder answers all of one kind in a federation that its reason holds back, whether their time has come or not. The
reasons that are known down here are `disposal_finders`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask import Flask, current_app

from lexheller.records.disposal_rules import DocumentKind, Hindrance, staying

REGISTRY = "lexheller_disposal_hindrances"
WENT_ON, BELONGS = "lexheller_disposal_went_on", "lexheller_disposal_belongs"
Finder = Callable[[int], set[int]]
Why = dict[int, list[Hindrance]]
"""By id: the reasons, in the order of the enum."""
Going = Mapping[DocumentKind, set[int]]


def register(app: Flask, why: Hindrance, finder: Finder, kind: DocumentKind = DocumentKind.CASE) -> None:
    app.extensions.setdefault(REGISTRY, {}).setdefault((kind, why), []).append(finder)


def goes_on_in(
    app: Flask, kind: DocumentKind, why: Hindrance, pairs: Callable[[int], Iterable[tuple[int, int]]]
) -> None:
    """Of one kind, some went on in others of it: the latter stay while the former do, for that reason."""
    app.extensions.setdefault(WENT_ON, {})[kind] = (why, pairs)


def belongs_to(
    app: Flask, kind: DocumentKind, other: DocumentKind, pairs: Callable[[int], Iterable[tuple[int, int]]]
) -> None:
    """Some of a kind stay while those of another kind that they belong to are there (`Hindrance.LINKED`)."""
    app.extensions.setdefault(BELONGS, {}).setdefault(kind, []).append((other, pairs))


def hindrances(federation_id: int, kind: DocumentKind, ids: Iterable[int], going: Going) -> Why:
    """What holds back each of those that would be deleted together; those that nothing holds back are left out.

    `going`: what else is deleted before them, in the same go.
    """
    wanted, found = set(ids), Why()
    if not wanted:
        return found
    for why in Hindrance:
        for subject_id in _held_back(federation_id, kind, why, going) & wanted:
            found.setdefault(subject_id, []).append(why)
    if kind in current_app.extensions.get(WENT_ON, {}):
        why, _pairs = current_app.extensions[WENT_ON][kind]
        for subject_id in staying(wanted, found, went_on(federation_id, kind)):
            found.setdefault(subject_id, []).append(why)
    return found


def went_on(federation_id: int, kind: DocumentKind) -> list[tuple[int, int]]:
    """Which ones of the kind went on in which: the latter are deleted last."""
    if kind not in current_app.extensions.get(WENT_ON, {}):
        return []
    _why, pairs = current_app.extensions[WENT_ON][kind]
    return list(pairs(federation_id))


def _held_back(federation_id: int, kind: DocumentKind, why: Hindrance, going: Going) -> set[int]:
    registered: list[Finder] = current_app.extensions.get(REGISTRY, {}).get((kind, why), [])
    found = set().union(*(finder(federation_id) for finder in registered))
    if why is Hindrance.LINKED:
        for other, pairs in current_app.extensions.get(BELONGS, {}).get(kind, []):
            leaving = going.get(other, set())
            found |= {one for one, belongs in pairs(federation_id) if belongs not in leaving}
    return found

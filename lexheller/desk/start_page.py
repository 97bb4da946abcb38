"""The start page: which parts somebody sees, by what they may do. With several roles all of them, the office first."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.rights import Actor, Right
from lexheller.desk import (
    start_administrator,
    start_analyst,
    start_director,
    start_manager,
    start_member,
    start_office,
    start_operator,
    start_reader,
    start_registrar,
)
from lexheller.desk.sections import Part, Section
from lexheller.organisations.models import Federation

HAS_A_START = frozenset(
    {
        Right.SEE_ALL_CASES,
        Right.SEE_OWN_UNITS_CASES,
        Right.READ_MATERIAL,
        Right.SEE_FIGURES,
        Right.ADMINISTER,
        Right.OPERATE,
        Right.READ_EDITIONS,
    }
)
"""One of these stands in every role."""

Sections = Callable[[Actor, Federation], list[Section]]
# Right, those that make it part of something larger, what is shown of it, and what the part is called among others.
BESIDE_THE_OFFICE: tuple[tuple[Right, frozenset[Right], Sections, LazyString], ...] = (
    (Right.KEEP_RECORDS, frozenset({Right.PREPARE_MEETINGS}), start_registrar.sections, _l("Som registrator")),
    (Right.ADMINISTER, frozenset({Right.PREPARE_MEETINGS}), start_administrator.sections, _l("Som administratör")),
    (Right.SEE_FIGURES, frozenset({Right.PREPARE_MEETINGS}), start_analyst.sections, _l("Som analytiker")),
    (
        Right.READ_EDITIONS,
        frozenset({Right.PREPARE_MEETINGS, Right.SEE_FIGURES}),
        start_reader.sections,
        _l("Som nationell läsare"),
    ),
    (Right.OPERATE, frozenset({Right.HANDLE_CASES}), start_operator.sections, _l("Som drifttekniker")),
)


def parts_for(actor: Actor, federation: Federation) -> list[Part]:
    """Empty for a manager without anything to show."""
    found: list[Part] = []
    if actor.may(Right.HANDLE_CASES, federation.id):
        found.append(Part(start_office.sections(actor, federation), _("Förbundets kansli")))
    elif actor.may(Right.PREPARE_MEETINGS, federation.id):
        found.append(Part(start_director.sections(actor, federation), _("Förbundets kansli")))
    if actor.may(Right.ANSWER_DUTIES, federation.id) and actor.unit_ids:
        own = start_manager.sections(actor, federation)
        if own:
            found.append(Part(own, _("Som ansvarig chef")))
    read = start_member.sections(actor, federation)
    if read:
        found.append(Part(read, _("Som gruppmedlem")))
    for right, larger, sections, title in BESIDE_THE_OFFICE:
        if actor.may(right, federation.id) and not any(actor.may(one, federation.id) for one in larger):
            found.append(Part(sections(actor, federation), str(title)))
    return found if len(found) > 1 else [Part(part.sections) for part in found]

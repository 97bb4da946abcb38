"""Verbs of a fault's life: suspected, described, owned, confirmed, lifted, decided, mended, over, opened again.

One event for each change, through `faults.door`; no event holds free text. Which cases show the fault is
`faults.linking`, what their reporters hear is casework's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lexheller.accounts.rights import Actor
from lexheller.audit.once import made_by, marked
from lexheller.audit.service import next_diary_number
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.faults import door
from lexheller.faults.linking import link_case as link_case
from lexheller.faults.linking import unlink_case as unlink_case
from lexheller.faults.models import Fault
from lexheller.faults.permissions import may_handle
from lexheller.faults.states import BEGINNING, Broken, FaultStatus, FaultStep
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Unit
from lexheller.privacy.refusal import refuse_identity_numbers

LONGEST_TITLE = 160
TEXTS = ("what_happens", "broken_what", "who_is_hit", "cause", "way_round")
PLACES = ("let_go_organisation_id", "should_catch_organisation_id", "theme_id", "municipality_id")


@dataclass(frozen=True, slots=True)
class Details:
    """What a fault is. Ids are of the federation's own lists; `broken` is a value of `Broken` or None."""

    title: str
    what_happens: str = ""
    let_go_organisation_id: int | None = None
    should_catch_organisation_id: int | None = None
    broken: str | None = None
    broken_what: str = ""
    who_is_hit: str = ""
    cause: str = ""
    way_round: str = ""
    theme_id: int | None = None
    municipality_id: int | None = None


def suspect(
    actor: Actor,
    federation_id: int,
    details: Details,
    first_case: Case | None = None,
    why: str = "",
    *,
    sent_id: str | None = None,
) -> Fault:
    """A new fault with a diary number of its own, and the first case that shows it, if any, linked for the reason.

    The same form sent again (`sent_id`) is the fault that there is (P1).
    Raises NotAllowedToSee, and InvalidInput on `title` (`required`, `too_long`), a choice (`unknown`), `why`, or a text
    that holds an identity number (P23).
    """
    if not may_handle(actor, federation_id):
        raise NotAllowedToSee(f"faults of federation {federation_id}")
    values = _checked(federation_id, details)
    earlier = made_by(federation_id, BEGINNING, sent_id)
    if earlier is not None:
        return db.session.get_one(Fault, earlier.subject_id)
    today, federation = clock.today(), organisations.federation_of(federation_id)
    fault = Fault(
        federation_id=federation_id,
        number=next_diary_number(federation_id, today.year, file_number=federation.diary_file_number),
        status=FaultStatus.SUSPECTED,
        version=1,
        opened_on=today,
        opened_by_user_id=actor.user_id,
        **values,
    )
    door.begin(actor, fault, marked(sent_id))
    if first_case is not None:
        link_case(actor, fault, first_case, why)
    return fault


def describe(actor: Actor, fault: Fault, details: Details, *, seen: int) -> None:
    """Change what is said of the fault; nothing new is no change. Raises InvalidInput as `suspect`, and Conflict."""
    values = _checked(fault.federation_id, details, kept=fault)
    door.demand(actor, FaultStep.DESCRIBE, fault, seen=seen)
    fields = sorted(name for name, value in values.items() if value != getattr(fault, name))
    if fields:
        door.take(actor, FaultStep.DESCRIBE, fault, seen=seen, changes=values, data={"fields": fields})


def set_owner(actor: Actor, fault: Fault, unit: Unit | None, *, seen: int) -> None:
    """Who is to see to it that it is mended: a unit in use of the federation, or with None the federation itself."""
    if unit is not None and organisations.unit_in(fault.federation_id, unit.id) is None:
        raise InvalidInput("owner", "unknown")
    door.demand(actor, FaultStep.SET_OWNER, fault, seen=seen)
    unit_id = unit.id if unit is not None else None
    if fault.owner_since is not None and fault.owner_unit_id == unit_id:
        return
    changes = {"owner_unit_id": unit_id, "owner_since": clock.today()}
    data = {"unit_id": unit_id, "was_unit_id": fault.owner_unit_id}
    door.take(actor, FaultStep.SET_OWNER, fault, seen=seen, changes=changes, data=data)


def confirm(actor: Actor, fault: Fault, *, seen: int) -> None:
    """It is no chance: this is a fault of the system."""
    door.take(actor, FaultStep.CONFIRM, fault, seen=seen)


def lift(actor: Actor, fault: Fault, *, seen: int) -> None:
    """To those who can decide about it."""
    door.take(actor, FaultStep.LIFT, fault, seen=seen)


def decide(actor: Actor, fault: Fault, decision: str, *, seen: int) -> None:
    """What was decided about it. Reporters hear of it only when the office tells them. A decision from before stays to
    be read.
    """
    _decide(actor, FaultStep.DECIDE, fault, decision, seen=seen)


def decide_anew(actor: Actor, fault: Fault, decision: str, *, seen: int) -> None:
    """Another decision, of today, while the fault is dealt with; the one before it stays to be read."""
    _decide(actor, FaultStep.DECIDE_ANEW, fault, decision, seen=seen)


def reword_decision(actor: Actor, fault: Fault, decision: str, *, seen: int) -> None:
    """The same decision in other words, as a meeting corrects what it wrote; the day stays. Without one: Conflict."""
    if not fault.decision:
        raise Conflict(f"fault {fault.id} has no decision")
    changes = {"decision": _required("decision", decision)}
    door.take(actor, FaultStep.REWORD_DECISION, fault, seen=seen, changes=changes)


def start_mending(actor: Actor, fault: Fault, *, seen: int) -> None:
    door.take(actor, FaultStep.START_MENDING, fault, seen=seen)


def follow_up(actor: Actor, fault: Fault, *, seen: int) -> None:
    """It was looked whether what was done has helped."""
    door.take(actor, FaultStep.FOLLOW_UP, fault, seen=seen)


def close(actor: Actor, fault: Fault, ending: str, *, seen: int) -> None:
    """Mended, or none after all: `ending` says which and why. A case that comes later opens it again."""
    _end(actor, FaultStep.CLOSE, fault, ending, seen=seen)


def accept_as_it_is(actor: Actor, fault: Fault, ending: str, *, seen: int) -> None:
    """Known and left, for the reason in `ending`."""
    _end(actor, FaultStep.ACCEPT_AS_IT_IS, fault, ending, seen=seen)


def reopen(actor: Actor, fault: Fault, *, seen: int) -> None:
    """Taken up again by hand. How it ended the last time stays to be read until it ends anew."""
    door.take(actor, FaultStep.REOPEN, fault, seen=seen, changes={"ended_on": None})


def _end(actor: Actor, step: FaultStep, fault: Fault, ending: str, *, seen: int) -> None:
    words = _required("ending", ending)
    door.take(actor, step, fault, seen=seen, changes={"ending": words, "ended_on": clock.today(), "recurred_on": None})


def _decide(actor: Actor, step: FaultStep, fault: Fault, decision: str, *, seen: int) -> None:
    words = _required("decision", decision)
    door.demand(actor, step, fault, seen=seen)
    changes = {"decision": words, "decided_on": clock.today(), "former_decisions": _former(fault)}
    door.take(actor, step, fault, seen=seen, changes=changes)


def _former(fault: Fault) -> str:
    """The decision that stands before those that stood earlier."""
    if not fault.decision:
        return fault.former_decisions
    day = f"{fault.decided_on.isoformat()}: " if fault.decided_on is not None else ""
    return "\n\n".join(filter(None, [f"{day}{fault.decision}", fault.former_decisions]))


def _required(field: str, text: str) -> str:
    refuse_identity_numbers(**{field: text})
    words = text.strip()
    if not words:
        raise InvalidInput(field, "required")
    return words


def _checked(federation_id: int, details: Details, kept: Fault | None = None) -> Mapping[str, Any]:
    """The columns, once each value may stand there. What a list has lost since may stay where it stood."""
    values: dict[str, Any] = {**asdict(details), "title": " ".join(details.title.split())}
    refuse_identity_numbers(title=values["title"], **{name: values[name] for name in TEXTS})
    if not values["title"] or len(values["title"]) > LONGEST_TITLE:
        raise InvalidInput("title", "too_long" if values["title"] else "required")
    if details.broken is not None and details.broken not in set(Broken):
        raise InvalidInput("broken", "unknown")
    members = {row.id for row in organisations.organisations(federation_id)}
    known = {
        "let_go_organisation_id": members,
        "should_catch_organisation_id": members,
        "theme_id": {row.id for row in organisations.themes(federation_id)},
        "municipality_id": {row.id for row in organisations.municipalities(federation_id)},
    }
    for name in PLACES:
        stands = getattr(kept, name) if kept is not None else None
        if values[name] is not None and values[name] != stands and values[name] not in known[name]:
            raise InvalidInput(name, "unknown")
    return values

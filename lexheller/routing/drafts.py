"""Changing the rules: a draft is begun, worked on and put in use, or thrown away. Each verb leaves one event.

`seen` is the draft's revision as the person saw it; a change made on an older one raises Conflict (P13). To whoever may
not change the rules they do not exist (NotAllowedToSee). Trying a draft on past reports is `administration`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from lexheller.accounts.rights import Actor
from lexheller.audit.service import record
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.privacy.refusal import refuse_identity_numbers
from lexheller.routing.contents import RuleDraft, add_rows, refuse_foreign
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.permissions import refuse_strangers
from lexheller.routing.queries import draft_of, rows_of, set_by_version, set_in_use
from lexheller.routing.service import put_in_use
from lexheller.routing.states import RuleSetStatus

LONGEST_NOTE = 500
MOST_RULES = 500


def start_draft(actor: Actor, federation_id: int, *, version: int | None = None) -> RuleSet:
    """A draft that begins as a copy of the set in use, or of an earlier version. Asked for again: the same draft.

    Raises Conflict when an earlier version is wanted but somebody has a draft already: it would be lost.
    """
    refuse_strangers(actor, federation_id)
    there = draft_of(federation_id)
    if there is None:
        origin = _origin(federation_id, version)
        there = _begun(federation_id, origin)
        if there is not None:
            _record(actor, "routing.draft_started", there, {"based_on": origin.version if origin else None})
            return there
        there = draft_of(federation_id)
    if there is None or version is not None:
        raise Conflict(f"federation {federation_id} has a draft already")
    return there


def add_rule(actor: Actor, federation_id: int, wanted: RuleDraft, *, seen: int) -> RoutingRule:
    """Last in the draft."""
    draft = _draft(actor, federation_id, seen)
    refuse_foreign(federation_id, [wanted])
    count = len(rows_of(draft.id))
    if count >= MOST_RULES:
        raise InvalidInput("rule", "too_many")
    _raise_revision(draft, seen)
    row = add_rows(draft, [wanted], after=count)[0]
    _record(actor, "routing.rule_added", draft, {"rule_id": row.id, "position": row.position, **wanted.ids()})
    return row


def change_rule(actor: Actor, federation_id: int, rule_id: int, wanted: RuleDraft, *, seen: int) -> RoutingRule:
    """Let the rule say something else, at its place."""
    draft = _draft(actor, federation_id, seen)
    row = _rule(draft, rule_id)
    refuse_foreign(federation_id, [wanted], was=RuleDraft.of(row))
    _raise_revision(draft, seen)
    for name, value in wanted.ids().items():
        setattr(row, name, value)
    db.session.flush()
    _record(actor, "routing.rule_changed", draft, {"rule_id": row.id, "position": row.position, **wanted.ids()})
    return row


def move_rule(actor: Actor, federation_id: int, rule_id: int, position: int, *, seen: int) -> RoutingRule:
    """To that place in the order, counted from 1; beyond the ends means first or last. Where it stands: no change."""
    draft = _draft(actor, federation_id, seen)
    row = _rule(draft, rule_id)
    rows = rows_of(draft.id)
    before, after = row.position, min(max(position, 1), len(rows))
    if after == before:
        return row
    _raise_revision(draft, seen)
    rows.remove(row)
    rows.insert(after - 1, row)
    _number(rows)
    _record(actor, "routing.rule_moved", draft, {"rule_id": row.id, "from": before, "to": after})
    return row


def remove_rule(actor: Actor, federation_id: int, rule_id: int, *, seen: int) -> None:
    """Out of the draft. In the versions that were in use it stays."""
    draft = _draft(actor, federation_id, seen)
    row = _rule(draft, rule_id)
    _raise_revision(draft, seen)
    data = {"rule_id": row.id, "position": row.position, **RuleDraft.of(row).ids()}
    db.session.delete(row)
    db.session.flush()
    _number(rows_of(draft.id))
    _record(actor, "routing.rule_removed", draft, data)


def discard_draft(actor: Actor, federation_id: int, *, seen: int) -> None:
    """Throw the draft away; what is in use stays in use."""
    draft = _draft(actor, federation_id, seen)
    _raise_revision(draft, seen)
    _record(actor, "routing.draft_discarded", draft, {"rules": len(rows_of(draft.id))})
    db.session.execute(delete(RoutingRule).where(RoutingRule.rule_set_id == draft.id))
    db.session.delete(draft)
    db.session.flush()


def publish_draft(actor: Actor, federation_id: int, note: str, *, seen: int) -> RuleSet:
    """The draft becomes the next version and is in use at once, for reports that come in from now on."""
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("note", "too_long")
    refuse_identity_numbers(note=note)
    draft = _draft(actor, federation_id, seen)
    _raise_revision(draft, seen)
    replaced = put_in_use(actor, draft, note=note)
    data = {"version": draft.version, "replaced": replaced, "rules": len(rows_of(draft.id))}
    _record(actor, "routing.rules_published", draft, data)
    return draft


def _origin(federation_id: int, version: int | None) -> RuleSet | None:
    if version is None:
        return set_in_use(federation_id)
    found = set_by_version(federation_id, version)
    if found is None:
        raise NotAllowedToSee(f"version {version} of the rules")
    return found


def _begun(federation_id: int, origin: RuleSet | None) -> RuleSet | None:
    """The new draft; None when somebody else has begun one at the same moment."""
    draft = RuleSet(
        federation_id=federation_id,
        status=RuleSetStatus.DRAFT,
        revision=1,
        based_on_id=origin.id if origin else None,
        made_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(draft)
            db.session.flush()
    except IntegrityError:
        return None
    add_rows(draft, [RuleDraft.of(row) for row in rows_of(origin.id)] if origin else [])
    return draft


def _draft(actor: Actor, federation_id: int, seen: int) -> RuleSet:
    """Raises Conflict when it is another than the person saw: changed, put in use or thrown away."""
    refuse_strangers(actor, federation_id)
    draft = draft_of(federation_id)
    if draft is None or draft.revision != seen:
        raise Conflict(f"federation {federation_id}: revision {seen} of the draft seen, it has moved on")
    return draft


def _rule(draft: RuleSet, rule_id: int) -> RoutingRule:
    row = db.session.get(RoutingRule, rule_id)
    if row is None or row.rule_set_id != draft.id:
        raise NotAllowedToSee(f"rule {rule_id} is not in the draft")
    return row


def _raise_revision(draft: RuleSet, seen: int) -> None:
    """Of two changes made on the same revision one wins."""
    result = db.session.execute(
        update(RuleSet)
        .where(RuleSet.id == draft.id, RuleSet.status == RuleSetStatus.DRAFT, RuleSet.revision == seen)
        .values(revision=seen + 1)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(f"draft {draft.id} was changed by somebody else")
    db.session.refresh(draft)


def _number(rows: list[RoutingRule]) -> None:
    """Positions 1, 2, 3 … in this order; by way of negative ones, since no two may be equal even for a moment."""
    moved = [(row, position) for position, row in enumerate(rows, start=1) if row.position != position]
    for sign in (-1, 1):
        for row, position in moved:
            row.position = sign * position
        db.session.flush()


def _record(actor: Actor, kind: str, rule_set: RuleSet, data: dict[str, Any]) -> None:
    record(
        actor,
        kind,
        federation_id=rule_set.federation_id,
        subject_type="rule_set",
        subject_id=rule_set.id,
        data={"revision": rule_set.revision, **data},
    )

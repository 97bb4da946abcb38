"""Finding actions by words, in any Swedish form: an index of stems per action. Scoping is the caller's query."""

from __future__ import annotations

from sqlalchemy import Select, and_, delete, exists, false, select

from lexheller.actions.models import Action, ActionTerm, FollowUp
from lexheller.cases.search import MOST_TERMS, terms_of
from lexheller.core.db import db

LAST_SIGN = "\U0010ffff"


def index(action: Action) -> None:
    """Make the action findable by what is to be done, what was done, by whom, and what the judgements say."""
    whys = db.session.scalars(select(FollowUp.why).where(FollowUp.action_id == action.id, FollowUp.why.is_not(None)))
    texts = [action.description, action.done_what, action.who, action.cancel_why, action.reopen_why, *whys]
    terms = terms_of("\n".join(text for text in texts if text))
    db.session.execute(delete(ActionTerm).where(ActionTerm.action_id == action.id))
    if terms:
        rows = [{"action_id": action.id, "term": term, "federation_id": action.federation_id} for term in terms]
        db.session.execute(ActionTerm.__table__.insert(), rows)  # type: ignore[attr-defined]


def matching(query: Select[Action], words: str) -> Select[Action]:
    """Narrow `query` to actions with all the words; the last one may be the beginning of one."""
    terms = terms_of(words)[:MOST_TERMS]
    if not terms:
        return query.where(false())
    for place, term in enumerate(terms, start=1):
        same = (
            and_(ActionTerm.term >= term, ActionTerm.term < term + LAST_SIGN)
            if place == len(terms)
            else ActionTerm.term == term
        )
        query = query.where(exists().where(ActionTerm.action_id == Action.id, same))
    return query

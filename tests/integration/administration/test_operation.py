"""The operator sees what is stuck by kind and number, no text and no address, and tries it again with one event."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lexheller.accounts.rights import Role
from lexheller.administration import operation
from lexheller.audit.models import Event
from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.core.jobs import Job, JobStatus
from lexheller.messaging.models import Message
from lexheller.messaging.service import SEND_JOB
from tests.cast.people import ELSEWHERE, HOME

OPERATION = f"/drift/{HOME}"
REPORT = "Kontoret hänvisade till webben"


def park(slug=HOME, how_many=2):
    """The first mails of the federation could not be sent."""

    def run(cast):
        query = select(Job).where(Job.federation_id == cast.federation(slug).id, Job.name == SEND_JOB).order_by(Job.id)
        jobs = db.session.scalars(query.limit(how_many)).all()
        for job in jobs:
            job.status, job.attempts, job.problem = JobStatus.PARKED, 24, "SMTPServerDisconnected"
        return len(jobs)

    return run


def state(cast, slug=HOME):
    query = select(Job.status, func.count(Job.id).label("number")).where(Job.federation_id == cast.federation(slug).id)
    return {row.status: row.number for row in db.session.execute(query.group_by(Job.status))}


@pytest.fixture
def operator(stage, visitor):
    for slug in (HOME, ELSEWHERE):
        stage.case(CaseStatus.ASSIGNED, slug)
        assert stage.ask(park(slug)) == 2
    stage.ask(lambda cast: cast.newcomer("drift", Role.OPERATOR))
    visitor.sign_in("drift")
    return visitor


def test_what_is_stuck_is_told_by_kind_and_never_by_whom(stage, operator):
    stage.ask(lambda cast: cast.report())
    page = operator.get(OPERATION)
    assert page.status_code == 200
    assert "SMTPServerDisconnected" in operator.text
    assert SEND_JOB in operator.text
    kinds = stage.ask(lambda cast: list(db.session.scalars(select(Message.kind).where(Message.status == "waiting"))))
    assert kinds
    assert all(kind in operator.text for kind in kinds)
    for secret in (REPORT, "@"):
        assert secret not in operator.text.split("<main")[1]


def test_trying_again_is_one_event_and_stays_in_the_federation(stage, operator):
    operator.get(OPERATION)
    elsewhere = stage.ask(lambda cast: state(cast, ELSEWHERE))
    parked = stage.ask(state)[JobStatus.PARKED]
    operator.post(f"{OPERATION}/forsok-igen", {"kind": SEND_JOB, "problem": "SMTPServerDisconnected"})
    assert f"{parked} uppgifter försöks igen nu." in operator.text
    assert JobStatus.PARKED not in stage.ask(state)
    assert stage.ask(lambda cast: state(cast, ELSEWHERE)) == elsewhere
    query = select(Event.data).where(Event.kind == operation.TRIED_AGAIN)
    assert stage.ask(lambda _cast: db.session.scalars(query).all()) == [{"job": SEND_JOB, "jobs": parked}]
    operator.post(f"{OPERATION}/forsok-igen", {"kind": SEND_JOB, "problem": "SMTPServerDisconnected"})
    assert "Det fanns inget kvar" in operator.text
    assert len(stage.ask(lambda _cast: db.session.scalars(query).all())) == 1


def test_the_coordinators_own_button_leaves_the_same_event(stage, operator, new_visitor):
    office = new_visitor()
    office.sign_in("samordnare")
    office.get(f"/arenden/{HOME}")
    query = select(Job.id).where(Job.status == JobStatus.PARKED)
    job = stage.ask(lambda cast: db.session.scalars(query.where(Job.federation_id == cast.federation().id)).first())
    office.post(f"/arenden/{HOME}/fastnat/{job}")
    kinds = stage.ask(
        lambda _cast: db.session.scalars(select(Event.kind).where(Event.kind == operation.TRIED_AGAIN)).all()
    )
    assert len(kinds) == 1


def test_nobody_else_looks_or_tries(cast):
    home = cast.federation().id
    for actor in (cast.outsider, cast.director, cast.newcomer("analytiker", Role.ANALYST)):
        with pytest.raises(NotAllowedToSee):
            operation.undone(actor, home)
        with pytest.raises(NotAllowedToSee):
            operation.take_up(actor, home, SEND_JOB, "")

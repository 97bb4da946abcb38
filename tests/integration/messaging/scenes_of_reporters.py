"""Scenes: mails to the reporter."""

from __future__ import annotations

from datetime import timedelta

from scenes import (
    REPORTER,
    SECRET,
    TEXTS,
    Made,
    Scene,
    address_taken_back,
    answer,
    assigned,
    close,
    closed,
    kept,
    send,
    settle,
    unrouted,
)

from lexheller.cases.dialogue import Worked
from lexheller.casework import answering, asking, closing, handing_over, notices
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow
from lexheller.intake.service import RECEIVED, submit
from tests.cast.people import ELSEWHERE, Cast

SAME_EVENT = "annan@habo.example"


def reporting(cast: Cast) -> Made:
    made = Made(other=cast.submission(what_happened=f"{SECRET} i anmälan.", consequence=f"{SECRET} igen."))
    made.case = kept(lambda: submit(cast.federation(), made.other))
    return made


def sent_twice(cast: Cast, made: Made) -> None:
    assert submit(cast.federation(), made.other).id == made.case.id


def routing(cast: Cast) -> Made:
    made = Made(unrouted(cast))
    kept(lambda: send(cast, made.case))
    return made


def telling(news: str, once=None):
    return lambda _cast, made: notices.tell_reporter(made.case, news, once=once(made) if once else None)


def asking_reporter(cast: Cast) -> Made:
    made = Made(assigned(cast))
    ask(cast, made)
    return made


def ask(cast: Cast, made: Made) -> None:
    case = made.case
    made.other = kept(lambda: asking.ask_reporter(cast.coordinator, case, f"{SECRET} i frågan.", seen=case.version))


def asked_anew(cast: Cast, made: Made) -> None:
    kept(lambda: replied(cast, made))
    ask(cast, made)


def replied(_cast: Cast, made: Made) -> None:
    reporter_steps.reply(made.case, made.other, f"{SECRET} i repliken.")


def asked_for_days(cast: Cast, made: Made, days: int) -> None:
    """So many days later the question has been looked after once more."""
    made.at = clock.now() + timedelta(days=days)
    with clock.at(made.at):
        kept(lambda: asking.look_after_question(made.other.id))


def asked_long_ago(cast: Cast) -> Made:
    made = asking_reporter(cast)
    settle()
    asked_for_days(cast, made, 10)
    return made


def asked_long_ago_anew(cast: Cast, made: Made) -> None:
    asked_anew(cast, made)
    asked_for_days(cast, made, 10)


def question_withdrawn(cast: Cast, made: Made) -> None:
    asking.withdraw_question(cast.coordinator, made.case, made.other, seen=made.case.version)


def answered_by_one(cast: Cast) -> Made:
    made = Made(assigned(cast))
    kept(lambda: answer(cast, made.case))
    return made


def answered_anew(cast: Cast, made: Made) -> None:
    kept(lambda: reporter_steps.say_not_solved(follow(made.case), f"{SECRET} i invändningen."))
    kept(lambda: send(cast, made.case))
    kept(lambda: answer(cast, made.case))


def answered_jointly(cast: Cast) -> Made:
    made = Made(unrouted(cast))
    kept(lambda: cast.ask_two(made.case))
    for _party in range(2):
        kept(lambda: answer(cast, made.case))
    settle()
    kept(lambda: answering.joint_answer(cast.coordinator, made.case, TEXTS, seen=made.case.version))
    return made


def answered_for_two(cast: Cast) -> Made:
    """The answer to one case is told to the reporter of the one that was merged into it, too."""
    made = merging(cast)
    settle()
    made.case = made.other
    kept(lambda: answer(cast, made.case))
    return made


def closing_it(cast: Cast) -> Made:
    made = Made(assigned(cast))
    kept(lambda: close(cast, made.case))
    return made


def reopened(cast: Cast, made: Made) -> None:
    closing.reopen(cast.coordinator, made.case, seen=made.case.version)


def closed_anew(cast: Cast, made: Made) -> None:
    kept(lambda: reopened(cast, made))
    kept(lambda: close(cast, made.case))


def merging(cast: Cast) -> Made:
    other = assigned(cast, reporter_email=SAME_EVENT)
    made = Made(unrouted(cast), other=other)
    merge(cast, made)
    return made


def merge(cast: Cast, made: Made) -> None:
    kept(lambda: closing.merge(cast.coordinator, made.case, made.other, seen=made.case.version))


def merged_anew(cast: Cast, made: Made) -> None:
    kept(lambda: reopened(cast, made))
    merge(cast, made)


def taken_over(cast: Cast) -> Made:
    case, there = assigned(cast), cast.federation(ELSEWHERE)
    texts = (f"{SECRET} i skälet.", f"{SECRET} till anmälaren.")
    offer = kept(lambda: handing_over.offer(cast.coordinator, case, there, *texts, seen=case.version))
    settle()
    kept(lambda: handing_over.take_over(cast.outsider, offer))
    return Made(case)


def asked_how_it_went(cast: Cast) -> Made:
    """Eight weeks after closing, on a working day."""
    case = closed(cast)
    due_at = db.session.scalars(db.select(Job.due_at).where(Job.name == closing.FOLLOW_UP_JOB)).one()
    assert due_at > clock.now() + timedelta(weeks=8) - timedelta(days=1)
    kept(lambda: closing.ask_how_it_went(case.id))
    with clock.at(due_at):
        kept(lambda: closing.ask_how_it_went(case.id))
    return Made(case, at=due_at)


def asked_after_another_closing(cast: Cast, made: Made) -> None:
    """Opened and closed again: the time is counted anew, and the first closing's job asks nothing."""
    kept(lambda: reopened(cast, made))
    kept(lambda: close(cast, made.case))
    query = db.select(Job.due_at).where(Job.name == closing.FOLLOW_UP_JOB).order_by(Job.due_at.desc())
    made.at = db.session.scalars(query).first()
    with clock.at(made.at):
        kept(lambda: closing.ask_how_it_went(made.case.id))


def how_it_went(_cast: Cast, made: Made) -> None:
    reporter_steps.tell_how_it_went(follow(made.case), Worked.PARTLY, f"{SECRET} om hur det gick.")


REVOKED = {"address taken back": address_taken_back}
NEWS = notices.REPORTER_NEWS
SCENES = (
    Scene(RECEIVED, (REPORTER,), "Tack för din anmälan", reporting, sent_twice, REVOKED),
    Scene(
        NEWS["routed"],
        (REPORTER,),
        "har nått den som kan svara",
        routing,
        telling("routed", lambda made: f"{made.case.round}"),
        {**REVOKED, "closed": lambda cast, made: close(cast, made.case)},
        lambda cast, made: kept(lambda: send(cast, made.case)),
    ),
    Scene(
        NEWS["question"],
        (REPORTER,),
        "Vi har en fråga",
        asking_reporter,
        telling("question"),
        {
            **REVOKED,
            "withdrawn": question_withdrawn,
            "replied": replied,
            "closed": lambda cast, made: close(cast, made.case),
        },
        asked_anew,
    ),
    Scene(
        NEWS["question_waits"],
        (REPORTER,),
        "väntar på ditt svar",
        asked_long_ago,
        lambda cast, made: asked_for_days(cast, made, 11),
        {
            **REVOKED,
            "withdrawn": question_withdrawn,
            "replied": replied,
            "closed": lambda cast, made: close(cast, made.case),
        },
        asked_long_ago_anew,
    ),
    Scene(
        NEWS["answered"],
        (REPORTER,),
        "har fått ett svar",
        answered_by_one,
        telling("answered"),
        REVOKED,
        answered_anew,
    ),
    Scene(
        NEWS["answered"],
        (REPORTER,),
        "har fått ett svar",
        answered_jointly,
        telling("answered"),
        REVOKED,
        variant="jointly",
    ),
    Scene(
        NEWS["answered"],
        (SAME_EVENT, REPORTER),
        "har fått ett svar",
        answered_for_two,
        telling("answered"),
        {},
        variant="of the same event",
    ),
    Scene(
        NEWS["closed"],
        (REPORTER,),
        "är avslutad",
        closing_it,
        telling("closed"),
        {**REVOKED, "reopened": reopened},
        closed_anew,
    ),
    Scene(
        NEWS["merged"],
        (REPORTER,),
        "behandlas nu tillsammans",
        merging,
        telling("merged"),
        {**REVOKED, "taken apart": reopened},
        merged_anew,
    ),
    Scene(NEWS["handed_over"], (REPORTER,), "tagit över den", taken_over, telling("handed_over"), REVOKED),
    Scene(
        NEWS["follow_up"],
        (REPORTER,),
        "Blev det bättre?",
        asked_how_it_went,
        lambda _cast, made: closing.ask_how_it_went(made.case.id),
        {**REVOKED, "reopened": reopened, "told": how_it_went},
        asked_after_another_closing,
    ),
)

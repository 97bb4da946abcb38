"""Scenes: mails to whoever answers for a duty, and to the office about what they and the reporter did."""

from __future__ import annotations

from datetime import timedelta

from scenes import (
    AF,
    MONDAY,
    OFFICE,
    SECRET,
    TEXTS,
    Made,
    Scene,
    answer,
    answered,
    assigned,
    close,
    kept,
    role_gone,
    role_gone_elsewhere,
    send,
    send_back,
    settle,
    unrouted,
)
from scenes_of_reporters import asked_how_it_went, how_it_went, reopened

from lexheller.cases.answer_link import links_of
from lexheller.cases.states import CaseStatus
from lexheller.casework import answering, asking, beside, handing_over, notices, quarantine, sending
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.demo.data import address
from lexheller.intake import notices as intake_notices
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow, follow_up_of
from lexheller.intake.occurrences import count_occurrence
from lexheller.intake.service import submit
from lexheller.organisations.queries import responsible_managers
from lexheller.organisations.service import ManagerDetails, appoint_manager, end_manager
from lexheller.organisations.substitutes import add_substitution, end_substitution
from tests.cast.people import ELSEWHERE, Cast

COLLEAGUE, SUBSTITUTE = "kim.berg@af.example", "vikarie@af.example"
OVER = {"role": role_gone, "closed": lambda cast, made: close(cast, made.case)}


def raises_invalid(verb) -> None:
    try:
        kept(verb)
    except InvalidInput:
        return
    raise AssertionError("the verb was taken twice")


# A text waits to be looked at


def holding(cast: Cast) -> Made:
    text = f"Anna Svensson fick vänta. {SECRET} i anmälan."
    made = Made(other=cast.submission(what_happened=text, looked=True))
    made.case = kept(lambda: submit(cast.federation(), made.other))
    return made


def held_long(_cast: Cast, made: Made) -> None:
    """Two working days later it still stands."""
    made.at = clock.now() + timedelta(days=3)
    with clock.at(made.at):
        kept(lambda: quarantine.look_after_held(made.case.id))


def let_through(cast: Cast, made: Made) -> None:
    quarantine.let_through(cast.coordinator, made.case, {quarantine.REPORT}, seen=made.case.version)


# Case assigned: a manager, a substitute, a colleague


def assigning(cast: Cast) -> Made:
    case = unrouted(cast)
    kept(lambda: send(cast, case))
    return Made(case, other=cast.duty(case).unit_id)


def delegating(cast: Cast) -> Made:
    case = assigned(cast)
    made = Made(case, other=cast.duty(case).unit_id)
    delegate(cast, made)
    return made


def delegate(cast: Cast, made: Made) -> object:
    duty = cast.duty(made.case)
    actor = cast.manager_of(duty)
    return kept(lambda: beside.delegate(actor, made.case, duty, name="Kim Berg", email=COLLEAGUE))


def substituting(cast: Cast) -> Made:
    case, today = unrouted(cast), clock.today()
    made = Made(case)
    made.other = kept(
        lambda: add_substitution(
            cast.coordinator,
            case.federation_id,
            absent_email=AF,
            name="Vera Vik",
            email=SUBSTITUTE,
            from_on=today - timedelta(days=9),
            to_on=today + timedelta(days=90),
            note=f"{SECRET} i anteckningen.",
        )
    )
    settle()
    kept(lambda: send(cast, case))
    return made


def told_again(cast: Cast, made: Made) -> None:
    duty = cast.duty(made.case)
    sending.tell_responsible(duty.unit_id)
    notices.tell_responsible([duty])


def link_renewed(cast: Cast, made: Made) -> None:
    """What was mailed is called back, and the job that tells who is responsible gives the link a new life."""
    duty = cast.duty(made.case)
    for link in links_of(duty.id):
        if link.email != COLLEAGUE:
            kept(lambda link=link: sending.withdraw_link(cast.coordinator, made.case, link))
    sending.tell_responsible(duty.unit_id)


def colleague_renewed(cast: Cast, made: Made) -> None:
    kept(lambda: colleague_revoked(cast, made))
    delegate(cast, made)


def colleague_revoked(cast: Cast, made: Made) -> None:
    link = next(link for link in links_of(cast.duty(made.case).id) if link.email == COLLEAGUE)
    sending.withdraw_link(cast.coordinator, made.case, link)


def manager_replaced(cast: Cast, made: Made) -> None:
    duty = cast.duty(made.case)
    former = responsible_managers(duty.unit_id, clock.today())[0]
    details = ManagerDetails("Nils Ny", "nils.ny@af.example")
    appoint_manager(cast.coordinator, duty.unit, details, valid_from=clock.today(), replaces=former)


def substitute_ended(cast: Cast, made: Made) -> None:
    end_substitution(cast.coordinator, made.other, last_day=clock.today() - timedelta(days=1))


def answered_by_hand(cast: Cast, made: Made) -> None:
    answer(cast, made.case)


def links_revoked(cast: Cast, made: Made) -> None:
    for link in links_of(cast.duty(made.case).id):
        sending.withdraw_link(cast.coordinator, made.case, link)


def duty_withdrawn(cast: Cast, made: Made) -> None:
    duty = cast.duty(made.case)
    sending.withdraw(cast.coordinator, made.case, duty, seen=duty.version)


def another_round(cast: Cast, made: Made) -> None:
    unit = cast.unit("Försäkringskassan")
    sending.assign(cast.coordinator, made.case, [unit], seen=made.case.version)


# The office


def left_unrouted(cast: Cast) -> Made:
    case = cast.report(concerned_organisation_id=None, what_happened=f"{SECRET} i anmälan.")
    kept(lambda: sending.route(case.id))
    return Made(case)


def route_again(_cast: Cast, made: Made) -> None:
    sending.route(made.case.id)
    notices.tell_office_unrouted(made.case)


def sent_and_sent_back(cast: Cast, made: Made) -> None:
    kept(lambda: send(cast, made.case))
    kept(lambda: send_back(cast, made.case))


def two_asked(cast: Cast) -> Made:
    case = unrouted(cast)
    kept(lambda: cast.ask_two(case))
    settle()
    return Made(case)


def one_of_two_returns(cast: Cast) -> Made:
    made = two_asked(cast)
    made.other = cast.duty(made.case)
    kept(lambda: send_back(cast, made.case))
    return made


def third_returns(cast: Cast, made: Made) -> None:
    case = made.case
    region = cast.unit("Region Jönköpings län")
    duty = kept(lambda: sending.add_party(cast.coordinator, case, region, seen=case.version))
    actor = cast.manager_of(duty)
    kept(lambda: answering.send_back(actor, case, duty, f"{SECRET} i skälet.", seen=duty.version))


def answering_it(cast: Cast) -> Made:
    case = assigned(cast)
    kept(lambda: answer(cast, case))
    return Made(case)


def answered_anew(cast: Cast, made: Made) -> None:
    """The reporter says that it was not solved, and it goes the whole way again."""
    kept(lambda: reporter_steps.say_not_solved(follow(made.case), f"{SECRET} i invändningen."))
    kept(lambda: send(cast, made.case))
    kept(lambda: answer(cast, made.case))


def both_answer(cast: Cast) -> Made:
    made = two_asked(cast)
    kept(lambda: answer(cast, made.case))
    settle()
    kept(lambda: answer(cast, made.case))
    assert made.case.status == CaseStatus.COLLECTED
    return made


def both_answer_anew(cast: Cast, made: Made) -> None:
    kept(lambda: cast.ask_two(made.case))
    for _party in range(2):
        kept(lambda: answer(cast, made.case))


def joint_answer_given(cast: Cast, made: Made) -> None:
    answering.joint_answer(cast.coordinator, made.case, TEXTS, seen=made.case.version)


# Hand-over


def offering(cast: Cast) -> Made:
    case = assigned(cast)
    made = Made(case, marks=("Södra Vätterbygden",))
    offer(cast, made)
    return made


def offer(cast: Cast, made: Made) -> None:
    there = cast.federation(ELSEWHERE)
    texts = (f"{SECRET} i skälet.", f"{SECRET} till anmälaren.")
    made.other = kept(lambda: handing_over.offer(cast.coordinator, made.case, there, *texts, seen=made.case.version))


def offered_anew(cast: Cast, made: Made) -> None:
    kept(lambda: called_off(cast, made))
    offer(cast, made)


def called_off(cast: Cast, made: Made) -> None:
    handing_over.call_off(cast.coordinator, made.case, made.other, seen=made.case.version)


def look_after_offer(made: Made, days: int) -> None:
    """So many days after the scene's Monday."""
    made.at = MONDAY + timedelta(days=days)
    with clock.at(made.at):
        kept(lambda: handing_over.look_after_offer(made.other.id))


def offer_still_waits(cast: Cast) -> Made:
    made = offering(cast)
    settle()
    look_after_offer(made, 8)
    return made


def offer_in_vain(cast: Cast) -> Made:
    made = offer_still_waits(cast)
    with clock.at(made.at):
        settle()
    look_after_offer(made, 15)
    return made


def offer_anew_in_vain(cast: Cast, made: Made) -> None:
    offered_anew(cast, made)
    look_after_offer(made, 36)


def declining(cast: Cast) -> Made:
    made = offering(cast)
    settle()
    kept(lambda: decline(cast, made))
    return made


def decline(cast: Cast, made: Made) -> None:
    handing_over.decline(cast.outsider, made.other, f"{SECRET} i avböjandet.")


def declined_anew(cast: Cast, made: Made) -> None:
    offer(cast, made)
    kept(lambda: decline(cast, made))


# A unit that nobody is responsible for


def left_alone(cast: Cast) -> Made:
    """The only manager's last day was the scene's; the next one the unit's duties are looked at."""
    case = assigned(cast)
    duty = cast.duty(case)
    (manager,) = responsible_managers(duty.unit_id, clock.today())
    kept(lambda: end_manager(cast.coordinator, manager, last_day=clock.today()))
    made = Made(case, other=duty.unit, marks=(duty.unit.name,))
    unit_looked_at(cast, made)
    return made


def unit_looked_at(_cast: Cast, made: Made) -> None:
    made.at = (made.at or MONDAY) + timedelta(days=1)
    with clock.at(made.at):
        kept(lambda: sending.tell_responsible(made.other.id))


def manager_appointed(cast: Cast, made: Made) -> None:
    details = ManagerDetails("Nils Ny", "nils.ny@af.example")
    appoint_manager(cast.coordinator, made.other, details, valid_from=clock.today())


# What the reporter wrote


def counted_on(cast: Cast) -> Made:
    made = Made(unrouted(cast))
    count_one_more(cast, made)
    return made


def count_one_more(cast: Cast, made: Made) -> None:
    """It happened to somebody else."""
    made.other = cast.submission(what_happened=f"{SECRET} hos oss.")
    count_again(cast, made)


def count_again(_cast: Cast, made: Made) -> None:
    kept(lambda: count_occurrence(made.case.federation, made.other, made.case.id))


def count_twice(cast: Cast, made: Made) -> None:
    count_again(cast, made)
    count_one_more(cast, made)


def counted_next_day(cast: Cast, made: Made) -> None:
    made.at = made.at + timedelta(days=1)
    with clock.at(made.at):
        count_one_more(cast, made)


def not_better(cast: Cast) -> Made:
    made = asked_how_it_went(cast)
    with clock.at(made.at):
        settle()
        kept(lambda: how_it_went(cast, made))
    return made


def told_how_again(cast: Cast, made: Made) -> None:
    how_it_went(cast, made)
    intake_notices.tell_follow_up(made.case, follow_up_of(made.case))


def replied(cast: Cast) -> Made:
    made = Made(assigned(cast))
    ask_and_reply(cast, made)
    return made


def ask_and_reply(cast: Cast, made: Made) -> None:
    """The manager asks, the reporter replies."""
    case, duty = made.case, cast.duty(made.case)
    actor = cast.manager_of(duty)
    made.other = kept(lambda: asking.ask_reporter(actor, case, f"{SECRET} i frågan.", duty=duty, seen=case.version))
    kept(lambda: reporter_steps.reply(case, made.other, f"{SECRET} i repliken."))


def unanswered(cast: Cast) -> Made:
    """A month later nobody has replied."""
    made = Made(assigned(cast))
    ask_in_vain(cast, made)
    return made


def ask_in_vain(cast: Cast, made: Made) -> None:
    case = made.case
    made.other = kept(lambda: asking.ask_reporter(cast.coordinator, case, f"{SECRET} i frågan.", seen=case.version))
    made.at = clock.now() + timedelta(days=30)
    with clock.at(made.at):
        kept(lambda: asking.look_after_question(made.other.id))


def ask_anew_in_vain(cast: Cast, made: Made) -> None:
    kept(lambda: asking.withdraw_question(cast.coordinator, made.case, made.other, seen=made.case.version))
    ask_in_vain(cast, made)


def reply_again(_cast: Cast, made: Made) -> None:
    reporter_steps.reply(made.case, made.other, f"{SECRET} i repliken.")
    intake_notices.tell_replied(made.case, made.other)
    raises_invalid(lambda: reporter_steps.reply(made.case, made.other, "Något annat."))


def objecting(cast: Cast) -> Made:
    made = Made(answered(cast))
    object_to(cast, made)
    return made


def object_to(_cast: Cast, made: Made) -> None:
    made.other = kept(lambda: reporter_steps.say_not_solved(follow(made.case), f"{SECRET} i invändningen."))


def object_again(_cast: Cast, made: Made) -> None:
    reporter_steps.say_not_solved(follow(made.case), f"{SECRET} i invändningen.")
    intake_notices.tell_not_solved(made.case, made.other)


def objected_anew(cast: Cast, made: Made) -> None:
    kept(lambda: send(cast, made.case))
    kept(lambda: answer(cast, made.case))
    object_to(cast, made)


MANAGERS = {
    "replaced": manager_replaced,
    "answered": answered_by_hand,
    "revoked": links_revoked,
    "withdrawn": duty_withdrawn,
    "another round": another_round,
}
SCENES = (
    Scene(
        notices.HELD,
        (OFFICE,),
        "Granska den",
        holding,
        lambda cast, made: kept(lambda: submit(cast.federation(), made.other)),
        {"role": role_gone, "let through": let_through},
        held_long,
    ),
    Scene(notices.ASSIGNED, (AF,), "väntar på ett svar", assigning, told_again, MANAGERS, link_renewed),
    Scene(
        notices.ASSIGNED,
        (COLLEAGUE,),
        "hjälpa till med svaret",
        delegating,
        delegate,
        {"answered": answered_by_hand, "revoked": colleague_revoked, "withdrawn": duty_withdrawn},
        colleague_renewed,
        "colleague",
    ),
    Scene(
        notices.ASSIGNED,
        (SUBSTITUTE,),
        "väntar på ett svar",
        substituting,
        told_again,
        {"back": substitute_ended, "withdrawn": duty_withdrawn},
        link_renewed,
        "substitute",
    ),
    Scene(
        notices.UNROUTED,
        (OFFICE,),
        "välj vilken enhet som ska svara",
        left_unrouted,
        route_again,
        {**OVER, "sent": lambda cast, made: send(cast, made.case)},
        sent_and_sent_back,
    ),
    Scene(
        notices.RETURNED,
        (OFFICE,),
        "skickade tillbaka",
        one_of_two_returns,
        lambda _cast, made: notices.tell_office_returned(made.case, made.other),
        OVER,
        third_returns,
    ),
    Scene(
        notices.ANSWERED,
        (OFFICE,),
        "har fått ett svar",
        answering_it,
        lambda _cast, made: notices.tell_office_answered(made.case),
        OVER,
        answered_anew,
    ),
    Scene(
        notices.COLLECTED,
        (OFFICE,),
        "gemensamma svaret",
        both_answer,
        lambda _cast, made: notices.tell_office_collected(made.case),
        {**OVER, "written": joint_answer_given},
        both_answer_anew,
    ),
    Scene(
        notices.HANDOVER_OFFERED,
        (address("samordnare", ELSEWHERE),),
        "svara ja eller nej",
        offering,
        lambda _cast, made: notices.tell_other_office(made.other),
        {"role": role_gone_elsewhere, "called off": called_off, "closed": OVER["closed"]},
        offered_anew,
    ),
    Scene(
        notices.HANDOVER_DECLINED,
        (OFFICE,),
        "tog inte över",
        declining,
        lambda _cast, made: notices.tell_office_declined(made.case),
        OVER,
        declined_anew,
    ),
    Scene(
        notices.HANDOVER_OFFERED,
        (address("samordnare", ELSEWHERE),),
        "svara ja eller nej",
        offer_still_waits,
        lambda _cast, made: handing_over.look_after_offer(made.other.id),
        {"role": role_gone_elsewhere, "called off": called_off, "closed": OVER["closed"]},
        variant="once more",
    ),
    Scene(
        notices.HANDOVER_WAITS,
        (OFFICE,),
        "De har inte svarat än",
        offer_in_vain,
        lambda _cast, made: handing_over.look_after_offer(made.other.id),
        {**OVER, "called off": called_off, "declined": decline},
        offer_anew_in_vain,
    ),
    Scene(
        notices.NOBODY_ANSWERS,
        (OFFICE,),
        "har ingen ansvarig chef",
        left_alone,
        lambda _cast, made: sending.tell_responsible(made.other.id),
        {"role": role_gone, "withdrawn": duty_withdrawn, "appointed": manager_appointed},
        unit_looked_at,
    ),
    Scene(
        notices.UNANSWERED,
        (OFFICE,),
        "har inte svarat på frågan",
        unanswered,
        lambda _cast, made: asking.look_after_question(made.other.id),
        {**OVER, "replied": lambda _cast, made: reporter_steps.reply(made.case, made.other, f"{SECRET} i repliken.")},
        ask_anew_in_vain,
    ),
    Scene(
        intake_notices.QUESTION_REPLIED, (OFFICE,), "har svarat på frågan", replied, reply_again, OVER, ask_and_reply
    ),
    Scene(
        intake_notices.QUESTION_REPLIED_MANAGER,
        (AF,),
        "har svarat på er fråga",
        replied,
        reply_again,
        MANAGERS,
        ask_and_reply,
    ),
    Scene(intake_notices.NOT_SOLVED, (OFFICE,), "inte är löst", objecting, object_again, OVER, objected_anew),
    Scene(
        intake_notices.NOT_BETTER,
        (OFFICE,),
        "inte blev helt bra",
        not_better,
        told_how_again,
        {"role": role_gone, "reopened": reopened},
    ),
    Scene(
        intake_notices.HAPPENED_AGAIN,
        (OFFICE,),
        "har hänt dem också",
        counted_on,
        count_twice,
        {"role": role_gone},
        counted_next_day,
    ),
)

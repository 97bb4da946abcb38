"""Every verb that leaves an event, one after the other, in an order in which each is allowed. Every text holds SECRET.

`case_acts` walks one case through all that can be done with it, `clock_acts` one through its deadlines, `meeting_acts`
and `settings_acts` the rest. Stops at the walk: what each must leave behind is said in the tests.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from types import SimpleNamespace

import pyotp
from docx import Document as open_word

from lexheller.accounts import (
    invitations,
    own_account,
    resets,
    second_step,
    sign_ins,
    single_sign_on,
    single_sign_on_settings,
)
from lexheller.accounts import service as accounts
from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for, user_by_email
from lexheller.accounts.rights import OPERATOR, Actor, Role
from lexheller.accounts.sign_ins import end_all_sign_ins, start
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.action_reports import drafting, editions, goal_rows, publishing_editions
from lexheller.action_reports import settings as report_settings
from lexheller.action_reports.goal_rows import Goal
from lexheller.action_reports.states import Fulfilment
from lexheller.actions import effect, linking
from lexheller.actions import service as actions
from lexheller.actions.clocks import waiting_steps
from lexheller.actions.models import ActionStatus, FollowUp, FollowUpStatus
from lexheller.actions.queries import follow_ups, types
from lexheller.actions.states import Judgement
from lexheller.actions.sweep import fire_due_actions
from lexheller.administration import confirming, operation, people
from lexheller.audit.reading_log import Noted, Thing, keep
from lexheller.cases.dialogue import ProposalKind, Worked
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, asking, beside, closing, describing, handing_over, quarantine, sending
from lexheller.casework.publishing_cases import PublicTexts, publish, withdraw_publication
from lexheller.casework.telling import Telling, tell
from lexheller.core import clock, jobs
from lexheller.core.db import db
from lexheller.deadlines import service as clocks
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.sweep import fire_due, remind_now
from lexheller.faults import patterns
from lexheller.faults import service as faults
from lexheller.faults.models import Pattern
from lexheller.faults.service import Details
from lexheller.intake import reporter_steps
from lexheller.intake.following import follow
from lexheller.intake.occurrences import count_occurrence
from lexheller.intake.service import Channel, register_on_behalf, submit
from lexheller.meetings import agenda, groups
from lexheller.meetings.deciding import Settlement, end_meeting, settle
from lexheller.meetings.models import Meeting
from lexheller.meetings.proposing import Texts
from lexheller.meetings.sending_out import send_material
from lexheller.meetings.service import Plan, cancel_meeting, move_meeting, plan_meeting
from lexheller.meetings.states import GroupKind, Outcome
from lexheller.meetings.texts import describe_item
from lexheller.organisations import lists, regrouping, substitutes
from lexheller.organisations import service as register
from lexheller.organisations.lists import TextDraft
from lexheller.organisations.models import Federation, TextStep
from lexheller.organisations.queries import municipalities, themes
from lexheller.organisations.report_settings import LEAST_SHOWN
from lexheller.privacy.masking import MaskDecision, MaskReason
from lexheller.records import batch, disposal_carrying_out, masking, release, release_letters
from lexheller.records import disposal_service as disposing
from lexheller.records.disposal_addresses import dispose_in
from lexheller.records.disposal_logs import dispose_of_readings, dispose_of_sign_ins
from lexheller.records.disposal_rules import After, DocumentKind
from lexheller.records.disposal_rules import Plan as DisposalPlan
from lexheller.records.disposal_rules import Rule as DisposalRule
from lexheller.records.masking_places import Kind as Masked
from lexheller.records.masking_queries import text_for
from lexheller.records.masking_subjects import subject_for
from lexheller.records.release_documents import of_case
from lexheller.records.release_models import ReleaseDocument
from lexheller.records.release_states import Decision as ReleaseDecision
from lexheller.records.release_states import Judgement as Ruling
from lexheller.records.release_states import Paragraph, hash_of
from lexheller.routing import drafts
from lexheller.routing.contents import RuleDraft
from lexheller.routing.queries import rows_of
from lexheller.statements.queries import details_of, version_here
from lexheller.statements.rules import Details as StatementDetails
from lexheller.statements.service import write_statements
from tests.cast.people import ELSEWHERE, Cast

SECRET = "Sekretessordet"
TEXT = f"{SECRET} i texten."
TEXTS = dict.fromkeys(answering.ANSWER_FIELDS, TEXT)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=clock.SWEDEN).astimezone(UTC)
LATER = MONDAY + timedelta(weeks=9)
TICKS = [
    datetime(2026, month, day, 8, tzinfo=clock.SWEDEN).astimezone(UTC)
    for month, day in ((3, 25), (3, 31), (4, 8), (4, 15), (4, 22))
]
NEW = "nyanstalld@jonkoping.example"
CASE, ASIDE, ELSE = "case", "aside", "else"


@dataclass(frozen=True)
class Act:
    """One verb. `on`: it raises the version of `case` by one, leaves it alone, or is about something else."""

    kinds: tuple[str, ...]
    do: Callable[[], object]
    on: str = ELSE
    case: Case | None = None


def case_acts(cast: Cast) -> Iterator[Act]:
    it = SimpleNamespace()
    home, there, office = cast.federation(), cast.federation(ELSEWHERE), cast.coordinator

    def made(name: str, verb: Callable[[], object]) -> Callable[[], None]:
        return lambda: setattr(it, name, verb())

    def moves(kind: str, do: Callable[[], object]) -> Act:
        return Act((kind,), do, CASE, it.case)

    def beside_it(kind: str, do: Callable[[], object]) -> Act:
        return Act((kind,), do, ASIDE, it.case)

    def duty(organisation: str):
        unit = cast.unit(organisation)
        return next(row for row in it.duties if row.unit_id == unit.id)

    written = dict.fromkeys(("what_happened", "consequence", "done_at_once", "proposal"), TEXT)
    unknown = cast.submission(concerned_organisation_id=None, **written)
    yield Act(("case.received",), made("case", lambda: submit(home, unknown)))
    yield moves("case.left_unrouted", lambda: sending.route(it.case.id))
    yield from _offered(cast, it, made, moves)
    af, fk, region = (cast.unit(name) for name in ("Arbetsförmedlingen", "Försäkringskassan", "Region Jönköpings län"))
    yield moves(
        "case.assigned", made("duties", lambda: sending.assign(office, it.case, [af, fk], seen=it.case.version))
    )
    yield moves(
        "case.party_added", made("third", lambda: sending.add_party(office, it.case, region, seen=it.case.version))
    )
    first, second = duty("Arbetsförmedlingen"), duty("Försäkringskassan")
    manager, other = cast.manager_of(first), cast.manager_of(second)
    third = cast.manager_of(it.third)
    yield moves("case.accepted", lambda: answering.accept(manager, it.case, first, seen=first.version))
    yield moves("case.draft_saved", lambda: answering.save_draft(manager, it.case, first, TEXTS, seen=first.version))
    yield moves("case.extended", lambda: answering.extend(manager, it.case, first, 3, TEXT, seen=first.version))
    yield beside_it(
        "case.delegated",
        made("link", lambda: beside.delegate(manager, it.case, first, name=SECRET, email=f"{SECRET}@af.example")),
    )
    yield beside_it("case.link_revoked", lambda: sending.withdraw_link(manager, it.case, it.link))
    yield beside_it(
        "case.proposed",
        made(
            "proposal",
            lambda: beside.propose(manager, it.case, first, ProposalKind.SYSTEM_FAULT, theme=None, why=TEXT),
        ),
    )
    yield moves(
        "case.proposal_settled",
        lambda: beside.settle_proposal(office, it.case, it.proposal, taken=True, seen=it.case.version),
    )
    yield from _asked(cast, it, made, moves, manager, first)
    yield moves("case.sent_back", lambda: answering.send_back(third, it.case, it.third, TEXT, seen=it.third.version))
    for actor, row in ((manager, first), (other, second)):
        yield moves(
            "case.answered",
            lambda actor=actor, row=row: answering.answer(actor, it.case, row, TEXTS, seen=row.version),
        )
    yield moves("case.joint_answer_given", lambda: answering.joint_answer(office, it.case, TEXTS, seen=it.case.version))
    yield from _described(cast, it, made, moves, beside_it)
    yield moves("case.not_solved", lambda: reporter_steps.say_not_solved(follow(it.case), TEXT))
    yield moves(
        "case.assigned", made("duties", lambda: sending.assign(office, it.case, [af, fk], seen=it.case.version))
    )
    last, gone = duty("Arbetsförmedlingen"), duty("Försäkringskassan")
    yield moves("case.withdrawn", lambda: sending.withdraw(office, it.case, gone, seen=gone.version))
    yield moves("case.answered", lambda: answering.answer(manager, it.case, last, TEXTS, seen=last.version))
    yield moves("case.closed", lambda: closing.close(office, it.case, CloseReason.SOLVED, TEXT, seen=it.case.version))
    yield beside_it("case.follow_up_answered", _at(LATER, lambda: _tells_how_it_went(it.case)))
    open_texts = PublicTexts(TEXT, TEXT, TEXT)
    yield beside_it("case.published", lambda: publish(office, it.case, open_texts, looked=True))
    yield beside_it("case.publication_withdrawn", lambda: withdraw_publication(office, it.case, TEXT, seen=1))
    yield moves("case.reopened", lambda: closing.reopen(office, it.case, seen=it.case.version))
    same = cast.submission(**written)
    yield Act(("case.received",), made("same", lambda: submit(home, same)))
    yield moves("case.merged", lambda: closing.merge(office, it.case, it.same, seen=it.case.version))
    yield moves("case.unmerged", lambda: closing.reopen(office, it.case, seen=it.case.version))
    yield moves("case.handover_offered", made("offer", lambda: _offer(cast, it.case)))
    yield Act(
        ("case.handed_over", "case.taken_over"),
        lambda: handing_over.take_over(cast.outsider, it.offer),
        CASE,
        it.case,
    )
    told = cast.submission(there.slug, **written)
    yield Act(
        ("case.received",),
        lambda: register_on_behalf(cast.outsider, there, told, Channel.PHONE, clock.today()),
    )
    yield Act(("case.routed",), lambda: sending.route(it.same.id), CASE, it.same)
    named = cast.submission(**{**written, "what_happened": f"Anna Svensson. {TEXT}"}, looked=True)
    yield Act(("case.received",), made("held", lambda: submit(home, named)))
    yield Act(
        ("case.let_through",),
        lambda: quarantine.let_through(office, it.held, {quarantine.REPORT}, seen=it.held.version),
        CASE,
        it.held,
    )


def _at(moment: datetime, verb: Callable[[], object]) -> Callable[[], object]:
    def later() -> object:
        with clock.at(moment):
            return verb()

    return later


def _tells_how_it_went(case: Case) -> object:
    return reporter_steps.tell_how_it_went(follow(case), Worked.NO, TEXT)


def _offer(cast: Cast, case: Case) -> object:
    return handing_over.offer(cast.coordinator, case, cast.federation(ELSEWHERE), TEXT, TEXT, seen=case.version)


def _offered(cast, it, made, moves) -> Iterator[Act]:
    yield moves("case.handover_offered", made("offer", lambda: _offer(cast, it.case)))
    yield moves(
        "case.handover_called_off",
        lambda: handing_over.call_off(cast.coordinator, it.case, it.offer, seen=it.case.version),
    )
    yield moves("case.handover_offered", made("offer", lambda: _offer(cast, it.case)))
    yield moves("case.handover_declined", lambda: handing_over.decline(cast.outsider, it.offer, TEXT))


def _nobody_replies(question) -> None:
    with clock.at(clock.now() + timedelta(days=60)):
        asking.look_after_question(question.id)


def _asked(cast, it, made, moves, manager, duty) -> Iterator[Act]:
    office = cast.coordinator
    yield moves(
        "case.question_asked",
        made("question", lambda: asking.ask_reporter(manager, it.case, TEXT, duty=duty, seen=it.case.version)),
    )
    yield moves(
        "case.question_withdrawn",
        lambda: asking.withdraw_question(manager, it.case, it.question, duty=duty, seen=it.case.version),
    )
    yield moves(
        "case.question_asked",
        made("question", lambda: asking.ask_reporter(office, it.case, TEXT, seen=it.case.version)),
    )
    yield moves("case.question_unanswered", lambda: _nobody_replies(it.question))
    yield moves("case.question_replied", lambda: reporter_steps.reply(it.case, it.question, TEXT))


def _described(cast, it, made, moves, beside_it) -> Iterator[Act]:
    office, case = cast.coordinator, it.case
    yield beside_it("case.note_written", lambda: beside.write_note(office, case, TEXT))
    yield beside_it("case.contact_opened", lambda: beside.open_contact(office, case, TEXT))
    yield Act(
        ("case.reporter_link_closed", "case.note_written"),
        lambda: beside.close_reporter_link(office, case, TEXT),
        ASIDE,
        case,
    )
    yield moves(
        "case.classified",
        lambda: describing.classify(
            office,
            case,
            theme=themes(case.federation_id)[0],
            municipality=case.municipality,
            organisation=case.concerned_organisation,
            seen=case.version,
        ),
    )
    yield Act(
        ("case.action_recorded", "action.recorded"),
        made(
            "action",
            lambda: describing.record_action(
                office,
                case,
                type=types(case.federation_id)[0],
                description=TEXT,
                status=ActionStatus.PLANNED,
                action_on=None,
                seen=case.version,
            ),
        ),
        CASE,
        case,
    )
    yield Act(
        ("case.action_recorded", "action.done"),
        lambda: describing.finish_action(office, case, it.action, action_on=clock.today(), seen=case.version),
        CASE,
        case,
    )
    yield moves("case.summary_shared", lambda: describing.share_summary(office, case, TEXT, seen=case.version))
    too = cast.submission(what_happened=TEXT)
    yield beside_it("case.occurrence_counted", lambda: count_occurrence(cast.federation(), too, case.id))


def clock_acts(cast: Cast) -> Iterator[Act]:
    """One duty alone: each tick of the clock fires one step."""
    federation_id, office = cast.federation().id, cast.coordinator
    case = cast.report(what_happened=TEXT)
    sending.route(case.id)
    duty = cast.duty(case)
    yield Act(("duty.reminded",), lambda: remind_now(office, duty), ASIDE, case)
    yield Act(
        ("deadlines.settings_changed",), lambda: clocks.change_settings(office, federation_id, {"answer_days": 25})
    )
    counted = add_working_days(duty.opened_on, 1, frame_of(federation_id).calendar)
    yield Act(("register.closed_day_added",), lambda: lists.add_closed_day(office, federation_id, counted, TEXT))
    yield Act(("case.due_moved",), lambda: clocks.recalculate(office, federation_id), ASIDE, case)
    answering.accept(cast.manager_of(duty), case, duty, seen=duty.version)
    names = ("duty.reminded", "duty.overdue", "duty.escalated", "duty.escalated", "duty.escalated")
    for name, tick in zip(names, TICKS, strict=True):
        moment = tick + timedelta(days=1)  # the day that was closed
        yield Act((name,), _at(moment, lambda: fire_due(federation_id)), ASIDE, case)


def action_acts(cast: Cast) -> Iterator[Act]:
    """One action of a unit through its clock, its end, its effect and back."""
    it = SimpleNamespace()
    office, federation, unit = cast.coordinator, cast.federation(), cast.unit("Arbetsförmedlingen")
    case, due_on = cast.report(what_happened=TEXT), clock.today() + timedelta(days=20)

    def made(kind: str, verb: Callable[..., object], *args: object, **values: object) -> Act:
        return Act((f"action.{kind}",), lambda: verb(office, it.action, *args, seen=it.action.version, **values))

    def fired(*kinds: str) -> Iterator[Act]:
        for kind in kinds:
            at = waiting_steps(it.action.id)[0].due_at
            yield Act((f"action.{kind}",), _at(at, lambda: fire_due_actions(federation.id)))

    def follow_up() -> FollowUp:
        return next(row for row in follow_ups([it.action.id])[it.action.id] if row.status == FollowUpStatus.WAITING)

    details = actions.Details(TEXT, owner_unit=unit, due_on=due_on)
    yield Act(
        ("action.recorded",),
        lambda: setattr(it, "action", actions.record_new(office, federation, details, cases=[case])),
        ASIDE,
        case,
    )
    yield from fired("reminded", "overdue", "escalated", "escalated", "escalated")
    yield made("changed", actions.change, actions.Details(TEXT, who=SECRET))
    fault = faults.suspect(office, federation.id, Details(SECRET))
    yield made("case_unlinked", linking.unlink_case, case.id)
    yield made("case_linked", linking.link_case, case)
    yield made("fault_linked", linking.link_fault, fault)
    yield made("fault_unlinked", linking.unlink_fault, fault.id)
    yield made("started", actions.start)
    for _time in range(2):
        yield made("done", actions.finish, actions.Done(clock.today() - timedelta(days=40), TEXT, 24))
        yield from fired("effect_due")
        row = follow_up()
        yield made("judged", effect.judge, row, Judgement.TOO_EARLY, TEXT, next_on=due_on + timedelta(days=300))
        row = follow_up()
        yield made("follow_up_moved", effect.move, row, row.due_on + timedelta(days=30))
        for _waits in range(2):
            yield made("judged", effect.judge, follow_up(), Judgement.WORKED, TEXT)
        yield made("follow_up_planned", effect.plan, due_on + timedelta(days=400))
        yield made("reopened", actions.reopen, TEXT, due_on=None)
    yield made("cancelled", actions.cancel, TEXT)


def meeting_acts(cast: Cast) -> Iterator[Act]:
    it = SimpleNamespace(meetings={}, items={})
    federation, office = cast.federation(), cast.director
    calendar = frame_of(federation.id).calendar
    days = [add_working_days(clock.today() + timedelta(days=30 * number), 0, calendar) for number in (1, 2, 3)]
    cases = [cast.report(what_happened=TEXT) for _number in range(2)]

    def changed(**values: object) -> None:
        meeting = it.meetings[0]
        plan = Plan(**{"held_on": meeting.held_on, "place": SECRET, "note": TEXT, **values})
        move_meeting(office, meeting, plan, seen=meeting.version)

    for number, day in enumerate(days[:2]):
        plan = Plan(day, place=SECRET, note=TEXT)
        yield Act(
            ("meeting.planned",),
            lambda number=number, plan=plan: it.meetings.update({number: plan_meeting(office, federation, plan)}),
        )
    yield Act(("meeting.changed",), lambda: changed(starts_at="13:00"))
    for number, case in enumerate(cases):
        yield Act(
            ("meeting.case_put",),
            lambda number=number, case=case: it.items.update(
                {number: agenda.put_on_agenda(office, case, it.meetings[0], TEXT)}
            ),
            ASIDE,
            case,
        )
    first = it.meetings[0]
    yield Act(("meeting.case_reordered",), lambda: agenda.move_item(office, it.items[1], up=True, seen=first.version))
    yield Act(("meeting.case_moved",), lambda: agenda.move_to_next(office, it.items[0], standing_on=first))
    yield Act(("meeting.case_taken_off",), lambda: agenda.take_off_agenda(office, it.items[0]))
    yield Act(("meeting.moved",), lambda: changed(held_on=days[2]))
    yield Act(("meeting.cancelled",), lambda: cancel_meeting(office, first, seen=first.version))
    yield from _held(cast, it.meetings[1], plan_meeting(office, federation, Plan(days[2])))


def _held(cast: Cast, meeting: Meeting, _next: Meeting) -> Iterator[Act]:
    """A meeting with two faults: prepared, sent out, held and ended; and the group that meets."""
    office, federation_id, items = cast.coordinator, cast.federation().id, {}
    reader = cast.person("chef.fk").user_id
    texts = Texts(SECRET, TEXT, TEXT, TEXT, TEXT, TEXT)
    for number in range(2):
        fault = faults.suspect(office, federation_id, Details(f"{SECRET} {number}", what_happens=TEXT))
        yield Act(
            ("meeting.fault_put", "fault.lifted"),
            lambda number=number, fault=fault: items.update(
                {number: agenda.put_fault_on_agenda(office, fault, meeting, TEXT)}
            ),
        )
    one, two = items[0], items[1]
    yield Act(("meeting.fault_reordered",), lambda: agenda.move_item(office, two, up=True, seen=meeting.version))
    yield Act(("meeting.fault_moved",), lambda: agenda.move_to_next(office, two, standing_on=meeting))
    yield Act(("meeting.fault_taken_off",), lambda: agenda.take_off_agenda(office, two))
    yield Act(("meeting.item_described",), lambda: describe_item(office, one, texts, seen=one.version))
    group = federation_id, GroupKind.PREPARATORY
    yield Act(("meeting.group_named",), lambda: groups.rename_group(office, *group, SECRET))
    yield Act(("meeting.member_added",), lambda: groups.add_member(office, *group, reader))
    yield Act(("meeting.material_sent",), lambda: send_material(office, meeting, seen=meeting.version))
    yield Act(("meeting.member_removed",), lambda: groups.remove_member(office, *group, reader))
    board = federation_id, GroupKind.BOARD
    yield Act(("meeting.member_added",), lambda: groups.add_member(office, *board, reader))
    yield Act(("meeting.group_retired",), lambda: groups.retire_group(office, *board))
    held = datetime.combine(meeting.held_on, time(12), tzinfo=UTC)
    said, kind = Settlement(Outcome.DECIDED, TEXT, who=SECRET), types(federation_id)[0]
    yield Act(
        ("meeting.item_settled", "action.recorded", "fault.decided"),
        _at(held, lambda: settle(office, one, said, seen=one.version, make_action=kind)),
    )
    corrected = Settlement(Outcome.DECIDED, f"{TEXT} Rättat.", who=SECRET)
    yield Act(
        ("meeting.item_settled", "action.changed", "fault.decision_reworded"),
        _at(held, lambda: settle(office, one, corrected, seen=one.version)),
    )
    yield Act(("meeting.ended",), _at(held, lambda: end_meeting(office, meeting, seen=meeting.version)))


def fault_acts(cast: Cast) -> Iterator[Act]:
    """One fault from suspicion to its end and back, its cases, and what their reporters hear."""
    it = SimpleNamespace()
    office, federation_id, earlier = cast.coordinator, cast.federation().id, MONDAY - timedelta(hours=1)
    case, other = (cast.report(what_happened=TEXT) for _number in range(2))
    for row in (case, other):
        sending.route(row.id)
    details = Details(SECRET, **dict.fromkeys(faults.TEXTS, TEXT))

    def made(kind: str, name: str, verb: Callable[[], object]) -> Act:
        return Act((f"fault.{kind}",), lambda: setattr(it, name, verb()))

    def step(kind: str, verb: Callable[..., object], *texts: object) -> Act:
        return Act((f"fault.{kind}",), _at(earlier, lambda: verb(office, it.fault, *texts, seen=it.fault.version)))

    yield made("suspected", "fault", lambda: faults.suspect(office, federation_id, details))
    yield step("described", faults.describe, Details(f"{SECRET} två"))
    yield step("owner_set", faults.set_owner, cast.unit("Försäkringskassan"))
    yield made("case_linked", "link", lambda: faults.link_case(office, it.fault, case, TEXT))
    yield Act(("fault.case_unlinked",), lambda: faults.unlink_case(office, it.link, TEXT))
    yield step("confirmed", faults.confirm)
    yield step("lifted", faults.lift)
    yield step("decided", faults.decide, TEXT)
    yield step("decided_anew", faults.decide_anew, f"{TEXT} Igen.")
    yield step("mending_started", faults.start_mending)
    yield step("followed_up", faults.follow_up)
    yield step("closed", faults.close, TEXT)
    yield step("reopened", faults.reopen)
    yield step("accepted", faults.accept_as_it_is, TEXT)
    yield Act(("fault.case_linked", "fault.recurred"), lambda: faults.link_case(office, it.fault, case, TEXT))
    yield made("case_linked", "link", lambda: faults.link_case(office, it.fault, other, TEXT))
    choices = [Telling(case.id, TEXT), Telling(other.id, TEXT, close=True)]
    yield Act(
        ("case.closed", "fault.reporters_told"),
        lambda: tell(office, it.fault, choices, seen=it.fault.version),
    )


def pattern_acts(cast: Cast) -> Iterator[Act]:
    """Three patterns: one taken, one put aside, one merged into a fault."""
    office, federation_id = cast.coordinator, cast.federation().id
    region, insurance = cast.organisation("Region Jönköpings län"), cast.organisation("Försäkringskassan")
    patterns.find_patterns(federation_id)
    for place in municipalities(federation_id)[:3] * 3:
        parties = {"reporting_organisation_id": region.id, "concerned_organisation_id": insurance.id}
        cast.report(what_happened=TEXT, municipality_id=place.id, **parties)
    fault = faults.suspect(office, federation_id, Details(SECRET))

    def waiting() -> Pattern:
        found = patterns.open_patterns(office, federation_id)
        return next(row for row in found if row.reporting_organisation_id == region.id)

    linked = ("fault.case_linked",) * 3
    yield Act(("pattern.found",) * 3, lambda: patterns.find_patterns(federation_id))
    yield Act(
        ("fault.suspected", *linked, "pattern.taken"),
        lambda: patterns.take_pattern(office, waiting(), SECRET, TEXT),
    )
    yield Act(("pattern.put_aside",), lambda: patterns.put_aside(office, waiting(), TEXT))
    yield Act((*linked, "pattern.merged"), lambda: patterns.merge_pattern(office, waiting(), fault, TEXT))


def report_acts(cast: Cast) -> Iterator[Act]:
    """Last year's report from its first word to the open page and off it again."""
    it = SimpleNamespace()
    home, office, director, year = cast.federation(), cast.coordinator, cast.director, MONDAY.year - 1

    def made(kind: str, verb: Callable[..., object], *args: object, as_: str = "_", **values: object) -> Act:
        def act() -> None:
            setattr(it, as_, verb(office, home, year, *args, seen=_seen(home.id, year), **values))

        return Act((f"action_report.{kind}",), act)

    def approved() -> object:
        seen = drafting.report_data(home, year)["hash"]
        return editions.approve(director, home, year, seen_hash=seen)

    goal = Goal(SECRET, Fulfilment.MET, TEXT)
    yield Act(("action_report.compiled",), lambda: drafting.compile_draft(office, home, year))
    yield made("text_written", drafting.write_texts, {"summary": TEXT})
    yield made("cut_off_set", drafting.set_cut_off, date(year + 1, 2, 1))
    yield made("goal_added", goal_rows.add_goal, goal, as_="goal")
    yield made("goal_added", goal_rows.add_goal, goal)
    yield made("goal_changed", goal_rows.change_goal, it.goal.id, Goal(SECRET, Fulfilment.NOT, TEXT))
    yield made("goal_moved", goal_rows.move_goal, it.goal.id, up=False)
    yield made("goal_removed", goal_rows.remove_goal, it.goal.id)
    yield Act(("action_report.approved",), approved)
    yield Act(("action_report.approval_withdrawn",), lambda: editions.withdraw_approval(director, home, year))
    yield Act(("action_report.approved",), approved)
    yield Act(("action_report.frozen",), lambda: setattr(it, "edition", editions.freeze(office, home, year)))
    yield Act(("action_report.published",), lambda: publishing_editions.publish(office, it.edition))
    yield Act(("action_report.frozen",), lambda: setattr(it, "second", editions.freeze(office, home, year)))
    yield Act(
        ("action_report.publication_withdrawn", "action_report.published"),
        lambda: publishing_editions.publish(office, it.second),
    )
    yield Act(("action_report.publication_withdrawn",), lambda: publishing_editions.withdraw(office, it.second))
    yield from _report_settings(office, home)


def _report_settings(office: Actor, home: Federation) -> Iterator[Act]:
    word, named = io.BytesIO(), f"{SECRET}.docx"
    open_word().save(word)

    def mark() -> str:
        return report_settings.choices_of(home.id).template_mark

    yield Act(
        ("action_report.least_shown_set",), lambda: report_settings.set_least_shown(office, home, 7, seen=LEAST_SHOWN)
    )
    yield Act(
        ("action_report.template_set",),
        lambda: report_settings.set_template(office, home, word.getvalue(), named, seen=mark()),
    )
    yield Act(("action_report.template_removed",), lambda: report_settings.remove_template(office, home, seen=mark()))


def _seen(federation_id: int, year: int) -> int:
    draft = drafting.draft_of(federation_id, year)
    return draft.version if draft else 0


def disposal_acts(cast: Cast) -> Iterator[Act]:
    """An old case and its address go; the plan holds SECRET, no event does."""
    it = SimpleNamespace()
    home, office, director = cast.federation(), cast.coordinator, cast.director

    def made(name: str, kind: str, verb: Callable[[], object]) -> Act:
        return Act((f"disposal.{kind}",), lambda: setattr(it, name, verb()))

    with clock.at(clock.now() - timedelta(days=800)):
        for _both in range(2):
            case = cast.reach(CaseStatus.CLOSED, what_happened=TEXT)
        for year in sorted({case.received_on.year, case.closed_on.year}):
            with clock.at(datetime(year + 1, 1, 20, 9, tzinfo=UTC)):
                seen = str(drafting.report_data(home, year)["hash"])
                editions.approve(director, home, year, seen_hash=seen, looked=True)
                editions.freeze(office, home, year)
    cast.report(what_happened=TEXT)
    user = db.session.get_one(User, office.user_id)
    with clock.at(datetime(2021, 1, 4, 9, tzinfo=UTC)):
        keep([Noted(home.id, "user", user.id, None, Thing.CASE, case.id)])
        for _newest_stays in range(2):
            start(user, SECRET)
        end_all_sign_ins(user)
    said = dataclass_replace(details_of(home.id), reporter_days=90)
    write_statements(director, home.id, said, seen=version_here(home.id))
    rules = {
        DocumentKind.CASE: DisposalRule(1, After.CLOSED, TEXT),
        DocumentKind.REPORTER: DisposalRule(90, After.CLOSED, TEXT),
        DocumentKind.READING: DisposalRule(365, After.CLOSED, TEXT),
        DocumentKind.SIGN_IN: DisposalRule(365, After.CLOSED, TEXT),
    }
    plan = DisposalPlan(SECRET, clock.today(), SECRET, 1, rules)
    yield made("plan", "plan_adopted", lambda: disposing.adopt_plan(office, home.id, plan, seen=0))
    yield made("one", "proposed", lambda: disposing.propose(office, home.id, clock.today()))
    yield made("_", "called_off", lambda: disposing.call_off(office, it.one, seen=it.one.version))
    yield made("one", "proposed", lambda: disposing.propose(office, home.id, clock.today()))
    yield made("_", "decided", lambda: disposing.decide(director, it.one, seen=it.one.version))
    later = clock.now() + timedelta(days=1)
    yield Act(("case.address_disposed",) * 2, _at(later, lambda: dispose_in(home.id)))
    yield Act(("disposal.readings_deleted",), _at(later, lambda: dispose_of_readings(home.id)))
    yield Act(("disposal.sign_ins_deleted",), _at(later, lambda: dispose_of_sign_ins(home.id)))
    yield made("_", "portion_deleted", _at(later, lambda: disposal_carrying_out.carry_out(it.one.id)))
    yield made("_", "carried_out", _at(later, lambda: disposal_carrying_out.carry_out(it.one.id)))


def release_acts(cast: Cast) -> Iterator[Act]:
    """A request for what somebody wrote, from the question to the package; every text holds SECRET."""
    it = SimpleNamespace()
    office, home = cast.coordinator, cast.federation()
    case = cast.reach(CaseStatus.CLOSED, what_happened=TEXT)

    def made(name: str, kind: str, verb: Callable[[], object]) -> Act:
        return Act((f"release.{kind}",), lambda: setattr(it, name, verb()))

    def decided(row: ReleaseDocument, judgement: Ruling) -> Callable[[], object]:
        what = release.document_of(row)
        text_hash = hash_of(what.pieces)
        return lambda: release.decide(office, it.asked, row, judgement, seen=row.version, text_hash=text_hash)

    asked = release.Asked(TEXT, clock.today(), by=SECRET, answer_to=SECRET)
    yield made("asked", "requested", lambda: release.register(office, home.id, asked))
    chosen = [one for one in of_case(home.id, case.id) if one.kind == "report"]
    picked = lambda: release.pick(office, it.asked, chosen, seen=it.asked.version)  # noqa: E731
    yield made("rows", "documents_picked", picked)
    paragraph = (Paragraph.HEALTH,)
    masked = Ruling(ReleaseDecision.MASKED, paragraph, TEXT, {"what_happened": [[0, len(SECRET)]]})
    yield made("_", "decided", decided(it.rows[0], masked))
    yield made("_", "given_out", lambda: release.give_out(office, it.asked, seen=it.asked.version))
    yield made("_", "letter_made", lambda: release_letters.write_letter(office, it.asked, seen=it.asked.version))
    ask = lambda: batch.ask_for_package(office, it.asked, seen=it.asked.version)  # noqa: E731
    yield made("package", "package_asked", ask)
    yield made("_", "package_made", lambda: batch.make_portion(it.package.id))
    yield made("_", "package_deleted", lambda: batch.delete_package(it.package.id))
    yield made("_", "closed", lambda: release.close(office, it.asked, seen=it.asked.version))


def masking_acts(cast: Cast) -> Iterator[Act]:
    """Words of a case's, a fault's, an action's and a meeting's text are hidden; an original is read and destroyed."""
    it = SimpleNamespace()
    office, home = cast.coordinator, cast.federation()
    case = cast.report(what_happened=TEXT)
    fault = faults.suspect(office, home.id, Details(SECRET, what_happens=TEXT))
    action = actions.record_new(office, home, actions.Details(TEXT), cases=[case])
    day = add_working_days(clock.today() + timedelta(days=200), 0, frame_of(home.id).calendar)
    meeting = plan_meeting(cast.director, home, Plan(day, note=TEXT))
    said = masking.Decision(MaskDecision.SEAL, MaskReason.OTHER, f"{SECRET} i skälet.")

    def hide(kind: Masked, row: object, code: str, row_id: int) -> None:
        subject = subject_for(office, home.id, kind, row.id)
        text = text_for(office, subject, code, row_id)
        passage = TEXT.index("texten"), len(TEXT)
        it.masking = masking.mask(office, subject, text, [passage], said, seen=text.mark)

    for kind, row, code, row_id in (
        (Masked.FAULT, fault, "fault.what_happens", fault.id),
        (Masked.ACTION, action, "action.description", action.id),
        (Masked.MEETING, meeting, "meeting.note", meeting.id),
        (Masked.CASE, case, "report.what_happened", case.report_id),
    ):
        on = {"on": CASE, "case": case} if kind is Masked.CASE else {}
        yield Act(("text.masked",), partial(hide, kind, row, code, row_id), **on)
    yield Act(("text.seal_opened",), lambda: masking.open_sealed(office, it.masking, TEXT), ASIDE, case)
    destroy = lambda: masking.destroy_sealed(cast.director, it.masking, said.why)  # noqa: E731
    yield Act(("text.seal_destroyed",), destroy, ASIDE, case)


def settings_acts(cast: Cast) -> Iterator[Act]:
    yield from _stuck(cast)
    yield from _units_and_managers(cast)
    yield from _lists(cast)
    yield from _rules(cast)
    yield from _people(cast)
    yield from _connections(cast)


def _stuck(cast: Cast) -> Iterator[Act]:
    office, federation_id = cast.coordinator, cast.federation().id
    job = jobs.ask_for("sent.nowhere", federation_id=federation_id, subject_id=1, key="stuck")
    job.status = jobs.JobStatus.PARKED
    yield Act(("federation.jobs_tried_again",), lambda: operation.take_up(office, federation_id, "sent.nowhere", ""))
    job.status = jobs.JobStatus.DONE
    yield Act((), lambda: operation.take_up(office, federation_id, "sent.nowhere", ""))


def _units_and_managers(cast: Cast) -> Iterator[Act]:
    it = SimpleNamespace()
    office, federation_id, today = cast.coordinator, cast.federation().id, clock.today()
    organisation_id = cast.organisation("Försäkringskassan").id

    def noted(what: str, verb: Callable[..., object], *args: object, as_: str = "_", **values: object) -> Act:
        return Act((f"register.{what}",), lambda: setattr(it, as_, verb(office, *args, note=TEXT, **values)))

    where = {"organisation_id": organisation_id, "name": SECRET}
    yield noted("unit_added", register.add_unit, federation_id, as_="unit", **where)
    unit = it.unit
    yield noted("unit_changed", register.change_unit, unit, name=f"{SECRET} två", municipality_id=None)
    yield noted("unit_retired", register.retire_unit, unit)
    yield noted("unit_taken_back", register.take_back_unit, unit)
    details = register.ManagerDetails(SECRET, f"{SECRET}@fk.example", SECRET, f"chef.{SECRET}@fk.example")
    since = today - timedelta(days=400)
    yield noted("manager_appointed", register.appoint_manager, unit, details, valid_from=since, as_="manager")
    manager = it.manager
    other = register.ManagerDetails(f"{SECRET} Ny", f"{SECRET}@fk.example")
    yield noted("manager_changed", register.change_manager, manager, other, valid_from=since, valid_to=None)
    yield Act(("register.confirmation_asked",), lambda: confirming.ask(manager.id))
    token = confirming.token_for(manager)
    yield Act(("register.manager_doubted",), lambda: confirming.deny(token, {manager.id}, TEXT))
    yield noted("manager_confirmed", register.confirm_manager, manager)
    yield noted("manager_ended", register.end_manager, manager, last_day=today)
    dates = {"from_on": today, "to_on": today + timedelta(days=5)}
    stands_in = {"absent_email": manager.email, "name": SECRET, "email": f"vikarie.{SECRET}@fk.example"}
    yield noted("substitution_added", substitutes.add_substitution, federation_id, as_="away", **stands_in, **dates)
    yield noted("substitution_ended", substitutes.end_substitution, it.away, last_day=today)


def _lists(cast: Cast) -> Iterator[Act]:
    it = SimpleNamespace()
    office, federation_id = cast.coordinator, cast.federation().id

    def made(what: str, name: str, verb: Callable[[], object]) -> Act:
        return Act((f"register.{what}",), lambda: setattr(it, name, verb()))

    yield made("theme_added", "theme", lambda: lists.add_theme(office, federation_id, SECRET, note=TEXT))
    yield made("theme_renamed", "_", lambda: lists.rename_theme(office, it.theme, f"{SECRET} två", note=TEXT))
    yield made("theme_moved", "_", lambda: lists.move_theme(office, it.theme, -1))
    yield made("theme_retired", "_", lambda: lists.retire_theme(office, it.theme, note=TEXT))
    yield made("theme_taken_back", "_", lambda: lists.take_back_theme(office, it.theme, note=TEXT))
    parts = [f"{SECRET} tre", f"{SECRET} fyra"]
    yield made("theme_split", "parts", lambda: regrouping.split_theme(office, it.theme, parts, note=TEXT))
    yield made("theme_merged", "_", lambda: regrouping.merge_themes(office, it.parts, f"{SECRET} fem", note=TEXT))
    day = clock.today() + timedelta(days=700)
    yield made("closed_day_added", "day", lambda: lists.add_closed_day(office, federation_id, day, TEXT))
    yield made("closed_day_removed", "_", lambda: lists.remove_closed_day(office, it.day, note=TEXT))
    draft = TextDraft(TextStep.ANSWER, SECRET, TEXT)
    yield made("text_added", "text", lambda: lists.add_text(office, federation_id, draft))
    changed = TextDraft(TextStep.ANSWER, f"{SECRET} två", TEXT)
    yield made("text_changed", "_", lambda: lists.change_text(office, it.text, changed))
    yield made("text_retired", "_", lambda: lists.retire_text(office, it.text))
    yield made("text_taken_back", "_", lambda: lists.take_back_text(office, it.text))
    told = StatementDetails(contact_address=SECRET, shortcomings=TEXT, officer_name=SECRET, operated_by=SECRET)
    yield made("statements_written", "_", lambda: write_statements(office, federation_id, told, seen=0, note=TEXT))


def _rules(cast: Cast) -> Iterator[Act]:
    it = SimpleNamespace()
    office, federation_id = cast.coordinator, cast.federation().id
    wanted, other = (RuleDraft(cast.unit(name).id) for name in ("Arbetsförmedlingen", "Försäkringskassan"))

    def made(kind: str, name: str, verb: Callable[[], object]) -> Act:
        return Act((f"routing.{kind}",), lambda: setattr(it, name, verb()))

    def seen() -> int:
        return it.draft.revision

    for last in ("draft_discarded", "rules_published"):
        yield made("draft_started", "draft", lambda: drafts.start_draft(office, federation_id))
        yield made("rule_added", "rule", lambda: drafts.add_rule(office, federation_id, wanted, seen=seen()))
        rule_id = rows_of(it.draft.id)[-1].id
        yield made(
            "rule_changed",
            "_",
            lambda rule_id=rule_id: drafts.change_rule(office, federation_id, rule_id, other, seen=seen()),
        )
        yield made(
            "rule_moved", "_", lambda rule_id=rule_id: drafts.move_rule(office, federation_id, rule_id, 1, seen=seen())
        )
        yield made(
            "rule_removed",
            "_",
            lambda rule_id=rule_id: drafts.remove_rule(office, federation_id, rule_id, seen=seen()),
        )
        if last == "draft_discarded":
            yield made(last, "_", lambda: drafts.discard_draft(office, federation_id, seen=seen()))
        else:
            yield made(last, "_", lambda: drafts.publish_draft(office, federation_id, TEXT, seen=seen()))


def _own_account(cast: Cast, user: User, password: str) -> Iterator[Act]:
    """What the owner does with the account, and what a colleague who administers does for the owner."""
    office, federation_id, own = cast.coordinator, cast.federation().id, actor_for(user)
    others = ("vägen runt sjön är lång", "en grävling i varje rum")
    yield Act(("account.password_changed",), lambda: own_account.change_password(own, user, password, others[0]))
    token = resets.token_for(user)
    yield Act(("account.password_reset",), lambda: resets.reset(token, others[1]))
    here, there = [sign_ins.start(user, SECRET) for _browser in range(2)]
    ids = [sign_ins.found_by(one)[1].id for one in (here, there)]
    yield Act(("account.sign_ins_ended",), lambda: own_account.end_sign_in(own, user, ids[0]))
    sign_ins.start(user, SECRET)
    yield Act(("account.sign_ins_ended",), lambda: own_account.end_other_sign_ins(own, user, ids[1]))
    kept: list[str] = []
    for end in ("turned off", "taken off"):
        yield Act(("account.second_step_begun",), lambda: second_step.begin(own, user))
        code = phone_code(user)
        yield Act(("account.second_step_on",), lambda code=code: second_step.confirm(own, user, code, here=ids[1]))
        if end == "turned off":
            made = Act(("account.recovery_codes_made",), lambda: kept.extend(second_step.new_recovery_codes(own, user)))
            yield made
            off = lambda: second_step.turn_off(own, user, kept[-1], here=ids[1])  # noqa: E731
            yield Act(("account.second_step_off",), off)
    off = lambda: second_step.take_off(office, user, federation_id=federation_id)  # noqa: E731
    yield Act(("account.second_step_taken_off",), off)
    for kind, demanded in (("federation.second_step_demanded", True), ("federation.second_step_left_free", False)):
        yield Act((kind,), lambda demanded=demanded: second_step.demand(office, federation_id, demanded=demanded))


def phone_code(user: User) -> str:
    """What the owner's phone shows now."""
    secret = second_step.secret_to_confirm(user)
    assert secret is not None
    return pyotp.TOTP(secret).at(clock.now())


def _connections(cast: Cast) -> Iterator[Act]:
    """A way through a provider, and somebody who comes by it: with a group, without, and as the last coordinator."""
    it = SimpleNamespace()
    office, federation_id = cast.coordinator, cast.federation().id
    draft = single_sign_on_settings.Draft(
        organisation_id=None,
        name=SECRET,
        issuer="https://idp.example",
        client_id=SECRET,
        secret=SECRET,
        scopes="openid",
        subject_claim="sub",
        mail_claim="email",
        groups_claim="groups",
        mail_domains=("habo.example",),
        strong_values=(SECRET,),
        role_groups={"coordinator": (SECRET,)},
    )

    def made(kind: str, verb: Callable[[], object]) -> Act:
        return Act((f"register.connection_{kind}",), lambda: setattr(it, "row", verb() or it.row))

    def changed() -> None:
        other, seen = dataclass_replace(draft, scopes="openid email"), single_sign_on_settings.version_of(it.row)
        single_sign_on_settings.change_connection(office, it.row, other, seen=seen, note=TEXT)

    def turned_on() -> None:
        proof = single_sign_on_settings.proof_of_trial(it.row)
        single_sign_on_settings.turn_on(office, it.row, proof)

    def arrives(*roles: Role) -> Callable[[], object]:
        known = Known(SECRET, "ny@habo.example", True, SECRET, roles, False)
        return lambda: single_sign_on.come_in(it.row, known)

    it.row = None
    yield made("added", lambda: single_sign_on_settings.add_connection(office, federation_id, draft, note=TEXT))
    yield made("changed", changed)
    yield made("turned_on", turned_on)
    given = ("account.identity_linked", "account.role_granted", "account.role_granted")
    yield Act(given, arrives(Role.COORDINATOR, Role.ANALYST))
    yield Act(("account.role_withdrawn",), arrives(Role.COORDINATOR))
    left = user_by_email(cast.coordinator.email)
    yield Act(("account.suspended",), lambda: accounts.suspend(OPERATOR, left, federation_id=federation_id))
    yield Act(("account.role_kept",), arrives())
    yield Act(("account.resumed",), lambda: accounts.resume(OPERATOR, left, federation_id=federation_id))
    yield made("turned_off", lambda: single_sign_on_settings.turn_off(office, it.row))


def _people(cast: Cast) -> Iterator[Act]:
    office, federation_id = cast.coordinator, cast.federation().id
    yield Act(("account.role_granted",), lambda: people.invite(office, federation_id, NEW, Role.MANAGER))
    user = user_by_email(NEW)
    token = invitations.token_for(user, federation_id)
    password = "ett långt lösenord som ingen gissar"
    yield Act(("account.activated",), lambda: invitations.accept(token, name=SECRET, password=password))
    yield from _own_account(cast, user, password)
    yield Act(("account.suspended",), lambda: accounts.suspend(office, user, federation_id=federation_id))
    yield Act(("account.resumed",), lambda: accounts.resume(office, user, federation_id=federation_id))
    yield Act(
        ("account.role_withdrawn",),
        lambda: accounts.withdraw_role(office, user, Role.MANAGER, federation_id=federation_id),
    )

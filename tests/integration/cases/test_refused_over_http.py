"""P12, P15: every step, well filled in, by everyone who may not take it, on a case in every status. Nothing changes.

Steps on a duty by its manager are in `casework/test_duty_steps`, ids of others in `organisations/test_tenancy`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from lexheller.accounts import service as accounts
from lexheller.accounts.queries import user_by_email
from lexheller.actions.models import ActionStatus
from lexheller.actions.queries import types
from lexheller.cases.answer_link import links_of, token_for
from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.models import Case
from lexheller.cases.queries import duties
from lexheller.cases.states import CaseStatus
from lexheller.casework import beside, describing, sending
from lexheller.casework.duty_forms import DutyStep
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.data import address
from lexheller.meetings.agenda import put_on_agenda
from lexheller.organisations.queries import responsible_managers
from lexheller.organisations.service import end_manager
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import BY_LOOKING, everything
from tests.integration.casework.duty_stage import duty_of, two_parties
from tests.integration.meetings.days import meeting_in

WRITTEN = "Rutinen är ändrad, säger kontoret."
ALWAYS = {"anteckning", "visa-for-andra", "visa-adress", "stang-lank", "uppgifter", "atgard", "genomford", "forslag"}
RUNNING = ALWAYS | {"fordela", "avsluta"}
UNDER_WAY = RUNNING | {"fraga", "overlamna", "sla-ihop"}
WITH_MANAGER = UNDER_WAY | {"fraga-en-till", "paminn", "mer-tid", "dra-tillbaka", "aterkalla-lank"}
# What the office may do in each status; a question or an offer to take back is not there.
OPEN_TO_OFFICE = {
    CaseStatus.RECEIVED: RUNNING,
    CaseStatus.UNROUTED: UNDER_WAY,
    CaseStatus.ASSIGNED: WITH_MANAGER,
    CaseStatus.ACCEPTED: WITH_MANAGER,
    CaseStatus.COLLECTED: UNDER_WAY | {"fraga-en-till", "gemensamt-svar"},
    CaseStatus.ANSWERED: UNDER_WAY | {"fraga-en-till"},
    CaseStatus.CLOSED: ALWAYS | {"oppna-igen"},
}
PARTS = {
    "coordinator": ("samordnare", HOME),
    "responsible": ("chef.af", HOME),
    "other manager": ("chef.kommun", HOME),
    "director": ("forbundschef", HOME),
    "outsider": ("samordnare", ELSEWHERE),
    "director elsewhere": ("forbundschef", ELSEWHERE),
    "manager elsewhere": ("chef.af", ELSEWHERE),
    "anonymous": ("", ""),
}


def traces(app, *, but: Collection[str] = ()) -> str:
    """All that is stored but who is signed in; `but` names other tables to leave out."""
    return everything(app, but=("sign_in", "heartbeat", *but))


def come(new_visitor, part: str, slug: str):
    person = new_visitor()
    if part:
        assert person.sign_in(part, slug).status_code == 302
    person.get("/kvitto")
    return person


def prepared(cast, case_id: int) -> dict[str, object]:
    """A planned action, a proposal where somebody has a duty, and the ids that the forms name."""
    case = db.session.get_one(Case, case_id)
    planned = describing.record_action(
        cast.coordinator,
        case,
        type=types(case.federation_id)[0],
        description="Informera cheferna.",
        status=ActionStatus.PLANNED,
        action_on=clock.today(),
        seen=case.version,
    )
    theirs = duties(case.id)
    live = [duty for duty in theirs if duty.ended_at is None]
    proposal = None
    if live:
        actor = cast.manager_of(live[0])
        proposal = beside.propose(actor, case, live[0], ProposalKind.SYSTEM_FAULT, theme=None, why="Ofta.")
    other = cast.report()
    return {
        "version": str(case.version),
        "duty": theirs[-1].id if theirs else 0,
        "duty_version": str(theirs[-1].version) if theirs else "1",
        "link": str(links_of(theirs[-1].id)[0].id) if theirs else "0",
        "action": planned.id,
        "proposal": proposal.id if proposal else 0,
        "type": str(types(case.federation_id)[0].id),
        "unit": str(cast.unit("Region Jönköpings län").id),
        "number": other.number,
        "there": str(cast.federation(ELSEWHERE).id),
    }


def office_forms(ids) -> dict[str, tuple[str, str, dict[str, str]]]:
    """By the name used above: the end of the address, the form's prefix, and its fields."""
    seen = {"version": ids["version"]}
    duty = f"uppdrag/{ids['duty']}"
    on_duty = {"version": ids["duty_version"]}
    answer = {"steps_taken": WRITTEN}
    offer = {"to": ids["there"], "reason": WRITTEN, "text_to_reporter": WRITTEN}
    done = {"type": ids["type"], "description": WRITTEN, "status": "done", "action_on": "2026-03-01"}
    return {
        "fordela": ("fordela", "assign", {**seen, "units": ids["unit"]}),
        "fraga-en-till": ("fraga-en-till", "add_party", {**seen, "unit": ids["unit"]}),
        "gemensamt-svar": ("gemensamt-svar", "joint_answer", {**seen, **answer}),
        "fraga": ("fraga", "ask_reporter", {**seen, "text": WRITTEN}),
        "ta-tillbaka": ("fraga/ta-tillbaka", "withdraw_question", seen),
        "anteckning": ("anteckning", "write_note", {**seen, "text": WRITTEN}),
        "visa-for-andra": ("visa-for-andra", "share_summary", {**seen, "summary": WRITTEN}),
        "visa-adress": ("visa-adress", "open_contact", {**seen, "reason": WRITTEN}),
        "stang-lank": ("stang-lank", "close_reporter_link", {"reason": WRITTEN}),
        "forslag": (f"forslag/{ids['proposal']}", "settle_proposal", {**seen, "take": "1"}),
        "uppgifter": (
            "uppgifter",
            "classify",
            {**seen, "theme": "", "municipality": "", "organisation": "", "unit": ""},
        ),
        "atgard": ("atgard", "record_action", {**seen, **done}),
        "genomford": (f"atgard/{ids['action']}/genomford", "record_action", seen),
        "sla-ihop": ("sla-ihop", "merge", {**seen, "number": ids["number"]}),
        "overlamna": ("overlamna", "offer_handover", {**seen, **offer}),
        "ta-tillbaka-erbjudandet": ("overlamna/ta-tillbaka", "call_off_handover", seen),
        "avsluta": ("avsluta", "close", {**seen, "reason": "solved", "conclusion": WRITTEN}),
        "oppna-igen": ("oppna-igen", "reopen", seen),
        "paminn": (f"{duty}/paminn", "", {}),
        "mer-tid": (f"{duty}/mer-tid", f"mer-tid-{ids['duty']}", {**on_duty, "days": "3", "reason": WRITTEN}),
        "dra-tillbaka": (f"{duty}/dra-tillbaka", f"dra-tillbaka-{ids['duty']}", on_duty),
        "aterkalla-lank": (f"{duty}/aterkalla-lank", f"aterkalla-lank-{ids['duty']}", {"link_id": ids["link"]}),
    }


def test_the_forms_of_this_test_are_filled_in_well(stage, new_visitor):
    """Else they would be refused for what stands in them. Each is taken by the office where it may be sent."""
    office = come(new_visitor, *PARTS["coordinator"])
    page = office.last
    unlike = {"gemensamt-svar": CaseStatus.COLLECTED, "oppna-igen": CaseStatus.CLOSED}
    for name in sorted(set().union(*OPEN_TO_OFFICE.values())):
        case = stage.case(unlike.get(name, CaseStatus.ASSIGNED))
        end, prefix, fields = office_forms(stage.ask(lambda cast, case=case: prepared(cast, case.id)))[name]
        start = f"{prefix}-" if prefix else ""
        office.last = page
        values = {f"{start}{key}": value for key, value in fields.items()}
        answer = office.post(f"{case.path}/{end}", values, follow=False)
        assert answer.status_code == (200 if name == "visa-adress" else 302), name
        office.get(case.path)
        assert "error-message" not in office.text


@pytest.mark.parametrize("status", list(CaseStatus))
def test_p12_p15_an_office_step_that_is_not_yours_is_refused_over_http(app, stage, new_visitor, status):
    case = stage.case(status)
    ids = stage.ask(lambda cast: prepared(cast, case.id))
    roles = PARTS if status in {CaseStatus.ASSIGNED, CaseStatus.CLOSED} else ("coordinator", "responsible", "outsider")
    for role in roles:
        person = come(new_visitor, *PARTS[role])
        page, before = person.last, traces(app)
        for name, (end, prefix, fields) in office_forms(ids).items():
            if role == "coordinator" and name in OPEN_TO_OFFICE[status]:
                continue
            if role == "responsible" and name in {"mer-tid", "aterkalla-lank"}:
                continue
            person.last = page
            start = f"{prefix}-" if prefix else ""
            answer = person.post(
                f"{case.path}/{end}", {f"{start}{key}": value for key, value in fields.items()}, follow=False
            )
            # The office is told that it may not, on a page or after the button; to others there is no such door.
            wanted = {"coordinator": {302, 404, 409, 422}, "anonymous": {401}}.get(role, {404})
            assert answer.status_code in wanted, (role, name, answer.status_code)
            assert answer.status_code != 302 or answer.headers["Location"].endswith(case.path), (role, name)
        assert traces(app) == before, role


def test_p15_p17_lists_of_cases_meetings_and_settings_are_changed_by_nobody_who_may_not(app, stage, new_visitor):
    case = stage.case()
    meeting_id, item_id, unit_id = stage.ask(lambda cast: on_agenda(cast, case.id))
    forms = {
        f"/arenden/{HOME}/flera/gor": {"step": "assign", "case": f"{case.id}:{case.version}", "unit": str(unit_id)},
        f"/arenden/{HOME}/registrera": {"what_happened": WRITTEN, "channel": "phone", "told_on": "2026-03-02"},
        f"/moten/{HOME}/nytt": {"held_on": "2031-03-04", "note": WRITTEN},
        f"/moten/{HOME}/arenden": {"case": str(case.id), "meeting": str(meeting_id), "why": WRITTEN},
        f"/moten/{HOME}/{meeting_id}/arenden": {"number": case.number, "why": WRITTEN},
        f"/moten/{HOME}/{meeting_id}/stall-in": {"version": "1"},
        f"/moten/{HOME}/{meeting_id}/arenden/{item_id}/ta-bort": {},
        f"/moten/{HOME}/{meeting_id}/arenden/{item_id}/nasta-mote": {},
        f"/installningar/{HOME}/svarstider": {"answer_days": "5"},
        f"/installningar/{HOME}/personer": {"email": "jag@finnveden.example", "role": "coordinator"},
        f"/installningar/{HOME}/enheter/ny": {"name": WRITTEN},
        f"/installningar/{HOME}/enheter/{unit_id}/ur-bruk": {"note": WRITTEN},
        f"/installningar/{HOME}/kalender/ny": {"day": "2031-03-04", "note": WRITTEN},
        f"/installningar/{HOME}/teman": {"label": WRITTEN},
        f"/installningar/{HOME}/standardtexter/ny": {"title": WRITTEN, "text": WRITTEN, "step": "note"},
        f"/installningar/{HOME}/ersattare": {"absent_email": address("chef.af", HOME), "email": "x@y.example"},
        f"/installningar/{HOME}/regler/utkast": {},
    }
    directors = {path for path in forms if path.startswith(("/moten", "/installningar"))}
    for role in PARTS.keys() - {"coordinator"}:
        person = come(new_visitor, *PARTS[role])
        page, before = person.last, traces(app)
        for path, fields in forms.items():
            if role == "director" and path in directors:
                continue
            person.last = page
            answer = person.post(path, fields, follow=False)
            assert answer.status_code == (401 if role == "anonymous" else 404), (role, path)
        assert traces(app) == before, role


def on_agenda(cast, case_id: int) -> tuple[int, int, int]:
    meeting = meeting_in(cast, 40)
    meeting_in(cast, 70)
    item = put_on_agenda(cast.coordinator, db.session.get_one(Case, case_id), meeting, "Är rutinen känd?")
    return meeting.id, item.id, cast.unit("Region Jönköpings län").id


def test_p15_a_mailed_link_opens_its_own_duty_and_no_other(app, stage, new_visitor):
    """Forms of the other party's duty, sent to the own link; and the office's step, which no link has."""
    case, mine, others = two_parties(stage)
    person = come(new_visitor, "", "")
    page, before = person.last, traces(app, but=BY_LOOKING)
    for step in DutyStep:
        person.last = page
        answer = person.post(mine.link(step), others.values(step), follow=False)
        assert answer.status_code in ({404} if step is DutyStep.WITHDRAW else {302, 404, 409, 422}), step
        assert f"/uppdrag/{others.id}/" not in person.text
        if answer.status_code == 302:
            assert answer.headers["Location"].endswith(mine.link())
    assert traces(app, but=BY_LOOKING) == before
    assert (duty_of(stage, case, -2), duty_of(stage, case, -1)) == (mine, others)


@pytest.mark.parametrize("dead", ["forged", "revoked", "withdrawn", "expired", "manager gone"])
def test_p15_a_dead_link_takes_no_step_and_gives_the_text_back(app, stage, new_visitor, dead):
    case = stage.case()
    duty = duty_of(stage, case)
    token, later = stage.ask(lambda cast: killed(cast, case.id, dead))
    person = come(new_visitor, "", "")
    page, before = person.last, traces(app)
    with clock.at(later):
        for step in (DutyStep.ANSWER, DutyStep.NOTE, DutyStep.ASK, DutyStep.SEND_BACK):
            person.last = page
            answer = person.post(f"/svar/{token}/{step.value}", duty.values(step), follow=False)
            if dead == "withdrawn":  # it may still be read, and has nothing to send
                assert answer.status_code == 409, step
            else:
                assert answer.status_code == 404, step
                assert case.number not in person.text
                written = [value for value in duty.values(step).values() if " " in value]
                assert all(value in person.text for value in written)
    assert traces(app) == before


def killed(cast, case_id: int, dead: str) -> tuple[str, object]:
    """The token that was mailed, and when it is tried."""
    case, now = db.session.get_one(Case, case_id), clock.now()
    duty = cast.duty(case)
    link = links_of(duty.id)[0]
    token = token_for(link)
    match dead:
        case "forged":
            return token[:-3] + "abc", now
        case "revoked":
            sending.withdraw_link(cast.coordinator, case, link)
        case "withdrawn":
            sending.withdraw(cast.coordinator, case, duty, seen=duty.version)
        case "expired":
            return token, link.expires_at
        case _:
            manager_leaves(cast, duty)
    return token, now


def manager_leaves(cast, duty) -> None:
    for manager in responsible_managers(duty.unit_id, clock.today()):
        end_manager(cast.coordinator, manager, last_day=clock.today() - timedelta(days=1))


def test_p15_an_account_without_a_role_any_more_finds_no_door(app, stage, new_visitor):
    """Invited, shut out, and back under the same address: the rights of the day count."""
    case = stage.case()
    person = come(new_visitor, "chef.af", HOME)
    page = person.last

    def shut_out(cast):
        user = user_by_email(address("chef.af", HOME))
        accounts.suspend(cast.coordinator, user, federation_id=cast.federation().id)

    stage.ask(shut_out)
    duty = duty_of(stage, case)
    before = traces(app)
    for step in DutyStep:
        person.last = page
        assert person.post(duty.path(case, step), duty.values(step), follow=False).status_code in {400, 401, 404}, step
    assert traces(app) == before

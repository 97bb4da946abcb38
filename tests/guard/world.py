"""One object of every kind in a federation, made through the verbs, and the addresses that lead to them.

What an address may name stands in `world_of`: a route with a part that is missing there fails the build. Stops at
making: who knocks, and what they should be answered, stands in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lexheller.accounts import single_sign_on_settings
from lexheller.accounts.rights import Actor
from lexheller.action_reports import editions, goal_rows, publishing_editions
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.goal_rows import Goal
from lexheller.action_reports.states import Fulfilment
from lexheller.actions.models import Action, ActionStatus
from lexheller.actions.queries import follow_ups, types
from lexheller.cases.answer_link import link_for
from lexheller.cases.dialogue import ProposalKind
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.casework import describing, handing_over, publishing_cases
from lexheller.casework.beside import propose
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.jobs import Job, JobStatus
from lexheller.demo.data import address
from lexheller.demo.meetings import plan_demo_meetings
from lexheller.desk import saved
from lexheller.faults import service as faults
from lexheller.faults.patterns import find_patterns, open_patterns
from lexheller.faults.queries import links_of
from lexheller.faults.service import Details
from lexheller.meetings import groups
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.states import GroupKind
from lexheller.organisations import lists
from lexheller.organisations.models import Federation, ResponsibleManager, Substitution, TextStep
from lexheller.organisations.service import change_unit
from lexheller.privacy.masking import MaskDecision, MaskReason
from lexheller.records import diary_queries, release
from lexheller.records.masking import Decision, mask
from lexheller.records.masking_places import Kind as MaskedKind
from lexheller.records.masking_queries import text_for
from lexheller.records.masking_subjects import subject_for
from lexheller.records.release_documents import of_case
from lexheller.records.release_models import ReleasePackage
from lexheller.records.release_states import Decision as ReleaseDecision
from lexheller.records.release_states import Judgement, PackageStatus, hash_of
from lexheller.routing import drafts
from lexheller.routing.queries import rows_of
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.cast.stage import Stage
from tests.integration.records.disposing_of_cases import proposal_by_hand

World = Mapping[str, object]
REPORT = "Kontoret hänvisade till webben och webben till kontoret."
FAR_OFF = timedelta(days=400)
NEVER_A_ROW = 2147483647


@dataclass(frozen=True)
class Maker:
    """Makes objects in one federation. `word` stands in every text, so that it is known wherever it turns up."""

    cast: Cast
    slug: str
    giver: str
    word: str = ""

    @property
    def home(self) -> Federation:
        return self.cast.federation(self.slug)

    @property
    def office(self) -> Actor:
        return self.cast.person("samordnare", self.slug)

    def text(self, words: str) -> str:
        return f"{words} {self.word}".strip()

    def case(self, status: CaseStatus) -> Case:
        return self.cast.reach(status, self.slug, what_happened=self.text(REPORT))


def world_of(cast: Cast, slug: str = HOME, giver: str = ELSEWHERE, word: str = "") -> dict[str, object]:
    """The value of every part of an address, and the id of a mailed link. `giver` offers this federation a case."""
    maker = Maker(cast, slug, giver, word)
    case = maker.case(CaseStatus.ASSIGNED)
    values = {
        "federation": slug,
        "case_id": case.id,
        "duty_id": cast.duty(case).id,
        "step": "svara",
        "figure": "by_organisation",
        "key": case.concerned_organisation.key,
        "token": "no-such-token",
        "name": "no-such-mail",
        "filename": "css/page.css",
        "sign_in_id": NEVER_A_ROW,
    }
    parts = (
        _actions,
        _connections,
        _jobs,
        _meetings,
        _register,
        _rules,
        _said,
        _faults,
        _published,
        _report,
        _patterns,
        _filters,
        _disposal,
        _masking,
        _diary,
    )
    for make in parts:
        values.update(make(maker, case))
        db.session.commit()
    return values


def _actions(maker: Maker, case: Case) -> World:
    """An action of the case's unit that is done and to be followed up."""
    action: Action = describing.record_action(
        maker.office,
        case,
        type=types(case.federation_id)[0],
        description=maker.text("Informera cheferna."),
        status=ActionStatus.DONE,
        action_on=clock.today(),
        seen=case.version,
        owner_unit=maker.cast.duty(case).unit,
    )
    return {"action_id": action.id, "follow_up_id": follow_ups([action.id])[action.id][0].id}


def _diary(maker: Maker, case: Case) -> World:
    """A request for a case's documents: one handed out, one that waits, and a package that is being made."""
    office, today = maker.office, clock.today()
    closed = maker.case(CaseStatus.CLOSED)
    asked = release.register(office, closed.federation_id, release.Asked(maker.text("Allt om ett ärende"), today))
    given, *_left = release.pick(office, asked, of_case(closed.federation_id, closed.id), seen=asked.version)
    what = release.document_of(given)
    assert what is not None
    judgement = Judgement(ReleaseDecision.WHOLE)
    release.decide(office, asked, given, judgement, seen=given.version, text_hash=hash_of(what.pieces))
    copy = release.give_out(office, asked, seen=asked.version)[0]
    package = ReleasePackage(
        federation_id=asked.federation_id,
        request_id=asked.id,
        status=PackageStatus.MAKING,
        total=1,
        asked_at=clock.now(),
    )
    db.session.add(package)
    db.session.flush()
    entry = diary_queries.entries_by_number(office, asked.federation_id, asked.number)[0]
    return {
        "entry_id": entry.id,
        "request_id": asked.id,
        "document_id": _left[0].id,
        "copy_id": copy.id,
        "package_id": package.id,
    }


def _masking(maker: Maker, case: Case) -> World:
    """A word of the report that is hidden, its original sealed."""
    subject = subject_for(maker.office, case.federation_id, MaskedKind.CASE, case.id)
    text = text_for(maker.office, subject, "report.what_happened", case.report_id)
    said = Decision(MaskDecision.SEAL, MaskReason.OTHER, maker.text("Ett ord för mycket."))
    masking = mask(maker.office, subject, text, [(0, REPORT.index(" "))], said, seen=text.mark)
    return {
        "masked_kind": MaskedKind.CASE.value,
        "masked_id": case.id,
        "text_place": text.place.code,
        "text_row": text.row_id,
        "masking_id": masking.id,
    }


def _disposal(maker: Maker, case: Case) -> World:
    """A proposal that waits for somebody to decide it, as if the case were old enough for it."""
    return {"disposal_id": proposal_by_hand(maker.cast, case, maker.slug, maker.text("Styrelsen")).id}


def _jobs(maker: Maker, case: Case) -> World:
    """A job that was parked."""
    job = db.session.scalars(select(Job).where(Job.federation_id == case.federation_id)).first()
    assert job is not None
    job.status = JobStatus.PARKED
    return {"job_id": job.id}


def _meetings(maker: Maker, case: Case) -> World:
    """A meeting, the case on its agenda, and a board with a member who does not knock here."""
    meeting = plan_demo_meetings(maker.home, maker.office)[0]
    item = put_on_agenda(maker.office, case, meeting, maker.text("Är rutinen känd?"))
    somebody = maker.cast.person("chef.fk", maker.slug).user_id
    assert somebody is not None
    groups.add_member(maker.office, maker.home.id, GroupKind.BOARD, somebody)
    groups.rename_group(maker.office, maker.home.id, GroupKind.BOARD, maker.text("Styrelsen"))
    return {"meeting_id": meeting.id, "item_id": item.id, "group": "styrelse", "user_id": somebody}


def _register(maker: Maker, case: Case) -> World:
    """One thing of each kind in the register."""
    office, home = maker.office, maker.home.id
    own = ResponsibleManager.email == address("chef.af", maker.slug)
    manager = db.session.scalars(select(ResponsibleManager).where(own)).first()
    absent = select(Substitution.id).where(Substitution.federation_id == home)
    assert manager is not None
    closed = lists.add_closed_day(office, home, clock.today() + FAR_OFF, maker.text("Kansliet har stängt"))
    text = lists.TextDraft(TextStep.QUESTION, maker.text("Hur ofta?"), maker.text("Hur ofta har det hänt?"))
    if maker.word:
        change_unit(office, manager.unit, name=maker.text(manager.unit.name), municipality_id=None)
    return {
        "closed_day_id": closed.id,
        "theme_id": lists.add_theme(office, home, maker.text("Väntetider")).id,
        "text_id": lists.add_text(office, home, text).id,
        "substitution_id": db.session.scalars(absent).first(),
        "unit_id": manager.unit_id,
        "manager_id": manager.id,
    }


def _rules(maker: Maker, case: Case) -> World:
    """The first rule of a draft, and the version in use."""
    draft = drafts.start_draft(maker.office, maker.home.id)
    return {"rule_id": rows_of(draft.id)[0].id, "rule_version": 1}


def _said(maker: Maker, case: Case) -> World:
    """A manager's proposal in the case, and an offer of a case from another federation."""
    duty, giver = maker.cast.duty(case), maker.cast.person("samordnare", maker.giver)
    why = maker.text("Det händer ofta.")
    proposal = propose(maker.cast.manager_of(duty), case, duty, ProposalKind.SYSTEM_FAULT, theme=None, why=why)
    theirs = maker.cast.reach(CaseStatus.ASSIGNED, maker.giver, what_happened=REPORT)  # both know of it
    words = ("Det är er kommun.", "Vi frågar dem.")
    offer = handing_over.offer(giver, theirs, maker.home, *words, seen=theirs.version)
    link = link_for(duty, name="Omar Haddad", email=address("chef.af", maker.slug))
    return {"proposal_id": proposal.id, "handover_id": offer.id, "mailed_link": link.id}


def _faults(maker: Maker, case: Case) -> World:
    """A fault that the manager's unit owns and the case shows."""
    details = Details(maker.text("Ingen tar över."), what_happens=maker.text("Två parter väntar på varandra."))
    fault = faults.suspect(maker.office, case.federation_id, details, case, maker.text("Samma lucka."))
    faults.set_owner(maker.office, fault, maker.cast.duty(case).unit, seen=fault.version)
    return {"fault_id": fault.id, "link_id": links_of(fault)[0].id, "fault_step": "confirm"}


def _published(maker: Maker, case: Case) -> World:
    """A case on the open page."""
    closed = maker.case(CaseStatus.CLOSED)
    texts = publishing_cases.PublicTexts(
        maker.text("Två väntade"), maker.text("Ingen tog över."), maker.text("En gör.")
    )
    return {"published_id": publishing_cases.publish(maker.office, closed, texts, looked=True).id}


def _report(maker: Maker, case: Case) -> World:
    """A published edition of last year's report, with a case in it, and a goal that was written afterwards."""
    home, year = maker.home, clock.local_year() - 1
    with clock.at(datetime(year, 3, 4, 9, tzinfo=UTC)):
        maker.case(CaseStatus.ASSIGNED)
    director = maker.cast.person("forbundschef", maker.slug)
    editions.approve(director, home, year, seen_hash=report_data(home, year)["hash"])
    edition = editions.freeze(maker.office, home, year)
    publishing_editions.publish(maker.office, edition)
    goal = Goal(maker.text("Fler rutiner"), Fulfilment.MET)
    added = goal_rows.add_goal(maker.office, home, year, goal, seen=1)
    return {"year": year, "number": edition.number, "goal_id": added.id, "form": "json"}


def _patterns(maker: Maker, case: Case) -> World:
    """A pattern that three reports make and nobody has settled."""
    reporting = maker.cast.organisation("Försäkringskassan", maker.slug).id
    for _number in range(3):
        maker.cast.report(maker.slug, reporting_organisation_id=reporting, what_happened=maker.text(REPORT))
    find_patterns(maker.home.id)
    return {"pattern_id": open_patterns(maker.office, maker.home.id)[0].id}


def _connections(maker: Maker, case: Case) -> World:
    """A provider that is written down and not turned on: nobody asks it for anything."""
    draft = single_sign_on_settings.Draft(
        organisation_id=None,
        name=maker.text("Jobbkontot"),
        issuer="http://127.0.0.1:9",
        client_id="lex-heller",
        secret="en-hemlighet",
        scopes="openid",
        subject_claim="sub",
        mail_claim="email",
        groups_claim="",
        mail_domains=(),
        strong_values=(),
        role_groups={},
    )
    return {"connection_id": single_sign_on_settings.add_connection(maker.office, maker.home.id, draft).id}


def _filters(maker: Maker, case: Case) -> World:
    """A saved filter of the office."""
    kept = saved.save(maker.office, maker.home.id, maker.text("Tilldelade"), {"status": "assigned"})
    return {"filter_id": kept.id}


@pytest.fixture
def world(stage: Stage) -> dict[str, object]:
    """One object of every kind at home."""
    return stage.ask(world_of)


def address_of(app: Flask, rule: str, world: World, **changes: object) -> str:
    """The path of a rule with the world's values in it, or these instead."""
    found = next(found for found in app.url_map.iter_rules() if found.rule == rule)
    parts = {name: {**world, **changes}[name] for name in found.arguments}
    return app.url_map.bind("localhost").build(found.endpoint, parts)

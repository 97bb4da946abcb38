"""P15: the outsider from another federation knocks on every door, and a manager sees the own units' cases alone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.accounts.rights import REPORTER
from lexheller.action_reports.compiling import compiled
from lexheller.audit.reading_log import Reading
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import case_for, visible
from lexheller.cases.states import CaseStatus
from lexheller.casework import sending
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.desk.counting import attention
from lexheller.desk.queries import queue
from lexheller.desk.rules import QueueFilter
from lexheller.messaging.transport import read_folder
from lexheller.organisations.models import ResponsibleManager, Unit
from lexheller.organisations.queries import units
from lexheller.routing.drafts import start_draft
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import BY_LOOKING
from tests.guard.test_routes import ROUTES, address_of
from tests.guard.test_routes import world as world
from tests.integration.cases.test_refused_over_http import traces
from tests.integration.meetings.days import meeting_in

QUEUE = f"/arenden/{ELSEWHERE}"

# Parts of an address that name no row of a federation's own.
EVERYBODYS = {"federation", "year", "figure", "key", "token", "step", "name", "filename", "rule_version", "filter_id"}
EVERYBODYS |= {"group", "form"}  # each federation has one of each kind; a draft's file is of one's own year


@pytest.fixture
def outsider(new_visitor):
    person = new_visitor()
    person.sign_in("samordnare", ELSEWHERE)
    return person


def test_p15_no_row_can_be_reached_under_the_outsiders_own_federation(app, stage, world, new_visitor):
    """Every address with an id in it, with ids of one federation and the name of another where one has every right."""
    stage.ask(lambda cast: start_draft(cast.outsider, cast.federation(ELSEWHERE).id))
    rules = [
        (method, rule)
        for (method, rule), mark in ROUTES.items()
        if isinstance(mark, set) and set(re.findall(r"[<:]([a-z_]+)>", rule)) - EVERYBODYS
    ]
    assert len(rules) > 60
    for part in ("samordnare", "forbundschef", "chef.af"):
        person = new_visitor()
        person.sign_in(part, ELSEWHERE)
        person.get("/kvitto")
        page, before = person.last, traces(app)
        for method, rule in rules:
            path = address_of(app, rule, world, federation=ELSEWHERE)
            if method == "GET":
                answer = person.client.get(path)
            else:
                person.last = page
                answer = person.post(path, {"version": "1", "note": "Vår nu."}, follow=False)
            # A draft's own revision is asked for before the rule: whatever rule is named, it is a conflict.
            wanted = {404, 409} if method == "POST" and "/utkast/" in rule else {404}
            assert answer.status_code in wanted, (part, method, rule)
        assert traces(app) == before, part


def test_p15_marked_cases_and_numbers_of_others_are_not_there(app, stage, outsider):
    """Rows that are named within a form: a bulk step, a merge, a unit, a meeting, a case for the agenda."""
    theirs = stage.case(CaseStatus.ASSIGNED)
    own = stage.case(CaseStatus.ASSIGNED, ELSEWHERE, what_happened="Eget ärende.")
    foreign = stage.ask(lambda cast: units(cast.federation().id)[0].id)
    meeting = stage.ask(lambda cast: meeting_in(cast, 40, ELSEWHERE).id)
    home_meeting = stage.ask(lambda cast: meeting_in(cast, 40).id)
    seen = {"version": str(own.version)}
    forms = {
        f"{QUEUE}/flera/gor": {"step": "assign", "case": f"{theirs.id}:{theirs.version}", "unit": "1"},
        f"{QUEUE}/flera": {"step": "remind", "case": str(theirs.id)},
        f"{own.path}/fordela": {f"assign-{name}": value for name, value in {**seen, "units": str(foreign)}.items()},
        f"{own.path}/fraga-en-till": {"add_party-version": seen["version"], "add_party-unit": str(foreign)},
        f"{own.path}/sla-ihop": {"merge-version": seen["version"], "merge-number": theirs.number + "x"},
        f"{own.path}/uppgifter": {"classify-version": seen["version"], "classify-unit": str(foreign)},
        f"/moten/{ELSEWHERE}/{meeting}/arenden": {"number": "2031:11 / 99", "why": "Är rutinen känd?"},
        f"/moten/{ELSEWHERE}/arenden": {"case": str(theirs.id), "meeting": str(meeting), "why": "Är rutinen känd?"},
        f"{QUEUE}/flera/gor#agenda": {
            "step": "agenda",
            "case": f"{own.id}:{own.version}",
            "meeting": str(home_meeting),
            "why": "Är rutinen känd?",
        },
    }
    outsider.get("/kvitto")
    page, before = outsider.last, traces(app, but=BY_LOOKING)
    for path, fields in forms.items():
        outsider.last = page
        answer = outsider.post(path.partition("#")[0], fields, follow=False)
        assert answer.status_code in {404, 422}, (path, answer.status_code)
    assert traces(app, but=BY_LOOKING) == before
    # A refused form shows its own page again, and that is noted: of nothing but what is the outsider's own.
    looked_at = stage.ask(lambda cast: set(db.session.scalars(select(Reading.federation_id))))
    assert looked_at == {stage.ask(lambda cast: cast.federation(ELSEWHERE).id)}


DIRECTOR = {"forbundschef"}
OFFICE = DIRECTOR | {"samordnare"}
EVERYBODY = OFFICE | {"chef.af"}
SHOWN = {
    "/start": EVERYBODY,
    f"/start/{ELSEWHERE}": EVERYBODY,
    f"/arenden/{ELSEWHERE}": EVERYBODY,
    f"/laget/{ELSEWHERE}": EVERYBODY,
    f"/moten/{ELSEWHERE}": OFFICE,
    f"/overlamningar/{ELSEWHERE}": {"samordnare"},
    f"/atgardsrapport/{ELSEWHERE}/{{year}}": OFFICE,
    f"/atgardsrapport/{ELSEWHERE}/{{year}}/utkast.csv": OFFICE,
    f"/atgardsrapport/{ELSEWHERE}/{{year}}/utkast.json": OFFICE,
    f"/installningar/{ELSEWHERE}/regler": OFFICE,
    f"/installningar/{ELSEWHERE}/lasningar.csv": DIRECTOR,
}
"""Pages and files, and who of three is let in."""


@pytest.mark.parametrize("part", sorted(EVERYBODY))
def test_p15_pages_and_files_of_one_federation_hold_no_word_of_another(app, stage, new_visitor, part):
    for status in (CaseStatus.ASSIGNED, CaseStatus.CLOSED):
        stage.case(status, what_happened="Bostadsbidraget blev fel.")
    here = stage.case(CaseStatus.ASSIGNED, ELSEWHERE, what_happened="Vårdsamordnaren svarar inte.")
    person = new_visitor()
    person.sign_in(part, ELSEWHERE)
    for path, who in SHOWN.items():
        answer = person.get(path.format(year=clock.local_year()))
        assert (answer.status_code == 200) == (part in who), path
        assert "Bostadsbidraget" not in person.text
        assert f"/{HOME}/" not in person.text
        if path == f"/arenden/{ELSEWHERE}" and part in OFFICE:
            assert here.number in person.text


def test_p15_mails_of_one_federation_go_to_nobody_of_another(stage, tmp_path):
    for slug in (HOME, ELSEWHERE):
        stage.case(CaseStatus.ASSIGNED, slug)
        stage.case(CaseStatus.UNROUTED, slug)
    stage.work()
    mails = read_folder(tmp_path / "mail")
    for slug, other in ((HOME, ELSEWHERE), (ELSEWHERE, HOME)):
        theirs = [mail for mail in mails if f"@{slug}." in mail.to]
        assert theirs
        assert [mail.subject for mail in theirs if f"/{other}/" in mail.text] == []


def test_p15_missing_and_forbidden_cases_look_alike(stage, outsider):
    case = stage.case(CaseStatus.ASSIGNED)
    pages = []
    for path in (f"/arenden/{ELSEWHERE}/{case.id}", f"/arenden/{ELSEWHERE}/999999", case.path):
        answer = outsider.get(path)
        page = re.sub(r"<code>\w+</code>", "", outsider.text).replace(path, "")
        pages.append((answer.status_code, re.sub(r'value="[^"]*"', "", page.split("<main")[1].split("</main>")[0])))
    assert len(set(pages)) == 1


def test_p15_queue_search_and_figures_of_one_federation_know_nothing_of_another(stage, outsider):
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Bostadsbidraget blev fel.")
    organisation = stage.ask(lambda cast: cast.organisation("Arbetsförmedlingen").id)
    year = clock.local_year()
    for query in ("", "?q=bostadsbidraget", f"?q={case.number}", f"?organisation={organisation}", "?status=assigned"):
        outsider.get(f"/arenden/{ELSEWHERE}{query}")
        assert "Bostadsbidraget" not in outsider.text
        assert f"/{case.id}" not in outsider.text
    assert case.number not in outsider.get(f"/atgardsrapport/{ELSEWHERE}/{year}").get_data(as_text=True)
    report = stage.ask(lambda cast: compiled(cast.federation(ELSEWHERE), year))
    assert report["received"] == 0
    assert report["cases"] == []
    assert all(line["count"] == 0 for line in report["by_organisation"] + report["by_month"] + report["by_theme"])
    stage.ask(
        lambda cast: [
            _sees_nothing(cast, actor)
            for actor in (cast.outsider, cast.person("chef.af", ELSEWHERE), cast.person("chef.fk"), REPORTER)
        ]
    )


def _sees_nothing(cast, actor) -> None:
    home, away = cast.federation().id, cast.federation(ELSEWHERE).id
    for federation_id in (home, away):
        assert queue(actor, federation_id, QueueFilter(), None).rows == []
        assert queue(actor, federation_id, QueueFilter(words="bostadsbidraget"), None).rows == []
        counted = attention(actor, federation_id)
        assert (counted.unrouted, counted.overdue, counted.answered, counted.in_doubt) == (0, 0, 0, 0)
        for case_id in db.session.scalars(select(Case.id)):
            with pytest.raises(NotAllowedToSee):
                case_for(actor, federation_id, case_id)


def test_p15_a_case_cannot_be_sent_to_a_unit_of_another_federation(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    foreign = stage.ask(lambda cast: units(cast.federation(ELSEWHERE).id)[0].id)
    coordinator = new_visitor()
    coordinator.sign_in("samordnare")
    coordinator.get(case.path)
    answer = coordinator.post(case.path + "/fordela", {"unit": str(foreign)}, form="assign")
    assert answer.status_code == 422
    assert stage.look(case.id) == case

    def by_verb(cast) -> None:
        row = db.session.get_one(Case, case.id)
        with pytest.raises(InvalidInput):
            sending.assign(cast.coordinator, row, [db.session.get_one(Unit, foreign)], seen=row.version)

    stage.ask(by_verb)


def test_p15_a_manager_sees_the_cases_of_the_own_units_alone(stage, new_visitor):
    mine = stage.case(CaseStatus.ASSIGNED)
    insurance = stage.ask(lambda cast: cast.organisation("Försäkringskassan").id)
    other = stage.case(CaseStatus.ASSIGNED, concerned_organisation_id=insurance)
    unrouted = stage.case(CaseStatus.UNROUTED)
    manager = new_visitor()
    manager.sign_in("chef.af")
    manager.get(f"/arenden/{HOME}")
    assert re.findall(rf'href="/arenden/{HOME}/(\d+)"', manager.text) == [str(mine.id)]
    assert "stat-tile" not in manager.text
    assert manager.client.get(mine.path).status_code == 200
    manager.get(f"/start/{HOME}")
    assert mine.number in manager.text
    for case in (other, unrouted):
        assert case.number not in manager.text
        assert manager.client.get(case.path).status_code == 404


def test_p15_a_manager_who_has_left_sees_nothing_more(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    manager = cast.manager_of(case)
    assert db.session.scalars(visible(manager, case.federation_id)).all() == [case]
    with transaction():
        for row in db.session.scalars(select(ResponsibleManager).where(ResponsibleManager.email == manager.email)):
            row.valid_to = clock.today().replace(year=2021)
    assert db.session.scalars(visible(cast.person("chef.af"), case.federation_id)).all() == []


def test_p15_units_in_one_federation_give_nothing_in_another(cast):
    """A manager whose address answers for a unit elsewhere, without a role there."""
    case = cast.reach(CaseStatus.ASSIGNED, ELSEWHERE)
    duty = db.session.scalars(select(Duty)).one()
    with transaction():
        db.session.add(
            ResponsibleManager(
                federation_id=duty.federation_id,
                unit_id=duty.unit_id,
                name="Sara Lund",
                email=cast.person("chef.fk").email,
                valid_from=clock.today(),
            )
        )
    guest = cast.person("chef.fk")
    assert duty.unit_id in guest.unit_ids
    assert db.session.scalars(visible(guest, case.federation_id)).all() == []


def test_the_director_sees_all_and_is_offered_no_step(stage, new_visitor):
    case = stage.case(CaseStatus.ASSIGNED)
    director = new_visitor()
    director.sign_in("forbundschef")
    director.get(case.path)
    assert case.number in director.text
    assert re.findall(rf'action="{case.path}/', director.text) == []

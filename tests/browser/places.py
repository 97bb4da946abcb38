"""Every page that is to be judged: how to get there, and as whom. Stops at arriving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pyotp
from sqlalchemy import func, select

from lexheller.accounts import resets, second_step
from lexheller.accounts.models import SignIn
from lexheller.accounts.queries import user_by_email
from lexheller.action_reports import drafting, editions, goal_rows, publishing_editions
from lexheller.action_reports.goal_rows import Goal
from lexheller.action_reports.states import Fulfilment
from lexheller.cases.models import Case
from lexheller.cases.queries import visible
from lexheller.cases.states import CaseStatus
from lexheller.casework import publishing_cases
from lexheller.casework.publishing_cases import PublicTexts
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.transaction import transaction
from lexheller.demo.data import PASSWORD, address
from lexheller.faults import patterns
from lexheller.faults.models import Fault, FaultNews
from lexheller.faults.states import FaultStatus
from lexheller.intake.codes import grouped
from lexheller.intake.service import receipt_code
from lexheller.meetings.models import Meeting, MeetingGroup
from lexheller.meetings.states import GroupKind
from lexheller.organisations.queries import themes
from lexheller.records import release, release_documents, release_queries
from lexheller.records.disposal_queries import under_way
from lexheller.records.release_states import Decision, Judgement, Paragraph, hash_of
from tests.browser.site import Known
from tests.browser.visits import Visit
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.meetings.days import meeting_now
from tests.integration.records.disposing_of_cases import proposal_by_hand

Way = Callable[[Visit], object]
YEAR = date.today().year
EMPTY_YEAR = 2011
WITH_CODES = "chef.region"
SEND_REPORT = ".send button"


@dataclass(frozen=True)
class Place:
    """`who` is the person's part and federation; None: nobody is signed in. `way` ends on the page."""

    name: str
    who: tuple[str, str] | None
    way: Way


def _at(path: str) -> Way:
    return lambda visit: visit.go(path)


def _empty_report(visit: Visit) -> None:
    visit.go(f"/anmal/{HOME}")
    _send(visit, SEND_REPORT)


def _report_with_identity_number(visit: Visit) -> None:
    visit.go(f"/anmal/{HOME}").fill("#what_happened", "Personen 19121212-1212 fick vänta i två månader.")
    _send(visit, SEND_REPORT)


def _report_in_doubt(visit: Visit) -> None:
    visit.go(f"/anmal/{HOME}").fill("#what_happened", "Handläggaren Anna Svensson svarade inte. Ring 070-123 45 67.")
    _send(visit, SEND_REPORT)


def _held(visit: Visit, path: str = "") -> None:
    """A report that waits for the office to look; made anew for each that looks at it."""
    visit.go(f"/arenden/{HOME}/{visit.site.id_of(_held_case)}{path}")


def _held_case(cast: Cast) -> int:
    with transaction():
        return cast.report(what_happened="Handläggaren Anna Svensson svarade inte.", looked=True).id


def _look_at_held(visit: Visit) -> None:
    _held(visit, "/granskning")


def _receipt(visit: Visit) -> None:
    visit.report(email="synintrycket@habo.example")


def _wrong_code(visit: Visit) -> None:
    visit.follow("AAAA-BBBB-CCCC")


def _status(status: CaseStatus) -> Way:
    return lambda visit: visit.follow(visit.site.cases[status].code)


def _failed_sign_in(visit: Visit) -> None:
    visit.go("/logga-in").fill("#email", "ingen@habo.example")
    visit.page.fill("#password", "fel")
    _send(visit, ".sign-in button")


def _reset(visit: Visit) -> None:
    person = address("chef.fk", HOME)
    token = visit.site.id_of(lambda _cast: resets.token_for(user_by_email(person)))
    visit.go(f"/nytt-losenord/{token}")


def _second_step_to_begin(visit: Visit) -> None:
    """Whoever has codes in these places is nobody else's visit: turning them on ends other sign-ins."""
    visit.site.id_of(lambda cast: _codes(cast, on=False))
    visit.sign_in(WITH_CODES)
    visit.go("/mitt-konto/tvasteg")


def _second_step_picture(visit: Visit) -> None:
    _second_step_to_begin(visit)
    visit.page.fill("#current_password", PASSWORD)
    _send(visit, "main form button")


def _recovery_codes(visit: Visit) -> None:
    _second_step_picture(visit)
    secret = visit.page.inner_text(".account-key").replace(" ", "")
    visit.page.fill("#code", pyotp.TOTP(secret).now())
    _send(visit, "main form button")


def _second_step_on(visit: Visit) -> None:
    _second_step_to_begin(visit)
    visit.site.id_of(lambda cast: _codes(cast, on=True))
    visit.go("/mitt-konto/tvasteg")


def _second_step_of_sign_in(visit: Visit) -> None:
    visit.site.id_of(lambda cast: _codes(cast, on=True))
    visit.sign_in(WITH_CODES)


def _codes(cast: Cast, *, on: bool) -> int:
    """As the verbs would, without ending the sign-in that looks at the page."""
    person, user = cast.person(WITH_CODES), user_by_email(address(WITH_CODES, HOME))
    with transaction():
        second_step.forget(user)
        if on:
            here = db.session.scalar(select(func.max(SignIn.id)).where(SignIn.user_id == user.id)) or 0
            second_step.begin(person, user)
            code = pyotp.TOTP(second_step.secret_to_confirm(user)).at(clock.now())
            second_step.confirm(person, user, code, here=here)
    return user.id


def _a_mail(visit: Visit) -> None:
    visit.go("/demo/mejl").locator(".mail-list a").first.click()


def _case(status: CaseStatus) -> Way:
    return lambda visit: visit.go(visit.site.case_path(visit.site.cases[status]))


def _late_case(visit: Visit) -> None:
    assert visit.site.overdue is not None
    visit.go(visit.site.case_path(visit.site.overdue))


def _empty_answer(visit: Visit) -> None:
    _case(CaseStatus.ACCEPTED)(visit)
    _send(visit, "[id^=svara] .action--primary")


def _conflict(visit: Visit) -> None:
    """Somebody else takes the case on while the manager writes."""
    known: Known = visit.site.new_case(CaseStatus.ASSIGNED)
    page = visit.go(visit.site.case_path(known))
    other = visit.context.new_page()
    other.goto(page.url)
    with other.expect_navigation():
        other.locator(".ask button").click()
    other.close()
    page.locator("[id^=svara] textarea[name$=steps_taken]").fill("En text som inte får gå förlorad.")
    _send(visit, "[id^=svara] .action--primary")


def _behind_a_figure(visit: Visit) -> None:
    visit.go(f"/atgardsrapport/{HOME}/{YEAR}").locator("a.bar-rows__count").first.click()


def _edition(path: str = "") -> Way:
    """The first edition of last year's report, frozen when it is first looked for; then written on, so they differ."""

    def find(cast: Cast) -> int:
        home, office = cast.federation(), cast.coordinator
        found = editions.numbered(home.id, YEAR - 1, 1)
        if found is None:
            with transaction():
                seen = drafting.report_data(home, YEAR - 1)["hash"]
                editions.approve(cast.director, home, YEAR - 1, seen_hash=seen)
                found = editions.freeze(office, home, YEAR - 1)
                drafting.write_texts(office, home, YEAR - 1, {"summary": "Ett år med fler svar."}, seen=1)
        return found.number

    return lambda visit: visit.go(f"{REPORT}/{YEAR - 1}/utgava/{visit.site.id_of(find)}{path}")


def _report_draft(path: str = "") -> Way:
    """Last year's, after its first edition."""

    def go(visit: Visit) -> None:
        _edition()(visit)
        visit.go(f"{REPORT}/{YEAR - 1}/utkast{path}")

    return go


def _empty_goal(visit: Visit) -> None:
    visit.go(f"{REPORT}/{YEAR - 1}/utkast/ataganden")
    _send(visit, "main form .action--primary")


def _goal(visit: Visit) -> None:
    """The first of this year's, written when it is first looked for."""

    def find(cast: Cast) -> int:
        home = cast.federation()
        if not drafting.goals_of(home.id, YEAR):
            with transaction():
                draft = drafting.draft_of(home.id, YEAR)
                goal = Goal("Fler gemensamma rutiner", Fulfilment.PARTLY, "Två av tre är på plats.")
                goal_rows.add_goal(cast.coordinator, home, YEAR, goal, seen=draft.version if draft else 0)
        return drafting.goals_of(home.id, YEAR)[0].id

    visit.go(f"{REPORT}/{YEAR}/utkast/ataganden/{visit.site.id_of(find)}")


def _send(visit: Visit, button: str) -> None:
    with visit.page.expect_navigation():
        visit.page.locator(button).click()


def _disposal(path: str = "") -> Way:
    """A proposal that waits for a decision; made when it is first looked for."""

    def find(cast: Cast) -> int:
        found = under_way(cast.federation().id)
        if found is None:
            with transaction():
                case = db.session.scalars(visible(cast.coordinator, cast.federation().id).order_by(Case.id)).first()
                found = proposal_by_hand(cast, case)
        return found.id

    return lambda visit: visit.go(f"/gallring/{HOME}/{visit.site.id_of(find)}{path}")


def _plan_empty(visit: Visit) -> None:
    visit.go(f"/gallring/{HOME}/plan")
    _send(visit, "form .action--primary")


def _tale(name: str) -> Way:
    return lambda visit: visit.go(visit.site.case_path(visit.site.tales[name]))


def _follow_tale(name: str) -> Way:
    return lambda visit: visit.follow(visit.site.tales[name].code)


def _link(name: str) -> Way:
    return lambda visit: visit.go(visit.site.link_to(visit.site.tales[name]))


def _link_preview(visit: Visit) -> None:
    _link("two-parties")(visit)
    visit.page.locator("textarea[name$=steps_taken]").fill("Vi stämmer av före varje möte.")
    _send(visit, "[id^=svara] button[name=preview]")


def _link_empty(visit: Visit) -> None:
    _link("two-parties")(visit)
    _send(visit, "[id^=svara] button.action--primary")


def _similar(visit: Visit) -> None:
    """What is typed resembles a case of which a summary is shared."""
    page = visit.go(f"/anmal/{HOME}")
    page.fill("#what_happened", "Personen kunde inte boka tid till inskrivningen utan e-legitimation.")
    page.select_option("#concerned_organisation", label="Arbetsförmedlingen")
    _send(visit, SEND_REPORT)


def _joint_preview(visit: Visit) -> None:
    _tale("collected")(visit)
    visit.page.locator("#gemensamt-svar textarea[name$=steps_taken]").fill("Kontoren stämmer av varje planering.")
    _send(visit, "#gemensamt-svar button[name=preview]")


def _bulk(visit: Visit) -> None:
    visit.go(QUEUE)
    for box in visit.page.locator(".queue-table tbody input[type=checkbox]").all()[:3]:
        box.check(force=True)
    visit.page.get_by_role("button", name=BULK[visit.page.locator("html").get_attribute("lang")]).click()
    visit.page.wait_for_load_state()


def _rules_draft(visit: Visit) -> None:
    """Begun once for all visits: beginning again leads to the same draft."""
    visit.go(f"{SETTINGS}/regler")
    form = visit.page.locator("form[action$='/utkast']").first
    if form.count():
        with visit.page.expect_navigation():
            form.locator("button").click()
    else:
        visit.go(f"{SETTINGS}/regler/utkast")


def _rules_trial(visit: Visit) -> None:
    _rules_draft(visit)
    visit.go(f"{SETTINGS}/regler/utkast/prova")


def _first_unit(visit: Visit) -> int:
    return visit.site.id_of(lambda cast: cast.unit("Arbetsförmedlingen").id)


def _unit(visit: Visit) -> None:
    visit.go(f"{SETTINGS}/enheter/{_first_unit(visit)}")


def _new_manager(visit: Visit) -> None:
    visit.go(f"{SETTINGS}/enheter/{_first_unit(visit)}/chef")


def _unit_history(visit: Visit) -> None:
    visit.go(f"/enheter/{HOME}/{_first_unit(visit)}/historik")


def _split_theme(visit: Visit) -> None:
    def first(cast: Cast) -> int:
        return themes(cast.federation().id)[0].id

    visit.go(f"{SETTINGS}/teman/{visit.site.id_of(first)}/dela")


def _split_theme_preview(visit: Visit) -> None:
    _split_theme(visit)
    visit.page.fill("#first", "Bemötande på plats")
    visit.page.fill("#second", "Bemötande på telefon")
    _send(visit, "main form button[type=submit]")


def _meeting(visit: Visit) -> None:
    visit.go(f"/moten/{HOME}").locator(".meeting-link").locator("visible=true").first.click()
    visit.page.wait_for_load_state()


def _meeting_of(kind: GroupKind, held: bool, path: str = "") -> Way:
    """The first meeting of a group that has been held, or is to come."""

    def find(cast: Cast) -> int:
        day = Meeting.held_on <= clock.today() if held else Meeting.held_on > clock.today()
        query = select(Meeting.id).join(MeetingGroup).where(MeetingGroup.kind == kind, day)
        query = query.where(Meeting.federation_id == _home(cast))
        return db.session.scalars(query.order_by(Meeting.held_on)).first()

    return lambda visit: visit.go(f"{MEETINGS}/{visit.site.id_of(find)}{path}")


def _item_text(visit: Visit) -> None:
    _meeting_of(GroupKind.PREPARATORY, False)(visit).locator("a[href$='/underlag']").first.click()
    visit.page.wait_for_load_state()


def _meeting_now(path: str) -> Way:
    """The board's meeting that is going on, planned when it is first looked for."""

    def plan(cast: Cast) -> int:
        return meeting_now(cast).id

    return lambda visit: visit.go(f"{MEETINGS}/{visit.site.id_of(plan)}{path}")


def _action(visit: Visit) -> None:
    """The newest that is done: its effect is to be judged some day."""
    visit.go(f"{ACTIONS}?status=done").locator(".queue-table__link").first.click()
    visit.page.wait_for_load_state()


def _finish_action(visit: Visit) -> None:
    """Nothing written: the form comes back with what is missing."""
    visit.go(f"{ACTIONS}?status=planned").locator(".queue-table__link").first.click()
    visit.page.wait_for_load_state()
    visit.page.locator("#genomford summary").click()
    _send(visit, "#genomford .action--primary")


def _masking(visit: Visit) -> None:
    """The texts of a case, in the way that leads there."""
    visit.go(visit.site.case_path(visit.site.cases[CaseStatus.ANSWERED]))
    visit.page.locator("a[href*='/maskering/']").first.click()
    visit.page.wait_for_load_state()


def _masking_text(visit: Visit) -> None:
    _masking(visit)
    visit.page.locator("main a[href*='/report.']").first.click()
    visit.page.wait_for_load_state()


def _masking_nothing_chosen(visit: Visit) -> None:
    _masking_text(visit)
    _send(visit, "button[name=preview]")


def _masking_preview(visit: Visit) -> None:
    """The first word of the text that is not masked yet, looked up and ticked."""
    _masking_text(visit)
    words = visit.page.locator("main .free-text").first.inner_text().split()
    word = next(word for word in words if word.isalpha())
    visit.page.fill("#words", word)
    _send(visit, "button[name=find]")
    _send(visit, "button[name=preview]")


def _masked(visit: Visit) -> None:
    """Sealed: with the forms that open and destroy the original."""
    _masking_preview(visit)
    visit.page.select_option("#reason", "other")
    _send(visit, "main .action--danger")


def _offer(visit: Visit) -> None:
    visit.go(f"/overlamningar/{ELSEWHERE}").locator("main a[href*='/overlamningar/']").first.click()
    visit.page.wait_for_load_state()


def _fault_id(visit: Visit) -> int:
    """The demonstration's fault that is being mended."""

    def find(cast: Cast) -> int:
        query = select(Fault.id).where(Fault.status == FaultStatus.BEING_MENDED, Fault.federation_id == _home(cast))
        return db.session.scalars(query).one()

    return visit.site.id_of(find)


def _fault(path: str = "") -> Way:
    return lambda visit: visit.go(f"{FAULTS}/{_fault_id(visit)}{path}")


def _ended_fault(visit: Visit) -> None:
    visit.go(f"{FAULTS}?status=over").locator("main a[href*='/systemfel/'] >> visible=true").first.click()
    visit.page.wait_for_load_state()


def _fault_step_empty(visit: Visit) -> None:
    _fault()(visit)
    with visit.page.expect_navigation():
        visit.page.locator("form[action$='/steg/close'] button").evaluate("button => button.click()")


def _pattern_id(visit: Visit) -> int:
    """The first proposal of what the nightly look finds in the demonstration."""

    def find(cast: Cast) -> int:
        with transaction():
            patterns.find_patterns(_home(cast))
        return patterns.open_patterns(cast.coordinator, _home(cast))[0].id

    return visit.site.id_of(find)


def _patterns(visit: Visit) -> None:
    _pattern_id(visit)
    visit.go(PATTERNS)


def _pattern(visit: Visit) -> None:
    visit.go(f"{PATTERNS}/{_pattern_id(visit)}")


def _pattern_empty(visit: Visit) -> None:
    _pattern(visit)
    with visit.page.expect_navigation():
        visit.page.locator("form[action$='/at-sidan'] button").evaluate("button => button.click()")


def _fault_from_case(visit: Visit) -> None:
    visit.go(f"{FAULTS}/nytt?case={visit.site.cases[CaseStatus.ASSIGNED].id}")


def _telling_preview(visit: Visit) -> None:
    _fault("/beratta")(visit)
    visit.page.locator("input[name$=-tell]").first.check(force=True)
    visit.page.locator("textarea").first.fill("Ring Anna Svensson på 070-123 45 67.")  # what is in doubt is marked
    _send(visit, "main form button.action--primary")


def _fault_news(visit: Visit) -> None:
    """A reporter who was told, through the code."""

    def find(cast: Cast) -> str:
        query = select(FaultNews).where(FaultNews.federation_id == _home(cast)).order_by(FaultNews.id)
        case = db.session.scalars(query).first().case
        return grouped(receipt_code(case.federation_id, case.report.submission_id))

    visit.follow(visit.site.id_of(find))


def _published(visit: Visit) -> int:
    """A case that the office has published, when it is first looked for."""

    def find(cast: Cast) -> int:
        case = db.session.get_one(Case, visit.site.cases[CaseStatus.ANSWERED].id)
        standing = publishing_cases.publication_of(case)
        if standing is None:
            with transaction():
                texts = PublicTexts("Ingen bokade mötet", "Två kontor väntade.", "Kontoren bokar turvis.")
                standing = publishing_cases.publish(cast.coordinator, case, texts)
        return standing.id

    return visit.site.id_of(find)


def _published_edition(visit: Visit) -> int:
    """The number of last year's published edition, frozen when it is first looked for."""

    def find(cast: Cast) -> int:
        federation, year = cast.federation(), YEAR - 1
        edition = publishing_editions.newest_published(federation.id, year)
        if edition is None:
            with transaction():
                seen = drafting.report_data(federation, year)["hash"]
                editions.approve(cast.director, federation, year, seen_hash=seen)
                edition = editions.freeze(cast.coordinator, federation, year)
                publishing_editions.publish(cast.coordinator, edition)
        return edition.number

    return visit.site.id_of(find)


def _national(visit: Visit) -> None:
    _published_edition(visit)
    visit.go("/nationellt")


def _publish_edition(visit: Visit) -> None:
    """The next edition after last year's published one, with one report more: its figures have hardly changed."""
    standing = _published_edition(visit)

    def find(cast: Cast) -> int:
        federation, year = cast.federation(), YEAR - 1
        newest = editions.newest_edition(federation.id, year)
        if newest.number == standing:
            with transaction():
                with clock.at(datetime(year, 3, 4, 9, tzinfo=UTC)):
                    cast.reach(CaseStatus.ASSIGNED)
                seen = drafting.report_data(federation, year)["hash"]
                editions.approve(cast.director, federation, year, seen_hash=seen)
                newest = editions.freeze(cast.coordinator, federation, year)
        return newest.number

    visit.go(f"{REPORT}/{YEAR - 1}/utgava/{visit.site.id_of(find)}/publicera")


def _open_page(visit: Visit) -> None:
    _published(visit)
    _published_edition(visit)
    visit.go(OPEN)


def _open_case(visit: Visit) -> None:
    visit.go(f"{OPEN}/arenden/{_published(visit)}")


def _open_edition(visit: Visit) -> None:
    visit.go(f"{OPEN}/rapport/{YEAR - 1}/{_published_edition(visit)}")


def _publish(status: CaseStatus) -> Way:
    return lambda visit: visit.go(f"{visit.site.case_path(visit.site.cases[status])}/publicera")


def _publish_preview(visit: Visit) -> None:
    _publish(CaseStatus.CLOSED)(visit).fill("#heading", "Ingen bokade mötet")
    visit.page.fill("#happened", "Ring Anna Svensson på 070-123 45 67.")  # what is in doubt is marked
    visit.page.fill("#led_to", "Kontoren bokar turvis.")
    _send(visit, "main form button[name=preview]")


def _home(cast: Cast) -> int:
    return cast.federation().id


def _release(path: str = "") -> Way:
    """A request for the file of one case: its report masked, its answer refused, the rest waiting; made once."""
    return lambda visit: visit.go(f"{RELEASES}/{visit.site.id_of(_asked_for)}{path}")


def _asked_for(cast: Cast) -> int:
    federation = cast.federation()
    found = release_queries.requests_page(cast.coordinator, federation.id, None).rows
    if found:
        return found[-1].id
    with transaction():
        closed = cast.reach(CaseStatus.CLOSED)
        words = release.Asked("Allt om ett ärende hos Arbetsförmedlingen", clock.today())
        asked = release.register(cast.coordinator, federation.id, words)
        chosen = release_documents.of_case(federation.id, closed.id)
        rows = release.pick(cast.coordinator, asked, chosen, seen=asked.version)
        reasons = (Paragraph.SOCIAL_SERVICES,)
        masked = Judgement(Decision.MASKED, reasons, "Skada kan uppstå.", {"what_happened": [[0, 7]]})
        for row, judgement in zip(rows, (masked, Judgement(Decision.REFUSED, reasons)), strict=False):
            what = release.document_of(row)
            assert what is not None
            seen_text = hash_of(what.pieces)
            release.decide(cast.coordinator, asked, row, judgement, seen=row.version, text_hash=seen_text)
    return asked.id


def _release_nothing_chosen(visit: Visit) -> None:
    _release("/nasta")(visit)
    _send(visit, "main button[value=spara]")


def _new_release_empty(visit: Visit) -> None:
    visit.go(f"{RELEASES}/ny")
    _send(visit, "main form .action")


def _release_pick(visit: Visit) -> None:
    number = visit.site.cases[CaseStatus.CLOSED].number
    visit.go(f"{RELEASES}/{visit.site.id_of(_asked_for)}/handlingar?{urlencode({'nummer': number})}")


def _release_period(visit: Visit) -> None:
    _release("/period")(visit)
    _send(visit, "main form .action")


def _diary_entry(visit: Visit) -> None:
    visit.go(DIARY)
    visit.page.locator("main table a").first.click()


OPEN = f"/publikt/{HOME}"
DIARY, RELEASES = f"/diarium/{HOME}", f"/utlamnande/{HOME}"
QUEUE, REPORT = f"/arenden/{HOME}", f"/atgardsrapport/{HOME}"
FAULTS, PATTERNS = f"/systemfel/{HOME}", f"/monster/{HOME}"
SETTINGS, MEETINGS = f"/installningar/{HOME}", f"/moten/{HOME}"
ACTIONS = f"/atgarder/{HOME}"
TOLD = ("two-parties", "question", "more-time", "not-ours", "not-solved", "shared", "event-2", "door", "phone")
BULK = {"sv": "Fortsätt", "en": "Continue"}
COORDINATOR, MANAGER, DIRECTOR = ("samordnare", HOME), ("chef.af", HOME), ("forbundschef", HOME)
DIRECTOR_OF_TWO = ("forbundschef", ELSEWHERE)
REGISTRAR, ANALYST, OPERATOR = ("registrator", HOME), ("analytiker", HOME), ("drift", HOME)
ADMINISTRATOR, NATIONAL_READER = ("administrator", HOME), ("nationell", HOME)

PLACES = [
    Place("landing", None, _at("/")),
    Place("report form", None, _at(f"/anmal/{HOME}")),
    Place("report form, nothing written", None, _empty_report),
    Place("report form, identity number", None, _report_with_identity_number),
    Place("report form, somebody may be named", None, _report_in_doubt),
    Place("accessibility statement", None, _at(f"/tillganglighet/{HOME}")),
    Place("accessibility statements", None, _at("/tillganglighet")),
    Place("personal data", None, _at(f"/personuppgifter/{HOME}")),
    Place("personal data, all federations", None, _at("/personuppgifter")),
    Place("receipt", None, _receipt),
    Place("lookup", None, _at("/kvitto")),
    Place("lookup, wrong code", None, _wrong_code),
    *(Place(f"reporter's view, {status}", None, _status(status)) for status in CaseStatus if status != "received"),
    Place("sign-in", None, _at("/logga-in")),
    Place("sign-in, failed", None, _failed_sign_in),
    Place("sign-in by provider", None, _at("/logga-in/via")),
    Place("password forgotten", None, _at("/glomt-losenord")),
    Place("password forgotten, mailed", None, _at("/glomt-losenord/skickat")),
    Place("password link that is dead", None, _at("/nytt-losenord/finns-inte")),
    Place("password link", None, _reset),
    Place("own account", MANAGER, _at("/mitt-konto")),
    Place("joining a provider", MANAGER, _at("/mitt-konto/arbetsgivare")),
    Place("second step, to begin", None, _second_step_to_begin),
    Place("second step, the picture", None, _second_step_picture),
    Place("second step, recovery codes", None, _recovery_codes),
    Place("second step, on", None, _second_step_on),
    Place("sign-in, second step", None, _second_step_of_sign_in),
    Place("no such page", None, _at("/finns-inte")),
    Place("mailbox", None, _at("/demo/mejl")),
    Place("mail", None, _a_mail),
    Place("coordinator's queue", COORDINATOR, _at(QUEUE)),
    Place("queue, filtered", COORDINATOR, _at(f"{QUEUE}?status=closed")),
    Place("queue, no hits", COORDINATOR, _at(f"{QUEUE}?q=finnsinte")),
    Place("queue, overdue", COORDINATOR, _at(f"{QUEUE}?overdue=1")),
    Place("queue, search", COORDINATOR, _at(f"{QUEUE}?q=kontoret")),
    *(
        Place(f"coordinator's case, {status}", COORDINATOR, _case(status))
        for status in CaseStatus
        if status != "received"
    ),
    Place("coordinator's case, late", COORDINATOR, _late_case),
    Place("coordinator's case, waits to be looked at", COORDINATOR, _held),
    Place("look at what waits", COORDINATOR, _look_at_held),
    Place("manager's queue", MANAGER, _at(QUEUE)),
    Place("manager's case, assigned", MANAGER, _case(CaseStatus.ASSIGNED)),
    Place("manager's case, accepted", MANAGER, _case(CaseStatus.ACCEPTED)),
    Place("manager's case, answered", MANAGER, _case(CaseStatus.ANSWERED)),
    Place("manager's case, empty answer", MANAGER, _empty_answer),
    Place("manager's case, conflict", MANAGER, _conflict),
    Place("director's queue", DIRECTOR, _at(QUEUE)),
    Place("overview", DIRECTOR, _at(f"/laget/{HOME}")),
    Place("overview, a year", DIRECTOR, _at(f"/laget/{HOME}?year={YEAR - 1}")),
    Place("overview, for others", MANAGER, _at(f"/laget/{HOME}")),
    Place("yearly report", DIRECTOR, _at(f"{REPORT}/{YEAR}")),
    Place("yearly report, year before", DIRECTOR, _at(f"{REPORT}/{YEAR - 1}")),
    Place("yearly report, empty year", DIRECTOR, _at(f"{REPORT}/{EMPTY_YEAR}")),
    Place("cases behind a figure", DIRECTOR, _behind_a_figure),
    Place("report draft", DIRECTOR, _report_draft()),
    Place("report draft, empty year", COORDINATOR, _at(f"{REPORT}/{EMPTY_YEAR}/utkast")),
    Place("report draft, to approve", DIRECTOR, _report_draft("/granska")),
    Place("report draft, read by the coordinator", COORDINATOR, _report_draft("/granska")),
    Place("report draft, to freeze", DIRECTOR, _report_draft("/frys")),
    Place("report draft, differences", DIRECTOR, _report_draft("/skillnader")),
    Place("goals of a report, none", COORDINATOR, _at(f"{REPORT}/{EMPTY_YEAR}/utkast/ataganden")),
    Place("goals of a report, nothing written", COORDINATOR, _empty_goal),
    Place("goal of a report", COORDINATOR, _goal),
    Place("disposal, to decide", COORDINATOR, _disposal()),
    Place("disposal, waits for somebody else", DIRECTOR, _disposal()),
    Place("disposal, the decision", COORDINATOR, _disposal("/beslut")),
    Place("disposal, the protocol", COORDINATOR, _disposal("/protokoll")),
    Place("disposal", COORDINATOR, _at(f"/gallring/{HOME}")),
    Place("disposal, dry run", COORDINATOR, _at(f"/gallring/{HOME}/prova")),
    Place("plan for disposal", COORDINATOR, _at(f"/gallring/{HOME}/plan")),
    Place("plan for disposal, nothing written", COORDINATOR, _plan_empty),
    Place("report settings", COORDINATOR, _at(f"{REPORT}/installningar")),
    Place("edition", DIRECTOR, _edition()),
    Place("edition, cases behind a figure", DIRECTOR, _edition("/received/all")),
    Place("edition, differences", DIRECTOR, _edition("/skillnader")),
    Place("publish an edition", DIRECTOR, _publish_edition),
    Place("report draft, too early to freeze", DIRECTOR, _at(f"{REPORT}/{YEAR}/utkast/frys")),
    Place("choice of federation", DIRECTOR_OF_TWO, _at("/start")),
    Place("open page", None, _open_page),
    Place("open page, empty", None, _at(f"/publikt/{ELSEWHERE}")),
    Place("open page, published case", None, _open_case),
    Place("open page, edition", None, _open_edition),
    Place("publish a case", COORDINATOR, _publish(CaseStatus.ANSWERED)),
    Place("publish a case, not yet", COORDINATOR, _publish(CaseStatus.ASSIGNED)),
    Place("publish a case, preview", COORDINATOR, _publish_preview),
    Place("something similar", None, _similar),
    *(
        Place(f"reporter's view, {name}", None, _follow_tale(name))
        for name in ("question", "not-solved", "event-2", "collected")
    ),
    Place("mailed link", None, _link("two-parties")),
    Place("mailed link, paused", None, _link("question")),
    Place("mailed link, nothing written", None, _link_empty),
    Place("mailed link, preview", None, _link_preview),
    Place("mailed link, dead", None, _at("/svar/finns-inte")),
    Place("coordinator's start", COORDINATOR, _at(f"/start/{HOME}")),
    Place("manager's start", MANAGER, _at(f"/start/{HOME}")),
    Place("director's start", DIRECTOR, _at(f"/start/{HOME}")),
    Place("registrar's start", REGISTRAR, _at(f"/start/{HOME}")),
    Place("registrar's case", REGISTRAR, _tale("two-parties")),
    Place("analyst's start", ANALYST, _at(f"/start/{HOME}")),
    Place("analyst's figures", ANALYST, _at(f"/siffror/{HOME}")),
    Place("analyst's overview", ANALYST, _at(f"/laget/{HOME}")),
    Place("administrator's start", ADMINISTRATOR, _at(f"/start/{HOME}")),
    Place("administrator's people", ADMINISTRATOR, _at(f"{SETTINGS}/personer")),
    Place("operator's start", OPERATOR, _at(f"/start/{HOME}")),
    Place("operation", OPERATOR, _at(f"/drift/{HOME}")),
    Place("national reader's list", NATIONAL_READER, _national),
    *(
        Place(f"coordinator's case, {name}", COORDINATOR, _tale(name))
        for name in (
            "two-parties",
            "question",
            "more-time",
            "not-ours",
            "not-solved",
            "shared",
            "event-2",
            "door",
            "phone",
        )
    ),
    Place("director's case", DIRECTOR, _tale("two-parties")),
    Place("manager's case, several parties", MANAGER, _tale("two-parties")),
    Place("joint answer, preview", COORDINATOR, _joint_preview),
    Place("bulk step", COORDINATOR, _bulk),
    Place("saved filters", COORDINATOR, _at(f"{QUEUE}/filter")),
    Place("register on behalf", COORDINATOR, _at(f"{QUEUE}/registrera")),
    Place("unit history", COORDINATOR, _unit_history),
    Place("splitting a theme", COORDINATOR, _split_theme),
    Place("splitting a theme, preview", COORDINATOR, _split_theme_preview),
    Place("merging themes", COORDINATOR, _at(f"{SETTINGS}/teman/sla-ihop")),
    Place("meetings", COORDINATOR, _at(MEETINGS)),
    Place("meeting", COORDINATOR, _meeting),
    Place("new meeting", COORDINATOR, _at(f"{MEETINGS}/nytt")),
    Place("a group's members", COORDINATOR, _at(f"{MEETINGS}/grupper/beredningsgrupp")),
    Place("ending a group", COORDINATOR, _at(f"{MEETINGS}/grupper/beredningsgrupp/avsluta")),
    Place("an item's text", COORDINATOR, _item_text),
    Place("material", COORDINATOR, _meeting_of(GroupKind.PREPARATORY, False, "/material")),
    Place("material, not sent out", MANAGER, _meeting_of(GroupKind.PREPARATORY, False, "/material")),
    Place("material to send out", COORDINATOR, _meeting_of(GroupKind.PREPARATORY, False, "/skicka-ut")),
    Place("meeting that is going on", COORDINATOR, _meeting_now("")),
    Place("minutes, live", COORDINATOR, _meeting_now("/protokoll")),
    Place("ending a meeting", COORDINATOR, _meeting_now("/avsluta")),
    Place("meeting that was held", COORDINATOR, _meeting_of(GroupKind.PREPARATORY, True)),
    Place("extract of the minutes", COORDINATOR, _meeting_of(GroupKind.PREPARATORY, True, "/protokollsutdrag")),
    Place("series of meetings", COORDINATOR, _at(f"{MEETINGS}/serie")),
    Place("faults", COORDINATOR, _at(FAULTS)),
    Place("faults, none of that status", COORDINATOR, _at(f"{FAULTS}?status=accepted")),
    Place("director's faults", DIRECTOR, _at(FAULTS)),
    Place("patterns", COORDINATOR, _patterns),
    Place("director's patterns", DIRECTOR, _patterns),
    Place("pattern", COORDINATOR, _pattern),
    Place("pattern, nothing written", COORDINATOR, _pattern_empty),
    Place("new fault", COORDINATOR, _at(f"{FAULTS}/nytt")),
    Place("new fault from a case", COORDINATOR, _fault_from_case),
    Place("fault", COORDINATOR, _fault()),
    Place("fault, nothing written", COORDINATOR, _fault_step_empty),
    Place("fault that is over", COORDINATOR, _ended_fault),
    Place("director's fault", DIRECTOR, _fault()),
    Place("description of a fault", COORDINATOR, _fault("/beskriv")),
    Place("telling about a fault", COORDINATOR, _fault("/beratta")),
    Place("telling about a fault, preview", COORDINATOR, _telling_preview),
    Place("reporter's view, news of a fault", None, _fault_news),
    Place("actions", COORDINATOR, _at(ACTIONS)),
    Place("actions, late", COORDINATOR, _at(f"{ACTIONS}?only=late")),
    Place("actions, not followed up", COORDINATOR, _at(f"{ACTIONS}?only=not_followed")),
    Place("new action", COORDINATOR, _at(f"{ACTIONS}/ny")),
    Place("action", COORDINATOR, _action),
    Place("action, nothing written", COORDINATOR, _finish_action),
    Place("diary", COORDINATOR, _at(DIARY)),
    Place("diary, nothing fits", COORDINATOR, _at(f"{DIARY}?nummer=1")),
    Place("diary entry", COORDINATOR, _diary_entry),
    Place("diary, extract", COORDINATOR, _at(f"{DIARY}/utdrag")),
    Place("open diary", None, _at(f"{OPEN}/diarium")),
    Place("requests for documents", DIRECTOR, _at(RELEASES)),
    Place("new request for documents", COORDINATOR, _at(f"{RELEASES}/ny")),
    Place("new request for documents, nothing written", COORDINATOR, _new_release_empty),
    Place("request for documents", COORDINATOR, _release()),
    Place("request for documents, choosing from a file", COORDINATOR, _release_pick),
    Place("request for documents, choosing a period", COORDINATOR, _release_period),
    Place("document to decide about", COORDINATOR, _release("/nasta")),
    Place("document to decide about, nothing chosen", COORDINATOR, _release_nothing_chosen),
    Place("handing out documents", COORDINATOR, _release("/lamna-ut")),
    Place("decision not to hand out", COORDINATOR, _release("/beslut")),
    Place("masking, texts", COORDINATOR, _masking),
    Place("masking, a text", COORDINATOR, _masking_text),
    Place("masking, nothing chosen", COORDINATOR, _masking_nothing_chosen),
    Place("masking, preview", COORDINATOR, _masking_preview),
    Place("masking, a masked text", COORDINATOR, _masked),
    Place("offers from others", ("samordnare", ELSEWHERE), _at(f"/overlamningar/{ELSEWHERE}")),
    Place("offer from another", ("samordnare", ELSEWHERE), _offer),
    *(
        Place(f"settings{path}", COORDINATOR, _at(f"{SETTINGS}{path}"))
        for path in (
            "",
            "/enheter",
            "/enheter/ny",
            "/ersattare",
            "/kalender",
            "/kalender/ny",
            "/svarstider",
            "/teman",
            "/standardtexter",
            "/standardtexter/ny",
            "/personer",
            "/redogorelser",
            "/inloggning",
            "/inloggning/ny",
            "/regler",
        )
    ),
    Place("settings, unit", COORDINATOR, _unit),
    Place("settings, new manager", COORDINATOR, _new_manager),
    Place("settings, who has read what", DIRECTOR, _at(f"{SETTINGS}/lasningar")),
    Place("settings, rules draft", COORDINATOR, _rules_draft),
    Place("settings, rules trial", COORDINATOR, _rules_trial),
]

"""Before a report is stored: what is shared of similar cases, and a choice that is one thing (P1, P2, P23)."""

import re
import threading
import uuid

import pytest
from sqlalchemy.exc import OperationalError

from lexheller.cases.dialogue import Occurrence
from lexheller.cases.models import Case, Report
from lexheller.cases.queries import case_of_id
from lexheller.cases.states import CaseStatus
from lexheller.casework import closing, describing, handing_over
from lexheller.casework.publishing_cases import PublicTexts, publish, withdraw_publication
from lexheller.check.promises import broken_promises
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.intake import occurrences, service, similar
from lexheller.intake.occurrences import count_occurrence
from lexheller.intake.once import SentAsOccurrence, SentAsReport
from lexheller.intake.similar import resembling
from lexheller.messaging.models import Message
from lexheller.web.limits import Limit
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.cast.traces import counts, everything
from tests.integration.intake.following import events, hidden_fields, words
from tests.integration.intake.test_identity_numbers_stopped import NUMBER, TEXT, assert_nowhere

FORM = f"/anmal/{HOME}"
SUMMARY = "Kontoret hänvisar till webben och webben tillbaka till kontoret. Ingen svarar i telefonen."
LIKE_IT = "Webben hänvisade till kontoret, kontoret till webben, och i telefonen svarade ingen."
UNLIKE = "Blanketten fanns bara på engelska."
CODE = 'id="receipt-code"'


def share(stage, case, summary=SUMMARY):
    def shared(cast):
        row = case_of_id(case.id)
        describing.share_summary(cast.person("samordnare", case.slug), row, summary, seen=row.version)

    stage.ask(shared)


@pytest.fixture
def shared(stage):
    """A case that others are shown a summary of."""
    case = stage.case(CaseStatus.ASSIGNED, what_happened="Anmälarens egna ord som ingen annan får läsa.")
    share(stage, case)
    return case


def file_report(visitor, what_happened=LIKE_IT, **values):
    visitor.get(FORM)
    return visitor.post(FORM, {"what_happened": what_happened, **values})


def choose(visitor, button, value="1", **changes):
    """Press one of the buttons of the page in between."""
    data = {**hidden_fields(visitor.text), button: str(value), **changes}
    visitor.last = visitor.client.post(FORM, data=data, follow_redirects=True)
    return visitor.last


def stored(app):
    found = counts(app)
    return found["report"], found["occurrence"]


def test_what_resembles_is_shown_before_anything_is_stored(app, stage, visitor, shared):
    before = counts(app)
    file_report(visitor)
    assert visitor.last.status_code == 200
    assert shared.number in words(visitor)
    assert SUMMARY in words(visitor)
    assert "Ja, det hände oss också" in words(visitor)
    assert "Nej, skicka min anmälan" in words(visitor)
    assert "egna ord" not in visitor.text
    assert counts(app) == before


def test_nothing_is_shown_when_nothing_resembles(app, visitor, shared):
    file_report(visitor, UNLIKE)
    assert CODE in visitor.text
    assert stored(app) == (2, 0)


@pytest.mark.parametrize("status", list(CaseStatus))
def test_a_shared_case_of_any_status_is_shown(stage, visitor, status):
    share(stage, stage.case(status))
    file_report(visitor)
    assert "Ja, det hände oss också" in words(visitor)


def test_at_most_three_are_shown(stage, visitor):
    for _ in range(5):
        share(stage, stage.case(CaseStatus.UNROUTED))
    file_report(visitor)
    assert words(visitor).count("Ja, det hände oss också") == 3


def test_p15_a_case_of_another_federation_is_neither_shown_nor_counted_on(app, stage, visitor):
    foreign = stage.case(CaseStatus.ASSIGNED, ELSEWHERE)
    share(stage, foreign)
    file_report(visitor)
    assert CODE in visitor.text
    share(stage, stage.case())
    file_report(visitor)
    before = counts(app)
    choose(visitor, "occurrence", foreign.id)
    assert visitor.last.status_code == 422
    assert LIKE_IT in visitor.text
    assert counts(app) == before


PUBLISHED = PublicTexts("Hänvisad fram och tillbaka", SUMMARY, "Lotsen finns.")


def test_what_the_office_published_is_compared_too_without_the_cases_number(app, stage, visitor):
    case = stage.case(CaseStatus.ANSWERED, what_happened="Anmälarens egna ord.")
    stage.ask(lambda cast: publish(cast.coordinator, case_of_id(case.id), PUBLISHED))
    elsewhere = stage.case(CaseStatus.ANSWERED, ELSEWHERE)
    stage.ask(lambda cast: publish(cast.outsider, case_of_id(elsewhere.id), PUBLISHED))
    file_report(visitor)
    assert words(visitor).count("Ja, det hände oss också") == 1
    assert PUBLISHED.heading in words(visitor) and SUMMARY in words(visitor)
    assert case.number not in words(visitor)
    choose(visitor, "occurrence", case.id)
    assert "Tack! Nu vet vi att det har hänt er också." in words(visitor)
    assert PUBLISHED.heading in words(visitor)
    assert case.number not in words(visitor)
    assert stored(app) == (2, 1)


def test_what_was_taken_down_again_is_not_shown(app, stage, visitor):
    case = stage.case(CaseStatus.ANSWERED)
    stage.ask(lambda cast: publish(cast.coordinator, case_of_id(case.id), PUBLISHED))
    stage.ask(lambda cast: withdraw_publication(cast.coordinator, case_of_id(case.id), "Fel.", seen=1))
    file_report(visitor)
    assert CODE in visitor.text


def test_a_case_both_summed_up_and_published_is_shown_once(stage, visitor):
    case = stage.case(CaseStatus.ANSWERED)
    stage.ask(lambda cast: publish(cast.coordinator, case_of_id(case.id), PUBLISHED))
    share(stage, case)
    file_report(visitor)
    assert words(visitor).count("Ja, det hände oss också") == 1
    assert case.number in words(visitor)


def test_on_a_merged_case_it_is_counted_where_that_went_on(stage, visitor, shared):
    other = stage.case(CaseStatus.ASSIGNED)

    def merge(cast):
        case = case_of_id(shared.id)
        closing.merge(cast.coordinator, case, case_of_id(other.id), seen=case.version)

    stage.ask(merge)
    file_report(visitor)
    choose(visitor, "occurrence", shared.id)
    assert "Tack! Nu vet vi att det har hänt er också." in words(visitor)
    assert stage.ask(lambda _cast: db.session.scalars(db.select(Occurrence.case_id)).all()) == [other.id]


@pytest.mark.parametrize("merged", [False, True])
def test_what_went_to_another_federation_is_not_shown_and_not_counted_on(app, stage, visitor, shared, merged):
    def hand_over(cast):
        case = case_of_id(shared.id)
        if merged:
            target = cast.reach(CaseStatus.ASSIGNED)
            closing.merge(cast.coordinator, case, target, seen=case.version)
            case = target
        there = cast.federation(ELSEWHERE)
        offer = handing_over.offer(cast.coordinator, case, there, "Skäl.", "Till anmälaren.", seen=case.version)
        handing_over.take_over(cast.outsider, offer)

    stage.ask(hand_over)
    before = stored(app)
    file_report(visitor)
    assert CODE in visitor.text
    assert stored(app) == (before[0] + 1, 0)
    with app.app_context():
        assert similar.shared_case(Cast(app).federation().id, shared.id) is None


def test_p05_the_office_hears_of_it_once_a_day_and_what_is_held_is_said_as_that(stage, shared):
    def count(cast, **changes):
        count_occurrence(cast.federation(), cast.submission(what_happened=LIKE_IT, **changes), shared.id)

    def told(_cast):
        kinds = ("intake.happened_again", "casework.text_held")
        return sorted(db.session.scalars(db.select(Message.kind).where(Message.kind.in_(kinds))))

    for _time in range(2):
        stage.ask(count)
    assert stage.ask(told) == ["intake.happened_again"]
    stage.ask(lambda cast: count(cast, consequence="Anna Svensson svarade inte.", looked=True))
    assert stage.ask(told) == ["casework.text_held", "intake.happened_again"]


def test_a_summary_that_was_taken_back_is_not_shown(app, stage, visitor, shared):
    share(stage, shared, "")
    file_report(visitor)
    assert CODE in visitor.text


def test_yes_counts_an_occurrence_and_says_what_happens_next(app, stage, visitor, shared):
    with app.app_context():
        place = str(Cast(app).submission().municipality_id)
        work = str(Cast(app).organisation("Försäkringskassan").id)
        before = db.session.get_one(Case, shared.id).version
    file_report(visitor, municipality=place, reporting_organisation=work, consequence="Väntade två månader.")
    choose(visitor, "occurrence", shared.id)
    assert visitor.last.request.path == f"{FORM}/raknad"
    assert "Tack! Nu vet vi att det har hänt er också." in words(visitor)
    assert shared.number in words(visitor)
    assert LIKE_IT not in visitor.text
    with app.app_context():
        row = db.session.scalars(db.select(Occurrence)).one()
        assert (row.case_id, str(row.municipality_id)) == (shared.id, place)
        assert str(row.reporting_organisation_id) == work
        assert row.what_happened == f"{LIKE_IT}\n\nVäntade två månader."
        case = db.session.get_one(Case, shared.id)
        assert (case.status, case.version) == (CaseStatus.ASSIGNED, before), "nobody's answer becomes a conflict"
        assert broken_promises() == []
    (data,) = events(stage, "case.occurrence_counted")
    assert LIKE_IT not in str(data)
    assert stored(app) == (1, 1)


def test_no_stores_the_report_with_all_that_was_written(app, visitor, shared):
    with app.app_context():
        cast = Cast(app)
        unit = cast.unit("Arbetsförmedlingen")
        values = {
            "reporting_organisation": str(cast.organisation("Försäkringskassan").id),
            "concerned_organisation": str(cast.organisation("Arbetsförmedlingen").id),
            "municipality": str(cast.submission().municipality_id),
            "concerned_unit": str(unit.id),
            "consequence": "Rad ett\r\nrad två <b>& tre</b>",
            "done_at_once": "Ringde.",
            "proposal": "\"Citat\" och 'annat'",
            "reporter_email": "anna@habo.example",
            "stay_unknown": "y",
        }
    file_report(visitor, **values)
    choose(visitor, "send")
    assert CODE in visitor.text
    with app.app_context():
        report = db.session.scalars(db.select(Report).where(Report.id != 1)).one()
        case = db.session.scalars(db.select(Case).where(Case.report_id == report.id)).one()
        assert report.what_happened == LIKE_IT
        assert report.consequence == "Rad ett\nrad två <b>& tre</b>"
        assert (report.done_at_once, report.proposal) == ("Ringde.", "\"Citat\" och 'annat'")
        assert str(case.reporting_organisation_id) == values["reporting_organisation"]
        assert str(case.concerned_organisation_id) == values["concerned_organisation"]
        assert str(case.municipality_id) == values["municipality"]
        assert str(case.concerned_unit_id) == values["concerned_unit"]
        contact = service.ReporterContact
        found = db.session.scalars(db.select(contact).where(contact.report_id == report.id)).one()
        assert (found.email, found.stay_unknown) == ("anna@habo.example", True)
    assert stored(app) == (2, 0)


def test_change_shows_the_form_again_with_all_that_was_written(app, visitor, shared):
    file_report(visitor, consequence="Följden.", reporter_email="anna@habo.example", stay_unknown="y")
    before = counts(app)
    choose(visitor, "change")
    assert visitor.last.status_code == 200
    for kept in (LIKE_IT, "Följden.", "anna@habo.example", "data-draft-sent-back"):
        assert kept in visitor.text
    assert re.search(r'<input[^>]*checked[^>]*name="stay_unknown"', visitor.text)
    assert counts(app) == before


def test_p01_a_resend_either_way_is_the_one_thing_it_became(app, visitor, new_visitor, shared):
    file_report(visitor)
    between = visitor.last
    choose(visitor, "occurrence", shared.id)
    once = stored(app)
    for button, value in (("occurrence", shared.id), ("send", 1)):
        visitor.last = between
        choose(visitor, button, value)
        assert "Nu vet vi att det har hänt er också" in words(visitor)
        assert stored(app) == once
    other = new_visitor()
    file_report(other)
    between = other.last
    choose(other, "send")
    once = stored(app)
    for button, value in (("send", 1), ("occurrence", shared.id)):
        other.last = between
        choose(other, button, value)
        assert CODE in other.text
        assert stored(app) == once


def test_p01_the_form_sent_again_after_it_was_stored_asks_nothing(app, visitor, shared):
    values = {"submission_id": str(uuid.uuid4())}
    file_report(visitor, **values)
    choose(visitor, "send")
    assert stored(app) == (2, 0)
    file_report(visitor, **values)
    assert CODE in visitor.text
    assert stored(app) == (2, 0)


def test_p01_a_made_up_submission_id_is_replaced_and_rides_along(app, visitor, shared):
    file_report(visitor, submission_id="' OR 1=1")
    between = visitor.last
    choose(visitor, "occurrence", shared.id)
    visitor.last = between
    choose(visitor, "occurrence", shared.id)
    assert stored(app) == (1, 1)


def test_p01_both_ways_at_once_are_one_thing(app, stage, shared):
    with app.app_context():
        same = Cast(app).submission()
    gate, found, problems = threading.Barrier(10), [], []

    def send(position):
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    federation = Cast(app).federation()
                    if position % 2:
                        found.append(("occurrence", count_occurrence(federation, same, shared.id).id))
                    else:
                        found.append(("report", service.submit(federation, same).id))
            except SentAsReport as sent:
                found.append(("report", sent.case.id))
            except SentAsOccurrence as sent:
                found.append(("occurrence", sent.occurrence.id))
            except Exception as problem:
                problems.append(repr(problem))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send, args=(position,)) for position in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(found) == 10
    assert len(set(found)) == 1
    assert sum(stored(app)) == 2


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "999999", "9" * 30, "\x00", "1e3"])
def test_p22_a_made_up_case_is_told_and_the_text_is_kept(app, visitor, shared, value):
    file_report(visitor)
    before = counts(app)
    choose(visitor, "occurrence", value)
    assert visitor.last.status_code == 422
    assert LIKE_IT in visitor.text
    assert "texten finns kvar" in words(visitor)
    assert counts(app) == before


def test_p02_a_lost_session_shows_the_form_again_with_the_text(app, visitor, shared):
    file_report(visitor)
    before = counts(app)
    visitor.client.delete_cookie("lexheller")
    choose(visitor, "occurrence", shared.id)
    assert visitor.last.status_code == 422
    assert LIKE_IT in visitor.text
    assert counts(app) == before


def test_p02_p32_a_database_that_goes_away_keeps_the_text_on_the_page(app, visitor, shared, monkeypatch):
    file_report(visitor)
    before = counts(app)

    def gone(*_args, **_kwargs):
        raise OperationalError("INSERT", {}, Exception("connection lost"))

    monkeypatch.setattr(occurrences.door, "take", gone)
    choose(visitor, "occurrence", shared.id)
    assert visitor.last.status_code == 503
    assert LIKE_IT in visitor.text
    assert counts(app) == before


def test_p23_an_identity_number_is_stopped_before_anything_is_compared(app, visitor, tmp_path, printed, shared):
    before = counts(app)
    file_report(visitor, f"{LIKE_IT} {TEXT.format(number=NUMBER)}")
    assert visitor.last.status_code == 422
    assert "Ja, det hände oss också" not in words(visitor)
    file_report(visitor)
    choose(visitor, "occurrence", shared.id, what_happened=TEXT.format(number=NUMBER))
    assert visitor.last.status_code == 422
    assert NUMBER not in words(visitor)
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


def test_p23_the_verb_refuses_what_gets_past_the_form(app, stage, shared):
    def through_the_verb(cast):
        with pytest.raises(InvalidInput) as refused:
            count_occurrence(cast.federation(), cast.submission(proposal=TEXT.format(number=NUMBER)), shared.id)
        assert refused.value.field == "what_happened"

    before = counts(app)
    stage.ask(through_the_verb)
    assert counts(app) == before


def test_markup_in_summary_and_text_is_text(app, stage, visitor):
    evil = "<script>alert('kontoret webben telefonen')</script>"
    share(stage, stage.case(), f"{SUMMARY} {evil}")
    file_report(visitor, f"{LIKE_IT} {evil}")
    assert evil not in visitor.text
    choose(visitor, "send")
    assert CODE in visitor.text
    assert "<script>alert('kontoret" in everything(app)


def test_the_thank_you_page_is_this_browsers_alone(visitor, new_visitor, shared):
    file_report(visitor)
    choose(visitor, "occurrence", shared.id)
    other = new_visitor()
    other.get(f"{FORM}/raknad")
    assert shared.number not in other.text
    visitor.get(f"/anmal/{ELSEWHERE}/raknad")
    assert shared.number not in visitor.text


def test_looking_for_what_resembles_is_limited(app, visitor, shared, monkeypatch):
    monkeypatch.setattr("lexheller.intake.views.REPORTS", Limit("reports_in_a_test", "2 per minute"))
    statuses = [file_report(visitor).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert LIKE_IT in visitor.text


def test_only_the_newest_are_compared(app, stage, monkeypatch):
    first, second = stage.case(CaseStatus.UNROUTED), stage.case(CaseStatus.UNROUTED)
    share(stage, first)
    share(stage, second)
    monkeypatch.setattr(similar, "MOST_COMPARED", 1)

    def found(cast):
        return [row.case_id for row in resembling(cast.federation().id, cast.submission(what_happened=LIKE_IT))]

    assert stage.ask(found) == [second.id]

"""A Swedish identity number in any text field is stopped, said where, and is nowhere afterwards (P23)."""

import datetime
import re

import pytest
from itsdangerous import base64_decode

from lexheller.actions.models import ActionStatus
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import answering, closing, describing
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.intake.service import submit
from tests.cast.people import HOME, Cast
from tests.cast.traces import counts, everything

NUMBER = "19811228-9874"
COORDINATION = "701063-2391"
WRITTEN = [NUMBER, "811228-9874", "198112289874", "811228 9874", COORDINATION, "1981-12-28-9874"]
TEXT = "Vi ringde om {number} i tisdags."
FORM = f"/anmal/{HOME}"
REPORT_FIELDS = ["what_happened", "consequence", "done_at_once", "proposal", "reporter_email"]


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def assert_nowhere(app, tmp_path, printed, visitor, number: str) -> None:
    """Not in the database, the log, the mail folder, the cookies or the address."""
    core = digits(number)[-10:]
    places = {"database": everything(app)}
    places["log"] = printed()
    places["mail"] = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*.eml"))
    places["address"] = visitor.last.request.path + visitor.last.request.query_string.decode()
    cookie = visitor.client.get_cookie("lexheller")
    places["cookie"] = cookie.value if cookie else ""
    places["cookie inside"] = repr(base64_decode(places["cookie"].split(".")[0])) if cookie else ""
    for place, text in places.items():
        assert number not in text, place
        assert f"{core[:6]}-{core[6:]}" not in text, place
        assert core not in text, place


def said(visitor) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<textarea.*?</textarea>|<input[^>]*>|<[^>]+>", " ", visitor.text, flags=re.S))


def assert_said_where_without_repeating(visitor, number: str, where: str = "efter orden") -> None:
    assert visitor.last.status_code == 422
    assert "Ta bort personnumret" in said(visitor)
    assert where in said(visitor)
    assert number not in said(visitor)


@pytest.mark.parametrize("number", WRITTEN)
def test_p23_in_what_happened_however_it_is_written(app, visitor, tmp_path, printed, number):
    before = counts(app)
    visitor.get(FORM)
    visitor.post(FORM, {"what_happened": TEXT.format(number=number), "proposal": "Ring först."})
    assert_said_where_without_repeating(visitor, number)
    assert "Ring först." in visitor.text
    assert TEXT.format(number=number) in visitor.text
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, number)


@pytest.mark.parametrize("field", REPORT_FIELDS)
def test_p23_in_each_field_of_the_report(app, visitor, tmp_path, printed, field):
    before = counts(app)
    text = f"{digits(NUMBER)}@habo.example" if field == "reporter_email" else TEXT.format(number=NUMBER)
    visitor.get(FORM)
    visitor.post(FORM, {"what_happened": "Beskrivningen står kvar.", field: text})
    assert_said_where_without_repeating(visitor, NUMBER, "på rad 1" if field == "reporter_email" else "efter orden")
    if field != "what_happened":
        assert "Beskrivningen står kvar." in visitor.text
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


STEPS = [
    ("svara-{duty}", "uppdrag/{duty}/svara", "chef.af", "cause", {"steps_taken": "Vi gör om."}, {}),
    ("svara-{duty}", "uppdrag/{duty}/svara", "chef.af", "steps_taken", {"cause": "Vi gör om."}, {}),
    ("svara-{duty}", "uppdrag/{duty}/svara", "chef.af", "consequence", {"steps_taken": "Vi gör om."}, {}),
    ("svara-{duty}", "uppdrag/{duty}/svara", "chef.af", "follow_up", {"steps_taken": "Vi gör om."}, {}),
    ("svara-{duty}", "uppdrag/{duty}/svara", "chef.af", "cause", {"steps_taken": "Vi gör om."}, {"save": "1"}),
    ("svara-{duty}", "uppdrag/{duty}/svara", "chef.af", "follow_up", {"steps_taken": "Vi gör om."}, {"save": "1"}),
    ("skicka-tillbaka-{duty}", "uppdrag/{duty}/skicka-tillbaka", "chef.af", "reason", {}, {}),
    ("close", "avsluta", "samordnare", "conclusion", {"reason": "solved"}, {}),
    ("record_action", "atgard", "samordnare", "description", {"status": "done", "action_on": "2026-03-14"}, {}),
]


@pytest.mark.parametrize(("form", "path", "part", "field", "others", "button"), STEPS)
def test_p23_in_each_text_of_the_case_page(
    app, stage, visitor, tmp_path, printed, form, path, part, field, others, button
):
    case = stage.case(CaseStatus.ACCEPTED)
    duty = stage.ask(lambda cast: cast.duty(db.session.get_one(Case, case.id)).id)
    form, path = form.format(duty=duty), path.format(duty=duty)
    visitor.sign_in(part)
    visitor.get(case.path)
    before = counts(app)
    if form == "record_action":
        others = {**others, "type": re.search(r'value="(\d+)"[^>]*>Information till berörda chefer', visitor.text)[1]}
    page = visitor.text
    data = {f"{form}-{name}": value for name, value in {**others, field: TEXT.format(number=NUMBER)}.items()}
    visitor.last = visitor.client.post(f"{case.path}/{path}", data={**data, **button, **tokens(page, form)})
    assert_said_where_without_repeating(visitor, NUMBER)
    for value in others.values():
        assert value in visitor.text
    assert counts(app) == before
    assert_nowhere(app, tmp_path, printed, visitor, NUMBER)


def tokens(page: str, form: str) -> dict[str, str]:
    found = {}
    for name in (f"{form}-csrf_token", f"{form}-version"):
        found[name] = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]
    return {**found, "csrf_token": found[f"{form}-csrf_token"]}


@pytest.mark.parametrize("field", REPORT_FIELDS)
def test_p23_the_verb_refuses_what_gets_past_every_form(app, context, field):
    cast = Cast(app)
    before = counts(app)
    with pytest.raises(InvalidInput) as refused, transaction():
        submit(cast.federation(), cast.submission(**{field: TEXT.format(number=NUMBER)}))
    assert refused.value.field == field
    assert digits(NUMBER)[-10:] not in digits(str(refused.value))
    assert counts(app) == before


def verbs(cast: Cast, case: Case, text: str):
    duty = cast.duty(case)
    manager, seen = cast.manager_of(duty), {"seen": duty.version}
    answer = {"cause": "", "steps_taken": "Vi gör om.", "consequence": "", "follow_up": ""}
    yield "cause", lambda: answering.answer(manager, case, duty, {**answer, "cause": text}, **seen)
    yield "steps_taken", lambda: answering.answer(manager, case, duty, {**answer, "steps_taken": text}, **seen)
    yield "follow_up", lambda: answering.save_draft(manager, case, duty, {**answer, "follow_up": text}, **seen)
    yield "reason", lambda: answering.send_back(manager, case, duty, text, **seen)
    yield (
        "conclusion",
        lambda: closing.close(cast.coordinator, case, CloseReason.SOLVED, text, seen=case.version),
    )
    yield "description", lambda: describing.record_action(
        cast.coordinator, case, type=None, description=text, status=ActionStatus.DONE,
        action_on=datetime.date(2026, 1, 2), seen=case.version,
    )  # fmt: skip


def test_p23_no_verb_of_the_case_takes_one(app, context):
    cast = Cast(app)
    case = cast.reach(CaseStatus.ACCEPTED)
    case_id = case.id
    before = counts(app)
    for field, verb in list(verbs(cast, case, TEXT.format(number=NUMBER))):
        with pytest.raises(InvalidInput) as refused, transaction():
            verb()
        assert refused.value.field == field
        case = db.session.get_one(Case, case_id)
    assert counts(app) == before


def test_p23_what_only_looks_like_a_number_is_no_obstacle(app, visitor):
    visitor.get(FORM)
    text = "Dnr 2024:11 / 3, ring 036-10 50 00, ärende 123456-7890 den 2024-03-12 kl 14.30."
    visitor.post(FORM, {"what_happened": text, "looked": "y"})
    assert 'id="receipt-code"' in visitor.text

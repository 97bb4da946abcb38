"""Bad input to the form gets plain words in the visitor's language, and nothing is stored by half (P22)."""

import json
import re

import pytest

from lexheller.cases.models import Report, ReporterContact
from lexheller.core.db import db
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.cast.traces import counts

FORM = f"/anmal/{HOME}"
CODE = 'id="receipt-code"'


def words(visitor) -> str:
    """What stands on the page, without its markup."""
    body = visitor.text[visitor.text.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def token(visitor) -> str:
    visitor.get(FORM)
    return re.search(r'name="csrf_token"[^>]*value="([^"]*)"', visitor.text)[1]


def stored(app) -> Report:
    with app.app_context():
        return db.session.scalars(db.select(Report)).one()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"what_happened": ""}, "Berätta vad som hände"),
        ({"what_happened": " \t\r\n "}, "Berätta vad som hände"),
        ({"what_happened": "\x00\x01\x1f"}, "Berätta vad som hände"),
        ({"what_happened": "a" * 5001}, "Texten är för lång"),
        ({"what_happened": "Hej.", "proposal": "å" * 5001}, "Texten är för lång"),
        ({"what_happened": "Hej.", "municipality": "999999"}, "Välj något av alternativen"),
        ({"what_happened": "Hej.", "concerned_organisation": "drop table"}, "Välj något av alternativen"),
        ({"what_happened": "Hej.", "reporting_organisation": "1e3"}, "Välj något av alternativen"),
        ({"what_happened": "Hej.", "reporter_email": "anna"}, "Adressen ser inte hel ut"),
        ({"what_happened": "Hej.", "reporter_email": "a@b@c.se"}, "Adressen ser inte hel ut"),
        ({"what_happened": "Hej.", "reporter_email": "a@b.se\r\nBcc: x@y.se"}, "Adressen ser inte hel ut"),
        ({"what_happened": "Hej.", "reporter_email": "å@habo.se"}, "Adressen ser inte hel ut"),
        ({"what_happened": "Hej.", "reporter_email": "a" * 250 + "@habo.se"}, "Adressen är för lång"),
    ],
)
def test_p22_a_wrong_value_is_told_in_words_and_nothing_is_stored(app, visitor, values, said):
    before = counts(app)
    visitor.get(FORM)
    visitor.post(FORM, values)
    assert visitor.last.status_code == 422
    assert said in words(visitor)
    assert "<title>Fel:" in re.sub(r"\s+", " ", visitor.text).replace("<title> ", "<title>")
    assert counts(app) == before


def test_p22_an_english_visitor_is_answered_on_an_english_page(app, visitor):
    before = counts(app)
    visitor.get(f"{FORM}?lang=en")
    visitor.post(FORM, {"what_happened": "Hello.", "municipality": "999"})
    assert visitor.last.status_code == 422
    assert '<html lang="en"' in visitor.text
    assert counts(app) == before


def test_the_longest_text_that_is_allowed_is_stored_whole(app, visitor):
    text = "å" * 2500 + "\r\n" * 50 + "ä" * 2450
    visitor.get(FORM)
    visitor.post(FORM, {"what_happened": text})
    assert CODE in visitor.text
    assert stored(app).what_happened == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }} ${7*7}", "=1+1|cmd"]
)
def test_markup_is_text_and_stays_what_it_is(app, visitor, text):
    visitor.get(FORM)
    visitor.post(FORM, {"what_happened": text, "reporter_email": "fel"})
    assert visitor.last.status_code == 422
    assert text not in visitor.text or "<" not in text
    visitor.post(FORM, {"what_happened": text})
    assert CODE in visitor.text
    assert stored(app).what_happened == text


def test_control_characters_are_left_out_and_the_rest_is_kept(app, visitor):
    visitor.get(FORM)
    visitor.post(
        FORM, {"what_happened": "Ett\x00 \x1b[31mord\x07\r\noch\tett till\x85", "reporter_email": "a\x00@habo.se"}
    )
    assert CODE in visitor.text
    assert stored(app).what_happened == "Ett [31mord\noch\tett till"
    with app.app_context():
        assert db.session.scalars(db.select(ReporterContact.email)).one() == "a@habo.se"


@pytest.mark.parametrize(
    "raw", [b"V%E5rdcentralen svarar inte", b"\xe5\xe4\xf6 i fel kodning", b"%ED%A0%80 halvt tecken", b"%F8%88"]
)
def test_p22_another_encoding_is_told_instead_of_stored_damaged(app, visitor, raw):
    before = counts(app)
    body = b"csrf_token=" + token(visitor).encode() + b"&reporting_organisation=&concerned_organisation=&municipality="
    visitor.last = visitor.client.post(
        FORM, data=body + b"&what_happened=" + raw, content_type="application/x-www-form-urlencoded"
    )
    assert visitor.last.status_code == 422
    assert "gick inte att läsa" in words(visitor)
    assert counts(app) == before


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("field", ["what_happened", "other"])
def test_p22_a_body_of_a_megabyte_gets_a_page_in_words(app, visitor, language, field):
    before = counts(app)
    sign = token(visitor)
    visitor.last = visitor.client.post(f"{FORM}?lang={language}", data={"csrf_token": sign, field: "x" * 1_000_001})
    assert visitor.last.status_code == 413
    assert f'<html lang="{language}"' in visitor.text
    if language == "sv":
        assert "Det du skickade är för stort" in words(visitor)
    assert counts(app) == before


@pytest.mark.parametrize(
    "path", ["/anmal/finns-inte", "/anmal/%00", "/anmal/SODRA-VATTERBYGDEN", "/anmal/" + "x" * 3000]
)
def test_p22_an_unknown_federation_is_a_404_in_words(app, visitor, path):
    for answer in (visitor.client.get(path), visitor.client.post(path, data={"what_happened": "Hej."})):
        assert answer.status_code == 404
        assert "Sidan finns inte" in answer.get_data(as_text=True)


def test_p15_a_choice_of_another_federation_is_refused(app, visitor):
    before = counts(app)
    with app.app_context():
        foreign = Cast(app).organisation("Samverkansteam Finnveden", ELSEWHERE).id
    for field in ("concerned_organisation", "reporting_organisation"):
        visitor.get(FORM)
        visitor.post(FORM, {"what_happened": "Hej.", field: str(foreign)})
        assert visitor.last.status_code == 422
        assert "Välj något av alternativen" in words(visitor)
    assert counts(app) == before


def test_repeated_fields_are_one_report(app, visitor):
    sign = token(visitor)
    visitor.last = visitor.client.post(
        FORM,
        data={
            "csrf_token": [sign, "x"],
            "what_happened": ["Det första.", "Det andra."],
            "municipality": ["", "999"],
            "concerned_organisation": ["", ""],
            "reporting_organisation": "",
            "submission_id": ["", "x"],
        },
        follow_redirects=True,
    )
    assert CODE in visitor.text
    assert stored(app).what_happened == "Det första."


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps({"what_happened": "Hej."})),
        ("text/plain", "what_happened=Hej."),
        ("multipart/form-data", "what_happened=Hej."),
        ("multipart/form-data; boundary=x", "--y\r\nnonsense"),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="what_happened"; filename="a.exe"\r\n\r\nMZ\r\n--x--',
        ),
        ("application/x-www-form-urlencoded; charset=utf-16", "what_happened=Hej."),
        ("", ""),
        ("å/ä", b"\xff\xfe"),
    ],
)
def test_p22_a_wrong_content_type_is_no_report_and_no_fault_of_ours(app, visitor, content_type, body):
    before = counts(app)
    visitor.last = visitor.client.post(FORM, data=body, headers={"Content-Type": content_type})
    assert 400 <= visitor.last.status_code < 500
    assert "<h1" in visitor.text
    assert counts(app) == before


@pytest.mark.parametrize(
    "query",
    [
        "endpoint=1",
        "_scheme=x",
        "_external=1",
        "_method=GET",
        "_anchor=x",
        "values=1",
        "self=1",
        "lang=xx",
        "lang=%00",
        "federation=finnveden",
    ],
)
def test_p22_no_query_upsets_a_page_or_its_language_links(visitor, query):
    for path in ("/", FORM, "/kvitto", "/logga-in", "/finns-inte"):
        answer = visitor.client.get(f"{path}?{query}")
        assert answer.status_code in {200, 404}
        assert f'href="{path}?' in answer.get_data(as_text=True)


def test_a_language_link_never_leaves_the_site(visitor):
    answer = visitor.client.get("http://localhost//elak.example/x")
    assert 'href="//' not in answer.get_data(as_text=True)


def test_a_wrong_method_says_which_are_right(visitor):
    answer = visitor.client.put(FORM)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))

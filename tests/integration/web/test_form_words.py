"""What a form that is sent back says: our own words in both languages, and never those of the libraries beneath."""

import re

import pytest

from tests.cast.databases import on_sqlite

pytestmark = on_sqlite
FORM, RECEIPT = "/anmal/sodra-vatterbygden", "/kvitto"
TOO_OLD = {
    "sv": "Sidan hade varit öppen för länge. Tryck på knappen en gång till, så skickas det.",
    "en": "The page had been open for too long. Press the button once more and it will be sent.",
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("sent", [{}, {"csrf_token": "gammal"}], ids=["missing", "expired"])
def test_a_lost_token_is_said_in_words_and_the_text_is_kept(visitor, language, sent):
    page = visitor.client.post(f"{FORM}?lang={language}", data={**sent, "what_happened": "Ingen svarade i telefon."})
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert TOO_OLD[language] in text
    assert "Ingen svarade i telefon." in text
    assert "CSRF" not in text


def test_after_a_lost_token_the_button_sends(visitor):
    visitor.last = visitor.client.post(FORM, data={"what_happened": "Ingen svarade i telefon."})
    visitor.post(FORM, {"what_happened": "Ingen svarade i telefon."})
    assert "Tack! Din anmälan har kommit fram." in visitor.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_lost_token_on_the_receipt_page(visitor, language):
    page = visitor.client.post(f"{RECEIPT}?lang={language}", data={"code": "K7QF-3XMP-9TRA"})
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert TOO_OLD[language] in text
    assert "K7QF-3XMP-9TRA" in text.partition("<form")[2]
    assert "CSRF" not in text


@pytest.mark.parametrize(
    ("path", "sent", "words"),
    [
        (FORM, {"what_happened": "x" * 5001}, ("Högst 5000 tecken får plats", "room for at most 5000 characters")),
        (FORM, {"what_happened": "Text.", "municipality": "999999"}, ("Välj något av alternativen", "Choose one of")),
        (FORM, {"what_happened": ""}, ("Berätta vad som hände.", "Tell us what happened.")),
        (FORM, {"what_happened": "Text.", "reporter_email": "namn@"}, ("Adressen ser inte hel ut", "look complete")),
        (RECEIPT, {"code": "x" * 61}, ("Högst 60 tecken får plats", "room for at most 60 characters")),
        (RECEIPT, {"code": ""}, ("Skriv kvittokoden", "Enter the receipt code")),
        ("/logga-in", {"email": "a" * 255, "password": "b"}, ("Högst 254 tecken", "at most 254 characters")),
        ("/logga-in", {"email": "", "password": ""}, ("Skriv din e-postadress.", "Enter your email address.")),
    ],
)
def test_the_checks_of_open_forms_speak_our_words(visitor, path, sent, words):
    for language, said in zip(("sv", "en"), words, strict=True):
        visitor.get(f"{path}?lang={language}")
        page = visitor.post(f"{path}?lang={language}", sent)
        assert page.status_code == 422
        assert said in visitor.text
        assert not re.search(r"This field|Not a valid|Field (must|cannot)|Invalid", visitor.text)


@pytest.mark.parametrize(
    ("step", "form", "sent", "words"),
    [
        ("atgard", "record_action", {"type": "999", "description": "Möte", "status": "odd", "action_on": "i går"},
         ("Välj något av alternativen.", "Choose one of the options.")),
        ("atgard", "record_action", {"type": "", "description": "Möte", "status": "done", "action_on": "2026-02-31"},
         ("Skriv datumet som år-månad-dag", "Write the date as year-month-day")),
        ("fordela", "assign", {"units": "999999"}, ("Välj något av alternativen.", "Choose one of the options.")),
        ("fraga-en-till", "add_party", {"unit": "999999"},
         ("Välj något av alternativen.", "Choose one of the options.")),
        ("overlamna", "offer_handover", {"to": "999999", "reason": "x", "text_to_reporter": "y"},
         ("Välj något av alternativen.", "Choose one of the options.")),
        ("avsluta", "close", {"conclusion": "x", "reason": "odd"},
         ("Välj något av alternativen.", "Choose one of the options.")),
        ("avsluta", "close", {"conclusion": "x" * 4001, "reason": "solved"},
         ("Högst 4000 tecken får plats", "room for at most 4000 characters")),
        ("uppgifter", "classify", {"theme": "999999", "municipality": "x"},
         ("Välj något av alternativen.", "Choose one of the options.")),
        ("avsluta", "close", {"conclusion": "x", "reason": "solved", "version": ""},
         ("Ladda om sidan och försök igen.", "Reload the page and try again.")),
    ],
)  # fmt: skip
def test_the_checks_of_the_desk_speak_our_words(new_visitor, stage, step, form, sent, words):
    case = stage.case()
    for language, said in zip(("sv", "en"), words, strict=True):
        person = new_visitor()
        person.sign_in("samordnare")
        person.get(f"{case.path}?lang={language}")
        page = person.post(f"{case.path}/{step}?lang={language}", sent, form=form)
        assert page.status_code == 422
        assert said in person.text
        assert not re.search(r"This field|Not a valid|Field (must|cannot)|Invalid", person.text)

"""Telephone numbers, e-mail and postal addresses, names: found where meant, and only there."""

import pytest

from lexheller.privacy.kinds import Certainty, Kind
from lexheller.privacy.scanner import scan


def marked(text: str, kind: Kind) -> list[str]:
    found = scan(text)
    assert all(each.certainty is Certainty.REVIEW and text[each.start : each.end] == each.text for each in found)
    return [each.text for each in found if each.kind is kind]


@pytest.mark.parametrize(
    "number",
    [
        "070-174 06 05",
        "0701-74 06 05",
        "+46 70 174 06 05",
        "+46 (0)70-174 06 05",
        "0046701740605",
        "036-10 50 00",
        "036/10 50 00",
        "08-465 004 12",
        "0370–123 45",
        "(036) 10 50 00",
        "+47 22 33 44 55",
    ],
)
def test_phones(number: str) -> None:
    assert marked(f"Ring {number} i dag.", Kind.PHONE) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Ring 1177, 112 eller 114 14.",
        "Möte 08.30-16.30 och 0930-1015.",
        "Den 01-02-2024 hände det.",
        "Dnr 0412/2024 och 2024:11 / 17",
        "Koordinat 57.0123456789",
        "Kundcenter 0771-524 524",
        "Hyran 07 000 kr",
    ],
)
def test_no_phones(text: str) -> None:
    assert scan(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "anna.karlsson@jonkoping.se",
        "åsa.öberg@värnamo.se",
        "anna (at) habo.se",
        "anna[at]habo[dot]se",
        "anna snabel-a habo.se",
        "a+b@x.co.uk",
    ],
)
def test_emails(address: str) -> None:
    assert marked(f"Skriv till {address}.", Kind.EMAIL) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "Storgatan 12B",
        "Lilla Vägen 3 lgh 1102",
        "Box 123",
        "S:t Olofsgatan 4",
        "Storgatan 5, 553 16 Jönköping",
        "553 16 Jönköping",
        "Olof Palmes gata 4",
        "Norra Strandgatan 5",
        "c/o Nilsson, Storgatan 5",
    ],
)
def test_addresses(address: str) -> None:
    assert marked(f"Skickat till {address}.", Kind.ADDRESS) == [address]


@pytest.mark.parametrize(
    "text", ["Enter 3 är full.", "På vägen in hände det.", "Väg 40 var stängd.", "Vi bor i Habo.", "Kontaktväg 2"]
)
def test_no_addresses(text: str) -> None:
    assert scan(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna ringde.", "Anna"),
        ("Vi pratade med Fatima i dag.", "Fatima"),
        ("Annas ansökan försvann.", "Annas"),
        ("Anna K. väntade.", "Anna K."),
        ("handläggare Karlsson sa nej", "Karlsson"),
        ("Dr Lindqvist skrev intyg.", "Lindqvist"),
        ("fru Andersson fick nej", "Andersson"),
        ("Amir Hodžić överklagade.", "Amir Hodžić"),
        ("Karl-Johan följde med.", "Karl-Johan"),
        ("anna karlsson kom", "anna karlsson"),
        ("ANNA KARLSSON HAR INTE SVARAT", "ANNA KARLSSON"),
        ("Per ringde i går.", "Per"),
        ("Mötet med Bo blev av.", "Bo"),
        ("Läs romanen av Joseph Heller.", "Joseph Heller"),
        ("Omar al-Hassan väntar.", "Omar al-Hassan"),
        ("Nilsson, Anna är sökande.", "Nilsson, Anna"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert marked(text, Kind.PERSON_NAME) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Per telefon gick det inte.",
        "Alla väntade på besked.",
        "Hans ansökan försvann.",
        "Dag för dag blev det värre.",
        "Lex Heller och Moment 22 hör ihop.",
        "Enter, NOVA och FIA i Jönköping, Habo, Eksjö och Vaggeryd.",
        "Personen har Downs syndrom eller Asperger.",
        "Koll på förmåga, IT-spåret, VerkSam och Samverkanskoppen.",
        "BankID, Teams och Freja fungerade inte i juni.",
        "Ett lex Sarah-ärende öppnades.",
        "Han går på Erik Dahlbergsgymnasiet.",
    ],
)
def test_no_names(text: str) -> None:
    assert scan(text) == []


FRAMES = (
    "{} gör de det.",
    "{}: så var det.",
    "{} ska vi höras.",
    "{} har ingen svarat.",
    "{} the office did not answer.",
)
ORDINARY = """Tillsammans Ännu Temana Tredjedelar Sådana Sjukskrevs Beskrev Granska Kvitto Människa
Desto Eventuell Frånvaro Tjugo
The That They What Which Whoever Their Without Within Otherwise Afterwards Nobody Answer Theme Request Caseworker"""


@pytest.mark.parametrize("word", ORDINARY.split())
def test_a_word_that_only_begins_a_sentence_is_no_name(word: str) -> None:
    """Words that end or are spelt as names do, in both languages that reports are written in."""
    assert [text for text in (frame.format(word) for frame in FRAMES) if scan(text)] == []


def test_a_name_after_such_a_word_is_found() -> None:
    assert marked("Tillsammans med Anna Svensson gick det.", Kind.PERSON_NAME) == ["Anna Svensson"]
    assert marked("The Anna Svensson I met has left.", Kind.PERSON_NAME) == ["Anna Svensson"]

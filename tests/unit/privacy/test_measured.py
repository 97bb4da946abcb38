"""The figures on texts written by somebody who had not seen the word lists, and on numbers that are no identities."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from stdnum import luhn

from lexheller.cli.measuring import measure_scan
from lexheller.privacy.kinds import Kind
from lexheller.privacy.measure import false_stops, measure, numbers_stopped
from lexheller.privacy.scanner import scan, stops

CORPORA = Path(__file__).parents[2] / "data" / "privacy"


@pytest.mark.parametrize("corpus", ["heldout2", "heldout3", "heldout4"])
def test_figures_on_texts_by_another_hand(corpus: str) -> None:
    figures = measure(CORPORA / f"{corpus}.jsonl", numbers=0)
    kinds = figures["kinds"]
    assert isinstance(kinds, dict)
    assert figures["clean_stopped"] == 0
    stopped = kinds[Kind.PERSONAL_IDENTITY_NUMBER.value]
    assert stopped["labels"] >= 4
    assert stopped["recall"] == stopped["precision"] == 1.0
    for figure in kinds.values():
        assert figure["recall"] >= 0.90
        assert figure["precision"] >= 0.80


def test_p23_numbers_that_are_no_identities_are_seldom_stopped() -> None:
    stopped, lines = false_stops(CORPORA / "clean_numbers.txt")
    assert lines >= 400
    assert stopped / lines <= 0.005


def test_p23_nearly_every_spelling_is_stopped_whole() -> None:
    assert numbers_stopped(3000) >= 0.995


def checked(nine: str) -> str:
    return nine + str(luhn.calc_check_digit(nine))


NUMBER = checked("850709980")
BORN, SERIAL = NUMBER[:6], NUMBER[6:]


@pytest.mark.parametrize(
    "spelled",
    [
        f"{BORN} ({SERIAL})",
        f"({BORN}) {SERIAL}",
        f"{BORN}[{SERIAL}]",
        f"{BORN}\u2019{SERIAL}",
        f"{BORN}`{SERIAL}",
        f"{BORN}&nbsp;{SERIAL}",
        f"{BORN}&#45;{SERIAL}",
        f"{BORN}&#x2D;{SERIAL}",
        f"<b>{BORN}</b>-{SERIAL}",
        f"{BORN}-**{SERIAL}**",
        f"{BORN}<br>{SERIAL}",
        f"{BORN}->{SERIAL}",
        f"{BORN}...{SERIAL}",
        f"{BORN}…{SERIAL}",
        f"{BORN}-\n\n{SERIAL}",
        f"född {BORN}, sista fyra {SERIAL}",
        f"{BORN} (sista fyra siffrorna: {SERIAL})",
        f"född 1985-07-09, {SERIAL}",
        f"{BORN}-{SERIAL}".replace("0", "O"),
        BORN + "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(sign)] for sign in SERIAL),
        ",".join(NUMBER),
        f"tel {NUMBER}",
        f"intyg_19{NUMBER}.pdf",
        f"anna.{NUMBER}@example.se",
        "000229-" + checked("000229123")[6:],
        "850709-T" + checked("850709180")[7:],
    ],
)
def test_p23_odd_spellings_are_stopped(spelled: str) -> None:
    assert stops(f"Det gäller {spelled} enligt akten.")


MOBILE = next(number for number in (checked(f"070315{serial}") for serial in range(400, 500)))
STAMP = next(
    f"{body}"
    for body in (f"202409{day}0{minute}" for day in range(10, 30) for minute in range(800, 860))
    if luhn.is_valid(body[2:])
)


def test_a_bare_mobile_among_phone_words_is_reviewed_not_stopped() -> None:
    for text in (f"Ring honom gärna, helst efter tre: {MOBILE}", f"073-123 45 67, {MOBILE}", f"{MOBILE} (mobil)"):
        assert [str(each.certainty) for each in scan(text) if each.text == MOBILE] == ["review"]
    assert [each.text for each in stops(f"Det gäller {MOBILE}.")] == [MOBILE]
    assert [each.text for each in stops(f"ring om personnummer {MOBILE}")] == [MOBILE]


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("Ring mamman om sonen {}", True),
        ("tel 036-10 20 30, eleven {}", True),
        ("Deltagaren {} nås inte på telefon", True),
        ("Ring mig, {} (pnr)", True),
        ("{} är hennes personnummer, ring mig", True),
        ("Ring klienten {}", False),
        ("telefonen till sonen är {}", False),
        ("Ring deltagaren på {}", False),
    ],
)
def test_p23_what_stands_beside_it_tells_a_mobile_from_an_identity_number(text: str, stopped: bool) -> None:
    assert [each.text for each in stops(text.format(MOBILE))] == [MOBILE] * stopped


def test_a_time_stamp_said_to_be_one_is_not_stopped() -> None:
    assert stops(f"loggad {STAMP}") == []
    assert [each.text for each in stops(f"Barnet {STAMP} saknas.")] == [STAMP]


def test_the_command_prints_figures_and_says_when_the_texts_are_missing(tmp_path: Path) -> None:
    told = CliRunner().invoke(measure_scan, ["--numbers", "20", "--json"])
    assert json.loads(told.output)["corpora"]["heldout2"]["kinds"]["person_name"]["labels"] > 100
    assert "hittade" in CliRunner().invoke(measure_scan, ["--numbers", "20"]).output
    missing = CliRunner().invoke(measure_scan, ["--folder", str(tmp_path)])
    assert missing.exit_code == 1
    assert "finns inte" in missing.output

"""The chapters' own sentences: what they say of none, some, all and what is hidden, alike in both languages."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from lexheller.action_reports import sentences_en, sentences_sv
from lexheller.action_reports.sentences_shapes import Part, Spread, Top

BOTH = [sentences_sv, sentences_en]


def functions(module: Any) -> dict[str, str]:
    found = inspect.getmembers(module, inspect.isfunction)
    return {name: str(inspect.signature(one)) for name, one in found if one.__module__ == module.__name__}


def test_both_languages_say_the_same_things() -> None:
    public = [{name: one for name, one in functions(module).items() if name[0] != "_"} for module in BOTH]
    assert public[0] == public[1]


@pytest.mark.parametrize(
    ("part", "swedish", "english"),
    [
        (Part(0, 17), "Ingen anmälan öppnades på nytt.", "No report was reopened."),
        (Part(6, 17), "Av 17 anmälningar öppnades på nytt sex.", "Of 17 reports, six were reopened."),
        (Part(17, 17), "Alla anmälningar öppnades på nytt.", "All reports were reopened."),
        (Part(None, 17), "", ""),
        (Part(0, 0), "", ""),
    ],
)
def test_reopened(part: Part, swedish: str, english: str) -> None:
    assert sentences_sv.reopened(part) == swedish
    assert sentences_en.reopened(part) == english


@pytest.mark.parametrize("module", BOTH)
@pytest.mark.parametrize("name", ["answers_in_time", "fed_back", "reopened", "not_solved"])
def test_what_is_hidden_or_has_no_whole_is_not_said(module: Any, name: str) -> None:
    assert [getattr(module, name)(part) for part in (Part(None, 17), Part(None, None), Part(0, 0))] == ["", "", ""]
    assert all(getattr(module, name)(part).endswith(".") for part in (Part(0, 17), Part(6, 17), Part(17, 17)))


@pytest.mark.parametrize(
    ("part", "swedish", "english"),
    [
        (
            Part(12, 17),
            "Enheterna lämnade 17 svar, och tolv av dem kom i tid.",
            "The units gave 17 answers, twelve of them in time.",
        ),
        (
            Part(20, 24),
            "Enheterna lämnade 24 svar, och 20 av dem kom i tid, det vill säga 83 procent.",
            "The units gave 24 answers, 20 of them in time, which is 83 per cent.",
        ),
        (
            Part(24, 24),
            "Enheterna lämnade 24 svar, och alla kom i tid.",
            "The units gave 24 answers, all of them in time.",
        ),
    ],
)
def test_answers_in_time_are_a_share_of_all_answers(part: Part, swedish: str, english: str) -> None:
    assert sentences_sv.answers_in_time(part) == swedish
    assert sentences_en.answers_in_time(part) == english


@pytest.mark.parametrize(("number", "total", "share"), [(0, 30, 0), (1, 900, 1), (899, 900, 99), (30, 30, 100)])
def test_none_and_all_have_their_own_percent(number: int, total: int, share: int) -> None:
    assert Part(number, total).percent == share
    assert Part(number, 19).percent is None


@pytest.mark.parametrize(
    ("spread", "swedish"),
    [
        (
            Spread(28.0, 35),
            "Hälften av de besvarade anmälningarna hade fått svar inom 28 dagar, och nio av tio inom 35 dagar.",
        ),
        (Spread(12.5, None), "Hälften av de besvarade anmälningarna hade fått svar inom 12,5 dagar."),
        (
            Spread(0.0, 2),
            "Hälften av de besvarade anmälningarna hade fått svar samma dag, och nio av tio inom två dagar.",
        ),
        (Spread(0.0, 0), "Hälften av de besvarade anmälningarna hade fått svar samma dag."),
        (Spread(1.0, 1), "Hälften av de besvarade anmälningarna hade fått svar inom en dag."),
        (Spread(None, None), ""),
    ],
)
def test_answer_times(spread: Spread, swedish: str) -> None:
    assert sentences_sv.answer_times(spread) == swedish


def test_who_has_most_and_who_shares_it() -> None:
    assert sentences_sv.most_concerned(Top(("AF",), 9, 17)) == "Flest anmälningar gäller AF: nio av 17."
    assert sentences_sv.most_concerned(Top(("AF", "FK"), 6, 17)) == "Flest anmälningar gäller AF och FK: sex vardera."
    assert sentences_en.most_themes(Top(("“SIP”",), 9)) == "Most common is “SIP”: nine."


@pytest.mark.parametrize("module", BOTH)
def test_names_without_numbers_say_why(module: Any) -> None:
    for measure in ("by_organisation", "by_reporting_organisation", "by_theme", "by_municipality"):
        assert module.only_names(measure, []) == ""
        assert "A, B" in module.only_names(measure, ["A", "B", "C"])


@pytest.mark.parametrize(
    ("total", "best", "swedish"),
    [
        (None, None, "Effekten av några få åtgärder bedömdes under året."),
        (0, None, "Ingen åtgärds effekt har bedömts under året."),
        (9, None, "Åtgärders effekt bedömdes nio gånger under året."),
        (9, 0, "Åtgärders effekt bedömdes nio gånger under året; ingen gång blev svaret att den hjälpte."),
        (9, 6, "Åtgärders effekt bedömdes nio gånger under året; sex gånger blev svaret att den hjälpte."),
        (9, 9, "Åtgärders effekt bedömdes nio gånger under året, alla gånger med svaret att den hjälpte."),
    ],
)
def test_effects(total: int | None, best: int | None, swedish: str) -> None:
    assert sentences_sv.effects(total, best) == swedish


@pytest.mark.parametrize("module", BOTH)
def test_faults_that_are_hidden_are_neither_few_nor_many(module: Any) -> None:
    said = module.faults(Part(None, 17), any_fault=True)
    assert said.endswith(".")
    assert not any(word in said for word in ("få", "flest", "few", "most", "17"))
    assert module.faults(Part(0, 17), any_fault=False) != said


def test_hiding_is_explained() -> None:
    assert "Tal från 1 till 4 visas inte" in sentences_sv.about_hiding(5)
    assert "Numbers from 1 to 4 are not shown" in sentences_en.about_hiding(5)


def test_the_time_to_send_is_of_those_that_were_sent() -> None:
    spread = Spread(2.0, None)
    assert sentences_sv.send_times(spread) == (
        "Hälften av de anmälningar som skickades till en enhet hade nått den inom två dagar."
    )
    assert sentences_en.send_times(spread) == (
        "Half of the reports that were sent to a unit had reached it within two days."
    )


def test_what_the_cut_off_shuts_out_is_what_happened_after_it_and_not_what_was_written_in_later() -> None:
    swedish = sentences_sv.counted_until(2024, "31 december 2024")
    english = sentences_en.counted_until(2024, "31 December 2024")
    assert "Det som hände senast då räknas, också när det skrevs in senare." in swedish
    assert "What happened by then is counted, also when it was written in later." in english
    assert "registrerats" not in swedish
    assert "registered" not in english

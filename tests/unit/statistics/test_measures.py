"""What is measured: each by a day that is published in words, and nothing by the words of another."""

from __future__ import annotations

from lexheller.action_reports import sentences_en, sentences_sv
from lexheller.statistics.measures import LISTS, MEASURES, Clock


def test_every_clock_decides_some_measure_and_has_words_in_both_languages() -> None:
    assert {one.clock for one in MEASURES.values()} == set(Clock)
    for said in (sentences_sv, sentences_en):
        assert set(said.WORDS.clocks) == {str(clock) for clock in Clock}


def test_what_is_open_on_the_cut_off_day_is_said_to_be_counted_then() -> None:
    assert MEASURES["actions_open"].clock is Clock.CUT_OFF
    assert MEASURES["open_at_year_end"].clock is Clock.YEAR_END


def test_no_two_measures_say_the_same() -> None:
    assert "themes_per_year" in MEASURES
    assert len({str(one.definition) for one in MEASURES.values()}) == len(MEASURES)


def test_every_list_is_a_measure() -> None:
    assert set(LISTS) <= set(MEASURES)

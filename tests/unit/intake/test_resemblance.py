"""When two texts are about the same thing: words decide, place adds, nothing is shown when nothing resembles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lexheller.intake.resemblance import ENOUGH, MOST_SHOWN, Sketch, most_alike, score, weights_of
from lexheller.intake.similar import stems_of

PHONE = "Ingen svarar i telefonen på kontoret och webben hänvisar tillbaka till kontoret."
SIP = "Vårdcentralen kallade inte till SIP fast personen var sjukskriven i ett år."
HOUSING = "Utan bostad fick personen ingen plats i arbetsträning, och utan arbetsträning ingen bostad."


def sketch(text: str, **place: int) -> Sketch:
    return Sketch(stems_of(text), **place)


KNOWN = [sketch(PHONE), sketch(SIP), sketch(HOUSING)]


def test_the_same_event_in_other_word_forms_is_found():
    assert most_alike(sketch("Kontorets telefon: de svarade aldrig, och webben hänvisade till kontoren."), KNOWN) == [0]
    assert most_alike(sketch("Ingen kallelse till SIP från vårdcentralen för en sjukskriven."), KNOWN) == [1]


def test_nothing_is_found_when_nothing_resembles():
    assert most_alike(sketch("Blanketten fanns bara på engelska."), KNOWN) == []
    assert most_alike(sketch(PHONE), []) == []
    assert most_alike(sketch(""), KNOWN) == []
    assert most_alike(sketch(PHONE), [sketch("")]) == []


def test_words_that_stand_everywhere_do_not_count():
    assert stems_of("och att det som den inte var till personen") == frozenset()


def test_the_same_place_alone_is_no_resemblance():
    written = sketch("Blanketten fanns bara på engelska.", organisation_id=1, municipality_id=2, theme_id=3)
    assert most_alike(written, [sketch(PHONE, organisation_id=1, municipality_id=2, theme_id=3)]) == []


def test_the_same_place_decides_between_equal_words():
    known = [sketch(PHONE), sketch(PHONE, organisation_id=1), sketch(PHONE, organisation_id=1, municipality_id=2)]
    assert most_alike(sketch(PHONE, organisation_id=1, municipality_id=2), known) == [2, 1, 0]


def test_what_nobody_said_is_not_the_same():
    weights = weights_of([stems_of(PHONE)])
    assert score(sketch(PHONE), sketch(PHONE), weights) == 1.0
    assert score(sketch(PHONE, organisation_id=1), sketch(PHONE, organisation_id=2), weights) == 1.0


def test_at_most_three_in_the_order_given_when_they_are_equal():
    assert most_alike(sketch(PHONE), [sketch(PHONE)] * 9) == [0, 1, 2]
    assert MOST_SHOWN == 3


def test_a_long_text_is_not_like_everything():
    long = " ".join(f"{SIP} {HOUSING} Handläggaren bytte{number} tjänst{number}." for number in range(40))
    assert (
        most_alike(sketch(long), [sketch("Blanketten på webben fanns bara på engelska, utan kontaktuppgifter.")]) == []
    )


def test_a_word_in_every_summary_weighs_less_than_a_rare_one():
    texts = [frozenset({"kontor", f"ord{number}"}) for number in range(20)]
    weights = weights_of(texts)
    assert weights["kontor"] < weights["ord3"]


@given(st.lists(st.frozensets(st.sampled_from([f"ord{number}" for number in range(12)]), max_size=12), max_size=8))
def test_a_score_lies_between_nothing_and_everything(texts):
    weights = weights_of(texts)
    sketches = [Sketch(text, 1, 2, 3) for text in texts]
    for one in sketches:
        for other in sketches:
            assert 0.0 <= score(one, other, weights) <= 1.3501
            assert abs(score(one, other, weights) - score(other, one, weights)) < 1e-9
        for position in most_alike(one, sketches):
            assert score(one, sketches[position], weights) >= ENOUGH

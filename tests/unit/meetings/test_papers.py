"""What a paper is made of, when an item is ready, and words for every kind of group and every outcome."""

from __future__ import annotations

import pytest

from lexheller.meetings.blueprint import GROUP as GROUP_ADDRESS
from lexheller.meetings.labels import GROUP, GROUP_SLUG, OUTCOME, kind_of_slug
from lexheller.meetings.paper import Part
from lexheller.meetings.proposing import says_enough
from lexheller.meetings.states import GroupKind, Outcome


def test_every_kind_and_outcome_has_words_and_every_kind_an_address():
    assert set(GROUP) == set(GROUP_SLUG) == set(GroupKind)
    assert set(OUTCOME) == set(Outcome)
    for kind, slug in GROUP_SLUG.items():
        assert slug in GROUP_ADDRESS
        assert kind_of_slug(slug) is kind
    assert kind_of_slug("okänd") is None


@pytest.mark.parametrize(
    ("what", "proposed", "ready"), [("Så.", "Ja.", True), ("", "Ja.", False), ("Så.", " \n", False), ("", "", False)]
)
def test_an_item_is_ready_when_it_says_what_happens_and_what_to_decide(what, proposed, ready):
    assert says_enough(what, proposed) is ready


def test_lines_are_paragraphs_and_empty_ones_none():
    assert Part("Vad", "Ett\n\n  \nTvå").paragraphs == ["Ett", "Två"]
    assert Part("Vad", "").paragraphs == []

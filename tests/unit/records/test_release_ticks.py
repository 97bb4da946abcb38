"""The places of a document that can be hidden: found, given as words, sent back, and never outside the texts."""

from __future__ import annotations

import pytest

from lexheller.core.errors import InvalidInput
from lexheller.records.release_copies import shown
from lexheller.records.release_states import Decision, Judgement, Paragraph, Piece, hash_of, within
from lexheller.records.release_ticks import chosen_places, passages, places_of_words, ticks

TEXT = "Anna Karlsson ringde 070-123 45 67. Katten Misse var med, och misse åt."
PIECES = (Piece("what", "Vad som hände", TEXT), Piece("more", "Mer", "Misse igen."))


def test_what_looks_like_a_person_is_ticked_from_the_start_and_words_are_found_everywhere():
    fresh = ticks(PIECES, [], fresh=True)
    assert [tick.found for tick in fresh] == ["Anna Karlsson", "070-123 45 67"]
    assert all(tick.ticked for tick in fresh)
    words = places_of_words("Misse\n\n", PIECES)
    assert [PIECES[0].text[start:end] for key, start, end in words if key == "what"] == ["Misse", "misse"]
    assert [tick.ticked for tick in ticks(PIECES, words, fresh=False)] == [False, False, True, True, True]


def test_what_is_sent_back_is_taken_only_within_the_texts():
    sent = ["what:0:13", "what:5:2", "what:0:9999", "other:0:3", "what:-1:4", "what:a:b", "what", "", "what:0:13:9"]
    assert chosen_places(sent, PIECES) == [("what", 0, 13)]


def test_p25_what_is_hidden_is_not_in_what_is_shown():
    hidden = passages([("what", 0, 8), ("what", 5, 13), *places_of_words("misse", PIECES)], PIECES)
    texts = " ".join(piece.text for piece in shown(PIECES, hidden))
    for word in ("Anna", "Karlsson", "Misse", "misse"):
        assert word not in texts
    assert "070-123 45 67" in texts


def test_the_hash_holds_for_these_texts_alone():
    assert hash_of(PIECES) == hash_of(list(PIECES))
    assert hash_of(PIECES) != hash_of(PIECES[:1])
    assert hash_of((Piece("a", "", "bc"),)) != hash_of((Piece("ab", "", "c"),))
    assert within(PIECES, {"what": [[0, 4], [3, 9999]], "gone": [[0, 1]]}) == {"what": [[0, 4]]}


@pytest.mark.parametrize(
    ("judgement", "field"),
    [
        (Judgement(Decision.REFUSED), "paragraphs"),
        (Judgement(Decision.MASKED, own_words="Skäl"), "hidden"),
        (Judgement(Decision.WHOLE, own_words="x" * 2000), "own_words"),
    ],
)
def test_a_secret_needs_its_paragraph_and_a_mask_something_to_hide(judgement, field):
    with pytest.raises(InvalidInput) as refused:
        judgement.check()
    assert refused.value.field == field
    Judgement(Decision.MASKED, (Paragraph.HEALTH,), hidden={"what": [[0, 4]]}).check()

"""Action texts as offices write them, and what is left of them inside a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexheller.action_reports.action_texts import (
    MAX_ITEMS,
    MAX_LENGTH,
    Item,
    Reading,
    at_samverkanskoppen,
    collected,
    in_training,
    lowered,
    reading_for,
    tidied,
    to_managers,
    to_politicians,
)

KEYS = ("information_to_managers", "information_to_politicians", "samverkanskoppen", "training", "other")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Info till berörd chef. ", "Info till berörd chef"),
        ("Info till\n  berörd   chef", "Info till berörd chef"),
        ("Utbildning om SIP. Hölls i aulan. Kaffe.", "Utbildning om SIP"),
        ("Info om t.ex. Arbetsförmedlingens chatt", "Info om t.ex. Arbetsförmedlingens chatt"),
        ("Möte, dvs. AF och FK", "Möte, dvs. AF och FK"),
        (" - ", ""),
    ],
)
def test_tidied(text: str, expected: str) -> None:
    assert tidied(text) == expected


def test_a_long_text_is_cut_between_words() -> None:
    cut = tidied("förvaltning " * 50)
    assert cut.endswith("förvaltning …")
    assert len(cut) <= MAX_LENGTH + 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Återkoppling till chefen", "återkoppling till chefen"),
        ("Översyn av mall", "översyn av mall"),
        ("AF informerade", "AF informerade"),
        ("VerkSam tog upp frågan", "VerkSam tog upp frågan"),
        ("SIP-utbildning", "SIP-utbildning"),
        ("Arbetsförmedlingens chatt", "Arbetsförmedlingens chatt"),
        ("Statens servicecenter", "Statens servicecenter"),
        ("Samverkanskoppen hölls", "Samverkanskoppen hölls"),
        ("Gnosjö kommuns rutin", "Gnosjö kommuns rutin"),
        ("Enter fick besök", "Enter fick besök"),
        ("A-kassan", "A-kassan"),
        ("", ""),
    ],
)
def test_lowered_keeps_names_and_acronyms(text: str, expected: str) -> None:
    assert lowered(text, names=["Enter", "Koll på förmåga", " "]) == expected


@pytest.mark.parametrize(
    ("reading", "text", "expected"),
    [
        (to_managers, "Info till berörd chef", None),
        (to_managers, "Information till berörda chefer", None),
        (to_managers, "Återkoppling till enhetschef om bemötande", Item("bemötande", True)),
        (to_managers, "Info till båda enhetscheferna, gemensam mall", Item("gemensam mall", True)),
        (to_managers, "Info till enhetschef, kontaktlista upprättad", Item("upprättad kontaktlista", True)),
        (to_managers, "Info till enhetschef, rutinen ändrad", Item("rutinen ändrad", True)),
        (
            to_managers,
            "Info till chef, de ska se över sin rutin",
            Item("information till chef, de ska se över sin rutin", False),
        ),
        (
            to_managers,
            "Info till chef på vårdcentral om kallelser",
            Item("information till chef på vårdcentral om kallelser", False),
        ),
        (to_managers, "Enhetschefen ringdes upp", Item("Enhetschefen ringdes upp", False)),
        (to_politicians, "Info till berörda politiker och förvaltningar", None),
        (to_politicians, "Skrivelse till nämnden om glappet", Item("nämnden om glappet", False)),
        (to_politicians, "Info till politiker om glappet", Item("om glappet", False)),
        (to_politicians, "Info till förvaltningschef om glappet", Item("förvaltningschef om glappet", False)),
        (to_politicians, "Möte med nämnden", Item("Möte med nämnden", False)),
        (at_samverkanskoppen, "Samverkanskoppen", None),
        (at_samverkanskoppen, "Samverkanskoppen om digitala vägar", Item("om digitala vägar", False)),
        (at_samverkanskoppen, "Samverkanskoppen: digitala vägar", Item("om digitala vägar", False)),
        (at_samverkanskoppen, "Samverkanskoppen 14 mars", Item("14 mars", False)),
        (at_samverkanskoppen, "Frukostmöte om AF", Item("om AF", False)),
        (at_samverkanskoppen, "Kaffe i Habo", Item("Kaffe i Habo", False)),
        (in_training, "Utbildningstillfälle om SIP", Item("SIP", True)),
        (in_training, "Utbildning kulturkunskap", Item("kulturkunskap", True)),
        (in_training, "Utbildning i SIP", Item("SIP", True)),
        (in_training, "Utbildning i Habo om SIP", Item("Utbildning i Habo om SIP", False)),
        (in_training, "Utbildning för chefer om SIP", Item("Utbildning för chefer om SIP", False)),
        (in_training, "Kompetensutveckling", None),
        (
            reading_for("agreement", "Överenskommelse"),
            "Överenskommelse om väntetid",
            Item("om väntetid", False),
        ),
        (reading_for("agreement", "Överenskommelse"), "överenskommelse", None),
        (reading_for("agreement", "Möte"), "Mötesplan", Item("Mötesplan", False)),
        (reading_for("other", ""), "Info på webben", Item("information på webben", False)),
    ],
)
def test_what_a_text_adds_under_its_own_type(reading: Reading, text: str, expected: Item | None) -> None:
    assert reading(text) == expected


def test_each_text_is_said_once_in_the_order_it_came() -> None:
    texts = ["Utbildning om SIP.", "Kurs om NPF", "utbildning om sip", "Föreläsning om NPF"]
    items = collected(texts, 4, in_training)
    assert [item.text for item in items.shown] == ["SIP", "NPF"]
    assert not items.partial


@pytest.mark.parametrize(
    ("texts", "count", "partial"),
    [
        (["Utbildning om SIP"], 1, False),
        (["Utbildning om SIP"], 2, True),  # an action without a text
        (["Utbildning om SIP", "Utbildning"], 2, True),  # one whose text adds nothing
        ([f"Utbildning om {'AB'[n % 2] * (n + 2)}" for n in range(MAX_ITEMS + 1)], MAX_ITEMS + 1, True),
    ],
)
def test_texts_that_do_not_speak_for_every_action_are_partial(texts: list[str], count: int, partial: bool) -> None:
    assert collected(texts, count, in_training).partial is partial


def test_what_stands_after_a_colon_loses_its_capital_too() -> None:
    texts = ["Utbildning: Kulturkunskap", "Utbildning: SIP", "Utbildning: Habo kommuns rutin"]
    items = collected(texts, 3, in_training)
    assert [item.text for item in items.shown] == ["kulturkunskap", "SIP", "Habo kommuns rutin"]


@given(st.lists(st.text(max_size=400), max_size=12), st.sampled_from(KEYS))
def test_any_text_at_all_gives_short_distinct_single_lines(texts: list[str], key: str) -> None:
    items = collected(texts, len(texts), reading_for(key, "Övrigt")).shown
    assert len(items) <= MAX_ITEMS
    assert len({item.text.casefold() for item in items}) == len(items)
    assert all(item.text and "\n" not in item.text and len(item.text) < MAX_LENGTH + 20 for item in items)

"""P25: a word that stands in every text there is is masked wherever the register leads, and is nowhere afterwards."""

from __future__ import annotations

from lexheller.audit.queries import broken_links
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.jobs import run_waiting_now
from lexheller.core.transaction import transaction
from lexheller.records.masking_register import all_places
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.audit.acts import (
    MONDAY,
    SECRET,
    action_acts,
    case_acts,
    clock_acts,
    fault_acts,
    masking_acts,
    meeting_acts,
    pattern_acts,
    release_acts,
    report_acts,
    settings_acts,
)
from tests.integration.records.masked import columns_with, destroy_word, texts_with
from tests.integration.records.test_masking_register import FIRM, FROZEN, NAMES, WHOSE, reviewed

ACTS = (
    clock_acts,
    meeting_acts,
    settings_acts,
    case_acts,
    fault_acts,
    action_acts,
    pattern_acts,
    report_acts,
    masking_acts,
    release_acts,
)
STEM = SECRET.lower()[:-2]
"""As it stands in an index of stems."""
KEYS_OF_NAMES = {"theme.key", "theme_change.from_keys", "theme_change.to_keys"}
NOT_WRITTEN = {
    "fault.broken_what",  # the acts write them and take them away again
    "fault.cause",
    "fault.way_round",
    "fault.who_is_hit",
    "report.as_given",  # from an import alone
    "report.concerned_unit",
    "report.reporting_unit",
}


def fill(cast: Cast) -> None:
    """Every verb that takes a text has been given one with the word in it."""
    for acts in ACTS:
        for act in acts(cast):
            with transaction():
                act.do()
    with transaction():
        run_waiting_now()


def test_p25_a_word_that_is_masked_wherever_it_stands_is_nowhere_afterwards(cast):
    with clock.at(MONDAY):
        fill(cast)
        masked: set[str] = set()
        for slug in (HOME, ELSEWHERE):
            office, other = cast.person("samordnare", slug), cast.person("forbundschef", slug)
            federation_id = cast.federation(slug).id
            for subject, text in list(texts_with(office, federation_id, SECRET)):
                with transaction():
                    destroy_word(office, other, subject, text, SECRET)
                masked.add(text.place.code)
        assert {place.code for place in all_places()} - masked == NOT_WRITTEN
        # What is left stands in what was reviewed: names in lists with their keys, who works here, and what is frozen.
        assert columns_with(STEM) - reviewed(NAMES, WHOSE, FIRM, FROZEN) <= KEYS_OF_NAMES
        assert broken_links() == []
        assert broken_promises() == []

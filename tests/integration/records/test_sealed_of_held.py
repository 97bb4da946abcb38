"""P24: what waits for the office's look is kept from the others who mask, its sealed originals too."""

from __future__ import annotations

import pytest
from masked import SEAL, mask_word

from lexheller.accounts.rights import Role
from lexheller.core.errors import NotAllowedToSee
from lexheller.records import masking_queries as queries
from lexheller.records.masking_places import Kind
from lexheller.records.masking_subjects import subject_for

NAME = "Anna Svensson"


def test_p24_the_sealed_original_of_a_case_that_waits_is_the_offices_alone(cast):
    registrar = cast.newcomer("registratorn", Role.REGISTRAR)
    case = cast.report(what_happened=f"{NAME} på kontoret svarade inte.", looked=True)
    assert case.held_at is not None
    subject = subject_for(cast.coordinator, case.federation_id, Kind.CASE, case.id)
    text = next(one for one in queries.texts_of(cast.coordinator, subject) if NAME in one.text)
    masking = mask_word(cast.coordinator, subject, text, NAME, SEAL)
    assert queries.masking_for(cast.coordinator, case.federation_id, masking.id) is masking
    with pytest.raises(NotAllowedToSee):
        queries.masking_for(registrar, case.federation_id, masking.id)

"""What still waits for the office to look can be asked for too: shown as such, marked, and given out after a look."""

from __future__ import annotations

import pytest

from lexheller.accounts.rights import Role
from lexheller.cases.models import Case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.records import release, release_documents
from lexheller.records.release import Asked
from lexheller.records.release_models import ReleaseDocument
from lexheller.records.release_states import Decision, Judgement, hash_of
from tests.cast.people import HOME, PASSWORD, Cast

NAME = "Anna Svensson"
TEXT = f"{NAME} på kontoret svarade inte på tre veckor."


def waiting(cast: Cast) -> ReleaseDocument:
    """The report of a case that waits, in a request."""
    case = cast.report(what_happened=TEXT, looked=True)
    with transaction():
        asked = release.register(cast.coordinator, case.federation_id, Asked("Ärendet", clock.today()))
        found = release_documents.of_case(case.federation_id, case.id)
        (row,) = release.pick(cast.coordinator, asked, found, seen=asked.version)
    return row


def decide(cast: Cast, row: ReleaseDocument, *, looked: bool) -> None:
    what = release.document_of(row)
    with transaction():
        release.decide(
            cast.coordinator,
            row.request,
            row,
            Judgement(Decision.WHOLE),
            seen=row.version,
            text_hash=hash_of(what.pieces),
            looked=looked,
        )


def test_p24_it_is_not_handed_out_whole_before_somebody_has_looked_at_what_is_marked(cast):
    row = waiting(cast)
    with pytest.raises(InvalidInput, match="doubtful"):
        decide(cast, row, looked=False)
    assert row.decision is None
    decide(cast, row, looked=True)
    assert row.decision == Decision.WHOLE
    assert db.session.get_one(Case, row.case_id).held_at is not None, "it waits for the office all the same"


def test_p24_the_registrar_is_told_that_nobody_has_looked_and_is_asked_once(stage, visitor):
    def ready(cast: Cast) -> tuple[str, str]:
        cast.newcomer("registratorn", Role.REGISTRAR)
        row = waiting(cast)
        return f"/utlamnande/{HOME}/{row.request_id}/handlingar", row.number

    documents, number = stage.ask(ready)
    visitor.sign_in("registratorn", password=PASSWORD)
    assert "inte granskad än" in visitor.get(f"{documents}?nummer={number}").text
    page = visitor.get(f"{documents}/1").text
    assert "Inte granskad än" in page
    assert f'<mark>{NAME}</mark><span class="sr-only"> (Det här ser ut som ett namn)</span> på kontoret' in page
    text_hash = page.split('name="text_hash"')[1].split('value="')[1].split('"')[0]
    sent = {"text_hash": text_hash, "decision": "whole", "step": "spara"}
    answer = visitor.post(f"{documents}/1", sent)
    assert answer.status_code == 422
    assert "Kan någon kännas igen?" in answer.text
    assert "Beslutet är sparat" in visitor.post(f"{documents}/1", {**sent, "looked": "y"}).text
    case_id = stage.ask(lambda _cast: release_case())
    assert visitor.get(f"/arenden/{HOME}/{case_id}").status_code == 404, "its page is the office's until it has looked"


def release_case() -> int:
    return db.session.scalars(db.select(ReleaseDocument.case_id)).one()


def test_what_was_looked_at_is_marked_no_longer(cast):
    case = cast.report()
    documents = release_documents.of_case(case.federation_id, case.id)
    assert not any(one.is_held for one in documents)

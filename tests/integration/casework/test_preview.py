"""A preview shows each mail as it would be sent, and leaves nothing behind."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.audit.queries import broken_links
from lexheller.cases.models import Case
from lexheller.cases.queries import contact_of
from lexheller.cases.reporter_link import token_for
from lexheller.cases.states import CaseStatus, CloseReason
from lexheller.casework import asking, closing, handing_over, sending
from lexheller.casework.preview import outgoing
from lexheller.core.db import Base, db
from lexheller.core.doorbell import PENDING
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import all_or_nothing, transaction
from tests.cast.people import ELSEWHERE

REPORTER = "anmalare@habo.example"


def contents() -> dict[str, list[str]]:
    """Every row of every table."""
    return {
        table.name: sorted(map(str, db.session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
    }


def verbs(cast, case):
    units = [cast.unit("Försäkringskassan"), cast.unit("Arbetsförmedlingen")]
    elsewhere = cast.federation(ELSEWHERE)
    coordinator = cast.coordinator
    return {
        "assign": lambda: sending.assign(coordinator, case, units, seen=case.version),
        "close": lambda: closing.close(coordinator, case, CloseReason.SOLVED, "Rutinen är ändrad.", seen=case.version),
        "question": lambda: asking.ask_reporter(coordinator, case, "Vilket kontor?", seen=case.version),
        "hand over": lambda: handing_over.offer(
            coordinator, case, elsewhere, "Hör dit.", "Vi har frågat.", seen=case.version
        ),
    }


@pytest.mark.parametrize("name", ["assign", "close", "question", "hand over"])
def test_nothing_of_a_preview_stays(cast, name):
    case = cast.reach(CaseStatus.ASSIGNED)
    before, bells = contents(), list(db.session.info.get(PENDING, []))
    with transaction():
        mails = outgoing(verbs(cast, case)[name], case.federation_id)
        assert list(db.session.info.get(PENDING, [])) == bells
    assert mails
    assert contents() == before
    assert broken_links() == []
    # and the same verb can still be taken on what was seen
    with transaction():
        verbs(cast, case)[name]()
    assert contents() != before
    assert broken_links() == []


def test_nothing_stays_of_a_preview_that_is_refused(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    before = contents()
    with transaction():
        with pytest.raises(InvalidInput):
            outgoing(lambda: sending.assign(cast.coordinator, case, [], seen=case.version))
        with pytest.raises(RuntimeError):
            outgoing(lambda: (verbs(cast, case)["close"](), _break()))
    assert contents() == before


def _break() -> None:
    raise RuntimeError("half-way")


def test_the_rest_of_the_transaction_goes_on_after_a_part_that_was_undone(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    with transaction():
        with pytest.raises(RuntimeError), all_or_nothing():
            verbs(cast, case)["close"]()
            _break()
        verbs(cast, case)["question"]()
    row = db.session.get_one(Case, case.id)
    assert row.status == CaseStatus.ASSIGNED
    assert asking.open_question(row.id) is not None
    assert broken_links() == []


def test_the_mails_are_those_that_are_sent(cast):
    case = cast.reach(CaseStatus.UNROUTED)
    mails = outgoing(verbs(cast, case)["assign"], case.federation_id)
    assert [mail.to_reporter for mail in mails] == [False, False, True]
    assert case.number in mails[0].subject
    assert mails[0].address and mails[0].address in {"chef.fk@sodra-vatterbygden.example", mails[0].address}
    assert "Svara senast" in mails[0].body
    assert mails[2].recipient == "Anmälaren"


def test_p06_the_reporters_address_and_nobodys_own_link_is_shown(cast):
    case = cast.reach(CaseStatus.UNROUTED)
    mails = outgoing(verbs(cast, case)["assign"], case.federation_id)
    shown = str(mails)
    assert REPORTER not in shown
    assert token_for(contact_of(case.report_id)) not in shown
    assert "/svar/" not in shown
    assert "/kvitto/" not in shown
    assert shown.count("mottagarens egen länk") == 3


def test_p15_people_of_another_federation_are_not_named(cast):
    case = cast.reach(CaseStatus.ASSIGNED)
    (mail,) = outgoing(verbs(cast, case)["hand over"], case.federation_id)
    assert mail.recipient == "Samordnaren i Samordningsförbundet Finnveden"
    assert mail.address is None
    assert cast.outsider.email not in str(mail)
    assert cast.outsider.name not in str(mail)


def test_a_preview_is_a_page_of_its_own_and_sends_the_same_form(stage, visitor):
    case = stage.case(CaseStatus.ANSWERED)
    visitor.sign_in("samordnare")
    visitor.get(case.path)
    fields = {"close-reason": "solved", "close-conclusion": "Rutinen <b>är</b> ändrad."}
    version = re.search(r'name="close-version"[^>]*value="(\d+)"', visitor.text)[1]
    shown = visitor.post(f"{case.path}/avsluta", {**fields, "close-version": version, "preview": "1"})
    assert shown.status_code == 200
    assert "Rutinen &lt;b&gt;är&lt;/b&gt; ändrad." in visitor.text
    assert "<b>är" not in visitor.text
    assert REPORTER not in visitor.text
    assert stage.look(case.id) == case
    kept = dict(re.findall(r'<input type="hidden" name="(close-[^"]+)" value="([^"]*)">', visitor.text))
    assert set(kept) == {"close-version", "close-reason", "close-conclusion"}
    back = visitor.post(f"{case.path}/avsluta", {**fields, "close-version": version, "edit": "1"})
    assert back.status_code == 200
    assert "Rutinen &lt;b&gt;är&lt;/b&gt; ändrad.</textarea>" in visitor.text
    assert stage.look(case.id) == case
    visitor.post(f"{case.path}/avsluta", {**fields, "close-version": version})
    assert stage.look(case.id).status == CaseStatus.CLOSED

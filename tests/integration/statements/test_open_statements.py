"""The open statements and their settings page: what they say before and after they are filled in, and who may write."""

from __future__ import annotations

import re

import pytest

from lexheller.audit.models import Event
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.organisations.models import RegisterChange
from lexheller.statements.models import StatementSettings
from lexheller.statements.queries import details_of, version_here
from lexheller.statements.rules import Assessor, Conformity, Details
from lexheller.statements.service import write_statements
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.traces import everything

SETTINGS = f"/installningar/{HOME}/redogorelser"
OPEN = [f"/tillganglighet/{HOME}", f"/personuppgifter/{HOME}", "/tillganglighet", "/personuppgifter"]
TEXTS = ["contact_phone", "contact_address", "shortcomings", "officer_name", "officer_phone", "operated_by"]
IDENTITY_NUMBER = "19811228-9874"
REFUSED = [
    ({"conformity": "full"}, "Det finns brister beskrivna."),
    ({"conformity": "full", "shortcomings": "", "tested_on": ""}, "behövs en dag då de prövades"),
    ({"conformity": "none", "shortcomings": ""}, "Beskriv vad som inte fungerar"),
    ({"conformity": "kanske"}, "Välj något av alternativen."),
    ({"tested_on": "2099-01-01"}, "Dagen har inte varit än."),
    ({"tested_on": "i går"}, "Skriv datumet"),
    ({"reporter_days": "0"}, "mellan 1 och 3650"),
    ({"reporter_days": "många"}, "tal"),
    ({"reporter_days": "9" * 400}, "mellan 1 och 3650"),
    ({"contact_email": "kansliet"}, "Adressen ser inte hel ut."),
    ({"contact_phone": "0" * 81}, "för lång"),
]
FIELDS = {
    "contact_email": "kansliet@example.se",
    "contact_phone": "0370-12 34 56",
    "contact_address": "Storgatan 1\n331 30 Värnamo",
    "conformity": "partial",
    "shortcomings": "Kartan går inte att läsa upp <b>än</b>.",
    "tested_on": "2026-03-02",
    "tested_by": "other",
    "officer_name": "Ombud i Samverkan AB",
    "officer_email": "ombud@example.se",
    "officer_phone": "010-100 10 10",
    "operated_by": "Värnamo kommun",
    "reporter_days": "90",
    "note": "Efter granskningen.",
}


@pytest.fixture
def office(visitor):
    visitor.sign_in("samordnare")
    visitor.get(SETTINGS)
    return visitor


def send(office, **changed: str):
    """The form as it stands on the page, with the fields and the changes written into it."""
    page = office.get(SETTINGS).get_data(as_text=True)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)[1]
    return office.post(SETTINGS, {"seen": seen, **FIELDS, **changed})


def details(cast) -> Details:
    return details_of(cast.federation().id)


def rows(_cast) -> int:
    return db.session.query(StatementSettings).count()


def write(cast, told: Details, *, seen: int = 0, actor=None) -> Details:
    with transaction():
        return write_statements(actor or cast.coordinator, cast.federation().id, told, seen=seen)


def test_before_anything_is_written_both_are_whole_and_say_what_is_not_known(visitor):
    visitor.get(f"/tillganglighet/{HOME}")
    for said in (
        "delvis förenlig med lagen",
        "vi har inte prövat sidorna själva än",
        "Förbundet har inte gjort någon egen prövning än.",
        "Förbundet har inte skrivit sina kontaktuppgifter här än.",
        "www.digg.se/tdosanmalan",
        "Sidan är ett förslag",
    ):
        assert said in visitor.text, said
    visitor.get(f"/personuppgifter/{HOME}")
    for said in ("är personuppgiftsansvarig", "artikel 6.1 e", "som förbundet har beslutat", "www.imy.se"):
        assert said in visitor.text, said
    assert "Skriv därför aldrig namn, personnummer" in visitor.text


def test_what_the_federation_fills_in_stands_there_at_once_and_in_the_history(office, new_visitor):
    assert office.text.count("<li>en e-postadress eller ett telefonnummer till förbundet</li>") == 1
    send(office)
    assert "Sparat." in office.text
    assert "Allt som lagen kräver är ifyllt." in office.text
    assert "Redogörelserna ändrades" in office.text
    assert "Prövad av: från Vi själva till Någon utomstående" in office.text
    assert "”Efter granskningen.”" in office.text
    anybody = new_visitor()
    anybody.get(f"/tillganglighet/{HOME}")
    for said in ("kansliet@example.se", "0370-12 34 56", "331 30 Värnamo", "senast 2 mars 2026", "utomstående"):
        assert said in anybody.text, said
    assert "Kartan går inte att läsa upp &lt;b&gt;än&lt;/b&gt;." in anybody.text
    assert "Sidan ändrades senast" in anybody.text
    anybody.get(f"/personuppgifter/{HOME}")
    for said in ("Ombud i Samverkan AB", "ombud@example.se", "010-100 10 10", "Värnamo kommun", "högst 90 dagar"):
        assert said in anybody.text, said
    anybody.get(f"/tillganglighet/{ELSEWHERE}")
    assert "kansliet@example.se" not in anybody.text


def test_the_settings_say_what_is_still_to_be_written_until_it_is(office):
    assert "är inte klara" in office.get(f"/installningar/{HOME}").get_data(as_text=True)
    send(office, reporter_days="")
    assert "är inte klara" in office.get(f"/installningar/{HOME}").get_data(as_text=True)
    assert "hur länge anmälarens adress sparas." in office.text
    send(office, reporter_days="30")
    assert "är inte klara" not in office.get(f"/installningar/{HOME}").get_data(as_text=True)


def test_in_english_the_federations_own_words_stay_swedish(office):
    send(office)
    page = office.client.get(f"/tillganglighet/{HOME}?lang=en").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert re.search(r'<p class="free-text" lang="sv">Kartan', page)


@pytest.mark.parametrize("path", OPEN)
def test_p21_open_statements_are_the_same_for_everybody_and_remember_nobody(path, visitor, new_visitor):
    office = new_visitor()
    office.sign_in("samordnare")
    anybody, signed_in = visitor.get(path), office.get(path)
    assert anybody.status_code == 200
    assert anybody.data == signed_in.data
    for answer in (anybody, signed_in, visitor.client.get(f"{path}?lang=en")):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in answer.headers["Vary"]
    assert visitor.client.get(path, headers={"If-None-Match": anybody.headers["ETag"]}).status_code == 304
    assert "noindex" not in anybody.get_data(as_text=True)


def test_every_kind_of_page_leads_to_both(visitor, new_visitor):
    office = new_visitor()
    office.sign_in("samordnare")
    of_all = ['href="/tillganglighet"', 'href="/personuppgifter"']
    own = [f'href="/tillganglighet/{HOME}"', f'href="/personuppgifter/{HOME}"']
    for who, path, wanted in (
        (visitor, "/", of_all),
        (visitor, "/logga-in", of_all),
        (visitor, "/finns-inte", of_all),
        (visitor, "/tillganglighet", of_all),
        (visitor, f"/anmal/{HOME}", own),
        (visitor, f"/publikt/{HOME}", own),
        (visitor, f"/tillganglighet/{HOME}", own),
        (office, "/mitt-konto", of_all),
        (office, f"/arenden/{HOME}", own),
        (office, SETTINGS, own),
    ):
        page = who.get(path).get_data(as_text=True)
        assert [link for link in wanted if link not in page] == [], path
    assert 'href="/tillganglighet/' + HOME in visitor.get("/tillganglighet").get_data(as_text=True)


def test_p14_each_change_is_one_event_without_texts_and_the_same_again_is_none(cast):
    told = Details(contact_email="kansliet@example.se", shortcomings="Sekretessordet.")
    before = db.session.query(Event).count()
    assert write(cast, told) == told == details(cast)
    events = db.session.query(Event).order_by(Event.id.desc()).limit(2).all()
    assert db.session.query(Event).count() == before + 1
    assert events[0].kind == "register.statements_written"
    assert "Sekretessordet" not in str(events[0].data)
    write(cast, told, seen=version_here(cast.federation().id))
    assert db.session.query(Event).count() == before + 1
    line = db.session.query(RegisterChange).order_by(RegisterChange.id.desc()).first()
    assert line.after == {"contact_email": "kansliet@example.se", "shortcomings": "Sekretessordet."}


def test_p13_what_somebody_else_wrote_meanwhile_is_not_overwritten(stage, office):
    stage.ask(lambda cast: write(cast, Details(contact_phone="0370-1")))
    with pytest.raises(Conflict):
        stage.ask(lambda cast: write(cast, Details(contact_phone="0370-2"), seen=0))
    assert stage.ask(details).contact_phone == "0370-1"
    answer = office.post(SETTINGS, {"seen": "0", **FIELDS})
    assert answer.status_code == 409
    assert "Kartan går inte att läsa upp" in office.text
    assert stage.ask(details).contact_phone == "0370-1"


def test_p15_only_who_administers_the_federation_writes(stage, new_visitor):
    for who in (lambda cast: cast.outsider, lambda cast: cast.person("chef.af")):
        with pytest.raises(NotAllowedToSee):
            stage.ask(lambda cast, who=who: write(cast, Details(contact_phone="0370-1"), actor=who(cast)))
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME)):
        person = new_visitor()
        person.sign_in(part, slug)
        assert person.client.get(SETTINGS).status_code == 404
        person.get("/kvitto")
        assert person.post(SETTINGS, FIELDS).status_code == 404
    assert stage.ask(rows) == 0


def test_p23_an_identity_number_is_stopped_in_every_text(app, stage, office):
    for field in TEXTS:
        answer = send(office, **{field: f"Ring {IDENTITY_NUMBER}"})
        assert answer.status_code == 422, field
        assert "Ta bort personnumret" in office.text
        with pytest.raises(InvalidInput) as refused:
            stage.ask(lambda cast, field=field: write(cast, Details(**{field: IDENTITY_NUMBER})))
        assert refused.value.field == field
    assert send(office, note=IDENTITY_NUMBER).status_code == 422
    assert stage.ask(rows) == 0
    assert IDENTITY_NUMBER not in everything(app)


def test_what_cannot_be_told_is_refused_and_the_rest_is_kept(stage, office):
    for changed, said in REFUSED:
        answer = send(office, **changed)
        assert answer.status_code == 422, said
        assert said in office.text
        assert "Ombud i Samverkan AB" in office.text
    assert stage.ask(rows) == 0


def test_without_faults_it_says_so(stage, visitor):
    told = Details(conformity=Conformity.FULL, tested_on=clock.today(), tested_by=Assessor.SELF)
    stage.ask(lambda cast: write(cast, told))
    visitor.get(f"/tillganglighet/{HOME}")
    assert "är helt förenlig med lagen." in visitor.text
    assert "Vi känner inte till något som inte är tillgängligt." in visitor.text
    assert "Vi har själva prövat sidorna" in visitor.text

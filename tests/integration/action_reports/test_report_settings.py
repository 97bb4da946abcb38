"""The federation's settings of its report: small numbers and its Word template (P13, P15, P30)."""

from __future__ import annotations

import io

import pytest
from docx import Document as open_word
from reporting import PATH, YEAR, frozen

from lexheller.action_reports import editions, settings, settings_views
from lexheller.action_reports.drafting import report_data
from lexheller.action_reports.editions import newest_edition, stage_of
from lexheller.action_reports.rendering import drawn, edition_document
from lexheller.audit.models import Event
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.organisations.report_settings import LEAST_SHOWN, ReportSettings
from tests.cast.people import ELSEWHERE, HOME

PAGE = f"/atgardsrapport/{HOME}/installningar"
LETTERHEAD = "Förbundets brevhuvud"
NUMBER = "19811228-9874"


def word(letterhead: str = LETTERHEAD) -> bytes:
    document, made = open_word(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = letterhead
    document.save(made)
    return made.getvalue()


def letterhead_of(content: bytes) -> str:
    return open_word(io.BytesIO(content)).sections[0].header.paragraphs[0].text


def chosen(cast) -> settings.Choices:
    return settings.choices_of(cast.federation().id)


def kinds(cast) -> list[str]:
    query = db.select(Event.kind).where(Event.subject_type == "report_settings").order_by(Event.sequence)
    return list(db.session.scalars(query))


def use(cast, content: bytes, name: str = "mall.docx") -> None:
    with transaction():
        settings.set_template(cast.coordinator, cast.federation(), content, name, seen=chosen(cast).template_mark)


def upload(visitor, content: bytes, name: str = "mall.docx") -> None:
    visitor.get(PAGE)
    visitor.post(f"{PAGE}/wordmall", {"file": (io.BytesIO(content), name)}, form="template")


def test_p30_another_smallest_number_goes_for_drafts_and_never_for_a_frozen_edition(cast):
    home = cast.federation()
    edition = frozen(cast)
    kept, said = dict(edition.data), edition_document(edition, "sv")
    assert stage_of(home, YEAR, report_data(home, YEAR)).approval_holds
    with transaction():
        settings.set_least_shown(cast.director, home, 12, seen=LEAST_SHOWN)
        settings.set_least_shown(cast.director, home, 12, seen=12)
    data = report_data(home, YEAR)
    assert (data["least"], stage_of(home, YEAR, data).approval_holds) == (12, False)
    after = newest_edition(home.id, YEAR)
    assert (after.data, editions.verify(after), edition_document(after, "sv")) == (kept, True, said)
    assert kinds(cast) == ["action_report.least_shown_set"], "the same again is no change"


@pytest.mark.parametrize("least", [-1, 0, 2, 21, 10**9])
def test_p30_a_number_out_of_bounds_is_refused(cast, least):
    with pytest.raises(InvalidInput, match="number_out_of_range"):
        settings.set_least_shown(cast.coordinator, cast.federation(), least, seen=LEAST_SHOWN)


def test_p13_each_change_needs_what_was_seen(cast):
    home, office = cast.federation(), cast.coordinator
    none = chosen(cast).template_mark
    use(cast, word())
    for change in (
        lambda: settings.set_least_shown(office, home, 7, seen=6),
        lambda: settings.set_template(office, home, word("Nytt"), "ny.docx", seen=none),
        lambda: settings.remove_template(office, home, seen=none),
    ):
        with pytest.raises(Conflict):
            change()
    assert kinds(cast) == ["action_report.template_set"]


def test_p15_whoever_does_not_administer_changes_nothing(cast):
    home, mark = cast.federation(), chosen(cast).template_mark
    for actor in (cast.outsider, cast.person("chef.af"), cast.person("chef.af", ELSEWHERE)):
        for change in (
            lambda actor=actor: settings.set_least_shown(actor, home, 7, seen=LEAST_SHOWN),
            lambda actor=actor: settings.set_template(actor, home, word(), "mall.docx", seen=mark),
            lambda actor=actor: settings.remove_template(actor, home, seen=mark),
        ):
            with pytest.raises(NotAllowedToSee):
                change()
    assert db.session.get(ReportSettings, home.id) is None


def test_a_template_is_a_look_for_this_federation_alone_and_its_name_is_only_shown(cast):
    edition = frozen(cast)
    use(cast, word(), "..\\hemligt/\x00\u202emall\n<b>.docx")
    assert chosen(cast).template_name == "mall<b>.docx"
    what = edition_document(edition, "sv")
    assert letterhead_of(drawn(what, "docx", cast.federation())) == LETTERHEAD
    assert letterhead_of(drawn(what, "docx", cast.federation(ELSEWHERE))) == ""
    with pytest.raises(InvalidInput, match="personal_identity_number"):
        use(cast, word("Nytt"), f"{NUMBER}.docx")
    use(cast, word("Nytt"), "å" * 500)
    assert len(chosen(cast).template_name) == settings.LONGEST_NAME


def test_a_template_that_opens_and_cannot_be_drawn_with_is_broken(cast, monkeypatch):
    def fails(document, template):
        raise AttributeError

    monkeypatch.setattr(settings, "as_docx", fails)
    with pytest.raises(InvalidInput, match="broken"):
        use(cast, word())


def test_the_page_takes_a_template_shows_a_trial_and_goes_back_to_the_built_in_look(stage, visitor):
    visitor.sign_in("samordnare")
    visitor.get(f"/installningar/{HOME}")
    assert PAGE in visitor.text
    visitor.get(f"{PATH}/utkast")
    assert PAGE in visitor.text
    upload(visitor, word(), "Förbundets <mall>.dotx")
    assert (visitor.last.status_code, "Förbundets &lt;mall&gt;.dotx" in visitor.text) == (200, True)
    trial = visitor.text.split(f'href="/atgardsrapport/{HOME}/')[-1].split('"')[0]
    assert letterhead_of(visitor.client.get(f"/atgardsrapport/{HOME}/{trial}").data) == LETTERHEAD
    visitor.post(f"{PAGE}/wordmall/ta-bort", form="template")
    assert "inbyggda utseendet används igen" in visitor.text
    assert stage.ask(chosen).template_name is None
    assert letterhead_of(visitor.client.get(f"/atgardsrapport/{HOME}/{trial}").data) == ""


def test_a_file_that_is_no_template_is_answered_in_words_and_the_old_one_stays(stage, visitor, monkeypatch):
    stage.ask(lambda cast: use(cast, word(), "den-gamla.docx"))
    before = stage.ask(lambda cast: (chosen(cast), kinds(cast)))
    visitor.sign_in("forbundschef")
    macros = word().replace(b"word/theme/theme1.xml", b"word/t/vbaproject.bin")
    monkeypatch.setattr(settings, "LARGEST_TEMPLATE", 1_500_000)
    for content, name, words in (
        (b"{\\rtf1 hej}", "mall.docx", "går inte att använda som Wordmall"),
        (b"", "tom.docx", "går inte att använda som Wordmall"),
        (word()[:-3000], "mall.docx", "går inte att använda som Wordmall"),
        (macros, "mall.docx", "Mallen har makron"),
        (b"x" * 1_500_001, "mall.docx", "för stor för en mall"),
        (word("Nytt"), f"{NUMBER}.docx", "Ta bort personnumret"),
        (b"", "", "Välj en fil först"),
    ):
        upload(visitor, content, name)
        assert (visitor.last.status_code, words in visitor.text) == (422, True), name
        assert NUMBER not in visitor.text
        assert "den-gamla.docx" in visitor.text
    assert stage.ask(lambda cast: (chosen(cast), kinds(cast))) == before


def test_p22_only_this_address_takes_large_files_and_it_has_a_bound_too(visitor, monkeypatch):
    monkeypatch.setattr(settings_views, "LARGEST_REQUEST_BYTES", 1_200_000)
    visitor.sign_in("samordnare")
    for size, path, status in (
        (1_100_000, "wordmall", 422),
        (1_300_000, "wordmall", 413),
        (1_100_000, "minsta-tal", 413),
    ):
        visitor.get(PAGE)
        visitor.post(f"{PAGE}/{path}", {"file": (io.BytesIO(b"x" * size), "mall.docx")}, form="template")
        assert visitor.last.status_code == status
    assert "mindre fil" in visitor.text


def test_the_page_says_what_is_wrong_with_a_number_and_keeps_it(stage, visitor):
    visitor.sign_in("samordnare")
    for wrong in ("2", "21", "fem", ""):
        visitor.get(PAGE)
        visitor.post(f"{PAGE}/minsta-tal", {"least_shown": wrong}, form="least")
        assert (visitor.last.status_code, "least-least_shown-error" in visitor.text) == (422, True)
    visitor.get(PAGE)
    visitor.post(f"{PAGE}/minsta-tal", {"least_shown": "8"}, form="least")
    assert (visitor.last.status_code, "Tal under 8 visas inte" in visitor.text) == (200, True)
    assert stage.ask(chosen).least_shown == 8


def test_p13_of_two_who_change_at_once_the_second_is_told(stage, new_visitor):
    first, second = new_visitor(), new_visitor()
    for visitor, part in ((first, "samordnare"), (second, "forbundschef")):
        visitor.sign_in(part)
        visitor.get(PAGE)
    first.post(f"{PAGE}/minsta-tal", {"least_shown": "8"}, form="least")
    second.post(f"{PAGE}/minsta-tal", {"least_shown": "9"}, form="least")
    assert (first.last.status_code, second.last.status_code) == (200, 409)
    assert stage.ask(chosen).least_shown == 8


def test_p15_the_outsider_and_a_manager_meet_no_page(new_visitor):
    for part, slug in (("samordnare", ELSEWHERE), ("chef.af", HOME), ("chef.af", ELSEWHERE)):
        visitor = new_visitor()
        visitor.sign_in(part, slug)
        assert visitor.get(PAGE).status_code == 404

"""An edition's files on the open page: drawn once for many readers, known without drawing, and not without end."""

from __future__ import annotations

import io

import pytest
from docx import Document as open_word
from reporting import YEAR, frozen

from lexheller.action_reports import editions, publishing_editions, rendering, settings
from lexheller.core.transaction import transaction
from lexheller.web.limits import Limit
from tests.cast.people import HOME

FILE = f"/publikt/{HOME}/rapport/{YEAR}/1"
FORMS = ("pdf", "docx", "short-docx", "xlsx", "csv", "json", "html")


@pytest.fixture(autouse=True)
def _published(stage) -> None:
    stage.ask(lambda cast: publishing_editions.publish(cast.coordinator, frozen(cast)))


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The languages of the documents that are made from now on."""
    made: list[str] = []
    honest = rendering.edition_document

    def noted(edition, language):
        made.append(language)
        return honest(edition, language)

    monkeypatch.setattr(rendering, "edition_document", noted)
    return made


def tag_of(visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    return answer.headers["ETag"]


def take_down(cast) -> None:
    publishing_editions.withdraw(cast.coordinator, editions.numbered(cast.federation().id, YEAR, 1))


def use_template(cast, words: str) -> None:
    document, made = open_word(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = words
    document.save(made)
    seen = settings.choices_of(cast.federation().id).template_mark
    with transaction():
        settings.set_template(cast.coordinator, cast.federation(), made.getvalue(), "mall.docx", seen=seen)


def test_a_file_that_is_there_already_is_not_drawn_again(visitor, new_visitor, drawn):
    paths = [f"{FILE}.{form}{lang}" for form in ("pdf", "csv") for lang in ("", "?lang=en")]
    tags = {path: tag_of(visitor, path) for path in paths}
    assert len(set(tags.values())) == len(paths)
    assert sorted(drawn) == ["en", "en", "sv", "sv"]
    first = visitor.get(paths[0]).data
    another = new_visitor()
    assert another.get(paths[0]).data == first and first.startswith(b"%PDF")
    for path, tag in tags.items():
        answer = another.client.get(path, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
        assert "Set-Cookie" not in answer.headers
    assert another.client.get(paths[0], headers={"If-None-Match": tags[paths[1]]}).data == first
    assert len(drawn) == 4


def test_every_form_has_a_mark_of_its_own_and_the_template_is_in_those_of_word_alone(stage, visitor):
    before = {form: tag_of(visitor, f"{FILE}.{form}") for form in FORMS}
    assert len(set(before.values())) == len(FORMS)
    stage.ask(lambda cast: use_template(cast, "Förbundets brevhuvud"))
    after = {form: tag_of(visitor, f"{FILE}.{form}") for form in FORMS}
    assert {form for form in FORMS if before[form] != after[form]} == {"docx", "short-docx"}
    header = open_word(io.BytesIO(visitor.get(f"{FILE}.docx").data)).sections[0].header
    assert header.paragraphs[0].text == "Förbundets brevhuvud"


def test_p15_a_tag_tells_nothing_of_an_edition_that_is_not_published(stage, visitor):
    tag = tag_of(visitor, f"{FILE}.csv")
    stage.ask(take_down)
    assert visitor.client.get(f"{FILE}.csv", headers={"If-None-Match": tag}).status_code == 404


def test_nobody_may_fetch_files_without_end_but_what_one_has_may_be_asked_after(visitor, monkeypatch):
    monkeypatch.setattr("lexheller.action_reports.public_views.FILES", Limit("files_in_a_test", "2 per minute"))
    tag = tag_of(visitor, f"{FILE}.csv")
    tag_of(visitor, f"{FILE}.json")
    assert visitor.get(f"{FILE}.csv").status_code == 429
    assert visitor.client.get(f"{FILE}.csv", headers={"If-None-Match": tag}).status_code == 304

"""P29: an edition tells what it told when it was frozen, whatever the program would say today; what is approved is the
words too.
"""

from __future__ import annotations

import pytest
from reporting import PATH, YEAR, approve, freeze, frozen, hash_now

from lexheller.action_reports import chapters, drafting, editions, outline, publishing_editions, rendering, wording
from lexheller.action_reports.compiling import canonical
from lexheller.action_reports.differences import differences
from lexheller.action_reports.document import Paragraph
from lexheller.core import clock
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from tests.cast.people import HOME

EDITION = f"{PATH}/utgava/1"
OPEN = f"/publikt/{HOME}/rapport/{YEAR}/1"
FORMS = ("html", "pdf", "docx", "short-docx", "xlsx", "csv", "json")
MOST_BYTES = 500_000
NEW_WORDS = "Så säger programmet i dag."


def published(cast) -> None:
    with transaction():
        publishing_editions.publish(cast.coordinator, frozen(cast))


@pytest.fixture
def upgrade(monkeypatch):
    """Another version of the program: other words in every chapter, other numbers, in another process."""

    def run() -> None:
        honest_chapter, honest_public = chapters._chapter, wording.public

        def reworded(telling, key):
            made = honest_chapter(telling, key)
            return chapters.Chapter(key, f"{made.heading}!", (Paragraph(NEW_WORDS), *made.blocks[:1]))

        monkeypatch.setattr(chapters, "_chapter", reworded)
        monkeypatch.setitem(outline.SHOWS, "summary", (*outline.SHOWS["summary"], "a_later_measure"))
        monkeypatch.setattr(wording, "public", lambda data: {**honest_public(data), "least": 19, "by_theme": []})
        for name in ("sentences_sv", "sentences_en"):
            monkeypatch.setattr(f"lexheller.action_reports.{name}.about_hiding", lambda _least: NEW_WORDS)

    return run


def everything(visitor) -> dict[str, bytes]:
    """What readers and the office get of the edition, in both languages."""
    paths = [OPEN, *(f"{place}.{form}" for place in (OPEN, EDITION) for form in FORMS)]
    with clock.at(clock.now()):
        return {
            f"{path}?lang={lang}": visitor.client.get(f"{path}?lang={lang}").data for path in paths for lang in LANGS
        }


LANGS = ("sv", "en")


def test_p29_an_upgrade_changes_no_byte_of_what_an_edition_tells(stage, app, visitor, upgrade, monkeypatch):
    stage.ask(published)
    visitor.sign_in("forbundschef")
    before = everything(visitor)
    upgrade()
    for name in list(app.extensions):
        if name.startswith("lexheller_shelf_"):
            monkeypatch.delitem(app.extensions, name)
    after = everything(visitor)
    assert [path for path in before if before[path] != after[path]] == []
    assert [path for path, content in before.items() if b"<title>404" in content or len(content) < 100] == []
    visitor.get(EDITION)
    assert (visitor.last.status_code, NEW_WORDS in visitor.text) == (200, False)
    visitor.get(f"{PATH}/utkast/granska")
    assert NEW_WORDS in visitor.text


def test_p29_an_approval_is_of_the_words_too(cast, upgrade):
    first = frozen(cast)
    approve(cast)
    seen, stage = hash_now(cast), editions.stage_of
    home = cast.federation()
    assert stage(home, YEAR, drafting.report_data(home, YEAR)).approval_holds
    upgrade()
    assert not stage(home, YEAR, drafting.report_data(home, YEAR)).approval_holds
    assert hash_now(cast) != seen
    with pytest.raises(InvalidInput, match="changed"):
        freeze(cast)
    approve(cast)
    second = freeze(cast)
    assert NEW_WORDS in str(rendering.edition_document(second, "sv"))
    assert NEW_WORDS not in str(rendering.edition_document(first, "sv"))
    assert editions.verify(first) and editions.verify(second)


def test_other_words_alone_are_told_as_other_words_chapter_by_chapter(cast, upgrade):
    home, before = cast.federation(), drafting.report_data(cast.federation(), YEAR)
    upgrade()
    found = differences(before, drafting.report_data(home, YEAR))
    assert {(one.measure, one.what) for one in found} == {("told", "words")}
    assert found[0].new == NEW_WORDS


def test_what_an_edition_tells_is_frozen_in_both_languages_and_is_not_large(cast):
    one = frozen(cast)
    assert {"sv", "en"} == one.data["told"].keys()
    assert one.data["format"] == 1
    assert len(canonical(one.data)) < MOST_BYTES


def test_pages_make_the_words_of_the_same_report_once(stage, visitor, monkeypatch):
    made = []
    honest = wording.worded
    monkeypatch.setattr(wording, "worded", lambda data: made.append(data["year"]) or honest(data))
    visitor.sign_in("forbundschef")
    for path in ("", "/granska", "/frys", "/skillnader", ".csv", ".pdf"):
        assert visitor.get(f"{PATH}/utkast{path}").status_code == 200
    assert made == [YEAR]
    stage.ask(hash_now)
    assert made == [YEAR, YEAR]


def test_another_style_sheet_is_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr(rendering, "PROGRAM", (tmp_path,))
    marks = set()
    for text in ("p { margin: 0 }", "p { margin: 1rem }"):
        (tmp_path / "report_document.css").write_text(text)
        rendering._program_mark.cache_clear()
        marks.add(rendering._program_mark())
    rendering._program_mark.cache_clear()
    assert len(marks) == 2

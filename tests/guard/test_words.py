"""The interface's words: Swedish in the source, whole and up to date in English."""

import gettext
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask_babel import force_locale, ngettext

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "lexheller" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
# Words that are the same in both languages.
SAME = {"Status", "Organisation", "Demonstration.", "Text", "Start", "Person", "Version %(version)s", "Enter"}
SAME |= {
    "Hash: %(hash)s",
    "Material",
    "%(name)s (%(status)s)",
    "median %(days)s",
    "PDF",
    "Word",
    "Excel",
    "%(name)s, %(moment)s",
    "(id %(number)s)",
}
ENGLISH_WORD = re.compile(
    r"\b(the|your|you|is|are|this|not|please|case|report|answer|sign|save|click)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_po(io.BytesIO(ENGLISH.read_bytes()), locale="en")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Catalog:
    """What `make words` would gather now."""
    file = tmp_path_factory.mktemp("words") / "words.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "babel.cfg", "-k", "_l"]
    subprocess.run([*command, "-o", str(file), "."], cwd=ROOT, check=True)
    return read_po(io.BytesIO(file.read_bytes()))


def ids(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def pairs(message: Message) -> list[tuple[str, str]]:
    """Swedish and English, singular and plural."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def test_the_catalogue_has_just_the_words_of_the_source(source, english):
    assert ids(source) - ids(english) == set(), "new words: run make words and translate them"
    assert ids(english) - ids(source) == set(), "words nobody says any more: run make words"
    assert not english.obsolete


def test_every_word_is_in_english(english):
    unsaid = [message.id for message in english if message.id and not all(said for _, said in pairs(message))]
    unsure = [message.id for message in english if message.id and message.fuzzy]
    untouched = [
        sv for message in english if message.id for sv, said in pairs(message) if sv == said and sv not in SAME
    ]
    assert (unsaid, unsure, untouched) == ([], [], [])


def test_both_languages_have_the_same_places_to_fill(english):
    uneven = [
        swedish
        for message in english
        if message.id
        for swedish, said in pairs(message)
        if set(PLACEHOLDER.findall(swedish)) != set(PLACEHOLDER.findall(said))
    ]
    assert uneven == []


def test_the_source_is_swedish_and_the_translation_is_not(english):
    words = [pair for message in english if message.id for pair in pairs(message)]
    assert [swedish for swedish, _ in words if ENGLISH_WORD.search(PLACEHOLDER.sub("", swedish))] == []
    assert [said for _, said in words if re.search("[åäöÅÄÖ]", said)] == []


def test_the_compiled_catalogue_is_the_written_one(english):
    """`make setup` compiles it; a page would say yesterday's words with an old one."""
    with ENGLISH.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    old = [
        message.id
        for message in english
        if isinstance(message.id, str) and message.id and compiled.gettext(message.id) != message.string
    ]
    assert old == []


def test_swedish_needs_no_catalogue_for_its_plurals(context):
    with force_locale("sv"):
        assert [ngettext("Siffran står för ett ärende.", "Siffran står för %(num)d ärenden.", n) for n in (1, 2)] == [
            "Siffran står för ett ärende.",
            "Siffran står för 2 ärenden.",
        ]
    with force_locale("en"):
        assert ngettext("%(num)d val", "%(num)d val", 1) == "1 choice"
        assert ngettext("%(num)d val", "%(num)d val", 3) == "3 choices"


def test_every_template_word_goes_through_the_catalogue():
    """Text between tags, and attributes that are read out, without `_()`: only signs and our own name."""
    loose = []
    for file in sorted((ROOT / "templates").rglob("*.html")):
        shown = re.sub(r"{% block body_class %}.*?{% endblock %}", "", file.read_text())
        plain = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", shown, flags=re.DOTALL)
        said = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', plain)
        for text in [*re.sub(r"<[^>]*>", "\n", plain).split("\n"), *said]:
            if re.search(r"[^\W\d_]{2}", text.replace("Lex Heller", "")):
                loose.append((file.name, text.strip()))
    assert loose == []

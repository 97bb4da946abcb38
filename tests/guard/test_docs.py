"""The documentation says what is so: generated parts are fresh, and what pages name exists. Stops at style."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from config import ConfigurationError, load_settings
from docs import generate
from lexheller.action_reports import compiling
from lexheller.cases.labels import DOUBT
from lexheller.cli.main import group
from lexheller.intake.spreadsheet.limits import Fault
from lexheller.intake.spreadsheet.rows import Reason
from lexheller.privacy.kinds import Kind
from lexheller.statistics.rules import Trend

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FULL = {
    "LEXHELLER_ENV": "production",
    "LEXHELLER_DATABASE_URL": "postgresql://lexheller@db.example.se/lexheller",
    "LEXHELLER_REDIS_URL": "redis://redis.example.se/0",
    "LEXHELLER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "LEXHELLER_BASE_URL": "https://lexheller.example.se",
    "LEXHELLER_SMTP_URL": "smtp://mail.example.se:587",
    "LEXHELLER_MAIL_FROM": "Lex Heller <lexheller@example.se>",
}
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|work|Users|mnt|opt|var|usr)/")
FRESH = [(page, name) for name, (pages, _make) in generate.PARTS.items() if name != "promises" for page in pages]


def _settings() -> dict[str, list[str]]:
    """Variable -> the other cells of its line in the README's table."""
    rows = re.findall(r"^\| `(LEXHELLER_\w+)` \|(.*)\|$", README, re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


def _code_lines(text: str) -> list[str]:
    """Lines of fenced shell blocks, and inline code."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    lines = [*blocks.splitlines(), *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]
    return [line.partition("#")[0].strip() for line in lines if line.strip()]


def _interface() -> str:
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "lexheller").rglob("*.py")]
    return "\n".join(source.read_text(encoding="utf-8") for source in sources)


def _calls() -> list[tuple[str, str]]:
    """Every use of the command line in the pages: (page, the words after `lexheller`)."""
    calls = []
    for page in PAGES:
        for line in _code_lines(page.read_text(encoding="utf-8")):
            found = re.search(r"(?:^|\| )(?:\.venv/bin/)?lexheller ([a-z].*)$", line)
            if found:
                calls.append((page.name, found[1]))
    return calls


@pytest.mark.parametrize(("page", "name"), FRESH)
def test_a_generated_part_is_fresh(page: str, name: str) -> None:
    make = generate.PARTS[name][1]
    assert generate.part_of(ROOT / page, name) == make(), "run python -m docs.generate"


def test_the_diagram_file_is_fresh() -> None:
    assert (DOCS / "diagrams" / "states.mmd").read_text(encoding="utf-8") == generate.state_diagram() + "\n"


def test_the_promises_table_claims_no_test_that_is_missing() -> None:
    """One more test of a promise does not make the table wrong; one less, or the first, does."""
    now = generate.tested_in()
    rows = re.findall(
        r"^\| P(\d+) \|[^|]*\|([^|]*)\|", generate.part_of(DOCS / "developer.md", "promises"), re.MULTILINE
    )
    assert [int(number) for number, _folders in rows] == list(range(1, 35))
    for number, cell in rows:
        claimed = re.findall(r"`([^`]+)`", cell)
        assert set(claimed) <= set(now[int(number)]), f"P{number}: run python -m docs.generate"
        assert bool(claimed) == bool(now[int(number)]), f"P{number}: run python -m docs.generate"


def test_every_command_in_the_pages_exists() -> None:
    calls = _calls()
    assert len(calls) > 10
    for page, call in calls:
        words = shlex.split(call.replace("[", " ").replace("]", " "))
        command: click.Command = group
        while words and isinstance(command, click.Group):
            assert words[0] in command.commands, f"{page}: lexheller {call}"
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        used = {word for word in words if word.startswith("--")}
        assert used <= options, f"{page}: lexheller {call}"


def test_every_command_is_in_the_readme() -> None:
    told = {call.split()[0] for page, call in _calls() if page == "README.md"}
    assert told == set(group.commands)


def test_every_make_target_in_the_pages_exists() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        found[1]
        for page in PAGES
        for line in _code_lines(page.read_text(encoding="utf-8"))
        if (found := re.match(r"make ([a-z][\w-]*)", line))
    }
    assert named >= {"run", "test", "setup"}
    assert named <= targets


def test_the_settings_table_names_what_config_reads() -> None:
    read = set(re.findall(r'env(?:\.get\(|, )"(LEXHELLER_\w+)"', (ROOT / "config.py").read_text(encoding="utf-8")))
    assert read and set(_settings()) == read


@pytest.mark.parametrize("name", sorted(_settings()))
def test_the_settings_table_says_what_production_requires(name: str, tmp_path: Path) -> None:
    environ = {**FULL, "LEXHELLER_DATA": str(tmp_path)}
    load_settings(environ)
    environ.pop(name, None)
    try:
        load_settings(environ)
        required = False
    except ConfigurationError as problem:
        required = any(f"{name} is missing" in line for line in problem.problems)
    assert (_settings()[name][2] == "required") is required


def test_the_settings_table_says_the_defaults(tmp_path: Path) -> None:
    found = load_settings({"LEXHELLER_DATA": str(tmp_path)})
    table = _settings()
    assert f"`{found.mail_from}`" in table["LEXHELLER_MAIL_FROM"][1]
    assert f"`{found.base_url}`" in table["LEXHELLER_BASE_URL"][1]
    assert f"`{found.trusted_proxies}`" in table["LEXHELLER_TRUSTED_PROXIES"][1]
    assert (table["LEXHELLER_DEMO"][1] == "`1`") is found.demo


@pytest.mark.parametrize("page", NAMES)
def test_every_link_and_picture_exists(page: str) -> None:
    for target in LINK.findall((ROOT / page).read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if re.match(r"https?://", path):
            assert re.match(r"http://127\.0\.0\.1:8000(/|$)", path), f"{page} leads away: {target}"
            continue
        there = ((ROOT / page).parent / unquote(path)).resolve() if path else ROOT / page
        assert there.is_relative_to(ROOT) and there.exists(), f"{page}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, f"{page}: {target}"


@pytest.mark.parametrize("page", NAMES)
def test_no_page_names_a_place_on_one_machine(page: str) -> None:
    assert MACHINE_PATH.findall((ROOT / page).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", NAMES)
def test_every_picture_says_what_it_shows(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [alt for alt in re.findall(r"!\[([^\]]*)\]", text) if len(alt) < 15] == []


def test_the_import_page_explains_every_reason() -> None:
    text = (DOCS / "import.md").read_text(encoding="utf-8")
    codes = [*(str(reason) for reason in Reason), *DOUBT, *(str(fault) for fault in Fault)]
    assert [code for code in codes if f"`{code}`" not in text] == []


def test_the_figures_page_defines_every_figure_and_trend() -> None:
    text = (DOCS / "figures.md").read_text(encoding="utf-8")
    keys = re.findall(r'^        "(\w+)":', inspect.getsource(compiling._data), re.MULTILINE)
    assert len(keys) > 10
    wanted = [*keys, *compiling.LISTS, "hash", *(str(trend) for trend in Trend)]
    assert [name for name in wanted if f"`{name}`" not in text] == []


def test_the_privacy_page_says_what_happens_to_every_kind() -> None:
    page = DOCS / "privacy.md"
    text = page.read_text(encoding="utf-8").replace(generate.part_of(page, "scanner"), "")
    assert [str(kind) for kind in Kind if f"`{kind}`" not in text] == []


@pytest.mark.parametrize(
    "page", [f"docs/{name}.md" for name in ("samordnare", "chef", "operator", "import", "figures")]
)
def test_every_interface_word_that_a_page_quotes_is_in_the_interface(page: str) -> None:
    interface = _interface()
    quoted = re.findall(r"(?<![*\w])\*([^*\n]+)\*(?![*\w])", (ROOT / page).read_text(encoding="utf-8"))
    assert quoted
    assert [words for words in quoted if words not in interface] == []


def test_every_button_that_the_walk_through_names_is_in_the_interface() -> None:
    walk = README.partition("## A first walk through")[2].partition("\n## ")[0]
    interface = _interface()
    quoted = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", walk)
    assert len(quoted) >= 5
    assert [words for words in quoted if words not in interface] == []

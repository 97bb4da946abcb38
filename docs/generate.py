"""Writes the parts of the documentation that are read from the code: `python -m docs.generate`.

A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; the words around it are written by hand. Stops at
text: whether the rest of the pages is true is held by `tests/guard/test_docs.py`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from babel.support import Translations

from docs.promises import PROMISES
from lexheller.accounts.rights import RIGHTS, Right, Role
from lexheller.cases.labels import STATUS, STEP
from lexheller.cases.states import BEGINNINGS, TRANSITIONS, CaseStatus, Who
from lexheller.check.promises import PROMISES as CHECKED
from lexheller.faults.labels import STATUS as FAULT_STATUS
from lexheller.faults.labels import STEP as FAULT_STEP
from lexheller.faults.states import FAULT_TRANSITIONS, FaultStatus, FaultStep
from lexheller.intake.placing import ANSWERED_WORDS, CLOSED_WORDS, OPEN_WORDS
from lexheller.intake.spreadsheet.header_words import CANONICAL, SYNONYMS
from lexheller.privacy.measure import measure
from lexheller.statistics.measures import MEASURES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CORPORA = ROOT / "tests" / "data" / "privacy"
NO_TEST = "no test yet"
WHO = {
    Who.SYSTEM: "the system's jobs",
    Who.OFFICE: "the coordinator",
    Who.RESPONSIBLE: "the responsible manager",
    Who.REPORTER: "the reporter",
    Who.RECEIVER: "the other federation's coordinator",
}
TEST_NAME = re.compile(r"def (test_p\d\d\w*)")
NUMBER = re.compile(r"_p(\d\d)(?=_|$)")


def state_diagram() -> str:
    """Mermaid, one arrow for each pair of statuses, labelled with the steps that go there."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for event, statuses in BEGINNINGS.items():
        for status in _ordered(statuses):
            arrows.setdefault(("[*]", status), []).append(event.removeprefix("case."))
    for step, transition in TRANSITIONS.items():
        for status in _ordered(transition.from_statuses):
            for after in _ordered(transition.to - {CaseStatus(status)}):
                arrows.setdefault((status, after), []).append(str(step))
    lines = [f"    {here} --> {there}: {', '.join(steps)}" for (here, there), steps in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines])


def fenced_diagram() -> str:
    return f"```mermaid\n{state_diagram()}\n```"


def steps_table() -> str:
    rows = []
    for step, transition in TRANSITIONS.items():
        after = " or ".join(_ordered(transition.to)) if transition.to else "(unchanged)"
        rows.append([f"`{step}`", STEP[step], ", ".join(_ordered(transition.from_statuses)), after])
        rows[-1] += [" or ".join(WHO[who] for who in Who if who in transition.who), f"`{transition.event}`"]
    return _table(["Step", "On the button", "From", "To", "Who", "Event"], rows)


def statuses_table() -> str:
    return _table(["Status", "On the page"], [[f"`{status}`", label.label] for status, label in STATUS.items()])


def fault_diagram() -> str:
    """The same for system faults."""
    arrows: dict[tuple[str, str], list[str]] = {("[*]", str(FaultStatus.SUSPECTED)): ["suspect"]}
    for step, transition in FAULT_TRANSITIONS.items():
        if transition.to is not None:
            for status in _ordered_faults(transition.from_statuses):
                arrows.setdefault((status, str(transition.to)), []).append(str(step))
    lines = [f"    {here} --> {there}: {', '.join(steps)}" for (here, there), steps in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def fault_statuses_table() -> str:
    return _table(["Status", "On the page"], [[f"`{status}`", label.label] for status, label in FAULT_STATUS.items()])


def fault_steps_table() -> str:
    rows = []
    for step, transition in FAULT_TRANSITIONS.items():
        who = WHO[Who.SYSTEM] if step is FaultStep.RECUR else WHO[Who.OFFICE]
        before, after = ", ".join(_ordered_faults(transition.from_statuses)), transition.to or "(unchanged)"
        rows.append([f"`{step}`", FAULT_STEP[step], before, after, who, f"`{transition.event}`"])
    return _table(["Step", "On the button", "From", "To", "Who", "Event"], rows)


def roles_table() -> str:
    """Every role and every right, as the one table in `accounts` has them."""
    rows = [[f"`{right}`", *("yes" if right in RIGHTS[role] else "" for role in Role)] for right in Right]
    return _table(["Right", *(str(role).replace("_", " ") for role in Role)], rows)


def floors() -> str:
    """The import contract's layers, highest first."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return "\n".join(["```text", "worker", *layers, "```"])


def headers_table() -> str:
    """Every header that an import understands, by field."""
    rows = [[f"**{name}**", ", ".join(SYNONYMS.get(field, ()))] for field, name in CANONICAL.items()]
    return _table(["Column", "Also understood"], rows)


def status_words_table() -> str:
    words = {"Avslutad": CLOSED_WORDS, "Besvarad": ANSWERED_WORDS, "Hos samordnaren": OPEN_WORDS}
    return _table(["Becomes", "From the words"], [[name, ", ".join(sorted(found))] for name, found in words.items()])


def scanner_table() -> str:
    """What `measure` says of each file of labelled texts, and of generated identity numbers."""
    parts = []
    for corpus in sorted(CORPORA.glob("*.jsonl")):
        figures: dict[str, Any] = measure(corpus, numbers=0)
        rows = [
            [f"`{kind}`", found["labels"], f"{found['recall']:.1%}", f"{found['precision']:.1%}"]
            for kind, found in figures["kinds"].items()
        ]
        parts.append(f"**{corpus.name}**\n\n{_table(['Kind', 'Labels', 'Found', 'Precision'], rows)}")
        parts.append(
            f"{figures['clean_texts']} texts without any identifier: {figures['clean_stopped']} stopped, "
            f"{figures['clean_marked']} marked."
        )
    numbers: dict[str, Any] = measure(corpus)
    parts.append(
        f"{numbers['numbers']} generated identity numbers in plain and hostile spellings: "
        f"{numbers['numbers_stopped']:.1%} stopped, with the right place."
    )
    return "\n\n".join(parts)


def measures_table() -> str:
    """Every measure of the yearly report, as the report itself defines it in English."""
    words = Translations.load(ROOT / "lexheller" / "translations", ["en"])
    rows = [
        [f"`{found.id}`", found.version, f"{found.clock}".replace("_", " "), words.gettext(str(found.definition))]
        for found in MEASURES.values()
    ]
    return _table(["Measure", "Version", "Counted in the year of", "Definition"], rows)


def tested_in() -> dict[int, list[str]]:
    """Promise -> the folders under `tests/` with a test whose name carries its number."""
    found: dict[int, set[str]] = {number: set() for number in PROMISES}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in TEST_NAME.findall(path.read_text(encoding="utf-8")):
            for number in NUMBER.findall(name):
                found[int(number)].add(path.parent.relative_to(ROOT / "tests").as_posix())
    return {number: sorted(folders) for number, folders in found.items()}


def promises_table() -> str:
    rows = [
        [
            f"P{number}",
            PROMISES[number].says,
            ", ".join(f"`{folder}`" for folder in folders) or NO_TEST,
            "yes" if f"P{number}" in CHECKED else "",
            PROMISES[number].later,
        ]
        for number, folders in tested_in().items()
    ]
    return _table(["", "Promise", "Tests in `tests/`", "`lexheller check`", "Still to come"], rows)


PARTS: dict[str, tuple[tuple[str, ...], Callable[[], str]]] = {
    "state-diagram": (("README.md", "docs/states.md"), fenced_diagram),
    "statuses": (("docs/states.md",), statuses_table),
    "steps": (("docs/states.md",), steps_table),
    "fault-diagram": (("docs/states.md",), fault_diagram),
    "fault-statuses": (("docs/states.md",), fault_statuses_table),
    "fault-steps": (("docs/states.md",), fault_steps_table),
    "roles": (("docs/developer.md",), roles_table),
    "floors": (("docs/developer.md",), floors),
    "headers": (("docs/import.md",), headers_table),
    "status-words": (("docs/import.md",), status_words_table),
    "scanner": (("docs/privacy.md",), scanner_table),
    "measures": (("docs/figures.md",), measures_table),
    "promises": (("docs/developer.md",), promises_table),
}
"""Name of a part -> the pages it stands on, and what makes it."""


def part_of(page: Path, name: str) -> str:
    """What stands in the page now. Raises LookupError where the marks are missing."""
    found = _marked(name).search(page.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"{page.name} has no part {name}")
    return found[2].strip()


def main() -> int:
    """Renew every part; says which pages changed."""
    wanted: dict[Path, str] = {DOCS / "diagrams" / "states.mmd": state_diagram() + "\n"}
    for name, (pages, make) in PARTS.items():
        text = make()
        for page in (ROOT / relative for relative in pages):
            part_of(page, name)
            before = wanted.get(page) or page.read_text(encoding="utf-8")
            wanted[page] = _replaced(before, name, text)
    for page, text in wanted.items():
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            sys.stdout.write(f"renewed {page.relative_to(ROOT)}\n")
    return 0


def _replaced(page: str, name: str, text: str) -> str:
    return _marked(name).sub(lambda found: f"{found[1]}\n{text}\n{found[3]}", page)


def _marked(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- begin {name} -->)(.*?)(<!-- end {name} -->)", re.DOTALL)


def _ordered(statuses: Iterable[CaseStatus]) -> list[str]:
    return [str(status) for status in CaseStatus if status in set(statuses)]


def _ordered_faults(statuses: Iterable[FaultStatus]) -> list[str]:
    return [str(status) for status in FaultStatus if status in set(statuses)]


def _table(head: list[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [head, ["---"] * len(head), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())

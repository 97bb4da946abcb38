"""How well the scanner finds what it should: figures on a labelled corpus and on generated number spellings.

The corpus is JSON lines ``{"text", "findings": [{"kind", "start", "end"}]}``; offsets are code points. Nothing
here is used while the application runs."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from stdnum import luhn

from lexheller.privacy.kinds import Finding, Kind
from lexheller.privacy.scanner import scan, stops

_SEPARATORS = [
    "",
    "-",
    "+",
    " ",
    ".",
    "/",
    "\u2013",
    "\u2014",
    "\u2212",
    "\u2011",
    "\u00a0",
    " - ",
    "\n",
    "\t",
    "\u2010",
]
_AROUND = [
    "{}",
    "pnr {}",
    "Personnr: {}.",
    "({})",
    '"{}"',
    "pnr{}",
    "PNR:{}",
    "[{}],",
    "den sökande {} fick avslag",
    "x{}x",
]
_SCRIPTS = ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
_HIDDEN = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d"]


def fictitious_number(chance: random.Random) -> str:
    """Twelve digits: a random birth date 1920-2023, one in five a coordination number, right check digit."""
    born = date(1920, 1, 1) + timedelta(days=chance.randrange(37_900))
    day = born.day + (60 if chance.random() < 0.2 else 0)
    body = f"{born:%y%m}{day:02d}{chance.randrange(1, 1000):03d}"
    return f"{born:%Y}"[:2] + body + str(luhn.calc_check_digit(body))


def spell(number: str, chance: random.Random) -> str:
    """One of many spellings of a twelve-digit number, plain and hostile."""
    long = chance.random() < 0.5
    year = number[:4] if long else number[2:4]
    month, day, serial = number[4:6], number[6:8], number[8:]
    main = chance.choice(_SEPARATORS)
    style = chance.randrange(8)
    if style <= 2:
        spelled = year + month + day + main + serial
    elif style == 3:
        inner = chance.choice(["-", ".", "/", " "])
        spelled = inner.join([year, month, day]) + main + serial
    elif style == 4 and long:
        spelled = f"{number[:2]} {number[2:8]} {serial}"
    elif style == 5:
        spelled = " ".join([*([number[:2]] if long else []), number[2:4], month, day, serial[:2], serial[2:]])
    elif style == 6:
        spelled = " ".join(year + month + day + serial)
    else:
        spelled = year + month + day + (main or "-") + serial
    return _disguised(spelled, chance)


def _disguised(spelled: str, chance: random.Random) -> str:
    roll = chance.random()
    if roll < 0.1:
        return spelled.translate(str.maketrans("0123456789", chance.choice(_SCRIPTS)))
    if roll < 0.2:
        place = chance.randrange(1, len(spelled))
        return spelled[:place] + chance.choice(_HIDDEN) + spelled[place:]
    return spelled


def spelled_texts(count: int, seed: int = 1) -> Iterator[tuple[str, int, int]]:
    """``count`` texts with one number each, and where it begins and ends."""
    chance = random.Random(seed)  # noqa: S311 - test data, not secrets
    for _ in range(count):
        spelled = spell(fictitious_number(chance), chance)
        before, after = chance.choice(_AROUND).split("{}")
        yield before + spelled + after, len(before), len(before) + len(spelled)


def read_corpus(path: Path) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Texts with their labelled (kind, start, end)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(row["text"], [(found["kind"], found["start"], found["end"]) for found in row["findings"]]) for row in rows]


def _touches(label: tuple[str, int, int], found: Finding) -> bool:
    kind, start, end = label
    return found.kind == kind and found.start < end and start < found.end


def measure(corpus: Path, *, numbers: int = 1000) -> dict[str, object]:
    """Figures: per kind recall, precision and labels; numbers stopped; clean texts stopped or marked at all.

    A label counts as found when a finding of its kind overlaps it; a finding is right when it overlaps a label."""
    labels, hits, found_count, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    clean = clean_stopped = clean_marked = 0
    for text, wanted in read_corpus(corpus):
        findings = scan(text)
        for label in wanted:
            labels[label[0]] += 1
            hits[label[0]] += any(_touches(label, found) for found in findings)
        for found in findings:
            found_count[found.kind] += 1
            right[found.kind] += any(_touches(label, found) for label in wanted)
        if not wanted:
            clean += 1
            clean_stopped += any(found.certainty == "stop" for found in findings)
            clean_marked += bool(findings)
    return {
        "kinds": {
            kind.value: {
                "labels": labels[kind],
                "recall": hits[kind] / labels[kind] if labels[kind] else 1.0,
                "precision": right[kind] / found_count[kind] if found_count[kind] else 1.0,
            }
            for kind in Kind
        },
        "numbers": numbers,
        "numbers_stopped": numbers_stopped(numbers),
        "clean_texts": clean,
        "clean_stopped": clean_stopped,
        "clean_marked": clean_marked,
    }


def numbers_stopped(numbers: int) -> float:
    """The share of ``numbers`` generated spellings that are stopped whole; 1.0 of none."""
    whole = sum(
        [(found.start, found.end) for found in stops(text)] == [(start, end)]
        for text, start, end in spelled_texts(numbers)
    )
    return whole / numbers if numbers else 1.0


def false_stops(strings: Path) -> tuple[int, int]:
    """How many lines of a file without identity numbers are stopped, and how many lines there are."""
    lines = strings.read_text(encoding="utf-8").splitlines()
    return sum(bool(stops(line)) for line in lines), len(lines)

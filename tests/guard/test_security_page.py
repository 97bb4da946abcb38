"""The security page leaves no requirement out, and every place and test that it names exists. Stops at judging."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| V(\d+\.\d+)\.(\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
STATUSES = {"met", "partly", "not", "not applicable"}
# The levels of ASVS 5.0.0's requirements, section by section in their order; level 3 is not judged.
WRITTEN = """
    1.1=22 1.2=1111122223 1.3=112222222223 1.4=222 1.5=123
    2.1=122 2.2=112 2.3=12223 2.4=23
    3.1=3 3.2=113 3.3=12223 3.4=11222233 3.5=11122333 3.6=3 3.7=22333
    4.1=12233 4.2=23333 4.3=22 4.4=1222
    5.1=2 5.2=112333 5.3=113 5.4=222
    6.1=122 6.2=111111112222 6.3=11223333 6.4=112233 6.5=22222333
    6.6=2223 6.7=33 6.8=2222
    7.1=222 7.2=1111 7.3=22 7.4=11222 7.5=223 7.6=22
    8.1=1233 8.2=1123 8.3=133 8.4=23
    9.1=111 9.2=1222
    10.1=22 10.2=223 10.3=22223 10.4=1111122222233333 10.5=22222 10.6=22
    10.7=222
    11.1=2233 11.2=22233 11.3=11233 11.4=1222 11.5=23 11.6=23 11.7=33
    12.1=12233 12.2=11 12.3=22223
    13.1=2333 13.2=222223 13.3=2233 13.4=1222233
    14.1=22 14.2=12223333 14.3=122
    15.1=12233 15.2=12233 15.3=1222222 15.4=3333
    16.1=2 16.2=22222 16.3=2222 16.4=222 16.5=2223
    17.1=23 17.2=22223333 17.3=22
"""
LEVELS = dict(re.findall(r"(\d+\.\d+)=(\d+)", WRITTEN))


def _rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE)


def test_the_levels_are_those_of_the_standard() -> None:
    """As many of each as ASVS 5.0.0 says that it has."""
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}


def test_every_requirement_of_levels_one_and_two_stands_once_in_its_place() -> None:
    wanted = [
        (section, str(number), level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
        if level != "3"
    ]
    assert [(section, number, level) for section, number, level, *_rest in _rows()] == wanted


def test_every_status_is_one_and_the_counts_are_right() -> None:
    counted = Counter((level, status) for _section, _number, level, _words, status, *_rest in _rows())
    assert {status for _level, status in counted} <= STATUSES
    for level in "12":
        line = re.search(rf"^\| {level} \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
        assert line is not None
        found = [counted[level, status] for status in ("met", "partly", "not", "not applicable")]
        assert [int(number) for number in line.groups()] == [*found, sum(found)]


def test_what_is_not_wholly_met_says_why() -> None:
    assert [row for row in _rows() if row[4] != "met" and len(row[5].strip()) < 5] == []


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE))
    missing = {
        (path, function)
        for path, function in named
        if not re.search(rf"^def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 80
    assert missing == set()


def test_every_test_is_named_with_its_function() -> None:
    assert re.findall(r"`tests/[\w/]*test_\w+\.py`", PAGE) == []
    assert len(re.findall(r"::test_\w+`", PAGE)) > 100


def test_every_file_that_the_page_names_exists() -> None:
    places = {
        place for place in re.findall(r"`([\w./-]+)`", PAGE) if re.match(r"(lexheller|worker|templates|tests)/", place)
    }
    places |= {
        place for place in re.findall(r"`([\w.-]+\.(?:py|toml|yaml|txt)|Dockerfile)`", PAGE) if "forms" not in place
    }
    assert len(places) > 40
    missing = [place for place in sorted(places) if not (ROOT / place).exists() and not list(ROOT.glob(f"*/*/{place}"))]
    assert missing == []

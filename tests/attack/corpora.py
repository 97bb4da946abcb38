"""What is sent by whoever means harm: scripts, naughty strings, injections, and identity numbers in many spellings.

The scripts are those of brs-kb and of the Big List of Naughty Strings, and breakouts of ours; read as data, never run.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import brs_kb

NAUGHTY = Path(__file__).parents[1] / "data" / "attacks" / "naughty-strings.json"
SEED = 20261122
ROOM = 4_500
"""Signs in one text that a form takes."""
BREAKOUTS = ('">', "'>", "</textarea>", "</title>", "</script>", "-->", "]]>", '" autofocus onfocus=alert(1) x="')
INJECTIONS = (
    "' OR '1'='1",
    "'; DROP TABLE report; --",
    '" UNION SELECT 1,2,3 --',
    "1) OR (1=1",
    "%' AND 1=CAST((SELECT version()) AS int) --",
    "'||pg_sleep(9)||'",
    "\\'; SELECT 1; --",
    "admin'/*",
)
ODD = (
    "\x00",
    "före\x00efter",
    "\ud800",
    "\udfff\ud800",
    "\ufffd",
    "\u202egnirts desrever\u202c",
    "\u200b\u200e\ufeff",
    "א" * 300,
    "å" * 6_000,
    "a" * 120_000,
    "\r\nSet-Cookie: stulen=1\r\n\r\n<b>",
    "../../../../etc/passwd",
    "%00%0d%0a",
    "{{7*7}}{%raw%}",
    "%s%n%(x)s",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "0x7fffffffffffffff",
    "𝟙" * 50,
    "Z" + "\u0301" * 500,
)


@cache
def scripts() -> tuple[str, ...]:
    """At least 5,000 different ones, in a fixed order that mixes all sources."""
    found = {entry["payload"] for entry in brs_kb.get_all_payloads().values()}
    found |= {text for text in naughty() if "<" in text or "javascript:" in text}
    plain = sorted((text for text in found if "<" in text), key=lambda text: (len(text), text))[:100]
    found |= {breakout + text for breakout in BREAKOUTS for text in plain}
    ordered = sorted(found)
    random.Random(SEED).shuffle(ordered)
    return tuple(ordered)


@cache
def naughty() -> tuple[str, ...]:
    return tuple(json.loads(NAUGHTY.read_text("utf-8")))


def strange() -> list[str]:
    """Odd signs, injections and naughty strings, each by itself."""
    return [*ODD, *INJECTIONS, *naughty()]


def strange_for_every_field(most: int) -> list[str]:
    """What every field of every form is sent: odd signs and injections one by one, then all naughty strings, as many to
    a text as there is room for; `most` texts, or all when 0.
    """
    every = [*ODD, *INJECTIONS, *_together(naughty())]
    return every[:most] if most else every


def _together(texts: Sequence[str]) -> Iterator[str]:
    held = ""
    for text in texts:
        if held and len(held) + len(text) >= ROOM:
            yield held
            held = ""
        held = f"{held}\n{text}" if held else text
    yield held


def identity_numbers(most: int) -> list[str]:
    """Different ten digits, each right by date and check digit; a third are coordination numbers."""
    chance = random.Random(SEED)
    found: dict[str, None] = {}
    while len(found) < most:
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(32_000))
        day = born.day + (60 if chance.random() < 1 / 3 else 0)
        nine = f"{born:%y%m}{day:02}{chance.randrange(1, 1000):03}"
        found[f"{nine}{_check_digit(nine)}"] = None
    return list(found)


def spelt(number: str, turn: int) -> str:
    """Ten digits as people write them; `turn` picks how. Undivided ones that begin as a mobile number does are taken
    for one by the scanner, which knows no better: those are written divided here.
    """
    day, last = number[:6], number[6:]
    ways = (
        f"{day}-{last}",
        f"{day}{last}",
        f"{day} {last}",
        f"19{day}-{last}",
        f"{day}\u2013{last}",
        f"{day}\u200b-{last}",
        "".join(chr(0xFF10 + int(sign)) for sign in number),
        f"{day[:2]}-{day[2:4]}-{day[4:]}-{last}",
    )
    return ways[0 if number.startswith("070") else turn % len(ways)]


def _check_digit(nine: str) -> int:
    total = sum(sum(divmod(int(sign) * (2 - place % 2), 10)) for place, sign in enumerate(nine))
    return -total % 10

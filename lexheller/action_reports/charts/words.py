"""Words that several charts say: lists in running text, and what stands where a number is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

Number = int | None
"""`None`: hidden, because it would tell too much about too few people."""


def hidden_words(given: str) -> str:
    """What stands in place of a hidden number: `given` ("färre än 5"), else words that claim nothing of its size.

    A number may be hidden only so that another one cannot be found by subtraction; then it need not be small.
    """
    return given or str(_("visas inte"))


def shown(number: Number, hidden: str) -> str:
    return hidden_words(hidden) if number is None else str(number)


def listed(items: Sequence[str]) -> str:
    """ "a, b och c"."""
    if len(items) < 2:
        return "".join(items)
    return str(_("%(items)s och %(last)s", items=", ".join(items[:-1]), last=items[-1]))


def part_of(number: Number, total: int | None) -> str:
    """ "8 av 17", or the number alone when the total is not told."""
    if total is None:
        return str(number)
    return str(_("%(number)s av %(total)s", number=number, total=total))


def each(number: str) -> str:
    return str(_("%(number)s vardera", number=number))


def left_out(numbers: Sequence[Number]) -> str:
    """A sentence about how many numbers are hidden; empty when none is."""
    count = sum(number is None for number in numbers)
    if not count:
        return ""
    return str(
        ngettext(
            "Ett tal visas inte, för att ingen ska kunna kännas igen.",
            "%(num)d tal visas inte, för att ingen ska kunna kännas igen.",
            count,
        )
    )


def sentences(*parts: str) -> str:
    """Those that say something, after each other."""
    return " ".join(part for part in parts if part)

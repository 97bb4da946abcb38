"""The promises P1–P34 in a few words each, for the table in `developer.md`. Data only; `generate` finds the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """`later` says what is still missing and in which of the five steps it comes; empty when nothing is."""

    says: str
    later: str = ""


PROMISES: dict[int, Promise] = {
    1: Promise("A submission answered with success is stored exactly once"),
    2: Promise("An error answer means nothing was stored; the text stays in the form"),
    3: Promise("Every report is routed once per round, within 60 s while healthy"),
    4: Promise("What no rule fits stands in a visible queue, and the office is told"),
    5: Promise("Every message due has a row; it is sent at least once, or parked and shown"),
    6: Promise("A recipient may see the case at the moment of sending"),
    7: Promise("Mail carries no free text and no personal data of clients"),
    8: Promise("Each deadline step fires once per duty, step and round"),
    9: Promise("Nobody is reminded of what is answered, nor at night or on a day off"),
    10: Promise("Escalation goes upward, skips those who left, stops at the top"),
    11: Promise("Working days are right, and each can be explained"),
    12: Promise("Status moves only along the table; a refused step is logged"),
    13: Promise("Of two concurrent edits one wins; the other keeps its text on a conflict page"),
    14: Promise("Each change is one event in the same transaction; the chain verifies"),
    15: Promise("No row of one federation is seen or changed by another"),
    16: Promise("Tenant tables carry federation_id and row-level security"),
    17: Promise("Every route has one access mark; not allowed to see is 404"),
    18: Promise("Every change needs a CSRF token and a non-GET method"),
    19: Promise("Sign-out, new password, new role: the old session is dead at once"),
    20: Promise("Sign-in tells nobody whether an account exists; limits hold"),
    21: Promise("All answers carry the full header set; nothing is loaded from other hosts"),
    22: Promise("No input alone gives a 5xx; every error page has an id the log knows"),
    23: Promise("An identity number is stopped before it is stored anywhere"),
    24: Promise("Names, phones, addresses are shown to the writer first"),
    25: Promise("Masked text is unreadable everywhere afterwards"),
    26: Promise("Nothing is deleted without a plan and a recorded decision"),
    27: Promise("Exported cells are text, never formulas"),
    28: Promise("Every figure equals an independent recount and can list its cases"),
    29: Promise("The same data gives the same bytes and hash, in all formats"),
    30: Promise(
        "Published tables carry no cell that points someone out; what a later edition tells together with earlier ones "
        "rests on the tick of whoever publishes it",
    ),
    31: Promise("Redis or workers down: pages are served, reports accepted, work completes afterwards"),
    32: Promise("Database down: a clear 503, and the text is not lost"),
    33: Promise("Any process may be killed at any time without manual repair"),
    34: Promise("A restored backup gives the same rows, chain heads and editions"),
}

"""Every page and file behind a right says what it shows, or stands here with the reason why nobody needs to know."""

from __future__ import annotations

import re

from lexheller.accounts.readings import FORM, shown_by
from lexheller.accounts.rights import Right
from lexheller.audit.reading_log import PAGE
from lexheller.web.access import access_of
from tests.guard.routes import ACTIONS, FAULTS, GROUP, OPEN, PATTERNS, RELEASES, SETTINGS, routes

SETTINGS_ALONE = {Right.ADMINISTER, Right.OPERATE}
"""What these rights open is the register, settings and what is stuck: no text of a case, fault, action or meeting."""
LIST = "a list: what is opened from it is kept"
FORM_TO_FILL = "an empty form"
NOT_KEPT: dict[str, str] = {
    "/start/<federation>": LIST,
    "/laget/<federation>": "numbers and the titles of lists",
    "/arenden/<federation>": LIST,
    "/arenden/<federation>/filter": "names of one's own saved filters",
    "/arenden/<federation>/registrera": FORM_TO_FILL,
    "/arenden/<federation>/registrera/klart": "the number of what oneself has just written",
    "/gallring/<federation>": LIST,
    "/gallring/<federation>/plan": "the plan that was adopted, and a form",
    "/overlamningar/<federation>": LIST,
    "/moten/<federation>": LIST,
    "/moten/<federation>/nytt": FORM_TO_FILL,
    "/moten/<federation>/serie": FORM_TO_FILL,
    GROUP: "who is in a group",
    f"{GROUP}/avsluta": "who is in a group",
    "/siffror/<federation>": "numbers without texts and without the cases behind them",
    "/siffror/<federation>/<int(min=2000, max=2100):year>": "numbers without texts and without the cases behind them",
    ACTIONS: LIST,
    f"{ACTIONS}/ny": FORM_TO_FILL,
    FAULTS: LIST,
    f"{FAULTS}/nytt": FORM_TO_FILL,
    PATTERNS: LIST,
    "/atgardsrapport/<federation>": "a list of years and editions",
    RELEASES: LIST,
    f"{RELEASES}/ny": FORM_TO_FILL,
}
OPEN_TO_ALL = {
    f'{OPEN}/rapport/<int(min=2000, max=2100):year>/<int(max=2147483647):number>.<any(html, pdf, docx, "short-docx",'
    " xlsx, csv, json):form>": "published for everybody: nobody is known, and nobody is to be",
}
ENDING = re.compile(r"\.(?:<any\([^>]*\):form>|\w+)$")


def _pages(app):
    """Rule, endpoint and mark of everything that is read and not the program's own."""
    for (method, rule), endpoint in routes(app).items():
        if method == "GET" and not rule.startswith(("/static/", "/.well-known/")) and rule != "/robots.txt":
            yield rule, endpoint, access_of(app, endpoint)


def test_every_page_behind_a_right_keeps_who_read_it_or_says_why_not(app):
    silent = {
        rule
        for rule, endpoint, access in _pages(app)
        if set(access.rights) - SETTINGS_ALONE and shown_by(app, endpoint) is None
    }
    assert silent == set(NOT_KEPT)


def test_every_file_needs_a_right_and_is_kept(app):
    files = {rule: (endpoint, access) for rule, endpoint, access in _pages(app) if ENDING.search(rule)}
    assert len(files) >= 6
    for rule, (endpoint, access) in files.items():
        if rule in OPEN_TO_ALL:
            assert not access.rights
            continue
        assert access.rights, f"{rule} is given to anybody"
        shown = shown_by(app, endpoint)
        assert shown is not None, f"{rule} is given out and nobody knows"
        assert shown.form != PAGE or f":{FORM}>" in rule, f"{rule} is kept as if it were a page"


def test_what_is_said_to_be_shown_stands_in_the_address(app):
    for rule, endpoint, _access in _pages(app):
        shown = shown_by(app, endpoint)
        if shown is not None:
            assert all(re.search(rf"[<:]{part}>", rule) for part in {*shown.parts, shown.by} - {""}), rule
            assert f"{SETTINGS}/" not in rule or not shown.parts

"""Last year's report of the demonstration: compiled, written, approved, frozen and published; and two published cases.

Told through the verbs by those whose work it is, with the clock put to the January after the year.
"""

from __future__ import annotations

from datetime import date

from lexheller.accounts.rights import SYSTEM, Actor
from lexheller.action_reports.drafting import compile_draft, report_data, write_texts
from lexheller.action_reports.editions import approve, freeze, newest_edition
from lexheller.action_reports.goal_rows import Goal, add_goal
from lexheller.action_reports.publishing_editions import publish as publish_edition
from lexheller.action_reports.service import first_working_day
from lexheller.action_reports.states import Fulfilment
from lexheller.cases.models import Case
from lexheller.cases.queries import visible
from lexheller.cases.states import CaseStatus
from lexheller.casework.publishing_cases import PublicTexts
from lexheller.casework.publishing_cases import publish as publish_case
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.demo.moments import working_moment
from lexheller.demo.stories import STORIES, Story
from lexheller.organisations.models import Federation

WRITTEN_AFTER, APPROVED_AFTER = 6, 10
"""Working days of January."""

TEXTS = {
    "summary": (
        "Det mesta har gått att lösa mellan de chefer som berörs. Det som återkommer lyfter vi till beredningsgruppen."
    ),
    "actions": (
        "Samverkanskoppen är korta träffar över en kopp kaffe, där en part berättar hur den arbetar. Det är de som "
        "har nått flest medarbetare."
    ),
}
GOALS = (
    Goal(
        "Alla som anmäler får veta vad som hände.",
        Fulfilment.PARTLY,
        "De flesta har fått svar. Några ärenden från slutet av året pågår ännu.",
    ),
    Goal("Minst två träffar med Samverkanskoppen under året.", Fulfilment.MET, "Träffarna fortsätter nästa år."),
    Goal("Systemfel lyfts till beredningsgruppen inom ett kvartal.", Fulfilment.MET),
    Goal(
        "Färre anmälningar om bemötande än året innan.",
        Fulfilment.NOT_ASSESSABLE,
        "Fler känner till Lex Heller än tidigare, så antalet säger inte om bemötandet har blivit bättre.",
    ),
)
HEADINGS = {
    "SIP följdes inte": "Kallelser till en brevlåda som ingen läste",
    "Kontaktvägar": "Ingen väg in när telefontiden togs bort",
    "Digitala kanaler": "Ingen väg in utan e-legitimation",
    "Rutiner": "Samma utlåtande begärdes gång på gång",
    "Bemötande": "Den som mötet gällde fick inte ordet",
}
"""By theme, of the stories whose cases are published."""
PUBLISHED = 2


def publish_demo_year(federation: Federation, director: Actor, coordinator: Actor) -> None:
    """Where the year has an edition already everything is left as it is."""
    year = clock.local_year() - 1
    if newest_edition(federation.id, year) is not None:
        return
    opened = first_working_day(federation.id, year + 1)
    with clock.at(working_moment(federation, opened, 0, hour=6)):
        compile_draft(SYSTEM, federation, year)
    with clock.at(working_moment(federation, opened, WRITTEN_AFTER, hour=10)):
        draft = write_texts(director, federation, year, TEXTS, seen=compile_draft(SYSTEM, federation, year).version)
        for goal in GOALS:
            add_goal(director, federation, year, goal, seen=draft.version)
    with clock.at(working_moment(federation, opened, APPROVED_AFTER, hour=13)):
        approve(director, federation, year, seen_hash=report_data(federation, year)["hash"])
        publish_edition(director, freeze(director, federation, year))
        closed = _closed(federation, coordinator, date(year, 12, 31))
        for case, story in closed[:PUBLISHED]:
            texts = PublicTexts(
                HEADINGS[story.theme],
                f"{story.what_happened} {story.consequence}",
                f"{story.steps_taken} {story.conclusion}",
            )
            publish_case(coordinator, case, texts)


def _closed(federation: Federation, coordinator: Actor, last: date) -> list[tuple[Case, Story]]:
    """The latest closed case of each story with a heading, in the headings' order, among those until `last`."""
    query = visible(coordinator, federation.id).where(Case.status == CaseStatus.CLOSED, Case.received_on <= last)
    by_story = {case.report.what_happened: case for case in db.session.scalars(query.order_by(Case.received_on))}
    stories = [next(story for story in STORIES if story.theme == theme) for theme in HEADINGS]
    return [(by_story[story.what_happened], story) for story in stories if story.what_happened in by_story]

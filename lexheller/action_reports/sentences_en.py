"""What the report's chapters say in English about their own figures. Wording only; hidden numbers never come here."""

from __future__ import annotations

from collections.abc import Sequence

from lexheller.action_reports.blocks import joined
from lexheller.action_reports.english import in_words
from lexheller.action_reports.sentences_shapes import Part, Spread, Top, Words

WORDS = Words(
    title="Action report {year}",
    federation="Coordination federation {name}",
    edition="Edition",
    draft="Draft, not adopted",
    diary_number="Diary number",
    cut_off="Counted up to",
    approved="Approved",
    approved_by_on="{name}, {day}",
    checksum="Checksum",
    hidden="not shown",
    hidden_note="“Not shown” stands where a number is small, or where it would give away another small number.",
    merged_note="{label} are {names}.",
    number="Number",
    year="Year",
    month="Month",
    organisation="Organisation",
    reporting="The report came from",
    concerned="The report concerns",
    theme="Theme",
    municipality="Municipality",
    activity="Activity",
    within="Answered within",
    answered="Answered reports",
    unanswered="No answer by the cut-off",
    median="for half",
    nine_of_ten="for nine of ten",
    inside="within",
    same_day="the same day",
    fault="System fault",
    status="Status",
    action_type="Type of action",
    action="What was done",
    judgement="Judgement",
    commitment="Commitment",
    fulfilment="Fulfilment",
    comment="Comment",
    measure="Measure",
    definition="How it is counted",
    clock="Day that decides the year",
    version="Version",
    received_this_year="Received in {year}",
    received_last_year="Received in {year}",
    median_days="Days to answer, median",
    measures_caption="The measures and how they are counted",
    actions_caption="What was done",
    goals_caption="Commitments and how it went",
    goals_definition="The commitments are the federation's own, and it judges how far they have been reached.",
    within_caption="How soon the reports were answered",
    who_let_go="The report came from",
    who_should_catch="The report concerns",
    clocks={
        "received": "The day the report came in",
        "closed": "The day it was closed",
        "carried_out": "The day the action was carried out",
        "judged": "The day of the judgement",
        "happened": "The day it happened",
        "year_end": "The last day of the year",
        "cut_off": "The cut-off day",
    },
    fulfilments={"met": "Met", "partly": "Partly met", "not": "Not met", "not_assessable": "–"},
    of="{part} of {whole}",
    of_in_percent="{part} of {whole} ({percent}%)",
    less_than="fewer than {least}",
    days_one="{days} day",
    days_many="{days} days",
)


def days(number: float) -> str:
    return (WORDS.days_one if number == 1 else WORDS.days_many).format(days=in_words(number))


def soon(number: float) -> str:
    """No days at all are told as what they are."""
    return f"{WORDS.inside} {days(number)}" if number else WORDS.same_day


def most_concerned(top: Top) -> str:
    return f"Most reports concern {_top(top)}."


def most_reporting(top: Top) -> str:
    return f"Most reports come from staff at {_top(top)}."


def most_themes(top: Top) -> str:
    return f"Most common is {_top(top)}."


def most_places(top: Top) -> str:
    return f"Most reports are about something that happened in {_top(top)}."


def busiest_months(top: Top) -> str:
    return f"Most reports came in {_top(top)}."


def months_together() -> str:
    return "Months with few reports are shown together."


def only_names(measure: str, names: Sequence[str]) -> str:
    """A list whose numbers are all too small to tell."""
    if not names:
        return ""
    said = {
        "by_organisation": "The reports concern",
        "by_reporting_organisation": "The reports come from staff at",
        "by_theme": "The reports are about",
        "by_municipality": "The reports are about what happened in",
    }[measure]
    return f"{said} {joined(names, 'and')}. How many there are of each is not shown, because the numbers are so small."


def activities_left_out(*, some: bool) -> str:
    which = "Not all activities are" if some else "The activities are not"
    return f"{which} shown with numbers here, so that nobody can be recognised."


def pairs_left_out() -> str:
    return (
        "How many reports went between which two parties is not shown: the numbers are so small that somebody could "
        "be recognised."
    )


def largest_flow(reporting: str, concerned: str, number: int, *, among_shown: bool) -> str:
    what = "Most common of what is shown" if among_shown else "Most common"
    return f"{what} is that {reporting} reports something that concerns {concerned}: {in_words(number)} reports."


def _top(top: Top) -> str:
    number = in_words(top.number)
    if len(top.names) > 1:
        return f"{joined(top.names, 'and')}: {number} each"
    of = f" of {in_words(top.total)}" if top.total is not None else ""
    return f"{top.names[0]}: {number}{of}"


def answer_times(spread: Spread) -> str:
    return _spread("Half of the answered reports had an answer", spread)


def send_times(spread: Spread) -> str:
    return _spread("Half of the reports that were sent to a unit had reached it", spread)


def close_times(spread: Spread) -> str:
    return _spread("Half of the reports that were closed during the year were closed", spread)


def _spread(opening: str, spread: Spread) -> str:
    if spread.median is None:
        return ""
    further = spread.nine_of_ten is not None and spread.nine_of_ten > spread.median
    more = f", and nine of ten {soon(spread.nine_of_ten)}" if further and spread.nine_of_ten else ""
    return f"{opening} {soon(spread.median)}{more}."


def answers_in_time(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.of == part.value:
        return f"The units gave {in_words(part.of)} answers, all of them in time."
    number = "none" if part.value == 0 else in_words(part.value)
    share = f", which is {part.percent} per cent" if part.percent else ""
    return f"The units gave {in_words(part.of)} answers, {number} of them in time{share}."


def fed_back(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.value == part.of:
        return "Everyone who reported has been told what happened."
    if part.value == 0:
        return "Nobody who reported has been told what happened yet."
    return f"Feedback has been given on {in_words(part.value)} of {in_words(part.of)} reports."


def reopened(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.value == 0:
        return "No report was reopened."
    if part.value == part.of:
        return "All reports were reopened."
    return f"Of {in_words(part.of)} reports, {in_words(part.value)} were reopened."


def not_solved(part: Part) -> str:
    if not part.of or part.value is None:
        return ""
    if part.value == 0:
        return "Nobody who reported has said that the problem remains after the answer."
    if part.value == part.of:
        return "Everyone who reported has said that the problem is not solved."
    return f"On {in_words(part.value)} of {in_words(part.of)} reports, whoever reported has said that it is not solved."


def open_at_year_end(number: int | None) -> str:
    if number is None:
        return ""
    if number == 0:
        return "At the end of the year no case was open."
    return f"At the end of the year {in_words(number)} cases were open, those from earlier years included."


def occurrences(number: int | None) -> str:
    if number is None:
        return "A few times somebody has told that the same thing has happened to them."
    if number == 0:
        return ""
    return f"During the year somebody has told {in_words(number)} times that the same thing has happened to them."


def faults(part: Part, *, any_fault: bool) -> str:
    """`part`: reports that belong to any fault; hidden, they may be few or nearly all."""
    if not any_fault:
        return "None of the year's reports is linked to a system fault."
    if not part.of or part.value is None:
        return "These are the system faults that the year's reports belong to: faults in how things are arranged."
    if part.value == part.of:
        return "All of the year's reports belong to a system fault, that is, a fault in how things are arranged."
    return (
        f"{in_words(part.value).capitalize()} of {in_words(part.of)} reports belong to a system fault, that is, a "
        "fault in how things are arranged."
    )


def largest_fault(title: str, number: int) -> str:
    return f"Most belong to “{title}”: {in_words(number)}."


def actions_done(total: int | None, *, few: bool) -> str:
    if total is None:
        return f"{'A few' if few else 'Several'} actions were carried out during the year."
    if total == 0:
        return "No actions are registered for the year."
    return f"In all, {in_words(total)} actions were carried out during the year."


def most_actions(top: Top) -> str:
    return f"Most common was {_top(top)}."


def actions_open(number: int | None) -> str:
    if number is None:
        return "A few actions are planned or under way."
    if number == 0:
        return ""
    return f"Another {in_words(number)} actions are planned or under way."


def effects(total: int | None, best: int | None) -> str:
    """`best`: how many were judged to have helped; None is not told."""
    if total is None:
        return "The effect of a few actions was judged during the year."
    if total == 0:
        return "The effect of no action has been judged during the year."
    if best is None:
        return f"The effect of actions was judged {in_words(total)} times during the year."
    if best == total:
        return f"The effect of actions was judged {in_words(total)} times during the year; each time it had helped."
    times = "no time" if best == 0 else f"{in_words(best)} times"
    return f"The effect of actions was judged {in_words(total)} times during the year; {times} it had helped."


def counted_until(year: int, day: str) -> str:
    return (
        f"The report is about {year}, as it looked on {day}. What happened after that day is not in it. What happened "
        "by then is counted, also when it was written in later. Theme, organisation, municipality and type of action "
        "are as they stood when the report was compiled."
    )


def about_hiding(least: int) -> str:
    return (
        f"Numbers from 1 to {least - 1} are not shown, so that nobody can be recognised. They are added to "
        "others or replaced by “not shown”. Sometimes a larger number is hidden, when a small one could otherwise be "
        "worked out. A zero is shown, since it points nobody out. Medians are shown when there are at least "
        f"{least} reports behind them. How many actions there are of each type, and how the judgements of effect are "
        f"spread, is shown only when none of those numbers is from 1 to {least - 1}."
    )


def about_the_checksum() -> str:
    return (
        "The same figures and texts always give the same checksum. Each measure has a version, which changes when the "
        "way of counting does."
    )

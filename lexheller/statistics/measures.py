"""What is measured, in words: no figure is shown without the definition that stands here.

A measure whose way of counting changes gets a new version, and old editions keep the one they were made with. Stops at
words: counting is `figures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Clock(StrEnum):
    """Which day decides the year that something is counted in."""

    RECEIVED = "received"
    CLOSED = "closed"
    CARRIED_OUT = "carried_out"
    JUDGED = "judged"
    HAPPENED = "happened"
    YEAR_END = "year_end"
    CUT_OFF = "cut_off"


class Unit(StrEnum):
    REPORTS = "reports"
    DAYS = "days"
    ANSWERS = "answers"
    OCCURRENCES = "occurrences"
    FAULTS = "faults"
    ACTIONS = "actions"
    JUDGEMENTS = "judgements"


@dataclass(frozen=True, slots=True)
class Measure:
    """`name` and `definition` are in the language of the caller's locale when read."""

    id: str
    version: int
    clock: Clock
    unit: Unit
    name: Any
    definition: Any


def _of(*measures: Measure) -> Mapping[str, Measure]:
    return {measure.id: measure for measure in measures}


LISTS = (
    "by_organisation",
    "by_reporting_organisation",
    "by_theme",
    "by_municipality",
    "by_activity",
    "by_month",
    "by_action_type",
    "effects",
)
"""The measures that are lists of lines, each a key with a number."""


MEASURES = _of(
    Measure(
        "received", 1, Clock.RECEIVED, Unit.REPORTS, _l("Inkomna anmälningar"),
        _l(
            "Anmälningar som kom in under året, efter dagen de kom in. En anmälan som har slagits ihop med en "
            "annan, eller lämnats till ett annat förbund, räknas fortfarande där den kom in."
        ),
    ),
    Measure(
        "received_per_year", 1, Clock.RECEIVED, Unit.REPORTS, _l("Inkomna anmälningar år för år"),
        _l("Anmälningar per år, efter dagen de kom in."),
    ),
    Measure(
        "answered", 1, Clock.RECEIVED, Unit.REPORTS, _l("Besvarade"),
        _l("Årets anmälningar som hade fått svar på brytdagen."),
    ),
    Measure(
        "closed", 1, Clock.RECEIVED, Unit.REPORTS, _l("Avslutade"),
        _l("Årets anmälningar som var avslutade på brytdagen."),
    ),
    Measure(
        "fed_back", 1, Clock.RECEIVED, Unit.REPORTS, _l("Återkoppling lämnad"),
        _l(
            "Årets anmälningar där den som anmälde på brytdagen hade fått veta vad som hänt: ett svar, ett avslut"
            " eller ett beslut om systemfelet. Det står på kvittosidan, och den som lämnat sin adress har fått "
            "mejl."
        ),
    ),
    Measure(
        "by_organisation", 1, Clock.RECEIVED, Unit.REPORTS, _l("Vilken organisation anmälningarna gäller"),
        _l("Årets anmälningar efter den organisation som de gäller, som kansliet har angett den."),
    ),
    Measure(
        "by_reporting_organisation", 1, Clock.RECEIVED, Unit.REPORTS, _l("Vilken organisation de kom från"),
        _l("Årets anmälningar efter den organisation där den som anmälde arbetar."),
    ),
    Measure(
        "pairs", 1, Clock.RECEIVED, Unit.REPORTS, _l("Mellan vilka parter"),
        _l(
            "Årets anmälningar efter vilken organisation som anmälde och vilken som anmälan gäller. Anmälningar "
            "där någon av dem är okänd är inte med."
        ),
    ),
    Measure(
        "by_theme", 1, Clock.RECEIVED, Unit.REPORTS, _l("Vad de handlar om"),
        _l("Årets anmälningar efter tema, som kansliet har satt det."),
    ),
    Measure(
        "themes_per_year", 1, Clock.RECEIVED, Unit.REPORTS, _l("Teman år för år"),
        _l("Årens anmälningar efter det tema som de har nu, som kansliet har satt det."),
    ),
    Measure(
        "by_municipality", 1, Clock.RECEIVED, Unit.REPORTS, _l("I vilken kommun"),
        _l("Årets anmälningar efter kommunen där det hände."),
    ),
    Measure(
        "by_activity", 1, Clock.RECEIVED, Unit.REPORTS, _l("I vilken insats"),
        _l(
            "Årets anmälningar som kom från, eller gäller, en insats som förbundet finansierar. En anmälan som "
            "rör två insatser räknas i båda."
        ),
    ),
    Measure(
        "by_month", 1, Clock.RECEIVED, Unit.REPORTS, _l("När de kom in"),
        _l("Årets anmälningar efter månaden de kom in."),
    ),
    Measure(
        "answer_days", 1, Clock.RECEIVED, Unit.DAYS, _l("Dagar till svar"),
        _l(
            "Kalenderdagar från att anmälan kom in till att den var besvarad, för årets anmälningar som hade fått"
            " svar på brytdagen."
        ),
    ),
    Measure(
        "days_to_send", 2, Clock.RECEIVED, Unit.DAYS, _l("Dagar tills en ansvarig fick anmälan"),
        _l(
            "Kalenderdagar från att anmälan kom in till att den första gången skickades till en enhet, för årets "
            "anmälningar som hade skickats till en enhet på brytdagen."
        ),
    ),
    Measure(
        "days_to_first_answer", 2, Clock.RECEIVED, Unit.DAYS, _l("Dagar till första svaret"),
        _l(
            "Kalenderdagar från att anmälan kom in till att den första parten svarade, för årets anmälningar där "
            "någon part hade svarat på brytdagen."
        ),
    ),
    Measure(
        "days_to_close", 1, Clock.CLOSED, Unit.DAYS, _l("Dagar till avslut"),
        _l(
            "Kalenderdagar från att anmälan kom in till att den avslutades, för anmälningar som avslutades under "
            "året."
        ),
    ),
    Measure(
        "answers_in_time", 1, Clock.RECEIVED, Unit.ANSWERS, _l("Svar i tid"),
        _l(
            "Enheternas svar på årets anmälningar fram till brytdagen, och hur många av dem som kom inom "
            "svarstiden. Ett svar som en gång har blivit sent räknas som sent, även om svarstiden sedan ändras. "
            "Svar som har förts in från kalkylblad är inte med."
        ),
    ),
    Measure(
        "reopened", 1, Clock.RECEIVED, Unit.REPORTS, _l("Öppnade på nytt"),
        _l("Årets anmälningar som någon gång fram till brytdagen öppnades på nytt."),
    ),
    Measure(
        "not_solved", 1, Clock.RECEIVED, Unit.REPORTS, _l("”Det är inte löst”"),
        _l("Årets anmälningar där den som anmälde fram till brytdagen har sagt att problemet inte är löst."),
    ),
    Measure(
        "open_at_year_end", 1, Clock.YEAR_END, Unit.REPORTS, _l("Pågick vid årets slut"),
        _l("Alla anmälningar, även från tidigare år, som inte var avslutade när året var slut."),
    ),
    Measure(
        "occurrences", 1, Clock.HAPPENED, Unit.OCCURRENCES, _l("”Det har hänt oss också”"),
        _l(
            "Gånger under året som någon har berättat att samma sak har hänt dem, på en anmälan som redan fanns."
        ),
    ),
    Measure(
        "faults", 1, Clock.RECEIVED, Unit.FAULTS, _l("Systemfel som årets anmälningar hör till"),
        _l(
            "Systemfel som minst en av årets anmälningar är kopplad till, med antalet av årets anmälningar som "
            "hör till vart och ett. En anmälan kan höra till flera."
        ),
    ),
    Measure(
        "reports_in_faults", 1, Clock.RECEIVED, Unit.REPORTS, _l("Anmälningar som hör till ett systemfel"),
        _l("Årets anmälningar som är kopplade till minst ett systemfel."),
    ),
    Measure(
        "by_action_type", 2, Clock.CARRIED_OUT, Unit.ACTIONS, _l("Åtgärder som har genomförts"),
        _l(
            "Åtgärder efter typ och dagen de genomfördes. En åtgärd som visade sig inte vara genomförd räknas inte, "
            "när det än kom fram."
        ),
    ),
    Measure(
        "actions_open", 2, Clock.CUT_OFF, Unit.ACTIONS, _l("Åtgärder som är planerade eller pågår"),
        _l("Åtgärder som var planerade eller pågick på brytdagen."),
    ),
    Measure(
        "effects", 2, Clock.JUDGED, Unit.JUDGEMENTS, _l("Vad åtgärderna har gett"),
        _l(
            "Bedömningar av åtgärders effekt som gjordes under året. En bedömning av en åtgärd som visade sig inte "
            "vara genomförd räknas inte, när det än kom fram."
        ),
    ),
)  # fmt: skip


def measure(measure_id: str) -> Measure:
    """Raises KeyError: nothing is counted that is not defined."""
    return MEASURES[measure_id]

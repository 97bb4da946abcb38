"""Words for what the nightly look found: between whom, about what, where, how often, and how it goes on."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.faults.models import Pattern
from lexheller.faults.patterns_rules import PatternStatus, Trend

TREND: Mapping[Trend, LazyString] = {
    Trend.RISING: _l("ökar"),
    Trend.RECURRING: _l("återkommer"),
}

SETTLED: Mapping[PatternStatus, LazyString] = {
    PatternStatus.OPEN: _l("Väntar på dig"),
    PatternStatus.TAKEN: _l("Blev ett systemfel"),
    PatternStatus.PUT_ASIDE: _l("Lades åt sidan"),
    PatternStatus.MERGED: _l("Hör till ett känt systemfel"),
}


def between(pattern: Pattern) -> str:
    """Who reports about whom."""
    concerned = pattern.concerned_organisation.name if pattern.concerned_organisation else str(_("okänd organisation"))
    if pattern.reporting_organisation is None:
        return str(_("Till %(concerned)s", concerned=concerned))
    reporting = pattern.reporting_organisation.name
    return str(_("Från %(reporting)s till %(concerned)s", reporting=reporting, concerned=concerned))


def sentence(pattern: Pattern) -> str:
    """`Från … till …, tema …, i …`: what is left open is not said."""
    parts = [between(pattern)]
    if pattern.theme is not None:
        parts.append(str(_("tema %(theme)s", theme=pattern.theme.label)))
    if pattern.municipality is not None:
        parts.append(str(_("i %(place)s", place=pattern.municipality.name)))
    return ", ".join(parts)


def how_often(pattern: Pattern) -> str:
    """`5 ärenden på 12 månader, ökar`."""
    cases = ngettext("%(num)d ärende på 12 månader", "%(num)d ärenden på 12 månader", pattern.case_count)
    return f"{cases}, {TREND[Trend(pattern.trend)]}"

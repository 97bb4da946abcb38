"""Why a case came to a unit, in words: the stored reason of a duty, or of the event that found nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from lexheller.audit.models import Event
from lexheller.cases.models import Case, Duty
from lexheller.routing.queries import rule_by_id
from lexheller.routing.words import conditions, names_for


def why_here(case: Case, duty: Duty) -> list[str]:
    """Short sentences, the most important first."""
    why: dict[str, Any] = duty.why
    if why.get("by_hand"):
        return [_("Samordnaren skickade ärendet till %(unit)s.", unit=duty.unit.name)]
    rule = rule_by_id(case.federation_id, why["rule_id"]) if why.get("rule_id") else None
    if rule is None:
        return [_("Anmälan nämner enheten.")]
    sentences = [
        _(
            "Regel %(position)s i version %(version)s av förbundets regler: %(conditions)s går till %(unit)s.",
            position=rule.position,
            version=why["version"],
            conditions=conditions(rule, names_for([rule])),
            unit=duty.unit.name,
        )
    ]
    if why.get("fallback"):
        sentences.append(_("Regeln är ett andrahandsval. Samordnaren kan skicka ärendet till en annan enhet."))
    return sentences


def why_nobody(events: Sequence[Event]) -> str:
    """Why the rules found no unit, from the case's events; empty when they were never asked."""
    for event in reversed(events):
        if event.kind == "case.left_unrouted":
            return _no_match(str(event.data.get("why", {}).get("reason", "")))
    return ""


def _no_match(reason: str) -> str:
    sentences: dict[str, str] = {
        "organisation_unknown": _("Anmälaren visste inte vilken organisation det gäller."),
        "nobody_responsible": _("En regel passade, men ingen är ansvarig chef för enheten just nu."),
        "no_rule": _("Ingen regel passade uppgifterna i anmälan."),
    }
    return sentences.get(reason, sentences["no_rule"])

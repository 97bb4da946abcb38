"""What a case's page shows of similar cases and faults: the words for why each is suggested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from lexheller.accounts.rights import Actor
from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.faults.permissions import may_handle
from lexheller.faults.suggestions import Reason, ReasonCode, Suggestion, suggestions_for


@dataclass(frozen=True, slots=True)
class Shown:
    """`why` is what speaks for it, as it is read; `linking` the same as a sentence that a link can keep."""

    suggestion: Suggestion
    why: tuple[str, ...]

    @property
    def linking(self) -> str:
        """Without the words of a report: what is kept of a link is read by more people than the report is."""
        plain = [reason for reason in self.suggestion.reasons if reason.code not in WORDS]
        said = [reason_words(reason) for reason in plain] or [str(_("liknande ord"))]
        return str(_("Föreslogs: %(why)s", why=", ".join(said)))[:300]


WORDS = frozenset({ReasonCode.WORDS, ReasonCode.OTHER_WORDS})


def values(actor: Actor, case: Case) -> dict[str, Any]:
    """The values that `casework/_suggestions.html` wants. Nothing is looked for once the case is closed."""
    if case.status == CaseStatus.CLOSED:
        return {"similar_cases": (), "similar_faults": (), "may_link_suggested": False}
    found = suggestions_for(actor, case)
    return {
        "similar_cases": _shown(found.cases),
        "similar_faults": _shown(found.faults),
        "may_link_suggested": may_handle(actor, case.federation_id),
    }


def _shown(suggestions: Sequence[Suggestion]) -> tuple[Shown, ...]:
    return tuple(Shown(one, tuple(reason_words(reason) for reason in one.reasons)) for one in suggestions)


def reason_words(reason: Reason) -> str:
    """One reason as a short phrase."""
    match reason.code:
        case ReasonCode.WORDS:
            return str(_("samma ord: %(words)s", words=", ".join(reason.values)))
        case ReasonCode.OTHER_WORDS:
            pairs = zip(reason.values[::2], reason.values[1::2], strict=True)
            return str(_("ord om samma sak: %(words)s", words=", ".join(f"{mine} – {other}" for mine, other in pairs)))
        case ReasonCode.LINKED_CASE:
            return str(_("liknar ärende %(number)s, som visar felet", number=reason.values[0]))
        case ReasonCode.SAME_PARTIES:
            return str(_("samma parter"))
        case ReasonCode.SAME_ORGANISATION:
            return str(_("samma organisation"))
        case ReasonCode.SAME_THEME:
            return str(_("samma tema"))
        case ReasonCode.SAME_MUNICIPALITY:
            return str(_("samma kommun"))

"""What an imported row's words mean in this federation: its organisations, municipality, theme, action type, status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lexheller.actions.models import ActionType
from lexheller.cases.states import CaseStatus
from lexheller.intake.spreadsheet.rows import SheetRow
from lexheller.organisations import queries as organisations
from lexheller.organisations.models import Federation, Organisation
from lexheller.organisations.names import folded

T = TypeVar("T")

CLOSED_WORDS = frozenset(
    {
        "avslutad",
        "avslutat",
        "avslutade",
        "stängd",
        "stängt",
        "klar",
        "klart",
        "åtgärdad",
        "åtgärdat",
        "färdig",
        "closed",
    }
)
ANSWERED_WORDS = frozenset({"besvarad", "besvarat", "svar lämnat", "svarad"})
OPEN_WORDS = frozenset(
    {"pågår", "pågående", "öppen", "öppet", "ny", "nytt", "inkommen", "mottagen", "under arbete", "väntar"}
)


@dataclass(frozen=True, slots=True)
class Placed:
    """`doubts` are (column, reason); `as_given` keeps the words that no list knew, by field."""

    status: CaseStatus
    reporting_organisation_id: int | None
    concerned_organisation_id: int | None
    municipality_id: int | None
    theme_id: int | None
    action_type: ActionType | None
    doubts: tuple[tuple[str, str], ...]
    as_given: dict[str, str]


class Placer:
    """Reads the federation's lists once and places row after row."""

    def __init__(self, federation: Federation, action_types: Sequence[ActionType]) -> None:
        self._organisations = organisations.organisations(federation.id)
        self._municipalities = {folded(row.name): row.id for row in organisations.municipalities(federation.id)}
        self._themes = {folded(row.label): row.id for row in organisations.themes(federation.id)}
        self._action_types = {folded(row.label): row for row in action_types}

    def place(self, row: SheetRow) -> Placed:
        """Never fails: what cannot be placed is a doubt."""
        doubts: list[tuple[str, str]] = []
        as_given: dict[str, str] = {}

        def doubt(column: str, field: str, reason: str, written: str) -> None:
            doubts.append((column, reason))
            as_given[field] = written

        concerned = self._organisation(row.concerned_organisation)
        if row.concerned_organisation and concerned is None:
            doubt("Berörd organisation", "concerned_organisation", "unknown_organisation", row.concerned_organisation)
        reporting = self._organisation(row.reporting_organisation)
        if row.reporting_organisation and reporting is None:
            doubt(
                "Anmälande organisation", "reporting_organisation", "unknown_organisation", row.reporting_organisation
            )
        municipality_id = self._municipality(row.municipality)
        if row.municipality and municipality_id is None:
            doubt("Kommun", "municipality", "unknown_municipality", row.municipality)
        theme_id = _found(self._themes, row.theme)
        if row.theme and theme_id is None:
            doubt("Kategori", "theme", "unknown_category", row.theme)
        action_type = _found(self._action_types, row.action_type)
        if row.action_type and action_type is None:
            doubt("Åtgärdstyp", "action_type", "unknown_action_type", row.action_type)
        if (row.action or row.action_type) and row.action_on is None:
            doubts.append(("Åtgärdsdatum", "missing_action_date"))
        if row.dates_out_of_order:
            doubts.append(("Svarsdatum", "dates_out_of_order"))
        status = status_of(row)
        if status is None:
            doubt("Status", "status", "unknown_status", row.status or "")
        return Placed(
            status or CaseStatus.UNROUTED,
            reporting.id if reporting else None,
            concerned.id if concerned else None,
            municipality_id,
            theme_id,
            action_type,
            tuple(doubts),
            as_given,
        )

    def _organisation(self, written: str | None) -> Organisation | None:
        return organisations.find_by_name(self._organisations, written) if written else None

    def _municipality(self, written: str | None) -> int | None:
        """With or without the word for it: Habo, Habo kommun, Jönköpings kommun."""
        if not written:
            return None
        name = folded(written)
        bare = name.removesuffix(" kommun").removesuffix(" kommuns")
        for candidate in (name, bare, bare.removesuffix("s")):
            if candidate in self._municipalities:
                return self._municipalities[candidate]
        return None


def status_of(row: SheetRow) -> CaseStatus | None:
    """Finished rows are closed, answered ones answered, others are the coordinator's. None: an unknown word."""
    word = folded(row.status or "")
    if word in CLOSED_WORDS:
        return CaseStatus.CLOSED
    if word in ANSWERED_WORDS or (not word and row.answer):
        return CaseStatus.ANSWERED
    return CaseStatus.UNROUTED if not word or word in OPEN_WORDS else None


def _found(known: Mapping[str, T], written: str | None) -> T | None:
    return known.get(folded(written)) if written else None

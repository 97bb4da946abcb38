"""Forms of the fault pages. Those on the fault's own page each have a prefix and the version that was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Optional

from lexheller.core.errors import InvalidInput
from lexheller.faults.labels import BROKEN
from lexheller.faults.linking import LONGEST_WHY
from lexheller.faults.models import Fault
from lexheller.faults.service import LONGEST_TITLE, Details
from lexheller.faults.states import Broken, FaultStep
from lexheller.organisations import queries as organisations
from lexheller.web.forms import Form, long_text, short_text
from lexheller.web.once import OnceForm

LONGEST_TEXT = 2000
LONGEST_ID = 2**31 - 1
FEDERATION = "federation"
REFUSED = {
    "required": _l("Fyll i fältet."),
    "too_long": _l("Texten är för lång. Korta den."),
    "unknown": _l("Det valet finns inte. Välj något annat."),
    "personal_identity_number": _l("Ta bort personnumret. Vi får inte ta emot personnummer."),
    "no_such_case": _l("Det finns inget ärende med det numret i förbundet."),
}


class HasId(Protocol):
    @property
    def id(self) -> int: ...


def number_in(written: object) -> int:
    """An id or a version from a hidden field; one that nothing has for a tampered value."""
    text = str(written or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if 0 < number <= LONGEST_ID else -1


class FaultPageForm(Form):
    def refused(self, problem: InvalidInput) -> None:
        """Say on its field why a verb would not take a value."""
        self.put_error(problem.field, str(REFUSED.get(problem.code, _("Kontrollera fältet."))))


class SeenForm(FaultPageForm):
    """A step that needs no words. `version` is the fault as the person saw it (P13)."""

    version = HiddenField(validators=[InputRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        return number_in(self.version.data)


class DetailsForm(FaultPageForm):
    """What a fault is. Only the title must be there: the rest is found out on the way."""

    title = short_text(
        _l("Felet i en mening"),
        required=_l("Skriv kort vad felet är, så att ni känner igen det."),
        longest=LONGEST_TITLE,
    )
    what_happens = long_text(_l("Vad är det som händer?"), longest=LONGEST_TEXT)
    let_go_organisation_id = SelectField(_l("Vem släppte?"), coerce=str, validators=[Optional()])
    should_catch_organisation_id = SelectField(_l("Vem borde ha tagit emot?"), coerce=str, validators=[Optional()])
    broken = SelectField(_l("Vad brast?"), coerce=str, validators=[Optional()])
    broken_what = long_text(_l("Vilken överenskommelse, regel eller rutin?"), longest=LONGEST_TEXT)
    who_is_hit = long_text(_l("Vilka drabbas, och hur?"), longest=LONGEST_TEXT)
    cause = long_text(_l("Vad beror det på?"), longest=LONGEST_TEXT)
    way_round = long_text(_l("Hur kan man ta sig runt felet tills det är rättat?"), longest=LONGEST_TEXT)
    theme_id = SelectField(_l("Tema"), coerce=str, validators=[Optional()])
    municipality_id = SelectField(_l("Kommun"), coerce=str, validators=[Optional()])

    def offer(self, federation_id: int, kept: Fault | None = None) -> None:
        """Fill the choices; what stands on the fault can stay, also when the list has lost it since."""
        parties = organisations.organisations(federation_id)
        unsaid = _("Inte angivet")
        self.let_go_organisation_id.choices = _choices(parties, unsaid, "name", kept.let_go if kept else None)
        self.should_catch_organisation_id.choices = _choices(
            parties, unsaid, "name", kept.should_catch if kept else None
        )
        self.theme_id.choices = _choices(
            organisations.themes(federation_id), unsaid, "label", kept.theme if kept else None
        )
        self.municipality_id.choices = _choices(
            organisations.municipalities(federation_id),
            _("Hela förbundet"),
            "name",
            kept.municipality if kept else None,
        )
        self.broken.choices = [("", unsaid), *((kind.value, BROKEN[kind]) for kind in Broken)]

    @property
    def details(self) -> Details:
        return Details(
            title=self.title.data,
            what_happens=self.what_happens.data or "",
            let_go_organisation_id=_id(self.let_go_organisation_id.data),
            should_catch_organisation_id=_id(self.should_catch_organisation_id.data),
            broken=self.broken.data or None,
            broken_what=self.broken_what.data or "",
            who_is_hit=self.who_is_hit.data or "",
            cause=self.cause.data or "",
            way_round=self.way_round.data or "",
            theme_id=_id(self.theme_id.data),
            municipality_id=_id(self.municipality_id.data),
        )


def why(label: Any) -> Any:
    return short_text(label, required=_l("Skriv kort varför."), longest=LONGEST_WHY)


class NewFaultForm(DetailsForm, OnceForm):
    """A fault that nobody has reported in a case yet."""


class NewFromCaseForm(DetailsForm, OnceForm):
    case_id = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])
    why = why(_l("Varför visar ärendet felet?"))


class DescribeForm(DetailsForm, SeenForm):
    pass


class OwnerForm(SeenForm):
    owner = SelectField(_l("Vem äger felet?"), coerce=str, validators=[InputRequired(message=_l("Välj en ägare."))])

    def offer(self, federation_id: int) -> None:
        grouped: dict[str, list[tuple[str, Any]]] = {"": [("", _("Välj ägare")), (FEDERATION, _("Förbundet"))]}
        for unit in organisations.units(federation_id):
            grouped.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
        self.owner.choices = grouped


class LinkForm(FaultPageForm):
    """From the fault's page: which case, and why."""

    number = short_text(
        _l("Ärendets nummer"), required=_l("Skriv ärendets nummer, till exempel 2026:11 / 4."), longest=60
    )
    why = why(_l("Varför visar ärendet felet?"))


class LinkFromCaseForm(FaultPageForm):
    """From a case's page: which fault, and why."""

    fault_id = SelectField(
        _l("Systemfel som ärendet visar"), coerce=str, validators=[InputRequired(message=_l("Välj ett systemfel."))]
    )
    case_id = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])
    why = why(_l("Varför hör det dit?"))


class UnlinkForm(FaultPageForm):
    """`back`: the page that it was sent from, and that is shown again."""

    why = why(_l("Varför hör ärendet inte dit?"))
    back = HiddenField(validators=[Optional(), AnyOf(["", "case"])])


class DecideForm(SeenForm):
    decision = long_text(_l("Vad beslutades?"), required=_l("Skriv vad som beslutades."), longest=LONGEST_TEXT)


class CloseForm(SeenForm):
    ending = long_text(_l("Hur slutade det?"), required=_l("Skriv hur det slutade, och varför."), longest=LONGEST_TEXT)


class AcceptForm(SeenForm):
    ending = long_text(
        _l("Varför får det vara som det är?"),
        required=_l("Skriv varför felet lämnas som det är."),
        longest=LONGEST_TEXT,
    )


FORM_OF: Mapping[FaultStep, type[SeenForm]] = {
    FaultStep.CONFIRM: SeenForm,
    FaultStep.LIFT: SeenForm,
    FaultStep.DECIDE: DecideForm,
    FaultStep.REWORD_DECISION: DecideForm,
    FaultStep.DECIDE_ANEW: DecideForm,
    FaultStep.START_MENDING: SeenForm,
    FaultStep.FOLLOW_UP: SeenForm,
    FaultStep.CLOSE: CloseForm,
    FaultStep.ACCEPT_AS_IT_IS: AcceptForm,
    FaultStep.REOPEN: SeenForm,
}
"""The steps that move a fault along the table or change its decision, each taken with a form on its page."""


def _choices(rows: Sequence[Any], empty: Any, label: str, kept: HasId | None) -> list[tuple[str, Any]]:
    found = [*rows] if kept is None or kept.id in {row.id for row in rows} else [*rows, kept]
    return [("", empty), *((str(row.id), getattr(row, label)) for row in found)]


def _id(chosen: str | None) -> int | None:
    return int(chosen) if chosen else None

"""Forms for the rules' draft. Each carries the draft's revision as the person saw it (P13)."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from lexheller.organisations import queries as organisations
from lexheller.organisations.models import OrganisationKind, Unit
from lexheller.routing.contents import RuleDraft
from lexheller.routing.drafts import LONGEST_NOTE
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.words import Names
from lexheller.web.forms import Form, long_text

ANY = ""
Choices = list[tuple[str, str]]


class SeenForm(Form):
    """A change that needs no words."""

    version = HiddenField(validators=[DataRequired(message=_l("Ladda om sidan och försök igen."))])

    @property
    def seen(self) -> int:
        """The revision seen; one that nobody can have seen for a tampered value."""
        data = str(self.version.data or "")
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else -1


class StartForm(Form):
    """`origin` is the earlier version that the draft is to be a copy of; empty: the one in use."""

    origin = HiddenField(validators=[Optional()])

    @property
    def origin_version(self) -> int | None:
        data = str(self.origin.data or "")
        if not data:
            return None
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else -1


class RuleForm(SeenForm):
    organisation = SelectField(_l("Organisation som ärendet gäller"), coerce=str, validators=[Optional()])
    concerned_unit = SelectField(_l("Enhet som anmälan nämner"), coerce=str, validators=[Optional()])
    municipality = SelectField(_l("Kommun"), coerce=str, validators=[Optional()])
    theme = SelectField(_l("Tema"), coerce=str, validators=[Optional()])
    activity = SelectField(_l("Insats som anmälan kommer från"), coerce=str, validators=[Optional()])
    unit = SelectField(_l("Skicka till"), coerce=str, validators=[InputRequired(message=_l("Välj en enhet."))])

    def wanted(self) -> RuleDraft:
        """What the form says, once it is valid."""
        return RuleDraft(
            unit_id=int(self.unit.data),
            organisation_id=_chosen(self.organisation),
            municipality_id=_chosen(self.municipality),
            theme_id=_chosen(self.theme),
            concerned_unit_id=_chosen(self.concerned_unit),
            activity_id=_chosen(self.activity),
        )

    def fill_choices(self, federation_id: int, row: RoutingRule | None, names: Names) -> RuleForm:
        """The federation's own lists. What the rule in hand says stays a choice, even when it is retired."""
        stands = RuleDraft.of(row).ids() if row else {}
        members = organisations.organisations(federation_id)
        every = _("Alla")
        units = organisations.units(federation_id)
        self.unit.choices = {"": [(ANY, _("Välj enhet"))], **_by_organisation(units)}
        self.concerned_unit.choices = {
            "": [(ANY, every), *_retired(stands.get("concerned_unit_id"), names.units, {unit.id for unit in units})],
            **_by_organisation(units),
        }
        self.organisation.choices = _choices(
            every, [(member.id, member.name) for member in members], stands.get("organisation_id"), names.organisations
        )
        self.municipality.choices = _choices(
            every,
            [(place.id, place.name) for place in organisations.municipalities(federation_id)],
            stands.get("municipality_id"),
            names.municipalities,
        )
        self.theme.choices = _choices(
            every,
            [(theme.id, theme.label) for theme in organisations.themes(federation_id)],
            stands.get("theme_id"),
            names.themes,
        )
        activities = [(member.id, member.name) for member in members if member.kind == OrganisationKind.ACTIVITY]
        self.activity.choices = _choices(every, activities, stands.get("activity_id"), names.organisations)
        return self


class MoveForm(SeenForm):
    position = SelectField(
        _l("Plats i ordningen"), coerce=str, validators=[InputRequired(message=_l("Välj en plats."))]
    )

    def fill_choices(self, count: int) -> MoveForm:
        self.position.choices = [(str(place), str(place)) for place in range(1, count + 1)]
        return self


class PublishForm(SeenForm):
    note = long_text(_l("Varför ändrar ni reglerna?"), longest=LONGEST_NOTE)


def values_of(row: RoutingRule, draft: RuleSet) -> dict[str, str]:
    """The rule as the form shows it first."""
    said = RuleDraft.of(row).ids()
    values = {name.removesuffix("_id"): str(value or ANY) for name, value in said.items()}
    return {**values, "version": str(draft.revision)}


def _chosen(field: SelectField) -> int | None:
    return int(field.data) if field.data else None


def _by_organisation(units: Iterable[Unit]) -> dict[str, Choices]:
    grouped: dict[str, Choices] = {}
    for unit in units:
        grouped.setdefault(unit.organisation.name, []).append((str(unit.id), unit.name))
    return grouped


def _choices(every: str, rows: list[tuple[int, str]], kept: int | None, names: dict[int, str]) -> Choices:
    known = {row_id for row_id, _name in rows}
    return [(ANY, every), *_retired(kept, names, known), *((str(row_id), name) for row_id, name in rows)]


def _retired(kept: int | None, names: dict[int, str], known: set[int]) -> Choices:
    if kept is None or kept in known:
        return []
    return [(str(kept), _("%(name)s (används inte längre)", name=names[kept]))]

"""The forms of a connection to a provider. `accounts.single_sign_on_settings` knows the limits and checks again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from lexheller.accounts.rights import Role
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.accounts.single_sign_on_settings import LIMITS, Draft
from lexheller.administration.forms import SeenForm, note_field
from lexheller.administration.labels import ROLE
from lexheller.organisations.models import Organisation
from lexheller.web.forms import Form, long_text, short_text

LONGEST_LIST = 10_000
LONGEST_CLAIMS = 20_000


def _short(name: str, label: Any, *, required: Any = None, default: str = "") -> Field:
    return short_text(label, required=required, longest=LIMITS[name], default=default, names=True)


def _of_groups(role: Role) -> Field:
    return long_text(ROLE[role], longest=LONGEST_LIST, names=True)


class ConnectionForm(SeenForm):
    """Lists have one thing on each line."""

    name = _short("name", _l("Namn på knappen"), required=_l("Skriv vad det ska stå på knappen."))
    organisation = SelectField(
        _l("Vems inloggning är det?"), coerce=str, validators=[InputRequired(message=_l("Välj en."))]
    )
    issuer = _short("issuer", _l("Utfärdare (issuer)"), required=_l("Skriv utfärdarens adress."))
    client_id = _short("client_id", _l("Klient-id"), required=_l("Skriv klient-id."))
    secret = PasswordField(_l("Hemlighet (client secret)"), validators=[Length(max=LIMITS["secret"])])
    scopes = _short("scopes", _l("Uppgifter som begärs (scope)"), default="openid profile email")
    subject_claim = _short("subject_claim", _l("Fält för vem det är"), default="sub")
    mail_claim = _short("mail_claim", _l("Fält för e-post"), default="email")
    groups_claim = _short("groups_claim", _l("Fält för grupper"), default="groups")
    mail_domains = long_text(_l("E-postdomäner som utfärdaren får intyga"), longest=LONGEST_LIST, names=True)
    strong_values = long_text(
        _l("Värden i acr eller amr som betyder inloggning i två steg"), longest=LONGEST_LIST, names=True
    )
    groups_coordinator = _of_groups(Role.COORDINATOR)
    groups_manager = _of_groups(Role.MANAGER)
    groups_director = _of_groups(Role.DIRECTOR)
    groups_member = _of_groups(Role.MEMBER)
    groups_registrar = _of_groups(Role.REGISTRAR)
    groups_analyst = _of_groups(Role.ANALYST)
    groups_administrator = _of_groups(Role.ADMINISTRATOR)
    groups_operator = _of_groups(Role.OPERATOR)
    groups_national_reader = _of_groups(Role.NATIONAL_READER)
    note = note_field()

    def offer(self, members: Iterable[Organisation]) -> None:
        self.organisation.choices = [
            ("0", _("Hela förbundets")),
            *((str(row.id), row.name) for row in members),
        ]

    @property
    def group_fields(self) -> list[Field]:
        return [self[f"groups_{role}"] for role in Role]

    @property
    def draft(self) -> Draft:
        """Of a form that was found right."""
        plain = {name: str(self[name].data or "") for name in LIMITS}
        return Draft(
            organisation_id=int(self.organisation.data) or None,
            mail_domains=tuple(line.lower().removeprefix("@") for line in _lines(self.mail_domains)),
            strong_values=_lines(self.strong_values),
            role_groups={str(role): _lines(self[f"groups_{role}"]) for role in Role},
            **plain,
        )


class TrialForm(Form):
    claims = long_text(_l("Ett svar att prova på"), longest=LONGEST_CLAIMS, names=True)


def values_of(row: SignInConnection) -> dict[str, Any]:
    """As the form shows them: never the secret."""
    plain = {name: getattr(row, name) for name in LIMITS if name != "secret"}
    groups = {f"groups_{role}": "\n".join(row.role_groups.get(role, ())) for role in Role}
    return (
        plain
        | groups
        | {
            "organisation": str(row.organisation_id or 0),
            "mail_domains": "\n".join(row.mail_domains),
            "strong_values": "\n".join(row.strong_values),
        }
    )


def _lines(field: Field) -> tuple[str, ...]:
    """What stands on the lines, each thing once."""
    lines = (line.strip() for line in str(field.data or "").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))

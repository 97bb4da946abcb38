"""What the tests of duties share: a duty as plain values, its forms filled in, and a person who sends them."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from lexheller.cases.answer_link import links_of, token_for
from lexheller.cases.models import Case, Duty
from lexheller.cases.queries import duties
from lexheller.casework.duty_forms import DutyStep
from lexheller.core.db import db

WRITTEN = "Rutinen är ändrad och alla på kontoret känner till den."
FILLED: dict[DutyStep, dict[str, str]] = {
    DutyStep.ACCEPT: {},
    DutyStep.ANSWER: {"steps_taken": WRITTEN},
    DutyStep.SEND_BACK: {"reason": "Det gäller ett annat kontor.", "proposed_unit": ""},
    DutyStep.EXTEND: {"days": "5", "reason": "Den som vet är på semester."},
    DutyStep.ASK: {"text": "Vilket år hände det?"},
    DutyStep.TAKE_BACK_QUESTION: {},
    DutyStep.DELEGATE: {"name": "Kim Berg", "email": "kim.berg@sodra-vatterbygden.example"},
    DutyStep.PROPOSE: {"kind": "system_fault", "theme": "", "why": "Det händer ofta."},
    DutyStep.NOTE: {"text": "Vi tar det på mötet i morgon."},
    DutyStep.REVOKE_LINK: {},
    DutyStep.WITHDRAW: {},
}
ABOUT_CASE = {DutyStep.ASK, DutyStep.TAKE_BACK_QUESTION}


@dataclass(frozen=True)
class StagedDuty:
    """`token` is of the first link that was mailed about it."""

    id: int
    case_id: int
    unit_id: int
    version: int
    case_version: int
    status: str
    due_on: object
    token: str

    def values(self, step: DutyStep, **changes: str) -> dict[str, str]:
        """The fields of the form of that step, by the names they have on the page."""
        version = self.case_version if step in ABOUT_CASE else self.version
        filled = {**FILLED[step], "version": str(version), **changes}
        return {f"{step.value}-{self.id}-{name}": value for name, value in filled.items()}

    def path(self, case, step: DutyStep) -> str:
        return f"{case.path}/uppdrag/{self.id}/{step.value}"

    def link(self, step: DutyStep | None = None) -> str:
        return f"/svar/{self.token}" + (f"/{step.value}" if step else "")


def staged(duty: Duty) -> StagedDuty:
    case = db.session.get_one(Case, duty.case_id)
    links = links_of(duty.id)
    token = token_for(links[0]) if links else ""
    return StagedDuty(duty.id, case.id, duty.unit_id, duty.version, case.version, duty.status, duty.due_on, token)


def duty_of(stage, case, position: int = -1) -> StagedDuty:
    """One of the case's duties; the last without anything said."""
    return stage.ask(lambda _cast: staged(duties(case.id)[position]))


def two_parties(stage) -> tuple[object, StagedDuty, StagedDuty]:
    """A case that two units are asked about: Arbetsförmedlingen and Försäkringskassan."""
    case = stage.case()
    stage.ask(lambda cast: cast.ask_two(db.session.get_one(Case, case.id)))
    return stage.look(case.id), duty_of(stage, case, -2), duty_of(stage, case, -1)


def token_of(stage, duty_id: int, email: str) -> str:
    """The token in the mail to that address."""
    return stage.ask(lambda _cast: next(token_for(link) for link in links_of(duty_id) if link.email == email))


def mails(app) -> list[EmailMessage]:
    """All mails that were delivered."""
    files = sorted(path for path in Path(app.config["MAIL_FOLDER"]).rglob("*") if path.is_file())
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]

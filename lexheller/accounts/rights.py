"""The one table of roles and rights, and the actor that every verb takes first. Pure.

Stops at federation-wide rights: what a right means for one thing is the slice's `permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """MEMBER: of a group that meets, and nothing but that. OPERATOR keeps the program running and sees no texts.

    NATIONAL_READER reads what has been frozen, in every federation that gave the role.
    """

    MANAGER = "manager"
    COORDINATOR = "coordinator"
    DIRECTOR = "director"
    MEMBER = "member"
    REGISTRAR = "registrar"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    NATIONAL_READER = "national_reader"


class Right(StrEnum):
    """READ_MATERIAL: of the meetings of those groups that one is listed in; being listed is the other half.

    KEEP_RECORDS: the diary, release on request. MASK: hide a passage of a stored text. PLAN_DISPOSAL: propose what is
    deleted, or decide it, never both. SEE_FIGURES: numbers without texts and without the cases behind them.
    SEE_READING_LOG: who read or downloaded what. OPERATE: what is stuck, by kind and number. READ_EDITIONS: frozen
    reports in their public form.
    """

    SEE_OWN_UNITS_CASES = "see_own_units_cases"
    ANSWER_DUTIES = "answer_duties"
    SEE_ALL_CASES = "see_all_cases"
    HANDLE_CASES = "handle_cases"
    PREPARE_MEETINGS = "prepare_meetings"
    ADMINISTER = "administer"
    SEE_ACTION_REPORT = "see_action_report"
    COMPILE_ACTION_REPORT = "compile_action_report"
    APPROVE_ACTION_REPORT = "approve_action_report"
    READ_MATERIAL = "read_material"
    KEEP_RECORDS = "keep_records"
    MASK = "mask"
    PLAN_DISPOSAL = "plan_disposal"
    SEE_FIGURES = "see_figures"
    SEE_READING_LOG = "see_reading_log"
    OPERATE = "operate"
    READ_EDITIONS = "read_editions"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.MANAGER: frozenset({Right.SEE_OWN_UNITS_CASES, Right.ANSWER_DUTIES, Right.READ_MATERIAL}),
    Role.COORDINATOR: frozenset(
        {
            Right.SEE_ALL_CASES,
            Right.HANDLE_CASES,
            Right.PREPARE_MEETINGS,
            Right.ADMINISTER,
            Right.SEE_ACTION_REPORT,
            Right.COMPILE_ACTION_REPORT,
            Right.READ_MATERIAL,
            Right.KEEP_RECORDS,
            Right.MASK,
            Right.PLAN_DISPOSAL,
            Right.SEE_FIGURES,
            Right.OPERATE,
            Right.READ_EDITIONS,
        }
    ),
    Role.DIRECTOR: frozenset(
        {
            Right.SEE_ALL_CASES,
            Right.PREPARE_MEETINGS,
            Right.ADMINISTER,
            Right.SEE_ACTION_REPORT,
            Right.COMPILE_ACTION_REPORT,
            Right.APPROVE_ACTION_REPORT,
            Right.READ_MATERIAL,
            Right.KEEP_RECORDS,
            Right.MASK,
            Right.PLAN_DISPOSAL,
            Right.SEE_FIGURES,
            Right.SEE_READING_LOG,
            Right.READ_EDITIONS,
        }
    ),
    Role.MEMBER: frozenset({Right.READ_MATERIAL}),
    Role.REGISTRAR: frozenset({Right.SEE_ALL_CASES, Right.KEEP_RECORDS, Right.MASK, Right.PLAN_DISPOSAL}),
    Role.ANALYST: frozenset({Right.SEE_FIGURES, Right.READ_EDITIONS}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER, Right.SEE_READING_LOG}),
    Role.OPERATOR: frozenset({Right.OPERATE}),
    Role.NATIONAL_READER: frozenset({Right.READ_EDITIONS}),
}


SEES_CASES = frozenset({Right.SEE_ALL_CASES, Right.SEE_OWN_UNITS_CASES, Right.READ_MATERIAL})
"""Rights that lead to what somebody reported: to all of it, that of one's own units, or what stands in papers."""


def sees_cases(role: Role) -> bool:
    """Whether whoever has the role may come to read a case."""
    return bool(RIGHTS[role] & SEES_CASES)


class ActorKind(StrEnum):
    """LINK: whoever holds a mailed link that is good for one duty and nothing else."""

    USER = "user"
    LINK = "link"
    REPORTER = "reporter"
    SYSTEM = "system"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `roles` are per federation id; `unit_ids` are the units a manager answers for today.

    `link_id` is set for the holder of a mailed link; `duty_id` is then the only duty that the authority reaches.
    `delegate`: a colleague whom the manager asked to help, who may do less (`cases.permissions`).
    """

    kind: ActorKind
    user_id: int | None = None
    name: str = ""
    email: str = ""
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    unit_ids: frozenset[int] = frozenset()
    duty_id: int | None = None
    link_id: int | None = None
    delegate: bool = False

    def may(self, right: Right, federation_id: int) -> bool:
        """Whether any of the actor's roles in that federation carries the right."""
        return any(right in RIGHTS[role] for role in self.roles.get(federation_id, ()))


SYSTEM = Actor(ActorKind.SYSTEM)
REPORTER = Actor(ActorKind.REPORTER)
OPERATOR = Actor(ActorKind.OPERATOR)

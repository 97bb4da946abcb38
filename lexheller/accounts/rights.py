"""The one table of roles and rights, and the actor that every verb takes first. Pure.

Stops at federation-wide rights: what a right means for one thing is the slice's `permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    DIRECTOR = "director"


class Right(StrEnum):
    SEE_OWN_UNITS_CASES = "see_own_units_cases"
    ANSWER_DUTIES = "answer_duties"
    SEE_ALL_CASES = "see_all_cases"
    HANDLE_CASES = "handle_cases"
    SEE_ACTION_REPORT = "see_action_report"
    COMPILE_ACTION_REPORT = "compile_action_report"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.MANAGER: frozenset({Right.SEE_OWN_UNITS_CASES, Right.ANSWER_DUTIES}),
    Role.COORDINATOR: frozenset(
        {
            Right.SEE_ALL_CASES,
            Right.HANDLE_CASES,
            Right.SEE_ACTION_REPORT,
            Right.COMPILE_ACTION_REPORT,
        }
    ),
    Role.DIRECTOR: frozenset({Right.SEE_ALL_CASES, Right.SEE_ACTION_REPORT, Right.COMPILE_ACTION_REPORT}),
}


class ActorKind(StrEnum):
    USER = "user"
    REPORTER = "reporter"
    SYSTEM = "system"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `roles` are per federation id; `unit_ids` are the units a manager answers for today."""

    kind: ActorKind
    user_id: int | None = None
    name: str = ""
    email: str = ""
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    unit_ids: frozenset[int] = frozenset()

    def may(self, right: Right, federation_id: int) -> bool:
        """Whether any of the actor's roles in that federation carries the right."""
        return any(right in RIGHTS[role] for role in self.roles.get(federation_id, ()))


SYSTEM = Actor(ActorKind.SYSTEM)
REPORTER = Actor(ActorKind.REPORTER)
OPERATOR = Actor(ActorKind.OPERATOR)

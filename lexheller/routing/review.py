"""What is odd about a set of rules, seen without any report: told before it is put in use, never forbidden. Pure."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lexheller.routing.rules import Rule, in_order

RemarkCode = Literal["nobody_responsible", "duplicate", "shadowed"]


@dataclass(frozen=True, slots=True)
class Remark:
    """`other` is the position, counted from 1, of the earlier rule that is in the way."""

    code: RemarkCode
    other: int | None = None


def review(rules: Iterable[Rule], *, answerable_units: Container[int]) -> Mapping[int, list[Remark]]:
    """Remarks by rule id, for rules that have any.

    `nobody_responsible`: the rule sends to a unit that nobody answers for, so it is passed over. `duplicate`: an
    earlier rule says the very same. `shadowed`: an earlier rule takes all that this one could, while somebody
    answers for its unit.
    """
    ordered = in_order(rules)
    found: dict[int, list[Remark]] = {}
    for index, rule in enumerate(ordered):
        remarks = [] if rule.unit_id in answerable_units else [Remark("nobody_responsible")]
        in_the_way = _in_the_way(rule, ordered[:index], answerable_units)
        if in_the_way is not None:
            remarks.append(in_the_way)
        if remarks:
            found[rule.id] = remarks
    return found


def without_catch_all(
    rules: Iterable[Rule], member_ids: Collection[int], *, answerable_units: Container[int]
) -> list[int]:
    """The members, in the order given, some of whose reports no rule would take: they go to the coordinator."""
    sure = [rule for rule in rules if rule.unit_id in answerable_units]
    if any(not rule.conditions for rule in sure):
        return []
    covered = {rule.organisation_id for rule in sure if [name for name, _ in rule.conditions] == ["organisation"]}
    return [member_id for member_id in member_ids if member_id not in covered]


def _in_the_way(rule: Rule, earlier: Sequence[Rule], answerable_units: Container[int]) -> Remark | None:
    """The first earlier rule that leaves nothing for this one. Rules about a named unit are asked before the others."""
    same = (
        index
        for index, other in enumerate(earlier, start=1)
        if other.conditions == rule.conditions and other.unit_id == rule.unit_id
    )
    wider = (
        index
        for index, other in enumerate(earlier, start=1)
        if other.unit_id in answerable_units
        and (other.named_unit_id is None) == (rule.named_unit_id is None)
        and set(other.conditions) <= set(rule.conditions)
    )
    duplicate_of = next(same, None)
    if duplicate_of is not None:
        return Remark("duplicate", duplicate_of)
    shadowed_by = next(wider, None)
    return Remark("shadowed", shadowed_by) if shadowed_by is not None else None

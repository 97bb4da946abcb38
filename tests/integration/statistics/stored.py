"""Facts as plain values, to compare those that are stored with those that the log gives."""

from __future__ import annotations

from typing import Any

from lexheller.cases.fact_models import Fact
from lexheller.statistics.facts import Facts


def all_columns(facts: Facts) -> dict[str, dict[int, dict[str, Any]]]:
    return {noun: {key: columns(fact) for key, fact in found.items()} for noun, found in facts.items()}


def columns(fact: Fact) -> dict[str, Any]:
    return {column.key: getattr(fact, column.key) for column in fact.__table__.columns}

"""What carries a theme: what the page shows before a list of themes is changed, so that nobody is surprised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from lexheller.cases.models import Case
from lexheller.cases.states import CaseStatus
from lexheller.core.db import db
from lexheller.organisations.models import StandardText, Theme


@dataclass(frozen=True, slots=True)
class Use:
    """Cases that have the theme, how many of them are not closed, and standard texts in use for it alone."""

    label: str
    cases: int
    open: int
    texts: int


def uses_of(federation_id: int, themes: Sequence[Theme]) -> list[Use]:
    """One for each theme, in the order given."""
    ids = [theme.id for theme in themes]
    is_open = func.sum(case((Case.status != CaseStatus.CLOSED, 1), else_=0))
    counted = (
        select(Case.theme_id, func.count(Case.id), is_open)
        .where(Case.federation_id == federation_id, Case.theme_id.in_(ids))
        .group_by(Case.theme_id)
    )
    cases = {theme_id: (int(every), int(still_open)) for theme_id, every, still_open in db.session.execute(counted)}
    offered = (
        select(StandardText.theme_id, func.count(StandardText.id))
        .where(
            StandardText.federation_id == federation_id,
            StandardText.theme_id.in_(ids),
            StandardText.active.is_(True),
        )
        .group_by(StandardText.theme_id)
    )
    texts = {theme_id: int(count) for theme_id, count in db.session.execute(offered)}
    return [Use(theme.label, *cases.get(theme.id, (0, 0)), texts.get(theme.id, 0)) for theme in themes]

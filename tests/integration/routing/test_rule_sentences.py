"""A rule in words: every mix of conditions, in a fixed number of queries."""

from __future__ import annotations

from contextlib import contextmanager

from sqlalchemy import event

from lexheller.core.db import db
from lexheller.organisations.models import OrganisationKind
from lexheller.organisations.queries import municipalities, organisations, themes, units
from lexheller.routing.models import RoutingRule
from lexheller.routing.queries import rows_of, set_in_use
from lexheller.routing.words import conditions, names_for, sentence


@contextmanager
def counted():
    asked = []

    def hear(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def test_each_condition_is_said_and_in_an_order_that_can_be_read(app, cast):
    home = cast.federation().id
    unit = next(found for found in units(home) if found.organisation.name == "Arbetsförmedlingen")
    member = unit.organisation
    place = next(found for found in municipalities(home) if found.name == "Habo")
    theme = themes(home)[0]
    activity = next(found for found in organisations(home) if found.kind == OrganisationKind.ACTIVITY)
    named = f"{unit.name}, Arbetsförmedlingen"
    wanted = {
        "alla ärenden": {},
        "ärenden som gäller Arbetsförmedlingen": {"organisation_id": member.id},
        "ärenden i Habo": {"municipality_id": place.id},
        f"ärenden med temat {theme.label}": {"theme_id": theme.id},
        f"ärenden som nämner enheten {named}": {"concerned_unit_id": unit.id},
        f"ärenden från insatsen {activity.name}": {"activity_id": activity.id},
        f"ärenden från insatsen {activity.name} som gäller Arbetsförmedlingen i Habo med temat {theme.label} "
        f"och nämner enheten {named}": {
            "organisation_id": member.id,
            "municipality_id": place.id,
            "theme_id": theme.id,
            "concerned_unit_id": unit.id,
            "activity_id": activity.id,
        },
    }
    for words, values in wanted.items():
        rule = RoutingRule(unit_id=unit.id, **values)
        assert conditions(rule, names_for([rule])) == words
        assert sentence(rule, names_for([rule])) == words[0].upper() + words[1:]
    everything = rows_of(set_in_use(home).id)
    with counted() as asked:
        names = names_for(everything)
    assert len(asked) <= 4
    assert len({sentence(rule, names) for rule in everything}) == len(everything)

"""A theme is split, themes are merged: what is kept of it, who may, and nothing happens before it has been seen."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lexheller.administration import service
from lexheller.casework.describing import classify
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict, InvalidInput, NotAllowedToSee
from lexheller.core.transaction import transaction
from lexheller.organisations import lists, regrouping
from lexheller.organisations.models import Theme, ThemeChange
from lexheller.organisations.queries import themes
from lexheller.organisations.theme_history import theme_changes
from tests.cast.people import ELSEWHERE, HOME

AT = f"/installningar/{HOME}/teman"


def theme_called(cast, label: str) -> Theme:
    found = select(Theme).where(Theme.label == label, Theme.federation_id == cast.federation().id)
    return db.session.scalars(found).one()


def free(cast, how_many: int) -> list[Theme]:
    """Themes that no rule in use asks about."""
    ruled = service.ruled_theme_ids(cast.federation().id)
    return [theme for theme in themes(cast.federation().id) if theme.id not in ruled][:how_many]


def changes(cast) -> list[tuple[str, list[str], list[str]]]:
    today = clock.today()
    return [(one.kind, one.from_labels, one.to_labels) for one in theme_changes(cast.federation().id, today, today)]


def test_every_change_of_the_list_is_kept_with_what_things_were_called(cast):
    me, home = cast.coordinator, cast.federation().id
    with transaction():
        theme = lists.add_theme(me, home, "Bostadsbrist")
        lists.rename_theme(me, theme, "Boende")
        lists.move_theme(me, theme, -1)
        parts = regrouping.split_theme(me, theme, ["Hyra", " ", "Köp  av hus"], note="För brett")
        merged = regrouping.merge_themes(me, parts, "Boendeform")
        lists.retire_theme(me, merged)
        lists.take_back_theme(me, merged)
    assert changes(cast) == [
        ("added", [], ["Bostadsbrist"]),
        ("renamed", ["Bostadsbrist"], ["Boende"]),
        ("split", ["Boende"], ["Hyra", "Köp av hus"]),
        ("merged", ["Hyra", "Köp av hus"], ["Boendeform"]),
        ("retired", ["Boendeform"], []),
        ("added", [], ["Boendeform"]),
    ]
    first = db.session.scalars(select(ThemeChange).order_by(ThemeChange.id)).all()[2]
    assert (first.from_keys, first.to_keys, first.by_user_id) == ([theme.key], ["hyra", "kop-av-hus"], me.user_id)
    assert [row.label for row in themes(home)][-1] == "Boendeform"
    assert not {theme, *parts} & set(themes(home))
    assert theme_changes(cast.federation(ELSEWHERE).id, clock.today(), clock.today()) == []


def test_cases_keep_the_theme_they_have(cast):
    theme, other = free(cast, 2)
    case = cast.report()
    with transaction():
        classify(
            cast.coordinator, case, theme=theme, municipality=case.municipality, organisation=None, seen=case.version
        )
        kept = service.merge_themes(cast.coordinator, [theme, other], other.label.upper())
    assert kept is other
    assert (other.active, theme.active, case.theme_id) == (True, False, theme.id)


@pytest.mark.parametrize(
    ("labels", "code"),
    [(["Ett"], "too_few"), (["Ett", "ETT "], "twice"), (["Ett", "19121212-1212"], "personal_identity_number")],
)
def test_a_split_that_cannot_be_is_refused(cast, labels, code):
    theme = free(cast, 1)[0]
    with pytest.raises(InvalidInput) as refused:
        service.split_theme(cast.coordinator, theme, labels)
    assert (refused.value.field, refused.value.code) == ("parts", code)
    assert theme.active


def test_a_name_that_is_in_the_list_and_a_theme_out_of_use_are_refused(cast):
    theme, other, third = free(cast, 3)
    for verb, field, code in (
        (lambda: service.split_theme(cast.coordinator, theme, ["Nytt", other.label]), "parts", "taken"),
        (lambda: service.merge_themes(cast.coordinator, [theme], "Nytt"), "themes", "too_few"),
        (lambda: service.merge_themes(cast.coordinator, [theme, theme], "Nytt"), "themes", "too_few"),
        (lambda: service.merge_themes(cast.coordinator, [theme, other], third.label), "label", "taken"),
    ):
        with pytest.raises(InvalidInput) as refused:
            verb()
        assert (refused.value.field, refused.value.code) == (field, code)
    with transaction():
        lists.retire_theme(cast.coordinator, theme)
    with pytest.raises(InvalidInput) as refused:
        service.merge_themes(cast.coordinator, [theme, other], "Nytt")
    assert refused.value.code == "retired"
    with pytest.raises(InvalidInput) as refused:
        service.split_theme(cast.coordinator, theme, ["Ett", "Två"])
    assert refused.value.code == "retired"


def test_a_theme_that_a_rule_asks_about_stays(cast):
    ruled, other = theme_called(cast, "Utredningsresurser"), free(cast, 1)[0]
    for verb in (
        lambda: service.split_theme(cast.coordinator, ruled, ["Ett", "Två"]),
        lambda: service.merge_themes(cast.coordinator, [ruled, other], "Nytt"),
        lambda: service.merge_themes(cast.coordinator, [ruled, other], other.label),
    ):
        with pytest.raises(InvalidInput) as refused:
            verb()
        assert refused.value.code == "theme_has_rules"
    with transaction():
        service.merge_themes(cast.coordinator, [ruled, other], ruled.label)
    assert (ruled.active, other.active) == (True, False)


def test_p13_of_two_who_change_the_list_one_meets_a_conflict(cast):
    first, second, third = free(cast, 3)
    seen = regrouping.list_version(cast.federation().id)
    with transaction():
        lists.rename_theme(cast.coordinator, third, "Något annat")
    for verb in (
        lambda: service.split_theme(cast.coordinator, first, ["Ett", "Två"], seen=seen),
        lambda: service.merge_themes(cast.coordinator, [first, second], "Nytt", seen=seen),
    ):
        with pytest.raises(Conflict):
            verb()


def test_p15_themes_of_two_federations_are_not_merged(cast):
    theirs = themes(cast.federation(ELSEWHERE).id)[0]
    for pair in ([free(cast, 1)[0], theirs], [theirs, free(cast, 1)[0]]):
        with pytest.raises(NotAllowedToSee):
            service.merge_themes(cast.coordinator, pair, "Nytt")


def seen_in(visitor) -> str:
    return re.search(r'name="seen"[^>]*value="(\d+)"', visitor.text).group(1)


def test_the_office_sees_what_happens_before_a_theme_is_split(stage, visitor):
    def one(cast):
        theme = free(cast, 1)[0]
        case = cast.report()
        with transaction():
            classify(cast.coordinator, case, theme=theme, municipality=None, organisation=None, seen=case.version)
        return theme.id, theme.label

    theme_id, label = stage.ask(one)
    path = f"{AT}/{theme_id}/dela"
    visitor.sign_in("samordnare")
    visitor.get(f"{AT}/{theme_id}")
    assert path in visitor.text
    visitor.get(path)
    values = {"first": "Hyra", "second": "<b>Köp</b>", "seen": seen_in(visitor)}
    assert visitor.post(path, {**values, "second": "Hyra"}).status_code == 422
    assert "Samma namn" in visitor.text
    assert visitor.post(path, values).status_code == 200
    assert "ett ärende har temat" in visitor.text
    assert "<b>Köp" not in visitor.text
    assert stage.ask(changes) == []
    visitor.post(path, {**values, "confirmed": "yes"})
    assert "Temat är delat" in visitor.text
    assert stage.ask(changes) == [("split", [label], ["Hyra", "<b>Köp</b>"])]
    assert visitor.client.get(path).status_code == 404
    visitor.get(AT)
    assert "Delades i" in visitor.text
    visitor.get(f"{AT}/{theme_id}")
    assert visitor.post(path, {**values, "confirmed": "yes"}).status_code == 422


def test_the_office_sees_what_happens_before_themes_are_merged(stage, visitor):
    two, others = stage.ask(
        lambda cast: (
            [(theme.id, theme.label) for theme in free(cast, 2)],
            themes(cast.federation(ELSEWHERE).id)[0].id,
        )
    )
    path = f"{AT}/sla-ihop"
    visitor.sign_in("forbundschef")
    visitor.get(path)
    values = {"label": "Allt", "themes": [str(theme_id) for theme_id, _label in two], "seen": seen_in(visitor)}
    for wrong in ({"themes": values["themes"][:1]}, {"themes": [*values["themes"], str(others)]}, {"label": ""}):
        assert visitor.post(path, {**values, **wrong}).status_code == 422, wrong
    assert visitor.post(path, values).status_code == 200
    assert "inget ärende har temat" in visitor.text
    assert stage.ask(changes) == []
    visitor.post(path, {**values, "confirmed": "yes"})
    assert "Temana är ihopslagna" in visitor.text
    assert stage.ask(changes) == [("merged", [label for _id, label in two], ["Allt"])]
    visitor.get(path)
    stale = {"label": "Annat", "themes": [], "seen": "0"}
    assert visitor.post(path, stale).status_code == 422

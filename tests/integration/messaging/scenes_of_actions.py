"""Scenes: a unit is given an action, it is to be done, is late, was not done; and one whose effect is to be judged."""

from __future__ import annotations

from datetime import timedelta

from scenes import AF, OFFICE, SECRET, Made, Scene, kept, role_gone, settle
from scenes_of_settings import DIRECTOR, director_gone

from lexheller.accounts import service as accounts
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.actions import effect, messages, queries, service
from lexheller.actions.clocks import waiting_steps
from lexheller.actions.models import Action
from lexheller.actions.service import Details, Done
from lexheller.actions.states import Judgement
from lexheller.actions.sweep import fire_due_actions
from lexheller.core import clock
from tests.cast.people import HOME, Cast

TEXT = f"{SECRET} i åtgärden."


def of_unit(cast: Cast, slug: str = HOME) -> Action:
    details = Details(TEXT, owner_unit=cast.unit("Arbetsförmedlingen", slug), due_on=clock.today() + timedelta(days=20))
    return service.record_new(cast.person("samordnare", slug), cast.federation(slug), details)


def given(cast: Cast) -> Made:
    action = kept(lambda: of_unit(cast))
    return Made(other=action, marks=(f" {action.number} ",))


def given_away(cast: Cast, made: Made, unit: str = "Försäkringskassan") -> None:
    details = Details(TEXT, owner_unit=cast.unit(unit), due_on=made.other.due_on)
    service.change(cast.coordinator, made.other, details, seen=made.other.version)


def given_back(cast: Cast, made: Made) -> None:
    kept(lambda: given_away(cast, made))
    kept(lambda: given_away(cast, made, "Arbetsförmedlingen"))


def reworded(cast: Cast, made: Made) -> None:
    details = Details(f"{TEXT} Igen.", owner_unit=made.other.owner_unit, due_on=made.other.due_on)
    service.change(cast.coordinator, made.other, details, seen=made.other.version)


def waits(ticks: int):
    """An action of a unit, and so many ticks, each at the moment of the next step; what the last one made waits."""

    def play(cast: Cast) -> Made:
        action = kept(lambda: of_unit(cast))
        return after(cast, Made(other=action, marks=(f" {action.number} ",)), ticks)

    return play


def effect_waits(ticks: int):
    """The same of the first follow-up of one that was carried out."""

    def play(cast: Cast) -> Made:
        action = kept(lambda: of_unit(cast))
        kept(lambda: finished(cast, Made(other=action)))
        return after(cast, Made(other=action, marks=(f" {action.number} ",)), ticks)

    return play


def after(cast: Cast, made: Made, ticks: int) -> Made:
    for number in range(ticks):
        if number:
            with clock.at(made.at):
                settle()
        made.at = waiting_steps(made.other.id)[0].due_at
        fire(cast, made)
    return made


def fire(_cast: Cast, made: Made) -> None:
    with clock.at(made.at):
        kept(lambda: fire_due_actions(made.other.federation_id))


def finished(cast: Cast, made: Made) -> None:
    service.finish(cast.coordinator, made.other, Done(clock.today(), TEXT), seen=made.other.version)


def cancelled(cast: Cast, made: Made) -> None:
    service.cancel(cast.coordinator, made.other, TEXT, seen=made.other.version)


def postponed(cast: Cast, made: Made) -> None:
    details = Details(TEXT, owner_unit=made.other.owner_unit, due_on=clock.today() + timedelta(days=40))
    service.change(cast.coordinator, made.other, details, seen=made.other.version)


def postponed_until_then(cast: Cast, made: Made) -> None:
    kept(lambda: postponed(cast, made))
    after(cast, made, 1)


def judged(cast: Cast, made: Made) -> None:
    follow_up = queries.follow_ups([made.other.id])[made.other.id][0]
    effect.judge(cast.coordinator, made.other, follow_up, Judgement.PARTLY, TEXT, seen=made.other.version)


def reopened(cast: Cast, made: Made) -> None:
    service.reopen(cast.coordinator, made.other, TEXT, due_on=None, seen=made.other.version)


def manager_left(cast: Cast, _made: Made) -> None:
    accounts.withdraw_role(OPERATOR, user_by_email(AF), Role.MANAGER, federation_id=cast.federation().id)


OVER = {"done": finished, "cancelled": cancelled, "postponed": postponed}
JUDGED = {"judged": judged, "reopened": reopened}
SCENES = (
    Scene(
        messages.GIVEN,
        (AF,),
        "läs vad som ska göras",
        given,
        reworded,
        {"done": finished, "cancelled": cancelled, "given away": given_away, "left": manager_left},
        given_back,
    ),
    Scene(
        messages.DUE,
        (AF,),
        "ska vara klar senast",
        waits(1),
        fire,
        {**OVER, "left": manager_left},
        postponed_until_then,
    ),
    Scene(messages.LATE, (AF,), "står inte som genomförd", waits(2), fire, {**OVER, "left": manager_left}),
    Scene(messages.ESCALATED, (OFFICE,), "trots påminnelser", waits(3), fire, {**OVER, "role": role_gone}),
    Scene(
        messages.ESCALATED,
        (DIRECTOR,),
        "trots påminnelser",
        waits(4),
        fire,
        {**OVER, "role": director_gone},
        variant="director",
    ),
    Scene(messages.EFFECT_DUE, (AF, OFFICE), "Svara på om den hjälpte", effect_waits(1), fire, JUDGED),
    Scene(
        messages.EFFECT_LATE,
        (DIRECTOR,),
        "Ingen har gjort det än",
        effect_waits(3),
        fire,
        {**JUDGED, "role": director_gone},
    ),
)

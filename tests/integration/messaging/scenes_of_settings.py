"""Scenes: digests of what is due, meetings, and the mails of the settings."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from scenes import (
    AF,
    FK,
    OFFICE,
    SECRET,
    Made,
    Scene,
    answer,
    assigned,
    close,
    kept,
    moment,
    role_gone,
    settle,
)
from scenes_of_duties import duty_withdrawn, links_revoked, manager_replaced, raises_invalid

from lexheller.accounts import service as accounts
from lexheller.accounts import single_sign_on
from lexheller.accounts import single_sign_on_settings as connections
from lexheller.accounts.queries import user_by_email
from lexheller.accounts.rights import OPERATOR, Role
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.accounts.single_sign_on_rules import Known
from lexheller.administration import confirming, notices, people
from lexheller.audit.models import Event
from lexheller.casework import asking
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.core.errors import Conflict
from lexheller.core.jobs import Job, JobStatus
from lexheller.deadlines.digests import DIGEST
from lexheller.deadlines.queries import frame_of
from lexheller.deadlines.rules import add_working_days
from lexheller.deadlines.sweep import fire_due, remind_now
from lexheller.demo.data import address
from lexheller.meetings import groups, reminders, sending_out
from lexheller.meetings.agenda import put_on_agenda
from lexheller.meetings.sending_out import send_material
from lexheller.meetings.service import Plan, cancel_meeting, move_meeting, plan_meeting
from lexheller.meetings.states import GroupKind
from lexheller.organisations import service as register
from lexheller.organisations.models import ResponsibleManager
from lexheller.organisations.queries import responsible_managers
from tests.cast.people import ELSEWHERE, HOME, Cast

TICKS = tuple(moment(f"2026-{day} 08:00") for day in ("03-25", "03-31", "04-08", "04-15", "04-22"))
SUPERIOR, DIRECTOR = address("omradeschef.af", HOME), address("forbundschef", HOME)
NEW = "nyanstalld@jonkoping.example"
KNOWN = address("chef.fk", ELSEWHERE)
YEARS_ON = moment("2031-03-03 10:00")  # a Monday

# Digests


def due(ticks: int):
    """A duty that was opened on the second of March, and so many ticks of the clock; what the last one made waits."""

    def play(cast: Cast) -> Made:
        case = assigned(cast)
        for tick in TICKS[: ticks - 1]:
            with clock.at(tick):
                fire(cast)
                settle()
        made = Made(case, at=TICKS[ticks - 1], other=ticks)
        with clock.at(made.at):
            fire(cast)
        marked(made)
        return made

    return play


def marked(made: Made) -> None:
    made.marks = (made.case.number,)


def fire(cast: Cast, _made: Made | None = None) -> None:
    kept(lambda: fire_due(cast.federation().id))


def next_tick(cast: Cast, made: Made) -> None:
    made.at = TICKS[made.other]
    with clock.at(made.at):
        fire(cast)


def reminded(cast: Cast) -> Made:
    made = Made(assigned(cast))
    kept(lambda: remind_now(cast.coordinator, cast.duty(made.case)))
    marked(made)
    return made


def remind_again(cast: Cast, made: Made) -> None:
    raises_invalid(lambda: remind_now(cast.coordinator, cast.duty(made.case)))


def reminded_anew(cast: Cast, made: Made) -> None:
    made.at = clock.now() + timedelta(days=1)
    with clock.at(made.at):
        kept(lambda: remind_now(cast.coordinator, cast.duty(made.case)))


def asked_meanwhile(cast: Cast, made: Made) -> None:
    asking.ask_reporter(cast.coordinator, made.case, f"{SECRET} i frågan.", seen=made.case.version)


def director_gone(cast: Cast, _made: Made) -> None:
    accounts.withdraw_role(OPERATOR, user_by_email(DIRECTOR), Role.DIRECTOR, federation_id=cast.federation().id)


DONE = {
    "answered": lambda cast, made: answer(cast, made.case),
    "withdrawn": duty_withdrawn,
    "closed": lambda cast, made: close(cast, made.case),
    "asked": asked_meanwhile,
}


# Meetings


def material_due(cast: Cast) -> Made:
    held_on = working_day(cast, 40)
    plan = Plan(held_on, place=f"{SECRET} i lokalen", note=f"{SECRET} i anteckningen.")
    made = Made()
    made.other = kept(lambda: plan_meeting(cast.coordinator, cast.federation(), plan))
    case = assigned(cast)
    kept(lambda: put_on_agenda(cast.coordinator, case, made.other, f"{SECRET} på dagordningen."))
    material_reminded(cast, made)
    return made


def working_day(cast: Cast, days: int):
    calendar = frame_of(cast.federation().id).calendar
    return add_working_days(clock.today() + timedelta(days=days), 0, calendar)


def material_reminded(_cast: Cast, made: Made) -> None:
    query = db.select(Job.due_at).where(Job.name == reminders.MATERIAL_JOB, Job.status == JobStatus.WAITING)
    made.at = db.session.scalars(query.order_by(Job.due_at.desc())).first()
    made.marks = (f"{made.other.held_on.day} ", f"{made.other.held_on.year}")
    material_reminded_again(_cast, made)


def material_reminded_again(_cast: Cast, made: Made) -> None:
    with clock.at(made.at):
        kept(lambda: reminders.remind(made.other.id))


def meeting_moved(cast: Cast, made: Made) -> None:
    plan = Plan(working_day(cast, 80))
    kept(lambda: move_meeting(cast.coordinator, made.other, plan, seen=made.other.version))
    material_reminded(cast, made)


def meeting_cancelled(cast: Cast, made: Made) -> None:
    cancel_meeting(cast.coordinator, made.other, seen=made.other.version)


def material_out(cast: Cast) -> Made:
    """To the member of the group."""
    made, federation_id = Made(), cast.federation().id
    plan = Plan(working_day(cast, 40), place=f"{SECRET} i lokalen")
    made.other = kept(lambda: plan_meeting(cast.coordinator, cast.federation(), plan))
    kept(lambda: put_on_agenda(cast.coordinator, assigned(cast), made.other, f"{SECRET} på dagordningen."))
    reader = user_by_email(FK)
    kept(lambda: groups.add_member(cast.coordinator, federation_id, GroupKind.PREPARATORY, reader.id))
    made.marks = (f"{made.other.held_on.day} ", f"{made.other.held_on.year}")
    made.seen = made.other.version
    material_sent(cast, made)
    return made


def material_sent(cast: Cast, made: Made) -> None:
    """The button on the page as it was then: pressed twice, it tells once."""
    with suppress(Conflict):
        kept(lambda: send_material(cast.coordinator, made.other, seen=made.seen))


def material_sent_anew(cast: Cast, made: Made) -> None:
    kept(lambda: send_material(cast.coordinator, made.other, seen=made.other.version))


def left_the_group(cast: Cast, _made: Made) -> None:
    reader = user_by_email(FK)
    groups.remove_member(cast.coordinator, cast.federation().id, GroupKind.PREPARATORY, reader.id)


def reader_without_role(cast: Cast, _made: Made) -> None:
    accounts.withdraw_role(OPERATOR, user_by_email(FK), Role.MANAGER, federation_id=cast.federation().id)


# Settings


def inviting(email: str):
    def play(cast: Cast) -> Made:
        kept(lambda: invite(cast, email))
        return Made(other=email, marks=("Södra Vätterbygden",))

    return play


def invite(cast: Cast, email: str, role: Role = Role.MANAGER) -> None:
    people.invite(cast.coordinator, cast.federation().id, email, role)


def invited_twice(cast: Cast, made: Made) -> None:
    invite(cast, made.other)


def invited_anew(cast: Cast, made: Made) -> None:
    """The first link grew old; pressed twice it is one mail."""
    made.at = clock.now() + timedelta(hours=1)
    with clock.at(made.at):
        for _press in range(2):
            kept(lambda: people.invite_again(cast.federation().id, user_by_email(made.other)))


def invitation_called_off(cast: Cast, made: Made) -> None:
    user = user_by_email(made.other)
    accounts.withdraw_role(OPERATOR, user, Role.MANAGER, federation_id=cast.federation().id)


def shut_out(cast: Cast, made: Made) -> None:
    accounts.suspend(cast.coordinator, user_by_email(made.other), federation_id=cast.federation().id)


def role_given(cast: Cast) -> Made:
    """By an administrator, who sees no cases."""
    made = Made(other=cast.newcomer("administrator", Role.ADMINISTRATOR), marks=("Södra Vätterbygden",))
    give_role(cast, made)
    return made


def give_role(cast: Cast, made: Made) -> None:
    kept(lambda: people.invite(made.other, cast.federation().id, NEW, Role.REGISTRAR))


def role_taken_back(cast: Cast, _made: Made) -> None:
    accounts.withdraw_role(OPERATOR, user_by_email(NEW), Role.REGISTRAR, federation_id=cast.federation().id)


def role_given_anew(cast: Cast, made: Made) -> None:
    kept(lambda: role_taken_back(cast, made))
    give_role(cast, made)


def let_in_again(cast: Cast) -> Made:
    """By an administrator, who sees no cases."""
    made = Made(other=cast.newcomer("administrator", Role.ADMINISTRATOR), marks=("Södra Vätterbygden",))
    let_in(cast, made)
    return made


def let_in(cast: Cast, made: Made) -> None:
    """The manager was shut out, or was not."""
    home, user = cast.federation().id, user_by_email(FK)
    if not db.session.scalars(db.select(Event.id).where(Event.kind == "account.suspended")).all():
        kept(lambda: accounts.suspend(cast.coordinator, user, federation_id=home))
    kept(lambda: people.resume(made.other, home, user))


def let_in_anew(cast: Cast, made: Made) -> None:
    home, user = cast.federation().id, user_by_email(FK)
    kept(lambda: accounts.suspend(cast.coordinator, user, federation_id=home))
    kept(lambda: people.resume(made.other, home, user))


def connected(cast: Cast, slug: str = HOME, name: str = "Kommunens inloggning") -> SignInConnection:
    """A way in through a provider, turned off."""
    draft = connections.Draft(
        organisation_id=None,
        name=name,
        issuer="https://idp.example",
        client_id="lex-heller",
        secret="en-hemlighet",
        scopes="openid",
        subject_claim="sub",
        mail_claim="email",
        groups_claim="groups",
        mail_domains=("jonkoping.example",),
        strong_values=(),
        role_groups={"registrar": (SECRET,)},
    )
    return kept(lambda: connections.add_connection(cast.person("samordnare", slug), cast.federation(slug).id, draft))


def way_in_opened(cast: Cast) -> Made:
    made = Made(other=connected(cast), marks=("Södra Vätterbygden", "Kommunens inloggning"))
    open_way_in(cast, made)
    return made


def open_way_in(cast: Cast, made: Made) -> None:
    proof = connections.proof_of_trial(made.other)
    kept(lambda: connections.turn_on(cast.coordinator, made.other, proof))


def way_in_opened_anew(cast: Cast, made: Made) -> None:
    kept(lambda: connections.turn_off(cast.coordinator, made.other))
    open_way_in(cast, made)


def way_in_changed(cast: Cast) -> Made:
    made = way_in_opened(cast)
    settle()
    change_way_in(cast, made)
    return made


def change_way_in(cast: Cast, made: Made, *domains: str) -> None:
    row = made.other
    values = {name: getattr(row, name) for name in connections.LIMITS if name != "secret"}
    lists = {"mail_domains": domains or ("habo.example",), "strong_values": (), "role_groups": row.role_groups}
    draft = connections.Draft(organisation_id=None, secret="", **values, **lists)
    seen = connections.version_of(row)
    kept(lambda: connections.change_connection(cast.coordinator, row, draft, seen=seen, note=SECRET))


def way_in_changed_anew(cast: Cast, made: Made) -> None:
    change_way_in(cast, made, "mullsjo.example")


def role_came(cast: Cast) -> Made:
    made = way_in_opened(cast)
    made.marks = ("Södra Vätterbygden",)
    settle()
    come_in(cast, made)
    return made


def come_in(_cast: Cast, made: Made, *roles: Role) -> None:
    known = Known("vera", NEW, True, "Vera", roles or (Role.REGISTRAR,), False)
    kept(lambda: single_sign_on.come_in(made.other, known))


def role_came_anew(cast: Cast, made: Made) -> None:
    come_in(cast, made, Role.REGISTRAR, Role.MEMBER)


def recipients_changed(cast: Cast) -> Made:
    made = Made(other=cast.newcomer("administrator", Role.ADMINISTRATOR), marks=("Södra Vätterbygden",))
    change_recipients(cast, made)
    return made


def change_recipients(cast: Cast, made: Made, email: str = "rut@af.example") -> None:
    unit = cast.unit("Arbetsförmedlingen")
    manager = responsible_managers(unit.id, clock.today())[0]
    days = {"valid_from": manager.valid_from, "valid_to": manager.valid_to}
    details = register.ManagerDetails("Rut", email)

    def change() -> None:
        register.change_manager(made.other, manager, details, **days)

    kept(lambda: people.change_recipients(made.other, unit.federation_id, [email], change))


def recipients_changed_anew(cast: Cast, made: Made) -> None:
    change_recipients(cast, made, "rutger@af.example")


def still_you(cast: Cast) -> Made:
    """Everybody but the manager at Försäkringskassan has confirmed."""
    for row in db.session.scalars(db.select(ResponsibleManager).where(ResponsibleManager.email != FK)).all():
        kept(lambda row=row: register.confirm_manager(cast.coordinator, row))
    made = Made(at=clock.now())
    made.other = theirs()[0]
    made.marks = (made.other.unit.name,)
    ask_whether_still(cast, made)
    return made


def theirs() -> list[ResponsibleManager]:
    query = db.select(ResponsibleManager).where(ResponsibleManager.email == FK).order_by(ResponsibleManager.id)
    return list(db.session.scalars(query))


def ask_whether_still(_cast: Cast, made: Made) -> None:
    kept(confirming.ask_for_confirmations)
    kept(lambda: confirming.ask(made.other.id))


def asked_half_a_year_on(cast: Cast, made: Made) -> None:
    made.at = moment("2031-10-06 10:00")
    with clock.at(made.at):
        for row in db.session.scalars(db.select(ResponsibleManager).where(ResponsibleManager.email != FK)).all():
            kept(lambda row=row: register.confirm_manager(cast.coordinator, row))
        ask_whether_still(cast, made)


def all_replaced(cast: Cast, _made: Made) -> None:
    for row in theirs():
        details = register.ManagerDetails("Nils Ny", "nils.ny@fk.example")
        register.appoint_manager(cast.coordinator, row.unit, details, valid_from=clock.today(), replaces=row)


def all_confirmed(_cast: Cast, made: Made) -> None:
    confirming.confirm(confirming.token_for(made.other))


def units_retired(cast: Cast, _made: Made) -> None:
    for row in theirs():
        register.retire_unit(cast.coordinator, row.unit)


def doubting(cast: Cast) -> Made:
    made = still_you(cast)
    settle()
    deny(cast, made)
    return made


def deny(_cast: Cast, made: Made) -> None:
    token = confirming.token_for(made.other)
    kept(lambda: confirming.deny(token, {made.other.id}, f"{SECRET} är det nu."))


def doubted_anew(cast: Cast, made: Made) -> None:
    kept(lambda: register.confirm_manager(cast.coordinator, made.other))
    deny(cast, made)


def found_right(cast: Cast, made: Made) -> None:
    register.confirm_manager(cast.coordinator, made.other)


MANAGER = {**DONE, "replaced": manager_replaced, "revoked": links_revoked}
SCENES = (
    Scene(DIGEST, (AF,), "väntar på svar från er", due(1), fire, MANAGER, next_tick, "manager"),
    Scene(DIGEST, (AF,), "väntar på svar från er", reminded, remind_again, MANAGER, reminded_anew, "by hand"),
    Scene(
        DIGEST,
        (SUPERIOR,),
        "Svaret har inte kommit",
        due(3),
        fire,
        {**DONE, "replaced": manager_replaced},
        next_tick,
        "superior",
    ),
    Scene(
        DIGEST,
        (OFFICE,),
        "väntar på svar från en enhet",
        due(4),
        fire,
        {**DONE, "role": role_gone},
        next_tick,
        "office",
    ),
    Scene(DIGEST, (DIRECTOR,), "trots påminnelser", due(5), fire, {**DONE, "role": director_gone}, variant="director"),
    Scene(
        reminders.MATERIAL_DUE,
        (OFFICE,),
        "Materialet ska vara klart",
        material_due,
        material_reminded_again,
        {"role": role_gone, "cancelled": meeting_cancelled},
        meeting_moved,
    ),
    Scene(
        sending_out.MATERIAL_READY,
        (FK,),
        "finns nu att läsa",
        material_out,
        material_sent,
        {"left": left_the_group, "role": reader_without_role, "cancelled": meeting_cancelled},
        material_sent_anew,
    ),
    Scene(
        notices.INVITED,
        (NEW,),
        "välj ett lösenord",
        inviting(NEW),
        invited_twice,
        {"called off": invitation_called_off, "shut out": shut_out},
        invited_anew,
    ),
    Scene(
        notices.INVITED,
        (KNOWN,),
        "Logga in som vanligt",
        inviting(KNOWN),
        invited_twice,
        {"called off": invitation_called_off, "shut out": shut_out},
        invited_anew,
        "with an account",
    ),
    Scene(
        notices.ROLE_GIVEN,
        (DIRECTOR,),
        "Se efter att det stämmer",
        role_given,
        give_role,
        {"role": director_gone},
        role_given_anew,
    ),
    Scene(
        notices.ROLE_GIVEN,
        (DIRECTOR,),
        "Se efter att det stämmer",
        let_in_again,
        let_in,
        {"role": director_gone},
        let_in_anew,
        "let in again",
    ),
    Scene(
        notices.ROLE_GIVEN,
        (DIRECTOR,),
        "Se efter att det stämmer",
        role_came,
        come_in,
        {"role": director_gone},
        role_came_anew,
        "by a provider",
    ),
    Scene(
        notices.CONNECTION_CHANGED,
        (DIRECTOR,),
        "Se efter i historiken",
        way_in_opened,
        open_way_in,
        {"role": director_gone},
        way_in_opened_anew,
        "turned on",
    ),
    Scene(
        notices.CONNECTION_CHANGED,
        (DIRECTOR,),
        "Se efter i historiken",
        way_in_changed,
        change_way_in,
        {"role": director_gone},
        way_in_changed_anew,
        "changed",
    ),
    Scene(
        notices.RECIPIENTS_CHANGED,
        (DIRECTOR,),
        "Se efter under Enheter och Ersättare",
        recipients_changed,
        change_recipients,
        {"role": director_gone},
        recipients_changed_anew,
    ),
    Scene(
        notices.STILL_YOU,
        (FK,),
        "Stämmer det?",
        still_you,
        ask_whether_still,
        {"replaced": all_replaced, "answered": all_confirmed, "retired": units_retired},
        asked_half_a_year_on,
        starts=YEARS_ON,
    ),
    Scene(
        notices.DOUBTED,
        (OFFICE,),
        "lägg in den nya chefen",
        doubting,
        deny,
        {"role": role_gone, "replaced": all_replaced, "found right": found_right},
        doubted_anew,
        starts=YEARS_ON,
    ),
)

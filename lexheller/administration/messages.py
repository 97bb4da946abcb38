"""The words and recipients of the settings' mails: what waits and a link. No names of others, no text (P7)."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from lexheller.accounts import invitations
from lexheller.accounts import notices as account_notices
from lexheller.accounts.models import User
from lexheller.accounts.queries import actor_for
from lexheller.accounts.rights import Right
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.accounts.single_sign_on_queries import connection_in
from lexheller.administration import confirming, notices, people
from lexheller.core import clock
from lexheller.core.db import db
from lexheller.messaging.kinds import Address, Kind, Words, register
from lexheller.messaging.models import Message
from lexheller.organisations.labels import full_name
from lexheller.organisations.models import Federation, ResponsibleManager
from lexheller.organisations.queries import federation_of, responsible_managers
from lexheller.web.links import absolute_url


def install(app: Flask) -> None:
    account_notices.keepers_told_by(app, of_role=people.tell_role_given, of_connection=notices.tell_connection_changed)
    register(app, Kind(notices.INVITED, _somebody_with_a_role, _invited, subject=Federation))
    register(app, Kind(notices.STILL_YOU, _manager, _still_you, subject=ResponsibleManager))
    register(app, Kind(notices.DOUBTED, _office, _doubted, subject=ResponsibleManager))
    register(app, Kind(notices.ROLE_GIVEN, _keeper, _role_given, subject=Federation))
    register(app, Kind(notices.RECIPIENTS_CHANGED, _keeper, _recipients_changed, subject=Federation))
    register(app, Kind(notices.CONNECTION_CHANGED, _keeper, _connection_changed, subject=SignInConnection))


def _somebody_with_a_role(message: Message) -> Address | None:
    """Whoever was invited, as long as a role in the federation is theirs (P6)."""
    user = db.session.get(User, message.recipient_id)
    if user is None or message.federation_id not in actor_for(user).roles:
        return None
    return Address(user.email, user.name, user.locale)


def _manager(message: Message) -> Address | None:
    """A manager who still is responsible, and has not answered yet (P6)."""
    manager = db.session.get(ResponsibleManager, message.recipient_id)
    if manager is None or manager.federation_id != message.federation_id or not manager.unit.active:
        return None
    if manager.id not in {row.id for row in responsible_managers(manager.unit_id, clock.today())}:
        return None
    if all(_has_answered(row) for row in confirming.units_of(manager)):
        return None
    return Address(manager.email, manager.name)


def _has_answered(manager: ResponsibleManager) -> bool:
    """Since the question was asked."""
    asked_on = manager.confirmation_asked_on
    answers = [day for day in (manager.confirmed_on, manager.doubted_on) if day is not None]
    return asked_on is not None and any(day >= asked_on for day in answers)


def _office(message: Message) -> Address | None:
    """Who still administers the federation, as long as the doubt stands (P6)."""
    user = db.session.get(User, message.recipient_id)
    manager = db.session.get(ResponsibleManager, message.subject_id)
    if manager is None or manager.federation_id != message.federation_id or manager.doubted_on is None:
        return None
    if user is None or not actor_for(user).may(Right.ADMINISTER, message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _keeper(message: Message) -> Address | None:
    """Who still can undo it (P6). It is told of what was taken back as well: it was so for a while."""
    user = db.session.get(User, message.recipient_id)
    if user is None or not actor_for(user).may(Right.ADMINISTER, message.federation_id):
        return None
    return Address(user.email, user.name, user.locale)


def _invited(message: Message) -> Words:
    user = db.session.get_one(User, message.recipient_id)
    federation = federation_of(message.federation_id)
    new = user.activated_at is None
    link = (
        absolute_url("accounts.invitation", token=invitations.token_for(user, federation.id))
        if new
        else absolute_url("desk.index", federation=federation.slug)
    )
    return Words(
        _("Välkommen till Lex Heller i %(federation)s", federation=federation.name),
        "email/administration/invited.txt",
        {"federation_name": full_name(federation), "link": link, "new": new, "days": invitations.DAYS},
    )


def _still_you(message: Message) -> Words:
    manager = db.session.get_one(ResponsibleManager, message.recipient_id)
    return Words(
        _("Är du fortfarande ansvarig chef?"),
        "email/administration/still_you.txt",
        {
            "federation_name": full_name(federation_of(message.federation_id)),
            "manager_name": manager.name,
            "units": [f"{row.unit.name}, {row.unit.organisation.name}" for row in confirming.units_of(manager)],
            "link": absolute_url("administration.still_you", token=confirming.token_for(manager)),
            "days": confirming.LINK_DAYS,
        },
    )


def _doubted(message: Message) -> Words:
    manager = db.session.get_one(ResponsibleManager, message.subject_id)
    federation = federation_of(message.federation_id)
    return Words(
        _("Ny ansvarig chef för %(unit)s?", unit=manager.unit.name),
        "email/administration/manager_doubted.txt",
        {
            "federation_name": full_name(federation),
            "unit_name": f"{manager.unit.name}, {manager.unit.organisation.name}",
            "link": absolute_url("administration.unit", federation=federation.slug, unit_id=manager.unit_id),
        },
    )


def _role_given(message: Message) -> Words:
    federation = federation_of(message.federation_id)
    return Words(
        _("Någon har fått rätt att se ärenden i %(federation)s", federation=federation.name),
        "email/administration/role_given.txt",
        {
            "federation_name": full_name(federation),
            "link": absolute_url("administration.people", federation=federation.slug),
        },
    )


def _recipients_changed(message: Message) -> Words:
    federation = federation_of(message.federation_id)
    return Words(
        _("Ändrat vem som får ärenden mejlade i %(federation)s", federation=federation.name),
        "email/administration/recipients_changed.txt",
        {
            "federation_name": full_name(federation),
            "link": absolute_url("administration.index", federation=federation.slug),
        },
    )


def _connection_changed(message: Message) -> Words:
    """Its name is what stands on the button that everybody sees."""
    federation = federation_of(message.federation_id)
    connection = connection_in(federation.id, message.subject_id)
    return Words(
        _("Ändrad inloggning i %(federation)s", federation=federation.name),
        "email/administration/connection_changed.txt",
        {
            "federation_name": full_name(federation),
            "connection_name": connection.name,
            "link": absolute_url("administration.connection", federation=federation.slug, connection_id=connection.id),
        },
    )

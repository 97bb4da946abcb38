"""Signing in through the provider of a member: the buttons, the way there, the way back, and what it leads to.

Nothing is changed by the way back itself, which is an ordinary link: its page sends a form of ours (P18).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import structlog
from flask import abort, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from lexheller.accounts import oidc, second_step, single_sign_on
from lexheller.accounts import single_sign_on_flow as flow
from lexheller.accounts.blueprint import blueprint
from lexheller.accounts.entering import let_in, own_address, wait_for_code
from lexheller.accounts.invitations import invited
from lexheller.accounts.models import User
from lexheller.accounts.oidc_fetch import ProviderTrouble
from lexheller.accounts.session import current_actor
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.accounts.single_sign_on_queries import (
    actor_signed_in,
    how_to_read,
    linked_connection_ids,
    open_connection,
    open_connections,
    provider_of,
)
from lexheller.accounts.single_sign_on_rules import UnreadableClaims, read
from lexheller.core import tenancy
from lexheller.core.errors import InvalidInput, NotAllowedToSee
from lexheller.core.transaction import nothing_kept
from lexheller.organisations.queries import federations
from lexheller.web.access import public, signed_in
from lexheller.web.limits import sender
from lexheller.web.links import absolute_url

log = structlog.get_logger(__name__)

VIA, ID = "/logga-in/via", "int(max=2147483647)"
LINK = "/mitt-konto/arbetsgivare"
TRY_AGAIN_SECONDS = 60


@blueprint.get(VIA)
@public
def providers() -> ResponseReturnValue:
    """The buttons of every federation. Nobody types an address, so that nothing is told of any (P20)."""
    return _buttons(open_connections())


@blueprint.get(f"{VIA}/<federation>")
@public
def providers_of(federation: str) -> ResponseReturnValue:
    """Those of one federation: an address to bookmark."""
    return _buttons(open_connections(g.federation.id))


@blueprint.get(f"{VIA}/<federation>/<{ID}:connection_id>")
@public
def to_provider(federation: str, connection_id: int) -> ResponseReturnValue:
    """Lead the browser to the provider. `koppla`: to join it to the own account; `inbjudan`: to answer one."""
    connection = open_connection(connection_id)
    if connection is None or connection.federation_id != g.federation.id:
        abort(404)
    flow.TRIES_BY_SENDER.spend(sender())
    links = current_user.is_authenticated and request.args.get("koppla") == "1"
    if current_user.is_authenticated and not links:
        return redirect(url_for("desk.start"))
    purpose = flow.Purpose(
        link=current_user.user.id if links else 0,
        invitation=request.args.get("inbjudan", "")[:400],
        next=own_address(request.args.get("next", "")[:500]) or "",
    )
    name, provider = connection.name, _with_no_transaction(connection)
    asked = flow.ask(connection_id, purpose)
    try:
        way = oidc.way_to(provider, _back(connection_id), state=asked.state, nonce=asked.nonce, verifier=asked.verifier)
    except ProviderTrouble as trouble:
        return _refused(trouble.code, name, away=trouble.away)
    return redirect(way)


@blueprint.get(f"/logga-in/svar/<{ID}:connection_id>")
@public
def from_provider(connection_id: int) -> ResponseReturnValue:
    """The way back. Only for the browser that asked, through the connection that it asked through."""
    flow.TRIES_BY_SENDER.spend(sender())
    asked, connection = flow.take_asked(), open_connection(connection_id)
    if asked is None or connection is None:
        flash(_("Det har gått för lång tid. Logga in från början."), "warning")
        return redirect(url_for("accounts.providers"))
    name = connection.name
    if asked.connection_id != connection_id or not _is_state(asked.state):
        return _refused("state", name)
    if request.args.get("iss", connection.issuer) != connection.issuer:
        return _refused("answer_of_another", name)
    if "code" not in request.args:
        return _refused("not_finished", name, gave_up=request.args.get("error") == "access_denied")
    how, provider = how_to_read(connection), _with_no_transaction(connection)
    try:
        claims = oidc.claims_for(
            provider,
            request.args["code"],
            _back(connection_id),
            nonce=asked.nonce,
            verifier=asked.verifier,
            wanted=(how.subject_claim, how.mail_claim, how.groups_claim),
        )
        known = read(claims, how)
    except ProviderTrouble as trouble:
        return _refused(trouble.code, name, away=trouble.away)
    except UnreadableClaims as unreadable:
        return _refused(f"claims_{unreadable.code}", name)
    flow.remember(flow.Answered(connection_id, known, asked.purpose, oidc.way_out(provider.issuer) or ""))
    return redirect(url_for("accounts.arrived"))


@blueprint.get("/logga-in/klar")
@public
def arrived() -> ResponseReturnValue:
    """Sends its one form by itself where there is JavaScript."""
    answered = flow.answered()
    connection = open_connection(answered.connection_id) if answered is not None else None
    if answered is None or connection is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/single_sign_on_arrived.html", connection=connection, purpose=answered.purpose)


@blueprint.post("/logga-in/klar")
@public
def finish() -> ResponseReturnValue:
    answered = flow.answered()
    connection = open_connection(answered.connection_id) if answered is not None else None
    if answered is None or connection is None or not FlaskForm().validate_on_submit():
        flash(_("Det har gått för lång tid. Logga in från början."), "warning")
        return redirect(url_for("accounts.sign_in"))
    flow.forget_answered()
    tenancy.work_for([connection.federation_id])
    if answered.purpose.link:
        return _link(connection, answered)
    user = _whoever_came(connection, answered)
    if user is None:
        return _refused("no_account", connection.name, unknown=True)
    return _through(connection, user, answered)


@blueprint.get(LINK)
@signed_in
def link_page() -> ResponseReturnValue:
    """Join the account to the sign-in at work."""
    homes = set(current_actor().roles)
    return render_template(
        "accounts/single_sign_on_link.html",
        connections=[found for found in open_connections() if found.federation_id in homes],
        slugs={found.id: found.slug for found in federations()},
        linked=linked_connection_ids(current_user.user),
        by_password=current_user.connection_id is None,
    )


def _whoever_came(connection: SignInConnection, answered: flow.Answered) -> User | None:
    if not answered.purpose.invitation:
        return single_sign_on.come_in(connection, answered.known)
    try:
        return single_sign_on.accept_invitation(answered.purpose.invitation, connection, answered.known)
    except (InvalidInput, NotAllowedToSee):
        return None


def _through(connection: SignInConnection, user: User, answered: flow.Answered) -> ResponseReturnValue:
    """The provider's second step counts; else ours is asked for where there is one."""
    way_out = (connection.name, answered.way_out) if answered.way_out else None
    if not answered.known.strong:
        if second_step.is_on(user):
            return wait_for_code(user, answered.purpose.next, connection_id=connection.id, way_out=way_out)
        if second_step.is_demanded_of(actor_signed_in(user, connection.id)):
            return _refused("second_step_wanted", connection.name, weak=True)
    return let_in(
        user, answered.purpose.next, connection_id=connection.id, strong=answered.known.strong, way_out=way_out
    )


def _link(connection: SignInConnection, answered: flow.Answered) -> ResponseReturnValue:
    """For whoever signed in by password and is the same still; who came through a provider joins no other."""
    if not current_user.is_authenticated or current_user.user.id != answered.purpose.link:
        return _refused("another_is_signed_in", connection.name)
    if current_user.connection_id is not None:
        return _refused("not_by_password", connection.name)
    try:
        single_sign_on.link_own(current_actor(), current_user.user, connection, answered.known)
    except InvalidInput:
        return _refused("identity_taken", connection.name)
    flash(_("Klart! Nästa gång kan du logga in med %(name)s.", name=connection.name), "success")
    return redirect(url_for("accounts.link_page"))


def _buttons(found: Sequence[SignInConnection]) -> str:
    """By federation, in Swedish order."""
    homes = [(home, [one for one in found if one.federation_id == home.id]) for home in federations()]
    invitation = request.args.get("inbjudan", "")
    return render_template(
        "accounts/sign_in_via.html",
        groups=[(home, theirs) for home, theirs in homes if theirs],
        next=own_address(request.args.get("next", "")) or None,
        invitation=invitation if invitation and invited(invitation) else None,
    )


def _with_no_transaction(connection: SignInConnection) -> oidc.Provider:
    """What must be known to talk with the provider; the database waits for nobody meanwhile."""
    with nothing_kept():
        return provider_of(connection)


def _is_state(state: str) -> bool:
    given = request.args.get("state", "")
    return given.isascii() and secrets.compare_digest(given, state)


def _back(connection_id: int) -> str:
    return absolute_url("accounts.from_provider", connection_id=connection_id)


def _refused(code: str, name: str, *, away: bool = False, **what: bool) -> ResponseReturnValue:
    """One page for all of it; the log knows by the id what was wrong, and neither tells who it was (P20, P22)."""
    error_id = secrets.token_hex(4)
    log.warning("provider_sign_in_refused", error_id=error_id, code=code, endpoint=request.endpoint)
    session.pop(flow.ASKED, None)
    flow.forget_answered()
    page = render_template("accounts/single_sign_on_refused.html", error_id=error_id, name=name, away=away, **what)
    answer = make_response(page, 503 if away else 403)
    if away:
        answer.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return answer

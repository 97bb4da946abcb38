"""Connections to providers among the settings: listed, written, tried, turned on and off."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts import oidc
from lexheller.accounts import single_sign_on_settings as settings
from lexheller.accounts.oidc_fetch import ProviderTrouble
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.accounts.single_sign_on_models import SignInConnection
from lexheller.accounts.single_sign_on_queries import connection_in, connections_of, how_to_read
from lexheller.accounts.single_sign_on_rules import Known, UnreadableClaims, read
from lexheller.administration import queries
from lexheller.administration.answers import back_to, done, refused, went_well
from lexheller.administration.blueprint import ID, SETTINGS, blueprint
from lexheller.administration.history import in_words
from lexheller.administration.labels import ROLE
from lexheller.administration.single_sign_on_forms import ConnectionForm, TrialForm, values_of
from lexheller.core.transaction import nothing_kept
from lexheller.organisations.changes import SUBJECT, version_of
from lexheller.organisations.queries import organisations
from lexheller.web.access import requires
from lexheller.web.limits import Limit
from lexheller.web.links import absolute_url

CONNECTIONS = f"{SETTINGS}/inloggning"
CONNECTION = f"{CONNECTIONS}/<{ID}:connection_id>"
TRIAL = "prov"
TRIALS = Limit("provider_trial", "10 per minute; 100 per hour", closed=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a provider answered. `trouble` is empty when all is well; `known`: whom the pasted claims name."""

    trouble: str = ""
    key_count: int = 0
    signs_out: bool = False
    proof: str = ""
    known: Known | None = None
    unreadable: str = ""


@blueprint.get(CONNECTIONS)
@requires(Right.ADMINISTER)
def connections(federation: str) -> ResponseReturnValue:
    federation_id = current_federation().id
    return render_template(
        "administration/connections.html",
        connections=connections_of(federation_id),
        members={row.id: row.name for row in organisations(federation_id)},
    )


@blueprint.get(f"{CONNECTIONS}/ny")
@requires(Right.ADMINISTER)
def connection_form(federation: str) -> ResponseReturnValue:
    return _form_page(ConnectionForm())


@blueprint.post(f"{CONNECTIONS}/ny")
@requires(Right.ADMINISTER)
def add_connection(federation: str) -> ResponseReturnValue:
    form, made = ConnectionForm(), []
    if not _is_whole(form) or not went_well(
        form,
        lambda: made.append(
            settings.add_connection(current_actor(), current_federation().id, form.draft, note=form.note.data)
        ),
    ):
        return _form_page(form), 422
    return done("connection", _("Sparat. Prova inloggningen innan du slår på den."), connection_id=made[0].id)


@blueprint.get(CONNECTION)
@requires(Right.ADMINISTER)
def connection(federation: str, connection_id: int) -> ResponseReturnValue:
    row = _here(connection_id)
    form = ConnectionForm(data=values_of(row))
    form.seen.data = str(version_of(row))
    return _page(row, form)


@blueprint.post(CONNECTION)
@requires(Right.ADMINISTER)
def change_connection(federation: str, connection_id: int) -> ResponseReturnValue:
    form, row, turned_off = ConnectionForm(), _here(connection_id), []
    if not _is_whole(form) or not went_well(
        form,
        lambda: turned_off.append(
            settings.change_connection(current_actor(), row, form.draft, seen=form.version, note=form.note.data)
        ),
    ):
        return _page(row, form), 422
    said = _("Sparat. Inloggningen är avstängd tills du har provat den igen.") if turned_off[0] else _("Sparat.")
    return done("connection", said, connection_id=row.id)


@blueprint.post(f"{CONNECTION}/prova")
@requires(Right.ADMINISTER)
def try_connection(federation: str, connection_id: int) -> ResponseReturnValue:
    """Asks the provider, and reads pasted claims as a sign-in would. Nothing is stored."""
    row, form = _here(connection_id), TrialForm(prefix=TRIAL)
    if not form.validate_on_submit():
        return _trial_page(row, form, None), 422
    TRIALS.spend(str(current_federation().id))
    return _trial_page(row, form, _tried(row, form))


@blueprint.post(f"{CONNECTION}/pa")
@requires(Right.ADMINISTER)
def turn_on_connection(federation: str, connection_id: int) -> ResponseReturnValue:
    row = _here(connection_id)
    proof = request.form.get("proof", "")
    if not FlaskForm().validate_on_submit() or refused(lambda: settings.turn_on(current_actor(), row, proof)):
        return back_to("connection", connection_id=row.id)
    return done("connection", _("Påslagen. Knappen finns nu på inloggningssidan."), connection_id=row.id)


@blueprint.post(f"{CONNECTION}/av")
@requires(Right.ADMINISTER)
def turn_off_connection(federation: str, connection_id: int) -> ResponseReturnValue:
    row = _here(connection_id)
    if not FlaskForm().validate_on_submit():
        return back_to("connection", connection_id=row.id)
    settings.turn_off(current_actor(), row)
    return done("connection", _("Avstängd. De som kom in den vägen är utloggade."), connection_id=row.id)


def _here(connection_id: int) -> SignInConnection:
    return connection_in(current_federation().id, connection_id)


def _is_whole(form: ConnectionForm) -> bool:
    form.offer(organisations(current_federation().id))
    return bool(form.validate_on_submit())


def _tried(row: SignInConnection, form: TrialForm) -> Trial:
    with nothing_kept():  # the database waits for nobody while the provider is asked
        issuer, how, proof = row.issuer, how_to_read(row), settings.proof_of_trial(row)
    known, unreadable = None, ""
    if form.claims.data:
        try:
            claims = json.loads(form.claims.data)
            known = read(claims if isinstance(claims, dict) else {}, how)
        except UnreadableClaims as problem:
            unreadable = problem.code
        except (ValueError, RecursionError):
            unreadable = "json"
    try:
        metadata, key_count = oidc.look_up(issuer)
    except ProviderTrouble as problem:
        return Trial(trouble=problem.code, known=known, unreadable=unreadable)
    return Trial("", key_count, bool(metadata.end_session), proof, known, unreadable)


def _form_page(form: ConnectionForm) -> str:
    """Of a new one, which has no secret to keep."""
    form.secret.flags.required = True
    form.offer(organisations(current_federation().id))
    return render_template("administration/connection_form.html", form=form, redirect_uri=None)


def _page(row: SignInConnection, form: ConnectionForm) -> str:
    form.offer(organisations(row.federation_id))
    subject = SUBJECT[SignInConnection.__name__]
    lines = [line for line in queries.changes(row.federation_id, subject_types=[subject]) if line.subject_id == row.id]
    return render_template(
        "administration/connection.html",
        form=form,
        connection=row,
        trial_form=TrialForm(prefix=TRIAL),
        redirect_uri=_redirect_uri(row),
        history=in_words(row.federation_id, lines),
    )


def _trial_page(row: SignInConnection, form: TrialForm, trial: Trial | None) -> str:
    return render_template(
        "administration/connection_trial.html",
        form=form,
        connection=row,
        trial=trial,
        redirect_uri=_redirect_uri(row),
        role_labels=ROLE,
        may_turn_on=current_actor().may(Right.SEE_ALL_CASES, row.federation_id),
    )


def _redirect_uri(row: SignInConnection) -> str:
    return absolute_url("accounts.from_provider", connection_id=row.id)

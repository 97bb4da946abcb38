"""A group's page: who belongs to it and reads its material, and what the federation calls it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lexheller.accounts.queries import Person, people_in
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.core.errors import NotAllowedToSee
from lexheller.meetings import forms, groups, queries
from lexheller.meetings.blueprint import GROUP, ID, blueprint
from lexheller.meetings.labels import GROUP as KIND_NAME
from lexheller.meetings.labels import GROUP_SLUG, group_name, kind_of_slug, when
from lexheller.meetings.states import GroupKind
from lexheller.web.access import requires

NAME = "namn"


@blueprint.get(GROUP)
@requires(Right.PREPARE_MEETINGS)
def group(federation: str, group: str) -> ResponseReturnValue:
    return _page(_kind(group))


@blueprint.post(f"{GROUP}/medlemmar")
@requires(Right.PREPARE_MEETINGS)
def add_member(federation: str, group: str) -> ResponseReturnValue:
    kind = _kind(group)
    form = _member_form(kind)
    if not form.validate_on_submit():
        return _page(kind, form), 422
    groups.add_member(current_actor(), current_federation().id, kind, forms.number_in(form.user_id.data))
    flash(_("Personen är med i gruppen och får läsa dess material."), "success")
    return _to(kind)


@blueprint.post(f"{GROUP}/medlemmar/<{ID}:user_id>/ta-bort")
@requires(Right.PREPARE_MEETINGS)
def remove_member(federation: str, group: str, user_id: int) -> ResponseReturnValue:
    kind = _kind(group)
    if FlaskForm().validate_on_submit():
        groups.remove_member(current_actor(), current_federation().id, kind, user_id)
        flash(_("Personen är inte med i gruppen längre och kan inte läsa dess material."), "success")
    return _to(kind)


@blueprint.post(f"{GROUP}/namn")
@requires(Right.PREPARE_MEETINGS)
def rename_group(federation: str, group: str) -> ResponseReturnValue:
    kind, form = _kind(group), forms.GroupNameForm(prefix=NAME)
    if not form.validate_on_submit():
        return _page(kind, name_form=form), 422
    groups.rename_group(current_actor(), current_federation().id, kind, form.name.data or "")
    flash(_("Namnet är sparat."), "success")
    return _to(kind)


@blueprint.route(f"{GROUP}/avsluta", methods=["GET", "POST"])
@requires(Right.PREPARE_MEETINGS)
def retire_group(federation: str, group: str) -> ResponseReturnValue:
    """A page that says what will happen, and the button that does it; none while the group is to meet."""
    actor, tenant, kind = current_actor(), current_federation(), _kind(group)
    found = groups.group_of(tenant.id, kind)
    if found is None:
        return _to(kind)
    coming, form = queries.upcoming(actor, tenant.id, found.id), FlaskForm()
    if form.validate_on_submit() and not coming:
        groups.retire_group(actor, tenant.id, kind)
        flash(_("Gruppen är avslutad. Dess möten finns kvar i listan."), "success")
        return redirect(url_for("meetings.index", federation=federation))
    values = {"name": group_name(found), "slug": GROUP_SLUG[kind], "members": groups.members_today(found)}
    values |= {"coming": [(meeting, when(meeting)) for meeting in coming], "form": form}
    return render_template("meetings/retire_group.html", **values), 422 if request.method == "POST" else 200


def _page(kind: GroupKind, form: forms.MemberForm | None = None, name_form: forms.GroupNameForm | None = None) -> str:
    actor, tenant = current_actor(), current_federation()
    found = groups.group_of(tenant.id, kind)
    coming = queries.upcoming(actor, tenant.id, found.id) if found is not None else []
    known = {person.user.id: person for person in people_in(tenant.id)}
    members = groups.members_of(actor, tenant.id, kind)
    own_name = {"name": found.name if found is not None else ""}
    return render_template(
        "meetings/group.html",
        kind=kind,
        slug=GROUP_SLUG[kind],
        name=(found.name if found is not None else "") or str(KIND_NAME[kind]),
        members=[(member, _shown(known.get(member.user_id))) for member in members],
        in_use=found is not None,
        next_meeting=coming[0] if coming else None,
        when=when,
        form=form or _member_form(kind),
        name_form=name_form or forms.GroupNameForm(formdata=None, prefix=NAME, data=own_name),
        may_invite=actor.may(Right.ADMINISTER, tenant.id),
    )


def _member_form(kind: GroupKind) -> forms.MemberForm:
    """Everybody with a role in the federation who does not belong to the group yet."""
    tenant = current_federation()
    there = {member.user_id for member in groups.members_of(current_actor(), tenant.id, kind)}
    form = forms.MemberForm()
    people = [person for person in people_in(tenant.id) if person.user.id not in there and not person.suspended]
    form.user_id.choices = [("", _("Välj en person")), *((str(one.user.id), _shown(one)) for one in people)]
    return form


def _shown(person: Person | None) -> str:
    """A name only of somebody who has joined (P20)."""
    if person is None:
        return str(_("Har ingen roll i förbundet längre"))
    user = person.user
    return f"{user.name} ({user.email})" if person.joined and user.name else user.email


def _kind(slug: str) -> GroupKind:
    kind = kind_of_slug(slug)
    if kind is None:
        raise NotAllowedToSee(f"group {slug}")
    return kind


def _to(kind: GroupKind) -> ResponseReturnValue:
    return redirect(url_for("meetings.group", federation=current_federation().slug, group=GROUP_SLUG[kind]))

"""The pages of the routing rules: parse, one verb, answer. What is published is read only; drafts are changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import rules_page as page
from lexheller.administration.rules_forms import MoveForm, PublishForm, RuleForm, SeenForm, StartForm, values_of
from lexheller.core.db import reading
from lexheller.core.errors import Conflict, NotAllowedToSee
from lexheller.routing import drafts, queries
from lexheller.routing.models import RoutingRule, RuleSet
from lexheller.routing.words import Names, names_for, sentence
from lexheller.web.access import requires

blueprint = Blueprint("rules", __name__)

RULES = "/installningar/<federation>/regler"
DRAFT = f"{RULES}/utkast"
RULE = f"{DRAFT}/regel/<int(max=2147483647):rule_id>"
PREFIX = "rule"


@blueprint.get(RULES)
@requires(Right.ADMINISTER)
def index(federation: str) -> ResponseReturnValue:
    return _index()


@blueprint.get(f"{RULES}/version/<int(max=2147483647):rule_version>")
@requires(Right.ADMINISTER)
def version(federation: str, rule_version: int) -> ResponseReturnValue:
    federation_id = current_federation().id
    found = queries.set_by_version(federation_id, rule_version)
    if found is None:
        raise NotAllowedToSee("version")
    return render_template(
        "administration/rules_version.html",
        rule_set=found,
        draft=queries.draft_of(federation_id),
        **page.rules_context(federation_id, found),
    )


@blueprint.post(DRAFT)
@requires(Right.ADMINISTER)
def start(federation: str) -> ResponseReturnValue:
    form = StartForm()
    if not form.validate_on_submit():
        return _index(), 422
    drafts.start_draft(current_actor(), current_federation().id, version=form.origin_version)
    return redirect(url_for("rules.draft", federation=federation))


@blueprint.get(DRAFT)
@requires(Right.ADMINISTER)
def draft(federation: str) -> ResponseReturnValue:
    found = queries.draft_of(current_federation().id)
    return _draft_page(found) if found else _to_index()


@blueprint.post(f"{DRAFT}/regel")
@requires(Right.ADMINISTER)
def add(federation: str) -> ResponseReturnValue:
    found, federation_id = _draft(), current_federation().id
    form = RuleForm(prefix=PREFIX).fill_choices(federation_id, None, Names())
    if not form.validate_on_submit():
        return _draft_page(found, form), 422
    row = drafts.add_rule(current_actor(), federation_id, form.wanted(), seen=form.seen)
    return _done(row, _("Regeln ligger sist i utkastet. Flytta upp den om den ska gälla före någon annan."))


@blueprint.get(RULE)
@requires(Right.ADMINISTER)
def edit(federation: str, rule_id: int) -> ResponseReturnValue:
    found = queries.draft_of(current_federation().id)
    return _rule_page(found, _row(found, rule_id, found.revision)) if found else _to_index()


@blueprint.post(RULE)
@requires(Right.ADMINISTER)
def change(federation: str, rule_id: int) -> ResponseReturnValue:
    found, federation_id = _draft(), current_federation().id
    row = _row(found, rule_id, RuleForm(prefix=PREFIX).seen)
    form = RuleForm(prefix=PREFIX).fill_choices(federation_id, row, names_for([row]))
    if not form.validate_on_submit():
        return _rule_page(found, row, form), 422
    changed = drafts.change_rule(current_actor(), federation_id, rule_id, form.wanted(), seen=form.seen)
    return _done(changed, _("Regeln är ändrad i utkastet."))


@blueprint.post(f"{RULE}/flytta")
@requires(Right.ADMINISTER)
def move(federation: str, rule_id: int) -> ResponseReturnValue:
    found = _draft()
    form = MoveForm().fill_choices(len(queries.rows_of(found.id)))
    _row(found, rule_id, form.seen)
    if not form.validate_on_submit():
        raise Conflict("no place was chosen, or no revision seen")
    moved = drafts.move_rule(current_actor(), current_federation().id, rule_id, int(form.position.data), seen=form.seen)
    return _done(moved, _("Regeln har plats %(position)s nu.", position=moved.position))


@blueprint.post(f"{RULE}/ta-bort")
@requires(Right.ADMINISTER)
def remove(federation: str, rule_id: int) -> ResponseReturnValue:
    seen = _seen()
    _row(_draft(), rule_id, seen)
    drafts.remove_rule(current_actor(), current_federation().id, rule_id, seen=seen)
    return _done(None, _("Regeln är borta ur utkastet. Den som används gäller tills du börjar använda utkastet."))


@blueprint.get(f"{DRAFT}/prova")
@requires(Right.ADMINISTER)
def trial(federation: str) -> ResponseReturnValue:
    found = queries.draft_of(current_federation().id)
    if found is None:
        return _to_index()
    context = page.trial_context(current_actor(), current_federation().id, found)
    return render_template("administration/rules_trial.html", **context)


@blueprint.get(f"{DRAFT}/borja-anvanda")
@requires(Right.ADMINISTER)
def preview(federation: str) -> ResponseReturnValue:
    found = queries.draft_of(current_federation().id)
    return _preview_page(found) if found else _to_index()


@blueprint.post(f"{DRAFT}/borja-anvanda")
@requires(Right.ADMINISTER)
def publish(federation: str) -> ResponseReturnValue:
    form = PublishForm()
    if not form.validate_on_submit():
        return _preview_page(_draft(), form), 422
    published = drafts.publish_draft(current_actor(), current_federation().id, form.note.data or "", seen=form.seen)
    flash(
        _("Version %(version)s används nu, för anmälningar som kommer in från och med nu.", version=published.version),
        "success",
    )
    return _to_index()


@blueprint.post(f"{DRAFT}/kasta")
@requires(Right.ADMINISTER)
def discard(federation: str) -> ResponseReturnValue:
    drafts.discard_draft(current_actor(), current_federation().id, seen=_seen())
    flash(_("Utkastet är kastat. Reglerna som används är som förut."), "success")
    return _to_index()


@blueprint.errorhandler(Conflict)
def moved_on(_error: Conflict) -> ResponseReturnValue:
    """Somebody else was first: the rules as they are now, and what was chosen or written still in its form (P13)."""
    with reading():
        return _as_it_is_now(), 409


def _as_it_is_now() -> str:
    federation_id = current_federation().id
    found = queries.draft_of(federation_id)
    if found is None:
        return _index(conflict=True)
    endpoint = (request.endpoint or "").partition(".")[2]
    row = _row_or_none(found, (request.view_args or {}).get("rule_id"))
    if endpoint == "publish":
        return _preview_page(found, PublishForm(), conflict=True)
    if endpoint == "change" and row is not None:
        form = RuleForm(prefix=PREFIX).fill_choices(federation_id, row, names_for([row]))
        return _rule_page(found, row, form, conflict=True)
    if endpoint == "add":
        kept = RuleForm(prefix=PREFIX).fill_choices(federation_id, None, Names())
        return _draft_page(found, kept, conflict=True)
    return _draft_page(found, conflict=True)


def _index(*, conflict: bool = False) -> str:
    federation_id = current_federation().id
    in_use = queries.set_in_use(federation_id)
    return render_template(
        "administration/rules_index.html",
        rule_set=in_use,
        draft=queries.draft_of(federation_id),
        earlier=[found for found in queries.published_sets(federation_id) if in_use is None or found.id != in_use.id],
        conflict=conflict,
        **page.rules_context(federation_id, in_use),
    )


def _draft_page(found: RuleSet, form: RuleForm | None = None, *, conflict: bool = False) -> str:
    federation_id = current_federation().id
    if form is None:
        form = RuleForm(formdata=None, prefix=PREFIX).fill_choices(federation_id, None, Names())
    form.version.data = found.revision
    context = page.draft_context(federation_id, found)
    return render_template("administration/rules_draft.html", form=form, conflict=conflict, **context)


def _rule_page(found: RuleSet, row: RoutingRule, form: RuleForm | None = None, *, conflict: bool = False) -> str:
    names = names_for([row])
    if form is None:
        form = RuleForm(formdata=None, prefix=PREFIX, data=values_of(row, found))
        form.fill_choices(current_federation().id, row, names)
    form.version.data = found.revision
    place = MoveForm(formdata=None, data={"position": str(row.position), "version": found.revision})
    context: dict[str, Any] = {
        "draft": found,
        "rule": row,
        "form": form,
        "conflict": conflict,
        "sentence": sentence(row, names),
        "unit": names.units[row.unit_id],
        "place": place.fill_choices(len(queries.rows_of(found.id))),
    }
    return render_template("administration/rules_edit.html", **context)


def _preview_page(found: RuleSet, form: PublishForm | None = None, *, conflict: bool = False) -> str:
    form = form or PublishForm(formdata=None)
    form.version.data = found.revision
    context = page.trial_context(current_actor(), current_federation().id, found)
    return render_template("administration/rules_publish.html", form=form, conflict=conflict, **context)


def _draft() -> RuleSet:
    """The draft that a form was sent about; Conflict when it is gone."""
    found = queries.draft_of(current_federation().id)
    if found is None:
        raise Conflict("the draft is gone")
    return found


def _row(found: RuleSet, rule_id: int, seen: int) -> RoutingRule:
    """The draft's rule. Raises Conflict when the draft has moved on and the rule is gone with it."""
    row = _row_or_none(found, rule_id)
    if row is None and seen != found.revision:
        raise Conflict("the rule is gone")
    if row is None:
        raise NotAllowedToSee("rule")
    return row


def _row_or_none(found: RuleSet, rule_id: int | None) -> RoutingRule | None:
    row = queries.rule_by_id(current_federation().id, rule_id) if rule_id else None
    return row if row is not None and row.rule_set_id == found.id else None


def _seen() -> int:
    form = SeenForm()
    if not form.validate_on_submit():
        raise Conflict("no revision was seen")
    return form.seen


def _to_index() -> ResponseReturnValue:
    return redirect(url_for("rules.index", federation=current_federation().slug))


def _done(row: RoutingRule | None, said: str) -> ResponseReturnValue:
    """Back to the draft, at the rule's own place."""
    flash(said, "success")
    anchor = f"regel-{row.id}" if row else "regler"
    return redirect(url_for("rules.draft", federation=current_federation().slug, _anchor=anchor))

"""The draft of a year's report: writing it, setting its cut-off day, reading it through, approving and freezing it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports import draft_page, drafting, editions
from lexheller.action_reports.blueprint import DRAFT, blueprint
from lexheller.action_reports.difference_words import told
from lexheller.action_reports.differences import differences
from lexheller.action_reports.doubtful import doubts_of
from lexheller.action_reports.draft_forms import ApproveForm, CutOffForm, TextsForm
from lexheller.action_reports.labels import REFUSED
from lexheller.action_reports.outline import CHAPTER_KEYS
from lexheller.action_reports.publishing_editions import newest_published
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput
from lexheller.web.access import requires
from lexheller.web.doubts import LOOKS_LIKE
from lexheller.web.forms import Form


@blueprint.get(DRAFT)
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def draft(federation: str, year: int) -> ResponseReturnValue:
    return draft_page.show(current_actor(), current_federation(), year)


@blueprint.post(DRAFT)
@requires(Right.COMPILE_ACTION_REPORT)
def write_texts(federation: str, year: int) -> ResponseReturnValue:
    """All chapters' texts are stored, whichever chapter's button was pressed: nothing that is written gets lost."""
    actor, tenant, form = current_actor(), current_federation(), TextsForm(prefix="text")
    if form.validate_on_submit():
        try:
            drafting.write_texts(actor, tenant, year, form.texts, seen=form.seen, looked=bool(form.looked.data))
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Texten är sparad."), "success")
            key = request.form.get("chapter", "")
            anchor = f"kapitel-{key}" if key in CHAPTER_KEYS else None
            return redirect(_to("draft", year, _anchor=anchor))
    return draft_page.show(actor, tenant, year, texts=form), 422


@blueprint.post(f"{DRAFT}/brytdag")
@requires(Right.COMPILE_ACTION_REPORT)
def set_cut_off(federation: str, year: int) -> ResponseReturnValue:
    actor, tenant, form = current_actor(), current_federation(), CutOffForm(prefix="cut")
    if form.validate_on_submit():
        try:
            drafting.set_cut_off(actor, tenant, year, form.cut_off.data, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(_("Brytdagen är ändrad och siffrorna räknade på nytt."), "success")
            return redirect(_to("draft", year))
    return draft_page.show(actor, tenant, year, cut_off=form), 422


@blueprint.get(f"{DRAFT}/granska")
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def review(federation: str, year: int) -> ResponseReturnValue:
    return _review(year, ApproveForm())


@blueprint.post(f"{DRAFT}/granska")
@requires(Right.APPROVE_ACTION_REPORT)
def approve(federation: str, year: int) -> ResponseReturnValue:
    form = ApproveForm()
    if form.validate_on_submit():
        try:
            editions.approve(
                current_actor(), current_federation(), year, seen_hash=form.hash.data, looked=bool(form.looked.data)
            )
        except InvalidInput as problem:
            form.put_error(*_why_not(problem))
        else:
            flash(_("Rapporten är godkänd som den är nu."), "success")
            return redirect(_to("freeze", year))
    return _review(year, form), 422


@blueprint.post(f"{DRAFT}/ta-tillbaka")
@requires(Right.APPROVE_ACTION_REPORT)
def withdraw_approval(federation: str, year: int) -> ResponseReturnValue:
    if Form().validate_on_submit():
        editions.withdraw_approval(current_actor(), current_federation(), year)
        flash(_("Godkännandet är tillbakataget. Rapporten behöver godkännas igen innan den kan frysas."), "success")
    return redirect(_to("draft", year))


@blueprint.route(f"{DRAFT}/frys", methods=["GET", "POST"])
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def freeze(federation: str, year: int) -> ResponseReturnValue:
    """What will happen, and doing it."""
    actor, tenant, form = current_actor(), current_federation(), Form()
    if form.validate_on_submit():
        try:
            edition = editions.freeze(actor, tenant, year)
        except InvalidInput as problem:
            form.put_error("form", str(REFUSED[problem.code]))
        else:
            flash(_("Utgåva %(number)s är fryst och kan inte längre ändras.", number=edition.number), "success")
            return redirect(_to("edition", year, number=edition.number))
    stage = editions.stage_of(tenant, year, drafting.report_data(tenant, year, to_show=True))
    page = render_template("action_reports/freeze.html", year=year, stage=stage, form=form)
    return page, 422 if form.errors else 200


@blueprint.get(f"{DRAFT}/skillnader")
@requires(Right.COMPILE_ACTION_REPORT)
@shows(Thing.DRAFT, "year")
def draft_differences(federation: str, year: int) -> ResponseReturnValue:
    """Against the newest published edition, or the newest at all; and since the figures were last compiled."""
    tenant = current_federation()
    data, kept = drafting.report_data(tenant, year, to_show=True), drafting.draft_of(tenant.id, year)
    against = newest_published(tenant.id, year) or editions.newest_edition(tenant.id, year)
    since = differences(kept.compiled, drafting.figures_of(data)) if kept and kept.compiled else []
    locale = str(get_locale())
    return render_template(
        "action_reports/differences.html",
        year=year,
        back=(_("Tillbaka till utkastet"), _to("draft", year)),
        title=_("Vad som har ändrats, utkast %(year)s", year=year),
        against=against,
        lines=told(differences(against.data, data), data, locale) if against else [],
        since=told(since, data, locale),
        compiled_at=kept.compiled_at if kept else None,
    )


def _why_not(problem: InvalidInput) -> tuple[str, str]:
    """On which field an approval was refused, and in which words."""
    if problem.field == "looked":
        return "looked", _("Läs det som är markerat och kryssa i rutan, eller be kansliet ändra det.")
    return "form", _("Siffrorna eller texten ändrades medan du läste. Läs igen: så här är rapporten nu.")


def _review(year: int, form: ApproveForm) -> str:
    tenant = current_federation()
    data = drafting.report_data(tenant, year, to_show=True)
    form.hash.data = data["hash"]
    return render_template(
        "action_reports/review.html",
        year=year,
        form=form,
        withdraw_form=Form(),
        doubts=doubts_of(data),
        looks_like=LOOKS_LIKE,
        **draft_page.values(current_actor(), tenant, year, data),
    )


def _to(page: str, year: int, **values: Any) -> str:
    return url_for(f"action_reports.{page}", federation=current_federation().slug, year=year, **values)

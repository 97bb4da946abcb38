"""The page of what a federation has chosen for its yearly report. The one page of the product that takes a file."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, IntegerField
from wtforms.validators import InputRequired, ValidationError

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.action_reports import settings
from lexheller.action_reports.blueprint import SETTINGS, blueprint
from lexheller.action_reports.draft_forms import RELOAD, SeenForm
from lexheller.action_reports.labels import REFUSED
from lexheller.core.errors import InvalidInput
from lexheller.organisations.report_settings import LEAST_SHOWN, LOWEST_LEAST_SHOWN
from lexheller.web.access import requires
from lexheller.web.forms import Form

LARGEST_REQUEST_BYTES = 10_000_000
"""Twice the largest template, so that one somewhat too large is answered in words on the page."""
MILLION = 1_000_000
TAKES_FILE = f"{blueprint.name}.set_template"


class LeastShownForm(SeenForm):
    """`version` is the number that was in use when the page was shown."""

    least_shown = IntegerField(_l("Minsta tal som visas"), validators=[InputRequired(message=_l("Skriv ett tal."))])


class MarkForm(Form):
    """`version` is the mark of the template that was in use when the page was shown."""

    version = HiddenField(validators=[InputRequired(message=RELOAD)])


class ChosenFile:
    """Forms read no files: whether one came stands in the request."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: Form, field: FileField) -> None:
        sent = request.files.get(field.name)
        if sent is None or not sent.filename:
            raise ValidationError(_("Välj en fil först."))


class TemplateForm(MarkForm):
    file = FileField(_l("Er Wordmall (.docx eller .dotx)"), validators=[ChosenFile()])


@blueprint.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before any hook reads what was sent: this address takes more than the others."""
    if endpoint == TAKES_FILE:
        request.max_content_length = LARGEST_REQUEST_BYTES


@blueprint.get(SETTINGS)
@requires(Right.ADMINISTER)
def report_settings(federation: str) -> ResponseReturnValue:
    return _page()


@blueprint.post(f"{SETTINGS}/minsta-tal")
@requires(Right.ADMINISTER)
def set_least_shown(federation: str) -> ResponseReturnValue:
    form = LeastShownForm(prefix="least")
    if form.validate_on_submit():
        try:
            settings.set_least_shown(current_actor(), current_federation(), form.least_shown.data, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            return _done(_("Sparat. Utkasten följer det nya talet från och med nu."))
    return _page(least=form), 422


@blueprint.post(f"{SETTINGS}/wordmall")
@requires(Right.ADMINISTER)
def set_template(federation: str) -> ResponseReturnValue:
    form = TemplateForm(prefix="template")
    if form.validate_on_submit():
        sent = request.files[form.file.name]
        name, seen = sent.filename or "", form.version.data
        try:
            settings.set_template(current_actor(), current_federation(), sent.read(), name, seen=seen)
        except InvalidInput as problem:
            form.put_error("file", str(REFUSED[problem.code]))
        else:
            return _done(_("Mallen används från och med nu. Ladda ner ett prov och se hur det blir."))
    return _page(template=form), 422


@blueprint.post(f"{SETTINGS}/wordmall/ta-bort")
@requires(Right.ADMINISTER)
def remove_template(federation: str) -> ResponseReturnValue:
    form = MarkForm(prefix="template")
    if form.validate_on_submit():
        settings.remove_template(current_actor(), current_federation(), seen=form.version.data)
        flash(_("Mallen är borttagen. Det inbyggda utseendet används igen."), "success")
    return redirect(_here())


def _page(*, least: LeastShownForm | None = None, template: TemplateForm | None = None) -> str:
    """`least` and `template` are forms that came back with something to put right."""
    tenant = current_federation()
    chosen = settings.choices_of(tenant.id)
    if least is None:
        there = {"least_shown": chosen.least_shown, "version": chosen.least_shown}
        least = LeastShownForm(formdata=None, prefix="least", data=there)
    if template is None:
        template = TemplateForm(formdata=None, prefix="template", data={"version": chosen.template_mark})
    return render_template(
        "action_reports/settings.html",
        chosen=chosen,
        least=least,
        template=template,
        lowest=LOWEST_LEAST_SHOWN,
        highest=settings.HIGHEST_LEAST_SHOWN,
        usual=LEAST_SHOWN,
        megabytes=settings.LARGEST_TEMPLATE // MILLION,
        trial_year=settings.trial_year(tenant.id),
    )


def _done(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(_here())


def _here() -> str:
    return url_for("action_reports.report_settings", federation=current_federation().slug)

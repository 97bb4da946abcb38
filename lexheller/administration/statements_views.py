"""The settings page of the open statements: accessibility and personal data, and what is still to be filled in."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.administration import queries
from lexheller.administration.answers import done, went_well
from lexheller.administration.blueprint import SETTINGS, blueprint
from lexheller.administration.history import in_words
from lexheller.administration.statements_forms import LONGEST_ADDRESS, LONGEST_SHORTCOMINGS, StatementsForm
from lexheller.statements.labels import MISSING
from lexheller.statements.queries import SUBJECT, details_of, version_here
from lexheller.statements.service import write_statements
from lexheller.web.access import requires

STATEMENTS = f"{SETTINGS}/redogorelser"


@blueprint.get(STATEMENTS)
@requires(Right.ADMINISTER)
def statements(federation: str) -> ResponseReturnValue:
    federation_id = current_federation().id
    form = StatementsForm(data=details_of(federation_id).as_values())
    form.seen.data = str(version_here(federation_id))
    return _page(form)


@blueprint.post(STATEMENTS)
@requires(Right.ADMINISTER)
def change_statements(federation: str) -> ResponseReturnValue:
    form, federation_id = StatementsForm(), current_federation().id
    if not form.validate_on_submit() or not went_well(
        form,
        lambda: write_statements(current_actor(), federation_id, form.details, seen=form.version, note=form.note.data),
    ):
        return _page(form), 422
    return done("statements", _("Sparat. Så här står det nu på de öppna sidorna."))


def _page(form: StatementsForm) -> str:
    federation_id = current_federation().id
    return render_template(
        "administration/statements.html",
        form=form,
        missing=[MISSING[what] for what in details_of(federation_id).missing],
        history=in_words(federation_id, queries.changes(federation_id, subject_types=[SUBJECT])),
        longest_address=LONGEST_ADDRESS,
        longest_shortcomings=LONGEST_SHORTCOMINGS,
    )

"""From a form that has been checked to what the verbs take."""

from __future__ import annotations

from lexheller.intake.forms import ReportForm
from lexheller.intake.service import Submission


def submission_of(form: ReportForm, locale: str) -> Submission:
    return Submission(
        submission_id=form.own_submission_id(),
        what_happened=form.what_happened.data,
        reporting_organisation_id=_id(form.reporting_organisation.data),
        concerned_organisation_id=_id(form.concerned_organisation.data),
        municipality_id=_id(form.municipality.data),
        consequence=form.consequence.data,
        done_at_once=form.done_at_once.data,
        proposal=form.proposal.data,
        reporter_email=form.reporter_email.data,
        locale=locale,
        concerned_unit_id=_id(form.concerned_unit.data),
        stay_unknown=bool(form.stay_unknown.data and form.reporter_email.data),
        looked=form.has_looked,
    )


def _id(chosen_value: str | None) -> int | None:
    """The form has checked the value against this federation's own list."""
    return int(chosen_value) if chosen_value else None

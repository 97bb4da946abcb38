"""What every settings view does: run one verb, put a refusal on its field, say what was done and lead on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lexheller.accounts.session import current_federation
from lexheller.administration.labels import refusal
from lexheller.core.errors import InvalidInput
from lexheller.web.forms import Form


def went_well(form: Form, verb: Callable[[], object]) -> bool:
    """Whether the verb did it. The verbs of the register refuse before they change anything."""
    try:
        verb()
    except InvalidInput as refused:
        form.put_error(refused.field, refusal(refused.code))
        return False
    return True


def refused(verb: Callable[[], object]) -> bool:
    """The same where there is no field to put the reason on: it is said on the page that follows."""
    try:
        verb()
    except InvalidInput as problem:
        flash(refusal(problem.code), "error")
        return True
    return False


def done(endpoint: str, said: str, **values: Any) -> ResponseReturnValue:
    """To a page of the same federation, with what was done."""
    flash(said, "success")
    return back_to(endpoint, **values)


def back_to(endpoint: str, **values: Any) -> ResponseReturnValue:
    return redirect(url_for(f"administration.{endpoint}", federation=current_federation().slug, **values))

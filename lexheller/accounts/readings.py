"""What a view shows is said beside its access mark, and who was shown it is kept when the answer is ready.

A page that is read writes nothing: the rows are added after the request, in a transaction of their own. Where that
fails a page is still shown, and the log says so; a file is not given out. Stops at noting: `audit.reading_log` keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from lexheller.accounts.rights import Actor, ActorKind
from lexheller.accounts.session import current_actor
from lexheller.audit.reading_log import PAGE, Noted, Thing, is_new, keep
from lexheller.core import tenancy
from lexheller.core.db import reading
from lexheller.core.transaction import nothing_kept, transaction

log = structlog.get_logger(__name__)

View = TypeVar("View", bound=Callable[..., Any])
MARK, NOTED = "reading_mark", "readings_noted"
FORM = "form"
EDITIONS_A_YEAR = 1000
SHOWN = frozenset({200, 422})
"""Pages, and pages that are shown again because something in a form is to be changed."""
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Shown:
    """`parts` of the address make the thing's id. `kinds`: what it is, by the address's part `by`."""

    kinds: Mapping[str, Thing]
    parts: tuple[str, ...]
    form: str
    by: str = ""

    def thing(self, values: Mapping[str, Any]) -> Thing:
        return self.kinds[str(values.get(self.by, ""))]

    def subject_id(self, values: Mapping[str, Any]) -> int:
        number = 0
        for part in self.parts:
            number = number * EDITIONS_A_YEAR + int(values[part])
        return number


def shows(thing: Thing, *parts: str, form: str = PAGE) -> Callable[[View], View]:
    """This view shows the thing whose id the `parts` of its address make: of two, the first counts thousands. `form` is
    a file's, unless the address names it.
    """
    return _marks(Shown({"": thing}, parts, form))


def shows_one_of(kinds: Mapping[str, Thing], by: str, *parts: str) -> Callable[[View], View]:
    """As `shows`, where the address's part `by` says what kind of thing it is."""
    return _marks(Shown(kinds, parts, PAGE, by))


def _marks(shown: Shown) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @wraps(view)
        def noting(*args: Any, **values: Any) -> Any:
            answer = view(*args, **values)
            note(shown.thing(values), shown.subject_id(values), form=values.get(FORM, shown.form))
            return answer

        setattr(noting, MARK, shown)
        return noting  # type: ignore[return-value]

    return mark


def note(
    thing: Thing, subject_id: int, *, form: str = PAGE, reader: Actor | None = None, federation_id: int | None = None
) -> None:
    """Have it kept that this request shows the thing, if it is answered well. The reader is whoever is signed in, in
    the federation of the address, unless it is said. An answer to HEAD shows nothing.
    """
    if request.method == "HEAD":
        return
    who = reader or current_actor()
    g.setdefault(NOTED, []).append(
        Noted(
            federation_id if federation_id is not None else g.federation.id,
            str(who.kind),
            _reader_id(who),
            current_user.row_id if who.kind is ActorKind.USER else None,
            thing,
            subject_id,
            form,
        )
    )


def shown_by(app: Flask, endpoint: str) -> Shown | None:
    """What the view says that it shows, or None."""
    found: Shown | None = getattr(app.view_functions[endpoint], MARK, None)
    return found


def is_kept(answer: Response) -> bool:
    """Keep what the request has noted. False: it could not be kept, and the answer is one that must not go out then."""
    _note_page_shown_again(answer)
    noted: list[Noted] = list(dict.fromkeys(g.pop(NOTED, [])))
    if answer.status_code not in SHOWN or not noted:
        return True
    try:
        with tenancy.within(*{one.federation_id for one in noted}):
            with reading(), nothing_kept():
                new = [one for one in noted if is_new(one)]
            if new:
                with transaction():
                    keep(new)
    except SQLAlchemyError as problem:
        log.warning("reading_not_noted", problem=type(problem).__name__, endpoint=request.endpoint)
        return not any(one.is_file for one in noted)
    return True


def _note_page_shown_again(answer: Response) -> None:
    """A form's answer that is a page shows what the pages at its address show: nobody reads past the log by sending a
    form that is refused, or only asks for a preview.
    """
    if request.method != "POST" or answer.mimetype != HTML or g.get(NOTED) or answer.status_code not in SHOWN:
        return
    shown = _page_above(request.url_rule.rule if request.url_rule else "")
    if shown is not None:
        values = request.view_args or {}
        note(shown.thing(values), shown.subject_id(values), form=shown.form)


def _page_above(rule: str) -> Shown | None:
    """What is shown by the page whose address the rule begins with; of several, the nearest."""
    pages = {
        other.rule: shown
        for other in current_app.url_map.iter_rules()
        if f"{rule}/".startswith(f"{other.rule}/")
        and (shown := shown_by(current_app, other.endpoint))
        and shown.parts
        and shown.form == PAGE
    }
    return pages[max(pages, key=len)] if pages else None


def _reader_id(who: Actor) -> int:
    return who.user_id or who.link_id or 0

"""The open page of a federation: published editions in every form, and published cases. For anybody, without cookies.

The same for everybody in a language, whoever is signed in, so that it may be kept by caches for a short while.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from lexheller.accounts.session import current_federation
from lexheller.action_reports import public_reading, rendering
from lexheller.action_reports.blocks import Language
from lexheller.action_reports.forms_html import page_of
from lexheller.action_reports.forms_template_parts import UnusableTemplateError
from lexheller.action_reports.models import Edition
from lexheller.action_reports.public_reading import LARGEST_ID, Narrowing
from lexheller.action_reports.reading import language_here
from lexheller.action_reports.shelf import shelf
from lexheller.web.access import public
from lexheller.web.limits import Limit, sender
from lexheller.web.open_answers import WithoutCookies, asked_language, keep_language, kept_a_while, open_page

blueprint = Blueprint("open_page", __name__)
blueprint.url_defaults(keep_language)

ALL = "/publikt/<federation>"
EDITION = f"{ALL}/rapport/<int(min=2000, max=2100):year>/<int(max=2147483647):number>"
CASE = f"{ALL}/arenden/<int(max=2147483647):published_id>"
FORM = '<any(html, pdf, docx, "short-docx", xlsx, csv, json):form>'
FILES = Limit("open_files", "120 per minute; 1200 per hour")
MOST_BYTES = 32 * 2**20


@blueprint.get(ALL)
@public
def show(federation: str) -> ResponseReturnValue:
    tenant = current_federation()
    narrowing = Narrowing(_number("theme"), _number("year"))
    themes, years = public_reading.themes_and_years(tenant.id)
    return open_page(
        "action_reports/open_page.html",
        editions=public_reading.editions_by_year(tenant.id),
        page=public_reading.cases_page(tenant.id, narrowing, request.args.get("after")),
        is_later=bool(request.args.get("after")),
        narrowing=narrowing,
        themes=themes,
        case_years=[(year, str(year)) for year in years],
        lang=asked_language(),
    )


@blueprint.get(EDITION)
@public
def edition(federation: str, year: int, number: int) -> ResponseReturnValue:
    what = rendering.edition_document(_edition(year, number), language_here())
    return open_page("action_reports/open_edition.html", document=what, page=page_of(what), year=year, number=number)


@blueprint.get(f"{EDITION}.{FORM}")
@public
def edition_file(federation: str, year: int, number: int, form: str) -> ResponseReturnValue:
    """Who has the file already is told so without drawing it; nobody may have very many drawn."""
    tenant, one, language = current_federation(), _edition(year, number), language_here()
    template = rendering.template_for(form, tenant)
    mark = rendering.edition_mark(one, form, language, template)
    answer = WithoutCookies(mimetype=rendering.FORMS[form].media_type)
    name = rendering.file_name(year, tenant, form, number)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.set_etag(mark)
    if kept_a_while(answer).status_code != HTTPStatus.NOT_MODIFIED:
        FILES.check(sender())
        FILES.count(sender())
        answer.set_data(_drawn_once(one, form, language, template, mark))
    return answer


@blueprint.get(CASE)
@public
def case(federation: str, published_id: int) -> ResponseReturnValue:
    published = public_reading.published_case(current_federation().id, published_id)
    if published is None:
        abort(404)
    return open_page("action_reports/open_case.html", published=published)


def _edition(year: int, number: int) -> Edition:
    found = public_reading.published_edition(current_federation().id, year, number)
    if found is None:
        abort(404)
    return found


def _drawn_once(one: Edition, form: str, language: Language, template: bytes | None, mark: str) -> bytes:
    """Drawn once in this process for many readers."""
    place = shelf("open files", most_bytes=MOST_BYTES)
    content = place.take((one.id, form, language), mark)
    if content is None:
        content = _drawn(one, form, language, template)
        place.put((one.id, form, language), mark, content)
    return content


def _drawn(one: Edition, form: str, language: Language, template: bytes | None) -> bytes:
    """A template that cannot be used is left out rather than told about: that is the office's matter."""
    what = rendering.edition_document(one, language)
    try:
        return rendering.FORMS[form].draw(what, template)
    except UnusableTemplateError:
        return rendering.FORMS[form].draw(what, None)


def _number(name: str) -> int | None:
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found <= LARGEST_ID else None

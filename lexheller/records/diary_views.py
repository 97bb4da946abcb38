"""The diary's pages: the list, one entry with its file, and an extract of a period."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.cases.permissions import sees_held
from lexheller.records import (
    diary_labels,
    diary_queries,
    release,
    release_documents,
    release_letters,
    release_queries,
)
from lexheller.records.blueprint import DIARY, ENTRY
from lexheller.records.blueprint import blueprint as blueprint
from lexheller.records.diary_extract import HEADINGS, as_csv, cells_of
from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_queries import Wanted
from lexheller.records.diary_rules import EntryKind
from lexheller.records.release_documents import Document, Which
from lexheller.records.release_forms import PeriodForm, this_year
from lexheller.records.release_labels import DOCUMENT
from lexheller.records.release_states import DocumentKind
from lexheller.web.access import requires

LONGEST_NUMBER = 200
FEWEST_YEAR, LARGEST_YEAR = 1, 9999
MOST_SHOWN = 200
OF_SUBJECT = {"fault": DocumentKind.FAULT, "report_edition": DocumentKind.EDITION}


@blueprint.get(DIARY)
@requires(Right.KEEP_RECORDS)
@shows(Thing.DIARY)
def diary_index(federation: str) -> ResponseReturnValue:
    actor, tenant, wanted = current_actor(), current_federation(), wanted_here()
    return render_template(
        "records/diary.html",
        page=diary_queries.entries_page(actor, tenant.id, wanted, request.args.get("after")),
        is_later=bool(request.args.get("after")),
        wanted=wanted,
        years=[(str(year), str(year)) for year in diary_queries.years_of(tenant.id)],
        labels=diary_labels,
    )


@blueprint.get(ENTRY)
@requires(Right.KEEP_RECORDS)
@shows(Thing.DIARY, "entry_id")
def diary_entry(federation: str, entry_id: int) -> ResponseReturnValue:
    entry = diary_queries.entry_for(current_actor(), current_federation().id, entry_id)
    documents = file_of(entry)
    return render_template(
        "records/diary_entry.html",
        entry=entry,
        documents=documents,
        waits=any(one.is_held for one in documents) and not sees_held(current_actor(), entry.federation_id),
        release_id=request_of(entry),
        document_labels=DOCUMENT,
        labels=diary_labels,
    )


@blueprint.get(f"{DIARY}/utdrag")
@requires(Right.KEEP_RECORDS)
@shows(Thing.DIARY)
def diary_extract(federation: str) -> ResponseReturnValue:
    """The first entries of the period; the file has them all."""
    form = _period()
    found: list[DiaryEntry] = []
    count = 0
    if form.validate():
        actor, tenant = current_actor(), current_federation()
        count = diary_queries.count_between(actor, tenant.id, *form.days)
        for entry in diary_queries.entries_between(actor, tenant.id, *form.days):
            found.append(entry)
            if len(found) == MOST_SHOWN:
                break
    rows = [cells_of(entry) for entry in found]
    values = {"form": form, "rows": rows, "count": count, "headings": HEADINGS}
    return render_template("records/diary_extract.html", **values), 422 if form.errors else 200


@blueprint.get(f"{DIARY}/utdrag.csv")
@requires(Right.KEEP_RECORDS)
@shows(Thing.DIARY, form="csv")
def diary_extract_file(federation: str) -> ResponseReturnValue:
    form = _period()
    if not form.validate():
        return redirect(url_for("records.diary_extract", federation=federation))
    first, last = form.days
    made = as_csv(diary_queries.entries_between(current_actor(), current_federation().id, first, last))
    name = f"diarium-{current_federation().slug}-{first.isoformat()}-{last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, mimetype="text/csv", headers=headers)


def wanted_here() -> Wanted:
    """What the address asks for; what it cannot mean is left aside."""
    year = request.args.get("ar", type=int)
    kind = request.args.get("sort", "")
    return Wanted(
        year if year is not None and FEWEST_YEAR <= year <= LARGEST_YEAR else None,
        EntryKind(kind) if kind in {str(one) for one in EntryKind} else None,
        request.args.get("nummer", "").replace("\x00", "").strip()[:LONGEST_NUMBER],
    )


def file_of(entry: DiaryEntry) -> list[Document]:
    """What lies under the number: a case's whole file, or the one document that it is of."""
    if entry.subject_type == "case":
        return release_documents.of_case(entry.federation_id, entry.subject_id)
    kind = OF_SUBJECT.get(entry.subject_type)
    if kind is None:
        return []
    return release_documents.documents(entry.federation_id, kind, Which(ids=[entry.subject_id]))


def request_of(entry: DiaryEntry) -> int | None:
    """The request that the number is of, or that a letter was written to, as long as it has not been disposed of."""
    if entry.subject_type == release.SUBJECT:
        return release_queries.request_there(entry.federation_id, entry.subject_id)
    if entry.subject_type == release_letters.LETTER:
        return release_queries.request_of_letter(entry.federation_id, entry.subject_id)
    return None


def _period() -> PeriodForm:
    """As the address says; without, this year so far."""
    first, last = this_year()
    whole = MultiDict({"first": first.isoformat(), "last": last.isoformat()})
    return PeriodForm(formdata=request.args if "first" in request.args else whole)

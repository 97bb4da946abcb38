"""Looking through the documents of a request: choosing them, reading each with its doubts, deciding, the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lexheller.accounts.queries import names_of
from lexheller.accounts.readings import shows
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import InvalidInput
from lexheller.records import diary_queries, release, release_labels, release_queries
from lexheller.records.blueprint import DOCUMENT, RELEASE, blueprint
from lexheller.records.diary_views import LONGEST_NUMBER, file_of
from lexheller.records.release_copies import shown
from lexheller.records.release_documents import Document
from lexheller.records.release_forms import JudgementForm, SeenForm
from lexheller.records.release_models import ReleaseDocument, ReleaseRequest
from lexheller.records.release_readings import note_documents
from lexheller.records.release_states import Judgement, hash_of
from lexheller.records.release_ticks import (
    Place,
    chosen_places,
    doubts_of_held,
    kept_places,
    passages,
    places_of_words,
    ticks,
)
from lexheller.records.release_views import request_here, to
from lexheller.web.access import requires
from lexheller.web.doubts import DOUBTFUL, pieces

PICKED = "handling"
PREVIEW, NEXT = "visa", "nasta"


@blueprint.route(f"{RELEASE}/handlingar", methods=["GET", "POST"])
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def pick_documents(federation: str, request_id: int) -> ResponseReturnValue:
    """By a diary number: what lies in that file, as boxes to tick."""
    asked = request_here(request_id)
    number = request.args.get("nummer", "").replace("\x00", "").strip()[:LONGEST_NUMBER]
    found = _in_file(number)
    form = SeenForm(data={"version": asked.version})
    if request.method == "POST" and form.validate():
        wanted = set(request.form.getlist(PICKED))
        chosen = [one for one in found if _value(one) in wanted]
        try:
            rows = release.pick(current_actor(), asked, chosen, seen=form.seen)
        except InvalidInput as problem:
            form.refused(problem)
        else:
            flash(said_of_picked(len(rows)), "success")
            return to(asked)
    values = {"asked": asked, "form": form, "number": number, "name": PICKED, "labels": release_labels}
    offered = [(_value(one), one) for one in found]
    return render_template("records/release_pick.html", **values, offered=offered), 422 if form.errors else 200


@blueprint.get(f"{RELEASE}/nasta")
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def next_document(federation: str, request_id: int) -> ResponseReturnValue:
    asked = request_here(request_id)
    return _next(asked, None)


@blueprint.route(DOCUMENT, methods=["GET", "POST"])
@requires(Right.KEEP_RECORDS)
@shows(Thing.RELEASE, "request_id")
def check_document(federation: str, request_id: int, document_id: int) -> ResponseReturnValue:
    """The text with its doubts; sent with `visa` it is shown as it will be, otherwise it is decided."""
    asked = request_here(request_id)
    row = release_queries.document_for(current_actor(), asked, document_id)
    what = release.document_of(row)
    if what is None:
        return render_template("records/release_gone.html", asked=asked, row=row, labels=release_labels)
    note_documents([row])
    checking = _checking(row, what)
    step = request.form.get("step", "")
    if request.method == "POST" and step != PREVIEW and checking.form.validate():
        try:
            _decide(asked, checking)
        except InvalidInput as problem:
            if problem.code == DOUBTFUL:
                checking.form.ask_about(doubts_of_held(what.pieces))
            else:
                checking.form.refused(problem)
        else:
            flash(_("Beslutet är sparat."), "success")
            return _next(asked, row) if step == NEXT else redirect(_address(asked, row))
    preview = request.method == "POST" and step == PREVIEW
    answer = render_template("records/release_document.html", **_page(asked, checking, preview=preview))
    return answer, 422 if checking.form.errors else 200


@dataclass(frozen=True, slots=True)
class Checking:
    """A document under review: its form, and the places that are chosen to be hidden."""

    row: ReleaseDocument
    what: Document
    form: JudgementForm
    places: list[Place]
    fresh: bool


def said_of_picked(count: int) -> str:
    return str(ngettext("En handling är tillagd.", "%(num)d handlingar är tillagda.", count))


def _checking(row: ReleaseDocument, what: Document) -> Checking:
    if request.method == "POST":
        form = JudgementForm()
        places = chosen_places(request.form.getlist("hide"), what.pieces)
        places += places_of_words(form.words.data or "", what.pieces)
        return Checking(row, what, form, places, fresh=False)
    kept = {
        "decision": row.decision,
        "paragraphs": row.paragraphs,
        "own_words": row.own_words,
        "version": row.version,
        "text_hash": hash_of(what.pieces),
    }
    same = row.text_hash == kept["text_hash"]
    places = kept_places(row.hidden) if same else []
    return Checking(row, what, JudgementForm(data=kept), places, fresh=row.decision is None)


def _decide(asked: ReleaseRequest, checking: Checking) -> None:
    form = checking.form
    hidden = passages(checking.places, checking.what.pieces)
    judgement = Judgement(form.chosen, form.reasons, form.own_words.data or "", hidden)
    actor, row = current_actor(), checking.row
    release.decide(actor, asked, row, judgement, seen=form.seen, text_hash=form.text_hash.data, looked=form.has_looked)


def _page(asked: ReleaseRequest, checking: Checking, *, preview: bool) -> dict[str, Any]:
    row, what, form = checking.row, checking.what, checking.form
    if preview:
        form.words.data = ""
    hidden = passages(checking.places, what.pieces)
    who = {row.decided_by_user_id} if row.decided_by_user_id else set()
    changed = row.decision is not None and row.text_hash != hash_of(what.pieces)
    return {
        "asked": asked,
        "row": row,
        "what": what,
        "form": form,
        "marked": {piece.key: pieces(piece.text) for piece in what.pieces if piece.held},
        "ticks": ticks(what.pieces, checking.places, fresh=checking.fresh),
        "as_shown": shown(what.pieces, hidden) if preview or (row.decision == "masked" and not changed) else None,
        "preview": preview,
        "changed": changed,
        "copies": release_queries.copies_of(row),
        "progress": release_queries.progress_of(asked),
        "who": names_of(who),
        "labels": release_labels,
    }


def _next(asked: ReleaseRequest, after: ReleaseDocument | None) -> ResponseReturnValue:
    found = release_queries.next_undecided(asked, after.position if after is not None else 0)
    if found is None:
        flash(_("Alla handlingar är genomgångna."), "success")
        return to(asked)
    return redirect(_address(asked, found))


def _address(asked: ReleaseRequest, row: ReleaseDocument) -> str:
    slug = current_federation().slug
    return url_for("records.check_document", federation=slug, request_id=asked.id, document_id=row.id)


def _in_file(number: str) -> list[Document]:
    if not number:
        return []
    entries = diary_queries.entries_by_number(current_actor(), current_federation().id, number)
    return [one for entry in entries for one in file_of(entry)]


def _value(one: Document) -> str:
    return f"{one.kind}:{one.subject_id}"

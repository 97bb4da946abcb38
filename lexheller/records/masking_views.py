"""The pages of masking: parse, one verb, answer. The button tells what is wanted: find words, preview, edit, mask."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lexheller.accounts.readings import note, shows, shows_one_of
from lexheller.accounts.rights import Right
from lexheller.accounts.session import current_actor, current_federation
from lexheller.audit.reading_log import Thing
from lexheller.core.errors import Conflict, InvalidInput
from lexheller.core.transaction import all_or_nothing
from lexheller.organisations.known_names import doubts_here
from lexheller.privacy.masking import joined
from lexheller.records import masking as verbs
from lexheller.records import masking_page as page
from lexheller.records.masking_copies import standing
from lexheller.records.masking_forms import ChooseForm, DecideForm, DestroyForm, OpenForm
from lexheller.records.masking_labels import REFUSED
from lexheller.records.masking_places import Kind
from lexheller.records.masking_queries import StoredText, elsewhere, masking_for, text_for
from lexheller.records.masking_subjects import Subject, may_mask, subject_for
from lexheller.web.access import requires
from lexheller.web.doubts import DOUBTFUL

blueprint = Blueprint("masking", __name__)

ID = "int(max=2147483647)"
ALL = "/maskering/<federation>"
TEXTS = f"{ALL}/<any(arende, systemfel, atgard, mote, rapport, forbund):masked_kind>/<{ID}:masked_id>"
TEXT = f"{TEXTS}/<text_place>/<{ID}:text_row>"
ONE = f"{ALL}/beslut/<{ID}:masking_id>"
NAMED = {("passages", "too_long"): "no_room", ("decision", "personal_identity_number"): "sealed_number"}
SHOWN_AS: Mapping[str, Thing] = {
    Kind.CASE: Thing.CASE,
    Kind.FAULT: Thing.FAULT,
    Kind.ACTION: Thing.ACTION,
    Kind.MEETING: Thing.MEETING,
    Kind.REPORT: Thing.REPORT_TEXTS,
    Kind.FEDERATION: Thing.SETTINGS,
}
FIND, PREVIEW, EDIT = "find", "preview", "edit"


@blueprint.app_context_processor
def _for_other_pages() -> dict[str, Callable[[], bool]]:
    """For the link that `records/_mask_link.html` draws on the pages of what has texts; asked only where it stands."""
    return {"may_mask": lambda: may_mask(current_actor(), current_federation().id)}


@blueprint.get(TEXTS)
@requires(Right.MASK)
@shows_one_of(SHOWN_AS, "masked_kind", "masked_id")
def texts(federation: str, masked_kind: str, masked_id: int) -> ResponseReturnValue:
    return page.texts(current_actor(), _subject(masked_kind, masked_id), federation)


@blueprint.route(TEXT, methods=["GET", "POST"])
@requires(Right.MASK)
@shows_one_of(SHOWN_AS, "masked_kind", "masked_id")
def text(federation: str, masked_kind: str, masked_id: int, text_place: str, text_row: int) -> ResponseReturnValue:
    subject = _subject(masked_kind, masked_id)
    found = text_for(current_actor(), subject, text_place, text_row, request.args.get("part", ""))
    if request.method != "POST":
        return page.choose(subject, found, ChooseForm(formdata=None), federation)
    form = ChooseForm()
    if form.seen.data and form.seen.data != found.mark:
        raise Conflict(f"{text_place} {text_row} was changed by somebody else")
    if FIND in request.form or EDIT in request.form:
        form.validate()
        if FIND in request.form and not form.words.errors:
            _say_missing(found, form)
        return page.choose(subject, found, form, federation), 422 if form.errors else 200
    if PREVIEW in request.form:
        return _preview(subject, found, form)
    return _mask(subject, found)


@blueprint.get(ONE)
@requires(Right.MASK)
@shows(Thing.MASKING, "masking_id")
def one(federation: str, masking_id: int) -> ResponseReturnValue:
    actor = current_actor()
    return page.one(actor, masking_for(actor, current_federation().id, masking_id), federation)


@blueprint.post(f"{ONE}/oppna")
@requires(Right.MASK)
def open_sealed(federation: str, masking_id: int) -> ResponseReturnValue:
    """The answer is the page itself: looking again is opening again."""
    actor = current_actor()
    masking = masking_for(actor, current_federation().id, masking_id)
    form = OpenForm(prefix="open")
    if not form.validate_on_submit():
        return page.one(actor, masking, federation, sent=form), 422
    try:
        with all_or_nothing():
            original = verbs.open_sealed(actor, masking, form.reason.data, looked=form.has_looked)
    except InvalidInput as refused:
        _put_refusal(form, refused)
        return page.one(actor, masking, federation, sent=form), 422
    note(Thing.SEALED, masking.id)
    return page.one(actor, masking, federation, original=original)


@blueprint.post(f"{ONE}/forstor")
@requires(Right.MASK)
def destroy_sealed(federation: str, masking_id: int) -> ResponseReturnValue:
    actor = current_actor()
    masking = masking_for(actor, current_federation().id, masking_id)
    form = DestroyForm(prefix="destroy")
    if not form.validate_on_submit():
        return page.one(actor, masking, federation, sent=form), 422
    try:
        with all_or_nothing():
            verbs.destroy_sealed(actor, masking, form.reason.data, looked=form.has_looked)
    except InvalidInput as refused:
        _put_refusal(form, refused)
        return page.one(actor, masking, federation, sent=form), 422
    flash(_("Originalet är förstört. Orden finns inte kvar här."), "success")
    return _to(masking_id)


def _subject(kind: str, subject_id: int) -> Subject:
    return subject_for(current_actor(), current_federation().id, Kind(kind), subject_id)


def _to(masking_id: int) -> ResponseReturnValue:
    return redirect(url_for("masking.one", federation=current_federation().slug, masking_id=masking_id))


def _say_missing(text: StoredText, form: ChooseForm) -> None:
    if form.phrases and not page.found_passages(text.text, form.phrases):
        form.put_error("words", str(REFUSED["not_found"]))


def _preview(subject: Subject, text: StoredText, form: ChooseForm) -> ResponseReturnValue:
    """Words that nobody has looked up yet are looked up first, so that each place is a choice."""
    slug = current_federation().slug
    valid = form.validate()
    if valid and form.phrases and (form.listed.data or "").split() != (form.words.data or "").split():
        _say_missing(text, form)
        return page.choose(subject, text, form, slug), 422 if form.errors else 200
    if valid and not page.hidden_in(text, form.places):
        form.put_error("passages", str(REFUSED["none"]))
    elif valid and verbs.decision_for(text.text, joined(text.text, form.places)) is None:
        form.put_error("passages", str(REFUSED["number_first"]))
    if form.errors:
        return page.choose(subject, text, form, slug), 422
    return page.preview(current_actor(), subject, text, DecideForm(), slug)


def _mask(subject: Subject, text: StoredText) -> ResponseReturnValue:
    actor, slug, form = current_actor(), current_federation().slug, DecideForm()
    if not page.hidden_in(text, form.places):
        form.validate()
        form.put_error("passages", str(REFUSED["none"]))
        return page.choose(subject, text, form, slug), 422
    if not form.validate_on_submit():
        return page.preview(actor, subject, text, form, slug), 422
    words = page.hidden_in(text, form.places)
    try:
        with all_or_nothing():
            masking = verbs.mask(actor, subject, text, form.places, form.said, seen=form.seen.data or "")
    except InvalidInput as refused:
        _put_refusal(form, refused)
        return page.preview(actor, subject, text, form, slug), 422
    flash(_("Orden är maskade. Så här står det nu."), "success")
    left = page.named(actor, elsewhere(actor, text, subject.federation_id, words), slug)
    left_frozen = page.frozen(subject, words)
    if left:
        flash(_("Samma ord finns kvar här: %(places)s.", places=", ".join(name for name, _path in left)), "warning")
    left_copies = standing(subject.federation_id, words)
    if left_copies:
        names = ", ".join(one.name for one in left_copies)
        flash(
            _("Orden står kvar i kopior som har lämnats ut: %(names)s. Maska de texterna också.", names=names),
            "warning",
        )
    if left_frozen:
        names = ", ".join(standing.name for standing in left_frozen)
        flash(
            _(
                "Orden står kvar i en fryst rapport: %(names)s. Ta bort den från den öppna sidan och gör en ny utgåva.",
                names=names,
            ),
            "warning",
        )
    return _to(masking.id)


def _put_refusal(form: DecideForm | OpenForm | DestroyForm, refused: InvalidInput) -> None:
    if refused.code == DOUBTFUL:
        words = form.why if isinstance(form, DecideForm) else form.reason
        form.ask_about(doubts_here(current_federation().id, {words.short_name: words.data or ""}))
        return
    code = NAMED.get((refused.field, refused.code), refused.code)
    message = str(REFUSED.get(code, _("Kontrollera fältet.")))
    if refused.field in {"passages", "masking"}:
        form.form_errors.append(message)
    else:
        form.put_error(refused.field, message)

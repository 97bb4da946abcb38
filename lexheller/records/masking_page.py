"""What the pages of masking show: a subject's texts, the places in one text, a preview, and one masking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from lexheller.accounts.queries import actor_for, names_of, users_with
from lexheller.accounts.rights import Actor, Right
from lexheller.cases.dialogue import Handover
from lexheller.core.db import db
from lexheller.core.errors import NotAllowedToSee
from lexheller.organisations.labels import full_name
from lexheller.privacy.kinds import Kind as Found
from lexheller.privacy.masking import (
    MaskDecision,
    MaskReason,
    Passage,
    hidden_words,
    joined,
    masked,
    occurrences,
)
from lexheller.privacy.scanner import scan
from lexheller.records import masking_queries as queries
from lexheller.records.masking import decision_for, why_not_destroy
from lexheller.records.masking_copies import put_away, standing
from lexheller.records.masking_forms import ChooseForm, DecideForm, DestroyForm, OpenForm
from lexheller.records.masking_labels import DECIDED, DECISION, OWN_WORDS, REFUSED, SEAL_ENDED
from lexheller.records.masking_models import Masking
from lexheller.records.masking_places import Kind, Standing, rooms_above
from lexheller.records.masking_queries import StoredText
from lexheller.records.masking_subjects import Subject, subject_for
from lexheller.web.doubts import LOOKS_LIKE
from lexheller.web.masked import REASON

AROUND = 60


@dataclass(frozen=True, slots=True)
class Tick:
    """One place in the text that can be hidden, with the words on either side of it."""

    value: str
    before: str
    found: str
    after: str
    what: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One masking in a list."""

    row: Masking
    label: str
    by: str
    decided: str
    reason: str


def texts(actor: Actor, subject: Subject, slug: str) -> str:
    found = queries.texts_of(actor, subject)
    grouped = [
        (str(label), [(text, text_url(subject, text, slug)) for text in group])
        for label, group in groupby(found, key=lambda text: str(text.place.label))
    ]
    return render_template(
        "records/masking_texts.html",
        subject=subject,
        back=page_url(subject, slug),
        groups=grouped,
        maskings=shown(queries.maskings_of(actor, subject), found),
        copies=_copies(subject) if subject.kind is Kind.CASE else [],
    )


def choose(subject: Subject, text: StoredText, form: ChooseForm, slug: str) -> str:
    """The text with what can be ticked: what the scanner finds, the words that were asked for, what was ticked."""
    return render_template(
        "records/masking_choose.html",
        subject=subject,
        text=text,
        form=form,
        ticks=_ticks(text.text, form),
        there=text_url(subject, text, slug),
        back=texts_url(subject, slug),
    )


def preview(actor: Actor, subject: Subject, text: StoredText, form: DecideForm, slug: str) -> str:
    hidden = joined(text.text, form.places)
    words = hidden_words(text.text, hidden)
    return render_template(
        "records/masking_preview.html",
        subject=subject,
        text=text,
        form=form,
        becomes=masked(text.text, hidden),
        wanted=decision_for(text.text, hidden),
        decisions=DECISION,
        passages=[f"{one.start}-{one.end}" for one in hidden],
        elsewhere=named(actor, queries.elsewhere(actor, text, subject.federation_id, words), slug),
        frozen=frozen(subject, words),
        copies=standing(subject.federation_id, words),
        sealed_before=any(one.sealed for one in queries.earlier_of(text, subject.federation_id)),
        there=text_url(subject, text, slug),
        back=texts_url(subject, slug),
    )


def one(
    actor: Actor,
    masking: Masking,
    slug: str,
    *,
    sent: OpenForm | DestroyForm | None = None,
    original: str | None = None,
) -> str:
    """One masking: who, when, why and what the text says now. `original`: to be shown this once."""
    subject = subject_for(actor, masking.federation_id, Kind(masking.kind), masking.subject_id)
    openings = queries.openings_of(masking)
    text = _now(actor, subject, masking)
    return render_template(
        "records/masking_one.html",
        subject=subject,
        masking=masking,
        shown=shown([masking], [text] if text else [])[0],
        text=text,
        openings=openings,
        names=names_of({row.opened_by_user_id for row in openings}),
        open_form=sent if isinstance(sent, OpenForm) else OpenForm(formdata=None, prefix="open"),
        destroy_form=sent if isinstance(sent, DestroyForm) else DestroyForm(formdata=None, prefix="destroy"),
        failed=sent,
        original=original,
        copies=put_away(masking, read=original is not None),
        destroyer=_destroyer(masking),
        others=_others(masking),
        why_not=why_not_destroy(actor, masking),
        refused=REFUSED,
        back=texts_url(subject, slug),
        there=page_url(subject, slug),
        again=text_url(subject, text, slug) if text else None,
    )


def shown(maskings: Sequence[Masking], texts: Iterable[StoredText]) -> list[Shown]:
    labels = {text.place.code: str(text.place.label) for text in texts}
    names = names_of({row.masked_by_user_id for row in maskings})
    return [
        Shown(
            row,
            labels.get(row.place, str(_("En text"))),
            names.get(row.masked_by_user_id, str(_("Tidigare användare"))),
            str(SEAL_ENDED if row.destroyed_at else DECIDED[MaskDecision(row.decision)]),
            str(REASON[MaskReason(row.reason)]),
        )
        for row in maskings
    ]


def named(actor: Actor, found: Iterable[StoredText], slug: str) -> list[tuple[str, str]]:
    """What each text is called with what it belongs to, and the address at which it is masked."""
    return [
        (f"{subject.name}: {text.place.label}", text_url(subject, text, slug))
        for text in found
        for subject in [_subject_of(actor, text)]
        if subject is not None
    ]


def frozen(subject: Subject, words: Sequence[str]) -> list[Standing]:
    return [standing for above in rooms_above() for standing in above.frozen(subject.federation_id, words)]


def page_url(subject: Subject, slug: str) -> str:
    endpoint, values = subject.room.page(subject.row)
    return url_for(endpoint, federation=slug, **values)


def texts_url(subject: Subject, slug: str) -> str:
    return url_for("masking.texts", federation=slug, masked_kind=subject.kind.value, masked_id=subject.id)


def text_url(subject: Subject, text: StoredText, slug: str) -> str:
    return url_for(
        "masking.text",
        federation=slug,
        masked_kind=subject.kind.value,
        masked_id=subject.id,
        text_place=text.place.code,
        text_row=text.row_id,
        part=text.part or None,
    )


def hidden_in(text: StoredText, places: Iterable[Passage]) -> tuple[str, ...]:
    """The words that the places hide; none where nothing, or nothing new, is chosen."""
    return hidden_words(text.text, places)


def found_passages(text: str, phrases: Iterable[str]) -> list[Passage]:
    return [place for phrase in phrases for place in occurrences(text, phrase)]


def _ticks(text: str, form: ChooseForm) -> list[Tick]:
    """What was found by the scanner is ticked by nobody yet; words that were asked for are ticked when they are new."""
    listed = {line.strip() for line in (form.listed.data or "").splitlines()}
    fresh = found_passages(text, [phrase for phrase in form.phrases if phrase not in listed])
    wanted = {*form.places, *fresh}
    found: dict[Passage, str] = {Passage(one.start, one.end): _what(one.kind) for one in scan(text)}
    for place in [*found_passages(text, form.phrases), *form.places]:
        if 0 <= place.start < place.end <= len(text):
            found.setdefault(place, str(OWN_WORDS))
    return [_tick(text, place, what, ticked=place in wanted) for place, what in sorted(found.items())]


def _tick(text: str, place: Passage, what: str, *, ticked: bool) -> Tick:
    before, after = text[: place.start], text[place.end :]
    return Tick(
        f"{place.start}-{place.end}",
        before if len(before) <= AROUND else f"…{before[-AROUND:]}",
        text[place.start : place.end],
        after if len(after) <= AROUND else f"{after[:AROUND]}…",
        what,
        ticked,
    )


def _what(kind: Found) -> str:
    return str(LOOKS_LIKE[kind]) if kind in LOOKS_LIKE else str(_("Det här ser ut som ett personnummer"))


def _now(actor: Actor, subject: Subject, masking: Masking) -> StoredText | None:
    """The masked text as it is now; None where it is gone, as a text that was taken away by its writer."""
    try:
        return queries.text_for(actor, subject, masking.place, masking.row_id, masking.part)
    except NotAllowedToSee:
        return None


def _destroyer(masking: Masking) -> str:
    """Who destroyed the original; empty while it is kept."""
    by = masking.destroyed_by_user_id
    return names_of({by}).get(by, str(_("Tidigare användare"))) if by is not None else ""


def _others(masking: Masking) -> list[str]:
    """Who may destroy what is sealed here."""
    people = users_with(Right.MASK, masking.federation_id) if masking.sealed else []
    return [person.name or person.email for person in people if why_not_destroy(actor_for(person), masking) is None]


def _subject_of(actor: Actor, text: StoredText) -> Subject | None:
    subject_id = text.place.subject(text.row)
    if subject_id is None:
        return None
    return subject_for(actor, text.row.federation_id, text.place.kind, subject_id)


def _copies(subject: Subject) -> list[str]:
    """Federations that have a copy of the report of their own, which only they can mask."""
    case_id = subject.id
    given = select(Handover).where(Handover.case_id == case_id, Handover.new_case_id.is_not(None))
    came = select(Handover).where(Handover.new_case_id == case_id)
    there = [full_name(one.to_federation) for one in db.session.scalars(given.order_by(Handover.id))]
    return there + [full_name(one.federation) for one in db.session.scalars(came.order_by(Handover.id))]

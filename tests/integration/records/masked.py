"""What the tests of masking share: finding a word in every table, and masking it wherever the register leads."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import select

from lexheller.accounts.rights import Actor
from lexheller.core.db import Base, db
from lexheller.privacy.masking import MaskDecision, MaskReason, occurrences
from lexheller.records import masking_queries as queries
from lexheller.records.masking import Decision, destroy_sealed, mask
from lexheller.records.masking_models import Masking
from lexheller.records.masking_places import Kind
from lexheller.records.masking_queries import StoredText
from lexheller.records.masking_subjects import Subject, rooms, subject_for

DESTROY = Decision(MaskDecision.DESTROY, MaskReason.PERSON)
"""For identity numbers alone."""
SEAL = Decision(MaskDecision.SEAL, MaskReason.PERSON, "Ett namn.")


def columns_with(word: str, federation_id: int | None = None) -> set[str]:
    """`table.column` wherever the word stands, in any table; of one federation's rows alone if it is given."""
    wanted, found = word.casefold(), set()
    for table in Base.metadata.sorted_tables:
        query = select(table)
        if federation_id is not None and "federation_id" in table.c:
            query = query.where(table.c.federation_id == federation_id)
        for row in db.session.execute(query).mappings():
            for name, value in row.items():
                if isinstance(value, bytes):
                    value = value.decode("utf-8", "replace")
                plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                if wanted in plain.casefold():
                    found.add(f"{table.name}.{name}")
    return found


def subjects(actor: Actor, federation_id: int) -> Iterator[Subject]:
    """Everything in the federation that texts belong to."""
    for kind, room in rooms().items():
        if kind is Kind.FEDERATION:
            yield subject_for(actor, federation_id, kind, federation_id)
            continue
        model = room.model
        for row_id in db.session.scalars(select(model.id).where(model.federation_id == federation_id)).all():
            yield subject_for(actor, federation_id, kind, row_id)


def texts_with(actor: Actor, federation_id: int, word: str) -> Iterator[tuple[Subject, StoredText]]:
    for subject in subjects(actor, federation_id):
        for text in queries.texts_of(actor, subject):
            if occurrences(text.text, word):
                yield subject, text


def mask_word(actor: Actor, subject: Subject, text: StoredText, word: str, said: Decision = SEAL) -> Masking:
    return mask(actor, subject, text, occurrences(text.text, word), said, seen=text.mark)


def destroy_word(office: Actor, other: Actor, subject: Subject, text: StoredText, word: str) -> Masking:
    """Sealed by one and destroyed by another."""
    masking = mask_word(office, subject, text, word)
    destroy_sealed(other, masking, "Ingen behöver det.")
    return masking

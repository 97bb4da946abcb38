"""Words for the diary: directions, kinds of documents, and from or to whom."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.records.diary_models import DiaryEntry
from lexheller.records.diary_rules import Correspondent, Direction, EntryKind

DIRECTION: Mapping[Direction, LazyString] = {
    Direction.IN: _l("Inkommen"),
    Direction.OUT: _l("Utgående"),
    Direction.MADE: _l("Upprättad här"),
}
KIND: Mapping[EntryKind, LazyString] = {
    EntryKind.REPORT: _l("Anmälan om brist i samverkan"),
    EntryKind.IMPORTED: _l("Anmälan från ett äldre register"),
    EntryKind.TAKEN_OVER: _l("Anmälan från ett annat förbund"),
    EntryKind.FAULT: _l("Beskrivning av ett systemfel"),
    EntryKind.EDITION: _l("Åtgärdsrapport"),
    EntryKind.RELEASE_REQUEST: _l("Begäran om att få ta del av handlingar"),
    EntryKind.RELEASE_DECISION: _l("Beslut om att inte lämna ut uppgifter"),
}
CORRESPONDENT: Mapping[Correspondent, LazyString] = {
    Correspondent.REPORTER: _l("Anmälare"),
    Correspondent.FEDERATION: _l("Ett annat samordningsförbund"),
    Correspondent.REQUESTER: _l("Den som begär handlingar"),
    Correspondent.NOBODY: _l("Ingen utanför förbundet"),
}


def correspondent_of(entry: DiaryEntry) -> str:
    """From or to whom, without any person's name."""
    if entry.correspondent == Correspondent.REPORTER and entry.organisation is not None:
        return str(_("Anmälare vid %(organisation)s", organisation=entry.organisation.name))
    return str(CORRESPONDENT[Correspondent(entry.correspondent)])


def subject_of(entry: DiaryEntry, *, with_theme: bool = True) -> str:
    """What it is about, without a word of what it says."""
    kind = str(KIND[EntryKind(entry.kind)])
    return f"{kind}: {entry.theme.label}" if with_theme and entry.theme is not None else kind

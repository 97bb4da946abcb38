"""P26: whatever the history, what falls under the plan goes from every table, nothing else does, no figure changes."""

from __future__ import annotations

import shutil
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from old_papers import an_old_fault, an_old_meeting, newer_ones
from sqlalchemy import String, Text, case, cast, literal, select, update

from lexheller.action_reports.compiling import compiled
from lexheller.action_reports.disposal_years import counted
from lexheller.actions import effect
from lexheller.actions import service as actions
from lexheller.actions.models import Action, FollowUpStatus
from lexheller.actions.queries import follow_ups
from lexheller.actions.states import LIVE, Judgement
from lexheller.app.factory import create_app
from lexheller.cases.models import Case
from lexheller.check.promises import broken_promises
from lexheller.core import clock
from lexheller.core.db import Base, db
from lexheller.core.errors import InvalidInput
from lexheller.core.transaction import transaction
from lexheller.faults import service as faults
from lexheller.faults.models import Fault
from lexheller.faults.states import OVER
from lexheller.records import release
from lexheller.records.disposal_hindrances import REGISTRY
from lexheller.records.disposal_models import DisposalItem
from lexheller.records.disposal_register import ROOTS
from lexheller.records.disposal_rules import DECIDED, DocumentKind, Hindrance
from lexheller.records.release import Asked
from tests.cast.databases import settings_for
from tests.cast.people import ELSEWHERE, HOME, Cast
from tests.integration.records.disposing_of_cases import NOW, a_plan, adopt, closed, dispose, on
from tests.integration.statistics.test_recount import STORIES, tell

MARK = "Märke"
CASES = "case_id"


def mark_every_text() -> None:
    """Every text of a case, wherever it stands, holds the case's id: what is left of it is found by that."""
    for table in Base.metadata.sorted_tables:
        owner = table.c.id if table.name == "case_file" else table.c.get(CASES)
        if owner is None or not any(key.column.table.name == "case_file" for key in owner.foreign_keys | _own(table)):
            continue
        texts = [column for column in table.c if isinstance(column.type, Text) or column.name in ("title", "heading")]
        words = literal(MARK) + cast(owner, String) + literal("#")
        values = {column.name: case((column.is_(None), None), else_=words) for column in texts}
        if values:
            db.session.execute(update(table).where(owner.is_not(None)).values(values))
    reports, files = Base.metadata.tables["report"], Base.metadata.tables["case_file"]
    for case_id, report_id in db.session.execute(select(files.c.id, files.c.report_id)).all():
        db.session.execute(update(reports).where(reports.c.id == report_id).values(what_happened=f"{MARK}{case_id}#"))


def _own(table: Any) -> set[Any]:
    """A case's own key counts as pointing at it."""
    return {key for column in table.c for key in column.foreign_keys} if table.name == "case_file" else set()


def everything() -> dict[str, set[tuple[str, ...]]]:
    """Every row of every table."""
    return {
        table.name: {tuple(str(value) for value in row) for row in db.session.execute(select(table))}
        for table in Base.metadata.sorted_tables
    }


def figures(played: Cast) -> list[dict]:
    """What faults and actions are called stands on their rows alone, and every other thing is the same."""
    return [
        counted(compiled(played.federation(slug), year)) for slug in (HOME, ELSEWHERE) for year in range(2022, 2031)
    ]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=STORIES, kinds=st.sampled_from((frozenset(DECIDED[1:]), frozenset())))
def test_p26_any_history_goes_whole_and_every_figure_stays(sqlite_template, tmp_path_factory, stories, kinds):
    folder = tmp_path_factory.mktemp("disposal")
    shutil.copy(sqlite_template, folder / "x.sqlite")
    app = create_app(settings_for(f"sqlite:///{folder / 'x.sqlite'}", folder))
    for kind in (DocumentKind.CASE, DocumentKind.FAULT, DocumentKind.ACTION):
        app.extensions[REGISTRY].pop((kind, Hindrance.YEAR))
    with app.app_context():
        look_at(Cast(app), stories, kinds)
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(folder)


def end_everything(played: Cast) -> None:
    """Whatever is still open of faults, actions and requests for copies is brought to its end."""
    office, home = played.coordinator, played.federation().id
    for case_id in db.session.scalars(select(Case.id).where(Case.federation_id == home, Case.status == "closed")).all():
        with transaction():
            request = release.register(office, home, Asked(f"{MARK} {case_id}", clock.today()))
            release.close(office, request, seen=request.version)
    for fault in db.session.scalars(select(Fault).where(Fault.federation_id == home)).all():
        if fault.status not in OVER:
            with transaction():
                faults.close(office, fault, "Klart.", seen=fault.version)
    for action in db.session.scalars(select(Action).where(Action.federation_id == home)).all():
        with transaction():
            if action.status in LIVE:
                actions.cancel(office, action, "Inte nu.", seen=action.version)
            for waiting in follow_ups([action.id]).get(action.id, []):
                if waiting.status == FollowUpStatus.WAITING:
                    effect.judge(office, action, waiting, Judgement.WORKED, "Det hjälpte.", seen=action.version)


def look_at(played: Cast, stories: list, kinds: frozenset[DocumentKind]) -> None:
    for story in sorted(stories, key=lambda found: found[0]):
        tell(played, story)
    case = closed(played, 2024)
    if kinds:
        an_old_fault(played, case, 2026)
        an_old_meeting(played, case, year=2026)
        with on(2026, 12):
            end_everything(played)
        newer_ones(played)
    closed(played, 2029)
    with transaction():
        mark_every_text()
    with clock.at(NOW):
        adopt(played, a_plan(1, kinds=kinds))
        before, counted = everything(), figures(played)
        already = set(map(str, broken_promises()))
        try:
            dispose(played)
        except InvalidInput as problem:
            assert problem.code == "nothing"
            return
        after = everything()
        graves = select(DisposalItem.kind, DisposalItem.subject_id).where(DisposalItem.disposed_at.is_not(None))
        buried = {(kind, subject_id) for kind, subject_id in db.session.execute(graves)}
        gone = {subject_id for kind, subject_id in buried if kind == DocumentKind.CASE}
        assert buried
        assert {kind for kind, _subject_id in buried} <= {DocumentKind.CASE, *kinds}
        assert figures(played) == counted
        assert set(map(str, broken_promises())) <= already
    whole = str(after)
    assert [case_id for case_id in gone if f"{MARK}{case_id}#" in whole] == []
    for kind, root in ROOTS.items():
        ids = {str(subject_id) for of, subject_id in buried if of == kind}
        assert {row[0] for row in before[root] - after[root] if row[0] not in {left[0] for left in after[root]}} == ids
        assert pointing_at(root, ids, after) == []
    for name, rows in before.items():
        table = Base.metadata.tables[name]
        place = "id" if name == "case_file" else CASES
        if place in table.c and name != "case_fact":
            at = list(table.c.keys()).index(place)
            lost = {row[at] for row in rows - after[name]}
            if not kinds:
                assert lost <= {str(case_id) for case_id in gone}, name
            assert not {row[at] for row in after[name]} & {str(case_id) for case_id in gone}
    assert before["event"] <= after["event"]
    for facts in ("case_fact", "fault_fact", "action_fact", "diary_entry"):
        assert before[facts] == after[facts]


def pointing_at(root: str, ids: set[str], rows: dict[str, set[tuple[str, ...]]]) -> list[str]:
    """Columns of any table that still name one of the rows that went."""
    found = []
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            at = list(table.c.keys()).index(key.parent.name)
            if key.column.table.name == root and {row[at] for row in rows[table.name]} & ids:
                found.append(f"{table.name}.{key.parent.name}")
    return found

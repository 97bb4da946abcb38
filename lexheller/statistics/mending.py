"""The year's faults and actions, counted from their facts, each with the cases behind it.

What they are called stands on the rows alone: one that has been disposed of is named by its number.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from lexheller.actions.labels import JUDGEMENT
from lexheller.actions.states import LIVE, ActionStatus, Judgement
from lexheller.statistics import cohort
from lexheller.statistics.cohort import Seen, SeenAction
from lexheller.statistics.lines import UNKNOWN, ActionLine, Count, FaultLine, Number, largest_first


def fault_lines(federation_id: int, seen: Iterable[Seen], day: date) -> tuple[FaultLine, ...]:
    """Those that gather any of the cases at the end of `day`, with those cases; the most first, then by age."""
    numbers = {one.fact.case_id: one.fact.number for one in seen}
    gathering = [
        (fault, [numbers[case_id] for case_id in fault.now.case_ids if case_id in numbers])
        for fault in cohort.faults_at(federation_id, day)
    ]
    found = [(fault, cases) for fault, cases in gathering if cases]
    titles = cohort.titles_of(federation_id, [fault.fact.fault_id for fault, _cases in found])
    lines = [
        FaultLine(fault.fact.number, titles.get(fault.fact.fault_id, ""), str(fault.now.status), tuple(cases))
        for fault, cases in found
    ]
    return tuple(sorted(lines, key=lambda line: -len(line.cases)))


class YearOfActions:
    """What was done from `first` to `last` and judged in that time, and what was left to do, as it stood on `day`.

    `done` is by day. The cases behind are those that an action had at the end of `day`.
    """

    def __init__(self, federation_id: int, first: date, last: date, day: date) -> None:
        there = cohort.actions_at(federation_id, day)
        self._live = [one for one in there if one.now.status in LIVE]
        self._judged = [
            (judgement, one) for one in there for on, judgement in one.now.judgements if first <= on <= last
        ]
        done = [
            (one, one.now.since)
            for one in there
            if one.now.status == ActionStatus.DONE and one.now.since is not None and first <= one.now.since <= last
        ]
        done.sort(key=lambda found: (found[1], found[0].fact.action_id))
        counted = [*(one for one, _on in done), *self._live, *(one for _judgement, one in self._judged)]
        self._numbers = cohort.numbers_of(federation_id, {case_id for one in counted for case_id in one.now.case_ids})
        self._labels = cohort.action_types(federation_id)
        self.done = self._lines(federation_id, done)

    def still_open(self) -> Number:
        return Number(len(self._live), None, self._behind(self._live))

    def by_type(self) -> tuple[Count, ...]:
        """What was done, one line per type; `cases` names each case once."""
        by_type: dict[str, list[ActionLine]] = {}
        for line in self.done:
            by_type.setdefault(line.type_key, []).append(line)
        counts = [Count(key, group[0].type_label, len(group), _case_numbers(group)) for key, group in by_type.items()]
        return tuple(sorted(counts, key=largest_first))

    def effects(self) -> tuple[Count, ...]:
        """What was judged, one line per judgement, those without any too."""
        judged: dict[str, list[SeenAction]] = {judgement: [] for judgement in Judgement}
        for judgement, one in self._judged:
            judged[judgement].append(one)
        return tuple(
            Count(str(judgement), str(JUDGEMENT[judgement]), len(found), self._behind(found))
            for judgement, found in judged.items()
        )

    def _lines(self, federation_id: int, done: list[tuple[SeenAction, date]]) -> tuple[ActionLine, ...]:
        texts = cohort.descriptions_of(federation_id, [one.fact.action_id for one, _on in done])
        return tuple(
            ActionLine(
                one.fact.type_key or UNKNOWN,
                self._labels.get(one.fact.type_key, one.fact.type_key) if one.fact.type_key else _("Okänd typ"),
                texts.get(one.fact.action_id, _("Åtgärd %(number)d", number=one.fact.number)),
                on,
                self._behind([one]),
            )
            for one, on in done
        )

    def _behind(self, found: Iterable[SeenAction]) -> tuple[str, ...]:
        """The cases that the actions were taken for, each once."""
        case_ids = {case_id for one in found for case_id in one.now.case_ids}
        return tuple(self._numbers[case_id] for case_id in sorted(case_ids & self._numbers.keys()))


def _case_numbers(lines: Iterable[ActionLine]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for line in lines for number in line.cases))

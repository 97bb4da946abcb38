"""`lexheller measure-suggestions`: how well suggestions find reports of the same fault, beside plain full-text search.

The labelled reports belong to the source code: without them the command says so and stops."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from lexheller.faults.measure import FILE, HALVES, Figures, Labelled, measure, read_labelled

RULES = {
    "suggestions": "Förslagen på ärendesidan",
    "suggestions_without_theme": "Förslagen, när ärendet inte har fått något tema än",
    "matching_words": "Vanlig textsökning: alla ord, flest träffar först",
    "bm25": "Vanlig textsökning som bäst: utan ord som står överallt, ordnade med BM25",
}
HALF = {"tuning": "den halva som reglerna ställdes in på", "held_out": "den halva som hölls undan"}


@click.command("measure-suggestions")
@click.option("--json", "as_json", is_flag=True, help="Skriv siffrorna som JSON.")
@click.option("--file", type=click.Path(path_type=Path), default=FILE, help="Fil med de märkta anmälningarna.")
def measure_suggestions(as_json: bool, file: Path) -> None:
    """Mät hur väl förslagen hittar anmälningar om samma systemfel."""
    if not file.is_file():
        raise click.ClickException(
            f"De märkta anmälningarna finns inte: {file}. De hör till källkoden och följer inte med en installation."
        )
    reports = read_labelled(file)
    found = measure(reports)
    click.echo(_as_json(reports, found) if as_json else _as_text(reports, found))


def _size(reports: list[Labelled]) -> dict[str, int]:
    return {
        "reports": sum(bool(row.fault) for row in reports),
        "faults": len({row.fault for row in reports if row.fault}),
        "near_misses": sum(bool(row.near) for row in reports),
    }


def _as_json(reports: list[Labelled], found: dict[str, dict[str, Figures]]) -> str:
    rules = {name: {half: asdict(halves[half]) for half in HALVES} for name, halves in found.items()}
    return json.dumps({"set": _size(reports), "rules": rules}, ensure_ascii=False)


def _as_text(reports: list[Labelled], found: dict[str, dict[str, Figures]]) -> str:
    size = _size(reports)
    lines = [
        f"{size['reports']} anmälningar om {size['faults']} systemfel, och {size['near_misses']} som liknar men gäller"
        " något annat. Var och en frågar alla de andra.",
        "recall@5: andelen av felets andra anmälningar som finns bland de fem första.",
        "rätt: andelen av det som visas som gäller samma fel.",
    ]
    for name, halves in found.items():
        lines.append(f"\n{RULES[name]}")
        lines += [
            f"  {HALF[half]:40} recall@5 {each.recall_at_5:6.1%}   rätt {each.precision:6.1%}"
            f"   visade {each.shown:4} för {each.asked} anmälningar"
            for half, each in halves.items()
        ]
    return "\n".join(lines)

"""`lexheller measure-scan`: how well the privacy scanner does on the labelled texts of this checkout.

The texts are test data and are not part of an installation: without them the command says so and stops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lexheller.privacy.measure import false_stops, measure, numbers_stopped

CORPORA = ("dev", "heldout", "heldout2", "heldout3", "heldout4")
CLEAN_NUMBERS = "clean_numbers.txt"


def figures(folder: Path, numbers: int) -> dict[str, Any]:
    """Per corpus the figures of ``measure``; beside them generated numbers stopped and clean number strings stopped."""
    stopped, clean = false_stops(folder / CLEAN_NUMBERS)
    return {
        "corpora": {name: measure(folder / f"{name}.jsonl", numbers=0) for name in CORPORA},
        "generated_numbers": numbers,
        "generated_numbers_stopped": numbers_stopped(numbers),
        "clean_strings": clean,
        "clean_strings_stopped": stopped,
    }


def _as_text(found: dict[str, Any]) -> str:
    lines = []
    for name, corpus in found["corpora"].items():
        lines.append(
            f"{name}: {corpus['clean_texts']} rena texter, {corpus['clean_marked']} med fynd,"
            f" {corpus['clean_stopped']} stoppade"
        )
        lines += [
            f"  {kind:26}{each['labels']:5} märkta   hittade {each['recall']:6.1%}   rätt {each['precision']:6.1%}"
            for kind, each in corpus["kinds"].items()
        ]
    lines.append(
        f"Personnummer i {found['generated_numbers']} stavningar: {found['generated_numbers_stopped']:.2%} stoppade"
    )
    lines.append(f"Andra nummer: {found['clean_strings_stopped']} av {found['clean_strings']} stoppade i onödan")
    return "\n".join(lines)


@click.command("measure-scan")
@click.option("--numbers", type=click.IntRange(0, 1_000_000), default=1000, show_default=True, help="Antal stavningar.")
@click.option("--json", "as_json", is_flag=True, help="Skriv siffrorna som JSON.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(__file__).parents[2] / "tests" / "data" / "privacy",
    help="Mapp med de märkta texterna.",
)
def measure_scan(numbers: int, as_json: bool, folder: Path) -> None:
    """Mät integritetsskannern på de märkta texterna."""
    wanted = [*(f"{name}.jsonl" for name in CORPORA), CLEAN_NUMBERS]
    missing = [name for name in wanted if not (folder / name).is_file()]
    if missing:
        raise click.ClickException(
            f"De märkta texterna finns inte i {folder}: {', '.join(missing)}."
            " De hör till källkoden och följer inte med en installation."
        )
    found = figures(folder, numbers)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else _as_text(found))

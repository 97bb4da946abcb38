"""`lexheller scan`: what the privacy scanner finds, line by line. Needs no database and keeps nothing."""

from __future__ import annotations

import json
import sys
from typing import TextIO

import click

from lexheller.privacy import scanner


@click.command("scan", cls=click.Command)
def scan() -> None:
    """Läs textrader på standard in och skriv fynden i varje rad som JSON."""
    lines: TextIO = click.get_text_stream("stdin", encoding="utf-8", errors="replace")
    for line in lines:
        findings = [
            {
                "kind": str(found.kind),
                "start": found.start,
                "end": found.end,
                "text": found.text,
                "certainty": str(found.certainty),
            }
            for found in scanner.scan(line.rstrip("\r\n"))
        ]
        sys.stdout.write(json.dumps({"findings": findings}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

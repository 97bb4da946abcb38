"""`lexheller scan`: what the privacy scanner finds, line by line. Needs no database and keeps nothing."""

from __future__ import annotations

import json
import sys

import click

from lexheller.privacy.scanner import scan as find


@click.command("scan")
def scan() -> None:
    """Läs textrader på standard in och skriv fynden i varje rad som JSON."""
    lines = click.get_text_stream("stdin", encoding="utf-8", errors="replace")
    for line in lines:
        findings = [
            {
                "kind": str(found.kind),
                "start": found.start,
                "end": found.end,
                "text": found.text,
                "certainty": str(found.certainty),
            }
            for found in find(line.rstrip("\r\n"))
        ]
        sys.stdout.write(json.dumps({"findings": findings}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

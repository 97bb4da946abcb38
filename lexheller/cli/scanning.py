"""`lexheller scan`: what the privacy scanner finds, line by line. Needs no database and keeps nothing."""

from __future__ import annotations

import io
import json
import sys

import click

from lexheller.privacy import scanner


@click.command("scan")
def scan() -> None:
    """Läs textrader på standard in och skriv fynden i varje rad som JSON."""
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n")
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

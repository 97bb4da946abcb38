"""That figures are the same before and after (P26). What figures are is known further up, which registers it here."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

FIGURES = "lexheller_disposal_figures"
Figures = Callable[[int], str]
"""One hash over every figure of every year of a federation."""


class FiguresChanged(RuntimeError):
    """Deleting would change a figure of some year. Nothing is deleted."""


def register(app: Flask, figures: Figures) -> None:
    app.extensions[FIGURES] = figures


def figures_of(federation_id: int) -> str:
    found: Figures = current_app.extensions[FIGURES]
    return found(federation_id)

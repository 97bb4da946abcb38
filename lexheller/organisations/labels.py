"""A federation's name as pages and mails say it in full. The stored name is what the federation goes by every day."""

from __future__ import annotations

from flask_babel import gettext as _

from lexheller.organisations.models import Federation


def full_name(federation: Federation) -> str:
    """`Södra Vätterbygden` → `Samordningsförbundet Södra Vätterbygden`; a name that says so already is left alone."""
    if "förbund" in federation.name.casefold():
        return federation.name
    return str(_("Samordningsförbundet %(name)s", name=federation.name))

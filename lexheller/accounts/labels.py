"""Words for kinds of browsers, and for why a password or a code was refused."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lexheller.accounts.devices import Browser, System

BROWSER: Mapping[Browser, str | LazyString] = {
    Browser.EDGE: "Edge",
    Browser.FIREFOX: "Firefox",
    Browser.CHROME: "Chrome",
    Browser.SAFARI: "Safari",
    Browser.OTHER: _l("Okänd webbläsare"),
}
SYSTEM: Mapping[System, str | LazyString] = {
    System.IOS: _l("iPhone eller iPad"),
    System.ANDROID: _l("Android-telefon eller surfplatta"),
    System.WINDOWS: _l("Windows-dator"),
    System.MAC: _l("Mac-dator"),
    System.LINUX: _l("Linux-dator"),
    System.OTHER: _l("okänd dator eller telefon"),
}
REFUSED: Mapping[tuple[str, str], LazyString] = {
    ("password", "short"): _l("Lösenordet är för kort. Det ska ha minst 12 tecken."),
    ("password", "long"): _l("Lösenordet är för långt. Högst 200 tecken får plats."),
    ("password", "guessable"): _l(
        "Det här lösenordet är lätt att gissa: det liknar vanliga lösenord, ditt namn eller förbundet. "
        "Ta några ord som inte hör ihop, till exempel tre eller fyra i rad."
    ),
    ("current_password", "wrong"): _l("Lösenordet stämmer inte. Skriv det som du loggar in med nu."),
    ("code", "wrong"): _l("Koden stämmer inte. Vänta på nästa kod i appen och skriv den."),
    ("code", "too_late"): _l("Det har gått för lång tid. Börja om, så får du en ny bild att läsa av."),
    ("code", "on_already"): _l("Tvåstegsinloggning är redan på."),
    ("code", "off"): _l("Tvåstegsinloggning är inte på."),
    ("name", "personal_identity_number"): _l("Skriv ditt namn utan personnummer."),
}


def device_words(browser: str, system: str) -> str:
    """`Firefox på Windows-dator`."""
    words: str = _("%(browser)s på %(system)s", browser=BROWSER[Browser(browser)], system=SYSTEM[System(system)])
    return words


def refusal(field: str, code: str) -> str:
    return str(REFUSED[field, code])

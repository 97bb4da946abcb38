"""Which kind of browser something came from, roughly enough to be recognised by its owner and to tell no more. Pure."""

from __future__ import annotations

from enum import StrEnum


class Browser(StrEnum):
    EDGE = "edge"
    FIREFOX = "firefox"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


class System(StrEnum):
    IOS = "ios"
    ANDROID = "android"
    WINDOWS = "windows"
    MAC = "mac"
    LINUX = "linux"
    OTHER = "other"


# In this order: Edge says that it is Chrome, and Chrome that it is Safari; Android says that it is Linux.
BROWSERS = (
    (Browser.EDGE, ("Edg/", "EdgA/", "EdgiOS/")),
    (Browser.FIREFOX, ("Firefox/", "FxiOS/")),
    (Browser.CHROME, ("Chrome/", "CriOS/", "Chromium/")),
    (Browser.SAFARI, ("Safari/",)),
)
SYSTEMS = (
    (System.IOS, ("iPhone", "iPad")),
    (System.ANDROID, ("Android",)),
    (System.WINDOWS, ("Windows",)),
    (System.MAC, ("Mac OS X", "Macintosh")),
    (System.LINUX, ("Linux", "CrOS")),
)


def device_of(user_agent: str) -> tuple[Browser, System]:
    """The families that a User-Agent header tells of."""
    browser = next((one for one, marks in BROWSERS if any(mark in user_agent for mark in marks)), Browser.OTHER)
    system = next((one for one, marks in SYSTEMS if any(mark in user_agent for mark in marks)), System.OTHER)
    return browser, system

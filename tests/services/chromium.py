"""Which Chromium the browser tests drive and how it is started. Stops at the launch arguments.

`/usr/bin/chromium` or one on PATH, else the one `parts` has unpacked into `.services/`.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PARTS = CHECKOUT / ".services" / "npm"
OWN_CHROMIUM = CHECKOUT / ".services" / "chromium" / "chromium"
AXE_SOURCE = PARTS / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


class NoChromiumError(Exception):
    """There is no browser; the message says what to do."""


@dataclass(frozen=True)
class Chromium:
    """A browser program with the arguments and environment it needs here."""

    program: Path
    arguments: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)


def machine_chromium() -> Path | None:
    """The browser installed on this machine, if any."""
    fixed = Path("/usr/bin/chromium")
    if os.access(fixed, os.X_OK):
        return fixed
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def find_chromium() -> Chromium:
    """The browser to use. Raises NoChromiumError."""
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    machine = machine_chromium()
    if machine is not None:
        return Chromium(machine, arguments, dict(os.environ))
    if not os.access(OWN_CHROMIUM, os.X_OK):
        raise NoChromiumError("No Chromium found: run `make test-setup`, or install chromium on this machine.")
    folder = OWN_CHROMIUM.parent
    environ = {
        **os.environ,
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "FONTCONFIG_PATH": str(folder),
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    own = ["--no-sandbox", "--no-zygote", "--disable-gpu"]
    return Chromium(OWN_CHROMIUM, sorted({*arguments, *own}), environ)


def axe_source() -> Path:
    """The axe-core script to run in a page. Raises NoChromiumError when the parts were not installed."""
    if not AXE_SOURCE.exists():
        raise NoChromiumError("axe-core is missing: run `make test-setup`.")
    return AXE_SOURCE

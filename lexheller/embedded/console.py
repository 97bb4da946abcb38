"""What an operator reads in the terminal. Stops at writing lines; a closed terminal is no fault."""

import sys
from contextlib import suppress


def say(line: str = "") -> None:
    """Write one line to standard output at once."""
    with suppress(OSError, ValueError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def complain(line: str) -> None:
    """Write one line to standard error at once."""
    with suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

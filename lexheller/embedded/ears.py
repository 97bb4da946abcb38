"""Hears that this program shall end: by a signal, or because `make` was told. Stops at raising the news."""

import signal
from types import FrameType

from lexheller.embedded.caller import Caller


class ToldToStopError(Exception):
    """A signal came, or make was told to stop."""


class Ears:
    """Remembers that SIGINT, SIGTERM or SIGHUP came; the caller (make) is asked as well. One per process."""

    def __init__(self) -> None:
        self._told = False
        self._caller = Caller()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._told = True

    def listen(self) -> None:
        """Raise ToldToStopError when this program shall end."""
        if self._told or self._caller.wants_us_to_end():
            raise ToldToStopError

"""What can go wrong in a verb, as the caller must tell it apart. Stops at naming: pages for these live in `web`."""

from __future__ import annotations


class DomainError(Exception):
    """Something a verb refuses. The message is for the log; words for people live in templates."""


class NotAllowedToSee(DomainError):
    """The thing does not exist, or not for this actor: the same answer (404)."""


class SignedOut(DomainError):
    """Something was sent by a browser whose sign-in has ended."""


class StepRefused(DomainError):
    """The transition table or the rights table says no (P12)."""

    def __init__(self, step: str, status: str, why: str) -> None:
        self.step, self.status, self.why = step, status, why
        super().__init__(f"{step} refused in {status}: {why}")


class Conflict(DomainError):
    """Somebody else changed the row since it was read (P13)."""


class InvalidInput(DomainError):
    """A value a verb cannot take. `field` is the form field's name, `code` a stable reason."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")

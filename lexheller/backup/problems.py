"""Why a backup or a restore stops: codes with values, no words. Whoever raises one has changed nothing."""

from __future__ import annotations

from enum import StrEnum


class Damage(StrEnum):
    """What is wrong with an archive."""

    NOT_WHOLE = "not_whole"
    OTHER_SUM = "other_sum"
    MANIFEST = "manifest"
    TABLE = "table"
    FILE = "file"
    DOES_NOT_FIT = "does_not_fit"
    NOT_EQUAL = "not_equal"


class Refusal(StrEnum):
    """Why this installation cannot do it now."""

    FILE_EXISTS = "file_exists"
    IN_USE = "in_use"
    BEHIND = "behind"
    FILTERED = "filtered"
    OTHER_REVISION = "other_revision"
    NEWER_DATABASE = "newer_database"
    NOT_EMPTY = "not_empty"
    DATABASE = "database"


class DamagedArchiveError(Exception):
    """The archive cannot be relied on; `what` names the part, where one is to blame."""

    def __init__(self, damage: Damage, what: str = "") -> None:
        self.damage, self.what = damage, what
        super().__init__(f"{damage}: {what}")


class RefusedError(Exception):
    """The archive may be fine, but not here and now."""

    def __init__(self, refusal: Refusal, **values: str) -> None:
        self.refusal, self.values = refusal, values
        super().__init__(f"{refusal}: {values}")

"""For which federations the work at hand is done: PostgreSQL shows and takes no other rows (P15, P16).

The second wall, behind the queries. Each transaction is told the scope before its first statement, and again when it
changes, by a setting that ends with the transaction; the policies of the tables read it. Whoever forgets to say for
whom they work is nobody, and finds nothing. The scope belongs to the thread or task: work done side by side does not
share it.

Said at the edges alone: the access hook, jobs, sweeps and commands. Inside, `also` is for what really belongs to two
federations, and `looking_up` for finding out whose a secret code or a person is. SQLite has no such wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

SETTING = "lexheller.federations"
EVERY = "all"
POLICY = "federation"
"""The name of the policy on every table that has one."""

Scope = frozenset[int] | None
"""Ids; None is every federation."""

_NOBODY: frozenset[int] = frozenset()
SCOPE: ContextVar[Scope] = ContextVar("federations", default=_NOBODY)
_TELL = f"SELECT set_config('{SETTING}', %s, true)"


def present() -> Scope:
    """For whom the work is done now."""
    return SCOPE.get()


@contextmanager
def nobody() -> Iterator[None]:
    """Within the block no row of any federation is seen, until somebody says for whom they work."""
    yield from _during(_NOBODY)


@contextmanager
def everybody() -> Iterator[None]:
    """Within the block every row is seen: for the operator's commands."""
    yield from _during(None)


@contextmanager
def within(*federation_ids: int) -> Iterator[None]:
    """Within the block only these federations' rows are seen, whatever was seen before."""
    yield from _during(frozenset(federation_ids))


@contextmanager
def also(*federation_ids: int) -> Iterator[None]:
    """Within the block these federations' rows are seen too: for what belongs to two of them."""
    scope = SCOPE.get()
    yield from _during(None if scope is None else scope | set(federation_ids))


looking_up = everybody
"""For one question whose answer tells whose something is: who has this code, where does this person have a role."""


def work_for(federation_ids: Iterable[int]) -> None:
    """From here on, until the block that we are in ends."""
    SCOPE.set(frozenset(federation_ids))


def work_also_for(*federation_ids: int) -> None:
    """As `also`, from here on, until the block that we are in ends."""
    scope = SCOPE.get()
    if scope is not None:
        work_for(scope | set(federation_ids))


def work_for_owner(find: Callable[[], int | None]) -> bool:
    """Ask which federation owns something that was reached by a secret code, and work for that one from here on.

    False, and for nobody, when it belongs to none. Whoever sees every federation goes on seeing them.
    """
    with looking_up():
        owner = find()
    if SCOPE.get() is not None:
        work_for([] if owner is None else [owner])
    return owner is not None


def _during(scope: Scope) -> Iterator[None]:
    token = SCOPE.set(scope)
    try:
        yield
    finally:
        SCOPE.reset(token)


def _as_setting(scope: Scope) -> str:
    return EVERY if scope is None else ",".join(str(each) for each in sorted(scope))


@event.listens_for(Engine, "before_cursor_execute")
def _tell(connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    if connection.dialect.name != "postgresql":
        return
    if statement[:8].upper() == "ROLLBACK":  # to a savepoint: the database forgets what it was told since then
        connection.info.pop(SETTING, None)
        return
    wanted = _as_setting(SCOPE.get())
    if connection.info.get(SETTING) == wanted:
        return
    connection.info[SETTING] = wanted  # before it is said: saying it is a statement too
    try:
        connection.exec_driver_sql(_TELL, (wanted,))
    except BaseException:
        connection.info.pop(SETTING, None)
        raise


@event.listens_for(Engine, "begin")
def _untold(connection: Connection) -> None:
    """A transaction begins with no scope."""
    connection.info.pop(SETTING, None)

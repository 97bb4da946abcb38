"""What makes the suite quick and is nobody's behaviour: cheap password hashes; templates, statements and addresses
compiled once per process instead of once per application; and no search for garbage among what was imported.

Stops at cost: the hash that is stored in earnest has its own test, and what is compiled is the product's.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from lexheller.accounts import service
from lexheller.app.factory import LexHeller

SHIPPED_PASSWORDS = service._passwords
MOST_STATEMENTS = 6_000
GARBAGE = (20_000, 20, 20)
"""How much is made before it is searched for garbage; Python's own measure took a quarter of the suite's time."""


def pytest_collection_finish() -> None:
    """Every module and test is there to stay: the search for garbage leaves them alone from now on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


class Compiled(BytecodeCache):
    """Templates as they were compiled first, kept as long as their text is the same."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def quickness() -> Iterator[None]:
    """Argon2id with its least cost, and one store of what every application that a test makes would compile anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "_passwords", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
        compiled = {**Flask.jinja_options, "bytecode_cache": Compiled()}
        patch.setattr(LexHeller, "jinja_options", compiled, raising=False)
        _share_statements(patch)
        event.listen(Engine, "connect", _trust_the_machine)
        patch.setattr(Rule, "_compile_builder", _compile_when_used(Rule._compile_builder))
        patch.setattr(Rule, "compile", _compile_once(Rule.compile))
        yield


def _trust_the_machine(connection: object, _record: object) -> None:
    """No test takes away the current: SQLite need not wait for the disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def _share_statements(patch: pytest.MonkeyPatch) -> None:
    """A statement is kept by its dialect: two engines on the same kind of database count as one."""
    statements: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)
    make = SQLAlchemy._make_engine

    def make_sharing(self: SQLAlchemy, *given: Any) -> Engine:
        engine = make(self, *given)
        engine._compiled_cache = statements
        return engine

    patch.setattr(SQLAlchemy, "_make_engine", make_sharing)
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))


def _compile_when_used(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """The function that builds an address is compiled at its first use: a test uses few of the application's."""

    def compile_later(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_builder(rule, append_unknown))
            return made[0](rule, **values)

        return build

    return compile_later


def _compile_once(compile_rule: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What an address consists of is found once; every application has the same ones."""
    known: dict[tuple[object, ...], tuple[list[Any], list[Any], dict[str, Any]]] = {}

    def compile_known(self: Rule) -> None:
        assert self.map is not None
        domain = self.host if self.map.host_matching else self.subdomain
        key = (self.rule, domain, self.merge_slashes, tuple(sorted(self.map.converters.items(), key=str)))
        if key not in known:
            compile_rule(self)
            known[key] = (self._parts, self._trace, self._converters)
            return
        parts, trace, converters = known[key]
        self._parts, self._trace, self._converters = [*parts], [*trace], {**converters}
        self.arguments.update(converters)
        for name, unknown in (("_build", False), ("_build_unknown", True)):
            setattr(self, name, self._compile_builder(unknown).__get__(self, None))

    return compile_known

"""A row comes back as it was, whatever is in it; every column of the program has its way into a backup."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, MetaData, Numeric, String, Table, Text

from lexheller.app import factory
from lexheller.backup.rows import UnknownTypeError, columns_of, lines, values
from lexheller.core.db import Base, UTCDateTime

ROWS = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(40)),
    Column("said", Text),
    Column("at", UTCDateTime),
    Column("day", Date),
    Column("open", Boolean),
    Column("file", LargeBinary),
)


@given(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.text(),
        st.none() | st.text(st.sampled_from('\n\r\t\\",[]\x00\x1f\u2028åÅ😀\ud800')),
        st.none() | st.datetimes(timezones=st.just(UTC)),
        st.none() | st.dates(),
        st.none() | st.booleans(),
        st.none() | st.binary(),
    )
)
def test_a_row_is_one_line_and_comes_back_as_it_was(row):
    columns = columns_of(ROWS)
    line = lines(columns)([row])
    assert line.endswith(b"\n") and line.count(b"\n") == 1 and line.isascii()
    assert tuple(values(columns)(line)) == row


def test_rows_are_written_in_the_order_that_is_asked_for():
    backwards = columns_of(ROWS, reversed(ROWS.columns.keys()))
    row = (b"\x00\xff", True, date(2024, 2, 29), datetime(2024, 2, 29, tzinfo=UTC), None, "å", 7)
    assert lines(backwards)([row]) == b'["AP8=",true,"2024-02-29","2024-02-29T00:00:00+00:00",null,"\\u00e5",7]\n'


@pytest.mark.parametrize("line", [b"", b"null\n", b"{}\n", b"[1]\n", b'[1,"a","b","never",null,null,null]\n', b"[1,"])
def test_a_line_that_is_no_row_of_the_table_is_refused(line):
    with pytest.raises((ValueError, TypeError)):
        values(columns_of(ROWS))(line)


def test_other_columns_than_the_tables_are_refused():
    for names in (["id"], [*ROWS.columns.keys(), "more"], [*ROWS.columns.keys()[1:], "name"]):
        with pytest.raises(LookupError):
            columns_of(ROWS, names)


def test_every_column_of_the_program_has_its_way():
    assert factory.PAGES
    assert len(Base.metadata.tables) > 50
    for table in Base.metadata.tables.values():
        lines(columns_of(table))


def test_a_type_without_a_way_is_told_instead_of_guessed():
    other = Table("other", MetaData(), Column("price", Numeric))
    with pytest.raises(UnknownTypeError, match=r"other\.price"):
        lines(columns_of(other))


def test_a_moment_of_another_zone_is_the_same_moment():
    there = datetime(2024, 7, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    line = lines([ROWS.c.at])([[there]])
    assert values([ROWS.c.at])(line) == [there]

"""Every table of a federation has the second wall, the same for all; what stands or looks outside of it is reviewed."""

from __future__ import annotations

import re

import psycopg
import pytest
from test_schema import SHARED

from config import PROJECT
from lexheller.core import tenancy
from lexheller.core.db import Base

TWO_SIDES = {"handover": "an offer belongs to the federation that makes it, and is shown to the one that is asked"}
WALLS = (
    "SELECT relname, relrowsecurity AND relforcerowsecurity, polname, polpermissive, polcmd, polroles = '{0}', "
    "pg_get_expr(polqual, pg_class.oid), pg_get_expr(polwithcheck, pg_class.oid) "
    "FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


@pytest.fixture(scope="module")
def walls(postgres_server, postgres_template, worker_id) -> list[tuple[object, ...]]:
    name = f"walls_{worker_id}"
    address = postgres_server.create(name, template=postgres_template).replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        found = connection.execute(WALLS).fetchall()
    postgres_server.drop(name)
    return found


def test_p16_every_table_with_a_federation_is_walled_and_forced_on_postgresql(walls):
    ours = {table.name for table in Base.metadata.sorted_tables if "federation_id" in table.columns}
    forced = {name for name, is_forced, policy, *_more in walls if is_forced and policy == tenancy.POLICY}
    assert forced == ours
    assert {name for name, _forced, policy, *_more in walls if policy is None} == set(SHARED) | {"alembic_version"}
    assert len(walls) == len(Base.metadata.tables) + 1, "one policy for each table, and no other"


def test_p16_the_wall_is_the_same_for_every_table_statement_and_role_on_postgresql(walls):
    rules = {row[0]: row[3:] for row in walls if row[2] is not None}
    for permissive, command, for_all, seen, taken in rules.values():
        assert (permissive, command, for_all) == (True, "*", True)
        assert seen == taken
    plain = {rule for name, rule in rules.items() if name not in TWO_SIDES}
    assert len(plain) == 1
    for name in TWO_SIDES:
        assert "to_federation_id" in rules[name][3]


# Who may look past the federation that the work is done for, and why. Shorter is better.
LOOKS_FURTHER = {
    "lexheller/accounts/own_account.py": "in whose log an account's own doings stand",
    "lexheller/accounts/queries.py": "where somebody has roles and units: known before it is known where they may work",
    "lexheller/accounts/second_step.py": "whether any federation of somebody's demands codes, or relies on them",
    "lexheller/accounts/sign_ins.py": "where somebody lives, and whether an account belongs to one federation alone",
    "lexheller/accounts/single_sign_on_queries.py": "the sign-in buttons, which are public, and whom they lead to",
    "lexheller/actions/sweep.py": "which federations have something due",
    "lexheller/casework/asking.py": "whether a code leads here over hand-overs: yes or no",
    "lexheller/casework/notices.py": "over which hand-overs a case came",
    "lexheller/cli/main.py": "the operator's commands",
    "lexheller/core/jobs.py": "which jobs are due; the work itself is done within the job's federation",
    "lexheller/core/tenancy.py": "whose something is that was reached by a secret code",
    "lexheller/deadlines/sweep.py": "which federations have something due",
    "lexheller/records/disposal_addresses.py": "which federations there are",
    "lexheller/records/disposal_finders.py": "whether the other half of a hand-over is left, and which id is newest",
    "lexheller/records/disposal_logs.py": "which federations there are, and where those work whose sign-ins are old",
}
FURTHER = re.compile(r"tenancy\.(?:everybody|looking_up)\b|^looking_up = everybody|with looking_up\(", re.MULTILINE)


def test_p15_who_looks_past_the_federation_of_the_work_stands_on_a_reviewed_list():
    sources = [*(PROJECT / "lexheller").rglob("*.py"), *(PROJECT / "worker").rglob("*.py")]
    found = {
        source.relative_to(PROJECT).as_posix()
        for source in sources
        if FURTHER.search(source.read_text(encoding="utf-8"))
    }
    assert found == set(LOOKS_FURTHER)

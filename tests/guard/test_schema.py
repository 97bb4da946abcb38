"""The database as the migrations make it: equal to the models; each table has a federation or stands on a list."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from lexheller.app.health import newest_migration
from lexheller.core.db import Base, db

# P16: shared by all federations on purpose. A table that belongs to one must not be put here.
SHARED = {
    "federation": "the tenants themselves",
    "municipality": "public facts",
    "organisation": "authorities belong to several federations; which ones stands in membership",
    "user_account": "a person may work in several federations; role_assignment says in which",
    "sign_in": "a person's, not a federation's",
    "refused_sign_in": "of a person, or of nobody",
    "second_step": "a person's, not a federation's",
    "recovery_code": "a person's, not a federation's",
    "heartbeat": "when periodic jobs ran",
}


def test_the_migrations_make_what_the_models_say(context):
    with db.engine.connect() as connection:
        migration = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(migration, Base.metadata) == []


def test_the_migrations_make_the_constraints_that_the_models_name(context):
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {check.name for check in table.constraints if check.__visit_name__ == "check_constraint"}
        found = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert wanted <= found, table.name


def test_the_database_stands_at_the_newest_migration(context):
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == newest_migration()


def test_p16_every_table_belongs_to_a_federation_or_stands_on_the_reviewed_list(context):
    without = {table.name for table in Base.metadata.sorted_tables if "federation_id" not in table.columns}
    assert without == set(SHARED)


def test_p16_a_row_without_a_federation_is_refused(context):
    for table in Base.metadata.sorted_tables:
        if "federation_id" in table.columns:
            assert not table.columns["federation_id"].nullable, table.name

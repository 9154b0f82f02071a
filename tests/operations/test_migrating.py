"""The migrations build exactly the tables the code speaks of, on both engines, and running them again changes nothing."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.operations.migrating import migrate
from core.operations.schema import metadata


def test_a_migrated_database_has_the_tables_of_the_code(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(world):
    migrate(world.desk.database)
    assert world.ask("manager", lambda look: look.house.hospital) == "安和医院"

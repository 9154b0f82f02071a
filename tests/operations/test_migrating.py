"""The migrations build exactly the tables the code speaks of, on both engines, and running them again changes nothing."""

from __future__ import annotations

import secrets

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from core.foundation.database import Database
from core.operations.migrating import migrate
from core.operations.schema import metadata
from core.people.patient_rules import name_key, record_key
from tests.conftest import POSTGRES
from tests.databases import administer


def test_a_migrated_database_has_the_tables_of_the_code(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(world):
    migrate(world.desk.database)
    assert world.ask("manager", lambda look: look.house.hospital) == "安和医院"


@pytest.fixture(params=["sqlite", "postgres"] if POSTGRES else ["sqlite"])
def bare(request, tmp_path):
    """A database without any schema yet."""
    if request.param == "sqlite":
        base = Database(f"sqlite:///{tmp_path / 'bare.sqlite'}")
        yield base
        base.dispose()
        return
    name, server = f"pilotdesk_bare_{secrets.token_hex(3)}", Database(str(POSTGRES))
    administer(server, f'CREATE DATABASE "{name}"')
    base = Database(str(POSTGRES).rsplit("/", 1)[0] + "/" + name)
    yield base
    base.dispose()
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


def test_patients_of_before_get_their_keys_and_doubles_of_before_stay_two(bare):
    before = [
        ("A-001", "阿依古丽·买买提"),
        ("a-001", "王 芳"),
        ("A—001", "Mary Smith"),
        ("0002", "患者1"),
        ("erased-5", ""),
    ]
    columns = "record_number, name, phone, phone_end, note, language, created_at"
    migrate(bare, "0002")
    with bare.engine.connect() as connection:
        for number, name in before:
            connection.execute(
                text(
                    f"INSERT INTO patients ({columns}) VALUES (:number, :name, '', '', '', 'zh', '2026-01-01')"
                ),
                {"number": number, "name": name},
            )
        connection.commit()
    migrate(bare)
    with bare.engine.connect() as connection:
        found = connection.execute(
            text("SELECT record_number, name, record_key, name_key FROM patients ORDER BY id")
        ).all()
    assert [(row.record_number, row.name) for row in found] == before
    assert [row.name_key for row in found] == [name_key(row.name) for row in found]
    keys = [row.record_key for row in found]
    assert keys == ["a-001", "a-001 2", "a-001 3", "0002", "erased-5"]
    assert [keys[at] for at in (0, 3, 4)] == [record_key(found[at].record_number) for at in (0, 3, 4)]

"""The migrations build exactly the tables the code speaks of, on both engines, and running them again changes nothing."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.care.work.patient_list import patient_list
from core.department.profile import set_up
from core.foundation.access import SYSTEM
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.operations.migrating import migrate
from core.operations.schema import metadata
from core.people.patient_rules import name_key, record_key
from core.people.patients import add_patient
from tests.conftest import NOON, POSTGRES
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


@pytest.mark.skipif(not POSTGRES, reason="PILOTDESK_TEST_POSTGRES is not set: there are no roles")
def test_the_two_roles_of_the_documents_suffice_and_the_second_protects_the_trail(tmp_path):
    """The statements of docs/many.md as they stand there, under names of the test's own."""
    mark = secrets.token_hex(3)
    words = (Path(__file__).resolve().parents[2] / "docs" / "many.md").read_text(encoding="utf-8")
    block = words[words.index("CREATE ROLE pilotdesk_owner") : words.index("   One role alone")]
    block = re.sub(r"\bpilotdesk(_owner)?\b", rf"pilotdesk\1_{mark}", block).replace("…", mark)
    outside, inside = block.split(f"\\c pilotdesk_{mark}")
    server = Database(str(POSTGRES))
    host = str(POSTGRES).rsplit("@", 1)[-1].rsplit("/", 1)[0]
    at = {
        who: f"postgresql+psycopg://{who}_{mark}:{mark}@{host}/pilotdesk_{mark}"
        for who in ("pilotdesk", "pilotdesk_owner")
    }
    try:
        administer(server, *filter(str.strip, outside.split(";")))
        within = Database(str(POSTGRES).rsplit("/", 1)[0] + f"/pilotdesk_{mark}")
        administer(within, *filter(str.strip, inside.split(";")))
        within.dispose()
        owner = Database(at["pilotdesk_owner"])
        migrate(owner)
        owner.dispose()
        working = Database(at["pilotdesk"])
        migrate(working)  # at its start the programme finds nothing to do
        desk = Desk(working, MediaStore(str(tmp_path / "media")), SetClock(NOON))
        desk.do(SYSTEM, set_up, hospital="安和医院", department="产科")
        patient = desk.do(SYSTEM, add_patient, name="李小雨", record_number="A1")
        assert desk.ask(SYSTEM, patient_list).everybody == 1 and patient
        for act in (
            "TRUNCATE audit_entries CASCADE",
            "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_entries_append_only ON audit_entries",
            "DROP TABLE ledger_entries CASCADE",
            "UPDATE audit_entries SET kind = ''",
        ):
            with working.engine.connect() as link, pytest.raises(DBAPIError):
                link.execute(text(act))
        working.dispose()
    finally:
        administer(
            server, f"DROP DATABASE IF EXISTS pilotdesk_{mark} WITH (FORCE)",
            f"DROP ROLE IF EXISTS pilotdesk_{mark}", f"DROP ROLE IF EXISTS pilotdesk_owner_{mark}",
        )  # fmt: skip
        server.dispose()

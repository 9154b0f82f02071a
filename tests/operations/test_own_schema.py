"""A backup's database is ours in every word of its schema, or it is not taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.foundation.access import SYSTEM
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.operations import backup
from core.operations.backup_file import DATABASE
from core.operations.backup_taking import BackupChanged
from core.operations.migrating import migrate
from core.operations.rescue import own_schema
from core.people.staff import roster
from tests.databases import OnSqlite
from tests.operations.backing_up import archive, folder, numbers, packed, unpacked
from tests.releases.thawing import frozen

Change = Callable[[sqlite3.Connection], object]

CHIEF = (
    "CREATE TRIGGER welcome AFTER INSERT ON patients BEGIN "
    "UPDATE staff SET role = 'administrator' WHERE username = 'mole'; END"
)


def rewritten(kind: str, name: str, sql: str) -> Change:
    """The definition of one object replaced past SQLite's own checks."""

    def act(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA writable_schema=ON")
        changed = connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = ? AND name = ?",
            (*sql.split(" → "), kind, name),
        )
        assert changed.rowcount == 1
        version = connection.execute("PRAGMA schema_version").fetchone()[0]
        connection.execute(f"PRAGMA schema_version={version + 1}")

    return act


def slipped_in(kind: str, name: str, sql: str) -> Change:
    """A row of the schema's own table, under a name SQLite keeps for itself."""

    def act(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES (?, ?, 'patients', 0, ?)",
            (kind, name, sql),
        )

    return act


def ran(*statements: str) -> Change:
    return lambda connection: [connection.execute(one) for one in statements]


CHANGES: dict[str, Change] = {
    "a trigger that makes an administrator": ran(CHIEF),
    "a trigger under SQLite's own name": slipped_in("trigger", "sqlite_stat1", CHIEF),
    "a view": ran("CREATE VIEW all_staff AS SELECT * FROM staff"),
    "a view in a table's place": ran("ALTER TABLE house RENAME TO h", "CREATE VIEW house AS SELECT * FROM h"),
    "the version as a view": ran(
        "ALTER TABLE alembic_version RENAME TO a", "CREATE VIEW alembic_version AS SELECT * FROM a"
    ),
    "a virtual table": ran("CREATE VIRTUAL TABLE notes USING fts5(text)"),
    "a table more": ran("CREATE TABLE more (id INTEGER)"),
    "a column more": ran("ALTER TABLE staff ADD COLUMN more TEXT"),
    "a computed column": ran("ALTER TABLE staff ADD COLUMN more TEXT AS (upper(username)) VIRTUAL"),
    "an index that computes": ran("CREATE INDEX more ON staff (upper(username))"),
    "an index that forbids": ran("CREATE UNIQUE INDEX more ON staff (id, name)"),
    "an index that leaves out": ran("CREATE INDEX more ON staff (name) WHERE id > 1"),
    "an index with an order of its own": ran("CREATE INDEX more ON staff (name COLLATE NOCASE)"),
    "a rule taken out of a table": rewritten("table", "alembic_version", "NOT NULL → "),
    "an append-only trigger dropped": ran("DROP TRIGGER audit_entries_no_delete"),
    "a unique index dropped": ran("DROP INDEX ix_patients_name_key"),
}


@pytest.fixture
def empty_sqlite(on_sqlite: OnSqlite, tmp_path: Path) -> Path:
    """A database as our migrations make it, with nothing in it."""
    path = tmp_path / "empty.sqlite"
    path.write_bytes(on_sqlite.template.read_bytes())
    return path


@pytest.mark.parametrize("what", CHANGES)
def test_a_schema_that_is_not_ours_is_told_by_what_is_strange(
    what: str, empty_sqlite: Path, tmp_path: Path
) -> None:
    path = tmp_path / "foreign.sqlite"
    path.write_bytes(empty_sqlite.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        CHANGES[what](connection)
    with (
        closing(own_schema.opened_with_distrust(path)) as connection,
        pytest.raises((own_schema.SchemaForeign, sqlite3.DatabaseError, ValueError)),
    ):
        own_schema.check(connection)


def test_nothing_of_a_foreign_schema_reaches_the_application_or_another_file(empty_sqlite: Path) -> None:
    with closing(own_schema.opened_with_distrust(empty_sqlite)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="too many attached"):
            connection.execute("ATTACH DATABASE ':memory:' AS other")


def test_every_schema_we_ever_released_is_ours(tmp_path: Path) -> None:
    for number, old in enumerate(frozen("sqlite")):
        path = tmp_path / f"{number}.sqlite"
        old.into_file(path)
        with closing(own_schema.opened_with_distrust(path)) as connection:
            assert own_schema.check(connection) == "0002"
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.dispose()
        with closing(own_schema.opened_with_distrust(path)) as connection:
            assert own_schema.check(connection) > "0002", "and what our migrations made of it"


def test_counts_that_analyze_leaves_are_nothing_foreign(empty_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "analyzed.sqlite"
    path.write_bytes(empty_sqlite.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")
    with closing(own_schema.opened_with_distrust(path)) as connection:
        assert own_schema.check(connection)


@pytest.mark.parametrize(
    "sql", ["CREATE INDEX report ON staff (name)", 'create index "report" on "staff"( name, "role" DESC )']
)
def test_an_index_for_a_report_is_nothing_foreign(sql: str, empty_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "indexed.sqlite"
    path.write_bytes(empty_sqlite.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
    assert own_schema.foreign_in(path) == ""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW seen AS SELECT 1")
    assert own_schema.foreign_in(path) == "seen"


# --- by every way a backup comes in -------------------------------------------------------------------


@pytest.fixture
def crafted(ward: Desk) -> dict[str, bytes]:
    """A complete archive whose database carries the trigger that makes an administrator."""
    entries = unpacked(archive(backup.back_up("department", ward, SYSTEM).name))
    loose = folder() / "loose"
    loose.write_bytes(entries[DATABASE])
    with closing(sqlite3.connect(loose)) as connection:
        connection.execute(CHIEF)
    entries[DATABASE] = loose.read_bytes()
    loose.unlink()
    return entries


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(BackupChanged) as found:
        act()
    return found.value.text("en")


def test_a_backup_with_a_trigger_of_somebody_elses_is_refused_wherever_it_comes_in(
    ward: Desk, crafted: dict[str, bytes]
) -> None:
    before = numbers(ward), {path.name for path in folder().iterdir()}
    path = folder() / "arrived"
    path.write_bytes(packed(crafted))
    told = refused(lambda: backup.take_in("department", ward, SYSTEM, path, "there.zip"))
    assert "“there.zip”" in told and "(welcome)" in told and "Nothing was changed here" in told
    path.unlink()
    assert (numbers(ward), {path.name for path in folder().iterdir()}) == before
    # Put into the folder by hand, it is looked into by the same eyes.
    placed = folder() / "pilotdesk-20200101-000000.zip"
    placed.write_bytes(packed(crafted))
    refused(lambda: backup.look_into("department", ward, SYSTEM, placed.name))
    refused(lambda: backup.restore("department", ward, SYSTEM, placed.name))
    assert numbers(ward) == ["A1"]
    assert [one.role for one in ward.ask(SYSTEM, roster) if one.role == "administrator"] == []

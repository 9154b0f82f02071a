"""The databases that tests work on: an empty one for each test, on one engine for the whole process.

An engine keeps its compiled statements and its open lines; made anew for every test, these cost more than most tests.
"""

from __future__ import annotations

import copy
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, event, text

from core.foundation.database import Database
from core.foundation.fast.turn import Turn
from core.operations.migrating import migrate
from core.operations.schema import metadata

# Larger tables are truncated, not deleted from: few tests fill them so far, and many tests together.
FEW_BYTES = 400_000

_TABLES = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
_FILLED = text(
    " UNION ALL ".join(
        f"(SELECT '{table.name}', pg_relation_size('{table.name}') FROM \"{table.name}\" LIMIT 1)"
        for table in metadata.sorted_tables
    )
)
_RESTARTED = text(
    "SELECT setval(quote_ident(sequencename)::regclass, start_value, false)"
    " FROM pg_sequences WHERE last_value IS NOT NULL"
)
# Whoever still works, or holds a lock beyond his transaction: threads that a test left behind.
_LEFT_BEHIND = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND (state <> 'idle'"
    " OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'))"
)


def as_new(known: Database) -> Database:
    """The same engine behind another `Database`: nothing that a test hangs on it is there in the next test."""
    fresh = copy.copy(known)
    fresh.engine = known.engine.execution_options()
    fresh._writer = fresh.engine.execution_options(immediate=True)
    fresh._turn, fresh._replaced = Turn(), False
    fresh._file = os.stat(known._path).st_ino if known.is_sqlite else None
    return fresh


def administer(server: Database, *statements: str) -> None:
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


class OnSqlite:
    """A file that is replaced by a copy of one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self.template, self._path = folder / "empty.sqlite", folder / "pilotdesk.sqlite"
        made = Database(f"sqlite:///{self.template}")
        migrate(made)
        with made.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        made.dispose()
        self._known = Database(f"sqlite:///{self._path}")

        @event.listens_for(self._known.engine, "connect")
        def _hurry(connection: object, _record: object) -> None:
            # What a power cut leaves is shown by the journeys (`test_survival.py`), not here.
            connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]

    @contextmanager
    def lent(self) -> Iterator[Database]:
        for end in ("-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        copied = self._path.with_suffix(".copy")
        shutil.copyfile(self.template, copied)
        os.replace(copied, self._path)
        self._known.dispose()  # a thread left behind by the test before may have opened the file that was here
        database = as_new(self._known)
        yield database
        self._known.dispose()


class OnPostgres:
    """A database of this process, emptied before each test: creating one for each is slow, truncating it as well, since
    every table and index becomes a new file."""

    def __init__(self, server: str) -> None:
        self._server = Database(server)
        self._name = f"pilotdesk_test_{os.getpid()}_{secrets.token_hex(3)}"
        administer(self._server, f'CREATE DATABASE "{self._name}"')
        self._known = Database(server.rsplit("/", 1)[0] + "/" + self._name)
        migrate(self._known)

    @contextmanager
    def lent(self) -> Iterator[Database]:
        with self._known.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _empty(connection)
        yield as_new(self._known)
        if self._known.engine.pool.checkedout():  # type: ignore[attr-defined]
            self._known.dispose()

    def drop(self) -> None:
        self._known.dispose()
        administer(self._server, f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._server.dispose()


def _empty(connection: Connection) -> None:
    connection.execute(_LEFT_BEHIND)
    filled = connection.execute(_FILLED).all()
    if any(size > FEW_BYTES for _, size in filled):
        emptying = [f"TRUNCATE {_TABLES} RESTART IDENTITY CASCADE"]
    else:
        connection.execute(_RESTARTED)
        emptying = [f'DELETE FROM "{name}"' for name, _ in filled]
    # As a replica, PostgreSQL asks neither the references nor the append-only triggers.
    connection.exec_driver_sql(
        "; ".join(["BEGIN", "SET LOCAL session_replication_role = replica", *emptying, "COMMIT"])
    )

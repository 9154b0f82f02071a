"""Bring a database to the newest schema; forward only, under a lock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core.foundation.database import Database

SCRIPTS = Path(__file__).resolve().parents[1] / "migrations"
POSTGRES_LOCK = 7_306_011


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def known_versions() -> set[str]:
    """The versions of the schema that this programme can bring up to date."""
    return {one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()}


def migrate(database: Database, to: str = "head") -> None:
    """Create or upgrade the schema, to the newest or to a given revision. Several processes may call it at once; one
    works, the others wait."""
    with (
        _locked(database),
        database.engine.connect() as connection,
        _unreferenced(connection, database.is_sqlite),
    ):
        command.upgrade(configuration(connection), to)
        connection.commit()


@contextmanager
def _unreferenced(connection: Connection, is_sqlite: bool) -> Iterator[None]:
    """SQLite can only rebuild a table that others refer to with foreign keys off, and turns them off only outside a
    transaction. `core.migrations.rebuilding` looks afterwards whether every reference holds."""
    if not is_sqlite:
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _locked(database: Database) -> Iterator[None]:
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            # Another process may migrate for minutes: this one waits as long as it takes.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": POSTGRES_LOCK})
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": POSTGRES_LOCK})
                connection.commit()
        return
    path = Path(database.url.removeprefix("sqlite:///")).with_suffix(".lock")
    with path.open("w") as handle, _file_lock(handle):
        yield


@contextmanager
def _file_lock(handle: IO[str]) -> Iterator[None]:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            with suppress(OSError):
                msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)
        return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def main() -> None:
    """Bring the department's database to the newest schema, as the first start does: for a role that may, where the
    programme itself works under one that may not (docs/many.md)."""
    from core.operations.workspaces import open_desk

    desk = open_desk("department")
    with desk.database.engine.connect() as link:
        print(link.execute(text("SELECT version_num FROM alembic_version")).scalar())
    desk.database.dispose()


if __name__ == "__main__":
    main()

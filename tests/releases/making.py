"""Freezes the release that is checked out: the demo and a small department, as dumps and as one SQLite file.

Run once per release, with its own code and before the first migration that follows it, from the root of the checkout:

    PILOTDESK_TEST_POSTGRES=postgresql+psycopg://postgres@127.0.0.1:5432/postgres python -m tests.releases.making

0002 was frozen so on 29 November 2026, by the code of commit 39bd2a5 (SQLite 3.40.1, PostgreSQL and pg_dump 15.18). It
never overwrites: what is frozen stays as it is. Later code need not be able to run it; only what it made is read again
(`test_opening`).
"""

from __future__ import annotations

import json
import lzma
import secrets
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory

from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.settings import Settings
from core.operations import demo
from core.operations.migrating import configuration
from core.operations.workspaces import DATABASE, open_desk
from tests.conftest import POSTGRES
from tests.databases import administer
from tests.releases.department import live_through
from tests.releases.sums import figures
from tests.releases.thawing import HERE, Frozen, frozen

BEGINNING = datetime(2024, 12, 1, tzinfo=UTC)
DEMO_DAY = datetime(2026, 3, 5, 4, tzinfo=UTC)


def freeze(room: Path) -> None:
    release = str(ScriptDirectory.from_config(configuration()).get_current_head())
    if list(HERE.glob(f"{release}_*")):
        raise SystemExit(f"{release} has been frozen already")
    if not POSTGRES:
        raise SystemExit("PILOTDESK_TEST_POSTGRES names the server on which a department is frozen too")
    desk = open_desk("demo", Settings(data_dir=room), SetClock(DEMO_DAY))
    demo.create(desk, "zh")
    desk.database.dispose()
    keep(f"{release}_demo.sqlite.sql.xz", _sqlite_text(room / "demo" / DATABASE))

    clock = SetClock(BEGINNING)
    desk = open_desk("department", Settings(data_dir=room), clock)
    live_through(desk, clock)
    desk.database.dispose()
    keep(f"{release}_department.sqlite.sql.xz", _sqlite_text(room / "department" / DATABASE))
    keep(f"{release}_department.sqlite.xz", _sqlite_file(room / "department" / DATABASE, room / "whole"))

    keep(f"{release}_department.postgres.sql.xz", _postgres_text(room / "elsewhere"))
    count(release, room)


def keep(name: str, content: bytes) -> None:
    (HERE / name).write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))


def count(release: str, room: Path) -> None:
    """The figures of everything frozen, read from the frozen files themselves."""
    for each in frozen("sqlite"):
        if each.path.name.startswith(release) and each.is_text:
            each.into_file(room / each.stem)
            _write_figures(each, Database(f"sqlite:///{room / each.stem}"))
    with _postgres() as address:
        for each in frozen("postgres"):
            if each.path.name.startswith(release):
                each.into_postgres(address)
                _write_figures(each, Database(address))


def _write_figures(each: Frozen, database: Database) -> None:
    with database.engine.connect() as connection:
        found = figures(connection)
    database.dispose()
    empty = {table for table, rows in found["rows"].items() if not rows}
    if empty and "department" in each.stem:
        raise SystemExit(f"{each.stem} holds nothing of: {', '.join(sorted(empty))}")
    groups = [
        f'"{group}": {{\n'
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known))
        + "\n}"
        for group, known in found.items()
    ]
    (HERE / f"{each.stem}.json").write_text("{" + ",\n".join(groups) + "}\n", encoding="utf-8")


def _sqlite_text(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()).encode()


def _sqlite_file(path: Path, whole: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(whole),))
    return whole.read_bytes()


def _postgres_text(room: Path) -> bytes:
    with _postgres() as address:
        clock = SetClock(BEGINNING)
        desk = open_desk("department", Settings(data_dir=room, database_url=address), clock)
        live_through(desk, clock)
        desk.database.dispose()
        plain = address.replace("+psycopg", "")
        command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", f"--dbname={plain}"]
        dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # Since 15.14 pg_dump writes \restrict and \unrestrict, which only psql understands.
    return "".join(
        line
        for line in dumped.splitlines(keepends=True)
        if not line.startswith(("\\restrict", "\\unrestrict"))
    ).encode()


@contextmanager
def _postgres() -> Iterator[str]:
    """An empty database of the server under test, gone afterwards."""
    server = Database(str(POSTGRES))
    name = f"pilotdesk_freezing_{secrets.token_hex(3)}"
    administer(server, f'CREATE DATABASE "{name}"')
    yield server.url.rsplit("/", 1)[0] + "/" + name
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="freezing-") as folder:
        freeze(Path(folder))

"""Nothing is written into a file that was exchanged, and nobody waits longer than a deed waits."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from core.foundation import database as databases
from core.foundation.database import Database, DataReplaced, connection_of
from core.foundation.troubles import DatabaseBusy
from tests.conftest import World

NAME = "INSERT INTO t (name) VALUES ('x')"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.sqlite"
    with closing(sqlite3.connect(path)) as link:
        link.execute("CREATE TABLE t (name TEXT)")
    return path


@pytest.fixture
def opened(file: Path) -> Iterator[Database]:
    """A process beside the one that exchanges the file, which has written once."""
    database = Database(f"sqlite:///{file}")
    write(database)
    yield database
    database.dispose()


def write(database: Database) -> None:
    with database.writing() as session:
        session.execute(text(NAME))


def rows(path: Path) -> int:
    with closing(sqlite3.connect(path)) as link:
        found: int = link.execute("SELECT count(*) FROM t").fetchone()[0]
        return found


def exchange(file: Path) -> None:
    other = file.with_suffix(".new")
    with closing(sqlite3.connect(other)) as link:
        link.execute("CREATE TABLE t (name TEXT)")
    for more in ("-wal", "-shm"):
        Path(f"{file}{more}").unlink(missing_ok=True)
    os.replace(other, file)


def test_a_deed_begun_in_a_file_that_was_exchanged_is_refused_and_not_lost(
    opened: Database, file: Path
) -> None:
    assert not opened.is_exchanged()
    exchange(file)
    assert opened.is_exchanged()
    for _again in range(2):
        with pytest.raises(DataReplaced):
            write(opened)
    opened.dispose()
    with pytest.raises(DataReplaced):
        write(opened)
    assert rows(file) == 0, "nor is it written into the data of somebody else"


def test_a_deed_that_waits_for_the_exchange_of_another_process_is_refused(
    opened: Database, file: Path
) -> None:
    said: list[type[BaseException] | None] = []

    def press() -> None:
        try:
            write(opened)
            said.append(None)
        except DataReplaced as refusal:
            said.append(type(refusal))

    restoring, waiting = Database(f"sqlite:///{file}"), threading.Thread(target=press)
    with restoring.last_turn():
        waiting.start()
        time.sleep(0.05)
        assert not said
        exchange(file)
    waiting.join(20)
    restoring.dispose()
    assert said == [DataReplaced] and rows(file) == 0


def test_an_exchange_waits_for_the_deed_of_another_process(
    opened: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "LONGEST_WAIT", 0.1)
    restoring = Database(f"sqlite:///{file}")
    with opened.writing() as session:
        session.execute(text(NAME))
        with pytest.raises(DatabaseBusy), restoring.last_turn():
            pytest.fail("the other one writes")
    restoring.dispose()
    assert rows(file) == 2


def test_a_file_that_was_taken_away_takes_nothing_more(opened: Database, file: Path) -> None:
    shutil.move(file, file.with_suffix(".aside"))
    assert opened.is_exchanged()
    with pytest.raises(DataReplaced):
        write(opened)


def test_a_file_that_cannot_be_reached_for_a_moment_is_no_other_one(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(_path: str) -> None:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(databases.os, "stat", stale)
    assert not opened.is_exchanged()


def test_a_writer_who_has_waited_here_waits_for_another_process_only_as_long_as_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def waited(_database: Database) -> Iterator[float]:
        yield 0.25

    monkeypatch.setattr(Database, "_in_turn", waited)
    asked = "PRAGMA busy_timeout" if world.desk.database.is_sqlite else "SHOW lock_timeout"
    with world.desk.database.writing() as session:
        left = connection_of(session).exec_driver_sql(asked).scalar()
    assert str(left) in ("250", "250ms")

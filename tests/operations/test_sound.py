"""A database that is damaged, foreign or gone keeps the house closed, names the newest good backup, and is not touched."""

from __future__ import annotations

import errno
import logging
import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core.foundation import troubles
from core.foundation.access import SYSTEM
from core.foundation.clock import SetClock
from core.foundation.doors import Desk
from core.foundation.incidents import report
from core.foundation.settings import settings
from core.foundation.troubles import DatabaseAway, DatabaseUnreachable
from core.operations import backup, jobs, workspaces
from core.operations.rescue import sound
from core.operations.rescue.sound import (
    Closed,
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseStrange,
)
from tests.conftest import NOON, World
from tests.operations.backing_up import add, folder, later, numbers


def database() -> Path:
    return workspaces.folder("department") / workspaces.DATABASE


@pytest.fixture
def stopped(ward: Desk) -> Desk:
    """A department with two backups that this machine serves, and is stopped."""
    backup.back_up("department", ward, SYSTEM)
    later(ward)
    backup.back_up("department", ward, SYSTEM)
    workspaces.activate("department")
    workspaces.forget("department")
    assert not Path(f"{database()}-wal").exists(), "stopped in order"
    return ward


def sql(*statements: str) -> Callable[[Path], object]:
    def act(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for one in statements:
                connection.execute(one)
            connection.commit()

    return act


def scribbled(path: Path) -> None:
    """A thousand bytes flipped, wherever they fall."""
    held, chance = bytearray(path.read_bytes()), random.Random(7)
    for at in chance.sample(range(len(held)), 1000):
        held[at] ^= 0xFF
    path.write_bytes(held)


DAMAGES: dict[str, tuple[Callable[[Path], object], type[Closed]]] = {
    "flipped bytes": (scribbled, DatabaseDamaged),
    "cut in half": (lambda path: os.truncate(path, path.stat().st_size // 2), DatabaseDamaged),
    "cut inside its first page": (lambda path: os.truncate(path, 50), DatabaseDamaged),
    "no bytes": (lambda path: os.truncate(path, 0), DatabaseStrange),
    "all zero": (lambda path: path.write_bytes(bytes(path.stat().st_size)), DatabaseDamaged),
    "no database": (lambda path: path.write_bytes(b"%PDF-1.7 " * 9000), DatabaseDamaged),
    "gone": (Path.unlink, DatabaseMissing),
    "another programme's": (
        lambda path: (path.unlink(), sql("CREATE TABLE t (a)")(path)),
        DatabaseStrange,
    ),
    "ours, of nobody": (sql("DELETE FROM house"), DatabaseStrange),
    "of a newer version": (sql("UPDATE alembic_version SET version_num = '9999'"), DatabaseNewer),
}


def overwrite_an_index(path: Path) -> None:
    """A page that nobody reads at the start, and only a look at every page finds."""
    held = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        rows = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_requests_at'"
        [[page]] = connection.execute(rows).fetchall()
    size = int.from_bytes(held[16:18], "big")
    path.write_bytes(held[: (page - 1) * size] + b"\xff" * size + held[page * size :])


def held_beside(path: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(path.rglob("*")) if one.is_file()}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_is_not_a_sound_database_keeps_the_house_closed_and_nothing_is_touched(
    what: str, stopped: Desk, machine: Path
) -> None:
    damage, kind = DAMAGES[what]
    damage(database())
    before = held_beside(machine)
    with pytest.raises(kind) as refused:
        workspaces.desk("department")
    newest = max(one.name for one in backup.backups("department"))
    assert refused.value.newest is not None and refused.value.newest.name == newest
    with pytest.raises(kind):
        workspaces.desk("department")
    assert held_beside(machine) == before


def test_a_sound_database_opens_without_a_word(stopped: Desk, caplog: pytest.LogCaptureFixture) -> None:
    assert numbers(workspaces.desk("department")) == ["A1"]
    assert caplog.messages == []


def test_a_machine_that_serves_nobody_yet_begins_an_empty_department(machine: Path) -> None:
    assert not workspaces.is_set_up("department")
    assert numbers(workspaces.desk("department")) == []


def test_the_console_names_the_newest_good_backup_and_the_way_back(
    stopped: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubles, "_told", {})
    caplog.set_level(logging.ERROR, "pilotdesk")
    older, newest = sorted(one.name for one in backup.backups("department"))
    path = folder() / newest
    path.write_bytes(path.read_bytes()[:-2000] + bytes(2000))
    database().unlink()
    try:
        jobs.run_hourly()
    except Exception as error:
        report(error, "hourly jobs")
    [told] = caplog.messages
    assert older in told and newest not in told, "one that cannot be read to its end is not good"
    assert "缺失" in told and "is missing" in told and sound.COMMAND in told and str(folder().parent) in told


def test_without_any_backup_it_says_so(stopped: Desk) -> None:
    for path in folder().glob("*.zip"):
        path.unlink()
    database().unlink()
    with pytest.raises(DatabaseMissing) as refused:
        workspaces.desk("department")
    assert refused.value.newest is None and "no good backup" in refused.value.log_words()


def test_a_database_put_back_opens_by_itself(stopped: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = database().rename(database().with_suffix(".aside"))
    with pytest.raises(DatabaseMissing):
        workspaces.desk("department")
    aside.rename(database())
    monkeypatch.setattr(workspaces, "TRIED_EVERY", 0.0)
    assert numbers(workspaces.desk("department")) == ["A1"]


def test_the_start_does_not_wait_for_a_large_file_and_damage_found_beside_the_work_closes_the_house(
    stopped: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "LONGEST_LOOK", 0.0)
    monkeypatch.setattr(sound, "_STEPS", 1)
    overwrite_an_index(database())
    assert numbers(workspaces.desk("department")) == ["A1"], "it opens at once"
    until = time.monotonic() + 20
    while "department" in workspaces._open:
        assert time.monotonic() < until
        time.sleep(0.02)
    with pytest.raises(DatabaseDamaged):
        workspaces.desk("department")


def test_people_who_work_while_another_process_starts_disturb_no_look(stopped: Desk) -> None:
    working = workspaces.desk("department")
    working.clock = SetClock(NOON + timedelta(hours=1))
    add(working, "A2")
    assert Path(f"{database()}-wal").stat().st_size > 0
    assert sound.look(database(), folder().parent, marked=True)


# --- cannot be reached, cut off in the middle --------------------------------------------------------------


def stat_that_fails(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
    if path == database():
        raise OSError(errno.ESTALE, "Stale file handle")
    return os.stat(path, follow_symlinks=follow_symlinks)


def test_a_file_that_cannot_be_reached_is_not_called_damaged_and_opens_by_itself(
    stopped: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "TRIED_EVERY", 0.0)
    with monkeypatch.context() as away:
        away.setattr(Path, "stat", stat_that_fails)
        with pytest.raises(DatabaseUnreachable) as said:
            workspaces.desk("department")
    assert "not known to be damaged" in said.value.text("en")
    assert numbers(workspaces.desk("department")) == ["A1"]


@pytest.mark.parametrize("code", ["SQLITE_IOERR_READ", "SQLITE_CANTOPEN", "SQLITE_READONLY_CANTINIT"])
def test_what_sqlite_cannot_reach_is_not_called_damaged(
    code: str, stopped: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: sqlite3.Connection) -> bool:
        error = sqlite3.OperationalError("as the driver says it")
        error.sqlite_errorcode = getattr(sqlite3, code)
        raise error

    monkeypatch.setattr(sound, "_all_pages", fail)
    with pytest.raises(DatabaseUnreachable):
        workspaces.desk("department")


def test_a_deed_cut_off_where_sqlite_keeps_a_journal_is_taken_back_and_the_house_opens(stopped: Desk) -> None:
    path, journal = database(), Path(f"{database()}-journal")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=1")  # pages go into the file before the commit
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE half (t)")
        connection.executemany("INSERT INTO half VALUES (?)", [("x" * 3000,)] * 300)
        half, beside = path.read_bytes(), journal.read_bytes()
        connection.execute("ROLLBACK")
    path.write_bytes(half)
    journal.write_bytes(beside)
    assert numbers(workspaces.desk("department")) == ["A1"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []


# --- PostgreSQL -----------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(world: World, machine: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The department of `world` on PostgreSQL, served by this machine."""
    if world.desk.database.is_sqlite:
        pytest.skip("SQLite is looked at above; PostgreSQL where one is given")
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", world.desk.database.url)
    monkeypatch.setattr(workspaces, "TRIED_EVERY", 0.0)
    settings.cache_clear()
    workspaces.activate("department")
    return world


def test_a_postgresql_that_does_not_answer_at_the_start_is_waited_for(
    elsewhere: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    settings.cache_clear()
    with pytest.raises(DatabaseAway):
        workspaces.desk("department")
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", elsewhere.desk.database.url)
    settings.cache_clear()
    assert workspaces.is_set_up("department")


def test_an_empty_postgresql_in_the_place_of_a_department_is_not_begun_anew(elsewhere: World) -> None:
    with elsewhere.desk.database.writing() as session:
        session.execute(text("DELETE FROM house"))
    with pytest.raises(workspaces.DepartmentElsewhere) as refused:
        workspaces.desk("department")
    assert "README" in refused.value.text("en")

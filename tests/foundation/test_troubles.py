"""Busy, full, away: said in words, nothing half stored, and it goes on by itself.

How the troubles are made: "busy" is another connection that holds the write lock; "full" is a limit on the size of files
of this process (RLIMIT_FSIZE, the write-ahead log hits it at the commit) and SQLite's `max_page_count` (SQLITE_FULL itself),
on PostgreSQL an error 53100 raised by a trigger at the commit; "away" is a database that lets nobody connect, its
connections ended.
"""

from __future__ import annotations

import logging
import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from core.department.places import add_location, locations
from core.foundation import database as databases
from core.foundation import troubles
from core.foundation.database import Database
from core.foundation.incidents import report
from core.foundation.troubles import DatabaseAway, DatabaseBroken, DatabaseBusy, DiskFull, Trouble
from tests.conftest import POSTGRES, World

WAIT = 1


@pytest.fixture(autouse=True)
def _nothing_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "_told", {})


def names(world: World) -> list[str]:
    return sorted(one.name for one in world.ask("manager", locations))


def path_of(world: World) -> str:
    return world.desk.database.url.removeprefix("sqlite:///")


# --- busy ---------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world whose deeds wait one second instead of thirty."""
    monkeypatch.setattr(databases, "LONGEST_WAIT", WAIT)
    world.desk.database = Database(world.desk.database.url)
    return world


@contextmanager
def held_by_another(world: World) -> Iterator[None]:
    """Another process has the write lock."""
    if world.desk.database.is_sqlite:
        with closing(sqlite3.connect(path_of(world), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    other_one = Database(world.desk.database.url)
    with other_one.engine.connect() as link:
        link.execute(text(f"SELECT pg_advisory_xact_lock({databases.TURN})"))
        yield
        link.rollback()
    other_one.dispose()


def test_a_write_behind_a_lock_of_another_process_says_busy_and_is_done_when_pressed_again(
    impatient: World,
) -> None:
    with held_by_another(impatient):
        assert names(impatient) == [], "pages are read meanwhile"
        with pytest.raises(DatabaseBusy) as said:
            impatient.do("manager", add_location, name="门诊", request_key="k1")
        assert "nothing is lost" in said.value.text("en") and "再" in said.value.text("zh")
    impatient.do("manager", add_location, name="门诊", request_key="k1")
    assert names(impatient) == ["门诊"], "the same click, done once"


def test_a_row_of_people_behind_one_lock_wait_no_longer_than_one(impatient: World) -> None:
    said: list[type[BaseException]] = []

    def press(number: int) -> None:
        try:
            impatient.do("manager", add_location, name=f"门诊{number}")
        except Trouble as trouble:
            said.append(type(trouble))

    with held_by_another(impatient):
        people = [threading.Thread(target=press, args=(n,)) for n in range(5)]
        for one in people:
            one.start()
        for one in people:
            one.join(3 * WAIT)
        assert [one.is_alive() for one in people] == [False] * 5
    assert said == [DatabaseBusy] * 5
    impatient.do("manager", add_location, name="门诊")
    assert names(impatient) == ["门诊"]


def test_a_read_behind_somebodys_lock_on_a_table_says_busy(impatient: World) -> None:
    if impatient.desk.database.is_sqlite:
        pytest.skip("a reader of SQLite waits for nobody; PostgreSQL is looked at where one is given")
    other = Database(impatient.desk.database.url)
    with other.engine.connect() as link:
        link.execute(text("LOCK TABLE locations IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseBusy):
            names(impatient)
        link.rollback()
    other.dispose()
    assert names(impatient) == []


# --- full ---------------------------------------------------------------------------------------------


@contextmanager
def files_may_not_grow(path: str, room: int) -> Iterator[None]:
    """No file of this process grows beyond what `path` has, and `room` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path) + room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def full(world: World) -> Iterator[None]:
    """The disk takes nothing more when the deed is committed."""
    if world.desk.database.is_sqlite:
        with files_may_not_grow(path_of(world) + "-wal", 0):
            yield
        return
    with world.desk.database.engine.begin() as link:
        link.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE 'no space left on device' USING ERRCODE = '53100'; END $$"
            )
        )
        link.execute(
            text(
                "CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON locations DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
        )
    try:
        yield
    finally:
        with world.desk.database.engine.begin() as link:
            link.execute(text("DROP TRIGGER no_room ON locations"))
            link.execute(text("DROP FUNCTION no_room()"))


def test_a_disk_that_is_full_at_the_commit_says_so_and_nothing_is_half_stored(world: World) -> None:
    world.do("manager", add_location, name="门诊")
    with full(world):
        with pytest.raises(DiskFull) as said:
            world.do("manager", add_location, name="住院部", request_key="k1")
        assert "Nothing was stored" in said.value.text("en") and "tell IT" in said.value.text("en")
        assert names(world) == ["门诊"], "and pages are read"
    world.do("manager", add_location, name="住院部", request_key="k1")
    assert names(world) == ["住院部", "门诊"], "with room again the same press goes through"
    if world.desk.database.is_sqlite:
        with closing(sqlite3.connect(path_of(world))) as look:
            assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_database_that_may_not_grow_is_a_full_disk_too(world: World) -> None:
    if not world.desk.database.is_sqlite:
        pytest.skip("`max_page_count` is SQLite's; PostgreSQL's own code 53100 is tried above")
    note = "字" * 200_000
    with world.desk.database.engine.connect() as link:
        pages = link.exec_driver_sql("PRAGMA page_count").scalar()
        link.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull), world.desk.database.writing() as session:
        session.execute(
            text(
                "INSERT INTO requests (key, deed, body, result, at) VALUES ('k', 'd', 'b', :n, '2026-03-05')"
            ),
            {"n": note},
        )
    with world.desk.database.engine.connect() as link:
        link.exec_driver_sql("PRAGMA max_page_count=1000000")
    world.do("manager", add_location, name="门诊")
    assert names(world) == ["门诊"]


def test_a_picture_that_finds_no_room_is_a_full_disk_and_no_bug(world: World, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.touch()

    def keep(stamp: object, **_facts: str) -> None:
        world.desk.media.put(b"x" * 100_000, ".jpg")

    with files_may_not_grow(str(small), 1000), pytest.raises(DiskFull):
        world.do("manager", keep)
    assert world.desk.media.keys() == []


# --- away ---------------------------------------------------------------------------------------------


@contextmanager
def nobody_connects(address: str) -> Iterator[None]:
    """The server lets nobody into this database; who was in is put out."""
    server, name = Database(str(POSTGRES)), address.rsplit("/", 1)[1]

    def say(statement: str) -> None:
        with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            link.execute(text(statement))

    say(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        say(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        server.dispose()


def test_a_postgresql_that_goes_away_is_told_and_found_again_by_itself(world: World) -> None:
    if world.desk.database.is_sqlite:
        pytest.skip("SQLite is a file beside us; PostgreSQL is looked at where one is given")
    assert names(world) == []
    with nobody_connects(world.desk.database.url):
        with pytest.raises(DatabaseAway) as said:
            world.do("manager", add_location, name="门诊", request_key="k1")
        assert "does not answer" in said.value.text("en")
        with pytest.raises(DatabaseAway):
            names(world)
    world.do("manager", add_location, name="门诊", request_key="k1")
    assert names(world) == ["门诊"]


def test_a_connection_that_breaks_in_the_middle_of_a_deed_stores_nothing(world: World) -> None:
    if world.desk.database.is_sqlite:
        pytest.skip("SQLite is a file beside us; PostgreSQL is looked at where one is given")
    with pytest.raises(DatabaseAway), world.desk.database.writing() as session:
        mine = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with world.desk.database.engine.connect() as other:
            other.execute(text(f"SELECT pg_terminate_backend({mine})"))
        session.execute(text("INSERT INTO locations (name) VALUES ('门诊')"))
    assert names(world) == []


def test_a_server_that_is_not_there_at_all_is_away() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseAway), database.reading() as session:
        session.execute(text("SELECT 1"))
    database.dispose()


# --- said -----------------------------------------------------------------------------------------------


def test_a_page_of_the_file_that_is_no_longer_one_is_told_as_damage(world: World) -> None:
    if not world.desk.database.is_sqlite:
        pytest.skip("PostgreSQL looks after its own files")
    world.desk.database.dispose()
    path = Path(path_of(world))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(DatabaseBroken):
        world.do("manager", add_location, name="门诊")


def test_it_reads_of_each_trouble_once_a_minute_and_no_values(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "pilotdesk")
    for _again in range(3):
        report(DatabaseAway(), "telling staff")
        report(DiskFull(), "daily jobs")
    assert caplog.messages == [DatabaseAway.log_text, DiskFull.log_text]


def test_what_is_no_trouble_of_the_machine_stays_what_it_is(world: World) -> None:
    def wrong(_stamp: object, **_facts: str) -> None:
        raise FileNotFoundError("a picture")

    with pytest.raises(FileNotFoundError):
        world.do("manager", wrong)

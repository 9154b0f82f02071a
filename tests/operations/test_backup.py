"""Backups bring everything back, refuse what is not whole, and never touch what they should not."""

from __future__ import annotations

import io
import json
import logging
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.department.places import add_location
from core.dialogue.telling.channels import add_channel, channels
from core.dialogue.telling.place import confirm_sending, sends_elsewhere
from core.foundation import troubles
from core.foundation.access import SYSTEM, Actor, NotAllowed
from core.foundation.clock import SetClock
from core.foundation.database import Database, DataReplaced
from core.foundation.doors import Desk
from core.foundation.house import HouseRow
from core.foundation.settings import PROJECT, settings
from core.foundation.troubles import DiskFull
from core.operations import backup, backup_arrivals, demo, workspaces
from core.operations.audit_trail import trail
from core.operations.backup import BackupElsewhere
from core.operations.backup_file import DATABASE, FACTS
from core.operations.backup_taking import BackupChanged, BackupUnreadable
from core.people.tables import PatientRow
from tests.conftest import NOON, World
from tests.dialogue.telling_scene import ROBOT
from tests.operations.backing_up import NURSE, PICTURE, add, archive, folder, later, numbers, unpacked
from tests.releases.thawing import frozen

# --- there and back -----------------------------------------------------------------------------------


def test_a_restore_brings_data_and_pictures_back_as_they_were(ward: Desk) -> None:
    keys = ward.media.keys()
    made = backup.back_up("department", ward, SYSTEM)
    later(ward)
    add(ward, "A2")
    ward.media.put(b"\xff\xd8\xff another", ".jpg")
    ward.media.delete(keys[0])
    assert numbers(ward) == ["A1", "A2"]
    opened = backup.restore("department", ward, SYSTEM, made.name)
    assert numbers(opened) == ["A1"]
    assert opened.media.keys() == keys and opened.media.read(keys[0]) == PICTURE
    assert opened is workspaces.desk("department") and opened is not ward
    assert opened.clock.now() == ward.clock.now()
    assert add(opened, "A3"), "the restored department takes new patients"


def test_a_restored_department_tells_nobody_anything_until_somebody_confirms(ward: Desk) -> None:
    ward.do(SYSTEM, add_channel, kind="wecom", name="夜班群", roles=["doctor"], address=ROBOT)
    assert not ward.ask(SYSTEM, sends_elsewhere)
    made = backup.back_up("department", ward, SYSTEM)
    opened = backup.restore("department", ward, SYSTEM, made.name)
    assert opened.ask(SYSTEM, sends_elsewhere)
    assert [one.readable for one in opened.ask(SYSTEM, channels)] == [True]
    opened.do(SYSTEM, confirm_sending)
    assert not opened.ask(SYSTEM, sends_elsewhere)


def test_a_copy_of_the_whole_folder_tells_nobody_anything_either(ward: Desk, machine: Path) -> None:
    ward.do(SYSTEM, add_channel, kind="wecom", name="夜班群", roles=["doctor"], address=ROBOT)
    database = workspaces.folder("department") / workspaces.DATABASE
    with ward.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = machine / "copy.sqlite"
    copy.write_bytes(database.read_bytes())
    twin = Desk(Database(f"sqlite:///{copy}"), ward.media, ward.clock)
    assert twin.ask(SYSTEM, sends_elsewhere) and not ward.ask(SYSTEM, sends_elsewhere)


def test_what_was_there_before_a_restore_is_kept_as_a_backup(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    add(ward, "A2")
    # The same second as the first backup: the standing clock makes the names collide.
    opened = backup.restore("department", ward, SYSTEM, made.name)
    found = backup.backups("department")
    assert len(found) == 2 and made.name in {one.name for one in found}
    before = next(one for one in found if one.name != made.name)
    again = backup.restore("department", opened, SYSTEM, before.name)
    assert numbers(again) == ["A1", "A2"]


def test_stale_files_beside_the_database_do_not_survive_a_restore(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    database = workspaces.folder("department") / workspaces.DATABASE
    add(ward, "A2")
    held = sqlite3.connect(database)  # keeps the -wal of the old file alive
    held.execute("SELECT count(*) FROM patients").fetchone()
    wal = Path(f"{database}-wal")
    assert wal.exists() and wal.stat().st_size > 0
    opened = backup.restore("department", ward, SYSTEM, made.name)
    held.close()
    with opened.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert numbers(opened) == ["A1"]


def test_a_backup_beside_writers_is_one_moment_of_the_truth(ward: Desk) -> None:
    """Every writer adds two patients in one transaction: a backup between the two would show."""
    stop = threading.Event()

    def write(who: int) -> int:
        pairs = 0
        while not stop.is_set():
            with ward.database.writing() as session:
                for half in "ab":
                    session.add(PatientRow(record_number=f"W{who}-{pairs}{half}", name="王", created_at=NOON))
            pairs += 1
        return pairs

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, who) for who in range(3)]
        try:
            made = [backup.back_up("department", ward, SYSTEM).name for _ in range(3)]
        finally:
            stop.set()
        assert sum(writer.result() for writer in writers) > 3
    counts = []
    for name in made:
        opened = backup.restore("department", workspaces.desk("department"), SYSTEM, name)
        with opened.database.reading() as session:
            halves = session.scalars(
                select(PatientRow.record_number).where(PatientRow.record_number.like("W%"))
            )
            found = list(halves)
        assert sum(each.endswith("a") for each in found) == sum(each.endswith("b") for each in found)
        counts.append(len(found))
    assert counts == sorted(counts)


def test_a_backup_of_an_older_version_is_brought_up_to_date(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    [old] = [one for one in frozen("sqlite") if not one.is_text]
    name = altered(made.name, content=lambda entry, data: old.content() if entry == DATABASE else data)
    opened = backup.restore("department", ward, SYSTEM, name)
    with opened.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != "0002"
    assert len(numbers(opened)) == old.figures["rows"]["patients"] - 1  # one of them was erased


def test_a_backup_that_finds_no_room_says_that_the_disk_is_full_and_leaves_nothing(ward: Desk) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(DiskFull):
            backup.back_up("department", ward, SYSTEM)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert backup.backups("department") == [] and not list(folder().glob(".making-*"))
    assert backup.back_up("department", ward, SYSTEM)


# --- every night ----------------------------------------------------------------------------------------


def daily(desk: Desk) -> backup.Backup | None:
    return backup.daily("department", desk)


def test_every_day_is_backed_up_once_by_itself(ward: Desk) -> None:
    first = daily(ward)
    assert first is not None and first.by == "daily"
    assert daily(ward) is None, "a second process, or a restart, makes no second one"
    later(ward, hours=13)  # past midnight in Shanghai
    assert daily(ward) is not None
    lines, _total = ward.ask(SYSTEM, trail, kind="backup.made")
    assert len(lines) == 2


def test_the_demo_is_not_backed_up_by_itself(ward: Desk) -> None:
    assert backup.daily("demo", ward) is None


def test_only_the_chosen_number_of_automatic_backups_stays_and_those_made_by_hand_always(ward: Desk) -> None:
    by_hand = backup.back_up("department", ward, SYSTEM)
    assert backup.kept("department") == 14
    backup.keep("department", ward, SYSTEM, 3)
    for _day in range(6):
        later(ward, days=1)
        daily(ward)
    found = backup.backups("department")
    assert [one.by for one in found] == ["daily"] * 3 + ["hand"]
    assert found[-1].name == by_hand.name
    assert found[0].made_at - found[2].made_at == timedelta(days=2), "the newest"


@pytest.mark.parametrize("number", [0, 2, 366])
def test_how_many_are_kept_has_limits_and_is_in_the_trail(ward: Desk, number: int) -> None:
    with pytest.raises(backup.KeptOutside):
        backup.keep("department", ward, SYSTEM, number)
    backup.keep("department", ward, SYSTEM, 30)
    lines, _total = ward.ask(SYSTEM, trail, kind="backup.kept")
    assert [(line.before, line.after) for line in lines] == [({"backups": 14}, {"backups": 30})]


def test_a_restore_does_not_change_how_many_are_kept(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    backup.keep("department", ward, SYSTEM, 30)
    backup.restore("department", ward, SYSTEM, made.name)
    assert backup.kept("department") == 30


def test_a_film_lies_beside_thirty_backups_once(ward: Desk) -> None:
    film = ward.media.put(b"film" * 100_000, ".mp4")
    backup.keep("department", ward, SYSTEM, 30)
    for _day in range(30):
        daily(ward)
        later(ward, days=1)
    assert len(backup.backups("department")) == 30
    copies = [path for path in folder().rglob("*") if path.is_file() and path.stat().st_size >= 400_000]
    assert [path.stem for path in copies] == [Path(film).stem]
    assert os.path.samefile(copies[0], ward.media.local_path(film)), "on one disk it takes no second room"


def test_a_film_that_no_backup_knows_any_more_leaves_their_folder(ward: Desk) -> None:
    backup.keep("department", ward, SYSTEM, 3)
    film = ward.media.put(b"film", ".mp4")
    daily(ward)
    ward.media.delete(film)
    for _day in range(2):
        later(ward, days=1)
        daily(ward)
    assert (folder() / "media" / film).exists()
    later(ward, days=1)
    daily(ward)
    assert not (folder() / "media" / film).exists()
    [key] = ward.media.keys()
    assert (folder() / "media" / key).exists()


def test_what_was_left_half_done_by_a_power_cut_goes_after_a_day(ward: Desk) -> None:
    for name in (".making-old", ".making-new"):
        (folder() / name).mkdir(parents=True)
        (folder() / name / DATABASE).write_bytes(b"half")
    (folder() / ".arriving-old").write_bytes(b"half")
    (folder() / "pilotdesk-20260101-000000.zip").touch()
    for name in (".making-old", ".arriving-old"):
        os.utime(folder() / name, (0, 0))
    assert daily(ward) is not None
    assert {path.name for path in folder().glob(".*")} == {".making-new"}


def test_a_backup_is_named_in_the_houses_time(ward: Desk) -> None:
    assert backup.back_up("department", ward, SYSTEM).name == "pilotdesk-20260305-120000.zip"
    with ward.database.writing() as session:
        session.get_one(HouseRow, 1).time_zone = "Asia/Urumqi"
    assert backup.back_up("department", ward, SYSTEM).name == "pilotdesk-20260305-100000.zip"


def unsaved(desk: Desk, elsewhere: bool = False) -> int | None:
    found: int | None = desk.ask(SYSTEM, backup.unsaved_days, kind="department", elsewhere=elsewhere)
    return found


def test_the_start_page_warns_when_the_last_backup_is_older_than_three_days(ward: Desk) -> None:
    assert unsaved(ward) is None, "there is hardly anything to lose yet"
    later(ward, days=4)
    assert unsaved(ward) == 4, "nothing was ever backed up"
    backup.back_up("department", ward, SYSTEM)
    assert unsaved(ward) is None
    later(ward, days=3)
    assert unsaved(ward) is None
    later(ward, hours=1)
    assert unsaved(ward) == 3
    assert ward.ask(SYSTEM, backup.unsaved_days, kind="demo", elsewhere=False) is None


def change(desk: Desk, statement: str) -> None:
    with desk.database.engine.begin() as link:
        link.exec_driver_sql(statement)


def test_a_backup_that_could_not_be_restored_is_said_on_the_day_it_is_made(
    ward: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubles, "_told", {})
    caplog.set_level(logging.ERROR, "pilotdesk")
    change(ward, "CREATE VIEW monthly AS SELECT count(*) FROM patients")
    made = daily(ward)
    assert made is not None and made.foreign == "monthly"
    said = backup.unfit("department")
    assert said is not None and (said.name, said.what) == (made.name, "monthly")
    [told] = caplog.messages
    assert made.name in told and "(monthly)" in told
    with pytest.raises(BackupChanged):
        backup.look_into("department", ward, SYSTEM, made.name)
    change(ward, "DROP VIEW monthly")
    later(ward)
    backup.back_up("department", ward, SYSTEM)
    assert backup.unfit("department") is None


def test_an_index_that_it_added_for_a_report_holds_up_no_restore(ward: Desk) -> None:
    change(ward, "CREATE INDEX report ON patients (created_at)")
    made = backup.back_up("department", ward, SYSTEM)
    assert made.foreign == ""
    assert numbers(backup.restore("department", ward, SYSTEM, made.name)) == ["A1"]


def test_a_file_from_another_machine_is_no_backup_of_this_one(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    data = archive(made.name)
    (folder() / made.name).unlink()
    later(ward, days=4)
    carried = folder() / "carried"
    carried.write_bytes(data)
    backup.take_in("department", ward, SYSTEM, carried, "x.zip")
    assert unsaved(ward) == 4


def test_on_postgresql_the_warning_goes_by_the_mark_of_the_pg_dump_job(world: World, machine: Path) -> None:
    if world.desk.database.is_sqlite:
        pytest.skip("on SQLite the backups themselves are asked; PostgreSQL is looked at where one is given")
    world.do("manager", add_location, name="门诊")
    assert unsaved(world.desk, elsewhere=True) is None
    world.clock.advance(timedelta(days=4))
    assert unsaved(world.desk, elsewhere=True) == 4
    folder().mkdir(parents=True)
    mark = folder() / backup.DUMPED
    mark.touch()
    os.utime(mark, (world.clock.now().timestamp(),) * 2)
    assert unsaved(world.desk, elsewhere=True) is None and backup.dumped_at("department") == world.clock.now()
    world.clock.advance(timedelta(days=5))
    assert unsaved(world.desk, elsewhere=True) == 5
    assert backup.daily("department", world.desk) is None


# --- what goes ------------------------------------------------------------------------------------------


def what_goes(desk: Desk, name: str) -> tuple[int, int]:
    within = backup.look_into("department", desk, SYSTEM, name)
    found = desk.ask(SYSTEM, backup.going, last_deed=within.last_deed, last_at=within.last_at)
    return found.patients, found.deeds


def test_before_a_restore_it_says_in_numbers_what_goes(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    assert what_goes(ward, made.name) == (0, 0)
    for n in range(3):
        later(ward)
        add(ward, f"B{n}", NURSE)
    backup.back_up("department", ward, SYSTEM)
    assert what_goes(ward, made.name) == (3, 3), "the trail's entry of a backup is nobody's work"
    within = backup.look_into("department", ward, SYSTEM, made.name)
    assert (within.hospital, within.department, within.patients) == ("安和医院", "产科", 1)
    assert within.missing == 0 and numbers(ward) == ["A1", "B0", "B1", "B2"]


def test_after_a_restore_what_went_is_counted_against_what_came_since(ward: Desk) -> None:
    first = backup.back_up("department", ward, SYSTEM)
    later(ward)
    add(ward, "B1", NURSE)
    opened = backup.restore("department", ward, SYSTEM, first.name)
    [before] = [one for one in backup.backups("department") if one.by == "before"]
    later(opened)
    add(opened, "C1", NURSE)
    add(opened, "C2", NURSE)
    assert what_goes(opened, before.name) == (2, 2), "what both have in common does not go"


def test_a_backup_of_another_department_takes_everything_away_and_says_so(ward: Desk, machine: Path) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    data = archive(made.name)
    workspaces.forget("department")
    shutil.rmtree(workspaces.folder("department"))
    other = workspaces.desk("department")
    other.clock = SetClock(NOON + timedelta(days=1))
    with other.database.writing() as session:
        session.add(HouseRow(id=1, hospital="仁和医院", department="骨科"))
    add(other, "K1", NURSE)
    add(other, "K2", NURSE)
    arrived = machine / "arrived"
    arrived.write_bytes(data)
    carried = backup.take_in("department", other, SYSTEM, arrived, "x.zip")
    assert carried.by == "carried" and carried.made_at == made.made_at
    within = backup.look_into("department", other, SYSTEM, carried.name)
    assert (within.hospital, within.last_deed) == ("安和医院", 0)
    assert what_goes(other, carried.name) == (2, 2)
    opened = backup.restore("department", other, SYSTEM, carried.name)
    assert numbers(opened) == ["A1"] and opened.media.read(opened.media.keys()[0]) == PICTURE
    [before] = [one for one in backup.backups("department") if one.by == "before"]
    assert not any(name.startswith("media/") for name in unpacked(archive(before.name))), (
        "the other's stay out"
    )
    assert numbers(backup.restore("department", opened, SYSTEM, before.name)) == ["K1", "K2"]


def test_a_picture_that_is_lost_is_said_before_and_holds_up_no_restore(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    [key] = ward.media.keys()
    ward.media.delete(key)
    (folder() / "media" / key).unlink()
    assert backup.look_into("department", ward, SYSTEM, made.name).missing == 1
    assert numbers(backup.restore("department", ward, SYSTEM, made.name)) == ["A1"]


def test_whoever_saves_while_a_restore_runs_is_refused_and_not_lost(
    ward: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deed that waits behind the restore would be written into other people's data."""
    made = backup.back_up("department", ward, SYSTEM)
    came, told, stop = [], [], threading.Event()

    def write() -> None:
        for n in count():
            if stop.is_set():
                return
            try:
                came.append(f"W{n}")
                add(ward, f"W{n}")
            except DataReplaced:
                told.append(came.pop())

    writer = threading.Thread(target=write)
    writer.start()
    while len(came) < 3:
        time.sleep(0.01)
    try:
        opened = backup.restore("department", ward, SYSTEM, made.name)
    finally:
        stop.set()
        writer.join()
    assert told and numbers(opened) == ["A1"]
    [before] = [one for one in backup.backups("department") if one.by == "before"]
    again = backup.restore("department", opened, SYSTEM, before.name)
    assert set(numbers(again)) == {"A1", *came}, "all that was confirmed before is in the backup made first"


BESIDE = """
import sys
from core.foundation.errors import Refusal
from core.operations import workspaces
from tests.operations.backing_up import add

held = workspaces.desk("department")
for line in sys.stdin:
    which, number = line.split()
    try:
        add(held if which == "held" else workspaces.desk("department"), number)
        print("stored", flush=True)
    except Refusal as refusal:
        print(type(refusal).__name__, flush=True)
"""


def test_a_second_process_that_serves_the_phones_loses_nothing_it_confirmed_and_goes_on_by_itself(
    ward: Desk,
) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    with subprocess.Popen(
        [sys.executable, "-c", BESIDE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    ) as phones:  # fmt: skip
        assert phones.stdin and phones.stdout

        def add_beside(which: str, number: str) -> str:
            assert phones.stdin and phones.stdout
            print(which, number, file=phones.stdin, flush=True)
            return phones.stdout.readline().strip()

        assert add_beside("held", "P1") == "stored"
        opened = backup.restore("department", ward, SYSTEM, made.name)
        assert numbers(opened) == ["A1"]
        assert add_beside("held", "P2") == "DataReplaced"
        assert add_beside("next", "P3") == "stored", "into the restored file"
        assert numbers(opened) == ["A1", "P3"]
        phones.stdin.close()
    [before] = [one for one in backup.backups("department") if one.by == "before"]
    assert numbers(backup.restore("department", opened, SYSTEM, before.name)) == ["A1", "P1"]


def test_a_restore_that_fails_leaves_the_department_open_for_work(
    ward: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.back_up("department", ward, SYSTEM)

    def fail(*_given: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as failing, pytest.raises(OSError):
        failing.setattr(backup, "_write", fail)
        backup.restore("department", ward, SYSTEM, made.name)
    assert add(ward, "A2") and numbers(ward) == ["A1", "A2"]


# --- refusals -----------------------------------------------------------------------------------------


def altered(
    name: str,
    *,
    names: Callable[[str], str] = lambda name: name,
    content: Callable[[str, bytes], bytes] = lambda name, data: data,
    database: Callable[[sqlite3.Connection], None] | None = None,
    without: str = "",
) -> str:
    """A complete archive made of a backup, with something changed, as somebody puts it into the folder; its file name."""
    home = workspaces.folder("department") / "backups"
    changed = home / "pilotdesk-20200101-000000.zip"
    with zipfile.ZipFile(io.BytesIO(archive(name))) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.namelist():
            data = content(entry, old.read(entry))
            if entry == DATABASE and database:
                loose = home / "loose.sqlite"
                loose.write_bytes(data)
                connection = sqlite3.connect(loose)
                database(connection)
                connection.commit()
                connection.close()
                data = loose.read_bytes()
                loose.unlink()
            if entry != without:
                new.writestr(names(entry), data)
    return changed.name


def renamed(target: str) -> Callable[[str], str]:
    return lambda name: target if name.startswith("media/") else name


def facts(**changes: Any) -> Callable[[str, bytes], bytes]:
    return lambda name, data: json.dumps({**json.loads(data), **changes}).encode() if name == FACTS else data


def from_the_future(database: sqlite3.Connection) -> None:
    database.execute("UPDATE alembic_version SET version_num = '9999'")


def not_ours(database: sqlite3.Connection) -> None:
    database.execute("DROP TABLE alembic_version")


@pytest.mark.parametrize(
    "change",
    [
        {"content": facts(kind="demo")},
        {"without": DATABASE},
        {"without": FACTS},
        {"content": lambda name, data: data[: len(data) // 2] if name == DATABASE else data},
        {"content": lambda name, data: b"[]" if name == FACTS else data},
        {"content": lambda name, data: b"not a database" if name == DATABASE else data},
        {"content": lambda name, data: data + b"!" if name.startswith("media/") else data},
        {"names": renamed("media/../../../escaped.jpg")},
        {"names": renamed("../escaped.jpg")},
        {"names": renamed("/tmp/escaped.jpg")},
        {"names": renamed("media/ab/escaped.jpg")},
        {"names": renamed("media\\..\\escaped.jpg")},
        {"database": from_the_future},
        {"database": not_ours},
    ],
)
def test_a_backup_that_is_not_whole_or_not_ours_changes_nothing(ward: Desk, change: dict[str, Any]) -> None:
    name = altered(backup.back_up("department", ward, SYSTEM).name, **change)
    add(ward, "A2")
    files = everything(settings().data_dir)
    with pytest.raises(BackupUnreadable):
        backup.restore("department", ward, SYSTEM, name)
    assert numbers(ward) == ["A1", "A2"]
    assert everything(settings().data_dir) == files
    assert not list(settings().data_dir.parent.rglob("escaped.jpg"))


@pytest.mark.parametrize("name", ["pilotdesk-20200101-000000.zip", "../../etc/passwd", ""])
def test_a_backup_that_is_not_there_is_refused(ward: Desk, name: str) -> None:
    with pytest.raises(BackupUnreadable):
        backup.restore("department", ward, SYSTEM, name)
    with pytest.raises(BackupUnreadable):
        backup.carry("department", ward, SYSTEM, name)
    with pytest.raises(BackupUnreadable):
        backup.look_into("department", ward, SYSTEM, name)


def test_a_broken_zip_is_refused_and_not_listed(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    broken = workspaces.folder("department") / "backups" / "pilotdesk-20270101-000000.zip"
    broken.write_bytes(archive(made.name)[:-400])
    assert [one.name for one in backup.backups("department")] == [made.name]
    with pytest.raises(BackupUnreadable):
        backup.restore("department", ward, SYSTEM, broken.name)


@pytest.mark.parametrize("role", ["manager", "nurse", "doctor", "front_desk", "executive"])
def test_only_an_administrator_backs_up_restores_and_carries_away(ward: Desk, role: str) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    actor = Actor("staff", 1, "somebody", role)
    for deed in (
        lambda: backup.back_up("department", ward, actor),
        lambda: backup.restore("department", ward, actor, made.name),
        lambda: backup.carry("department", ward, actor, made.name),
        lambda: backup.look_into("department", ward, actor, made.name),
        lambda: backup.keep("department", ward, actor, 30),
        lambda: backup.take_in("department", ward, actor, Path("x"), "x.zip"),
        lambda: backup_arrivals.invite("department", ward, actor),
        lambda: ward.ask(actor, backup.going, last_deed=0, last_at=None),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert len(backup.backups("department")) == 1


def test_carrying_a_backup_away_is_remembered(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    assert archive(made.name)[:2] == b"PK"
    lines, _total = ward.ask(SYSTEM, trail, kind="backup.downloaded")
    assert [line.after for line in lines] == [{"name": made.name}]


def test_database_and_backups_are_their_owners_alone(ward: Desk) -> None:
    backup.back_up("department", ward, SYSTEM)
    assert stat.S_IMODE(workspaces.folder("department").stat().st_mode) == 0o700


def test_postgresql_is_backed_up_by_its_own_tools(world: World) -> None:
    if world.desk.database.is_sqlite:
        pytest.skip("on SQLite the page makes backups itself; PostgreSQL is looked at where one is given")
    with pytest.raises(BackupElsewhere):
        backup.back_up("department", world.desk, SYSTEM)


# --- workspaces ---------------------------------------------------------------------------------------


def everything(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size; SQLite's own side files come and go."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }


def test_removing_the_demo_leaves_the_department_alone(ward: Desk) -> None:
    backup.back_up("department", ward, SYSTEM)
    simulated = workspaces.desk("demo")
    assert simulated.database.url != ward.database.url
    with simulated.database.writing() as session:
        session.add(HouseRow(id=1, hospital="模拟", department="产科", simulated=True))
    simulated.media.put(PICTURE, ".jpg")
    with ward.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before = everything(workspaces.folder("department"))
    assert workspaces.is_set_up("demo")
    workspaces.remove_demo()
    assert not workspaces.folder("demo").exists() and not workspaces.is_set_up("demo")
    assert everything(workspaces.folder("department")) == before
    assert numbers(workspaces.desk("department")) == ["A1"]
    assert workspaces.desk("department") is ward, "the department's doors stay open"


def test_a_demo_made_anew_takes_the_place_of_the_old_one_when_it_is_whole(
    ward: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[float] = []
    demo.remake("zh", patients=12, progress=shares.append)
    first = demo.showcase(workspaces.desk("demo"))
    assert first is not None and shares == sorted(shares) and shares[-1] == 1
    assert all(name.startswith(("department", "demo")) for name in everything(settings().data_dir))

    def broken(*_given: Any) -> None:
        raise RuntimeError("no space left")

    with monkeypatch.context() as failing, pytest.raises(RuntimeError):
        failing.setattr(demo.making, "count_everything", broken)
        demo.remake("en", patients=12)
    assert demo.showcase(workspaces.desk("demo")) == first, "the old demo is still there"
    assert all(name.startswith(("department", "demo")) for name in everything(settings().data_dir))
    demo.remake("en", patients=12)
    with workspaces.desk("demo").database.reading() as session:
        assert all(name.isascii() for name in session.scalars(select(PatientRow.name)))
    assert numbers(workspaces.desk("department")) == ["A1"]


def test_a_workspace_is_set_up_once_a_house_stands_in_it(machine: Path) -> None:
    assert not workspaces.is_set_up("department")
    assert not (machine / "department").exists(), "asking makes nothing"
    desk = workspaces.desk("department")
    assert not workspaces.is_set_up("department")
    with desk.database.writing() as session:
        session.add(HouseRow(id=1, hospital="安和医院", department="产科"))
    assert workspaces.is_set_up("department") and not workspaces.is_set_up("demo")


def test_the_marker_names_a_workspace_or_nothing(machine: Path) -> None:
    assert workspaces.active_kind() is None
    workspaces.activate("demo")
    assert workspaces.active_kind() == "demo"
    (machine / "active").write_text("../somewhere", encoding="utf-8")
    assert workspaces.active_kind() is None
    workspaces.activate(None)
    assert not (machine / "active").exists()
    with pytest.raises(KeyError):
        workspaces.folder("../somewhere")


def test_forgetting_one_workspace_opens_no_other(machine: Path) -> None:
    workspaces.desk("department")
    workspaces.forget("demo")
    assert not (machine / "demo").exists()


def test_many_threads_share_one_desk(machine: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        desks = list(pool.map(lambda _n: workspaces.desk("department"), range(16)))
    assert len({id(desk) for desk in desks}) == 1
    with desks[0].database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PatientRow)) == 0


def test_the_signing_key_is_long_lasting_and_only_its_owners(machine: Path) -> None:
    key = workspaces.signing_key()
    assert len(key) >= 32 and workspaces.signing_key() == key
    assert stat.S_IMODE((machine / "signing.key").stat().st_mode) == 0o600
    assert everything(machine) == {"signing.key": len(key)}
    shutil.rmtree(machine)
    assert workspaces.signing_key() != key


def test_whoever_starts_first_makes_the_key_and_nobody_reads_half_of_it(machine: Path) -> None:
    for _round in range(20):
        (machine / "signing.key").unlink(missing_ok=True)
        barrier = threading.Barrier(8)

        def start(_n: int, barrier: threading.Barrier = barrier) -> bytes:
            barrier.wait()
            return workspaces.signing_key()

        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(start, range(8)))
        assert len(keys) == 1 and len(keys.pop()) == 64


@pytest.mark.parametrize("held", [b"", b"cut off"])
def test_a_file_that_holds_no_key_is_replaced(machine: Path, held: bytes) -> None:
    (machine / "signing.key").write_bytes(held)
    assert len(workspaces.signing_key()) == 64
    assert stat.S_IMODE((machine / "signing.key").stat().st_mode) == 0o600

"""Backups bring everything back, refuse what is not whole, and never touch what they should not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.care.work.patient_list import patient_list
from core.dialogue.telling.channels import add_channel, channels
from core.dialogue.telling.place import confirm_sending, sends_elsewhere
from core.foundation.access import SYSTEM, Actor, NotAllowed
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.house import HouseRow
from core.foundation.settings import settings
from core.operations import backup, demo, workspaces
from core.operations.audit_trail import trail
from core.operations.backup import BackupElsewhere, BackupUnreadable
from core.people.patients import add_patient
from core.people.tables import PatientRow
from tests.conftest import World
from tests.dialogue.telling_scene import ROBOT
from tests.releases.thawing import frozen

NOON = datetime(2026, 3, 5, 4, tzinfo=UTC)
PICTURE = b"\xff\xd8\xff a picture"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine of its own: an empty data folder, its settings, nothing open."""
    monkeypatch.setenv("PILOTDESK_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PILOTDESK_DATABASE_URL", raising=False)
    settings.cache_clear()
    for kind in workspaces.KINDS:
        workspaces.forget(kind)
    yield tmp_path
    for kind in workspaces.KINDS:
        workspaces.forget(kind)
    settings.cache_clear()


@pytest.fixture
def ward(machine: Path) -> Desk:
    """A department with one patient and one picture, its clock standing at noon."""
    desk = workspaces.desk("department")
    desk.clock = SetClock(NOON)
    with desk.database.writing() as session:
        session.add(HouseRow(id=1, hospital="安和医院", department="产科"))
    add(desk, "A1")
    desk.media.put(PICTURE, ".jpg")
    return desk


def add(desk: Desk, number: str) -> int:
    found: int = desk.do(SYSTEM, add_patient, name="李小雨", record_number=number)
    return found


def numbers(desk: Desk) -> list[str]:
    return sorted(row.record_number for row in desk.ask(SYSTEM, patient_list, page_size=500).rows)


def later(desk: Desk) -> None:
    desk.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]


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
    name = altered(made.name, content=lambda entry, data: old.content() if entry == backup.DATABASE else data)
    opened = backup.restore("department", ward, SYSTEM, name)
    with opened.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != "0002"
    assert len(numbers(opened)) == old.figures["rows"]["patients"] - 1  # one of them was erased


# --- refusals -----------------------------------------------------------------------------------------


def altered(
    name: str,
    *,
    names: Callable[[str], str] = lambda name: name,
    content: Callable[[str, bytes], bytes] = lambda name, data: data,
    database: Callable[[sqlite3.Connection], None] | None = None,
    without: str = "",
) -> str:
    """A copy of a backup with something changed; its file name."""
    home = workspaces.folder("department") / "backups"
    changed = home / "pilotdesk-20200101-000000.zip"
    with zipfile.ZipFile(home / name) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.namelist():
            data = content(entry, old.read(entry))
            if entry == backup.DATABASE and database:
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
    return lambda name, data: (
        json.dumps({**json.loads(data), **changes}).encode() if name == backup.FACTS else data
    )


def from_the_future(database: sqlite3.Connection) -> None:
    database.execute("UPDATE alembic_version SET version_num = '9999'")


def not_ours(database: sqlite3.Connection) -> None:
    database.execute("DROP TABLE alembic_version")


@pytest.mark.parametrize(
    "change",
    [
        {"content": facts(kind="demo")},
        {"without": backup.DATABASE},
        {"without": backup.FACTS},
        {"content": lambda name, data: data[: len(data) // 2] if name == backup.DATABASE else data},
        {"content": lambda name, data: b"[]" if name == backup.FACTS else data},
        {"content": lambda name, data: b"not a database" if name == backup.DATABASE else data},
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
        backup.content("department", ward, SYSTEM, name)


def test_a_broken_zip_is_refused_and_not_listed(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    broken = workspaces.folder("department") / "backups" / "pilotdesk-20270101-000000.zip"
    broken.write_bytes(backup.content("department", ward, SYSTEM, made.name)[:-400])
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
        lambda: backup.content("department", ward, actor, made.name),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert len(backup.backups("department")) == 1


def test_carrying_a_backup_away_is_remembered(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    assert backup.content("department", ward, SYSTEM, made.name)[:2] == b"PK"
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

"""What comes from another machine is measured before it is unpacked, and checked before it is one of the list."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.operations import backup, backup_taking
from core.operations.backup_file import DATABASE, FACTS, NAMES
from core.operations.backup_taking import (
    BackupForeign,
    BackupNewer,
    BackupNoRoom,
    BackupUnreadable,
    BackupWithoutPictures,
)
from tests.operations.backing_up import archive, folder, packed, unpacked

Entries = dict[str, bytes]


def arriving(ward: Desk, data: bytes) -> backup.Backup:
    path = folder() / "arrived"
    path.write_bytes(data)
    try:
        return backup.take_in("department", ward, SYSTEM, path, "from-there.zip")
    finally:
        path.unlink()


def complete(ward: Desk) -> Entries:
    return unpacked(archive(backup.back_up("department", ward, SYSTEM).name))


def picture(entries: Entries) -> str:
    return next(name for name in entries if name.startswith("media/"))


def without(entries: Entries, *names: str) -> Entries:
    return {name: data for name, data in entries.items() if name not in names}


def test_a_complete_archive_becomes_one_of_the_list(ward: Desk) -> None:
    entries = complete(ward)
    came = arriving(ward, packed(entries))
    assert came.by == "carried" and came.name in {one.name for one in backup.backups("department")}
    assert unpacked(archive(came.name))[DATABASE] == entries[DATABASE]
    lines, _total = ward.ask(SYSTEM, backup_trail)
    assert [line.after for line in lines] == [{"name": came.name}]


def backup_trail(look: Any) -> Any:
    from core.operations.audit_trail import trail

    return trail(look, kind="backup.arrived")


@pytest.mark.parametrize(
    "change",
    [
        lambda e: without(e, DATABASE),
        lambda e: without(e, FACTS),
        lambda e: e | {picture(e): b"another picture"},
        lambda e: e | {"media/../../escaped.jpg": b"x"},
        lambda e: e | {"../escaped.jpg": b"x"},
        lambda e: e | {"/tmp/escaped.jpg": b"x"},
        lambda e: e | {"C:\\escaped.jpg": b"x"},
        lambda e: e | {"pilotdesk.sqlite/": b""},
        lambda e: e | {DATABASE: e[DATABASE][: len(e[DATABASE]) // 2]},
        lambda e: e | {FACTS: b'{"made_at": "yesterday", "kind": "department"}'},
        lambda e: e | {FACTS: b'{"made_at": "2026-03-05T12:00:00", "kind": "department"}'},
        lambda e: e | {FACTS: b" " * (2 << 20) + e[FACTS]},
        lambda e: e | {NAMES: b"", "media/x": b""},
    ],
)
def test_what_is_not_whole_or_not_ours_leaves_nothing(
    ward: Desk, change: Callable[[Entries], Entries]
) -> None:
    entries = change(complete(ward))
    before = sorted(path for path in folder().rglob("*") if path.is_file())
    with pytest.raises(BackupUnreadable):
        arriving(ward, packed(entries))
    assert sorted(path for path in folder().rglob("*") if path.is_file()) == before
    assert not list(folder().parent.parent.rglob("escaped.jpg"))


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7 no backup", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_refused_by_the_name_it_came_with(ward: Desk, data: bytes) -> None:
    folder().mkdir(parents=True)
    with pytest.raises(BackupUnreadable, match="BackupUnreadable") as refused:
        arriving(ward, data)
    assert "from-there.zip" in refused.value.text("en")


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(ward: Desk) -> None:
    entries = complete(ward)
    bomb = packed(entries | {DATABASE: entries[DATABASE] + b"\0" * (300 << 20)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 2 << 20
    with pytest.raises(BackupUnreadable):
        arriving(ward, bomb)


def test_a_link_to_elsewhere_is_no_part_of_a_backup(ward: Desk) -> None:
    entries = complete(ward)
    path = folder() / "linked"
    with zipfile.ZipFile(path, "w") as made:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK if name == picture(entries) else stat.S_IFREG) << 16
            made.writestr(entry, data)
    with pytest.raises(BackupUnreadable):
        backup.take_in("department", ward, SYSTEM, path, "x.zip")


def test_a_list_of_entries_that_is_longer_than_any_is_not_even_read(
    ward: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(complete(ward))
    end = data.rfind(b"PK\x05\x06")
    forged = data[: end + 12] + (0xFFFFFFF0).to_bytes(4, "little") + data[end + 16 :]
    # The same in the second end that large files have, which readers believe.
    second = b"PK\x06\x06" + bytes(36) + (1 << 40).to_bytes(8, "little") + bytes(8)
    larger = data[:end] + second + b"PK\x06\x07" + bytes(16) + data[end:]
    monkeypatch.setattr(zipfile, "ZipFile", None)
    for one in (forged, larger):
        with pytest.raises(BackupUnreadable):
            arriving(ward, one)


def test_two_entries_of_one_name_are_refused(ward: Desk) -> None:
    entries = complete(ward)
    path = folder() / "twice"
    with zipfile.ZipFile(path, "w") as made, pytest.warns(UserWarning):
        for name, data in entries.items():
            made.writestr(name, data)
        made.writestr(DATABASE, b"another")
    with pytest.raises(BackupUnreadable):
        backup.take_in("department", ward, SYSTEM, path, "x.zip")


def test_what_does_not_fit_on_the_disk_is_refused_in_megabytes(
    ward: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(complete(ward))
    usage = shutil.disk_usage(folder())
    with monkeypatch.context() as full:
        full.setattr(
            backup_taking.shutil, "disk_usage", lambda _p: usage._replace(free=backup_taking.LEAST_FREE)
        )
        with pytest.raises(BackupNoRoom) as refused:
            arriving(ward, data)
    assert refused.value.free == 0 and refused.value.megabytes > 0


def test_a_backup_of_a_newer_version_says_so(ward: Desk) -> None:
    entries = complete(ward)
    loose = folder() / "loose.sqlite"
    loose.write_bytes(entries[DATABASE])
    import sqlite3

    connection = sqlite3.connect(loose)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(BackupNewer) as refused:
        arriving(ward, packed(entries | {DATABASE: loose.read_bytes()}))
    assert "newer version" in refused.value.text("en")


def test_a_backup_of_the_demo_does_not_become_the_departments(ward: Desk) -> None:
    entries = complete(ward)
    facts = json.dumps(json.loads(entries[FACTS]) | {"kind": "demo"}).encode()
    with pytest.raises(BackupForeign):
        arriving(ward, packed(entries | {FACTS: facts}))


def test_a_file_taken_out_of_the_folder_says_that_its_pictures_are_missing(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    with pytest.raises(BackupWithoutPictures) as refused:
        arriving(ward, (folder() / made.name).read_bytes())
    assert "Download" in refused.value.text("en")


def test_an_archive_put_into_the_folder_by_hand_is_looked_into_and_restored(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    data = archive(made.name)
    for path in [*folder().glob("*.zip"), *folder().glob("media/*/*")]:
        path.unlink()
    placed: Path = folder() / "pilotdesk-20200101-000000.zip"
    placed.write_bytes(data)
    [found] = backup.backups("department")
    assert backup.look_into("department", ward, SYSTEM, found.name).patients == 1
    assert NAMES in unpacked(placed.read_bytes()), "its pictures lie beside it now, once"
    [key] = ward.media.keys()
    assert (folder() / "media" / key).exists()
    backup.restore("department", ward, SYSTEM, found.name)

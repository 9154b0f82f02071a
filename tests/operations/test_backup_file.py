"""A backup on the disk and on its way out: whole, in pieces, and never in memory."""

from __future__ import annotations

import os
import tracemalloc

import pytest

from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.operations import backup, backup_file
from core.operations.backup_file import DATABASE, FACTS, NAMES
from tests.operations.backing_up import PICTURE, archive, folder, unpacked


def test_a_download_is_one_complete_archive_with_every_picture(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    [key] = ward.media.keys()
    found = unpacked(archive(made.name))
    assert set(found) == {FACTS, DATABASE, f"media/{key}"}
    assert found[f"media/{key}"] == PICTURE and found[DATABASE].startswith(b"SQLite format 3")


def test_the_file_in_the_folder_holds_the_names_of_its_pictures_only(ward: Desk) -> None:
    made = backup.back_up("department", ward, SYSTEM)
    found = unpacked((folder() / made.name).read_bytes())
    assert set(found) == {FACTS, DATABASE, NAMES}
    assert found[NAMES].decode().split() == ward.media.keys()
    assert made.size == (folder() / made.name).stat().st_size + len(PICTURE)


def test_a_large_backup_leaves_in_pieces_and_never_lies_in_memory(ward: Desk) -> None:
    film = ward.media.put(os.urandom(24 << 20), ".mp4")
    made = backup.back_up("department", ward, SYSTEM)
    tracemalloc.start()
    pieces = [len(piece) for piece in backup.carry("department", ward, SYSTEM, made.name)]
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(pieces) > 24 << 20 and max(pieces) <= 3 << 20
    assert most < 12 << 20
    assert (folder() / "media" / film).exists()


def test_on_another_disk_pictures_are_copied_once(ward: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(*_given: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", elsewhere)
    backup.back_up("department", ward, SYSTEM)
    [key] = ward.media.keys()
    copy = folder() / "media" / key
    assert copy.read_bytes() == PICTURE and not os.path.samefile(copy, ward.media.local_path(key))
    written = copy.stat().st_mtime_ns
    backup.back_up("department", ward, SYSTEM)
    assert copy.stat().st_mtime_ns == written
    assert not list(folder().rglob("*.part"))


def test_nothing_is_cleared_away_while_a_backup_cannot_be_read(ward: Desk) -> None:
    backup.back_up("department", ward, SYSTEM)
    [key] = ward.media.keys()
    for path in folder().glob("*.zip"):
        path.write_bytes(path.read_bytes()[:-50])
    backup_file.sweep(folder())
    assert (folder() / "media" / key).exists()


def test_a_damaged_picture_does_not_come_back(ward: Desk) -> None:
    [key] = ward.media.keys()
    store = folder() / "media" / key
    store.parent.mkdir(parents=True)
    store.write_bytes(PICTURE + b"!")
    ward.media.delete(key)
    assert backup_file.bring_media(folder(), ward.media, [key]) == set()
    assert ward.media.keys() == []

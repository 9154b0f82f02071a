"""A department under a passphrase: sealed by the machine every night, opened by people alone."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path

import pytest

from core.foundation.access import SYSTEM, Actor, NotAllowed
from core.foundation.doors import Desk
from core.operations import backup, workspaces
from core.operations.audit_trail import trail
from core.operations.backup_file import DATABASE, MEDIA
from core.operations.backup_taking import BackupUnreadable
from core.operations.rescue import passphrases, sealing
from core.operations.rescue.sealing import PassphraseNeeded, PassphraseWrong
from tests.conftest import World
from tests.operations.backing_up import PICTURE, add, archive, folder, later, numbers, packed, unpacked

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", 2)


@pytest.fixture
def shut(ward: Desk) -> Desk:
    """The department, its backups sealed from now on."""
    passphrases.set_passphrase("department", ward, SYSTEM, WORDS, WORDS)
    return ward


def take_in(desk: Desk, data: bytes) -> backup.Backup:
    path = folder() / "arrived"
    path.write_bytes(data)
    try:
        return backup.take_in("department", desk, SYSTEM, path, "from-there.zip")
    finally:
        path.unlink()


def test_the_night_seals_without_knowing_the_passphrase(shut: Desk, machine: Path) -> None:
    made = backup.daily("department", shut)
    assert made is not None and made.sealed
    with zipfile.ZipFile(folder() / made.name) as found:
        assert b"SQLite format 3" not in found.read(DATABASE) and found.testzip() is None
    assert "李小雨".encode() not in (folder() / made.name).read_bytes()
    # Nothing on this machine holds the words: not the database, not its log, not the folder.
    for path in (one for one in machine.rglob("*") if one.is_file()):
        assert WORDS.encode() not in path.read_bytes(), path


def test_what_was_sealed_is_restored_with_its_passphrase_and_never_without(shut: Desk) -> None:
    made = backup.back_up("department", shut, SYSTEM)
    later(shut)
    add(shut, "A2")
    with pytest.raises(PassphraseNeeded):
        backup.look_into("department", shut, SYSTEM, made.name)
    with pytest.raises(PassphraseWrong):
        backup.restore("department", shut, SYSTEM, made.name, "correct horse batteries")
    assert numbers(shut) == ["A1", "A2"]
    assert backup.look_into("department", shut, SYSTEM, made.name, WORDS).patients == 1
    restored = backup.restore("department", shut, SYSTEM, made.name, WORDS)
    assert numbers(restored) == ["A1"]
    before = next(one for one in backup.backups("department") if one.by == "before")
    assert before.sealed, "what was there before lies sealed as well"


def test_what_leaves_the_house_is_sealed_to_the_last_picture(shut: Desk) -> None:
    entries = unpacked(archive(backup.back_up("department", shut, SYSTEM).name))
    [picture] = [name for name in entries if name.startswith(MEDIA)]
    assert PICTURE not in entries[picture] and len(entries) == 3
    assert entries[picture].startswith(sealing.MAGIC) and entries[DATABASE].startswith(sealing.MAGIC)


def test_a_sealed_file_from_another_machine_is_taken_as_it_is_and_opened_when_asked(shut: Desk) -> None:
    data = archive(backup.back_up("department", shut, SYSTEM).name)
    for path in [*folder().glob("*.zip"), *folder().glob("media/*/*")]:
        path.unlink()
    for key in list(shut.media.keys()):
        shut.media.delete(key)
    passphrases.set_passphrase("department", shut, SYSTEM, "another one here", "another one here")
    came = take_in(shut, data)
    assert came.by == "carried" and came.sealed and not list(folder().glob("media/*/*"))
    with pytest.raises(PassphraseWrong):
        backup.look_into("department", shut, SYSTEM, came.name, "another one here")
    assert backup.look_into("department", shut, SYSTEM, came.name, WORDS).missing == 0
    restored = backup.restore("department", shut, SYSTEM, came.name, WORDS)
    assert list(map(restored.media.read, restored.media.keys())) == [PICTURE]


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_a_flipped_byte_is_told_as_damage_and_not_as_a_wrong_passphrase(shut: Desk, at: float) -> None:
    made = backup.back_up("department", shut, SYSTEM)
    path = folder() / made.name
    held = bytearray(path.read_bytes())
    held[int(len(held) * at)] ^= 1
    path.write_bytes(held)
    with pytest.raises(BackupUnreadable) as said:
        backup.look_into("department", shut, SYSTEM, made.name, WORDS)
    assert "not a complete PilotDesk backup" in said.value.text("en")


def test_somebody_who_repairs_the_sums_after_a_change_is_noticed_all_the_same(shut: Desk) -> None:
    entries = unpacked(archive(backup.back_up("department", shut, SYSTEM).name))
    changed = bytearray(entries[DATABASE])
    changed[-100] ^= 1
    came = take_in(shut, packed(entries | {DATABASE: bytes(changed)}))
    with pytest.raises(BackupUnreadable):
        backup.look_into("department", shut, SYSTEM, came.name, WORDS)


def test_the_trail_says_that_and_never_by_what(shut: Desk) -> None:
    passphrases.leave_open("department", shut, SYSTEM)
    assert not backup.back_up("department", shut, SYSTEM).sealed
    lines, _total = shut.ask(SYSTEM, trail, kind="backup.sealed")
    assert [(line.before, line.after) for line in lines] == [
        ({"sealed": True}, {"sealed": False}),
        ({"sealed": False}, {"sealed": True}),
    ]


def test_a_damaged_lock_makes_no_open_backup_by_accident(
    shut: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    (folder() / passphrases.FILE).write_bytes(b"half")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(passphrases.LockDamaged):
        backup.back_up("department", shut, SYSTEM)
    assert backup.backups("department") == [] and WORDS not in caplog.text
    passphrases.set_passphrase("department", shut, SYSTEM, WORDS, WORDS)
    assert backup.back_up("department", shut, SYSTEM).sealed


def test_only_who_makes_backups_sets_their_passphrase(world: World, machine: Path) -> None:
    for role in ("nurse", "manager", "executive"):
        with pytest.raises(NotAllowed):
            passphrases.set_passphrase("department", world.desk, world.actors[role], WORDS, WORDS)
        with pytest.raises(NotAllowed):
            passphrases.leave_open("department", world.desk, world.actors[role])
    chief: Actor = world.actors["administrator"]
    with pytest.raises(passphrases.PassphrasesDiffer):
        passphrases.set_passphrase("department", world.desk, chief, WORDS, WORDS + "!")
    assert not passphrases.is_sealed("department")
    passphrases.set_passphrase("department", world.desk, chief, WORDS, WORDS)
    assert passphrases.lock("department") is not None and workspaces.folder("department").exists()

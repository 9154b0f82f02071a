"""From a damaged database back to work, by a command, when nobody can sign in; and what cron needs of it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.operations import backup, workspaces
from core.operations.audit_trail import trail
from core.operations.rescue import __main__ as command
from core.operations.rescue import passphrases, sealing, sound
from tests.operations.backing_up import PICTURE, add, archive, folder, later, numbers
from tests.operations.test_sound import overwrite_an_index, stat_that_fails

PROJECT = Path(__file__).resolve().parents[2]
WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def _console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", 2)
    monkeypatch.delenv(command.VARIABLE, raising=False)
    monkeypatch.setattr(command, "supported", lambda _wished: "en")
    monkeypatch.setattr(workspaces, "TRIED_EVERY", 0.0)


def database() -> Path:
    return workspaces.folder("department") / workspaces.DATABASE


def stop() -> None:
    workspaces.activate("department")
    workspaces.forget("department")


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: answer)


def run(*arguments: str) -> int:
    return command.main(list(arguments))


@pytest.fixture
def lost(ward: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """A department whose database is cut in half, with a backup of yesterday; its name."""
    made = backup.back_up("department", ward, SYSTEM)
    later(ward)
    add(ward, "A2")
    for key in list(ward.media.keys()):
        ward.media.delete(key)
    stop()
    os.truncate(database(), database().stat().st_size // 2)
    answering(monkeypatch, "yes")
    return made.name


def test_the_command_says_what_is_wrong_and_which_backups_are_there(
    lost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = folder() / "pilotdesk-20200101-000000.zip"
    broken.write_bytes((folder() / lost).read_bytes()[:-1500] + bytes(1500))
    assert run() == 0
    said = capsys.readouterr().err
    assert "is damaged" in said and f"{lost}  2026-03-05" in said and "readable" in said


def test_a_lost_department_comes_back_and_what_lay_there_is_kept(
    lost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    half = database().read_bytes()
    assert run("restore", lost) == 0
    said = capsys.readouterr().err
    assert "安和医院 · 产科, 1 patient" in said and "Start PilotDesk now" in said
    [aside] = database().parent.glob("pilotdesk.damaged-*")
    assert aside.read_bytes() == half and aside.name in said
    opened = workspaces.desk("department")
    assert numbers(opened) == ["A1"]
    assert [opened.media.read(key) for key in opened.media.keys()] == [PICTURE]  # noqa: SIM118
    lines, _total = opened.ask(SYSTEM, trail, kind="backup.restored")
    assert [line.after for line in lines] == [{"name": lost}]


def test_without_a_name_the_newest_good_backup_is_taken_and_no_leaves_everything(
    lost: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = database().read_bytes()
    answering(monkeypatch, "no")
    assert run("restore") == 0
    assert "Nothing was changed." in capsys.readouterr().err and database().read_bytes() == before
    assert run("restore", "--yes") == 0
    assert numbers(workspaces.desk("department")) == ["A1"]


def test_a_whole_file_from_another_machine_restores_an_empty_folder(
    ward: Desk, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passphrases.set_passphrase("department", ward, SYSTEM, WORDS, WORDS)
    carried = machine / "usb.zip"
    carried.write_bytes(archive(backup.back_up("department", ward, SYSTEM).name))
    stop()
    workspaces.folder("department").rename(machine / "lost")
    monkeypatch.setattr(command.getpass, "getpass", lambda _question: "something else")
    assert run("restore", str(carried), "--yes") == 1, "the passphrase is asked for"
    assert not database().exists()
    monkeypatch.setenv(command.VARIABLE, WORDS)
    assert run("restore", str(carried), "--yes") == 0
    opened = workspaces.desk("department")
    assert numbers(opened) == ["A1"] and len(opened.media.keys()) == 1
    assert carried.exists() and [one.by for one in backup.backups("department")] == ["carried"]


@pytest.mark.parametrize("what", ["pilotdesk-19990101-000000.zip", "../../etc/passwd"])
def test_what_is_no_backup_is_refused_and_nothing_moves(lost: str, what: str) -> None:
    before = database().read_bytes()
    assert run("restore", what, "--yes") == 1
    assert database().read_bytes() == before and not list(database().parent.glob("*.damaged-*"))


def test_a_sound_department_is_restored_on_its_page_and_not_by_the_command(
    ward: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    name = backup.back_up("department", ward, SYSTEM).name
    stop()
    assert run("restore", name, "--yes") == 1
    assert "The present database is sound." in capsys.readouterr().err
    assert run() == 0 and "The database is sound." in capsys.readouterr().err


def test_damage_that_a_short_look_does_not_reach_is_found_by_the_command(
    ward: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sound, "LONGEST_LOOK", 0.0)
    monkeypatch.setattr(sound, "_STEPS", 1)
    name = backup.back_up("department", ward, SYSTEM).name
    stop()
    overwrite_an_index(database())
    assert run() == 0 and "is damaged" in capsys.readouterr().err
    assert run("restore", name, "--yes") == 0
    assert numbers(workspaces.desk("department")) == ["A1"]


def test_a_file_that_cannot_be_reached_is_no_reason_to_restore(
    lost: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = database().read_bytes()
    with monkeypatch.context() as away:
        away.setattr(Path, "stat", stat_that_fails)
        assert run("restore", lost, "--yes") == 1
    assert "cannot be reached" in capsys.readouterr().err and database().read_bytes() == before


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
print(held.execute("SELECT count(*) FROM patients").fetchone()[0], flush=True)
input()
"""


def test_a_database_that_another_process_has_open_is_not_exchanged(
    ward: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    name = backup.back_up("department", ward, SYSTEM).name
    stop()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:  # fmt: skip
        assert other.stdout and other.stdout.readline() == "1\n"
        os.truncate(database(), database().stat().st_size // 2)
        half = database().read_bytes()
        assert run("restore", name, "--yes") == 1
        assert "has the database open" in capsys.readouterr().err
        assert database().read_bytes() == half and not list(database().parent.glob("*.damaged-*"))
        other.communicate("\n")
    assert run("restore", name, "--yes") == 0
    assert numbers(workspaces.desk("department")) == ["A1"]


def test_cron_carries_the_newest_backup_whole_to_another_folder(ward: Desk, machine: Path) -> None:
    backup.back_up("department", ward, SYSTEM)
    later(ward)
    newest = backup.back_up("department", ward, SYSTEM).name
    stop()
    target = machine / "nas"
    assert run("copy", str(target)) == 1, "no such folder"
    target.mkdir()
    assert run("copy", str(target)) == 0
    assert [one.name for one in target.iterdir()] == [newest]
    assert (target / newest).read_bytes()[:4] == b"PK\x03\x04"


def test_a_dump_is_sealed_by_the_machine_and_opened_by_the_passphrase(
    ward: Desk, machine: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any
) -> None:
    dump, source = b"PGDMP" + os.urandom(3_000_000), machine / "dump.sealed"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(dump)))
    assert run("seal") == 1 and capsysbinary.readouterr().out == b"", "without a passphrase nothing flows"
    passphrases.set_passphrase("department", ward, SYSTEM, WORDS, WORDS)
    assert run("seal") == 0
    source.write_bytes(capsysbinary.readouterr().out)
    assert dump[:1000] not in source.read_bytes()
    monkeypatch.setenv(command.VARIABLE, WORDS)
    assert run("open", str(source)) == 0 and capsysbinary.readouterr().out == dump
    source.write_bytes(source.read_bytes()[:-1])
    assert run("open", str(source)) == 1
    assert "damaged" in capsysbinary.readouterr().err.decode()


def test_it_is_started_as_the_page_says(lost: str, machine: Path) -> None:
    environment = os.environ | {"PILOTDESK_DATA_DIR": str(machine), "LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    told = subprocess.run(
        [sys.executable, "-m", "core.operations.rescue"],
        cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "数据库已损坏" in told.stderr and lost in told.stderr

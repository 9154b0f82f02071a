"""Other accounts of the machine read nothing of ours, also where a folder with wider rights was there before."""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.foundation.access import SYSTEM
from core.foundation.clock import SystemClock
from core.foundation.machine_key import machine_key
from core.foundation.private_files import keep_private
from core.foundation.settings import Settings, settings
from core.operations import backup, setting_up, workspaces
from core.people.patients import add_patient

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such rights")


@pytest.fixture(autouse=True)
def _as_a_new_process() -> Iterator[None]:
    keep_private.cache_clear()
    umask = os.umask(0o022)
    yield
    os.umask(umask)
    settings.cache_clear()


@pytest.fixture
def wide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that an older release, or a careful hand, left open to all."""
    data = tmp_path / "data"
    made = workspaces.open_desk("department", Settings(data_dir=data), SystemClock())
    made.media.put(b"a picture", ".webp")
    (data / "department" / "backups").mkdir()
    (data / "department" / "backups" / "pilotdesk-old.zip").write_bytes(b"")
    made.database.dispose()
    for path in [data, *data.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    monkeypatch.setenv("PILOTDESK_DATA_DIR", str(data))
    settings.cache_clear()
    keep_private.cache_clear()
    os.umask(0o000)
    return data


def readable_by_others(data: Path) -> list[str]:
    found = [data, *(path for path in data.rglob("*") if not path.is_symlink())]
    return [str(path.relative_to(data)) for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_an_open_data_folder_is_closed_at_start_and_stays_so(wide: Path) -> None:
    elsewhere = wide.parent / "not ours"
    elsewhere.write_text("of another programme")
    elsewhere.chmod(0o644)
    (wide / "department" / "media" / "link").symlink_to(elsewhere)
    (wide / "a folder of the hospital").mkdir(mode=0o755)
    assert len(readable_by_others(wide)) > 5

    desk = workspaces.open_desk("department", Settings(data_dir=wide), SystemClock())
    assert readable_by_others(wide) == ["a folder of the hospital"]
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644

    machine_key()
    setting_up.keep("hospital", "安和医院")
    workspaces.activate("department")
    desk.media.put(b"another picture", ".webp")
    with desk.media.spool.joinpath("film").open("wb") as film:
        film.write(b"a film")
    desk.do(SYSTEM, add_patient, "click", name="张三", record_number="R-1")
    with desk.database.writing():
        assert {"pilotdesk.sqlite-wal", "pilotdesk.sqlite-shm"} <= names(wide / "department")
        assert readable_by_others(wide) == ["a folder of the hospital"]
    made = backup.back_up("department", desk, SYSTEM)
    assert (wide / "department" / "backups" / made.name).exists()
    assert readable_by_others(wide) == ["a folder of the hospital"]
    desk.database.dispose()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_cannot_be_closed_is_said_once(
    wide: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def not_ours(path: Path, mode: int) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "chmod", not_ours)
    with caplog.at_level(logging.WARNING, logger="pilotdesk"):
        for _again in range(2):
            keep_private(wide, *workspaces.KINDS)
    [said] = caplog.records
    assert "stay readable" in said.getMessage() and said.getMessage().endswith(str(wide))


def test_windows_is_left_to_its_own_rights_and_that_is_said_once(
    wide: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = readable_by_others(wide)
    monkeypatch.setattr("core.foundation.private_files.os.name", "nt")
    with caplog.at_level(logging.WARNING, logger="pilotdesk"):
        for _again in range(2):
            keep_private(wide, *workspaces.KINDS)
    monkeypatch.undo()
    assert readable_by_others(wide) == before
    assert [record.getMessage().startswith("on Windows") for record in caplog.records] == [True]

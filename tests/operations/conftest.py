"""A machine of its own for what works on a whole data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.foundation.clock import SetClock
from core.foundation.doors import Desk
from core.foundation.house import HouseRow
from core.foundation.settings import settings
from core.operations import workspaces
from tests.conftest import NOON
from tests.operations.backing_up import PICTURE, add


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

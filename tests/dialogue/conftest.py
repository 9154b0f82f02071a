"""The knee ward for every test of the conversation, and a machine key of their own, so that none is made in the
project's folder."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.knee_ward import KneeWard, knee_ward


@pytest.fixture
def knee(world: World) -> KneeWard:
    return knee_ward(world)


@pytest.fixture(autouse=True)
def _own_machine_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"7" * 64)

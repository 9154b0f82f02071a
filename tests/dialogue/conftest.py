"""The knee ward for every test of the conversation."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.knee_ward import KneeWard, knee_ward


@pytest.fixture
def knee(world: World) -> KneeWard:
    return knee_ward(world)

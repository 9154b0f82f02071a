"""What is put into the outbox, and what of it leaves the house."""

from __future__ import annotations

import pytest

from tests.conftest import World
from tests.dialogue.telling_scene import Night, night


@pytest.fixture
def scene(world: World) -> Night:
    return night(world)


def test_without_a_channel_nothing_is_written_and_nothing_is_stopped(scene: Night) -> None:
    scene.tell()
    assert scene.outbox() == []


def test_an_occasion_is_written_once_for_each_channel_that_its_readers_have(scene: Night) -> None:
    scene.channel(roles=("doctor",))
    scene.channel(roles=("doctor", "manager"))
    scene.channel(roles=("nurse",))
    for _again in range(2):
        scene.tell(occasion="run:1:rung_1")
    assert [(row.channel_id, row.state) for row in scene.outbox()] == [(1, "waiting"), (2, "waiting")]


def test_who_is_told_by_number_is_found_by_her_role(scene: Night) -> None:
    scene.channel(roles=("manager",))
    scene.tell(staff_ids=[2], roles=[])
    assert len(scene.outbox()) == 1


def test_nothing_personal_is_written(scene: Night) -> None:
    scene.channel()
    scene.tell(step="rung_2")
    words = scene.outbox()[0].words
    assert words == f"警报 {scene.code}：还没有人接手"

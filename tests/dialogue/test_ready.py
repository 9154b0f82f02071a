"""Going live says whether staff who are not looking at the screen are told."""

from __future__ import annotations

from typing import Any

import pytest

from core.care.sale.readiness_points import KINDS, Case
from core.dialogue.telling.channels import add_channel
from core.foundation.doors import Look
from core.operations import wiring  # noqa: F401
from tests.conftest import World
from tests.dialogue.telling_scene import ROBOT, night
from tests.prenatal_ward import PrenatalWard

pytestmark = pytest.mark.usefixtures("own_machine_key")


def found(world: World, package_id: int = 1) -> Any:
    return world.ask("manager", lambda look: _found(look, package_id))


def _found(look: Look, package_id: int) -> tuple[bool, str]:
    met, fact = KINDS["telling"].found(Case(look, package_id))
    return met, fact.text("zh")


def test_without_a_channel_it_warns_and_the_house_may_go_on(world: World) -> None:
    night(world)
    met, words = found(world)
    assert not met and "还没有通道" in words
    assert KINDS["telling"].safety is False


def test_with_a_channel_it_is_met(world: World) -> None:
    night(world)
    world.do("manager", add_channel, kind="wecom", name="夜班群", roles=["doctor"], address=ROBOT)
    assert found(world)[0]


def test_a_package_that_promises_nothing_needs_no_channel(ward: PrenatalWard) -> None:
    assert found(ward.world, ward.package_id)[0]

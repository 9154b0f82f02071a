"""Going live asks whether the refund terms of a priced package stand as fields."""

from __future__ import annotations

from typing import Any

import pytest

from core.care.sale.going_live import override
from core.care.sale.readiness import Point, readiness
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from tests.conftest import World


def point(world: World, package_id: int) -> Point:
    found = world.ask("manager", readiness, package_id=package_id)
    [one] = [each for each in found.points if each.code == "refund_rule"]
    return one


def published(world: World, name: str, **changes: Any) -> int:
    document = load(name, "zh").model_dump(mode="json") | changes
    package_id: int = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    return package_id


@pytest.mark.parametrize(
    ("name", "changes", "state"),
    [("knee_7days", {}, "met"), ("knee_7days", {"refund": None}, "open"), ("health_bank", {}, "met")],
)
def test_a_priced_package_has_its_terms_as_fields_and_a_free_one_needs_none(
    world: World, name: str, changes: dict[str, Any], state: str
) -> None:
    assert point(world, published(world, name, **changes)).state == state


def test_it_can_wait_with_a_reason(world: World) -> None:
    package_id = published(world, "knee_7days", refund=None)
    world.do(
        "manager", override, package_id=package_id, point="refund_rule", reason="条款下周由科主任逐条核对"
    )
    assert point(world, package_id).state == "overridden"

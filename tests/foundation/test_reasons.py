"""Every act that needs a reason asks for it in the same way."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest

import core
from core.foundation import reasons
from core.foundation.access import SYSTEM
from core.foundation.doors import DEEDS
from tests.conftest import NOON, World

for room in pkgutil.walk_packages(core.__path__, "core."):
    if not room.name.startswith("core.migrations"):
        importlib.import_module(room.name)

REASONED = {name: deed for name, deed in DEEDS.items() if "reason" in inspect.signature(deed).parameters}
ASKED = sorted(
    name for name, deed in REASONED.items() if inspect.signature(deed).parameters["reason"].default != ""
)
ANYTHING = {"int": 1, "str": "x", "date": NOON.date()}


def write(world: World, name: str, reason: str) -> None:
    """Press the button with this reason; the rest is made up, because the reason is judged before it."""
    wanted = list(inspect.signature(DEEDS[name]).parameters.values())[1:]
    filled: dict[str, Any] = {
        p.name: ANYTHING.get(str(p.annotation).split(" | ")[0], 1) for p in wanted if p.default is p.empty
    }
    world.desk.do(SYSTEM, DEEDS[name], **{**filled, "reason": reason})


def test_the_acts_with_a_reason_are_found() -> None:
    assert len(ASKED) >= 15
    assert {"care.work.tasks.excuse", "bank.ledger.reverse_entry", "people.erasure.erase_patient"} <= set(
        ASKED
    )


@pytest.mark.parametrize("name", ASKED)
def test_every_act_that_needs_a_reason_refuses_an_empty_one(world: World, name: str) -> None:
    with pytest.raises(reasons.ReasonMissing):
        write(world, name, " \n ")


@pytest.mark.parametrize("name", sorted(REASONED))
def test_no_reason_is_cut_silently(world: World, name: str) -> None:
    with pytest.raises(reasons.TextTooLong) as refused:
        write(world, name, "因为" * 300)
    assert refused.value.field == "reason"


def test_a_reason_is_stored_without_the_spaces_around_it() -> None:
    assert reasons.given("  床位 已满 \n") == "床位 已满"


@pytest.mark.parametrize(("length", "fits"), [(200, True), (201, False)])
def test_a_reason_fits_its_column_or_is_refused(length: int, fits: bool) -> None:
    if fits:
        assert reasons.given("字" * length) == "字" * length
    else:
        with pytest.raises(reasons.TextTooLong):
            reasons.given("字" * length)


def test_a_remark_may_be_left_empty_and_names_its_field_when_too_long() -> None:
    assert reasons.remark("  ") == ""
    with pytest.raises(reasons.TextTooLong) as refused:
        reasons.remark("字" * 301, most=300, field="note")
    assert refused.value.field == "note"
    assert "300" in refused.value.text("en")

"""Every deed against itself and against its rivals, at the same instant on PostgreSQL: nothing but refusals.

Whoever comes second may be done, too, or be refused with a sentence. A raw error of the database (a doubled key, a
deadlock) or a row that went away in between would be shown to somebody as a fault.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import core
from core.foundation.access import Actor
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import DEEDS, Desk
from core.foundation.files import MediaStore
from core.operations import demo
from tests.at_once import at_once, faults, told
from tests.conftest import NOON, POSTGRES
from tests.operations.deed_arguments import ROWS, Arguments

pytestmark = pytest.mark.skipif(not POSTGRES, reason="PILOTDESK_TEST_POSTGRES is not set")
for room in pkgutil.walk_packages(core.__path__, "core."):
    if not room.name.startswith("core.migrations"):
        importlib.import_module(room.name)

RIVALS = 3
MOSTLY = 95
# What others need comes first, what ends everything last.
FIRST = (".begin_example", ".propose_adjustment", ".take_reward_for", ".add_channel")
FINAL = (
    ".erase_patient", ".discard_study", ".gentle_stop", ".cancel_and_refund", ".remove_candidate", ".complete",
    ".delete_own", ".run_out", ".cancel_voucher",
)  # fmt: skip


def in_order() -> list[str]:
    ours = [
        name for name, deed in DEEDS.items() if deed.__module__.startswith("core.")
    ]  # other tests have deeds, too
    return sorted(ours, key=lambda name: (name.endswith(FINAL), not name.endswith(FIRST), name))


@pytest.fixture
def desk(database: Database, tmp_path: Path, own_machine_key: None) -> Desk:
    desk = Desk(database, MediaStore(str(tmp_path / "media")), SetClock(NOON))
    demo.create(desk, "zh", patients=25)
    return desk


def call(desk: Desk, name: str, actor: Actor, given: dict[str, Any]) -> Callable[[], Any]:
    return lambda: desk.do(actor, DEEDS[name], "", **given)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_every_deed_at_once_with_itself_and_with_its_rivals_meets_nothing_but_refusals(desk: Desk) -> None:
    arguments, done = Arguments(desk), set()
    wrong: dict[str, Counter[str]] = {}
    for name in in_order():
        answers = at_once(*[call(desk, name, *arguments.of(name))] * RIVALS)
        if told(answers)["done"]:
            done.add(name)
        if faults(answers):
            wrong[name] = told(answers)
    assert wrong == {}, wrong
    assert len(done) >= MOSTLY, "more deeds than that have arguments with which they go through"
    for parameter, which in ROWS.items():
        rivals = [name for name in in_order() if parameter in inspect.signature(DEEDS[name]).parameters]
        same = arguments.first(*which)
        calls = [
            call(desk, name, actor, given | {parameter: same})
            for name in rivals
            for actor, given in [arguments.of(name)]
        ]
        answers = at_once(*calls)
        if faults(answers):
            wrong[parameter] = told(answers)
    assert wrong == {}, wrong

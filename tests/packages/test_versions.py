"""Documents as they are read: what the house says in them is asked once, however many are read."""

from __future__ import annotations

from typing import Any

import pytest

from core.department.profile import change_facts
from core.foundation.doors import Look, question
from core.foundation.fast.statements import Hot
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.packages.versions import newest_row, pinned
from tests.conftest import World

RAW = load("prenatal_quest", "zh").model_dump(mode="json")


@question("package.read")
def promises(look: Look, *, package_id: int, times: int) -> list[str]:
    row = newest_row(look.session, package_id)
    assert row is not None
    return [pinned(look.session, row.id, row.published_at).promise for _each in range(times)]


@pytest.fixture
def pack(world: World) -> int:
    made: int = world.do(
        "manager", take_template, document=RAW | {"promise": "有事请拨打{phone}，到{place_US}。"}
    )
    world.do("manager", publish, package_id=made)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Hot]:
    """The prepared statements that reach the driver; they pass the engine's own events by."""
    sent: list[Hot] = []
    run = Hot._run

    def noted(self: Hot, *rest: Any) -> Any:
        sent.append(self)
        return run(self, *rest)

    monkeypatch.setattr(Hot, "_run", noted)
    return sent


def test_a_list_asks_the_house_once_however_many_documents_it_reads(
    world: World, pack: int, asked: list[Hot]
) -> None:
    world.ask("nurse", promises, package_id=pack, times=1)
    one = len(asked)
    asked.clear()
    world.ask("nurse", promises, package_id=pack, times=30)
    assert len(asked) == one and one > 0


def test_the_next_transaction_reads_what_the_house_says_by_then(world: World, pack: int) -> None:
    [before] = world.ask("nurse", promises, package_id=pack, times=1)
    world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Shanghai", print_language="zh",
        phone="020-5550 0199", address="", pilot_start=None,
    )  # fmt: skip
    [after] = world.ask("nurse", promises, package_id=pack, times=1)
    assert before != after and "020-5550 0199" in after

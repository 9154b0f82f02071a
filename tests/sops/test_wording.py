"""What is sold says what the SOP was approved for: changed words pause the sale, a changed price does not."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest

from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish, take_template
from core.packages.templates import load
from core.sops.approval import approve, retire, sales_blocked, submit
from core.sops.document import SopDocument
from core.sops.drafts import keep_own
from core.sops.shelf import in_force, overview, versions, working
from core.sops.states import latest_review
from core.sops.tables import SopVersionRow
from core.sops.wording import draft_unapproved
from tests.conftest import World

RAW = load("prenatal_quest", "zh").model_dump(mode="json")


@pytest.fixture
def pack(world: World) -> int:
    """Published, with its SOP approved."""
    made: int = world.do("manager", take_template, document=RAW)
    world.do("manager", publish, package_id=made)
    approved(world, made)
    return made


def approved(world: World, pack: int, after: int = 0) -> int:
    now = world.ask("manager", working, package_id=pack)
    world.clock.advance(timedelta(seconds=1))
    own = now.working | {"owner": "李护士长"}
    world.do("manager", keep_own, package_id=pack, working=own, expected_changed_at=now.changed_at)
    version: int = world.do("manager", submit, package_id=pack, what="措辞", why="说得更清楚")
    day = world.today + timedelta(days=after)
    world.do("doctor", approve, version_id=version, effective_on=day, review_on=latest_review(day))
    return version


def edited(world: World, pack: int, **changes: Any) -> None:
    known = world.ask("manager", draft, package_id=pack)
    world.clock.advance(timedelta(seconds=1))
    world.do(
        "manager", keep_draft, package_id=pack, working=known.working | changes,
        expected_changed_at=known.changed_at,
    )  # fmt: skip


def other_tasks() -> list[dict[str, Any]]:
    """What a patient reads of the first task is another text; no line of the SOP shows it."""
    tasks = copy.deepcopy(RAW["tasks"])
    tasks[0]["bring"] = "身份证和上次的化验单"
    return tasks


def paused(world: World, pack: int) -> bool:
    block = world.ask("front_desk", sales_blocked, package_id=pack)
    return block is not None and block.why == "wording"


def test_changed_wording_is_not_sold_before_its_sop_is_approved(world: World, pack: int) -> None:
    assert not paused(world, pack)
    edited(world, pack, promise="每一次产检都有人陪您把关。")
    assert not paused(world, pack), "an edit that nobody published changes nothing"
    world.do("manager", publish, package_id=pack)
    block = world.ask("front_desk", sales_blocked, package_id=pack)
    assert block.why == "wording" and block.number == 2 and "2026年3月5日" in block.text("zh")
    approved(world, pack)
    assert not paused(world, pack)


def test_what_patients_read_counts_as_wording_though_the_sop_does_not_print_it(
    world: World, pack: int
) -> None:
    edited(world, pack, tasks=other_tasks())
    assert world.ask("manager", draft_unapproved, package_id=pack)
    assert next(line for line in world.ask("manager", overview) if line.package_id == pack).changed
    world.do("manager", publish, package_id=pack)
    assert paused(world, pack)


def test_a_changed_price_alone_needs_no_new_approval(world: World, pack: int) -> None:
    edited(world, pack, price_fen=RAW["price_fen"] + 6900)
    assert not world.ask("manager", draft_unapproved, package_id=pack)
    world.do("manager", publish, package_id=pack)
    assert not paused(world, pack)


def test_another_worth_price_or_number_of_points_needs_no_new_approval(world: World, pack: int) -> None:
    rewards, rules, tasks = (copy.deepcopy(RAW[name]) for name in ("rewards", "earning_rules", "tasks"))
    for reward in rewards:
        reward["value_fen"] = (reward["value_fen"] or 0) + 100
        reward["cost_points"] = reward["cost_points"] and reward["cost_points"] + 5
    for rule in rules:
        rule["points"] += 1
    worth = {rule["code"]: rule["points"] for rule in rules}
    for task in tasks:
        task["points"] = task["points"] and worth[task["earns"]]
    edited(world, pack, rewards=rewards, earning_rules=rules, tasks=tasks)
    assert not world.ask("manager", draft_unapproved, package_id=pack)
    world.do("manager", publish, package_id=pack)
    assert not paused(world, pack)


def in_use(world: World, pack: int) -> SopDocument:
    found: SopDocument = world.ask("nurse", in_force, package_id=pack).text
    return found


def test_the_sop_in_force_says_the_price_that_is_sold_and_no_other(world: World, pack: int) -> None:
    assert "199元" in in_use(world, pack).steps[0].wording
    edited(world, pack, price_fen=29900)
    assert in_use(world, pack).price_fen == 19900, "an edit that nobody published changes nothing"
    world.do("manager", publish, package_id=pack)
    said = in_use(world, pack)
    assert not paused(world, pack) and said.price_fen == 29900
    assert "299元" in said.steps[0].wording and "299 yuan" in said.steps[0].other_wording
    assert "199" not in said.steps[0].wording + said.steps[0].other_wording
    assert not next(line for line in world.ask("manager", overview) if line.package_id == pack).changed


def test_an_sop_that_was_retired_goes_on_saying_what_was_sold_then(world: World, pack: int) -> None:
    world.clock.advance(timedelta(days=2))
    approved(world, pack)
    world.clock.advance(timedelta(days=2))
    edited(world, pack, price_fen=29900)
    world.do("manager", publish, package_id=pack)
    now, then = world.ask("manager", versions, package_id=pack)
    assert ("299元" in now.text.steps[0].wording, now.text.price_fen) == (True, 29900)
    assert ("199元" in then.text.steps[0].wording, then.text.price_fen) == (True, 19900)


def test_an_sop_that_wrote_the_price_out_keeps_its_text(world: World, pack: int) -> None:
    with world.desk.database.writing() as session:
        for row in session.query(SopVersionRow):
            row.document = json.loads(json.dumps(row.document).replace("{price}", "199 yuan")) | {"facts": {}}
    edited(world, pack, price_fen=29900)
    world.do("manager", publish, package_id=pack)
    assert "199 yuan" in in_use(world, pack).steps[0].wording and in_use(world, pack).price_fen == 29900


def test_before_anything_is_published_an_sop_says_what_was_handed_in(world: World) -> None:
    made: int = world.do("manager", take_template, document=RAW | {"code": "ANOTHER"})
    approved(world, made)
    assert "199元" in in_use(world, made).steps[0].wording and in_use(world, made).price_fen == 19900


def test_an_amount_that_becomes_a_field_says_nothing_else(world: World) -> None:
    written = json.loads(json.dumps(RAW).replace("{price}", "199元"))
    made: int = world.do("manager", take_template, document=written)
    world.do("manager", publish, package_id=made)
    approved(world, made)
    edited(world, made, **{name: RAW[name] for name in RAW if RAW[name] != written[name]})
    assert not world.ask("manager", draft_unapproved, package_id=made)
    world.do("manager", publish, package_id=made)
    assert not paused(world, made)
    edited(world, made, promise="每一次产检都有人陪您把关。")
    assert world.ask("manager", draft_unapproved, package_id=made)


def test_whoever_has_the_sop_approved_first_never_stops_selling(world: World, pack: int) -> None:
    edited(world, pack, tasks=other_tasks())
    world.clock.advance(timedelta(days=3))
    approved(world, pack)
    assert not paused(world, pack), "the former version stays on sale"
    world.do("manager", publish, package_id=pack)
    assert not paused(world, pack)


def test_an_approval_for_a_later_day_begins_on_that_day(world: World, pack: int) -> None:
    edited(world, pack, tasks=other_tasks())
    world.do("manager", publish, package_id=pack)
    approved(world, pack, after=3)
    assert paused(world, pack)
    world.clock.advance(timedelta(days=3))
    assert not paused(world, pack)


def test_words_taken_back_later_need_approval_again(world: World, pack: int) -> None:
    edited(world, pack, tasks=other_tasks())
    approved(world, pack)
    world.do("manager", publish, package_id=pack)
    world.clock.advance(timedelta(days=2))
    edited(world, pack, tasks=RAW["tasks"])
    world.do("manager", publish, package_id=pack)
    assert paused(world, pack), "the approval of the old text was over before it came back"


def test_an_sop_that_noted_no_words_is_held_to_its_own_text(world: World, pack: int) -> None:
    with world.desk.database.writing() as session:
        for row in session.query(SopVersionRow):
            row.document = {name: value for name, value in row.document.items() if name != "wording"}
    edited(world, pack, price_fen=RAW["price_fen"] + 6900)
    world.do("manager", publish, package_id=pack)
    assert not paused(world, pack)
    edited(world, pack, refund_terms="开始后七天内可全额退款。")
    world.do("manager", publish, package_id=pack)
    assert paused(world, pack)


def test_a_retired_sop_says_so_and_not_the_wording(world: World, pack: int) -> None:
    edited(world, pack, tasks=other_tasks())
    version = approved(world, pack)
    world.do("manager", publish, package_id=pack)
    world.do("doctor", retire, version_id=version, reason="要整篇重写一遍")
    assert world.ask("front_desk", sales_blocked, package_id=pack).why == "retired"

"""Edits of a draft: the old one stays as it was, and what belongs together stays together."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.packages.document import problems
from core.packages.editing import (
    duplicated,
    field_at,
    free_code,
    moved,
    numbered,
    with_entry,
    with_field,
    with_new_task,
    without_entry,
)
from core.packages.templates import load
from tests.packages.test_parts import exercise, week

RAW = load("prenatal_quest", "en").model_dump(mode="json")
CODES = [task["code"] for task in RAW["tasks"]]


def codes(draft: dict[str, Any]) -> list[str]:
    return [task["code"] for task in draft["tasks"]]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("price_fen", 1),
        ("tasks.P05.title", "New"),
        ("tasks.P05.place.route", "New way"),
        ("sop.steps.3.minutes", 7),
        ("costs.nurse", 6000),
        ("rewards.ROOM.stock", None),
        ("badge_target.count", 9),
    ],
)
def test_an_edit_changes_one_field_and_leaves_the_old_draft_alone(path: str, value: Any) -> None:
    before = copy.deepcopy(RAW)
    new = with_field(RAW, path, value)
    assert before == RAW
    assert field_at(new, path) == value
    assert with_field(new, path, field_at(RAW, path)) == RAW


def test_an_edit_of_what_is_gone_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        with_field(RAW, "tasks.P99.title", "x")
    assert field_at(RAW, "tasks.P99.title", "none") == "none"


def test_paths_lead_to_the_problems_of_their_field() -> None:
    broken = with_field(RAW, "tasks.P05.title", "")
    assert numbered(broken, "tasks.P05.title") == problems(broken)[0].where == "tasks.4.title"
    assert numbered(RAW, "sop.steps.3.minutes") == "sop.steps.2.minutes"


def test_the_window_of_a_daily_task_follows_its_days() -> None:
    draft = week(exercise(repeat_days=1, opens_day=1, closes_day=1))
    daily = with_field(draft, "tasks.PUMP.repeat_days", 7)
    assert (daily["tasks"][0]["opens_day"], daily["tasks"][0]["closes_day"]) == (1, 7)
    later = with_field(daily, "tasks.PUMP.opens_day", 3)
    assert later["tasks"][0]["closes_day"] == 9
    longer = with_field(later, "tasks.PUMP.closes_day", 12)
    assert longer["tasks"][0]["repeat_days"] == 10
    assert problems(longer) == []


def test_points_follow_their_rule() -> None:
    before = copy.deepcopy(RAW)
    new = with_field(RAW, "earning_rules.CHECKUP.points", 120)
    assert before == RAW
    assert problems(new) == []
    assert {task["points"] for task in new["tasks"] if task["earns"] == "CHECKUP"} == {120}
    assert with_field(RAW, "tasks.P08.earns", "CHECKUP")["tasks"][7]["points"] == 100
    assert problems(without_entry(RAW, "earning_rules", "CHECKUP")) == []


def test_a_medical_reminder_loses_its_game() -> None:
    aim = with_field(RAW, "badge_target.count", 9)
    assert problems(with_field(aim, "tasks.P05.kind", "alert")) == []


def test_a_reward_taken_out_takes_the_target_with_it() -> None:
    assert problems(without_entry(RAW, "rewards", "LABOUR_500")) == []


def test_a_task_taken_out_takes_its_messages_with_it() -> None:
    about = {"code": "M1", "trigger": "task_opens", "task": "P05", "channel": "page", "text": "x"}
    draft = with_entry(RAW, "messages", about)
    assert problems(draft) == []
    assert without_entry(draft, "tasks", "P05")["messages"] == RAW["messages"]


def test_a_copy_of_a_task_stands_behind_it_and_is_sound() -> None:
    new, code = duplicated(RAW, "P05")
    assert codes(new)[4:6] == ["P05", code] and code not in CODES
    assert problems(new) == []


def test_a_new_task_asks_for_its_texts() -> None:
    new, code = with_new_task(RAW, "New task")
    assert {problem.where.split(".")[-1] for problem in problems(new)} == {"bring", "what", "wording"}
    assert codes(new)[-1] == code


@given(st.sampled_from(CODES), st.integers(-3, 30))
def test_moving_keeps_every_task_and_puts_one_where_it_was_asked(code: str, place: int) -> None:
    new = codes(moved(RAW, code, place))
    assert sorted(new) == sorted(CODES)
    assert new.index(code) == min(max(place, 1), len(CODES)) - 1
    assert [one for one in new if one != code] == [one for one in CODES if one != code]


@given(st.from_regex(r"\A[A-Z][A-Z0-9_]{0,19}\Z"), st.integers(1, 30))
def test_a_free_code_is_free_and_fits(code: str, many: int) -> None:
    taken: set[str] = set()
    for _ in range(many):
        new = free_code(code, taken)
        assert new not in taken and 1 <= len(new) <= 20
        taken.add(new)


LIST = [{"text": one, "required": True} for one in ("干燥", "无脓", "没有裂开")]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["新增", "干燥", "无脓", "没有裂开"], [[3]]),
        (["没有裂开", "无脓", "干燥"], [[2]]),
        (["干燥", "没有流脓", "没有裂开"], [[2]]),
        (["干燥", "没有裂开"], []),
    ],
    ids=["put in before", "turned round", "reworded", "taken out"],
)
def test_a_rule_goes_on_looking_at_the_same_items(texts: list[str], expected: list[list[int]]) -> None:
    raw = load("knee_7days", "zh").model_dump(mode="json")
    raw = with_field(raw, "tasks.WOUND.rules", [])
    raw = with_field(raw, "tasks.WOUND.checklist", LIST)
    raw = with_field(raw, "tasks.WOUND.rules", [{"test": "unticked", "items": [2], "level": "orange"}])
    new = with_field(raw, "tasks.WOUND.checklist", [{"text": one, "required": True} for one in texts])
    assert [rule["items"] for rule in field_at(new, "tasks.WOUND.rules")] == expected
    # One that looks at every item goes on looking at every item.
    raw = with_field(raw, "tasks.WOUND.rules.0.items", [])
    new = with_field(raw, "tasks.WOUND.checklist", [{"text": one, "required": True} for one in texts])
    assert [rule["items"] for rule in field_at(new, "tasks.WOUND.rules")] == [[]]


def test_a_message_forgets_the_film_of_a_task_that_is_taken_out() -> None:
    raw = load("knee_7days", "zh").model_dump(mode="json")
    new = without_entry(raw, "tasks", "WALK")
    assert field_at(new, "messages.DAY4.shows") is None and field_at(new, "messages.DAY2.shows") == "SLR"


def test_a_removed_task_no_longer_uses_an_entitlement() -> None:
    ready = load("prenatal_quest", "zh").model_dump(mode="json")
    left = with_field(ready, "entitlements.CLASS.tasks", ["P11", "P12"])
    new = without_entry(left, "tasks", "P12")
    assert field_at(new, "entitlements.CLASS.tasks") == ["P11"]
    assert field_at(left, "entitlements.CLASS.tasks") == ["P11", "P12"]

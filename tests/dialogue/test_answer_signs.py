"""Each test of a rule at its limit, below it, and where there is nothing to compare."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.dialogue.answers.answer_signs import (
    Given,
    days_gone,
    gone_without,
    highest,
    left_open,
    met,
    told,
    told_without,
)
from core.packages.answer_rules import AnswerRule
from core.packages.document import PackageDocument
from core.packages.parts import Task
from tests.answering_ward import knee_document

DAY = date(2026, 3, 5)
DOCUMENT = PackageDocument.model_validate(knee_document())
TEMP, WOUND, NRS = (DOCUMENT.task(code) for code in ("TEMP", "WOUND", "NRS"))


def rule(test: str, value: float | None = None, upper: float | None = None, **more: object) -> AnswerRule:
    return AnswerRule.model_validate({"test": test, "value": value, "upper": upper, "level": "yellow"} | more)


def is_met(one: AnswerRule, number: float | None, before: float | None = None, task: Task = TEMP) -> bool:
    earlier = {} if before is None else {DAY - timedelta(days=1): before}
    return bool(met(task, [one], Given(DAY, number), earlier))


@pytest.mark.parametrize(
    ("one", "yes", "no"),
    [
        (rule("at_least", 38.0), (38.0, 41.2), (37.9, None)),
        (rule("at_most", 35.0), (35.0, 34.0), (35.1, None)),
        (rule("between", 4, 6), (4, 5, 6), (3, 7, None)),
    ],
)
def test_a_limit_belongs_to_its_rule(
    one: AnswerRule, yes: tuple[float, ...], no: tuple[float | None, ...]
) -> None:
    assert all(is_met(one, number) for number in yes) and not any(is_met(one, number) for number in no)


def test_a_rise_is_counted_from_the_day_before_alone() -> None:
    one = rule("rose_by", 1.0)
    assert is_met(one, 38.1, 37.1), "binary fractions lie below 1.0"
    assert not is_met(one, 38.0, 37.1) and not is_met(one, 40.0) and not is_met(one, None, 37.0)
    long_ago = {DAY - timedelta(days=2): 36.0}
    assert met(TEMP, [one], Given(DAY, 40.0), long_ago) == []


def test_an_item_left_open_is_met_only_where_a_list_was_ticked() -> None:
    every, second = rule("unticked"), rule("unticked", items=(2,))
    full = frozenset(range(1, len(WOUND.checklist) + 1))
    required = {at for at, item in enumerate(WOUND.checklist, start=1) if item.required}
    assert not met(WOUND, [every, second], Given(DAY, ticks=full), {})
    assert met(WOUND, [every, second], Given(DAY, ticks=full - {2}), {}) == [every, second]
    assert met(WOUND, [every, second], Given(DAY, ticks=full - {3}), {}) == [every]
    assert not met(WOUND, [every], Given(DAY), {})
    assert set(left_open(WOUND, every, frozenset())) == required
    assert left_open(WOUND, rule("unticked", items=(99,)), frozenset()) == ()


def test_days_without_end_at_a_day_done_or_not_planned() -> None:
    yesterday = DAY - timedelta(days=1)
    days = [yesterday - timedelta(days=n) for n in range(4)]
    assert days_gone({days[0]: False, days[1]: False, days[2]: True, days[3]: False}, yesterday) == 2
    assert days_gone({days[0]: False, days[2]: False}, yesterday) == 1
    assert days_gone({days[0]: True, days[1]: False}, yesterday) == 0 and days_gone({}, yesterday) == 0
    two = rule("days_without", 2)
    assert gone_without([two], 2) == [two] and gone_without([two], 1) == []
    assert gone_without([rule("days_without", 0)], 0) == [], "no gap is never a sign"
    assert not is_met(two, 5.0)


def test_the_most_urgent_level_counts() -> None:
    assert highest(["yellow", "red", "orange"]) == "red" and highest([]) == ""


def test_a_rule_is_told_in_the_words_of_its_package() -> None:
    given = Given(DAY, 39.6)
    hit = told(TEMP, rule("at_least", 38.0, advice="请再量一次"), given, {}, "zh")
    assert (hit.why, hit.advice, hit.level) == (f"{TEMP.title}：39.6 ℃（38及以上）", "请再量一次", "yellow")
    risen = told(NRS, rule("rose_by", 3), Given(DAY, 6), {DAY - timedelta(days=1): 3}, "en")
    assert risen.why == f"{NRS.title}: 6/10, 3 the day before"
    opened = told(WOUND, rule("unticked", items=(1,)), Given(DAY, ticks=frozenset()), {}, "zh")
    assert WOUND.checklist[0].text in opened.why
    assert told_without(TEMP, rule("days_without", 2), 2, "en").why == f"{TEMP.title}: not done for 2 days"

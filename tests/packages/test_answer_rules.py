"""Rules on answers as they are written: what is missing, what can never be met, what fits which answer."""

from __future__ import annotations

from typing import Any

import pytest

from core.packages.answer_rules import TEST_NAMES, AnswerRule, Measure, fitting_tests
from core.packages.document import PackageDocument, problems
from core.packages.editing import with_field
from core.packages.parts import EVIDENCE_NAMES
from core.packages.promise_words import rule_in_words
from core.packages.templates import load

RAW = load("knee_7days", "en").model_dump(mode="json")


def said(path: str, value: Any) -> list[str]:
    """Where and what is wrong once one field is set."""
    return [f"{one.where}: {one.text('en')}" for one in problems(with_field(RAW, path, value))]


def place(code: str) -> int:
    return next(at for at, task in enumerate(RAW["tasks"]) if task["code"] == code)


def test_the_template_has_no_problem() -> None:
    assert problems(RAW) == []


@pytest.mark.parametrize(
    ("rule", "field", "words"),
    [
        ({"test": "at_least", "level": "orange"}, "value", "This rule needs its limit."),
        ({"test": "between", "value": 39, "level": "orange"}, "upper", "“Between” needs two values"),
        (
            {"test": "between", "value": 39, "upper": 38, "level": "red"},
            "upper",
            "“Between” needs two values",
        ),
        (
            {"test": "at_least", "value": 380, "level": "orange"},
            "value",
            "outside what can be answered (34 to 43)",
        ),
        (
            {"test": "between", "value": 38, "upper": 99, "level": "red"},
            "upper",
            "outside what can be answered",
        ),
        ({"test": "unticked", "level": "orange"}, "test", "never like that"),
        ({"test": "at_least", "value": 38, "level": "purple"}, "level", "not possible here"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_at_its_field(rule: dict[str, Any], field: str, words: str) -> None:
    (found,) = said("tasks.TEMP.rules", [rule])
    assert found.startswith(f"tasks.{place('TEMP')}.rules.0.{field}: ") and words in found


def test_a_score_has_eleven_values() -> None:
    assert "(0 to 10)" in said("tasks.NRS.rules.0.value", 11)[0]
    assert said("tasks.NRS.rules.0.value", 10) == []


def test_an_item_that_is_not_in_the_list_is_said() -> None:
    (found,) = said("tasks.WOUND.rules.0.items", [2, 40])
    assert (
        found
        == f"tasks.{place('WOUND')}.rules.0.items: The list of this task has no item 40 any more. Choose the items again."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"unit": "℃", "low": 43, "high": 34, "decimals": 1}, "must be above the smallest"),
        ({"unit": "", "low": 34, "high": 43}, "This is empty"),
        ({"unit": "℃", "low": 34, "high": 43, "decimals": 3}, "The largest possible value is 2"),
    ],
)
def test_a_plausible_range_runs_upwards_and_has_a_unit(value: dict[str, Any], words: str) -> None:
    assert any(words in one for one in said("tasks.TEMP.measure", value))


def test_at_most_four_photos_may_come_with_an_answer() -> None:
    assert said("tasks.WOUND.photos", 4) == []
    assert "The largest possible value is 4" in said("tasks.WOUND.photos", 5)[0]


@pytest.mark.parametrize("evidence", EVIDENCE_NAMES)
def test_only_tests_that_can_be_met_are_offered(evidence: str) -> None:
    offered = fitting_tests(evidence, has_list=evidence == "checklist")
    assert offered and set(offered) <= set(TEST_NAMES) and "days_without" in offered
    assert ("at_least" in offered) == (evidence in ("count", "scale", "value"))
    assert ("unticked" in offered) == (evidence == "checklist")


def test_a_version_from_before_has_no_rules() -> None:
    bare = {k: v for k, v in RAW["tasks"][0].items() if k not in ("rules", "measure", "photos", "rubric")}
    document = PackageDocument.model_validate({**RAW, "tasks": [bare, *RAW["tasks"][1:]]})
    task = document.tasks[0]
    assert (task.rules, task.measure, task.photos, task.rubric) == ((), None, 0, ())


def test_a_rule_in_words_names_limit_unit_and_level() -> None:
    task = next(one for one in RAW["tasks"] if one["code"] == "TEMP")
    assert rule_in_words(task["rules"][0], task, "en") == "the value is at least 38 °C → Orange"
    assert AnswerRule(test="days_without", value=2, level="yellow").items == ()
    assert Measure(unit="°", low=0, high=150).decimals == 0

"""A newer template fills the gaps of an older draft and nothing else."""

from __future__ import annotations

from typing import Any

from core.packages.document import problems
from core.packages.editing import field_at, with_field
from core.packages.taking_over import filled_from, template_of
from core.packages.templates import load

READY = load("knee_7days", "zh").model_dump(mode="json")


def bare() -> dict[str, Any]:
    """The package as departments took it before answers and promises were fields."""
    tasks = [
        {name: value for name, value in task.items() if name not in ("measure", "photos", "rules", "rubric")}
        for task in READY["tasks"]
    ]
    left = {name: value for name, value in READY.items() if name not in ("promises", "signs", "silence")}
    return {**left, "tasks": tasks}


def test_gaps_are_filled_and_the_result_has_no_problem() -> None:
    new = filled_from(bare(), READY)
    assert problems(new) == []
    for path in (
        "promises",
        "signs",
        "silence",
        "tasks.TEMP.measure",
        "tasks.WOUND.rules",
        "tasks.PUMP_VIDEO.rubric",
    ):
        assert field_at(new, path) == field_at(READY, path), path


def test_an_exercise_gets_its_drawing_and_steps_and_keeps_its_own_words() -> None:
    """As departments took the template before it had drawings."""
    draft = with_field(bare(), "tasks.PUMP.material", {"text": "像医生教的那样做。", "video_key": ""})
    draft = with_field(draft, "tasks.QUAD.material.drawing", "leg_up")
    new = filled_from(draft, READY)
    pumps = field_at(new, "tasks.PUMP.material")
    assert pumps["text"] == "像医生教的那样做。" and pumps["drawing"] == "ankle_pumps"
    assert pumps["short_steps"] == field_at(READY, "tasks.PUMP.material.short_steps")
    assert field_at(new, "tasks.QUAD.material.drawing") == "leg_up", "chosen by the department"
    assert problems(new) == []


def test_what_a_department_wrote_itself_stays() -> None:
    own = [{"test": "at_least", "value": 38.3, "level": "orange", "advice": ""}]
    draft = with_field(with_field(bare(), "tasks.TEMP.rules", own), "price_fen", 100)
    new = filled_from(draft, READY)
    assert field_at(new, "tasks.TEMP.rules") == own and new["price_fen"] == 100


def test_a_rule_finds_its_items_by_their_text_and_another_way_to_answer_is_left_alone() -> None:
    lines = [{"text": "新的一条", "required": True}, *field_at(READY, "tasks.WOUND.checklist")]
    draft = with_field(with_field(bare(), "tasks.WOUND.checklist", lines), "tasks.NRS.evidence", "tick")
    new = filled_from(draft, READY)
    assert field_at(new, "tasks.WOUND.rules.0.items") == [
        at + 1 for at in field_at(READY, "tasks.WOUND.rules.0.items")
    ]
    assert not field_at(new, "tasks.NRS.rules")


def test_nothing_lacking_is_the_same_draft_and_an_own_package_has_no_template() -> None:
    assert filled_from(READY, READY) is READY
    assert template_of(READY) == READY and template_of({**READY, "code": "own"}) is None


def uncounted() -> dict[str, Any]:
    """The package as departments took it before entitlements counted themselves and the refund rule was fields."""
    rights = [{name: one[name] for name in ("code", "name", "count")} for one in READY["entitlements"]]
    steps = [{k: v for k, v in step.items() if k != "happens"} for step in READY["sop"]["steps"]]
    left = {name: value for name, value in READY.items() if name not in ("refund", "amends")}
    return {**left, "entitlements": rights, "sop": {**READY["sop"], "steps": steps}}


def test_what_uses_an_entitlement_and_what_shows_a_step_are_filled() -> None:
    new = filled_from(uncounted(), READY)
    assert problems(new) == []
    assert [(one["counted"], one["tasks"]) for one in new["entitlements"]] == [
        (one["counted"], one["tasks"]) for one in READY["entitlements"]
    ]
    assert field_at(new, "sop.steps.7.happens") == "film" and field_at(new, "sop.steps.5.happens", "") == ""
    assert new["refund"] == READY["refund"]


def test_a_way_of_counting_chosen_by_the_department_stays_and_a_task_it_has_not_is_not_named() -> None:
    draft = with_field(uncounted(), "entitlements.REVIEW.counted", "call")
    draft = {**draft, "tasks": [task for task in draft["tasks"] if task["code"] != "VISIT1"]}
    new = filled_from(draft, READY)
    assert field_at(new, "entitlements.REVIEW.counted") == "call"
    assert field_at(new, "entitlements.VIDEO_VISIT.counted", "hand") == "hand"


def test_the_refund_rule_comes_only_with_the_words_it_says_in_fields() -> None:
    assert "refund" not in filled_from({**uncounted(), "refund_terms": "七天内全退。"}, READY)


def test_amends_of_an_entitlement_the_department_does_not_sell_are_left_out() -> None:
    amends = [
        {
            "kind": "film",
            "apology": "对不起",
            "offer": "entitlement",
            "entitlement": "REVIEW",
            "refund_fen": 0,
        },
        {"kind": "question", "apology": "对不起", "offer": "nothing", "entitlement": None, "refund_fen": 0},
    ]
    draft = uncounted()
    rights = [one for one in draft["entitlements"] if one["code"] != "REVIEW"]
    new = filled_from({**draft, "entitlements": rights}, {**READY, "amends": amends})
    assert [one["kind"] for one in new["amends"]] == ["question"]

"""Daily tasks, doses, materials, purchase limit: what a part accepts, and that older documents stay valid."""

from __future__ import annotations

from typing import Any

import pytest

from core.packages.document import PackageDocument, from_yaml, problems, to_yaml
from core.packages.parts import Dose
from core.packages.templates import load

RAW = load("prenatal_quest", "en").model_dump(mode="json")


def exercise(**changes: Any) -> dict[str, Any]:
    """A daily exercise of one week, begun the day after discharge."""
    known = {
        "code": "PUMP", "kind": "exercise", "opens_day": 1, "closes_day": 7, "repeat_days": 7,
        "evidence": "count", "checklist": [], "dose": {"sets": 5, "reps": 20, "minimum": 50, "maximum": 180},
    }  # fmt: skip
    return {**RAW["tasks"][0], **known, **changes}


def week(*tasks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The pack as a discharge package with these tasks; its target is what one week of badges allows."""
    aim = {**RAW["badge_target"], "count": 3}
    return {**RAW, "anchor": "discharge", "tasks": [*tasks], "badge_target": aim, "messages": [],
            "entitlements": [], **changes}  # fmt: skip


def said(raw: Any) -> dict[str, str]:
    return {problem.where: problem.text("en") for problem in problems(raw)}


def test_a_document_from_before_these_fields_is_still_a_package() -> None:
    old = {**RAW, "tasks": [dict(task) for task in RAW["tasks"]]}
    for name in ("purchase_limit", "messages"):
        old.pop(name)
    for task in old["tasks"]:
        for name in ("anchor", "repeat_days", "material", "dose"):
            task.pop(name)
    steps = [
        {k: v for k, v in step.items() if k not in ("minutes", "material_fen")}
        for step in RAW["sop"]["steps"]
    ]
    old["sop"] = {**RAW["sop"], "steps": steps}
    bare = [{**task, "material": None} for task in RAW["tasks"]]
    assert PackageDocument.model_validate(old) == PackageDocument.model_validate(
        {**RAW, "messages": [], "tasks": bare}
    )


def test_each_day_of_a_daily_task_leads_to_the_task() -> None:
    document = PackageDocument.model_validate(week(exercise(), exercise(code="COLD", repeat_days=7)))
    assert document.task("PUMP.1") is document.task("PUMP.7") is document.task("PUMP")
    assert document.tasks[0].instance_codes == tuple(f"PUMP.{n}" for n in range(1, 8))
    assert not document.knows("PUMP.8") and document.knows("COLD.1")
    with pytest.raises(KeyError):
        document.task("PUMP.0")
    assert sorted(["COLD.1", "PUMP.7", "PUMP.2"], key=document.position) == ["PUMP.2", "PUMP.7", "COLD.1"]


def test_the_target_may_ask_for_a_badge_a_day() -> None:
    assert said(week(exercise(), badge_target={**RAW["badge_target"], "count": 7})) == {}
    assert (
        "only 7 tasks"
        in said(week(exercise(), badge_target={**RAW["badge_target"], "count": 8}))["badge_target.count"]
    )


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"repeat_days": 6}, "repeat_days", "ends on day 6, but the window ends on day 7"),
        ({"repeat_days": 0}, "repeat_days", "smallest possible value is 1"),
        ({"code": "A234567890123456789"}, "repeat_days", "at most 18 characters"),
        ({"dose": {"sets": 1, "reps": 20, "minimum": 50}}, "dose.maximum", "20 a day lies outside"),
        ({"dose": {"sets": 10, "reps": 20, "maximum": 180}}, "dose.maximum", "200 a day lies outside"),
        ({"material": {"video_key": "../../etc/passwd"}}, "material.video_key", "upload the file again"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(change: Any, field: str, words: str) -> None:
    found = said(week(exercise(**change)))
    assert words in found[f"tasks.0.{field}"]


def test_a_dose_without_limits_is_anything_it_says() -> None:
    assert Dose(sets=3).total == 3
    assert Dose(sets=5, reps=20, minimum=50, maximum=180).set_by == "doctor"


def test_the_new_fields_survive_their_file() -> None:
    raw = week(
        exercise(
            material={"text": "Point and pull.", "video_key": f"ab/ab{'0' * 62}.mp4"}, anchor="enrolment"
        ),
        purchase_limit=1,
        messages=[
            {"code": "D0", "trigger": "anchor", "channel": "sms", "at": "18:00", "text": "Rest well. {phone}"}
        ],
    )
    document = PackageDocument.model_validate(raw)
    assert from_yaml(to_yaml(document)) == document
    assert document.messages[0].at == "18:00"

"""A draft is refused with words beside the field; a sound one survives its file unchanged."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.packages.document import (
    MOST_TOLD,
    InvalidTemplate,
    PackageDocument,
    from_yaml,
    problems,
    to_yaml,
    window_of_weeks,
)
from core.packages.editing import with_field
from core.packages.templates import load
from core.packages.yaml_text import BrokenFile

RAW = load("prenatal_quest", "en").model_dump(mode="json")


def draft(**changes: Any) -> dict[str, Any]:
    """The prenatal pack with values replaced; a key is a path: tasks__3__closes_day."""
    raw = copy.deepcopy(RAW)
    for path, value in changes.items():
        *way, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        target: Any = raw
        for step in way:
            target = target[step]
        target[last] = value
    return raw


def found(raw: Any) -> dict[str, str]:
    return {problem.where: problem.text("en") for problem in problems(raw)}


def test_the_ready_pack_has_no_problems() -> None:
    assert problems(RAW) == []


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"price_fen": -1}, "price_fen", "A price cannot be negative. Write 0 if the package is free."),
        (
            {"tasks__3__closes_day": 104},
            "tasks.3.closes_day",
            "The window ends on day 104, before it opens on day 105.",
        ),
        (
            {"tasks__5__wording": "  "},
            "tasks.5.wording",
            "The wording is empty. Write the sentence staff read aloud.",
        ),
        ({"name": ""}, "name", "This is empty. Please write the text."),
        ({"name": 5}, "name", "This must be text. In a file, put it in quotation marks."),
        ({"tasks__0__minutes": 0}, "tasks.0.minutes", "This is too small. The smallest possible value is 1."),
        (
            {"tasks__0__opens_day": "soon"},
            "tasks.0.opens_day",
            "This must be a whole number.",
        ),
        (
            {"tasks__0__code": "P 01"},
            "tasks.0.code",
            "A code begins with a letter and has only letters, digits, - and _.",
        ),
        ({"tasks": []}, "tasks", "This list is empty. At least one entry is needed."),
        (
            {"colour": "red"},
            "colour",
            "“colour” is not known here. Please correct the spelling or remove it.",
        ),
        (
            {"tasks__2__checklist": []},
            "tasks.2.checklist",
            "The proof is a checklist, but the checklist is empty. Add an item.",
        ),
        (
            {"tasks__16__points": 100},
            "tasks.16.points",
            "A medical reminder gives no points and no badge. Leave this empty.",
        ),
        (
            {"tasks__0__badge": None},
            "tasks.0.counts_for_badge",
            "A task that counts for the badge target needs a badge name.",
        ),
        (
            {"rewards__1__cost_points": None},
            "rewards.1.cost_points",
            "A reward for points needs its price: how many points?",
        ),
        (
            {"rewards__0__cost_points": 900},
            "rewards.0.cost_points",
            "A reward for badges costs no points. Leave this empty.",
        ),
        (
            {"earning_rules__2__needs_signoff": False},
            "earning_rules.2.needs_signoff",
            "Referral points must wait for sign-off. Set “needs sign-off” to yes.",
        ),
        (
            {"tasks__4__code": "P01"},
            "tasks.4.code",
            "Code P01 is already used by entry 1. Give each its own code.",
        ),
        (
            {"tasks__4__earns": None},
            "tasks.4.points",
            "This task gives 100 points but names no earning rule.",
        ),
        (
            {"tasks__4__points": 120},
            "tasks.4.points",
            "This task gives 120 points, but rule CHECKUP gives 100.",
        ),
        (
            {"tasks__4__earns": "REFER"},
            "tasks.4.earns",
            "There is no earning rule REFER for tasks. Choose one of the rules above.",
        ),
        (
            {"badge_target__reward_code": "NOTHING"},
            "badge_target.reward_code",
            "There is no reward NOTHING in this package.",
        ),
        (
            {"badge_target__reward_code": "ROOM"},
            "badge_target.reward_code",
            "Reward ROOM is paid with points. The badge target needs a reward for badges.",
        ),
        (
            {"badge_target": None},
            "rewards.0.kind",
            "Nobody can earn reward LABOUR_500: the badge target does not lead to it.",
        ),
        (
            {"badge_target__count": 17},
            "badge_target.count",
            "The target asks for 17 badges, but only 16 tasks give one.",
        ),
        (
            {"sop__steps__3__no": 9},
            "sop.steps.3.no",
            "Steps are numbered without gaps: 4 is expected here, not 9.",
        ),
        (
            {"tasks__0__opens_day": -1},
            "tasks.0.opens_day",
            "Counted from the last period, a window cannot open before day 0.",
        ),
    ],
)
def test_a_problem_is_named_beside_its_field(change: dict[str, Any], where: str, words: str) -> None:
    assert found(draft(**change))[where] == words


def test_a_choice_outside_the_list_shows_the_list() -> None:
    words = found(draft(tasks__2__kind="game"))["tasks.2.kind"]
    assert words.startswith("“game” is not possible here. Choose one of: visit, education, alert")


def test_every_problem_is_reported_at_once() -> None:
    raw = draft(price_fen=-5, tasks__3__closes_day=1, tasks__5__wording="")
    del raw["promise"]
    assert set(found(raw)) == {"price_fen", "tasks.3.closes_day", "tasks.5.wording", "promise"}


@pytest.mark.parametrize("nonsense", [None, 7, "text", ["a"], {}])
def test_nonsense_is_a_problem_and_no_crash(nonsense: Any) -> None:
    assert problems(nonsense)


def test_problems_speak_chinese() -> None:
    (problem,) = problems(draft(price_fen=-1))
    assert problem.text("zh") == "价格不能是负数；免费请填 0。"


def test_a_task_switched_off_gives_no_badge() -> None:
    document = PackageDocument.model_validate(draft(tasks__0__on=False))
    assert [task.code for task in document.badge_tasks][0] == "P02"
    assert len(document.badge_tasks) == 15


def test_a_task_before_an_operation_may_have_negative_days() -> None:
    raw = draft(anchor="operation", tasks__0__opens_day=-7, tasks__0__closes_day=-1)
    assert PackageDocument.model_validate(raw).task("P01").opens_day == -7


def test_a_document_cannot_be_changed() -> None:
    document = load("prenatal_quest", "zh")
    with pytest.raises(ValidationError):
        document.price_fen = 1  # type: ignore[misc]


def test_no_sum_of_money_or_points_is_wording_and_every_word_is() -> None:
    raw = load("knee_7days", "zh").model_dump(mode="json")
    mark = PackageDocument.model_validate(raw).wording
    sums = [f"amends.{at}.refund_fen" for at, one in enumerate(raw["amends"]) if one["refund_fen"]]
    sums += [f"entitlements.{one['code']}.value_fen" for one in raw["entitlements"]]
    assert any(path.startswith("amends") for path in sums)
    for path in ["price_fen", "costs.nurse", *sums]:
        other = with_field(raw, path, 28800 if path == "price_fen" else 4200)
        assert PackageDocument.model_validate(other).wording == mark, path
    for path in (
        "promise",
        "amends.0.apology",
        "promises.0.minutes",
        f"tasks.{raw['tasks'][0]['code']}.what",
    ):
        value = 25 if path.endswith("minutes") else "换一句话。"
        assert PackageDocument.model_validate(with_field(raw, path, value)).wording != mark, path


def test_asking_for_a_task_that_is_not_there_is_a_bug() -> None:
    document = load("prenatal_quest", "zh")
    assert document.reward("ROOM").cost_points == 800
    with pytest.raises(KeyError):
        document.task("P99")
    with pytest.raises(KeyError):
        document.reward("P99")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_yaml_gives_back_the_same_document(language: str) -> None:
    document = load("prenatal_quest", language)
    assert from_yaml(to_yaml(document)) == document


# What people and other programs put into texts: keywords of the file format, times, signs, line ends.
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.sampled_from(
        [
            "on",
            "no",
            "~",
            "null",
            "true",
            "007",
            "12",
            "20:00",
            "1_000",
            "1e3",
            "- a",
            "a: b",
            "# a",
            "&a",
            "<<",
        ]
    ),
).filter(lambda text: text.strip() != "")


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, st.integers(0, 10**8), st.booleans())
def test_no_text_is_lost_on_the_way_through_a_file(wording: str, note: str, price: int, on: bool) -> None:
    raw = draft(tasks__0__wording=wording, tasks__1__note=note, price_fen=price, tasks__15__on=on)
    sound = not problems(raw)
    if not sound:  # blanks that are not blanks to Python, e.g. U+001C
        assert set(found(raw)) <= {"tasks.0.wording"}
        return
    document = PackageDocument.model_validate(raw)
    assert from_yaml(to_yaml(document)) == document


def test_a_broken_rule_in_a_file_is_named_with_its_line() -> None:
    text = to_yaml(load("prenatal_quest", "en")).replace("closes_day: 146", "closes_day: 14")
    line = text[: text.index("closes_day: 14\n")].count("\n") + 1
    with pytest.raises(InvalidTemplate) as refusal:
        from_yaml(text)
    (problem,) = refusal.value.problems
    assert (problem.where, problem.line) == ("tasks.3.closes_day", line)
    assert refusal.value.text("en") == (
        "The package cannot be used yet. Problems found: 1.\n"
        f"Line {line}, tasks.3.closes_day: The window ends on day 14, before it opens on day 105."
    )
    assert refusal.value.text("zh").startswith("这个服务包暂时还不能用，发现 1 处问题。")


def test_a_missing_field_is_shown_at_the_entry_it_is_missing_from() -> None:
    text = to_yaml(load("prenatal_quest", "en")).replace("    minutes: 75\n", "", 1)
    line = text[: text.index("- code: P05")].count("\n") + 1
    with pytest.raises(InvalidTemplate) as refusal:
        from_yaml(text)
    assert [(p.where, p.line) for p in refusal.value.problems] == [("tasks.4.minutes", line)]


@pytest.mark.parametrize(
    ("weeks", "single_test", "days"),
    [
        ((20, 24), True, (140, 168)),  # anomaly scan
        ((24, 28), True, (168, 196)),  # 75 g OGTT
        ((35, 37), True, (245, 259)),  # GBS
        ((25, 28), False, (175, 202)),
        ((29, 32), False, (203, 230)),
        ((33, 36), False, (231, 258)),
    ],
)
def test_printed_weeks_end_on_the_first_day_for_a_test_and_on_the_last_for_a_visit(
    weeks: tuple[int, int], single_test: bool, days: tuple[int, int]
) -> None:
    assert window_of_weeks(*weeks, single_test=single_test) == days


def test_twenty_thousand_unknown_fields_are_told_within_seconds_and_forty_of_them_by_name() -> None:
    begun = time.process_time()
    with pytest.raises(InvalidTemplate) as refusal:
        from_yaml("\n".join(f"k{n}: 1" for n in range(20_000)))
    said = refusal.value.text("en").split("\n")
    assert time.process_time() - begun < 10
    assert len(said) == MOST_TOLD + 2 and said[-1] == "…"
    assert refusal.value.parameters["count"] > 20_000


@pytest.mark.parametrize("name", ["²", "9" * 5006, "1.2.3", "..", "-1", "[key]"])
def test_a_field_of_any_name_is_told_with_its_line(name: str) -> None:
    with pytest.raises((InvalidTemplate, BrokenFile)) as refusal:
        from_yaml(f"code: A1\n{name!r}: 1\ntasks:\n- {name!r}: {'9' * 5006}\n")
    assert refusal.value.text("en") != refusal.value.text("zh")

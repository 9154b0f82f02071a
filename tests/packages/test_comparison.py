"""Two states of a package beside each other: every difference once, in words, with its marks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.packages.comparison import Change, compare, marked, where_in_words
from core.packages.document import PackageDocument, problems
from core.packages.editing import duplicated, moved, with_entry, with_field, without_entry
from core.packages.field_names import FIELD_NAMES
from core.packages.parts import Task
from core.packages.templates import load

RAW = load("prenatal_quest", "en").model_dump(mode="json")


TITLES = {task["code"]: task["title"] for task in RAW["tasks"]}


def one(new: dict[str, Any], language: str = "en") -> Change:
    found = compare(RAW, new, language)
    assert len(found) == 1, found
    return found[0]


def test_equal_drafts_have_no_difference() -> None:
    assert compare(RAW, RAW, "en") == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("price_fen", 29900, ("product", "", "Price", "¥199.00", "¥299.00")),
        ("tasks.P05.title", "Scan", ("tasks", "Scan", "Title", "Anomaly scan", "Scan")),
        ("tasks.P05.on", False, ("tasks", "Anomaly scan", "Switched on", "yes", "no")),
        (
            "tasks.P05.kind",
            "call",
            ("tasks", "Anomaly scan", "Kind", "Check-up visit", "Telephone call"),
        ),
        ("badge_target.count", 9, ("badge_target", "", "How many", "10", "9")),
        ("costs.nurse", 6000, ("costs", "", "Nurse", "¥0.00", "¥60.00")),
        ("purchase_limit", 2, ("product", "", "Purchase limit", "", "2")),
    ],
)
def test_a_changed_field_is_said_in_words(path: str, value: Any, expected: tuple[str, ...]) -> None:
    found = one(with_field(RAW, path, value))
    assert (found.section, found.entry, found.field, found.before, found.after) == expected


def test_a_step_is_known_by_its_number() -> None:
    found = one(with_field(RAW, "sop.steps.3.minutes", 4))
    assert (found.section, found.field, found.before, found.after) == ("sop", "Minutes", "0", "4")
    assert found.entry.startswith("3 · ")


def test_a_task_put_in_between_is_one_difference() -> None:
    new, _code = duplicated(RAW, "P05")
    found = one(new)
    assert (found.kind, found.entry) == ("added", "Anomaly scan")
    assert one(without_entry(RAW, "tasks", "P11")).kind == "removed"


def test_what_uses_an_entitlement_is_said_in_words_and_goes_with_its_task() -> None:
    found = one(with_field(RAW, "entitlements.CLASS.counted", "hand"))
    assert (found.section, found.field, found.before, found.after) == (
        "entitlements", "What uses one", "A task was done", "By hand",
    )  # fmt: skip
    changes = compare(RAW, without_entry(RAW, "tasks", "P12"), "en")
    assert [(each.section, each.kind) for each in changes] == [
        ("entitlements", "changed"),
        ("tasks", "removed"),
    ]
    assert (changes[0].field, changes[0].before, changes[0].after) == ("Tasks", TITLES["P12"], "")


def test_a_moved_task_is_one_difference_with_its_places() -> None:
    found = one(moved(RAW, "P08", 2))
    assert (found.kind, found.before, found.after) == ("moved", "8", "2")


def test_a_version_from_before_a_field_compares_as_what_it_means() -> None:
    old = {**RAW, "tasks": [{k: v for k, v in task.items() if k != "repeat_days"} for task in RAW["tasks"]]}
    old.pop("costs")
    old.pop("messages")
    assert compare(old, {**RAW, "messages": []}, "en") == []


def test_messages_are_compared_too() -> None:
    new = with_entry(RAW, "messages", {"code": "M1", "trigger": "enrolment", "channel": "page", "text": "Hi"})
    found = one(new, "zh")
    assert (found.section, found.kind, found.after) == ("messages", "added", "Hi")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tasks.P05.earns", "REFER"),
        ("tasks.P05.title", "Scan"),
        ("badge_target.reward_code", "PARKING"),
        ("earning_rules.REFER.points", 7),
        ("messages.OPENS.task", "P05"),
        ("messages.OPENS.shows", "P05"),
    ],
)
def test_no_comparison_shows_a_code_of_the_machine(path: str, value: Any) -> None:
    changes = compare(RAW, with_field(RAW, path, value), "en")
    codes = {
        entry["code"] for entry in (*RAW["tasks"], *RAW["earning_rules"], *RAW["rewards"], *RAW["messages"])
    }
    told = " ".join(word for one in changes for word in (one.entry, one.before, one.after))
    assert told and not codes & set(re.findall(r"[\w-]+", told)), told


def test_a_renamed_entry_is_no_change_of_what_points_at_it() -> None:
    (found,) = compare(RAW, with_field(RAW, "tasks.P12.title", "Class"), "en")
    assert (found.section, found.entry, found.field) == ("tasks", "Class", "Title")
    (found,) = compare(RAW, with_field(RAW, "rewards.LABOUR_500.name", "Voucher"), "en")
    assert (found.section, found.field) == ("rewards", "Name")


def test_a_pointer_moved_between_two_of_one_title_is_a_change_and_tells_them_apart() -> None:
    twins = with_field(RAW, "tasks.P06.title", TITLES["P05"])
    old, new = (with_field(twins, "messages.OPENS.task", code) for code in ("P05", "P06"))
    (found,) = compare(old, new, "en")
    codes = [task["code"] for task in RAW["tasks"]]
    places = [f"{TITLES['P05']} · {codes.index(code) + 1}" for code in ("P05", "P06")]
    assert (found.section, [found.before, found.after]) == ("messages", places)


@pytest.mark.parametrize(
    ("language", "entry", "named"),
    [
        ("zh", "earning_rules.CHECKUP", "在开放时间内完成一次产检关卡"),
        ("en", "earning_rules.CHECKUP", "for a check-up mission…"),
        ("en", "earning_rules.CLASS", "for attending a health class"),
        ("zh", "messages.OPENS", "您好，请约下一次来院"),
        ("zh", "messages.OPENED", "要带的"),
        ("zh", "messages.DONE", "辛苦了，这一次完成了"),
    ],
)
def test_a_title_made_of_words_ends_at_the_first_field_or_stop(language: str, entry: str, named: str) -> None:
    raw = load("prenatal_quest", language).model_dump(mode="json")
    section, code = entry.split(".")
    (found,) = compare(raw, without_entry(raw, section, code), language)[-1:]
    assert (found.kind, found.entry) == ("removed", named)


def test_every_field_of_a_package_has_a_name() -> None:
    parts = {"code", "language", "schema"}
    lists = {"entitlements", "rewards", "earning_rules", "tasks", "messages", "sop", "costs", "badge_target"}
    assert set(PackageDocument.model_fields) - lists - parts <= FIELD_NAMES.keys()
    assert set(Task.model_fields) <= FIELD_NAMES.keys()


def test_a_problem_is_placed_by_task_and_field() -> None:
    broken = with_field(RAW, "tasks.P05.place.route", "")
    section, words = where_in_words(problems(broken)[0], broken, "en")
    assert (section, words) == ("tasks", "Anomaly scan · Way to get there")


@given(st.text(max_size=40), st.text(max_size=40))
def test_marks_leave_both_texts_whole(before: str, after: str) -> None:
    left, right = marked(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    assert [p.text for p in left if not p.marked] == [p.text for p in right if not p.marked] or "".join(
        p.text for p in left if not p.marked
    ) == "".join(p.text for p in right if not p.marked)


def test_only_the_words_that_changed_are_marked() -> None:
    left, right = marked("Please bring your card", "Please bring your book")
    assert [p.text for p in left if p.marked] == ["card"] and [p.text for p in right if p.marked] == ["book"]


KNEE = load("knee_7days", "en").model_dump(mode="json")


def told(new: dict[str, Any], language: str = "en") -> Change:
    found = compare(KNEE, new, language)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("promises.0.minutes", 20, ("promises", "A question is answered", "Minutes", "30", "20")),
        ("promises.2.means", "text", ("promises", "An urgent sign (orange) is answered", "How it is answered",
                                      "by voice message", "in writing")),
        ("promises.0.by", "doctor", ("promises", "A question is answered", "Who answers", "Duty nurse", "Duty doctor")),
        ("promises.0.spans.0.holidays", False, ("promises", "A question is answered", "When we answer", "20:00–22:00",
                                                "20:00–22:00, not on public holidays")),
        ("promises.2.ladder", [{"to": "manager", "after": 5}],
         ("promises", "An urgent sign (orange) is answered", "Who is told when nobody takes it",
          "after 20 minutes: The second on duty\nafter 25 minutes: Manager", "after 5 minutes: Manager")),
        ("amends.0.entitlement", "REVIEW", ("amends", "A question is answered", "One more of", "Questions 20:00–22:00 (per evening)",
                                            "Comment on an exercise video")),
        ("amends.2.refund_fen", 5000, ("amends", "An urgent sign (orange) is answered", "Paid back", "¥43.00", "¥50.00")),
        ("amends.3.offer", "refund", ("amends", "A sign for today (yellow) is answered", "What goes with it",
                                      "Nothing more than the apology", "An amount paid back")),
        ("signs.fall.level", "red", ("signs", "A fall", "Level", "Orange", "Red")),
        ("silence.call_hours", 40, ("silence", "", "Hours until a call", "36", "40")),
        ("tasks.TEMP.measure.high", 42.0, ("tasks", "Temperature", "Measured value", None, None)),
    ],
)  # fmt: skip
def test_a_promise_is_known_by_its_kind_and_a_sign_by_its_code(
    path: str, value: Any, expected: tuple[str | None, ...]
) -> None:
    found = told(with_field(KNEE, path, value))
    assert (found.section, found.field) == (expected[0], expected[2])
    if expected[3] is not None:
        assert (found.entry, found.before, found.after) == (expected[1], expected[3], expected[4])
    else:
        assert "42" in found.after and "{" not in found.after


def test_a_promise_moved_up_is_no_change_of_another() -> None:
    new = {**KNEE, "promises": [KNEE["promises"][1], KNEE["promises"][0], *KNEE["promises"][2:]]}
    assert {one.kind for one in compare(KNEE, new, "en")} == {"moved"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rules_are_said_with_the_texts_of_their_items_and_no_code(language: str) -> None:
    raw = load("knee_7days", language).model_dump(mode="json")
    for code in ("WOUND", "NRS", "PUMP"):
        found = compare(raw, with_field(raw, f"tasks.{code}.rules", []), language)
        words = found[0].before
        assert words and "_" not in words and "unticked" not in words and "orange" not in words
        if code == "WOUND":
            item = next(one for one in raw["tasks"] if one["code"] == code)["checklist"][1]["text"]
            assert item in words


def test_amends_taken_out_are_no_change_of_another() -> None:
    found = told({**KNEE, "amends": KNEE["amends"][1:]})
    assert (found.section, found.kind, found.entry) == ("amends", "removed", "A question is answered")


def test_everything_an_older_version_did_not_know_compares_by_its_default() -> None:
    old = {
        name: value for name, value in KNEE.items() if name not in ("promises", "signs", "silence", "amends")
    }
    old["tasks"] = [
        {k: v for k, v in task.items() if k not in ("measure", "photos", "rules", "rubric")}
        for task in KNEE["tasks"]
    ]
    bare = {**KNEE, "promises": [], "signs": [], "silence": None, "amends": [], "tasks": [
        {**task, "measure": None, "photos": 0, "rules": [], "rubric": []} for task in KNEE["tasks"]
    ]}  # fmt: skip
    assert compare(old, bare, "en") == []
    assert {one.section for one in compare(old, KNEE, "zh")} == {
        "tasks",
        "promises",
        "signs",
        "silence",
        "amends",
    }


def test_a_problem_of_a_rule_names_its_task_and_one_of_a_span_its_promise() -> None:
    wrong = with_field(KNEE, "tasks.TEMP.rules.0.value", 99)
    (found,) = problems(wrong)
    assert where_in_words(found, wrong, "en") == ("tasks", "Temperature (twice a day) · Limit")
    wrong = with_field(KNEE, "promises.0.spans.0.opens", "8")
    (found,) = problems(wrong)
    assert where_in_words(found, wrong, "en") == ("promises", "A question is answered · From")

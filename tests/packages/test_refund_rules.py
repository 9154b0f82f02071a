"""What a refund rule gives: never less than nothing, never more than was paid, never more for waiting longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.packages.refund_rules import (
    CAUSE_NAMES,
    PRINTED_CAUSES,
    SHARE_NAMES,
    WHILE_NAMES,
    Course,
    Line,
    RefundRule,
    Used,
    line_from,
    reckon,
)

DAY = date(2026, 3, 5)
causes = st.sampled_from(sorted(CAUSE_NAMES))
days = st.dates(date(2023, 12, 1), date(2028, 4, 30))  # with two leap days


@st.composite
def rules(draw: st.DrawFn) -> RefundRule:
    share = draw(st.sampled_from(sorted(SHARE_NAMES)))
    return RefundRule(
        full_for=tuple(draw(st.sets(causes, max_size=4))),  # type: ignore[arg-type]
        full_days=draw(st.none() | st.integers(0, 400)),
        full_from=draw(st.sampled_from(["enrolment", "anchor"])),
        full_while=draw(st.sampled_from(sorted(WHILE_NAMES))),  # type: ignore[arg-type]
        full_until=draw(st.none() | st.just("PROOF")),
        share=share,  # type: ignore[arg-type]
        first_day=draw(st.integers(-40, 40)),
        days=draw(st.integers(1, 400)) if share == "days" else None,
        deduct_used=draw(st.booleans()),
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Courses with repeated tasks: each day of one counts, so that the plan is long and most of it alike."""
    planned = draw(st.integers(0, 400))
    paid = draw(st.integers(0, 200_000))
    used = st.builds(Used, st.just("call"), st.integers(0, 50), st.integers(0, 50_000))
    return Course(
        day=draw(days), enrolled_on=draw(days), anchor_date=draw(days), paid_fen=paid,
        returned_fen=draw(st.integers(0, paid)), planned=planned, unopened=draw(st.integers(0, planned)),
        done=frozenset(draw(st.sets(st.sampled_from(["PROOF", "PUMP", "PUMP.1", "PUMP.2"])))),
        used=tuple(draw(st.lists(used, max_size=4))),
    )  # fmt: skip


@settings(deadline=None)
@given(rules(), courses(), causes)
def test_nothing_below_nought_and_nothing_above_what_is_left_is_paid_back(
    rule: RefundRule, course: Course, cause: str
) -> None:
    assert 0 <= reckon(rule, course, cause).fen <= course.paid_fen - course.returned_fen


@settings(deadline=None)
@given(rules(), courses(), st.lists(st.tuples(causes, st.integers(0, 90)), max_size=8))
def test_partial_refunds_together_are_never_more_than_was_paid(
    rule: RefundRule, course: Course, later: list[tuple[str, int]]
) -> None:
    returned = course.returned_fen
    for cause, wait in later:
        course = replace(
            course, day=min(course.day + timedelta(days=wait), date(2029, 1, 1)), returned_fen=returned
        )
        returned += reckon(rule, course, cause).fen
    assert returned <= course.paid_fen


@settings(deadline=None)
@given(rules(), courses(), causes)
def test_the_same_refund_asked_for_twice_gives_nothing_the_second_time(
    rule: RefundRule, course: Course, cause: str
) -> None:
    first = reckon(rule, course, cause)
    again = reckon(rule, replace(course, returned_fen=course.returned_fen + first.fen), cause)
    assert again.fen == 0


@settings(deadline=None)
@given(rules(), courses(), causes, st.integers(1, 800), st.integers(0, 400))
def test_waiting_longer_never_gives_more(
    rule: RefundRule, course: Course, cause: str, wait: int, opened: int
) -> None:
    later = replace(
        course, day=course.day + timedelta(days=wait), unopened=max(0, course.unopened - opened),
        done=course.done | {"PROOF"},
    )  # fmt: skip
    assert reckon(rule, later, cause).fen <= reckon(rule, course, cause).fen


@settings(deadline=None)
@given(rules(), courses(), causes)
def test_the_lines_add_up_to_what_is_paid_back(rule: RefundRule, course: Course, cause: str) -> None:
    found = reckon(rule, course, cause)
    moved = [line.fen for line in found.lines[1:] if line.fen is not None]
    owed = course.paid_fen + sum(moved) if found.whole else sum(moved)
    assert found.lines[0].fen == course.paid_fen
    if 0 <= owed <= course.paid_fen - course.returned_fen:
        assert found.fen == owed


@settings(deadline=None)
@given(rules(), courses(), causes)
def test_a_line_reads_back_as_it_was_kept_and_is_said_in_both_languages(
    rule: RefundRule, course: Course, cause: str
) -> None:
    for line in reckon(rule, course, cause).lines:
        assert line_from(line.kept()) == line
        assert line.said("zh") and "{" not in line.said("zh") + line.said("en", PRINTED_CAUSES)


def test_a_share_of_days_runs_over_a_leap_day_like_over_any_other() -> None:
    # 27 February is day 0 of 4 days: 28 and 29 February, 1 and 2 March 2028.
    rule = RefundRule(share="days", first_day=1, days=4)
    start = date(2028, 2, 27)
    fen = [reckon(rule, Course(start + timedelta(days=n), start, start, 400), "wish").fen for n in range(6)]
    assert fen == [400, 300, 200, 100, 0, 0]
    same = date(2027, 2, 27)
    assert fen == [
        reckon(rule, Course(same + timedelta(days=n), same, same, 400), "wish").fen for n in range(6)
    ]


def test_a_year_of_days_from_a_leap_day_is_365_days() -> None:
    rule = RefundRule(full_days=365)
    start = date(2024, 2, 29)
    last = Course(date(2025, 2, 28), start, start, 100)  # 365 days later
    assert reckon(rule, last, "wish").fen == 100
    assert reckon(rule, replace(last, day=date(2025, 3, 1)), "wish").fen == 0


@pytest.mark.parametrize(
    ("condition", "done", "used", "fen"),
    [
        ("always", {"P01"}, 1, 100), ("no_task", set(), 1, 100), ("no_task", {"P01"}, 0, 0),
        ("unused", set(), 0, 100), ("unused", set(), 1, 0), ("unused", {"P01"}, 0, 0),
    ],
)  # fmt: skip
def test_the_condition_of_the_full_refund_is_the_one_that_was_written(
    condition: str, done: set[str], used: int, fen: int
) -> None:
    rule = RefundRule(full_days=7, full_while=condition)  # type: ignore[arg-type]
    course = Course(DAY, DAY, DAY, 100, done=frozenset(done), used=(Used("call", used, 0),))
    assert reckon(rule, course, "wish").fen == fen


def test_what_was_used_is_deducted_only_where_the_rule_says_so() -> None:
    # 100.00 paid, 5 of 10 tasks had not opened: 50.00; three calls of 20.00 are more than that.
    used = (Used("call", 3, 2000), Used("class", 0, 5000))
    course = Course(DAY, DAY, DAY, 10_000, planned=10, unopened=5, used=used)
    assert reckon(RefundRule(share="tasks"), course, "wish").fen == 5000
    found = reckon(RefundRule(share="tasks", deduct_used=True), course, "wish")
    assert found.fen == 0 and [line.fen for line in found.lines] == [10_000, 5000, -6000]


def test_a_share_of_days_needs_their_number() -> None:
    with pytest.raises(ValidationError):
        RefundRule(share="days")


def test_her_paper_names_no_loss_and_no_death() -> None:
    line = Line("In full, always: {cause}", (("cause", "loss"),))
    assert "Pregnancy" not in line.said("en", PRINTED_CAUSES) and "妊娠" in line.said("zh")
    assert "妊娠" not in line.said("zh", PRINTED_CAUSES) and set(PRINTED_CAUSES) == set(CAUSE_NAMES)

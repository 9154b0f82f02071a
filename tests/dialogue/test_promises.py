"""The clocks of a case: her word starts one, our first answer stops it, her next word starts it again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.dialogue.cases import cases
from core.dialogue.clocks import holidays
from core.dialogue.clocks.promises import standing
from core.dialogue.tables import CaseRow
from tests.conftest import World
from tests.dialogue.promised_ward import EVENING, PromisedWard, local, promised_ward, shown


@pytest.fixture
def ward(world: World) -> PromisedWard:
    found = promised_ward(world)
    found.at("2026-03-05 20:10")
    return found


def answer(ward: PromisedWard, case_id: int, words: str = "可以的") -> None:
    ward.world.do("nurse", cases.reply, case_id=case_id, words=words)


def test_her_word_starts_the_clock_and_the_first_reply_stops_it_at_once(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    assert ward.standing(case_id) == ["runs"]
    ward.at("2026-03-05 20:40")
    answer(ward, case_id)
    (run,) = ward.runs(case_id)
    assert (shown(run.started_at), shown(run.due_at), shown(run.met_at)) == (
        "03-05 20:10", "03-05 21:10", "03-05 20:40",
    )  # fmt: skip
    # A second reply, however late, changes nothing of the first.
    ward.at("2026-03-06 21:50")
    answer(ward, case_id, "今天怎么样")
    assert [shown(run.met_at) for run in ward.runs(case_id)] == ["03-05 20:40"]
    assert ward.standing(case_id) == ["met"]


def test_answered_and_silent_is_never_overdue(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    answer(ward, case_id)
    ward.at("2026-03-12 20:00")
    ward.looks()
    assert ward.standing(case_id) == ["met"]
    assert ward.steps(case_id) == []


def test_her_next_word_starts_a_clock_of_its_own_with_all_its_minutes(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    ward.at("2026-03-05 20:40")
    answer(ward, case_id)
    ward.at("2026-03-05 21:30")
    ward.says(case_id)
    assert ward.case(case_id).state == "open"
    assert [shown(run.due_at) for run in ward.runs(case_id)] == ["03-05 21:10", "03-06 20:30"]
    # A second word while we owe an answer gives us no more time.
    ward.at("2026-03-05 21:45")
    ward.says(case_id)
    assert [shown(run.due_at) for run in ward.runs(case_id)] == ["03-05 21:10", "03-06 20:30"]


def test_closed_and_written_to_again_several_times_each_clock_counts_alone(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    for day in (5, 6, 7):
        ward.at(f"2026-03-0{day} 20:30")
        answer(ward, case_id)
        ward.at(f"2026-03-0{day} 21:30")
        ward.says(case_id)
    ward.at("2026-03-08 21:30")
    assert ward.standing(case_id) == ["met", "met", "met", "missed"]
    answer(ward, case_id)
    assert ward.standing(case_id) == ["met", "met", "met", "answered_late"]


def test_closing_without_an_answer_stops_the_clock_and_nothing_runs_on(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    ward.world.do("nurse", cases.close, case_id=case_id, advice="电话里说过了")
    ward.at("2026-03-09 20:00")
    ward.looks()
    assert ward.standing(case_id) == ["met"]
    assert ward.steps(case_id) == []


def test_the_last_instant_is_in_time(ward: PromisedWard) -> None:
    due = local("2026-03-05 21:00")
    second = timedelta(seconds=1)
    assert standing(due, due, None, due) == "met"
    assert standing(due, due + second, None, due) == "answered_late"
    assert (standing(due, None, None, due), standing(due, None, None, due + second)) == ("runs", "missed")


def test_a_case_that_leaves_the_queue_ends_its_clock_and_is_no_way_out_of_a_miss(ward: PromisedWard) -> None:
    early, late = ward.opens("question"), ward.opens("film")

    def withdraw(case_id: int) -> None:
        ward.inside(lambda stamp: cases.withdraw(stamp, stamp.session.get_one(CaseRow, case_id), "deleted"))

    withdraw(early)
    ward.at("2026-03-07 12:00")
    withdraw(late)
    assert (ward.standing(early), ward.standing(late)) == (["ended"], ["missed"])
    ward.looks()
    assert (ward.steps(early), ward.steps(late)) == ([], [])


def test_what_was_asked_outside_begins_with_the_next_opening(ward: PromisedWard) -> None:
    ward.at("2026-03-05 23:30")
    (run,) = ward.runs(ward.opens("question"))
    assert (shown(run.begins_at), shown(run.due_at), shown(run.warn_at)) == (
        "03-06 20:00", "03-06 21:00", "03-06 20:45",
    )  # fmt: skip


def test_what_she_was_told_stands_when_the_holidays_are_changed_while_it_runs(world: World) -> None:
    resting: list[dict[str, Any]] = [
        {"kind": "question", "minutes": 60, "by": "nurse", "spans": [EVENING | {"holidays": False}]}
    ]
    ward = promised_ward(world, promises=resting)
    ward.at("2026-03-05 21:30")
    before = ward.opens("question")
    world.do(
        "manager",
        holidays.set_days,
        first=date(2026, 3, 6),
        last=date(2026, 3, 7),
        kind="holiday",
        name="院庆",
    )
    after = ward.opens("film")  # nothing promised: no clock
    asked_later = ward.opens("question")
    assert [shown(run.due_at) for run in ward.runs(before)] == ["03-06 20:30"]
    assert [shown(run.due_at) for run in ward.runs(asked_later)] == ["03-08 20:30"]
    assert ward.runs(after) == []

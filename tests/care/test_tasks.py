"""The task's own rules: which moves exist, what earns, and what can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from core.care.sale.courses import EnrolmentEnded, complete
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.care.work import events
from core.care.work.appointments import book
from core.care.work.events import TaskFact
from core.care.work.marked import marked_lately
from core.care.work.tasks import (
    DoneInFuture,
    MoveNotPossible,
    NotYetOpen,
    NoVisitToMiss,
    TooLateToUndo,
    UnknownTask,
    VisitNotYet,
    excuse,
    mark_done,
    mark_no_show,
    undo,
)
from core.foundation.access import NotAllowed
from core.foundation.errors import Refusal
from core.foundation.reasons import ReasonMissing
from core.foundation.touched_days import TouchedDayRow, touched
from tests.prenatal_ward import LAST_PERIOD, TODAY, PrenatalWard

HEARD: list[tuple[str, TaskFact]] = []


@pytest.fixture(autouse=True)
def only_this_ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Listen alone: other rooms that are imported must not act here."""
    HEARD.clear()
    monkeypatch.setattr(events, "DONE", [lambda _stamp, fact: HEARD.append(("done", fact))])
    monkeypatch.setattr(events, "UNDONE", [lambda _stamp, fact: HEARD.append(("undone", fact))])
    yield


def done(ward: PrenatalWard, enrolment_id: int, code: str, **more: Any) -> int:
    task = ward.task(enrolment_id, code)
    ward.world.do("nurse", mark_done, task_id=task.id, **more)
    return task.id


def test_a_task_done_in_its_window_is_announced_with_its_points(ward: PrenatalWard) -> None:
    number = ward.sell()
    task_id = done(ward, number, "P01", evidence="建册完成")
    row = ward.task(number, "P01")
    assert (row.state, row.done_on, row.evidence) == ("done", TODAY, "建册完成")
    assert row.done_by == ward.world.actors["nurse"].id
    [(what, fact)] = HEARD
    assert what == "done" and fact.task_id == task_id and fact.on_time and not fact.excused
    assert (fact.points, fact.rule, fact.event) == (100, "CHECKUP", "task_on_time")
    [(entry, detail)] = ward.entries("task.done")
    assert entry.subject_id == task_id and detail.after["evidence"] == "建册完成"


def test_a_late_task_is_done_like_any_other_but_not_on_time(ward: PrenatalWard) -> None:
    number = ward.sell()
    ward.world.clock.advance(timedelta(days=30))
    done(ward, number, "P01")
    assert ward.task(number, "P01").state == "done" and not HEARD[0][1].on_time


def test_a_task_noted_later_counts_for_the_day_it_was_done(ward: PrenatalWard) -> None:
    number = ward.sell(enrolled_on=TODAY - timedelta(days=5))
    done(ward, number, "P01", done_on=TODAY - timedelta(days=2))
    assert HEARD[0][1].done_on == TODAY - timedelta(days=2)


def test_rest_counts_as_done_with_its_badge(ward: PrenatalWard) -> None:
    number = ward.sell()
    task = ward.task(number, "P02")
    with pytest.raises(ReasonMissing):
        ward.world.do("nurse", excuse, task_id=task.id, reason="  ")
    ward.world.do("nurse", excuse, task_id=task.id, reason="医生嘱卧床")
    assert ward.task(number, "P02").state == "excused"
    [(what, fact)] = HEARD
    assert what == "done" and fact.excused and fact.counts_for_badge


@pytest.mark.parametrize(
    ("code", "arguments", "refusal"),
    [
        ("P01", {"done_on": TODAY + timedelta(days=1)}, DoneInFuture),
        ("P06", {}, NotYetOpen),
    ],
)
def test_days_that_cannot_be_are_refused(
    ward: PrenatalWard, code: str, arguments: dict, refusal: type[Refusal]
) -> None:
    number = ward.sell()
    with pytest.raises(refusal):
        done(ward, number, code, **arguments)
    assert ward.task(number, code).state == "planned" and not HEARD


def test_a_visit_a_few_days_early_is_a_visit(ward: PrenatalWard) -> None:
    number = ward.sell(last_period=TODAY - timedelta(days=140 - 7))
    done(ward, number, "P05")
    assert HEARD[0][1].on_time


def test_done_twice_is_refused_but_a_double_click_is_one_answer(ward: PrenatalWard) -> None:
    number = ward.sell()
    done(ward, number, "P01", request_key="click")
    done(ward, number, "P01", request_key="click")
    assert len(HEARD) == 1
    with pytest.raises(MoveNotPossible) as refused:
        done(ward, number, "P01")
    assert "Done" in refused.value.text("en")


def test_an_ended_package_has_no_open_tasks(ward: PrenatalWard) -> None:
    number = ward.sell()
    ward.world.do("nurse", complete, enrolment_id=number)
    with pytest.raises(EnrolmentEnded):
        done(ward, number, "P01")
    with pytest.raises(UnknownTask):
        ward.world.do("nurse", mark_done, task_id=9999)


def test_undo_on_the_same_day_takes_everything_back(ward: PrenatalWard) -> None:
    number = ward.sell()
    task_id = done(ward, number, "P01")
    with pytest.raises(ReasonMissing):
        ward.world.do("nurse", undo, task_id=task_id, reason="")
    ward.world.do("nurse", undo, task_id=task_id, reason="点错人")
    row = ward.task(number, "P01")
    assert (row.state, row.done_on, row.done_by) == ("planned", None, None)
    assert [what for what, _fact in HEARD] == ["done", "undone"]
    assert HEARD[0][1].task_id == HEARD[1][1].task_id and HEARD[1][1].points == 100


def test_undo_ends_with_the_departments_midnight(ward: PrenatalWard) -> None:
    number = ward.sell()
    task_id = done(ward, number, "P01")
    # 12:00 in Shanghai plus 12 hours is the next day there, though it is still the same day in UTC.
    ward.world.clock.advance(timedelta(hours=12))
    with pytest.raises(TooLateToUndo):
        ward.world.do("nurse", undo, task_id=task_id, reason="点错人")


def test_a_refused_reward_undoes_the_mark_with_it(
    ward: PrenatalWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_stamp: Any, _fact: TaskFact) -> None:
        raise UnknownTask

    monkeypatch.setattr(events, "DONE", [refuse])
    number = ward.sell()
    with pytest.raises(UnknownTask):
        done(ward, number, "P01")
    assert ward.task(number, "P01").state == "planned"


def booked(ward: PrenatalWard, enrolment_id: int, code: str, hours: float) -> int:
    task = ward.task(enrolment_id, code)
    at: datetime = ward.world.clock.now() + timedelta(hours=hours)
    patient = ward.row(EnrolmentRow, enrolment_id).patient_id
    return ward.world.do("nurse", book, patient_id=patient, task_id=task.id, at=at)


def test_done_marks_the_booked_visit_attended_and_undo_books_it_again(ward: PrenatalWard) -> None:
    number = ward.sell()
    visit = booked(ward, number, "P01", 1)
    task_id = done(ward, number, "P01")
    assert ward.row(AppointmentRow, visit).state == "attended"
    ward.world.do("nurse", undo, task_id=task_id, reason="点错人")
    assert ward.row(AppointmentRow, visit).state == "booked"


def test_a_visit_is_not_missed_before_its_time_and_the_refusal_does_not_deny_it(ward: PrenatalWard) -> None:
    number = ward.sell()
    task = ward.task(number, "P01")
    with pytest.raises(NoVisitToMiss):
        ward.world.do("nurse", mark_no_show, task_id=task.id)
    visit = booked(ward, number, "P01", 1)
    with pytest.raises(VisitNotYet):
        ward.world.do("nurse", mark_no_show, task_id=task.id)
    assert ward.row(AppointmentRow, visit).state == "booked"


def test_a_missed_visit_leaves_the_task_open(ward: PrenatalWard) -> None:
    number = ward.sell()
    visit = booked(ward, number, "P01", 1)
    task = ward.task(number, "P01")
    ward.world.clock.advance(timedelta(hours=2))
    assert ward.world.do("nurse", mark_no_show, task_id=task.id) == visit
    assert ward.row(AppointmentRow, visit).state == "no_show"
    assert ward.task(number, "P01").state == "planned"
    done(ward, number, "P01")
    assert HEARD[0][1].on_time


def test_the_days_to_recount_are_marked(ward: PrenatalWard) -> None:
    number = ward.sell()
    with ward.world.desk.database.writing() as session:
        session.execute(delete(TouchedDayRow))
    done(ward, number, "P01")
    with ward.world.desk.database.reading() as session:
        days = set(touched(session))
    assert {TODAY, LAST_PERIOD + timedelta(days=97)} <= days


@pytest.mark.parametrize("deed", [mark_done, excuse, undo, mark_no_show])
def test_an_executive_marks_nothing(ward: PrenatalWard, deed: Any) -> None:
    with pytest.raises(NotAllowed):
        ward.world.do("executive", deed, task_id=1)


def test_an_hour_told_afterwards_is_kept_beside_the_hour_of_writing(ward: PrenatalWard) -> None:
    task = ward.task(ward.sell(), "P01")
    told = ward.world.clock.now() - timedelta(hours=3, minutes=10)
    ward.world.do("nurse", mark_done, task_id=task.id, done_at=told)
    row = ward.row(TaskRow, task.id)
    assert (row.done_at, row.changed_at, row.done_on) == (told, ward.world.clock.now(), TODAY)
    (line,) = ward.world.ask("nurse", marked_lately)
    assert (line.done_at, line.changed_at) == (told, ward.world.clock.now())


def test_an_hour_of_yesterday_evening_counts_for_yesterday(ward: PrenatalWard) -> None:
    task = ward.task(ward.sell(), "P01")
    ward.world.do("nurse", mark_done, task_id=task.id, done_at=ward.world.clock.now() - timedelta(hours=13))
    assert ward.row(TaskRow, task.id).done_on == TODAY - timedelta(days=1)


def test_nothing_is_done_at_an_hour_to_come(ward: PrenatalWard) -> None:
    task = ward.task(ward.sell(), "P01")
    with pytest.raises(DoneInFuture):
        ward.world.do(
            "nurse", mark_done, task_id=task.id, done_at=ward.world.clock.now() + timedelta(minutes=1)
        )
    assert ward.row(TaskRow, task.id).state == "planned"


def test_a_mistake_seen_the_next_morning_is_taken_back_by_the_manager_alone(ward: PrenatalWard) -> None:
    enrolment = ward.sell()
    first, second = ward.task(enrolment, "P01"), ward.task(enrolment, "P02")
    for task in (first, second):
        ward.world.do("nurse", mark_done, task_id=task.id)
    ward.world.clock.advance(timedelta(days=1))
    with pytest.raises(TooLateToUndo):
        ward.world.do("nurse", undo, task_id=first.id, reason="点错了人")
    assert not ward.world.ask("nurse", marked_lately)
    assert {line.task_id for line in ward.world.ask("manager", marked_lately)} == {first.id, second.id}
    ward.world.do("manager", undo, task_id=first.id, reason="点错了人")
    assert (ward.row(TaskRow, first.id).state, ward.row(TaskRow, first.id).done_at) == ("planned", None)
    assert ward.row(TaskRow, second.id).state == "done"

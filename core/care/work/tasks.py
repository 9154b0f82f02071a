"""Tasks: marking what was done, and taking it back on the same day.

One table says which moves exist. Nothing here punishes anybody: a late task is done like any other, a
missed visit leaves the task open, and "the doctor said rest" counts as done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.care.plan.ending import put_back
from core.care.sale.courses import EnrolmentEnded
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.care.work import events
from core.care.work.events import TaskFact
from core.care.work.proof import proof
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.versions import pinned
from core.people.patients import get_patient

DONE = declare("task.done", N_("Task done"), ("evidence",))
EXCUSED = declare("task.excused", N_("Task waived"), ("reason",))
UNDONE = declare("task.undone", N_("Task reopened"), ("evidence", "reason"))
NO_SHOW = declare("task.no_show", N_("Visit missed"), ("reason",))

# The moves a person can make. Called off, given back and planned anew are moves of the enrolment (`ending`,
# `courses`): planned ↔ cancelled, planned ↔ not_applicable.
MOVES: dict[str, tuple[str, ...]] = {
    "planned": ("done", "excused"),
    "done": ("planned",),
    "excused": ("planned",),
    "cancelled": (),
    "not_applicable": (),
}
STATE_NAMES: dict[str, str] = {
    "planned": N_("Planned"),
    "done": N_("Done"),
    "excused": N_("Waived"),
    "cancelled": N_("Cancelled"),
    "not_applicable": N_("Not applicable"),
}
# A visit a few days before its window is a visit; one weeks before is the wrong line of the list.
EARLY = timedelta(days=7)


@dataclass(eq=False)
class UnknownTask(Refusal):
    message = N_("This task does not exist. Please reload the list.")


@dataclass(eq=False)
class MoveNotPossible(Refusal):
    state: str
    message = N_("This task is already marked: {state}. Please reload the list.")


@dataclass(eq=False)
class DoneInFuture(Refusal):
    message = N_("A task cannot have been done at a time that has not come yet.")
    field = "done_on"


@dataclass(eq=False)
class NotYetOpen(Refusal):
    opens_on: date
    message = N_("This task opens on {opens_on}. Is it perhaps another line of the list?")
    field = "done_on"


@dataclass(eq=False)
class TooLateToUndo(Refusal):
    message = N_(
        "A mark can be taken back on the same day. After that, please ask the department manager to do it."
    )


@dataclass(eq=False)
class NoVisitToMiss(Refusal):
    message = N_("No visit is booked for this task.")


@dataclass(eq=False)
class VisitNotYet(Refusal):
    message = N_("This visit has not begun. Mark it when its time has come.")


@deed("task.write")
def mark_done(
    stamp: Stamp,
    *,
    task_id: int,
    evidence: str = "",
    ticked: list[int] | None = None,
    done_on: date | None = None,
    done_at: datetime | None = None,
) -> None:
    """Mark a task done, now or at an earlier hour or day, with what shows it: a note (up to 300 characters) and the items
    of its checklist by their position, [] for none (None: nobody was shown the list).

    `done_at` is the hour told afterwards, from a paper list; the hour of writing down is kept beside it.

    A booked visit of that day is marked attended with it, so that nothing is typed twice. Inside the window
    the earning rules hear of it. Refuses a task that is not planned, an ended enrolment, a silenced
    patient, a day in the future and one more than 7 days before the window, required items that are neither ticked nor
    explained in the note, and a note that holds the value the task measures.
    """
    task, enrolment = _open_task(stamp, task_id, "done")
    at = done_at or (None if done_on else stamp.now)
    day = done_on or (day_of(at, stamp.zone) if at else stamp.today)
    if day > stamp.today or (at is not None and at > stamp.now):
        raise DoneInFuture
    if day < task.opens_on - EARLY:
        raise NotYetOpen(task.opens_on)
    document = pinned(stamp.session, enrolment.version_id)
    if document.knows(task.code):
        evidence = proof(document.task(task.code), ticked, evidence)
    else:
        evidence = reasons.remark(evidence, most=reasons.LONGEST_NOTE, field="evidence")
    finish(stamp, task, enrolment, day, at, evidence)
    after = {"state": "done", "done_on": day, "evidence": task.evidence}
    stamp.audit(DONE, ("task", task_id), {"state": "planned"}, {**_where(task, enrolment), **after})


@deed("task.write")
def excuse(stamp: Stamp, *, task_id: int, reason: str) -> None:
    """Excuse a task ("the doctor said bed rest", "done at another hospital"): it counts as done, badge
    included.

    Refuses without a reason, and what `mark_done` refuses.
    """
    reason = reasons.given(reason)
    task, enrolment = _open_task(stamp, task_id, "excused")
    task.state, task.done_on, task.done_at = "excused", stamp.today, stamp.now
    task.done_by = stamp.staff_id
    task.reason, task.changed_at = reason, stamp.now
    stamp.session.flush()
    stamp.touch(stamp.today, task.opens_on, task.closes_on)
    events.announce_done(stamp, fact_of(stamp, task, enrolment))
    after = {"state": "excused", "reason": task.reason}
    stamp.audit(EXCUSED, ("task", task_id), {"state": "planned"}, {**_where(task, enrolment), **after})


@deed("task.write")
def mark_no_show(stamp: Stamp, *, task_id: int, reason: str = "") -> int:
    """The patient did not come to her booked visit; returns the appointment's id. The task stays open.

    Refuses a task without a booked visit, and a visit whose time has not come."""
    reason = reasons.remark(reason)
    task, enrolment = _open_task(stamp, task_id, "done")
    visit = stamp.session.scalar(
        select(AppointmentRow)
        .where(AppointmentRow.task_id == task_id, AppointmentRow.state == "booked")
        .order_by(AppointmentRow.at)
        .limit(1)
    )
    if visit is None:
        raise NoVisitToMiss
    if visit.at > stamp.now:
        raise VisitNotYet
    visit.state, visit.reason, visit.changed_at = "no_show", reason, stamp.now
    stamp.session.flush()
    stamp.touch(visit.day)
    after = {**_where(task, enrolment), "state": "no_show", "reason": visit.reason}
    stamp.audit(NO_SHOW, ("appointment", visit.id), {"state": "booked"}, after)
    return visit.id


@deed("task.write")
def undo(stamp: Stamp, *, task_id: int, reason: str) -> None:
    """Take back a mark made by mistake: the task is open again, its visit booked, its points taken back.

    On the same day whoever may mark; a mistake seen later is taken back by those with "task.correct", or refused
    (`TooLateToUndo`)."""
    reason = reasons.given(reason)
    task, enrolment = _open_task(stamp, task_id, "planned")
    late = task.changed_at is None or day_of(task.changed_at, stamp.zone) != stamp.today
    if late and not stamp.actor.may("task.correct"):
        raise TooLateToUndo
    fact = fact_of(stamp, task, enrolment)
    before = {"state": task.state, "done_on": task.done_on, "evidence": task.evidence, "reason": task.reason}
    attended = stamp.session.scalars(
        select(AppointmentRow.id).where(
            AppointmentRow.task_id == task_id,
            AppointmentRow.state == "attended",
            AppointmentRow.changed_at == task.changed_at,
        )
    ).all()
    put_back(stamp, AppointmentRow, list(attended), "booked")
    stamp.touch(fact.done_on, task.opens_on, task.closes_on)
    task.state, task.done_on, task.done_at, task.done_by = "planned", None, None, None
    task.evidence, task.reason, task.changed_at = "", "", stamp.now
    stamp.session.flush()
    events.announce_undone(stamp, fact)
    after = {**_where(task, enrolment), "state": "planned", "reason": reason}
    stamp.audit(UNDONE, ("task", task_id), before, after)


def finish(
    stamp: Stamp, task: TaskRow, enrolment: EnrolmentRow, day: date, at: datetime | None, evidence: str
) -> None:
    """Make a planned task done, for deeds that hold the patient and the task and write their own audit entry; what
    a patient answers herself has nobody of staff in `done_by`."""
    task.state, task.done_on, task.done_at, task.done_by = "done", day, at, stamp.staff_id
    task.evidence, task.reason, task.changed_at = evidence, "", stamp.now
    _attend(stamp, task, day)
    stamp.session.flush()
    stamp.touch(day, task.opens_on, task.closes_on)
    events.announce_done(stamp, fact_of(stamp, task, enrolment))


def fact_of(stamp: Stamp, task: TaskRow, enrolment: EnrolmentRow) -> TaskFact:
    """A done or excused task as other rooms hear of it, with the points its pinned document promises."""
    document = pinned(stamp.session, enrolment.version_id)
    written = document.task(task.code)
    rule = next((rule for rule in document.earning_rules if rule.code == written.earns), None)
    done_on = task.done_on or stamp.today
    return TaskFact(
        enrolment_id=enrolment.id,
        patient_id=enrolment.patient_id,
        package_id=enrolment.package_id,
        version_id=enrolment.version_id,
        task_id=task.id,
        task_code=task.code,
        rule=rule.code if rule else "",
        event=rule.event if rule else "",
        points=written.points,
        on_time=done_on <= task.closes_on,
        done_on=done_on,
        counts_for_badge=task.counts_for_badge,
        excused=task.state == "excused",
    )


def _open_task(stamp: Stamp, task_id: int, target: str) -> tuple[TaskRow, EnrolmentRow]:
    patient_id = stamp.session.scalar(
        select(EnrolmentRow.patient_id)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .where(TaskRow.id == task_id)
    )
    if patient_id is None:
        raise UnknownTask
    get_patient(stamp, patient_id, speaking=True)
    task = stamp.session.get_one(TaskRow, task_id)
    enrolment = stamp.session.get_one(EnrolmentRow, task.enrolment_id)
    if enrolment.status != "active":
        raise EnrolmentEnded
    if target not in MOVES[task.state]:
        raise MoveNotPossible(STATE_NAMES[task.state])
    return task, enrolment


def _attend(stamp: Stamp, task: TaskRow, day: date) -> None:
    """The visit booked for that day has taken place; without one, the newest booked before it."""
    visit = stamp.session.scalar(
        select(AppointmentRow)
        .where(AppointmentRow.task_id == task.id, AppointmentRow.state == "booked", AppointmentRow.day <= day)
        .order_by(AppointmentRow.day.desc())
        .limit(1)
    )
    if visit is not None:
        visit.state, visit.changed_at = "attended", stamp.now
        stamp.touch(visit.day)


def _where(task: TaskRow, enrolment: EnrolmentRow) -> dict[str, int | str]:
    return {"patient_id": enrolment.patient_id, "enrolment_id": enrolment.id, "code": task.code}

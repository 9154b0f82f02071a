"""Her own dose of an exercise: within the package's bounds, set by the role the package names, with its history.

The programme never raises a dose by itself; without a dose of her own the package's counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.dialogue.answers.tables import DoseRow
from core.dialogue.course import NoRunningCourse, course_of
from core.foundation import reasons
from core.foundation.access import ROLE_NAMES
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import refuse_changed
from core.foundation.open_types import Raw
from core.packages.parts import Dose, Task
from core.people.patients import get_patient
from core.people.tables import StaffRow

SET = declare("dose.set", N_("Dose set for a patient"), ("reason",))
# Who may set a dose which the package leaves to a role.
MAY_SET = {"doctor": ("doctor",), "nurse": ("nurse", "doctor")}
MOST_SETS, MOST_REPS = 100, 1000


@dataclass(eq=False)
class NoDose(Refusal):
    message = N_("This task has no dose to set.")


@dataclass(eq=False)
class DoseNotYours(Refusal):
    role: str
    message = N_("The package leaves this dose to: {role}.")


@dataclass(eq=False)
class DoseOutside(Refusal):
    total: int
    low: int
    high: int
    message = N_("{total} a day lies outside what the package allows: {low} to {high} a day in all.")
    field = "reps"


@dataclass(frozen=True)
class DoseChange:
    """One dose she had: `sets` of `reps` a day, who set it and why; with `replaced_at` a newer one counts."""

    task_code: str
    sets: int
    reps: int
    reason: str
    staff: str
    at: datetime
    replaced_at: datetime | None


@deed("dose.write")
def set_dose(
    stamp: Stamp, *, enrolment_id: int, task_code: str, sets: int, reps: int, reason: str, read: Raw | None = None
) -> int:  # fmt: skip
    """Set her dose of a task (its code without the day), from now on, with the reason; returns the id. Refuses an ended
    course, a task without a dose (`NoDose`), a role the package does not name, what lies outside its bounds, and
    `ChangedMeanwhile` where she was given another since the form showed `read`."""
    reason = reasons.given(reason)
    patient_id = stamp.session.scalar(select(EnrolmentRow.patient_id).where(EnrolmentRow.id == enrolment_id))
    if patient_id is None:
        raise NoRunningCourse
    get_patient(stamp, patient_id, speaking=True)
    course = course_of(stamp, enrolment_id)
    if not course.runs:
        raise NoRunningCourse
    task = course.sold.task(task_code) if course.sold.knows(task_code) else None
    if task is None or task.dose is None:
        raise NoDose
    if stamp.actor.role not in MAY_SET[task.dose.set_by]:
        raise DoseNotYours(ROLE_NAMES[task.dose.set_by])
    low, high = bounds(task.dose)
    if not (1 <= sets <= MOST_SETS and 1 <= reps <= MOST_REPS and low <= sets * reps <= high):
        raise DoseOutside(sets * reps, low, high)
    before = _standing(stamp, enrolment_id, task.code)
    old = before or task.dose
    was = {"sets": old.sets, "reps": old.reps}
    refuse_changed(was, read)
    if before is not None:
        before.replaced_at = stamp.now
        stamp.session.flush()
    row = DoseRow(
        enrolment_id=enrolment_id, task_code=task.code, sets=sets, reps=reps, reason=reason,
        staff_id=stamp.staff_id, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(
        SET,
        ("enrolment", enrolment_id),
        was,
        {"patient_id": course.patient_id, "code": task.code, "sets": sets, "reps": reps, "reason": reason},
    )
    return row.id


@question("task.read")
def dose_history(look: Look, *, enrolment_id: int) -> list[DoseChange]:
    """Every dose that was set for her in a course, the newest first."""
    rows = look.session.execute(
        select(DoseRow, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == DoseRow.staff_id)
        .where(DoseRow.enrolment_id == enrolment_id)
        .order_by(DoseRow.id.desc())
    )
    return [
        DoseChange(row.task_code, row.sets, row.reps, row.reason, name or "", row.at, row.replaced_at)
        for row, name in rows
    ]


def dose_of(look: Look, enrolment_id: int, task: Task) -> Dose | None:
    """The dose that counts for her: her own, else the package's; None where nothing is counted."""
    return of_her(task, doses_of(look, enrolment_id)) if task.dose is not None else None


def doses_of(look: Look, enrolment_id: int) -> Mapping[str, tuple[int, int]]:
    """Her own doses of a course: the task's code → (sets, reps)."""
    rows = look.session.execute(
        select(DoseRow.task_code, DoseRow.sets, DoseRow.reps).where(
            DoseRow.enrolment_id == enrolment_id, DoseRow.replaced_at.is_(None)
        )
    )
    return {row.task_code: (row.sets, row.reps) for row in rows}


def of_her(task: Task, own: Mapping[str, tuple[int, int]]) -> Dose | None:
    """The same from `doses_of`, for a whole list of tasks."""
    if task.dose is None or task.code not in own:
        return task.dose
    sets, reps = own[task.code]
    return task.dose.model_copy(update={"sets": sets, "reps": reps})


def bounds(dose: Dose) -> tuple[int, int]:
    """The least and the most a day in all; an end the package leaves open is any possible number."""
    return dose.minimum or 1, dose.maximum or MOST_SETS * MOST_REPS


def _standing(look: Look, enrolment_id: int, task_code: str) -> DoseRow | None:
    return look.session.scalar(
        select(DoseRow).where(
            DoseRow.enrolment_id == enrolment_id,
            DoseRow.task_code == task_code,
            DoseRow.replaced_at.is_(None),
        )
    )

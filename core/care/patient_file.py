"""One patient's file as staff open it: who she is, how things stand, what comes next, what she holds.

Everything the page shows first is found in one look at the database, with as many queries for ten packages as for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.care.plan.pregnancy import DATED, Pregnancy, under_way
from core.care.quiet_care import StopState, stop_of
from core.care.sale.enrolled import EnrolmentCard, TaskLine, held_by
from core.care.tables import AppointmentRow
from core.care.work.sheets import Place, place_of, places
from core.care.work.worklist import WORKING_BANDS
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.packages.versions import pinned
from core.people.patients import ErasedPatient, PatientCard, card
from core.people.tables import PatientRow

COMING_BANDS = (*WORKING_BANDS, "upcoming")


@dataclass(frozen=True)
class Step:
    """Something that comes: a task with its place and what to bring, a visit booked for it, or a visit for no task that
    is still to do (then `task_id` is None and most texts are empty). `wording` is what is said for it, `listed` that a
    checklist shows that it was done."""

    task_id: int | None
    title: str
    role: str
    band: str
    opens_on: date
    closes_on: date
    place: str
    bring: str
    wording: str
    visit_id: int | None
    visit_at: datetime | None
    listed: bool = False

    @property
    def works(self) -> bool:
        """Whether its window is open now, so that it can be done today."""
        return self.band in WORKING_BANDS

    @property
    def bookable(self) -> bool:
        """Whether somebody of ours meets her for it, so that a day and an hour can be booked."""
        return self.visit_id is not None or self.role != "patient"


@dataclass(frozen=True)
class PatientFile:
    """`held` is all she holds or has held, the newest first; `coming` what is still to do, `past` what is over, the
    newest first. `next` is the visit booked for today or later, else the task that closes first, staff's before her
    own. `pregnancy` is the one under way (None: none, or quiet care); `age` in whole years; `day_number` counts from an
    operation, a discharge or the enrolment (`counted_from`), where she is in no pregnancy."""

    patient: PatientCard
    stop: StopState | None
    held: tuple[EnrolmentCard, ...]
    coming: tuple[Step, ...]
    past: tuple[TaskLine, ...]
    next: Step | None
    pregnancy: Pregnancy | None
    age: int | None
    counted_from: str
    day_number: int | None
    today: date
    zone: ZoneInfo

    @property
    def state(self) -> str:
        """quiet | active | ended | none: the one word over her file."""
        if self.stop is not None:
            return "quiet"
        if any(one.status == "active" for one in self.held):
            return "active"
        return "ended" if self.held else "none"

    @property
    def week_text(self) -> str:
        return self.pregnancy.week(self.today) if self.pregnancy else ""

    @property
    def may_be_dated(self) -> bool:
        """Whether her own file asks for the days of a pregnancy: not in quiet care, not while a course holds them, and not
        of somebody who came for something else."""
        if self.stop is not None:
            return False
        if self.pregnancy is not None:
            return not self.pregnancy.of_course
        other = self.held and not any(one.anchor_kind in DATED for one in self.held)
        return not other or bool(self.patient.last_period or self.patient.due_date)


@question("patient.read")
def patient_file(look: Look, *, patient_id: int) -> PatientFile:
    """The file of one patient; refuses `UnknownPatient` and `ErasedPatient`."""
    row = look.session.get(PatientRow, patient_id)
    if row is not None and row.erased_at:
        raise ErasedPatient
    patient = card(look, patient_id=patient_id)
    held = held_by(look, patient_id=patient_id)
    stop = stop_of(look, patient_id=patient_id)
    coming = _coming(look, patient_id, held)
    running = next((one for one in held if one.status == "active"), None)
    courses = sorted(held, key=lambda one: one.id, reverse=True)
    pregnancy = None if stop else under_way(courses, patient.last_period, patient.due_date, look.today)
    return PatientFile(
        patient=patient,
        stop=stop,
        held=tuple(held),
        coming=coming,
        past=_past(held),
        next=_next(coming, look.today, look.zone),
        pregnancy=pregnancy,
        age=_age(patient.birth_date, look.today),
        counted_from=running.anchor_kind if running and not pregnancy else "",
        day_number=(look.today - running.anchor_date).days if running and not pregnancy else None,
        today=look.today,
        zone=look.zone,
    )


def _coming(look: Look, patient_id: int, held: list[EnrolmentCard]) -> tuple[Step, ...]:
    known = places(look)
    steps = [
        _step(look, one, task, known)
        for one in held
        if one.status == "active"
        for task in one.tasks
        if task.band in COMING_BANDS
    ]
    steps += [
        _still_booked(look, task, task.visit_at)
        for one in held
        if one.status == "active"
        for task in one.tasks
        if task.band not in COMING_BANDS and task.visit_at and day_of(task.visit_at, look.zone) >= look.today
    ]
    steps += _visits_without_task(look, patient_id)
    return tuple(sorted(steps, key=lambda step: _order(step, look.zone)))


def _step(look: Look, one: EnrolmentCard, task: TaskLine, known: dict[str, Place]) -> Step:
    written = pinned(look.session, one.version_id, one.published_at).task(task.code)
    return Step(
        task.task_id, task.title, task.role, task.band, task.opens_on, task.closes_on,
        place_of(written, known).name, written.bring, written.wording, task.visit_id, task.visit_at,
        written.evidence == "checklist",
    )  # fmt: skip


def _still_booked(look: Look, task: TaskLine, at: datetime) -> Step:
    """A visit that stayed booked though its task is over: a corrected date, or done before. Somebody may call it off."""
    day = day_of(at, look.zone)
    return Step(None, task.title, "", "upcoming", day, day, "", "", "", task.visit_id, at)


def _visits_without_task(look: Look, patient_id: int) -> list[Step]:
    query = select(AppointmentRow.id, AppointmentRow.at, AppointmentRow.day).where(
        AppointmentRow.patient_id == patient_id,
        AppointmentRow.state == "booked",
        AppointmentRow.task_id.is_(None),
        AppointmentRow.day >= look.today,
    )
    return [
        Step(None, "", "", "upcoming", found.day, found.day, "", "", "", found.id, found.at)
        for found in look.session.execute(query)
    ]


def _past(held: list[EnrolmentCard]) -> tuple[TaskLine, ...]:
    over = [
        task for one in held for task in one.tasks if one.status != "active" or task.band not in COMING_BANDS
    ]
    return tuple(sorted(over, key=lambda task: (task.done_on or task.closes_on, task.task_id), reverse=True))


def _next(coming: tuple[Step, ...], today: date, zone: ZoneInfo) -> Step | None:
    booked = [step for step in coming if step.visit_at and day_of(step.visit_at, zone) >= today]
    if booked:
        return min(booked, key=lambda step: (step.visit_at, step.visit_id))
    return min(coming, key=lambda step: (step.role == "patient", step.closes_on, step.opens_on), default=None)


def _order(step: Step, zone: ZoneInfo) -> tuple[bool, bool, date, int]:
    """What is open now first, ours before her own; then by the day of the visit or the window."""
    day = step.closes_on if step.works else step.opens_on
    if step.visit_at:
        day = day_of(step.visit_at, zone)
    return not step.works, step.works and step.role == "patient", day, step.task_id or 0


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

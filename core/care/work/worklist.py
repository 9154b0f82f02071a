"""The nurse's list: whose task is due, what to say, what to bring, where, and one act per line.

One query for the tasks, one for the places; the wording comes from each patient's pinned version, parsed
once per process. "Today" is the department's day, so the list turns over at its midnight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from core.care.plan.planning import GRACE_DAYS, band, grace_of, week_of
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.department.tables import LocationRow
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, question
from core.packages.document import PackageDocument
from core.packages.parts import ChecklistItem, Task
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.patients import matching, tidy
from core.people.tables import PatientRow, StaffRow

WORKING_BANDS = ("overdue", "due", "open")
# Tomorrow's work is shown a week ahead; what expired is shown for two months, for tidying up.
AHEAD = timedelta(days=7)
LOOKING_BACK = timedelta(days=60)
CORRECTED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """Where: as the department's list of places has it, or else as the package says. Wait in minutes."""

    code: str
    name: str
    floor: str
    route: str
    wait_minutes: int | None


@dataclass(frozen=True)
class DueRow:
    """One line of the list. `week_text` is the gestational age today ("12+3"), "" for other packages, whose
    patients are on day `day_number` after their anchor date. `minutes` is how long it takes."""

    task_id: int
    enrolment_id: int
    patient_id: int
    patient_name: str
    phone_end: str
    package_name: str
    week_text: str
    day_number: int
    code: str
    kind: str
    title: str
    role: str
    band: str
    opens_on: date
    closes_on: date
    wording: str
    what: str
    bring: str
    place: Place
    minutes: int
    evidence: str
    checklist: tuple[ChecklistItem, ...]
    points: int
    appointment_id: int | None
    appointment_at: datetime | None
    own_nurse: str

    @property
    def has_appointment(self) -> bool:
        return self.appointment_at is not None


@dataclass(frozen=True)
class DueList:
    """The lines asked for, how many there are of each band under the same other filters, and the places to
    filter by (code → name). `total` counts the lines before the limit."""

    rows: list[DueRow]
    counts: dict[str, int]
    places: dict[str, str]
    total: int


@dataclass(frozen=True)
class MarkedRow:
    """A task that was marked and can still be taken back. `done_at` is the hour it was done, as far as somebody told,
    `changed_at` when that was recorded."""

    task_id: int
    patient_id: int
    patient_name: str
    code: str
    title: str
    state: str
    changed_at: datetime
    done_at: datetime | None


@question("task.read")
def due_list(
    look: Look,
    *,
    bands: Iterable[str] = WORKING_BANDS,
    role: str = "",
    mine: bool = False,
    patient_id: int | None = None,
    location: str = "",
    text: str = "",
    package_id: int | None = None,
    limit: int = 500,
) -> DueList:
    """The tasks of all active patients that are in one of `bands` today; visits booked for today come
    first, then what closes soonest. `mine`: of the patients whose own nurse is asking. `text` finds a name, a record number or the end of a phone number;
    `location` is a place code. Silenced patients are not on any list."""
    chosen = set(bands)
    query = _candidates(look, chosen)
    if role:
        query = query.where(TaskRow.role == role)
    if mine:
        query = query.where(PatientRow.own_nurse_id == look.actor.id)
    if patient_id is not None:
        query = query.where(EnrolmentRow.patient_id == patient_id)
    if package_id is not None:
        query = query.where(EnrolmentRow.package_id == package_id)
    if tidy(text):
        # The people first: few answer to a name, and their tasks are then found by an index.
        people = select(PatientRow.id).where(matching(look, tidy(text)))
        query = query.where(EnrolmentRow.patient_id.in_(people))
    sheets = _Sheets(look)
    counts, names = Counter[str](), dict[str, str]()
    standing: list[tuple[str, Any]] = []
    for found in _once_each(look.session.connection().execute(query)):
        place = sheets.task(found).place
        names.setdefault(place.code, place.name)
        if location and place.code != location:
            continue
        where = band("planned", found.opens_on, found.closes_on, look.today, grace_of(found.code))
        counts[where] += 1
        if where in chosen:
            standing.append((where, found))
    start, end = day_bounds(look.today, look.zone)
    standing.sort(key=lambda pair: _urgency(pair[1], start, end))
    known = places(look)
    shown = [_row(look, found, sheets, where, known) for where, found in standing[:limit]]
    names = {code: known[code].name if code in known else name for code, name in names.items()}
    return DueList(shown, dict(counts), dict(sorted(names.items())), len(standing))


@question("task.read")
def marked_lately(look: Look, *, limit: int = 50) -> list[MarkedRow]:
    """What was marked done or excused today, the newest first: the place to take something back. Those who may correct
    see the week before as well."""
    start, end = day_bounds(look.today, look.zone)
    if look.actor.may("task.correct"):
        start -= CORRECTED_FOR
    query = (
        select(
            TaskRow.id, TaskRow.code, TaskRow.state, TaskRow.changed_at, TaskRow.done_at, EnrolmentRow.patient_id,
            EnrolmentRow.version_id, PatientRow.name, PackageVersionRow.published_at,
        )
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(
            TaskRow.state.in_(("done", "excused")),
            TaskRow.changed_at >= start,
            TaskRow.changed_at < end,
            EnrolmentRow.status == "active",
            PatientRow.silenced_at.is_(None),
        )
        .order_by(TaskRow.changed_at.desc(), TaskRow.id.desc())
        .limit(limit)
    )  # fmt: skip
    sheets = _Sheets(look)
    return [
        MarkedRow(
            found.id, found.patient_id, found.name, found.code,
            sheets.task(found).title, found.state, found.changed_at, found.done_at,
        )
        for found in look.session.execute(query).all()
    ]  # fmt: skip


def places(look: Look) -> dict[str, Place]:
    """The department's places by code."""
    query = select(
        LocationRow.code, LocationRow.name, LocationRow.floor, LocationRow.route, LocationRow.wait_minutes
    ).where(LocationRow.active)
    return {row.code: Place(*row) for row in look.session.execute(query)}


def place_of(written: Task, known: dict[str, Place]) -> Place:
    """Where a task happens: the department's own description of the place, or the package's."""
    own = known.get(written.place.code)
    if own is None:
        return Place(written.place.code, written.place.name, "", written.place.route, None)
    return Place(own.code, own.name, own.floor, own.route or written.place.route, own.wait_minutes)


# --- inner ----------------------------------------------------------------------------------------


def _candidates(look: Look, bands: set[str]) -> Select[*tuple[Any, ...]]:
    back = LOOKING_BACK if "expired" in bands else timedelta(days=GRACE_DAYS)
    return (
        select(
            TaskRow.id, TaskRow.enrolment_id, TaskRow.code, TaskRow.role, TaskRow.opens_on, TaskRow.closes_on,
            EnrolmentRow.patient_id, EnrolmentRow.version_id, EnrolmentRow.anchor_kind, EnrolmentRow.anchor_date,
            PatientRow.name, PatientRow.phone_end, PackageVersionRow.published_at, StaffRow.name.label("own_nurse"),
            AppointmentRow.id.label("appointment_id"), AppointmentRow.at.label("appointment_at"),
        )
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .outerjoin(StaffRow, StaffRow.id == PatientRow.own_nurse_id)
        .outerjoin(AppointmentRow, (AppointmentRow.task_id == TaskRow.id) & (AppointmentRow.state == "booked"))
        .where(
            TaskRow.state == "planned",
            TaskRow.opens_on <= look.today + AHEAD,
            TaskRow.closes_on >= look.today - back,
            EnrolmentRow.status == "active",
            PatientRow.silenced_at.is_(None),
        )
        .order_by(TaskRow.closes_on, TaskRow.id, AppointmentRow.at)
    )  # fmt: skip


def _once_each(found: Iterable[Any]) -> Iterable[Any]:
    seen: set[int] = set()
    for row in found:
        if row.id not in seen:
            seen.add(row.id)
            yield row


class _Sheets:
    """The pinned documents of one list, by version: rows come in tens of thousands."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._documents: dict[int, PackageDocument] = {}

    def document(self, found: Any) -> PackageDocument:
        known = self._documents.get(found.version_id)
        if known is None:
            known = pinned(self._look.session, found.version_id, found.published_at)
            self._documents[found.version_id] = known
        return known

    def task(self, found: Any) -> Task:
        return self.document(found).task(found.code)


def _row(look: Look, found: Any, sheets: _Sheets, standing: str, known: dict[str, Place]) -> DueRow:
    written = sheets.task(found)
    return DueRow(
        task_id=found.id,
        enrolment_id=found.enrolment_id,
        patient_id=found.patient_id,
        patient_name=found.name,
        phone_end=found.phone_end,
        package_name=sheets.document(found).name,
        week_text=week_of(found.anchor_kind, found.anchor_date, look.today),
        day_number=(look.today - found.anchor_date).days,
        code=found.code,
        kind=written.kind,
        title=written.title,
        role=found.role,
        band=standing,
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        wording=written.wording,
        what=written.what,
        bring=written.bring,
        place=place_of(written, known),
        minutes=written.minutes,
        evidence=written.evidence,
        checklist=written.checklist,
        points=written.points,
        appointment_id=found.appointment_id,
        appointment_at=found.appointment_at,
        own_nurse=found.own_nurse or "",
    )


def _urgency(found: Any, start: datetime, end: datetime) -> tuple[bool, datetime, date, int]:
    at = found.appointment_at
    today = at is not None and start <= at < end
    return (not today, at if today else end, found.closes_on, found.id)

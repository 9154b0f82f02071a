"""The nurse's list: whose task is due, what to say, what to bring, where, and one act per line.

One query counts, one reads today's visits, one the rest of the page, one the places; the wording comes from each
patient's pinned version, parsed once per process. "Today" is the department's day, so the list turns over at its midnight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from core.care.plan.due_and_late import GRACE_DAYS, band, grace_of
from core.care.plan.planning import week_of
from core.care.tables import IS_PLANNED, IS_STILL_PLANNED, AppointmentRow, EnrolmentRow, TaskRow
from core.care.work.sheets import Place, Sheets, place_of, places
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, question
from core.foundation.open_types import Query
from core.packages.parts import ChecklistItem, Material
from core.packages.tables import PackageVersionRow
from core.people.patient_rules import legible
from core.people.search import matching
from core.people.tables import PatientRow, StaffRow

WORKING_BANDS = ("overdue", "due", "open")
# Tomorrow's work is shown a week ahead; what expired is shown for two months, for tidying up.
AHEAD = timedelta(days=7)
LOOKING_BACK = timedelta(days=60)
READ_AT_ONCE = 150  # a page and what the bands leave out of it


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
    material: Material | None
    points: int
    appointment_id: int | None
    appointment_at: datetime | None
    own_nurse: str


@dataclass(frozen=True)
class DueList:
    """The lines asked for, how many there are of each band under the same other filters, and the places to
    filter by (code → name). `total` counts the lines before the limit."""

    rows: list[DueRow]
    counts: dict[str, int]
    places: dict[str, str]
    total: int


@question("task.read")
def due_list(
    look: Look,
    *,
    bands: Iterable[str] = WORKING_BANDS,
    role: str = "",
    mine: bool = False,
    by_staff: bool = False,
    patient_id: int | None = None,
    location: str = "",
    text: str = "",
    package_id: int | None = None,
    limit: int = 500,
    offset: int = 0,
) -> DueList:
    """The tasks of all active patients that are in one of `bands` today; visits booked for today come
    first, then what closes soonest. `mine`: of the patients whose own nurse is asking; `by_staff`: without what patients do themselves. `text` finds a name, a record
    number or the end of a phone number; `location` is a place code. Silenced patients are not on any list. The rows are
    those from `offset` on, `limit` at most; the counts are of everything, counted by the database."""
    chosen = set(bands)
    conditions = _candidates(look)
    if role:
        conditions.append(TaskRow.role == role)
    if by_staff:
        conditions.append(TaskRow.role != "patient")
    if mine:
        own = select(PatientRow.id).where(PatientRow.own_nurse_id == look.actor.id)
        conditions.append(EnrolmentRow.patient_id.in_(own))
    if patient_id is not None:
        conditions.append(EnrolmentRow.patient_id == patient_id)
    if package_id is not None:
        conditions.append(EnrolmentRow.package_id == package_id)
    if legible(text):
        # The people first: few answer to a name, and their tasks are then found by an index.
        people = select(PatientRow.id).where(matching(look, text))
        conditions.append(EnrolmentRow.patient_id.in_(people))
    few = patient_id is not None or legible(text)
    planned = IS_STILL_PLANNED if few else IS_PLANNED
    sheets = Sheets(look)
    counts, names = Counter[str](), dict[str, str]()
    for alike in map(
        _Alike._make,
        look.session.connection().execute(
            _counted([*conditions, planned, _closes_since(look, LOOKING_BACK)])
        ),
    ):
        place = sheets.task(alike.version_id, alike.published_at, alike.code).place
        names.setdefault(place.code, place.name)
        if not location or place.code == location:
            counts[_band(look, alike)] += alike.many
    known = places(look)
    names = {code: known[code].name if code in known else name for code, name in names.items()}
    # Read from the top only as far as the page goes: which band and place a line has, its document says.
    wanted = (
        (where, line)
        for line in _in_order(look, [*conditions, *_may_be_in(look, chosen)], planned)
        if (where := _band(look, line)) in chosen
        and (
            not location or sheets.task(line.version_id, line.published_at, line.code).place.code == location
        )
    )
    total = sum(counts[where] for where in chosen)
    page = islice(wanted, offset, min(offset + limit, total))
    shown = [_row(look, line, sheets, where, known) for where, line in page]
    return DueList(shown, dict(counts), dict(sorted(names.items())), total)


# --- inner ----------------------------------------------------------------------------------------


def _candidates(look: Look) -> list[ColumnElement[bool]]:
    """What may be on the list at all: conditions on a task and its enrolment."""
    silenced = select(PatientRow.id).where(PatientRow.silenced_at.is_not(None))
    return [
        TaskRow.opens_on <= look.today + AHEAD,
        EnrolmentRow.status == "active",
        EnrolmentRow.patient_id.not_in(silenced),
    ]


def _closes_since(look: Look, back: timedelta) -> ColumnElement[bool]:
    return TaskRow.closes_on >= look.today - back


def _may_be_in(look: Look, bands: set[str]) -> list[ColumnElement[bool]]:
    """What a task in one of these bands fulfils by its window, so that the others are not read at all."""
    if "expired" in bands:
        back = LOOKING_BACK
    else:
        back = timedelta(days=GRACE_DAYS if "overdue" in bands else 0)
    begun = [] if "upcoming" in bands else [TaskRow.opens_on <= look.today]
    return [_closes_since(look, back), *begun]


class _Alike(NamedTuple):
    """So many tasks of one kind with one window."""

    version_id: int
    published_at: datetime | None
    code: str
    opens_on: date
    closes_on: date
    many: int


class _Candidate(NamedTuple):
    """A planned task as it was read, with its person, version and booked visit."""

    id: int
    enrolment_id: int
    code: str
    role: str
    opens_on: date
    closes_on: date
    patient_id: int
    version_id: int
    anchor_kind: str
    anchor_date: date
    name: str
    phone_end: str
    published_at: datetime | None
    own_nurse: str | None
    appointment_id: int | None
    appointment_at: datetime | None


def _counted(conditions: list[ColumnElement[bool]]) -> Query:
    """How many tasks there are of one kind with one window: they stand in one band and at one place."""
    alike = (EnrolmentRow.version_id, TaskRow.code, TaskRow.opens_on, TaskRow.closes_on)
    found = (
        select(*alike, func.count().label("many"))
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .where(*conditions)
        .group_by(*alike)
        .subquery()
    )
    one = found.c
    return select(
        one.version_id, PackageVersionRow.published_at, one.code, one.opens_on, one.closes_on, one.many
    ).join(PackageVersionRow, PackageVersionRow.id == one.version_id)


def _in_order(
    look: Look, conditions: list[ColumnElement[bool]], planned: ColumnElement[bool]
) -> Iterator[_Candidate]:
    """The lines as the list shows them, each once: today's visits by their hour, then what closes soonest. The second
    statement is asked only where the first does not fill the page, and read only as far as the page goes."""
    start, end = day_bounds(look.today, look.zone)
    comes = and_(AppointmentRow.at >= start, AppointmentRow.at < end)
    near = (look.today - timedelta(days=1), look.today + timedelta(days=1))
    visited = select(AppointmentRow.task_id).where(
        AppointmentRow.day.between(*near),
        AppointmentRow.state == "booked",
        comes,
        AppointmentRow.task_id.is_not(None),
    )
    hour = case((comes, AppointmentRow.at), else_=literal(end, AppointmentRow.at.type))
    soonest = (TaskRow.closes_on, TaskRow.id, AppointmentRow.at)
    seen: set[int] = set()
    for query in (
        _LINES.where(*conditions, IS_STILL_PLANNED, TaskRow.id.in_(visited)).order_by(hour, *soonest),
        _LINES.where(*conditions, planned).order_by(*soonest),
    ):
        for row in look.session.connection().execute(query, execution_options={"yield_per": READ_AT_ONCE}):
            if row.id not in seen:
                seen.add(row.id)
                yield _Candidate._make(row)


_LINES = (
    select(
        TaskRow.id, TaskRow.enrolment_id, TaskRow.code, TaskRow.role, TaskRow.opens_on, TaskRow.closes_on,
        EnrolmentRow.patient_id, EnrolmentRow.version_id, EnrolmentRow.anchor_kind, EnrolmentRow.anchor_date,
        PatientRow.name, PatientRow.phone_end, PackageVersionRow.published_at, StaffRow.name,
        AppointmentRow.id.label("appointment_id"), AppointmentRow.at.label("appointment_at"),
    )
    .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
    .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
    .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
    .outerjoin(StaffRow, StaffRow.id == PatientRow.own_nurse_id)
    .outerjoin(AppointmentRow, (AppointmentRow.task_id == TaskRow.id) & (AppointmentRow.state == "booked"))
)  # fmt: skip


def _band(look: Look, found: _Alike | _Candidate) -> str:
    return band("planned", found.opens_on, found.closes_on, look.today, grace_of(found.code))


def _row(look: Look, found: _Candidate, sheets: Sheets, standing: str, known: dict[str, Place]) -> DueRow:
    written = sheets.task(found.version_id, found.published_at, found.code)
    return DueRow(
        task_id=found.id,
        enrolment_id=found.enrolment_id,
        patient_id=found.patient_id,
        patient_name=found.name,
        phone_end=found.phone_end,
        package_name=sheets.document(found.version_id, found.published_at).name,
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
        material=written.material,
        points=written.points,
        appointment_id=found.appointment_id,
        appointment_at=found.appointment_at,
        own_nurse=found.own_nurse or "",
    )

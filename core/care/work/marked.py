"""What was marked done or excused lately, and may still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, union_all

from core.care.tables import EnrolmentRow, TaskRow
from core.care.work.sheets import Sheets
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, question
from core.foundation.fast.statements import Hot
from core.foundation.open_types import Query
from core.packages.tables import PackageVersionRow
from core.people.tables import PatientRow

CORRECTED_FOR = timedelta(days=7)


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
def marked_lately(look: Look, *, limit: int = 50) -> list[MarkedRow]:
    """What was marked done or excused today, the newest first: the place to take something back. Those who may correct
    see the week before as well."""
    start, end = day_bounds(look.today, look.zone)
    if look.actor.may("task.correct"):
        start -= CORRECTED_FOR
    link = look.session.connection()
    sheets = Sheets(look)
    return [
        MarkedRow(
            found.id, found.patient_id, found.name, found.code,
            sheets.task(found.version_id, found.published_at, found.code).title, found.state, found.changed_at,
            found.done_at,
        )
        for found in _MARKED.typed(link, _MARKED.all(link, start=start, end=end, most=limit))
    ]  # fmt: skip


# --- inner ----------------------------------------------------------------------------------------


def _in_state(state: str) -> Query:
    """What came into this state in that time, the newest first."""
    return (
        select(
            TaskRow.id, TaskRow.code, TaskRow.state, TaskRow.changed_at, TaskRow.done_at, EnrolmentRow.patient_id,
            EnrolmentRow.version_id, PatientRow.name, PackageVersionRow.published_at,
        )
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(
            TaskRow.state == state,
            TaskRow.changed_at >= bindparam("start"),
            TaskRow.changed_at < bindparam("end"),
            EnrolmentRow.status == "active",
            PatientRow.silenced_at.is_(None),
        )
        .order_by(TaskRow.changed_at.desc(), TaskRow.id.desc())
        .limit(bindparam("most"))
    )  # fmt: skip


# State by state, so that each is read from the end of its index and only as far as the list goes.
_NEWEST = union_all(*(select(_in_state(state).subquery()) for state in ("done", "excused"))).subquery()
_MARKED = Hot(
    select(_NEWEST).order_by(_NEWEST.c.changed_at.desc(), _NEWEST.c.id.desc()).limit(bindparam("most"))
)

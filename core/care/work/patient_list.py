"""The patients' list: who comes today, who waits for somebody, and everybody else, a page at a time.

First those whose visit is booked for today, then those with an overdue task, then those who fell quiet and were
promised a call that nobody has made; after them everybody else, the newest first. The urgent ones are found by the
indexes of their own tables, the others by number, so that a page costs the same with a hundred patients and with a
hundred thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    case,
    distinct,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)

from core.care.plan.pregnancy import after_a_loss
from core.care.tables import AppointmentRow, EnrolmentRow, GentleStopRow, TaskRow
from core.care.work.patient_lines import SHOWN, PatientLine, lines_of, overdue_tasks
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.foundation.paging import COUNTED_TO, counted_to, part_of
from core.people.patient_rules import legible
from core.people.search import matching
from core.people.tables import PatientRow

PAGE = 100
# What one may ask for alone. A patient may be of several kinds; her line says the first that is true.
KINDS = {
    "today": N_("Comes today"),
    "overdue": N_("Overdue"),
    "quiet": N_("Quiet care"),
    "not_enrolled": N_("Not enrolled"),
    "undated": N_("No dating"),
}
STATES = {**KINDS, "enrolled": N_("Enrolled"), "completed": N_("Completed"), "run_out": N_("Run out")}
# The kinds that are found by the patient herself.
_OF_HERSELF = ("quiet", "not_enrolled", "undated")
_TODAY, _OVERDUE, _CALL = 0, 1, 2


@dataclass(frozen=True)
class PatientList:
    """One page of the list; pages count from 1. `total` is how many there are of the kind asked for, `counts` how many
    of each kind the search found (`COUNTED_TO` + 1: more than so many), `everybody` how many of all kinds."""

    rows: list[PatientLine]
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    everybody: int


@question("patient.read")
def patient_list(
    look: Look, *, text: str = "", only: str = "", page: int = 1, page_size: int = PAGE
) -> PatientList:
    """The patients, those first who need somebody. `only` is a key of `KINDS` ("" means all), `text` finds a name, a
    record number or the end of a phone number. Erased patients are on no list; a quiet one is of that kind alone."""
    wanted: list[ColumnElement[bool]] = [PatientRow.erased_at.is_(None)]
    if legible(text):
        wanted.append(matching(look, text))
    urgent = _urgent(look, wanted)
    counts, waiting, everybody = _counts(look, wanted, urgent)
    total = counts[only] if only else everybody
    if total > COUNTED_TO and only in _OF_HERSELF:
        total = look.session.scalar(select(func.count(PatientRow.id)).where(*wanted, _is(only))) or 0
    part = part_of(total, page, page_size)
    first = part.before
    if only in ("today", "overdue"):
        ids = _urgent_ids(look, urgent, first, page_size, rank=_TODAY if only == "today" else _OVERDUE)
    elif only:
        newest = (PatientRow.silenced_at.desc(), PatientRow.id.desc())
        query = select(PatientRow.id).where(*wanted, _is(only)).order_by(*newest)
        ids = list(look.session.scalars(query.offset(first).limit(page_size)))
    else:
        ids = _urgent_ids(look, urgent, first, page_size) if first < waiting else []
        if len(ids) < page_size:
            rest = (
                select(PatientRow.id)
                .where(*wanted, PatientRow.id.not_in(select(urgent.c.patient_id)))
                .order_by(PatientRow.id.desc())
                .offset(max(0, first - waiting))
                .limit(page_size - len(ids))
            )
            ids += look.session.scalars(rest)
    return PatientList(lines_of(look, ids), total, part.page, part.pages, counts, everybody)


# --- who -------------------------------------------------------------------------------------------


def _urgent(look: Look, wanted: list[ColumnElement[bool]]) -> Subquery:
    """Who needs somebody, and why: patient, rank, hour of a visit, day of what is overdue or promised. A patient may
    stand here more than once."""
    speaking = PatientRow.silenced_at.is_(None)
    comes = (
        select(
            AppointmentRow.patient_id.label("patient_id"),
            literal(_TODAY).label("rank"),
            AppointmentRow.at.label("hour"),
            AppointmentRow.day.label("day"),
        )
        .join(PatientRow, PatientRow.id == AppointmentRow.patient_id)
        .where(AppointmentRow.day == look.today, AppointmentRow.state == "booked", speaking, *wanted)
    )
    late = (
        select(EnrolmentRow.patient_id, literal(_OVERDUE), null(), TaskRow.closes_on)
        .join(TaskRow, TaskRow.enrolment_id == EnrolmentRow.id)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .where(*overdue_tasks(look.today), speaking, *wanted)
    )
    promised = (
        select(GentleStopRow.patient_id, literal(_CALL), null(), GentleStopRow.day)
        .join(PatientRow, PatientRow.id == GentleStopRow.patient_id)
        .where(GentleStopRow.called_at.is_(None), GentleStopRow.lifted_at.is_(None), *wanted)
    )
    return union_all(comes, late, promised).subquery("urgent")


def _urgent_ids(look: Look, urgent: Subquery, offset: int, limit: int, rank: int | None = None) -> list[int]:
    found = urgent.c
    query: Select[Any] = select(found.patient_id).group_by(found.patient_id)
    if rank is not None:
        query = query.where(found.rank == rank)
    order = (func.min(found.rank), func.min(found.hour), func.min(found.day), found.patient_id)
    return list(look.session.scalars(query.order_by(*order).offset(offset).limit(limit)))


def _is(kind: str) -> ColumnElement[bool]:
    """The condition of a kind that is found by the patient herself."""
    if kind == "quiet":
        return PatientRow.silenced_at.is_not(None)
    holds = exists().where(EnrolmentRow.patient_id == PatientRow.id)
    speaking = PatientRow.silenced_at.is_(None)
    if kind == "not_enrolled":
        return speaking & ~holds.where(EnrolmentRow.status.in_(SHOWN))
    undated = PatientRow.last_period.is_(None) & PatientRow.due_date.is_(None)
    # A package of another kind has an anchor date of its own: an operation, a discharge. After a loss nobody is to ask for one.
    asked = undated & ~after_a_loss()
    return speaking & asked & ~holds.where(EnrolmentRow.status == "active")


def _counts(
    look: Look, wanted: list[ColumnElement[bool]], urgent: Subquery
) -> tuple[dict[str, int], int, int]:
    """How many of each kind, how many need somebody, and how many there are at all."""
    found = urgent.c
    today, overdue, waiting = look.session.execute(
        select(
            func.count(distinct(case((found.rank == _TODAY, found.patient_id)))),
            func.count(distinct(case((found.rank == _OVERDUE, found.patient_id)))),
            func.count(distinct(found.patient_id)),
        )
    ).one()
    everybody, *others = look.session.execute(
        select(
            _everybody(wanted),
            *(counted_to(select(PatientRow.id).where(*wanted, _is(k)), COUNTED_TO) for k in _OF_HERSELF),
        )
    ).one()
    return dict(zip(KINDS, (today, overdue, *others), strict=True)), waiting, everybody


def _everybody(wanted: list[ColumnElement[bool]]) -> ColumnElement[int]:
    if len(wanted) > 1:
        return select(func.count(PatientRow.id)).where(*wanted).scalar_subquery()
    # All but the few that are erased: no database has to read every row for that, and SQLite counts rows without
    # looking at them where no column is named.
    rows = select(func.count()).select_from(PatientRow)
    return rows.scalar_subquery() - rows.where(PatientRow.erased_at.is_not(None)).scalar_subquery()

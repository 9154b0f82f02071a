"""When we last heard of somebody: whatever she or her family did, and whenever one of us spoke with her."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CallRow, PostRow
from core.foundation.clock import day_bounds
from core.foundation.doors import Look
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned

HERS = ("patient", "family", "guardian")
SPOKEN = ("reached", "family_answered")  # outcomes of a call in which somebody spoke with us
WITH_HER = ("visit", "education", "call")  # kinds of the house's tasks that are done together with her


def last_heard(look: Look, enrolment_ids: Collection[int]) -> dict[int, datetime]:
    """The newest sign of life of each enrolment's patient, in whichever of her courses; those without any are left
    out."""
    if not enrolment_ids:
        return {}
    found: dict[int, datetime] = {}
    whose = select(EnrolmentRow.id, EnrolmentRow.patient_id).where(EnrolmentRow.id.in_(sorted(enrolment_ids)))
    patients = {number: patient_id for number, patient_id in look.session.execute(whose)}  # noqa: C416
    wanted = sorted(set(patients.values()))
    heard: dict[int, datetime] = {}
    for query in (
        select(AnswerRow.patient_id, func.max(AnswerRow.at)).where(AnswerRow.patient_id.in_(wanted)),
        select(PostRow.patient_id, func.max(PostRow.at)).where(
            PostRow.patient_id.in_(wanted), PostRow.by.in_(HERS)
        ),
        select(RecordingRow.patient_id, func.max(RecordingRow.at)).where(
            RecordingRow.patient_id.in_(wanted), RecordingRow.by.in_(HERS), RecordingRow.state != "receiving"
        ),
        select(CallRow.patient_id, func.max(CallRow.at)).where(
            CallRow.patient_id.in_(wanted), CallRow.outcome.in_(SPOKEN)
        ),
        select(AppointmentRow.patient_id, func.max(AppointmentRow.at)).where(
            AppointmentRow.patient_id.in_(wanted),
            AppointmentRow.state == "attended",
            AppointmentRow.at <= look.now,
        ),
    ):
        for patient_id, at in look.session.execute(_each(query)):
            heard[patient_id] = max(at, heard.get(patient_id, at))
    for number, patient_id in patients.items():
        if patient_id in heard:
            found[number] = heard[patient_id]
    for number, at in _tasks_done(look, list(patients)):
        found[number] = max(at, found.get(number, at))
    return found


def _each(query: Any) -> Any:
    return query.group_by(list(query.selected_columns)[0])


def _tasks_done(look: Look, enrolment_ids: list[int]) -> list[tuple[int, datetime]]:
    """What was done by her or together with her, and when; the end of the day where no hour was told."""
    rows = look.session.execute(
        select(
            TaskRow.enrolment_id,
            TaskRow.code,
            TaskRow.role,
            TaskRow.done_on,
            TaskRow.done_at,
            TaskRow.changed_at,
            PackageVersionRow.id.label("version_id"),
            PackageVersionRow.published_at,
        )
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(TaskRow.enrolment_id.in_(enrolment_ids), TaskRow.state == "done")
    )
    found = []
    for task in rows:
        sold = pinned(look.session, task.version_id, task.published_at)
        if task.role == "patient" or sold.task(task.code).kind in WITH_HER:
            end_of_day = day_bounds(task.done_on or look.today, look.zone)[1] - timedelta(seconds=1)
            at = task.done_at or min(end_of_day, task.changed_at or end_of_day)
            found.append((task.enrolment_id, min(at, look.now)))
    return found

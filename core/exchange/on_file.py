"""What the department already has, as an import compares with: visits, and days its packages were counted from."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import func, select

from core.care.tables import AppointmentRow, EnrolmentRow
from core.exchange.visit_import import VisitsOnFile
from core.foundation.doors import Look, question
from core.people.patient_dates import COURSE_DAYS
from core.people.tables import PatientRow


@question("patient.import")
def visits_on_file(look: Look) -> VisitsOnFile:
    """Every visit up to today, by day and by patient and day."""
    rows = look.session.execute(
        select(AppointmentRow.day, PatientRow.record_key)
        .outerjoin(PatientRow, PatientRow.id == AppointmentRow.patient_id)
        .where(AppointmentRow.day < look.today)
    ).all()
    return VisitsOnFile(
        Counter(day for day, _number in rows),
        frozenset((number, day) for day, number in rows if number),
    )


@question("patient.import")
def days_sold(look: Look) -> dict[tuple[int, str], date]:
    """The latest day that a package sold to a patient was counted from, by patient and column of `COURSE_DAYS`: what is
    no later is of a course she has, and a file brings it no more."""
    kinds = {name.removesuffix("_date"): name for name in COURSE_DAYS}
    query = (
        select(EnrolmentRow.patient_id, EnrolmentRow.anchor_kind, func.max(EnrolmentRow.anchor_date))
        .where(EnrolmentRow.anchor_kind.in_(kinds))
        .group_by(EnrolmentRow.patient_id, EnrolmentRow.anchor_kind)
    )
    return {(patient, kinds[kind]): day for patient, kind, day in look.session.execute(query)}

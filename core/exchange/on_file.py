"""Which visits the department already has, as an import compares with."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from core.care.tables import AppointmentRow
from core.exchange.visit_import import VisitsOnFile
from core.foundation.doors import Look, question
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

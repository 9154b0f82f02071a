"""Who the department already has, as an import compares with."""

from __future__ import annotations

from sqlalchemy import select

from core.exchange.patient_import import KnownPatient, KnownPatients
from core.foundation.doors import Look, question
from core.people.tables import PatientRow


@question("patient.import")
def patients_on_file(look: Look) -> KnownPatients:
    """Every patient, to be found by record number or by name, phone and birth date together."""
    rows = look.session.execute(
        select(
            PatientRow.id, PatientRow.name, PatientRow.record_number, PatientRow.phone, PatientRow.birth_date
        ).where(PatientRow.erased_at.is_(None))
    )
    return KnownPatients.of(KnownPatient(*row) for row in rows)

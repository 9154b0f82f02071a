"""A patient's own nurse: whom her tasks are listed for first, and whom she may ask for by name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patients import get_patient
from core.people.tables import PatientRow, StaffRow

NAMED = declare("patient.own_nurse", N_("Own nurse named"))
# A doctor may be somebody's own person, too.
ROLES = ("nurse", "doctor")


@dataclass(eq=False)
class NotANurse(Refusal):
    message = N_("Choose a nurse or doctor who still works here.")
    field = "own_nurse"


@dataclass(frozen=True)
class OwnNurse:
    """Somebody who may be a patient's own nurse."""

    id: int
    name: str


@deed("patient.write")
def name_own_nurse(stamp: Stamp, *, patient_id: int, nurse_id: int | None) -> None:
    """Say who is a patient's own nurse, None for nobody. Refuses `NotANurse` and what `get_patient` refuses."""
    row = get_patient(stamp, patient_id)
    nurse = stamp.session.get(StaffRow, nurse_id) if nurse_id is not None else None
    if nurse_id is not None and (nurse is None or not nurse.active or nurse.role not in ROLES):
        raise NotANurse
    before, row.own_nurse_id = row.own_nurse_id, nurse_id
    stamp.audit(NAMED, ("patient", patient_id), {"own_nurse_id": before}, {"own_nurse_id": nurse_id})


@question("patient.read")
def nurses(look: Look) -> list[OwnNurse]:
    """Whom one can choose, by name."""
    query = (
        select(StaffRow.id, StaffRow.name)
        .where(StaffRow.active, StaffRow.role.in_(ROLES))
        .order_by(StaffRow.name, StaffRow.id)
    )
    return [OwnNurse(*row) for row in look.session.execute(query)]


@question("patient.read")
def own_nurse(look: Look, *, patient_id: int) -> OwnNurse | None:
    """A patient's own nurse, None for nobody."""
    query = (
        select(StaffRow.id, StaffRow.name)
        .join(PatientRow, PatientRow.own_nurse_id == StaffRow.id)
        .where(PatientRow.id == patient_id)
    )
    row = look.session.execute(query).one_or_none()
    return OwnNurse(*row) if row else None

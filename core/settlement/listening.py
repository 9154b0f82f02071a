"""What this room holds of a person, and how it is erased: words go, what was counted and paid stays."""

from __future__ import annotations

from sqlalchemy import select, update

from core.care.tables import EnrolmentRow
from core.foundation.doors import Stamp
from core.people.erasure import Subject, on_erasure
from core.settlement.tables import AmendsRow, EntitlementMarkRow


@on_erasure
def erase(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Blank the notes and apologies written for a patient."""
    session = stamp.session
    courses = select(EnrolmentRow.id).where(EnrolmentRow.patient_id == patient_id)
    marks = list(
        session.scalars(select(EntitlementMarkRow.id).where(EntitlementMarkRow.enrolment_id.in_(courses)))
    )
    session.execute(
        update(EntitlementMarkRow).where(EntitlementMarkRow.id.in_(marks)).values(note="", undo_reason="")
    )
    amends = list(session.scalars(select(AmendsRow.id).where(AmendsRow.patient_id == patient_id)))
    session.execute(update(AmendsRow).where(AmendsRow.id.in_(amends)).values(words="", reason=""))
    return [*(("entitlement_mark", number) for number in marks), *(("amends", number) for number in amends)]

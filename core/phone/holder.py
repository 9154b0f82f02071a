"""Who holds a confirmed phone, in the few facts every private page needs before anything else.

One query: the language the patient wants, whether a gentle stop is in force, and who of the house will call.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from core.care.tables import GentleStopRow
from core.foundation.doors import Look, question
from core.foundation.fast.statements import Hot
from core.people.tables import PatientRow, StaffRow


@dataclass(frozen=True)
class Holder:
    """`quiet`: a gentle stop is in force, and only the quiet page may be shown. `caller` and `caller_title`
    name the member of staff who will call, empty when that is not (or no longer) so."""

    patient_id: int
    name: str
    language: str
    quiet: bool
    caller: str = ""
    caller_title: str = ""


# Built once: every private page asks this before anything else.
_HOLDER = Hot(
    select(
        PatientRow.id,
        PatientRow.name,
        PatientRow.language,
        PatientRow.silenced_at,
        StaffRow.name.label("caller"),
        StaffRow.title.label("caller_title"),
    )
    .outerjoin(
        GentleStopRow,
        (GentleStopRow.patient_id == PatientRow.id)
        & GentleStopRow.lifted_at.is_(None)
        & GentleStopRow.called_at.is_(None),
    )
    # Whoever has left will not call; a colleague takes it over, unnamed until then.
    .outerjoin(StaffRow, (StaffRow.id == GentleStopRow.caller_id) & StaffRow.active)
    .where(PatientRow.id == bindparam("patient_id"), PatientRow.erased_at.is_(None))
    .order_by(GentleStopRow.id.desc())
    .limit(1)
)


@question("patient.self")
def holder(look: Look) -> Holder | None:
    """The patient who asks; None when the house no longer knows her (erased)."""
    rows = _HOLDER.typed(look.link, _HOLDER.all(look.link, patient_id=look.actor.id))
    if not rows:
        return None
    found = rows[0]
    quiet = found.silenced_at is not None
    return Holder(
        found.id,
        found.name,
        found.language,
        quiet,
        (found.caller or "") if quiet else "",
        (found.caller_title or "") if quiet else "",
    )

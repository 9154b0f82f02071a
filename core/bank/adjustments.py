"""Adjustments by two people: one proposes, another decides. The database refuses the same person twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, select, update

from core.bank.entries import AccountAtRest, resting
from core.bank.ledger import adjust
from core.bank.tables import AdjustmentRow
from core.foundation import reasons
from core.foundation.access import NotAllowed
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.tables import PatientRow, StaffRow

PROPOSED = declare("adjustment.proposed", N_("Adjustment of points proposed"), personal=("reason",))
APPROVED = declare("adjustment.approved", N_("Adjustment of points approved"))
DECLINED = declare("adjustment.declined", N_("Adjustment of points declined"))

MOST = 5000


@dataclass(eq=False)
class AdjustmentOutOfRange(Refusal):
    most: int
    message = N_("Enter a whole number other than 0, at most {most} points either way.")
    field = "points"


@dataclass(eq=False)
class SecondPersonNeeded(Refusal):
    message = N_("You proposed this adjustment. Somebody else has to decide it.")


@dataclass(eq=False)
class AdjustmentDecided(Refusal):
    message = N_("This adjustment has already been decided. Reload to see by whom.")


@dataclass(frozen=True)
class Adjustment:
    """A proposal with its two people; `mine` when the reader proposed it and so cannot decide it."""

    id: int
    patient_id: int
    patient_name: str
    points: int
    reason: str
    proposed_by: str
    proposed_at: datetime
    mine: bool


@deed("points.correct")
def propose_adjustment(stamp: Stamp, *, patient_id: int, points: int, reason: str) -> int:
    """Ask for points to be added (above 0) or taken (below 0); nothing moves yet. Returns the proposal's id.

    Refuses `AdjustmentOutOfRange`, `ReasonMissing`, `AccountAtRest`.
    """
    reason = reasons.given(reason)
    if not 0 < abs(points) <= MOST:
        raise AdjustmentOutOfRange(MOST)
    if resting(stamp.link, patient_id):
        raise AccountAtRest
    row = AdjustmentRow(
        patient_id=patient_id,
        points=points,
        reason=reason,
        state="proposed",
        proposed_by=_person(stamp),
        proposed_at=stamp.now,
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(PROPOSED, ("patient", patient_id), after={"points": points, "reason": row.reason})
    return row.id


@deed("points.correct")
def approve_adjustment(stamp: Stamp, *, adjustment_id: int) -> int:
    """Let another person's proposal take effect; returns the ledger entry's id.

    Refuses `SecondPersonNeeded`, `AdjustmentDecided`, `AccountAtRest`, and `InsufficientPoints` when more would
    be taken than is held.
    """
    row = _decide(stamp, adjustment_id, "approved")
    if resting(stamp.link, row.patient_id):
        raise AccountAtRest
    entry = adjust(stamp, row.patient_id, row.points, row.reason, row.proposed_by, _person(stamp))
    stamp.session.execute(
        update(AdjustmentRow).where(AdjustmentRow.id == adjustment_id).values(entry_id=entry)
    )
    stamp.audit(APPROVED, ("patient", row.patient_id), after={"points": row.points, "entry": entry})
    return entry


@deed("points.correct")
def decline_adjustment(stamp: Stamp, *, adjustment_id: int) -> None:
    """Say no to another person's proposal. Refuses `SecondPersonNeeded` and `AdjustmentDecided`."""
    row = _decide(stamp, adjustment_id, "declined")
    stamp.audit(DECLINED, ("patient", row.patient_id), after={"points": row.points})


@question("points.correct")
def adjustments_to_decide(look: Look) -> list[Adjustment]:
    """Proposals that wait for their second person, oldest first."""
    found = look.session.execute(
        select(AdjustmentRow, PatientRow.name, StaffRow.name)
        .join(PatientRow, PatientRow.id == AdjustmentRow.patient_id)
        .join(StaffRow, StaffRow.id == AdjustmentRow.proposed_by)
        .where(AdjustmentRow.state == "proposed", PatientRow.erased_at.is_(None))
        .order_by(AdjustmentRow.id)
    )
    return [
        Adjustment(
            row.id, row.patient_id, patient, row.points, row.reason, proposer, row.proposed_at,
            row.proposed_by == look.staff_id,
        )
        for row, patient, proposer in found
    ]  # fmt: skip


class _Proposal(NamedTuple):
    patient_id: int
    points: int
    reason: str
    proposed_by: int


def _decide(stamp: Stamp, adjustment_id: int, state: str) -> _Proposal:
    row = stamp.session.execute(
        select(AdjustmentRow.patient_id, AdjustmentRow.points, AdjustmentRow.reason, AdjustmentRow.proposed_by)
        .where(AdjustmentRow.id == adjustment_id)
    ).first()  # fmt: skip
    if row is None:
        raise AdjustmentDecided
    if row.proposed_by == _person(stamp):
        raise SecondPersonNeeded
    decided: CursorResult[Any] = stamp.session.execute(
        update(AdjustmentRow)
        .where(AdjustmentRow.id == adjustment_id, AdjustmentRow.state == "proposed")
        .values(state=state, decided_by=_person(stamp), decided_at=stamp.now)
    )  # type: ignore[assignment]
    if decided.rowcount != 1:
        raise AdjustmentDecided
    return _Proposal(*row)


def _person(stamp: Stamp) -> int:
    # A program has no second person beside it.
    if stamp.staff_id is None:
        raise NotAllowed
    return stamp.staff_id

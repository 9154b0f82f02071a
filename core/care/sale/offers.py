"""Offers: the package was explained to somebody. They are the denominator of uptake, so none is forgotten.

An offer that was accepted is tied to its enrolment; one that is still being thought about stays open.
Declining needs no reason and changes nothing in how the patient is treated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core.care.sale.eligibility import refuse_excluded
from core.care.tables import EnrolmentRow, OfferRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.tables import PackageRow
from core.packages.versions import UnknownPackage, document_of, newest_row
from core.people.patients import get_patient

RECORDED = declare("offer.recorded", N_("Offer recorded"), ("reason",))

OUTCOMES: dict[str, str] = {
    "thinking": N_("Wants to think about it"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
}
# Offers are noted within the day; a year covers a baseline typed in from paper.
OLDEST = timedelta(days=366)


@dataclass(eq=False)
class UnknownOutcome(Refusal):
    message = N_("Please choose what the patient answered.")
    field = "outcome"


@dataclass(eq=False)
class OfferDayImpossible(Refusal):
    day: date
    message = N_("An offer cannot be recorded for {day}: not in the future, and at most a year back.")
    field = "offered_on"


@dataclass(eq=False)
class AlreadyHolds(Refusal):
    package: str
    message = N_("This patient already has “{package}”. There is nothing to offer.")


@deed("offer.write")
def record_offer(
    stamp: Stamp,
    *,
    patient_id: int,
    package_id: int,
    outcome: str,
    reason: str = "",
    offered_on: date | None = None,
) -> int:
    """Record that a package was explained and what the patient answered; returns the offer's id.

    A second answer on the same day replaces the first, an answer after "thinking" closes that offer: one
    explanation is one offer. Refuses an impossible day, an unknown outcome, a patient who holds the package
    already, a silenced one, and one whom it may exclude before somebody has said why it is right (`MayBeExcluded`; who
    declined needs no answer).
    """
    reason = reasons.remark(reason)
    day = offered_on or stamp.today
    if outcome not in OUTCOMES:
        raise UnknownOutcome
    if not stamp.today - OLDEST <= day <= stamp.today:
        raise OfferDayImpossible(day)
    patient = get_patient(stamp, patient_id, speaking=True)
    package = stamp.session.get(PackageRow, package_id)
    if package is None:
        raise UnknownPackage
    if _holds(stamp, patient_id, package_id):
        raise AlreadyHolds(package.name)
    newest = newest_row(stamp.session, package_id)
    if newest is not None and outcome != "declined":
        refuse_excluded(stamp, patient, package_id, document_of(newest))
    return note_offer(stamp, patient_id, package_id, outcome, reason, day)


def note_offer(
    stamp: Stamp,
    patient_id: int,
    package_id: int,
    outcome: str,
    reason: str,
    day: date,
    enrolment_id: int | None = None,
) -> int:
    """Write the answer into the open offer, or into a new one; for deeds that have checked the patient."""
    row = _open_offer(stamp, patient_id, package_id, day)
    before = {"outcome": row.outcome, "offered_on": row.offered_on} if row else None
    if row is None:
        row = OfferRow(patient_id=patient_id, package_id=package_id, offered_on=day, at=stamp.now)
        row.staff_id = stamp.staff_id
        stamp.session.add(row)
    row.outcome, row.reason, row.enrolment_id = outcome, reason, enrolment_id
    stamp.session.flush()
    stamp.touch(row.offered_on, day)
    if enrolment_id is None:
        # An enrolment writes its own entry, which says the same.
        after = {"patient_id": patient_id, "package_id": package_id, "outcome": outcome, "reason": reason}
        stamp.audit(RECORDED, ("offer", row.id), before, {**after, "offered_on": day})
    return row.id


def _holds(stamp: Stamp, patient_id: int, package_id: int) -> bool:
    query = select(EnrolmentRow.id).where(
        EnrolmentRow.patient_id == patient_id,
        EnrolmentRow.package_id == package_id,
        EnrolmentRow.status == "active",
        EnrolmentRow.expires_on >= stamp.today,  # what ran out yesterday is ended by the night
    )
    return stamp.session.scalar(query) is not None


def _open_offer(stamp: Stamp, patient_id: int, package_id: int, day: date) -> OfferRow | None:
    """The newest offer that this answer belongs to: still open, or made on the same day and not accepted."""
    newest = stamp.session.scalar(
        select(OfferRow)
        .where(
            OfferRow.patient_id == patient_id, OfferRow.package_id == package_id, OfferRow.offered_on <= day
        )
        .order_by(OfferRow.offered_on.desc(), OfferRow.id.desc())
        .limit(1)
    )
    if newest is None or newest.enrolment_id is not None or newest.outcome == "accepted":
        return None
    return newest if newest.outcome == "thinking" or newest.offered_on == day else None

"""How much is paid back, and when: between nothing and what was paid, once per enrolment.

Only these deeds move money; quiet care proposes what `refundable_of` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.care.plan.ending import end
from core.care.sale.courses import active, get_enrolment
from core.care.tables import EnrolmentRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_

CANCELLED = declare("enrolment.cancelled", N_("Package cancelled"), ("reason",))
REFUNDED = declare("enrolment.refunded", N_("Refund paid"), ("reason",))


@dataclass(eq=False)
class RefundImpossible(Refusal):
    paid_fen: int
    message = N_("The refund must lie between 0 and what was paid.")
    field = "refund_fen"


@dataclass(eq=False)
class AlreadyRefunded(Refusal):
    day: date
    message = N_("A refund was recorded on {day}. Money is never recorded twice.")


@dataclass(eq=False)
class NothingToRefund(Refusal):
    message = N_("A package that goes on is refunded by cancelling it.")


@deed("enrolment.write")
def cancel_and_refund(stamp: Stamp, *, enrolment_id: int, reason: str, refund_fen: int) -> None:
    """End a package at the patient's wish and record what is paid back (fen, 0 to what was paid).

    Refuses no reason, an impossible amount, an ended enrolment.
    """
    reason = reasons.given(reason)
    row = active(stamp, enrolment_id)
    _refund(stamp, row, refund_fen)
    end(stamp, row, "cancelled", reason)
    after = {"status": "cancelled", "reason": reason, "refund_fen": refund_fen}
    stamp.audit(CANCELLED, ("enrolment", enrolment_id), {"status": "active"}, after)


@deed("enrolment.write")
def record_refund(stamp: Stamp, *, enrolment_id: int, refund_fen: int, reason: str) -> None:
    """Record the refund of a package that has ended already, such as one proposed by a gentle stop; once
    only."""
    reason = reasons.given(reason)
    row = get_enrolment(stamp, enrolment_id)
    if row.status == "active":
        raise NothingToRefund
    _refund(stamp, row, refund_fen)
    stamp.touch(row.enrolled_on)
    after = {"refund_fen": refund_fen, "reason": reason}
    stamp.audit(REFUNDED, ("enrolment", enrolment_id), {"refund_fen": 0}, after)


def refunded(look: Look, enrolment_ids: list[int]) -> bool:
    """Whether anything was paid back for one of these enrolments."""
    query = select(func.count()).where(
        EnrolmentRow.id.in_(enrolment_ids), EnrolmentRow.refunded_on.is_not(None)
    )
    return bool(look.session.scalar(query))


def refundable_of(look: Look, enrolment_ids: list[int]) -> dict[int, int]:
    """What may still be paid back, in fen, by enrolment; those already refunded are left out."""
    query = select(EnrolmentRow.id, EnrolmentRow.amount_fen).where(
        EnrolmentRow.id.in_(enrolment_ids), EnrolmentRow.refunded_on.is_(None)
    )
    return {number: fen for number, fen in look.session.execute(query).all()}  # noqa: C416


def _refund(stamp: Stamp, row: EnrolmentRow, refund_fen: int) -> None:
    if row.refunded_on is not None:
        raise AlreadyRefunded(row.refunded_on)
    if not 0 <= refund_fen <= row.amount_fen:
        raise RefundImpossible(row.amount_fen)
    row.refund_fen, row.refunded_on = refund_fen, stamp.today
    stamp.touch(stamp.today)

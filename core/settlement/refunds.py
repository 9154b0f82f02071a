"""The deeds that pay a refund: the rule's amount, or another one with a reason that is shown in supervision.

What the rule gives: `core.settlement.refund_proposals`. The rows themselves: `core.care.sale.refund_rows`.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.care.plan.ending import CANCELLED, end
from core.care.sale.courses import active, of_patient
from core.care.sale.refund_rows import book, check
from core.care.tables import EnrolmentRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.refund_rules import CAUSE_NAMES
from core.settlement.refund_proposals import proposal_of

OWN_WISH = "wish"  # the cause of whoever names none
REFUNDED = declare("enrolment.refunded", N_("Refund paid"), ("reason", "cause"))


@dataclass(eq=False)
class NothingToRefund(Refusal):
    message = N_("A package that goes on is refunded by cancelling it.")


@dataclass(eq=False)
class CauseMissing(Refusal):
    message = N_("Please choose why it is paid back: the rule depends on it.")
    field = "cause"


@dataclass(eq=False)
class DiffersFromRule(Refusal):
    rule_fen: int
    message = N_(
        "By the rule it is another amount. Please say why, in a few words; it is shown in supervision."
    )
    field = "reason"


@dataclass(eq=False)
class NoRuleNeedsReason(Refusal):
    message = N_(
        "This version has its refund terms in words only. Please say how the amount follows from them."
    )
    field = "reason"


@deed("enrolment.write")
def cancel_and_refund(
    stamp: Stamp,
    *,
    enrolment_id: int,
    refund_fen: int,
    cause: str = OWN_WISH,
    reason: str = "",
    known_fen: int = 0,
) -> int:
    """End a running package and record what is paid back (fen); returns the number of the refund's row. `known_fen` is
    what was paid back before, as whoever asks has seen it.

    Refuses `CauseMissing`; a refund that a colleague recorded meanwhile; less than nothing or more than was paid and not
    paid back; another amount than the rule's without a reason (`DiffersFromRule`, `NoRuleNeedsReason`); an ended
    enrolment.
    """
    reason = reasons.remark(reason)
    row = active(stamp, enrolment_id)
    booked = _pay(stamp, row, cause, refund_fen, reason, known_fen)
    end(stamp, row, "cancelled", booked.reason)
    after = {"status": "cancelled", "reason": booked.reason, "refund_fen": refund_fen, "cause": cause}
    stamp.audit(CANCELLED, ("enrolment", enrolment_id), {"status": "active"}, after | booked.beside)
    return booked.number


@deed("enrolment.write")
def record_refund(
    stamp: Stamp,
    *,
    enrolment_id: int,
    refund_fen: int,
    cause: str = OWN_WISH,
    reason: str = "",
    known_fen: int = 0,
) -> int:
    """Record a refund of a package that has ended already, such as one proposed in quiet care; returns the number of its
    row. Refuses as `cancel_and_refund`, and a running package."""
    reason = reasons.remark(reason)
    row = of_patient(stamp, enrolment_id)
    if row.status == "active":
        raise NothingToRefund
    booked = _pay(stamp, row, cause, refund_fen, reason, known_fen)
    stamp.touch(row.enrolled_on)
    after = {"refund_fen": refund_fen, "reason": booked.reason, "cause": cause}
    stamp.audit(REFUNDED, ("enrolment", enrolment_id), {"refund_fen": known_fen}, after | booked.beside)
    return booked.number


# --- inner ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Booked:
    number: int
    reason: str
    beside: dict[str, int | str | None]


def _pay(
    stamp: Stamp, row: EnrolmentRow, cause: str, refund_fen: int, reason: str, known_fen: int
) -> _Booked:
    if cause not in CAUSE_NAMES:
        raise CauseMissing
    # What a colleague has paid meanwhile comes before the rule, which would find nothing left.
    check(stamp, row, refund_fen, known_fen)
    found = proposal_of(stamp, row, cause)
    reckoning = found.reckoning
    if row.amount_fen and not reason:
        if reckoning is None:
            raise NoRuleNeedsReason
        if refund_fen != reckoning.fen:
            raise DiffersFromRule(reckoning.fen)
    new = book(
        stamp, row, refund_fen, known_fen=known_fen, cause=cause, reason=reason,
        rule_fen=None if reckoning is None else reckoning.fen, rule_from=found.found.source,
        lines=None if reckoning is None else [line.kept() for line in reckoning.lines],
    )  # fmt: skip
    beside: dict[str, int | str | None] = {} if reckoning is None else {"rule_fen": reckoning.fen}
    return _Booked(new.id, reason, beside)

"""Money paid back, as rows that are never edited: between nothing and what was paid, reversed only by a row of its own.

How much it is by the written rule: `core.settlement.refund_proposals`; the deeds of the cashier: `core.settlement.refunds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.care.plan.ended import announce_refunded, announce_unrefunded
from core.care.tables import EnrolmentRow, RefundRow
from core.foundation.doors import Look, Stamp
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw


@dataclass(eq=False)
class RefundImpossible(Refusal):
    left_fen: int
    message = N_("The refund must lie between 0 and what was paid and not yet paid back.")
    field = "refund_fen"


@dataclass(eq=False)
class AlreadyRefunded(Refusal):
    day: date
    message = N_(
        "A refund was recorded on {day} meanwhile. Please reload the page: money is never recorded twice."
    )


def book(
    stamp: Stamp,
    row: EnrolmentRow,
    refund_fen: int,
    *,
    known_fen: int = 0,
    cause: str = "",
    reason: str = "",
    rule_fen: int | None = None,
    rule_from: str = "",
    lines: Sequence[Raw] | None = None,
) -> RefundRow:
    """Record what is paid back of an enrolment that is held, in fen. `known_fen` is what whoever asks for it believes was
    paid back before. Refuses `AlreadyRefunded` where that is not so, and `RefundImpossible` below 0 or above the rest."""
    check(stamp, row, refund_fen, known_fen)
    new = _append(
        stamp, row, refund_fen, cause=cause, reason=reason, rule_fen=rule_fen, rule_from=rule_from,
        lines=None if lines is None else list(lines),
    )  # fmt: skip
    if refund_fen:
        announce_refunded(stamp, row.id, row.refund_fen == row.amount_fen)
    return new


def check(look: Look, row: EnrolmentRow, refund_fen: int, known_fen: int) -> None:
    """What `book` refuses, for whoever asks for more before it."""
    if known_fen != row.refund_fen:
        raise AlreadyRefunded(row.refunded_on or look.today)
    if not 0 <= refund_fen <= row.amount_fen - row.refund_fen:
        raise RefundImpossible(row.amount_fen - row.refund_fen)


def reverse_all(stamp: Stamp, row: EnrolmentRow, reason: str) -> int:
    """Take every standing refund of an enrolment back, each by a row of its own; returns how much that was, in fen."""
    reversed_ids = select(RefundRow.reverses_id).where(
        RefundRow.enrolment_id == row.id, RefundRow.reverses_id.is_not(None)
    )
    standing = stamp.session.scalars(
        select(RefundRow)
        .where(
            RefundRow.enrolment_id == row.id,
            RefundRow.reverses_id.is_(None),
            RefundRow.id.not_in(reversed_ids),
        )
        .order_by(RefundRow.id)
    ).all()
    for one in standing:
        _append(stamp, row, -one.amount_fen, cause=one.cause, reason=reason, reverses_id=one.id)
    if standing:
        announce_unrefunded(stamp, row.id)
    return sum(one.amount_fen for one in standing)


def refunded(look: Look, enrolment_ids: list[int]) -> bool:
    """Whether anything was paid back for one of these enrolments."""
    query = select(func.count()).where(
        EnrolmentRow.id.in_(enrolment_ids), EnrolmentRow.refunded_on.is_not(None)
    )
    return bool(look.session.scalar(query))


def _append(
    stamp: Stamp,
    row: EnrolmentRow,
    amount_fen: int,
    *,
    cause: str,
    reason: str,
    rule_fen: int | None = None,
    rule_from: str = "",
    lines: list[Raw] | None = None,
    reverses_id: int | None = None,
) -> RefundRow:
    """One row more, and the sum on the enrolment; without a standing refund the enrolment has no day of one."""
    earlier = select(func.count()).select_from(RefundRow).where(RefundRow.enrolment_id == row.id)
    number = f"{row.receipt_number}-R{(stamp.session.scalar(earlier) or 0) + 1}"
    new = RefundRow(
        enrolment_id=row.id, number=number, amount_fen=amount_fen, day=stamp.today, at=stamp.now,
        staff_id=stamp.staff_id, cause=cause, reason=reason, rule_fen=rule_fen, rule_from=rule_from, lines=lines,
        reverses_id=reverses_id,
    )  # fmt: skip
    stamp.session.add(new)
    row.refund_fen += amount_fen
    row.refunded_on = stamp.today if reverses_id is None else None
    stamp.session.flush()
    stamp.touch(stamp.today)
    return new

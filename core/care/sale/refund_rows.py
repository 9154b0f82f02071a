"""Money paid back, as rows that are never edited: between nothing and what was paid, reversed only by a row of its own.

How much it is by the written rule: `core.settlement.refund_proposals`; the deeds of the cashier: `core.settlement.refunds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

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
    amends: bool = False,
) -> RefundRow:
    """Record what is paid back of an enrolment that is held, in fen, `amends` for a missed promise and not by the terms.
    `known_fen` is what whoever asks for it believes was paid back before. Refuses `AlreadyRefunded` where that is not so, and `RefundImpossible` below 0 or above the rest."""
    check(stamp, row, refund_fen, known_fen)
    new = _append(
        stamp, row, refund_fen, cause=cause, reason=reason, rule_fen=rule_fen, rule_from=rule_from,
        lines=None if lines is None else list(lines), amends=amends,
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


def reverse_since(stamp: Stamp, row: EnrolmentRow, since: datetime, reason: str) -> int:
    """Take the refunds of an ending at `since` back, each by a row of its own; returns how much that was, in fen."""
    standing = standing_since(stamp, row.id, since)
    for one in standing:
        _append(stamp, row, -one.amount_fen, cause=one.cause, reason=reason, reverses_id=one.id)
    if standing:
        announce_unrefunded(stamp, row.id)
    return sum(one.amount_fen for one in standing)


def standing_since(look: Look, enrolment_id: int, since: datetime) -> list[RefundRow]:
    """The refunds of a course booked at `since` or later and not taken back; what was paid for a missed promise is none
    of its ending."""
    taken_back = select(RefundRow.reverses_id).where(
        RefundRow.enrolment_id == enrolment_id, RefundRow.reverses_id.is_not(None)
    )
    query = select(RefundRow).where(
        RefundRow.enrolment_id == enrolment_id, RefundRow.at >= since, RefundRow.amends.is_(False),
        RefundRow.reverses_id.is_(None), RefundRow.id.not_in(taken_back),
    )  # fmt: skip
    return list(look.session.scalars(query.order_by(RefundRow.id)))


def refunded(look: Look, enrolment_ids: list[int], since: datetime) -> bool:
    """Whether anything was paid back for one of these enrolments at `since` or later, but for a missed promise."""
    return any(standing_since(look, number, since) for number in enrolment_ids)


def amends_paid(look: Look, enrolment_ids: list[int]) -> dict[int, int]:
    """What was paid for missed promises, in fen, by enrolment."""
    query = (
        select(RefundRow.enrolment_id, func.sum(RefundRow.amount_fen))
        .where(RefundRow.enrolment_id.in_(enrolment_ids), RefundRow.amends.is_(True))
        .group_by(RefundRow.enrolment_id)
    )
    return {number: int(fen) for number, fen in look.session.execute(query)}


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
    amends: bool = False,
) -> RefundRow:
    """One row more, and the sum on the enrolment; where nothing is paid back any more it has no day of it."""
    earlier = select(func.count()).select_from(RefundRow).where(RefundRow.enrolment_id == row.id)
    number = f"{row.receipt_number}-R{(stamp.session.scalar(earlier) or 0) + 1}"
    new = RefundRow(
        enrolment_id=row.id, number=number, amount_fen=amount_fen, day=stamp.today, at=stamp.now,
        staff_id=stamp.staff_id, cause=cause, reason=reason, rule_fen=rule_fen, rule_from=rule_from, lines=lines,
        reverses_id=reverses_id, amends=amends,
    )  # fmt: skip
    stamp.session.add(new)
    row.refund_fen += amount_fen
    row.refunded_on = stamp.today if reverses_id is None or row.refund_fen else None
    stamp.session.flush()
    stamp.touch(stamp.today)
    return new

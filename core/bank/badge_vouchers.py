"""The badge voucher: earned badges reach the target, and the promised reward is issued once per enrolment.

"The doctor said rest" counts as done. A reward that waits for its sign-off, or whose shelf is empty, is issued
later by the nightly job; the promise does not lapse. A voucher that somebody cancelled with a reason was given and stays
cancelled; one that was taken back because a badge had been marked by mistake, or because everything was paid back, comes
again when that no longer holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from core.bank.entries import resting
from core.bank.rewards import Reward, take_one
from core.bank.tables import REWARDS, VoucherRow
from core.bank.vouchers import VoucherExpired, VoucherUsed, cancel, issue
from core.care.tables import EnrolmentRow, TaskRow
from core.care.work.events import TaskFact
from core.department.switches import may_promise
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_
from core.foundation.one_by_one import one_by_one
from core.foundation.open_types import Raw
from core.packages.versions import pinned

ISSUED = declare("voucher.badges", N_("Badge vouchers issued"))

FEWER_BADGES = N_("The task was marked by mistake")
PAID_BACK = N_("Everything paid for the package was paid back")
# Why the house itself takes a voucher back: its promise then waits, it has not been kept.
OURS = (FEWER_BADGES, PAID_BACK)


@dataclass(frozen=True)
class UsedVoucher:
    """A badge voucher that was used: what it was, what it was worth (fen, None: nothing in money), and the day."""

    name: str
    value_fen: int | None
    day: date


def issue_for_badges(stamp: Stamp, fact: TaskFact) -> None:
    """Issue the badge voucher when this task reached the target. Part of the task's own deed."""
    if fact.counts_for_badge:
        issue_if_reached(stamp, fact.enrolment_id)


def withdraw_for_badges(stamp: Stamp, fact: TaskFact) -> None:
    """Take an unused badge voucher back when a task was marked by mistake and the target is missed again."""
    if not fact.counts_for_badge:
        return
    enrolment = stamp.session.get_one(EnrolmentRow, fact.enrolment_id)
    if enrolment.badge_target is None or earned_badges(stamp, fact.enrolment_id) >= enrolment.badge_target:
        return
    _take_back(stamp, fact.enrolment_id, FEWER_BADGES)


def withdraw_for_refund(stamp: Stamp, enrolment_id: int, full: bool) -> None:
    """Take an unused badge voucher back when everything she paid for its package was paid back. Part of the refund's deed."""
    if full:
        _take_back(stamp, enrolment_id, PAID_BACK)


def issue_after_refund_reversed(stamp: Stamp, enrolment_id: int) -> None:
    """The refund was a mistake: what it took comes again."""
    issue_if_reached(stamp, enrolment_id)


@question("enrolment.write")
def used_vouchers_of_sale(look: Look, *, enrolment_id: int) -> list[UsedVoucher]:
    """The badge vouchers of a sale that were used already: whoever pays back is to know what she keeps."""
    rows = look.session.execute(
        select(VoucherRow.name, VoucherRow.value_fen, VoucherRow.redeemed_at)
        .where(
            VoucherRow.enrolment_id == enrolment_id,
            VoucherRow.source.is_not(None),
            VoucherRow.state == "redeemed",
        )
        .order_by(VoucherRow.id)
    )
    return [UsedVoucher(name, fen, day_of(at, look.zone)) for name, fen, at in rows if at is not None]


def _take_back(stamp: Stamp, enrolment_id: int, why: str) -> None:
    held = stamp.session.scalar(
        select(VoucherRow.id).where(
            VoucherRow.enrolment_id == enrolment_id,
            VoucherRow.source.is_not(None),
            VoucherRow.state == "issued",
        )
    )
    if held is None:
        return
    try:
        cancel(stamp, held, why)
    except (VoucherUsed, VoucherExpired):
        return


@deed("points.correct")
def issue_due_badge_vouchers(stamp: Stamp) -> Raw:
    """Issue what was reached but could not be issued then; the nightly job. Returns {"issued": count}."""
    held = select(VoucherRow.enrolment_id).where(
        VoucherRow.enrolment_id.is_not(None), VoucherRow.source.is_not(None), _stands()
    )
    counted = (
        select(TaskRow.enrolment_id, func.count().label("badges"))
        .where(TaskRow.counts_for_badge.is_(True), TaskRow.state.in_(("done", "excused")))
        .group_by(TaskRow.enrolment_id)
        .subquery()
    )
    due = stamp.session.scalars(
        select(EnrolmentRow.id)
        .join(counted, counted.c.enrolment_id == EnrolmentRow.id)
        .where(
            counted.c.badges >= EnrolmentRow.badge_target,
            EnrolmentRow.status.in_(("active", "completed", "run_out")),
            EnrolmentRow.id.not_in(held),
        )
        .order_by(EnrolmentRow.id)
    ).all()
    done: list[bool] = []
    one_by_one(
        stamp, due, lambda number: done.append(issue_if_reached(stamp, number)), "badge voucher of enrolment"
    )
    issued = sum(done)
    if issued:
        stamp.audit(ISSUED, ("bank", None), after={"issued": issued})
    return {"issued": issued}


def earned_badges(stamp: Stamp, enrolment_id: int) -> int:
    """How many tasks that count are done or excused."""
    return (
        stamp.session.scalar(
            select(func.count()).where(
                TaskRow.enrolment_id == enrolment_id,
                TaskRow.counts_for_badge.is_(True),
                TaskRow.state.in_(("done", "excused")),
            )
        )
        or 0
    )


def issue_if_reached(stamp: Stamp, enrolment_id: int) -> bool:
    """Whether a badge voucher was issued now. One per enrolment: the source is unique in the database."""
    enrolment = stamp.session.get_one(EnrolmentRow, enrolment_id)
    target = enrolment.badge_target
    if not target or earned_badges(stamp, enrolment_id) < target:
        return False
    if resting(stamp.link, enrolment.patient_id) or enrolment.amount_fen == enrolment.refund_fen > 0:
        return False
    reward = _promised(stamp, enrolment)
    before = stamp.session.scalars(
        select(_stands()).where(VoucherRow.enrolment_id == enrolment_id, VoucherRow.source.is_not(None))
    ).all()
    if reward is None or any(before) or not take_one(stamp, reward):
        return False
    source = f"badges:{enrolment_id}:{len(before) + 1}"
    issue(stamp, enrolment.patient_id, reward, enrolment_id=enrolment_id, source=source)
    return True


def _stands() -> ColumnElement[bool]:
    """Whether this voucher keeps the promise: held, used, or cancelled by somebody for a reason of their own."""
    return or_(VoucherRow.state != "cancelled", VoucherRow.reason.not_in(OURS))


def _promised(stamp: Stamp, enrolment: EnrolmentRow) -> Reward | None:
    """The reward the pinned document promises, on that version's own terms; None while it waits for sign-off."""
    promise = pinned(stamp.session, enrolment.version_id).badge_reward
    if promise is None:
        return None
    row = stamp.link.execute(
        select(REWARDS).where(REWARDS.c.package_id == enrolment.package_id, REWARDS.c.code == promise.code)
    ).first()
    if row is None or not may_promise(stamp, promise.needs_signoff):
        return None
    return Reward(
        row.id, promise.code, row.package_id, promise.name, promise.terms, promise.value_fen, promise.valid_days, row.stock, None
    )  # fmt: skip

"""Hooks the bank into the rooms it listens to. Importing this module is enough; `connect` may be called again."""

from __future__ import annotations

from sqlalchemy import update

from core.bank.badge_vouchers import (
    issue_after_refund_reversed,
    issue_for_badges,
    withdraw_for_badges,
    withdraw_for_refund,
)
from core.bank.earning_rules import earn_for_task, take_back_for_task
from core.bank.rewards import sync_from_package
from core.bank.settling import wake
from core.bank.tables import AdjustmentRow, VoucherRow
from core.care.plan.ended import on_quiet_over, on_refunded, on_unrefunded
from core.care.work.events import on_task_done, on_task_undone
from core.foundation.doors import Stamp
from core.packages.publishing import on_published
from core.people.erasure import Subject, on_erasure


def connect() -> None:
    """Register every handler of the bank; registering twice is once."""
    on_task_done(earn_for_task)
    on_task_done(issue_for_badges)
    on_task_undone(take_back_for_task)
    on_task_undone(withdraw_for_badges)
    on_refunded(withdraw_for_refund)
    on_unrefunded(issue_after_refund_reversed)
    on_quiet_over(wake)
    on_published(sync_from_package)
    on_erasure(erase)


def erase(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Blank the free text of an erased patient's vouchers and proposals. Ledger lines stay as they are: they hold
    numbers and a staff member's few words, and the database refuses to change them."""
    for row in (VoucherRow, AdjustmentRow):
        stamp.session.execute(update(row).where(row.patient_id == patient_id).values(reason=""))
    return []


connect()

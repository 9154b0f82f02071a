"""Vouchers: a reward in a patient's hand, with a code to say at the counter.

    issued → redeemed      once, before its last day is over
    issued → cancelled     with a reason; the points come back by reversal, the reward goes back on the shelf

What it is worth and on which terms is pinned when it is issued. A voucher outlives a gentle stop: the counter
honours it, quietly.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CursorResult, bindparam, insert, select, update

from core.bank.account import own_id
from core.bank.entries import AccountAtRest, resting
from core.bank.ledger import redeem, reverse
from core.bank.rewards import Reward, RewardSoldOut, fitting, offered_reward, put_back, take_one
from core.bank.tables import VOUCHERS, VoucherRow
from core.care.tables import EnrolmentRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.fast.statements import Hot
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.people.masking import masked_name
from core.people.patients import heard_since
from core.people.tables import PatientRow, StaffRow

TAKEN = declare("voucher.taken", N_("Reward taken for points"))
USED = declare("voucher.redeemed", N_("Voucher redeemed at the counter"))
CANCELLED = declare("voucher.cancelled", N_("Voucher cancelled"), personal=("reason",))

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: read aloud, written by hand and printed small, each stays itself.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 8
MOVES = {"issued": ("redeemed", "cancelled"), "redeemed": (), "cancelled": ()}
STATE_NAMES = {
    "issued": N_("Ready to use"),
    "redeemed": N_("Used"),
    "cancelled": N_("Cancelled"),
    "expired": N_("No longer valid"),
}

_KNOWN = Hot(select(VOUCHERS.c.id).where(VOUCHERS.c.code == bindparam("wanted")))


@dataclass(eq=False)
class VoucherUnknown(Refusal):
    code_typed: str
    message = N_("There is no voucher {code_typed}. Read the code again, letter by letter.")
    field = "code"


@dataclass(eq=False)
class VoucherUsed(Refusal):
    day: date
    by: str
    message = N_("This voucher was already used on {day} ({by}). It works once.")
    field = "code"


@dataclass(eq=False)
class VoucherExpired(Refusal):
    last_day: date
    message = N_("This voucher was valid until {last_day}. A manager can cancel it and give the points back.")
    field = "code"


@dataclass(eq=False)
class VoucherCancelled(Refusal):
    message = N_("This voucher was cancelled; its points went back to the account.")
    field = "code"


@dataclass(frozen=True)
class Voucher:
    """A voucher and what it is. `state` is issued, redeemed, cancelled or expired; `valid_until` its last day;
    `quiet`: hand it over without any word of game or congratulation."""

    id: int
    code: str
    shown_code: str
    patient_id: int
    patient_name: str
    name: str
    terms: str
    value_fen: int | None
    cost_points: int | None
    state: str
    issued_at: datetime
    valid_until: date
    redeemed_at: datetime | None
    quiet: bool


def tidy(code: str) -> str:
    """A code as it was typed → as it is stored: full-width letters, lower case, spaces and dashes accepted."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def shown(code: str) -> str:
    """A code as people read it: two groups of four."""
    return f"{code[:4]} {code[4:]}"


# --- deeds ----------------------------------------------------------------------------------------


@deed("patient.self")
def take_reward(stamp: Stamp, *, reward_id: int) -> Raw:
    """Exchange the asking patient's points for a voucher. Returns {"voucher_id", "code"}.

    Refuses `RewardUnknown`, `InsufficientPoints`, `RewardSoldOut`, `AccountAtRest`.
    """
    return _take(stamp, own_id(stamp), reward_id)


@deed("points.redeem")
def take_reward_for(stamp: Stamp, *, patient_id: int, reward_id: int) -> Raw:
    """The same at the front desk, for a patient standing there."""
    return _take(stamp, patient_id, reward_id)


@deed("points.redeem")
def redeem_voucher(stamp: Stamp, *, code: str) -> Raw:
    """Use a voucher, once. Returns {"voucher_id", "name", "terms"} for the counter.

    Refuses `VoucherUnknown`, `VoucherUsed` (when and by whom), `VoucherExpired`, `VoucherCancelled`.
    """
    wanted = tidy(code)
    used: CursorResult[Any] = stamp.session.execute(
        update(VoucherRow)
        .where(VoucherRow.code == wanted, VoucherRow.state == "issued", VoucherRow.valid_until >= stamp.today)
        .values(state="redeemed", redeemed_at=stamp.now, redeemed_by=stamp.staff_id)
        .execution_options(synchronize_session=False)
    )  # type: ignore[assignment]
    if used.rowcount != 1:
        raise _why_not(stamp, wanted, code)
    row = stamp.session.execute(select(VOUCHERS).where(VOUCHERS.c.code == wanted)).one()
    stamp.touch(stamp.today)
    stamp.audit(
        USED, ("patient", row.patient_id), after={"voucher": row.id, "code": wanted, "name": row.name}
    )
    return {"voucher_id": row.id, "name": row.name, "terms": row.terms}


@deed("points.correct")
def cancel_voucher(stamp: Stamp, *, voucher_id: int, reason: str) -> None:
    """Take a voucher back, also one past its last day; its points return by reversal.

    Refuses `ReasonMissing`, `VoucherUsed`, `VoucherCancelled`.
    """
    reason = reasons.given(reason)
    row = cancel(stamp, voucher_id, reason)
    stamp.audit(
        CANCELLED,
        ("patient", row.patient_id),
        before={"voucher": row.id, "code": row.code},
        after={"reason": reason, "points": row.cost_points or 0},
    )


class Cancelled(NamedTuple):
    """A voucher that was taken back."""

    id: int
    patient_id: int
    code: str
    cost_points: int | None


# --- questions ------------------------------------------------------------------------------------


@question("points.redeem")
def voucher_at_counter(look: Look, *, code: str) -> Voucher:
    """What a code stands for, before it is used. Refuses `VoucherUnknown`."""
    found = _read(look, VOUCHERS.c.code == tidy(code))
    if not found:
        raise VoucherUnknown(shown(tidy(code)[:LENGTH]).strip())
    return found[0]


@question("points.read")
def vouchers_of(look: Look, *, patient_id: int) -> list[Voucher]:
    """All vouchers of a patient, newest first."""
    return _read(look, VOUCHERS.c.patient_id == patient_id)


@question("patient.self")
def own_vouchers(look: Look) -> list[Voucher]:
    """The asking patient's vouchers that were not cancelled; none while her account is at rest, and none that a course
    brought her from before a silence that she ended (the desk still knows it)."""
    patient_id = own_id(look)
    if resting(look.link, patient_id):
        return []
    since = heard_since(look, patient_id)
    hers = (VOUCHERS.c.patient_id == patient_id) & (
        VOUCHERS.c.enrolment_id.is_(None)
        | VOUCHERS.c.enrolment_id.in_(select(EnrolmentRow.id).where(EnrolmentRow.at >= since))
    )
    return [v for v in _read(look, hers) if v.state != "cancelled"]


# --- inner ----------------------------------------------------------------------------------------


def issue(
    stamp: Stamp, patient_id: int, reward: Reward, *, entry_id: int | None = None,
    enrolment_id: int | None = None, source: str | None = None,
) -> Raw:  # fmt: skip
    """Write the voucher for a reward that has been paid for; the caller has taken it from the shelf."""
    code = _new_code(stamp)
    written = stamp.link.execute(
        insert(VOUCHERS)
        .values(
            code=code,
            patient_id=patient_id,
            reward_id=reward.id,
            enrolment_id=enrolment_id,
            entry_id=entry_id,
            source=source,
            name=fitting(reward.name, VOUCHERS.c.name),
            terms=fitting(reward.terms, VOUCHERS.c.terms),
            value_fen=reward.value_fen,
            cost_points=reward.cost_points,
            state="issued",
            issued_at=stamp.now,
            valid_until=stamp.today + timedelta(days=reward.valid_days),
            reason="",
        )
        .returning(VoucherRow.id)
    )
    stamp.touch(stamp.today)
    return {"voucher_id": int(written.scalar_one()), "code": code}


def cancel(stamp: Stamp, voucher_id: int, reason: str) -> Cancelled:
    """Cancel inside another deed; returns what was cancelled."""
    link = stamp.link
    row = link.execute(select(VOUCHERS).where(VOUCHERS.c.id == voucher_id)).first()
    if row is None:
        raise VoucherUnknown("")
    done = link.execute(
        update(VOUCHERS)
        .where(VOUCHERS.c.id == voucher_id, VOUCHERS.c.state == "issued")
        .values(state="cancelled", reason=reason)
    )
    if done.rowcount != 1:
        raise _why_not(stamp, row.code, row.code)
    if row.entry_id is not None:
        reverse(stamp, row.entry_id, reason)
    put_back(stamp, row.reward_id)
    stamp.touch(stamp.today)
    return Cancelled(row.id, row.patient_id, row.code, row.cost_points)


def _take(stamp: Stamp, patient_id: int, reward_id: int) -> Raw:
    if resting(stamp.link, patient_id):
        raise AccountAtRest
    reward = offered_reward(stamp, patient_id, reward_id)
    assert reward.cost_points is not None  # what is offered for points has a price in points
    entry = redeem(stamp, patient_id, reward.cost_points, reward.name, reward.code, reward.package_id)
    if not take_one(stamp, reward):
        raise RewardSoldOut(reward.name)
    voucher = issue(stamp, patient_id, reward, entry_id=entry)
    stamp.audit(
        TAKEN,
        ("patient", patient_id),
        after={**voucher, "name": reward.name, "points": reward.cost_points, "entry": entry},
    )
    return voucher


def _new_code(stamp: Stamp) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if _KNOWN.one(stamp.link, wanted=code) is None:
            return code


def _why_not(look: Look, code: str, typed: str) -> Refusal:
    row = look.session.execute(
        select(VOUCHERS.c.state, VOUCHERS.c.redeemed_at, VOUCHERS.c.valid_until, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == VOUCHERS.c.redeemed_by)
        .where(VOUCHERS.c.code == code)
    ).first()
    if row is None:
        return VoucherUnknown(shown(tidy(typed)[:LENGTH]).strip())
    if row.state == "redeemed":
        return VoucherUsed(row.redeemed_at.astimezone(look.zone).date(), row.name or "")
    if row.state == "cancelled":
        return VoucherCancelled()
    return VoucherExpired(row.valid_until)


def _read(look: Look, condition: ColumnElement[bool]) -> list[Voucher]:
    rows = look.session.execute(
        select(VOUCHERS, PatientRow.name.label("patient"), PatientRow.silenced_at)
        .join(PatientRow, PatientRow.id == VOUCHERS.c.patient_id)
        .where(condition)
        .order_by(VOUCHERS.c.id.desc())
    )
    return [
        Voucher(
            id=row.id,
            code=row.code,
            shown_code=shown(row.code),
            patient_id=row.patient_id,
            patient_name=masked_name(row.patient),
            name=row.name,
            terms=row.terms,
            value_fen=row.value_fen,
            cost_points=row.cost_points,
            state="expired" if row.state == "issued" and row.valid_until < look.today else row.state,
            issued_at=row.issued_at,
            valid_until=row.valid_until,
            redeemed_at=row.redeemed_at,
            quiet=row.silenced_at is not None,
        )
        for row in rows
    ]

"""What an account holds and how it came to that, in words a patient understands.

Staff ask by patient (`account_of`, `statement`); a patient's phone asks for its own (`own_account`,
`own_statement`). A silenced patient sees nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from core.bank import lots
from core.bank.entries import KIND_NAMES, Account, is_erased, peek, resting
from core.bank.interest import Reckoning, explain
from core.bank.tables import ENTRIES, InterestYearRow, VoucherRow
from core.foundation.access import NotAllowed
from core.foundation.doors import Look, question
from core.foundation.language import translator
from core.foundation.open_types import Raw
from core.people.patients import heard_since
from core.people.tables import StaffRow

SOON_DAYS = 60


@dataclass(frozen=True)
class Holding:
    """An account today. `expiring` points are gone from `expiring_on` on, the first such day within 60 days;
    `at_rest` after a gentle stop."""

    balance: int
    opened_on: date | None
    expiring: int
    expiring_on: date | None
    at_rest: bool


@dataclass(frozen=True)
class StatementLine:
    """One entry: `title` and `details` are sentences in the asked language, `balance` what it left behind.
    `entry_id` is 0 for what has expired and is not written yet; `correctable` means it may still be reversed by `reverse_entry`."""

    entry_id: int
    day: date
    kind: str
    title: str
    points: int
    balance: int
    details: tuple[str, ...]
    reason: str
    by: str
    corrected: bool
    correctable: bool


@question("points.read")
def account_of(look: Look, *, patient_id: int) -> Holding:
    """What a patient's account holds today; an empty one when there was no movement yet."""
    return holding(look, patient_id)


@question("patient.self")
def own_account(look: Look) -> Holding | None:
    """The asking patient's own account; None while it is at rest, so that nothing of it is shown."""
    found = holding(look, own_id(look))
    return None if found.at_rest else found


@question("points.read")
def statement(look: Look, *, patient_id: int, language: str, limit: int = 200) -> list[StatementLine]:
    """The newest entries first, each in words; interest with its whole reckoning."""
    return _lines(look, patient_id, language, limit)


@question("patient.self")
def own_statement(look: Look, *, language: str, limit: int = 100) -> list[StatementLine]:
    """The asking patient's own statement; empty while it is at rest, and without the lines from before a silence that she
    ended: they name what was done then."""
    patient_id = own_id(look)
    if resting(look.link, patient_id):
        return []
    return _lines(look, patient_id, language, limit, heard_since(look, patient_id))


def own_id(look: Look) -> int:
    """The patient behind a confirmed phone. Refuses everybody else."""
    if look.actor.kind != "patient" or look.actor.id is None:
        raise NotAllowed
    return look.actor.id


def holding(look: Look, patient_id: int) -> Holding:
    """`account_of` for rooms that have checked the permission themselves."""
    link = look.link
    at_rest = resting(link, patient_id)
    account = peek(look, patient_id)
    if account is None:
        return Holding(0, None, 0, None, at_rest)
    ending = lots.expiring(link, account.id, look.today + timedelta(days=SOON_DAYS))
    gone = sum(lot.left for lot in _gone(look, account, ending))
    coming = [lot for lot in ending if lot.expires_on > look.today]
    first = coming[0].expires_on if coming else None
    return Holding(
        balance=account.balance - gone,
        opened_on=account.opened_on,
        expiring=sum(lot.left for lot in coming if lot.expires_on == first),
        expiring_on=first,
        at_rest=at_rest,
    )


def _gone(look: Look, account: Account, ending: list[lots.Lot]) -> list[lots.Lot]:
    """A lot whose day has come is gone, whether or not the nightly job has written the line; in quiet care none goes,
    because what cannot be spent gets its days of grace."""
    if resting(look.link, account.patient_id) and not is_erased(look.link, account.patient_id):
        return []
    return [lot for lot in ending if lot.expires_on <= look.today]


def _lines(
    look: Look, patient_id: int, language: str, limit: int, since: datetime | None = None
) -> list[StatementLine]:
    link = look.link
    account = peek(look, patient_id)
    if account is None:
        return []
    correction = ENTRIES.alias("correction")
    rows = link.execute(
        select(
            ENTRIES.c.id,
            ENTRIES.c.day,
            ENTRIES.c.kind,
            ENTRIES.c.points,
            ENTRIES.c.reason,
            correction.c.id.label("corrected_by"),
            StaffRow.name.label("by"),
            VoucherRow.id.label("voucher"),
        )
        .outerjoin(correction, correction.c.reverses_id == ENTRIES.c.id)
        .outerjoin(StaffRow, StaffRow.id == ENTRIES.c.actor_id)
        .outerjoin(VoucherRow, VoucherRow.entry_id == ENTRIES.c.id)
        .where(ENTRIES.c.account_id == account.id, *([ENTRIES.c.at >= since] if since else []))
        .order_by(ENTRIES.c.id.desc())
        .limit(limit)
    ).all()
    entries = [_Entry(*row) for row in rows]
    years = _interest_years(look, [row.id for row in entries if row.kind == "interest"])
    lines, balance = _unwritten(look, account, language), account.balance
    for row in entries:
        lines.append(_line(row, balance, years.get(row.id), language))
        balance -= row.points
    return lines


def _unwritten(look: Look, account: Account, language: str) -> list[StatementLine]:
    """What has expired and is not in the ledger yet, as the nightly job will write it: the newest first."""
    days: dict[date, int] = {}
    for lot in _gone(look, account, lots.expiring(look.link, account.id, look.today)):
        days[lot.expires_on] = days.get(lot.expires_on, 0) + lot.left
    lines, balance = [], account.balance
    for day, points in days.items():
        balance -= points
        lines.append(
            StatementLine(
                entry_id=0, day=day, kind="expire", title=translator(language)(KIND_NAMES["expire"]), points=-points,
                balance=balance, details=(), reason="", by="", corrected=False, correctable=False,
            )
        )  # fmt: skip
    return lines[::-1]


class _Year(NamedTuple):
    """One interest year behind an entry; `reckoning` as it was stored."""

    entry_id: int
    begins_on: date
    ends_on: date
    reckoning: Raw


class _Entry(NamedTuple):
    """One line of the ledger with what hangs on it: its correction, who wrote it, its voucher."""

    id: int
    day: date
    kind: str
    points: int
    reason: str
    corrected_by: int | None
    by: str | None
    voucher: int | None


def _interest_years(look: Look, entries: list[int]) -> dict[int, _Year]:
    if not entries:
        return {}
    found = look.session.execute(
        select(
            InterestYearRow.entry_id,
            InterestYearRow.begins_on,
            InterestYearRow.ends_on,
            InterestYearRow.reckoning,
        ).where(InterestYearRow.entry_id.in_(entries))
    )
    return {row.entry_id: _Year(*row) for row in found}


def _line(row: _Entry, balance: int, year: _Year | None, language: str) -> StatementLine:
    _ = translator(language)
    name = _(KIND_NAMES[row.kind])
    details: tuple[str, ...] = ()
    if year is not None:
        details = explain(Reckoning.from_json(year.reckoning), year.begins_on, year.ends_on, language)
    return StatementLine(
        entry_id=row.id,
        day=row.day,
        kind=row.kind,
        # The programme's own reasons are catalogue entries, what people wrote passes through.
        title=_("{kind}: {reason}", kind=name, reason=_(row.reason)) if row.reason else name,
        points=row.points,
        balance=balance,
        details=details,
        reason=row.reason,
        by=row.by or "",
        corrected=row.corrected_by is not None,
        correctable=row.corrected_by is None and row.kind != "reverse" and row.voucher is None,
    )

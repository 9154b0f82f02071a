"""Shifts as people look at them: my own, those to come, and what is being handed over to me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from core.dialogue.duty.duty import on_now
from core.dialogue.duty.shift_plan import NEEDED
from core.dialogue.duty.shifts import AFTERWARDS
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.tables import CaseRow
from core.foundation.access import PERMISSIONS
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, question
from core.people.escalation_roster import AHEAD
from core.people.tables import StaffRow


@dataclass(frozen=True)
class OpenCase:
    """A case that was open when a shift was handed over: `state` is today's."""

    case_id: int
    code: str
    kind: str
    level: str
    state: str


@dataclass(frozen=True)
class Shift:
    """One shift of the plan. `taken_at` None: nobody has said "I take it"; `handed_to` is the name of who is to take
    over ("" nobody), `received_at` when that was confirmed."""

    span_id: int
    role: str
    starts_at: datetime
    ends_at: datetime
    staff_id: int
    name: str
    active: bool
    phone: str
    backup_id: int | None
    backup: str
    backup_phone: str
    taken_at: datetime | None
    handed_at: datetime | None
    handed_to: str
    received_at: datetime | None
    note: str
    open_cases: tuple[OpenCase, ...]


@dataclass(frozen=True)
class Taker:
    """Somebody who may do a duty."""

    id: int
    name: str


@question("reply.read")
def my_shifts(look: Look) -> list[Shift]:
    """One's own shifts of the next two weeks, those one is the second of, and one that has just ended."""
    mine = or_(DutySpanRow.staff_id == look.staff_id, DutySpanRow.backup_id == look.staff_id)
    return _shifts(look, mine, look.now - AFTERWARDS, look.now + timedelta(days=AHEAD))


@question("reply.read")
def to_confirm(look: Look) -> list[Shift]:
    """The shifts that are being handed over to whoever asks and wait for a yes."""
    waiting = (DutySpanRow.handed_to == look.staff_id) & DutySpanRow.received_at.is_(None)
    return _shifts(look, waiting, look.now - AFTERWARDS, look.now + timedelta(days=AHEAD))


@question("house.read")
def coming(look: Look, *, days: int = AHEAD) -> list[Shift]:
    """Every shift that ends from today on, for `days` days."""
    start, end = day_bounds(look.today, look.zone)[0], look.now + timedelta(days=days)
    return _shifts(look, DutySpanRow.id > 0, start, end)


@question("house.read")
def lately(look: Look, *, days: int = AHEAD) -> list[Shift]:
    """The shifts of the last days that were taken or handed over, the newest first: who had it, and from when."""
    done = DutySpanRow.taken_at.is_not(None) | DutySpanRow.handed_at.is_not(None)
    return _shifts(look, done, look.now - timedelta(days=days), look.now)[::-1]


@question("reply.read")
def roster_line(look: Look) -> bool:
    """Whether whoever asks is the doctor of today by the escalation roster alone, and may take that as a shift."""
    now = on_now(look, "doctor")
    return now is not None and now.span_id is None and look.staff_id in (now.staff_id, now.backup_id)


@question("reply.read")
def takers(look: Look, *, role: str) -> list[Taker]:
    """Whom a shift of a role can be handed over to: first those whose role it is, then by name."""
    able = sorted(PERMISSIONS[NEEDED[role]])
    query = (
        select(StaffRow.id, StaffRow.name)
        .where(StaffRow.active, StaffRow.role.in_(able))
        .order_by((StaffRow.role == role).desc(), StaffRow.name, StaffRow.id)
    )
    return [Taker(*row) for row in look.session.execute(query)]


# --- inner ------------------------------------------------------------------------------------------


def _shifts(look: Look, which: ColumnElement[bool], start: datetime, end: datetime) -> list[Shift]:
    first, second, taker = aliased(StaffRow), aliased(StaffRow), aliased(StaffRow)
    rows = look.session.execute(
        select(DutySpanRow, first.name, first.active, second.name, taker.name)
        .join(first, first.id == DutySpanRow.staff_id)
        .outerjoin(second, second.id == DutySpanRow.backup_id)
        .outerjoin(taker, taker.id == DutySpanRow.handed_to)
        .where(which, DutySpanRow.ends_at > start, DutySpanRow.starts_at < end)
        .order_by(DutySpanRow.starts_at, DutySpanRow.role, DutySpanRow.id)
    ).all()
    numbers = {each[0] for row, *_names in rows for each in row.open_cases or ()}
    now = select(CaseRow.id, CaseRow.state).where(CaseRow.id.in_(sorted(numbers)))
    states = {number: state for number, state in look.session.execute(now)}  # noqa: C416
    return [
        Shift(
            row.id, row.role, row.starts_at, row.ends_at, row.staff_id, name, active, row.phone, row.backup_id,
            backup or "", row.backup_phone, row.taken_at, row.handed_at, taken_by or "", row.received_at, row.note,
            tuple(
                OpenCase(number, code, kind, level, states.get(number, ""))
                for number, code, kind, level in row.open_cases or ()
            ),
        )
        for row, name, active, backup, taken_by in rows
    ]  # fmt: skip

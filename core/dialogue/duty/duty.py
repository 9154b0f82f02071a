"""Duty: who answers for a role at an instant, and whom a step of the ladder reaches.

Spans name a person for a role and a time; where a role has none, the doctor's is the day's line of the escalation roster
(`core.people.escalation_roster`), which stays the easy way. Somebody who has left counts as nobody; her second stands in.
Planning, taking and handing over: `shifts`. Stretches nobody covers: `coverage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.dialogue.duty.tables import DutySpanRow
from core.foundation.clock import day_bounds, day_of
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.people.tables import EscalationDutyRow, StaffRow

ROLE_NAMES: dict[str, str] = {"nurse": N_("Duty nurse"), "doctor": N_("Duty doctor")}
ROLES = tuple(ROLE_NAMES)


@dataclass(frozen=True)
class OnDuty:
    """Who answers for `role` from `starts_at` until `ends_at`, and who stands behind (`backup_id` None: nobody).
    `span_id` None: the day's line of the escalation roster."""

    role: str
    span_id: int | None
    starts_at: datetime
    ends_at: datetime
    staff_id: int
    name: str
    phone: str
    backup_id: int | None = None
    backup: str = ""
    backup_phone: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Told:
    """Whom a step reaches, and for which roles the channels are read."""

    staff_ids: tuple[int, ...]
    roles: tuple[str, ...]


@question("house.read")
def now_on_duty(look: Look) -> list[OnDuty]:
    """Who answers at this moment, one line for each role that is covered."""
    found = (on_now(look, role) for role in ROLES)
    return [one for one in found if one is not None]


# --- for other modules ------------------------------------------------------------------------------


def on_now(look: Look, role: str) -> OnDuty | None:
    """Who is on duty for a role now; None where nobody is."""
    return next((one for one in stretches(look, role, look.now, look.now + timedelta(microseconds=1))), None)


def stretches(look: Look, role: str, start: datetime, end: datetime) -> list[OnDuty]:
    """Everybody on duty for a role at some time between two instants, in order; only who still works here."""
    # Whole days, because a line of the roster ends where a span of its day begins.
    first, last = day_of(start, look.zone), day_of(end - timedelta(microseconds=1), look.zone)
    opens, closes = day_bounds(first, look.zone)[0], day_bounds(last, look.zone)[1]
    rows = look.session.scalars(
        select(DutySpanRow)
        .where(DutySpanRow.role == role, DutySpanRow.starts_at < closes, DutySpanRow.ends_at > opens)
        .order_by(DutySpanRow.starts_at, DutySpanRow.id)
    ).all()
    days = _roster_days(look, first, last) if role == "doctor" else []
    lines: list[DutySpanRow | EscalationDutyRow] = [*rows, *days]
    named_ids = {each for line in lines for each in (line.staff_id, line.backup_id) if each is not None}
    names = _active(look, named_ids)
    found = []
    for row in rows:
        found.append(_on_duty(role, row.id, row.starts_at, row.ends_at, row, row.taken_at, names))
    named = [one for one in found if one is not None]
    for day in days:
        for begins, ends in _uncovered(*day_bounds(day.day, look.zone), named):
            found.append(_on_duty(role, None, begins, ends, day, None, names))
    there = (one for one in found if one is not None and one.starts_at < end and one.ends_at > start)
    return sorted(there, key=lambda one: one.starts_at)


def told(look: Look, to: str, role: str) -> Told:
    """Whom a rung reaches now: `to` "nurse", "doctor", "second" (behind the `role` that answers) or "manager". Where
    nobody is on duty it falls to the next one up, so that no step speaks to an empty room."""
    if to == "second":
        first = on_now(look, role) or on_now(look, "doctor")
        if first is not None and first.backup_id is not None:
            return Told((first.backup_id,), (role,))
        return told(look, "manager", role)
    for each in {"nurse": ("nurse", "doctor"), "doctor": ("doctor",)}.get(to, ()):
        found = on_now(look, each)
        if found is not None:
            return Told((found.staff_id,), (each,))
    return Told(managers(look), ("manager",))


def managers(look: Look) -> tuple[int, ...]:
    """The managers, or the administrators of a house without one."""
    for role in ("manager", "administrator"):
        query = select(StaffRow.id).where(StaffRow.role == role, StaffRow.active).order_by(StaffRow.id)
        found = tuple(look.session.scalars(query))
        if found:
            return found
    return ()


# --- inner ------------------------------------------------------------------------------------------


def _on_duty(
    role: str,
    span_id: int | None,
    starts_at: datetime,
    ends_at: datetime,
    row: DutySpanRow | EscalationDutyRow,
    taken_at: datetime | None,
    names: dict[int, str],
) -> OnDuty | None:
    first = (row.staff_id, row.phone) if row.staff_id in names else None
    second = (row.backup_id, row.backup_phone) if row.backup_id in names else None
    if first is None:
        first, second = second, None
    if first is None or first[0] is None:
        return None
    behind = second[0] if second else None
    return OnDuty(
        role, span_id, starts_at, ends_at, first[0], names[first[0]], first[1],
        behind, names[behind] if behind is not None else "", second[1] if second else "", taken_at,
    )  # fmt: skip


def _uncovered(start: datetime, end: datetime, named: Sequence[OnDuty]) -> list[tuple[datetime, datetime]]:
    """What of a day no span covers, in order."""
    left = []
    for row in named:
        if row.starts_at > start:
            left.append((start, min(row.starts_at, end)))
        start = max(start, row.ends_at)
        if start >= end:
            return left
    return [*left, (start, end)]


def _roster_days(look: Look, first: date, last: date) -> list[EscalationDutyRow]:
    query = select(EscalationDutyRow).where(EscalationDutyRow.day.between(first, last))
    return list(look.session.scalars(query))


def _active(look: Look, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(ids), StaffRow.active)
    return {number: name for number, name in look.session.execute(query)}  # noqa: C416

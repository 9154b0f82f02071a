"""The plan of shifts: a daily span for a run of days, one line per role; what stood in the same time gives way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from core.dialogue.duty.duty import ROLES
from core.dialogue.duty.shift_refusals import HourUnreadable, UnknownDutyRole, WrongRoleForDuty
from core.dialogue.duty.tables import DutySpanRow
from core.foundation.access import PERMISSIONS
from core.foundation.audit import declare
from core.foundation.clock import at as instant_at
from core.foundation.clock import day_bounds
from core.foundation.doors import Stamp, deed
from core.foundation.language import N_
from core.foundation.meanwhile import ChangedMeanwhile, newest_of_others
from core.foundation.open_types import Raw
from core.people.escalation_roster import BackupIsTheSame, NobodyOnDuty, NoDayInRun, days_of_run, reachable
from core.people.tables import StaffRow

PLANNED = declare("duty.planned", N_("Shifts planned"))
CLEARED = declare("duty.cleared", N_("Shifts cleared"))

# What the role has to be able to do.
NEEDED = {"nurse": "reply.write", "doctor": "reply.decide"}


@deed("settings.write")
def plan(
    stamp: Stamp,
    *,
    role: str,
    first: date,
    last: date,
    opens: str,
    closes: str,
    staff_id: int,
    phone: str,
    weekdays: list[int] | None = None,
    backup_id: int | None = None,
    backup_phone: str = "",
    read: Raw | None = None,
) -> int:
    """Name who answers for a role every day from `first` to `last` (both included, on `weekdays`, 0 Monday; all without
    it) from `opens` to `closes` ("20:00", "24:00"; an end at or before the beginning lies on the next day). What stood
    there for the role gives way; what is over stays. Returns the number of shifts.

    Refuses an unknown role, unreadable hours, days before today or more than a year, a person who is not active or may
    not do what the role needs, a missing telephone, a second who is the same person, and shifts that a colleague has
    planned since the page was read (`ChangedMeanwhile`; `read` says when).
    """
    hours = _hours(opens, closes)
    days = [day for day in days_of_run(stamp, first, last) if weekdays is None or day.weekday() in weekdays]
    if role not in ROLES:
        raise UnknownDutyRole
    phone = reachable(stamp, staff_id, phone)
    fit(stamp, role, staff_id)
    if backup_id == staff_id:
        raise BackupIsTheSame
    if backup_id is not None:
        backup_phone = reachable(stamp, backup_id, backup_phone, "backup_id", "backup_phone")
        fit(stamp, role, backup_id, "backup_id")
    spans = [span for span in (_span(stamp, day, *hours) for day in days) if span[0] < span[1]]
    if not spans:
        raise NoDayInRun
    _refuse_newer(stamp, role, spans, read)
    for start, end in spans:
        _give_way(stamp, role, start, end)
        stamp.session.add(
            DutySpanRow(
                role=role, starts_at=start, ends_at=end, staff_id=staff_id, phone=phone, backup_id=backup_id,
                backup_phone=backup_phone if backup_id is not None else "",
                changed_at=stamp.now, changed_by=stamp.staff_id,
            )
        )  # fmt: skip
        stamp.session.flush()
    after = {
        "role": role, "first": first, "last": last, "hours": f"{opens}–{closes}", "shifts": len(spans),
        "staff_id": staff_id, "backup_id": backup_id,
    }  # fmt: skip
    stamp.audit(PLANNED, ("duty", None), after=after)
    return len(spans)


@deed("settings.write")
def clear(stamp: Stamp, *, role: str, first: date, last: date, read: Raw | None = None) -> None:
    """Take everybody off the shifts of a role from `first` to `last`, from now on; what is over stays. Refuses
    `ChangedMeanwhile` as `plan`."""
    if role not in ROLES:
        raise UnknownDutyRole
    days_of_run(stamp, first, last)
    start, end = day_bounds(first, stamp.zone)[0], day_bounds(last, stamp.zone)[1]
    _refuse_newer(stamp, role, [(max(start, stamp.now), end)], read)
    _give_way(stamp, role, max(start, stamp.now), end)
    stamp.audit(CLEARED, ("duty", None), after={"role": role, "first": first, "last": last})


# --- for `shifts` -----------------------------------------------------------------------------------


def fit(stamp: Stamp, role: str, staff_id: int, field: str = "staff_id") -> None:
    """Refuses a person who is not active or may not do what the role needs."""
    person = stamp.session.get(StaffRow, staff_id)
    if person is None or not person.active:
        raise NobodyOnDuty(field)
    if person.role not in PERMISSIONS[NEEDED[role]]:
        raise WrongRoleForDuty(field, person.name)


# --- inner ------------------------------------------------------------------------------------------


def _hours(opens: str, closes: str) -> tuple[time, time, int]:
    """Beginning, end and how many days later the end lies."""
    try:
        start = time.fromisoformat(opens)
        end = time.min if closes == "24:00" else time.fromisoformat(closes)
    except ValueError:
        raise HourUnreadable from None
    return start, end, int(end <= start)


def _span(stamp: Stamp, day: date, opens: time, closes: time, later: int) -> tuple[datetime, datetime]:
    start = instant_at(day, opens, stamp.zone)
    return max(start, stamp.now), instant_at(day + timedelta(days=later), closes, stamp.zone)


def _refuse_newer(stamp: Stamp, role: str, spans: list[tuple[datetime, datetime]], read: Raw | None) -> None:
    query = select(DutySpanRow).where(
        DutySpanRow.role == role, DutySpanRow.starts_at < spans[-1][1], DutySpanRow.ends_at > spans[0][0]
    )
    given_way = [
        row
        for row in stamp.session.scalars(query.order_by(DutySpanRow.starts_at))
        if any(row.starts_at < end and row.ends_at > start for start, end in spans)
    ]
    newer = newest_of_others(given_way, stamp.staff_id, read)
    if newer:
        raise ChangedMeanwhile(now=stamp.session.get_one(StaffRow, newer.staff_id).name, field="staff_id")


def _give_way(stamp: Stamp, role: str, start: datetime, end: datetime) -> None:
    """Shifts of the role leave the time from `start` to `end`; what lies before and behind stays theirs."""
    query = select(DutySpanRow).where(
        DutySpanRow.role == role, DutySpanRow.starts_at < end, DutySpanRow.ends_at > start
    )
    for row in stamp.session.scalars(query).all():
        if row.ends_at > end:
            stamp.session.add(
                DutySpanRow(
                    role=role, starts_at=end, ends_at=row.ends_at, staff_id=row.staff_id, phone=row.phone,
                    backup_id=row.backup_id, backup_phone=row.backup_phone, changed_at=stamp.now,
                    changed_by=stamp.staff_id,
                )
            )  # fmt: skip
        if row.starts_at < start:
            row.ends_at = start
        else:
            stamp.session.delete(row)
    stamp.session.flush()

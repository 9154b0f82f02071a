"""The escalation roster: who takes the call on each day, on which telephone, and who stands behind.

A department that cannot name somebody for every day must not sell what promises an answer (knock-out "cannot staff
escalation 24 h" of the department choice). One row per day; a run of days is filled at once, the newest entry counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import ChangedMeanwhile, newest_of_others
from core.foundation.open_types import Raw
from core.foundation.writing.telephones import telephone
from core.people.tables import EscalationDutyRow, StaffRow

FILLED = declare("roster.filled", N_("Escalation roster filled"))
CLEARED = declare("roster.cleared", N_("Escalation roster cleared"))

LONGEST_RUN = 366  # days filled at once
LEAST_DIGITS = 3  # on which somebody must be reached at night
AHEAD = 14  # days that are shown and must be filled before a package goes live: two weeks of duty plans


@dataclass(eq=False)
class RunImpossible(Refusal):
    message = N_("Please check the days: from today on, the last not before the first, at most a year.")
    field = "last"


@dataclass(eq=False)
class NoDayInRun(Refusal):
    message = N_("None of the chosen weekdays lies between the two days. Please choose others.")
    field = "weekdays"


@dataclass(eq=False)
class NobodyOnDuty(Refusal):
    field: str = "staff_id"  # type: ignore[misc]
    message = N_("Please choose somebody who is active in the staff list.")


@dataclass(eq=False)
class DutyPhoneMissing(Refusal):
    field: str = "phone"  # type: ignore[misc]
    name: str = ""
    message = N_("Please enter the telephone on which {name} can be reached.")


@dataclass(eq=False)
class BackupIsTheSame(Refusal):
    message = N_("The second person must be somebody else.")
    field = "backup_id"


@dataclass(frozen=True)
class DutyDay:
    """One day of the roster. `gap` is "" when somebody takes the call, "empty" when nobody is named and "left"
    when that person is no longer active. Names and telephones are "" where there are none."""

    day: date
    gap: str = "empty"
    staff_id: int | None = None
    name: str = ""
    phone: str = ""
    backup: str = ""
    backup_phone: str = ""


# --- deeds ----------------------------------------------------------------------------------------


@deed("settings.write")
def fill(
    stamp: Stamp,
    *,
    first: date,
    last: date,
    staff_id: int,
    phone: str,
    weekdays: list[int] | None = None,
    backup_id: int | None = None,
    backup_phone: str = "",
    read: Raw | None = None,
) -> int:
    """Name who takes the call from `first` to `last` (both included) on `weekdays` (0 Monday to 6 Sunday; all
    without it); what stood there is replaced. Returns the number of days.

    Refuses days before today or more than a year, a run without such a weekday, a person who is not active, a
    missing telephone or what is none, a backup who is the same person, and days that a colleague has filled since the
    page was read (`ChangedMeanwhile`; `read` says when).
    """
    days = [day for day in days_of_run(stamp, first, last) if weekdays is None or day.weekday() in weekdays]
    if not days:
        raise NoDayInRun
    phone = reachable(stamp, staff_id, phone)
    if backup_id == staff_id:
        raise BackupIsTheSame
    if backup_id is not None:
        backup_phone = reachable(stamp, backup_id, backup_phone, "backup_id", "backup_phone")
    else:
        backup_phone = ""
    _refuse_newer(stamp, days, read)
    stamp.session.execute(delete(EscalationDutyRow).where(EscalationDutyRow.day.in_(days)))
    entry = {
        "staff_id": staff_id, "phone": phone, "backup_id": backup_id, "backup_phone": backup_phone,
        "changed_at": stamp.now, "changed_by": stamp.staff_id,
    }  # fmt: skip
    stamp.session.execute(insert(EscalationDutyRow), [{"day": day, **entry} for day in days])
    stamp.audit(
        FILLED, ("roster", None),
        after={"first": first, "last": last, "days": len(days), "staff_id": staff_id, "backup_id": backup_id},
    )  # fmt: skip
    return len(days)


@deed("settings.write")
def clear(stamp: Stamp, *, first: date, last: date, read: Raw | None = None) -> None:
    """Take everybody off the roster from `first` to `last`; days that are over stay as they were. Refuses
    `ChangedMeanwhile` as `fill`."""
    days = days_of_run(stamp, first, last)
    _refuse_newer(stamp, days, read)
    stamp.session.execute(delete(EscalationDutyRow).where(EscalationDutyRow.day.in_(days)))
    stamp.audit(CLEARED, ("roster", None), after={"first": first, "last": last, "days": len(days)})


# --- questions ------------------------------------------------------------------------------------


@question("house.read")
def duty_roster(look: Look, *, first: date | None = None, days: int = AHEAD) -> list[DutyDay]:
    """Every one of `days` days from `first` (today without it), filled or not."""
    return duty_days(look, first or look.today, days)


@question("house.read")
def on_duty(look: Look) -> DutyDay:
    """Who takes the escalation call today."""
    return duty_days(look, look.today, 1)[0]


def duty_days(look: Look, first: date, days: int) -> list[DutyDay]:
    """The roster for rooms that need it under their own permission."""
    wanted = [first + timedelta(days=n) for n in range(days)]
    rows = {
        row.day: row
        for row in look.session.scalars(
            select(EscalationDutyRow).where(EscalationDutyRow.day.between(wanted[0], wanted[-1]))
        )
    }
    ids = {each for row in rows.values() for each in (row.staff_id, row.backup_id) if each}
    people = {
        number: (name, active)
        for number, name, active in look.session.execute(
            select(StaffRow.id, StaffRow.name, StaffRow.active).where(StaffRow.id.in_(ids))
        )
    }
    return [_shown(rows[day], people) if day in rows else DutyDay(day) for day in wanted]


def _shown(row: EscalationDutyRow, people: dict[int, tuple[str, bool]]) -> DutyDay:
    name, active = people[row.staff_id]
    backup, backup_active = people.get(row.backup_id or 0, ("", False))
    return DutyDay(
        row.day, "" if active else "left", row.staff_id, name, row.phone,
        backup if backup_active else "", row.backup_phone if backup_active else "",
    )  # fmt: skip


# --- for other modules ------------------------------------------------------------------------------


def _refuse_newer(stamp: Stamp, days: list[date], read: Raw | None) -> None:
    query = select(EscalationDutyRow).where(EscalationDutyRow.day.in_(days)).order_by(EscalationDutyRow.day)
    newer = newest_of_others(stamp.session.scalars(query), stamp.staff_id, read)
    if newer:
        raise ChangedMeanwhile(now=stamp.session.get_one(StaffRow, newer.staff_id).name, field="staff_id")


def days_of_run(stamp: Stamp, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included; refuses `RunImpossible`."""
    if not stamp.today <= first <= last <= first + timedelta(days=LONGEST_RUN):
        raise RunImpossible
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def reachable(stamp: Stamp, staff_id: int, phone: str, who: str = "staff_id", where: str = "phone") -> str:
    """The telephone of an active person, as it is kept; refuses `NobodyOnDuty`, `DutyPhoneMissing` and what is no
    telephone (`NoTelephone`) at the named fields."""
    person = stamp.session.get(StaffRow, staff_id)
    if person is None or not person.active:
        raise NobodyOnDuty(who)
    if sum(each.isdigit() for each in phone) < LEAST_DIGITS:
        raise DutyPhoneMissing(where, person.name)
    return telephone(phone, where)

"""Public holidays and the weekend days on which everybody works, as rows a department can change.

China publishes both every November for the year to come. The years that the installed list knows (the State Council's
notices, by the package `chinesecalendar`) are taken with one act; every day can be changed, added and removed. A year
without any entry is said, where a promise counts by working days: nobody rests by a calendar that is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays as known_holidays
from chinese_calendar.constants import workdays as known_workdays
from sqlalchemy import delete, extract, insert, select

from core.dialogue.clocks.tables import CalendarDayRow
from core.dialogue.clocks.working_time import LONGEST_LOOK
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import ChangedMeanwhile, newest_of_others
from core.foundation.open_types import Raw
from core.packages.promises import Promise

ENTERED = declare("calendar.entered", N_("Days entered into the calendar"))
REMOVED = declare("calendar.removed", N_("Days removed from the calendar"))

KIND_NAMES: dict[str, str] = {"holiday": N_("Public holiday"), "workday": N_("Make-up workday")}
LONGEST_NAME = 40
LONGEST_RUN = 31  # days entered at once


@dataclass(eq=False)
class UnknownDayKind(Refusal):
    message = N_("Please choose: public holiday, or make-up workday.")
    field = "kind"


@dataclass(eq=False)
class DaysImpossible(Refusal):
    message = N_("Please check the days: the last not before the first, at most a month at once.")
    field = "last"


@dataclass(eq=False)
class YearNotKnown(Refusal):
    year: int
    message = N_("The list for {year} is not in this version. Please enter the days by hand.")
    field = "year"


@dataclass(frozen=True)
class CalendarDay:
    """A day that is not what its weekday says; `kind` is a key of `KIND_NAMES`."""

    day: date
    kind: str
    name: str


# --- deeds ------------------------------------------------------------------------------------------


@deed("settings.write")
def take_year(stamp: Stamp, *, year: int) -> int:
    """Enter the public holidays and make-up workdays of a year from the list that comes with this version; what stood on
    other days of that year stays. Returns the number of days. Refuses a year the list does not know."""
    if year not in listed_years():
        raise YearNotKnown(year)
    found = [
        (day, kind, _name(name, stamp.house.print_language))
        for kind, days in (("holiday", known_holidays), ("workday", known_workdays))
        for day, name in days.items()
        if day.year == year
    ]
    _enter(stamp, found)
    stamp.audit(ENTERED, ("calendar", None), after={"year": year, "days": len(found)})
    return len(found)


@deed("settings.write")
def set_days(
    stamp: Stamp, *, first: date, last: date, kind: str, name: str = "", read: Raw | None = None
) -> int:
    """Enter the days from `first` to `last` (both included) as holidays or make-up workdays; what stood there is
    replaced. Returns the number of days. Refuses an unknown kind, days that run backwards or longer than a month, and days
    that a colleague has entered since the page was read (`ChangedMeanwhile`; `read` says when)."""
    if kind not in KIND_NAMES:
        raise UnknownDayKind
    days = _run(first, last)
    _refuse_newer(stamp, days, read)
    _enter(stamp, [(day, kind, name.strip()[:LONGEST_NAME]) for day in days])
    stamp.audit(
        ENTERED, ("calendar", None), after={"first": first, "last": last, "kind": kind, "days": len(days)}
    )
    return len(days)


@deed("settings.write")
def remove_days(stamp: Stamp, *, first: date, last: date, read: Raw | None = None) -> None:
    """Let the days from `first` to `last` be what their weekday says. Refuses `ChangedMeanwhile` as `set_days`."""
    days = _run(first, last)
    _refuse_newer(stamp, days, read)
    stamp.session.execute(delete(CalendarDayRow).where(CalendarDayRow.day.in_(days)))
    stamp.audit(REMOVED, ("calendar", None), after={"first": first, "last": last})


# --- questions --------------------------------------------------------------------------------------


@question("house.read")
def days_of_year(look: Look, *, year: int) -> list[CalendarDay]:
    """The entered days of a year, in order."""
    query = (
        select(CalendarDayRow)
        .where(CalendarDayRow.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDayRow.day)
    )
    return [CalendarDay(row.day, row.kind, row.name) for row in look.session.scalars(query)]


@question("house.read")
def missing_years(look: Look) -> list[int]:
    """The years in which clocks may end by now and of which no day is entered."""
    return years_missing(look)


# --- for other modules ------------------------------------------------------------------------------


def years_missing(look: Look) -> list[int]:
    """As `missing_years`: this year, and the next one from two months before its beginning."""
    wanted = {look.today.year, (look.today + LONGEST_LOOK).year}
    year = extract("year", CalendarDayRow.day)
    known = {int(found) for found in look.session.scalars(select(year).distinct())}
    return sorted(wanted - known)


def listed_years() -> list[int]:
    """The years the list of this version knows, this century's newest last."""
    return sorted({day.year for day in known_holidays})


def counts_by_working_days(promise: Promise) -> bool:
    """Whether a holiday or a make-up workday changes when this promise is due."""
    return any(span.weekdays or not span.holidays for span in promise.spans)


# --- inner ------------------------------------------------------------------------------------------


def _run(first: date, last: date) -> list[date]:
    if not first <= last < first + timedelta(days=LONGEST_RUN):
        raise DaysImpossible
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _refuse_newer(stamp: Stamp, days: list[date], read: Raw | None) -> None:
    query = select(CalendarDayRow).where(CalendarDayRow.day.in_(days)).order_by(CalendarDayRow.day)
    newer = newest_of_others(stamp.session.scalars(query), stamp.staff_id, read)
    if newer:
        raise ChangedMeanwhile(now=KIND_NAMES[newer.kind], field="kind")


def _enter(stamp: Stamp, days: list[tuple[date, str, str]]) -> None:
    stamp.session.execute(delete(CalendarDayRow).where(CalendarDayRow.day.in_([day for day, *_ in days])))
    row = {"changed_at": stamp.now, "changed_by": stamp.staff_id}
    stamp.session.execute(
        insert(CalendarDayRow), [{"day": day, "kind": kind, "name": name, **row} for day, kind, name in days]
    )


def _name(name: str, language: str) -> str:
    return next((one.chinese for one in Holiday if one.value == name), name) if language == "zh" else name

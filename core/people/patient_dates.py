"""Which days of a patient can be: her birth, her last period, her due date; and from which day her weeks count. Pure.

Our own rules for slips of the finger, none of them medical: a last period more than 310 days back or a due
date more than 28 days away from it is a typing mistake far more often than a fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.clinical.dating import due_date as due_date_of
from core.clinical.dating import last_period_from_due_date
from core.foundation.errors import Refusal
from core.foundation.language import N_

EARLIEST_BIRTH = date(1900, 1, 1)
OLDEST_PERSON_YEARS = 120
LONGEST_SINCE_PERIOD = timedelta(days=310)
DUE_MAY_DIFFER = timedelta(days=28)
DUE_AT_MOST_AHEAD = timedelta(days=280)
# A due date three weeks past is the latest at which somebody still waits for the birth.
DUE_MAY_BE_PAST = timedelta(days=21)
COURSE_AT_MOST_AHEAD = timedelta(days=366)
# Days of her course that a hospital's table knows and a package may be counted from, by the column that keeps them.
COURSE_DAYS = {"operation_date": N_("Day of the operation"), "discharge_date": N_("Day of discharge")}


@dataclass(eq=False)
class BirthInFuture(Refusal):
    today: date
    message = N_("The date of birth lies after today ({today}). Correct it.")
    field = "birth_date"


@dataclass(eq=False)
class BirthTooEarly(Refusal):
    earliest: date
    message = N_(
        "The date of birth lies before {earliest}; some systems write such a day for “unknown”. Correct it or "
        "leave it empty."
    )
    field = "birth_date"


@dataclass(eq=False)
class PeriodInFuture(Refusal):
    today: date
    message = N_("The last period lies after today ({today}). Correct it.")
    field = "last_period"


@dataclass(eq=False)
class PeriodTooOld(Refusal):
    days: int
    limit: int
    message = N_(
        "The last period was {days} days ago, more than the {limit} a pregnancy can last. Correct it, or leave it "
        "empty if the pregnancy is over."
    )
    field = "last_period"


@dataclass(eq=False)
class DueDateTooOld(Refusal):
    days: int
    limit: int
    message = N_(
        "The due date was {days} days ago, more than the {limit} that are possible. Correct it, or leave it "
        "empty if the pregnancy is over."
    )
    field = "due_date"


@dataclass(eq=False)
class DueDateTooFar(Refusal):
    latest: date
    message = N_("The due date lies after {latest}, more than 280 days from today. Correct it.")
    field = "due_date"


@dataclass(eq=False)
class DueDateContradicts(Refusal):
    last_period: date
    expected: date
    days: int
    limit: int
    message = N_(
        "By the last period ({last_period}) the due date would be {expected}; this differs by {days} days, more than "
        "{limit}. Correct one of the two, or leave the last period empty if the scan dated the pregnancy anew."
    )
    field = "due_date"


@dataclass(eq=False)
class CourseDayImpossible(Refusal):
    field: str = ""  # type: ignore[misc]
    what: str = ""
    latest: date = date.max
    message = N_(
        "{what}: the day lies before the date of birth or after {latest}. Correct it or leave it empty."
    )


def course_faults(days: Mapping[str, date | None], birth_date: date | None, today: date) -> Iterator[Refusal]:
    """Why the days a package may be counted from (`COURSE_DAYS`) cannot be right on `today`: before she was born, or more
    than a year ahead (an operation is planned, but not for longer)."""
    latest = today + COURSE_AT_MOST_AHEAD
    for name, day in days.items():
        if day and (day > latest or day < (birth_date or EARLIEST_BIRTH)):
            yield CourseDayImpossible(name, COURSE_DAYS[name], latest)


def date_faults(
    birth_date: date | None, last_period: date | None, due_date: date | None, today: date
) -> Iterator[Refusal]:
    """Why these days cannot be right on `today`, at most one reason each."""
    if birth_date:
        earliest = max(EARLIEST_BIRTH, date(today.year - OLDEST_PERSON_YEARS, today.month, 1))
        if birth_date > today:
            yield BirthInFuture(today)
        elif birth_date < earliest:
            yield BirthTooEarly(earliest)
    if last_period and last_period > today:
        yield PeriodInFuture(today)
    elif last_period and today - last_period > LONGEST_SINCE_PERIOD:
        yield PeriodTooOld((today - last_period).days, LONGEST_SINCE_PERIOD.days)
    if not due_date:
        return
    expected = due_date_of(last_period) if last_period else due_date
    if abs(due_date - expected) > DUE_MAY_DIFFER:
        yield DueDateContradicts(
            last_period or expected, expected, abs(due_date - expected).days, DUE_MAY_DIFFER.days
        )
    elif due_date > today + DUE_AT_MOST_AHEAD:
        yield DueDateTooFar(today + DUE_AT_MOST_AHEAD)
    elif today - due_date > DUE_MAY_BE_PAST:
        yield DueDateTooOld((today - due_date).days, DUE_MAY_BE_PAST.days)


def dating_anchor(last_period: date | None, due_date: date | None) -> date | None:
    """The day from which weeks are counted: 280 days before the due date where there is one, else the last
    period."""
    return last_period_from_due_date(due_date) if due_date else last_period

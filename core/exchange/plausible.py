"""Days that cannot be: the rules of `core.people.patient_rules`, each with a reason that helps to repair a file.

They find slips of the finger, nothing medical. The limits are those the department applies to every form, so
that what a preview takes is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patient_rules import DUE_MAY_BE_PAST, DUE_MAY_DIFFER, EARLIEST_BIRTH, LONGEST_SINCE_PERIOD

# Naegele: the due date is the first day of the last period + 280 days.
_PREGNANCY = timedelta(days=280)
_OLDEST_PERSON_YEARS = 120


@dataclass(eq=False)
class BirthInFuture(Refusal):
    today: date
    message = N_("The date of birth lies after today ({today}). Correct it.")


@dataclass(eq=False)
class BirthTooEarly(Refusal):
    earliest: date
    message = N_(
        "The date of birth lies before {earliest}; some systems write such a day for “unknown”. Correct it or "
        "leave it empty."
    )


@dataclass(eq=False)
class PeriodInFuture(Refusal):
    today: date
    message = N_("The last period lies after today ({today}). Correct it.")


@dataclass(eq=False)
class PeriodTooOld(Refusal):
    days: int
    limit: int
    message = N_(
        "The last period was {days} days ago, more than the {limit} a pregnancy can last. Correct it, or leave it "
        "empty if the pregnancy is over."
    )


@dataclass(eq=False)
class DueDateTooOld(Refusal):
    days: int
    limit: int
    message = N_(
        "The due date was {days} days ago, more than the {limit} that are possible. Correct it, or leave it "
        "empty if the pregnancy is over."
    )


@dataclass(eq=False)
class DueDateTooFar(Refusal):
    latest: date
    message = N_("The due date lies after {latest}, more than 280 days from today. Correct it.")


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


def birth_fault(born: date | None, today: date) -> Refusal | None:
    """Why a date of birth cannot be right on `today`: in the future, before 1900, or older than 120 years."""
    if born is None:
        return None
    if born > today:
        return BirthInFuture(today)
    earliest = max(EARLIEST_BIRTH, date(today.year - _OLDEST_PERSON_YEARS, today.month, 1))
    return BirthTooEarly(earliest) if born < earliest else None


def period_fault(period: date | None, today: date) -> Refusal | None:
    """Why a last period cannot be right: in the future, or longer ago than a pregnancy lasts (310 days)."""
    if period is None:
        return None
    if period > today:
        return PeriodInFuture(today)
    if today - period > LONGEST_SINCE_PERIOD:
        return PeriodTooOld((today - period).days, LONGEST_SINCE_PERIOD.days)
    return None


def due_fault(due: date | None, period: date | None, today: date) -> Refusal | None:
    """Why a due date cannot be right: 28 days off the last period's, over 280 days ahead, or 21 days past."""
    if due is None:
        return None
    if period and abs(due - (period + _PREGNANCY)) > DUE_MAY_DIFFER:
        expected = period + _PREGNANCY
        return DueDateContradicts(period, expected, abs(due - expected).days, DUE_MAY_DIFFER.days)
    if due > today + _PREGNANCY:
        return DueDateTooFar(today + _PREGNANCY)
    if today - due > DUE_MAY_BE_PAST:
        return DueDateTooOld((today - due).days, DUE_MAY_BE_PAST.days)
    return None

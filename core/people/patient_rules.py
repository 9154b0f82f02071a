"""What a patient's facts must look like, checked the same way for one form and for ten thousand imported
rows. Pure.

Our own rules for slips of the finger, none of them medical: a last period more than 310 days back or a due
date more than 28 days away from it is a typing mistake far more often than a fact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from core.clinical.dating import due_date as due_date_of
from core.clinical.dating import last_period_from_due_date
from core.foundation.errors import Refusal
from core.foundation.language import LANGUAGES, N_

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{9,11}|[2-9]\d{6,7}")
EARLIEST_BIRTH = date(1900, 1, 1)
LONGEST_SINCE_PERIOD = timedelta(days=310)
DUE_MAY_DIFFER = timedelta(days=28)
# A due date three weeks past is the latest at which somebody still waits for the birth.
DUE_MAY_BE_PAST = timedelta(days=21)


@dataclass(eq=False)
class NameMissing(Refusal):
    message = N_("Please enter the patient's name.")
    field = "name"


@dataclass(eq=False)
class NameTooLong(Refusal):
    longest: int
    message = N_("The name has more than {longest} characters. Please shorten it.")
    field = "name"


@dataclass(eq=False)
class RecordNumberMissing(Refusal):
    message = N_("Please enter the record number; it tells two people of the same name apart.")
    field = "record_number"


@dataclass(eq=False)
class PhoneInvalid(Refusal):
    phone: str
    message = N_(
        "“{phone}” is not a phone number. A mobile number has 11 digits; a landline needs its area code, "
        "for example 010-12345678. Leave it empty if there is none."
    )
    field = "phone"


@dataclass(eq=False)
class BirthDateImpossible(Refusal):
    day: date
    message = N_("A birth date of {day} is not possible. Please check the year.")
    field = "birth_date"


@dataclass(eq=False)
class LastPeriodInFuture(Refusal):
    day: date
    message = N_("The last period ({day}) lies in the future. Please check the date.")
    field = "last_period"


@dataclass(eq=False)
class LastPeriodLongAgo(Refusal):
    day: date
    message = N_(
        "The last period ({day}) is more than 310 days ago. Please check the year, or leave it empty."
    )
    field = "last_period"


@dataclass(eq=False)
class DueDateDisagrees(Refusal):
    day: date
    expected: date
    message = N_(
        "The due date {day} is more than 28 days from the one that follows from the last period "
        "({expected}). Please check both dates."
    )
    field = "due_date"


@dataclass(eq=False)
class DueDateImpossible(Refusal):
    day: date
    message = N_(
        "A due date of {day} is not possible for a pregnancy of today. Please check it, or leave it empty."
    )
    field = "due_date"


@dataclass(frozen=True)
class PatientFacts:
    """One person's facts, cleaned and checked. `phone` is digits only."""

    name: str
    record_number: str
    phone: str = ""
    birth_date: date | None = None
    last_period: date | None = None
    due_date: date | None = None
    note: str = ""
    language: str = "zh"

    @property
    def phone_end(self) -> str:
        return self.phone[-4:]


def checked(facts: PatientFacts, today: date, before: PatientFacts | None = None) -> PatientFacts:
    """The facts with spaces and full-width characters tidied; refuses the first field that cannot be right.

    `before` are the facts already on file: what has not changed is not questioned again, so that a
    patient's note can still be edited a year after her due date.
    """
    clean = PatientFacts(
        name=_tidy(facts.name),
        record_number=_tidy(facts.record_number).replace(" ", "")[:40],
        phone=phone_digits(facts.phone),
        birth_date=facts.birth_date,
        last_period=facts.last_period,
        due_date=facts.due_date,
        note=facts.note.strip()[:300],
        language=facts.language if facts.language in LANGUAGES else "zh",
    )
    if not clean.name:
        raise NameMissing
    if len(clean.name) > 60:
        raise NameTooLong(60)
    if not clean.record_number:
        raise RecordNumberMissing
    if clean.birth_date and not EARLIEST_BIRTH <= clean.birth_date <= today:
        raise BirthDateImpossible(clean.birth_date)
    if before is None or (before.last_period, before.due_date) != (clean.last_period, clean.due_date):
        _check_dating(clean, today)
    return clean


def phone_digits(phone: str) -> str:
    """A phone number as digits: spaces, dashes, +86 and full-width digits go. Refuses what is no number; ""
    stays."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", phone or ""))
    digits = re.sub(r"^(\+86|0086)", "", digits)
    if not digits:
        return ""
    if not digits.isascii() or not (MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits)):
        raise PhoneInvalid(phone.strip()[:20])
    return digits


def dating_anchor(last_period: date | None, due_date: date | None) -> date | None:
    """The day from which weeks are counted: 280 days before the due date where there is one, else the last
    period."""
    return last_period_from_due_date(due_date) if due_date else last_period


def _check_dating(facts: PatientFacts, today: date) -> None:
    period, due = facts.last_period, facts.due_date
    if period and period > today:
        raise LastPeriodInFuture(period)
    if period and today - period > LONGEST_SINCE_PERIOD:
        raise LastPeriodLongAgo(period)
    if period and due and abs(due - due_date_of(period)) > DUE_MAY_DIFFER:
        raise DueDateDisagrees(due, due_date_of(period))
    if due and not today - DUE_MAY_BE_PAST <= due <= today + timedelta(days=280):
        raise DueDateImpossible(due)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text or "")).strip()

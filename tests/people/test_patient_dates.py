"""Days of a patient that cannot be are refused, days on the edge are taken."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.people.patient_dates import (
    BirthInFuture,
    BirthTooEarly,
    DueDateContradicts,
    DueDateTooFar,
    DueDateTooOld,
    PeriodInFuture,
    PeriodTooOld,
    date_faults,
    dating_anchor,
)

TODAY = date(2026, 3, 5)


def day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("birth", "period", "due", "refusals"),
    [
        (1, None, None, [BirthInFuture]),
        (None, 1, None, [PeriodInFuture]),
        (None, -311, None, [PeriodTooOld]),
        (None, None, 281, [DueDateTooFar]),
        (None, None, -22, [DueDateTooOld]),
        (None, -100, 209, [DueDateContradicts]),
        (None, -100, 151, [DueDateContradicts]),
        (1, 1, 400, [BirthInFuture, PeriodInFuture, DueDateContradicts]),
        (0, None, None, []),
        (None, 0, None, []),
        (None, -310, None, []),
        (None, None, 280, []),
        (None, None, -21, []),
        (None, -100, 208, []),
        (None, -100, 152, []),
        (None, None, None, []),
    ],
)
def test_every_day_that_cannot_be_is_refused_once(birth, period, due, refusals) -> None:
    found = list(date_faults(day(birth), day(period), day(due), TODAY))
    assert [type(one) for one in found] == refusals
    for one in found:
        assert "{" not in one.text("en") + one.text("zh")


@pytest.mark.parametrize(
    ("born", "today", "refused"),
    [
        (date(1899, 6, 1), date(2018, 3, 5), True),
        (date(1900, 1, 1), date(2018, 3, 5), False),
        # Nobody is older than 120; some systems write 1900-01-01 for a day nobody knows.
        (date(1900, 1, 1), TODAY, True),
        (date(1906, 3, 1), TODAY, False),
    ],
)
def test_nobody_was_born_before_1900_or_is_older_than_120(born, today, refused) -> None:
    assert [type(one) for one in date_faults(born, None, None, today)] == [BirthTooEarly] * refused


def test_a_contradiction_names_both_days_and_the_way_out() -> None:
    (fault,) = date_faults(None, date(2026, 1, 1), date(2026, 12, 31), TODAY)
    assert fault.field == "due_date" and "8 October 2026" in fault.text("en") and "84" in fault.text("zh")


def test_weeks_are_counted_from_the_due_date_where_there_is_one() -> None:
    assert dating_anchor(date(2026, 1, 1), date(2026, 10, 20)) == date(2026, 1, 13)
    assert dating_anchor(date(2026, 1, 1), None) == date(2026, 1, 1)
    assert dating_anchor(None, None) is None

"""When a promise is due: spans, midnights, holidays, changes of the clock. Every case a help desk has once got wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.dialogue.clocks.working_time import due_at, openings, opens_next, warned_at
from core.packages.promises import Span

SHANGHAI, BERLIN, NEW_YORK = (
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
)
EVENING = (Span(opens="20:00", closes="22:00"),)
ALWAYS = (Span(opens="00:00", closes="24:00"),)
OFFICE = (Span(opens="08:00", closes="12:00"), Span(opens="14:00", closes="18:00"))
NIGHT = (Span(opens="22:00", closes="06:00"),)
MON_TO_FRI = (Span(opens="08:00", closes="17:00", weekdays=(0, 1, 2, 3, 4), holidays=False),)
NO_DAYS: dict[date, str] = {}


def at(text: str, zone: ZoneInfo = SHANGHAI, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("spans", "asked", "minutes", "due"),
    [
        (EVENING, "2026-03-05 20:30", 60, "2026-03-05 21:30"),
        (EVENING, "2026-03-05 09:00", 60, "2026-03-05 21:00"),  # asked outside: from the opening
        (EVENING, "2026-03-05 20:00", 60, "2026-03-05 21:00"),  # at the opening
        (EVENING, "2026-03-05 21:30", 60, "2026-03-06 20:30"),  # the rest falls to the next evening
        (EVENING, "2026-03-05 21:00", 60, "2026-03-05 22:00"),  # due with the closing second: still today
        (EVENING, "2026-03-05 21:59:59", 1, "2026-03-06 20:00:59"),  # one second before closing
        (EVENING, "2026-03-05 22:00", 60, "2026-03-06 21:00"),  # in the closing second it is closed
        (EVENING, "2026-03-05 21:30", 300, "2026-03-08 20:30"),  # over several evenings
        (OFFICE, "2026-03-05 11:30", 60, "2026-03-05 14:30"),  # over the lunch break
        (OFFICE, "2026-03-05 13:00", 240, "2026-03-05 18:00"),
        (NIGHT, "2026-03-05 23:30", 60, "2026-03-06 00:30"),  # over midnight
        (NIGHT, "2026-03-06 05:30", 60, "2026-03-06 22:30"),  # in the span that began yesterday
        (NIGHT, "2026-03-06 12:00", 600, "2026-03-08 00:00"),
        (ALWAYS, "2026-03-05 23:50", 30, "2026-03-06 00:20"),
        (ALWAYS, "2026-03-05 00:00", 1440, "2026-03-06 00:00"),  # a whole day is 1,440 minutes, none is lost
        (MON_TO_FRI, "2026-03-06 16:30", 60, "2026-03-09 08:30"),  # Friday to Monday
    ],
)
def test_minutes_are_counted_inside_the_spans_only(
    spans: tuple[Span, ...], asked: str, minutes: int, due: str
) -> None:
    assert due_at(at(asked), minutes, spans, SHANGHAI, NO_DAYS) == at(due)


def test_a_whole_day_ends_at_24_and_the_next_one_joins_without_a_gap() -> None:
    (one,) = openings(ALWAYS, SHANGHAI, NO_DAYS, date(2026, 3, 5), date(2026, 3, 7))
    assert (one.opens_at, one.closes_at) == (at("2026-03-05 00:00"), at("2026-03-08 00:00"))


def test_spans_that_overlap_are_counted_once() -> None:
    spans = (Span(opens="08:00", closes="12:00"), Span(opens="11:00", closes="13:00"))
    (one,) = openings(spans, SHANGHAI, NO_DAYS, date(2026, 3, 5), date(2026, 3, 5))
    assert (one.opens_at, one.closes_at) == (at("2026-03-05 08:00"), at("2026-03-05 13:00"))


def test_a_span_written_with_equal_ends_is_a_whole_day() -> None:
    (one,) = openings(
        (Span(opens="08:00", closes="08:00"),), SHANGHAI, NO_DAYS, date(2026, 3, 5), date(2026, 3, 5)
    )
    assert one.closes_at - one.opens_at == at("2026-03-06 08:00") - at("2026-03-05 08:00")


def test_a_holiday_closes_only_spans_that_rest_on_holidays() -> None:
    calendar = {date(2026, 10, day): "holiday" for day in range(1, 8)}
    asked = at("2026-09-30 16:30")
    assert due_at(asked, 60, MON_TO_FRI, SHANGHAI, calendar) == at("2026-10-08 08:30")
    assert due_at(asked, 60, ALWAYS, SHANGHAI, calendar) == at("2026-09-30 17:30")


def test_a_night_belongs_to_the_day_on_which_it_opens_on_either_side_of_a_holiday() -> None:
    night = (Span(opens="22:00", closes="06:00", holidays=False),)
    calendar = {date(2026, 5, 1): "holiday"}
    # The night before the holiday runs into it; the night of the holiday itself does not open.
    assert due_at(at("2026-04-30 23:00"), 120, night, SHANGHAI, calendar) == at("2026-05-01 01:00")
    assert due_at(at("2026-05-01 05:30"), 60, night, SHANGHAI, calendar) == at("2026-05-02 22:30")
    assert opens_next(at("2026-05-01 23:00"), night, SHANGHAI, calendar) == at("2026-05-02 22:00")


def test_a_saturday_on_which_everybody_works_has_the_hours_of_a_working_day() -> None:
    saturday = date(2026, 2, 14)  # before the Spring Festival of 2026
    asked = at("2026-02-13 16:30")
    assert due_at(asked, 60, MON_TO_FRI, SHANGHAI, {saturday: "workday"}) == at("2026-02-14 08:30")
    assert due_at(asked, 60, MON_TO_FRI, SHANGHAI, NO_DAYS) == at("2026-02-16 08:30")
    weekend = (Span(opens="09:00", closes="11:00", weekdays=(5, 6)),)
    assert opens_next(asked, weekend, SHANGHAI, {saturday: "workday"}) == at("2026-02-14 09:00")


def test_a_warning_falls_where_somebody_hears_it() -> None:
    # 60 minutes from 21:30 end at 20:30 tomorrow; half an hour of answering before that is the closing second of
    # today, and somebody hears it with the next opening.
    when = (EVENING, SHANGHAI, NO_DAYS)
    assert warned_at(at("2026-03-05 21:30"), 60, 30, *when) == at("2026-03-06 20:00")
    assert warned_at(at("2026-03-05 21:30"), 60, 40, *when) == at("2026-03-05 21:50")
    assert warned_at(at("2026-03-05 20:00"), 60, 15, *when) == at("2026-03-05 20:45")
    assert warned_at(at("2026-03-05 09:00"), 60, 90, *when) == at("2026-03-05 20:00")  # as the clock begins


def test_the_next_opening_is_now_inside_a_span() -> None:
    assert opens_next(at("2026-03-05 20:00"), EVENING, SHANGHAI, NO_DAYS) == at("2026-03-05 20:00")
    assert opens_next(at("2026-03-05 22:00"), EVENING, SHANGHAI, NO_DAYS) == at("2026-03-06 20:00")


def test_where_nothing_ever_opens_the_minutes_run_around_the_clock() -> None:
    calendar = {date.fromordinal(date(2026, 3, 1).toordinal() + n): "holiday" for n in range(90)}
    asked = at("2026-03-05 16:30")
    assert opens_next(asked, MON_TO_FRI, SHANGHAI, calendar) is None
    assert due_at(asked, 60, MON_TO_FRI, SHANGHAI, calendar) == at("2026-03-05 17:30")


@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        # The clock jumps from 2 to 3: the night is seven hours long.
        (BERLIN, "2026-03-29 01:30", "2026-03-29 03:30"),
        (NEW_YORK, "2026-03-08 01:30", "2026-03-08 03:30"),
        # The clock goes back from 3 (2) to 2 (1): the hour is lived twice.
        (BERLIN, "2026-10-25 01:30", "2026-10-25 02:30"),
        (NEW_YORK, "2026-11-01 00:30", "2026-11-01 01:30"),
    ],
)
def test_an_hour_is_sixty_minutes_when_the_clock_is_changed(zone: ZoneInfo, asked: str, due: str) -> None:
    assert due_at(at(asked, zone), 60, ALWAYS, zone, NO_DAYS) == at(due, zone)


@pytest.mark.parametrize(("zone", "spring", "autumn"), [
    (BERLIN, date(2026, 3, 29), date(2026, 10, 25)), (NEW_YORK, date(2026, 3, 8), date(2026, 11, 1)),
])  # fmt: skip
def test_the_days_of_the_change_have_23_and_25_hours(zone: ZoneInfo, spring: date, autumn: date) -> None:
    hours = [
        (one.closes_at - one.opens_at).total_seconds() / 3600
        for day in (spring, autumn)
        for one in openings(ALWAYS, zone, NO_DAYS, day, day)
    ]
    assert hours == [23, 25]


def test_a_span_inside_the_hour_that_does_not_exist_opens_nothing_long() -> None:
    skipped = (Span(opens="02:30", closes="03:00"),)
    assert openings(skipped, BERLIN, NO_DAYS, date(2026, 3, 29), date(2026, 3, 29)) == []
    assert len(openings(skipped, BERLIN, NO_DAYS, date(2026, 3, 28), date(2026, 3, 30))) == 2


def test_the_later_of_two_equal_hours_is_later() -> None:
    asked = at("2026-10-25 02:30", BERLIN, fold=1)
    assert due_at(asked, 60, ALWAYS, BERLIN, NO_DAYS) == at("2026-10-25 03:30", BERLIN)


def test_spans_that_overlap_over_midnight_are_counted_once_however_long_it_takes() -> None:
    both = (Span(opens="00:00", closes="24:00"), Span(opens="22:00", closes="06:00"))
    for days in range(1, 12):
        asked = at("2026-03-05 12:00")
        assert due_at(asked, days * 1440, both, SHANGHAI, NO_DAYS) == asked + timedelta(days=days)

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.days import DayAmbiguous, DayDoesNotExist, DayUnreadable, YearTooShort, day_of

FIRST_OF_MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01",
        "2026-3-1",
        "2026/3/1",
        "2026/03/01",
        "2026.3.1",
        "2026.03.01",
        "2026年3月1日",
        "2026年03月01日",
        "2026 年 3 月 1 日",
        "2026年3月1号",
        "20260301",
        "20260301.0",
        "20260301 083000",
        "20260301083000",
        "２０２６－０３－０１",
        " 2026-03-01\u3000",
        "2026-03-01 00:00:00",
        "2026-03-01 08:30",
        "2026/3/1 8:30:15",
        "2026-03-01 00:00:00.000",
        "2026-03-01T08:30:00",
        "2026-03-01T08:30:00+08:00",
        "2026-02-28T16:00:00Z",
        "2026-02-28T16:00:00.000Z",
        "2026/3/1 上午 8:30",
        "2026-03-01 星期日",
        "2026年3月1日(周日) 8:30",
        "1 Mar 2026",
        "1-Mar-2026",
        "01 March 2026",
        "1st March 2026",
        "Mar 1, 2026",
        "March 1st, 2026",
        "46082",
        "46082.354",
        46082,
        46082.354,
        20260301,
        20260301.0,
        datetime(2026, 3, 1, 23, 59),
        FIRST_OF_MARCH,
    ],
)
def test_every_usual_way_of_writing_a_day_is_read(cell):
    assert day_of(cell) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "  ",
        "\u3000",
        "0000-00-00",
        "0000-00-00 00:00:00",
        0,
        time(0, 0),  # a date cell holding 0: Excel shows 1900-01-00
        "0001-01-01T00:00:00",
        "无",
        "NULL",
        "null",
        "N/A",
        "#N/A",
        "暂无",
        "未填",
        "—",
        "None",
    ],
)
def test_no_day_is_no_day(cell):
    assert day_of(cell) is None


@pytest.mark.parametrize("cell", ["26-3-1", "26/03/01", "3/1/26", "26年3月1日", "1.3.26", "26-3-1 08:00"])
def test_a_year_of_two_digits_is_refused(cell):
    with pytest.raises(YearTooShort):
        day_of(cell)


@pytest.mark.parametrize("cell", ["3/1/2026", "01-03-2026", "13.03.2026", "3/1/2026 8:00"])
def test_day_and_month_are_not_guessed(cell):
    with pytest.raises(DayAmbiguous):
        day_of(cell)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2026-13-01", "20261301", "2025年2月29日", "2026-00-10", 20260230]
)
def test_days_outside_the_calendar_are_refused(cell):
    with pytest.raises(DayDoesNotExist):
        day_of(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03",
        "2026年3月",
        "昨天",
        "孕12周",
        "12",
        12,
        -5,
        99999,
        3.5e9,
        float("nan"),
        float("inf"),
        True,
        time(8, 0),
        timedelta(days=3),
        "2026-03-01至2026-03-05",
        "1 Foo 2026",
        "Mar 2026",
        "9999-12-31",
        "2026-3-1-1",
    ],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(DayUnreadable):
        day_of(cell)


def test_old_mac_workbooks_count_from_1904():
    assert day_of(46082 - 1462, date1904=True) == FIRST_OF_MARCH


def test_an_instant_in_summer_time_is_the_day_it_was_in_china():
    assert day_of("1988-06-30T15:00:00Z") == date(1988, 7, 1)


DAYS = st.dates(date(1900, 3, 1), date(2100, 12, 31))


@given(
    DAYS,
    st.sampled_from(
        [
            "{0.year}-{0.month:02}-{0.day:02}",
            "{0.year}/{0.month}/{0.day}",
            "{0.year}.{0.month}.{0.day}",
            "{0.year}年{0.month}月{0.day}日",
            "{0.year}{0.month:02}{0.day:02}",
            "{0:%d %B %Y}",
            "{0:%b %d, %Y}",
        ]
    ),
)
def test_every_day_survives_every_spelling(day, spelling):
    assert day_of(spelling.format(day)) == day


@given(DAYS)
def test_every_serial_is_the_day_excel_shows(day):
    from openpyxl.utils.datetime import to_excel

    assert day_of(to_excel(day)) == day


@given(
    st.one_of(
        st.text(max_size=30), st.integers(), st.floats(), st.text("0123456789-/.年月日 :T", max_size=20)
    )
)
def test_anything_else_is_a_day_or_a_refusal(cell):
    try:
        day = day_of(cell)
    except (DayAmbiguous, DayDoesNotExist, DayUnreadable, YearTooShort):
        return
    assert day is None or 1800 <= day.year <= 2200


@pytest.mark.parametrize(
    "cell",
    [
        "2025-11-03 上午", "2025-11-03上午", "2025年11月3日 下午", "2025-11-03 08:00-08:30", "2025-11-03 08:00～08:30",
        "2025-11-03 上午 08:00-12:00", "2025-11-03(周一)上午第3号", "2025-11-03 8时30分至9时", "20251103 下午", "2025/11/3 AM",
        "2025-11-03 00:00:00+08", "2025-11-02 16:00:00+00", "2025-11-02T16:00:00Z", "Mon, 3 Nov 2025 08:00",
        "Nov 3 2025 8:00AM", "45964.33",
    ],
)  # fmt: skip
def test_what_follows_a_day_changes_nothing_about_it(cell: str) -> None:
    assert day_of(cell) == date(2025, 11, 3)


@pytest.mark.parametrize(
    "cell", ["2025-11-03至2025-11-05", "2025-11-03 2025-11-04", "2025-11-03 8", "2025-11-033"]
)
def test_two_days_or_half_a_number_are_no_day(cell: str) -> None:
    with pytest.raises(DayUnreadable):
        day_of(cell)


@pytest.mark.parametrize(
    "cell",
    [
        datetime(1988, 6, 30, 23), "1988-06-30 23:00:00", "1988-06-30T23:00", "1988年6月30日 23时00分", "19880630230000",
        "30 Jun 1988 11:00 PM", "1988-06-30 晚上11:00", 32324 + 23 / 24, "1988-06-30T15:00:00Z",
    ],
)  # fmt: skip
def test_a_midnight_of_summer_time_is_the_day_that_was_meant(cell: object) -> None:
    assert day_of(cell) == date(1988, 7, 1)


@pytest.mark.parametrize(
    "cell", ["1988-01-10 23:00", "1995-01-10 23:00", datetime(1988, 1, 10, 23), "1988-06-30 23:05"]
)
def test_a_late_hour_of_ordinary_time_stays_on_its_day(cell: object) -> None:
    assert day_of(cell) in (date(1988, 1, 10), date(1995, 1, 10), date(1988, 6, 30))


@pytest.mark.parametrize(
    "cell", ["0001-01-01 00:00:00", "1753-01-01", datetime(1899, 12, 30), "1899/12/31", "暂无", "NULL"]
)
def test_the_zero_of_a_database_is_no_day(cell: object) -> None:
    assert day_of(cell) is None

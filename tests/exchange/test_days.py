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

"""What the dashboard says: before and after, weeks, what is too young to judge, three sentences, its workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select
from statsmodels.stats.rates import confint_poisson

from core.bank.tables import LedgerEntryRow
from core.exchange.board_workbook import board_workbook
from core.foundation.house import HouseRow
from core.insight import rollups
from core.insight.board import BASELINE, Board, Figure, Spans, board, week_starts
from core.insight.board_tables import by_week, definition, how_counted
from core.insight.charts.columns import column_rows, columns
from core.insight.charts.control import picture
from core.insight.intervals import ImpossibleCount, NobodyCounted
from core.insight.measures import MEASURES
from core.insight.rates import rate, rate_difference, rate_verdict
from core.insight.readings import reading
from core.insight.three_sentences import evidence, statements
from tests.conftest import World
from tests.insight.fact_tables import FactTables

PILOT = date(2026, 1, 1)  # a Thursday, as the world has it
TODAY = date(2026, 3, 5)  # a Thursday
ONE = timedelta(days=1)
SPANS = Spans(PILOT - BASELINE, TODAY, TODAY, PILOT)


def figure(code: str, days: Sequence[tuple[date, int, int]], **spans: Any) -> Figure:
    return Figure(MEASURES[code], tuple(days), replace(SPANS, **spans))


def weekly(code: str, before: tuple[int, int], after: tuple[int, int], old: int = 26, new: int = 9) -> Figure:
    """A figure with the same count every week: `old` weeks before the pilot, `new` weeks after."""
    days = [(PILOT - n * 7 * ONE, *before) for n in range(1, old + 1)]
    days += [(PILOT + n * 7 * ONE, *after) for n in range(new)]
    return figure(code, days, today=PILOT + 7 * new * ONE, last=PILOT + 7 * new * ONE)


def of(*figures: Figure, **spans: Any) -> Board:
    known = {code: figure(code, ()) for code in MEASURES} | {each.measure.code: each for each in figures}
    shown = figures[0].spans if figures else replace(SPANS, **spans)
    return Board(shown, None, {code: replace(each, spans=shown) for code, each in known.items()}, 0, {})


@pytest.fixture
def ward_world(world: World) -> World:
    with world.desk.database.writing() as session:
        FactTables(session).open()
    return world


def ask(world: World, **arguments: Any) -> Board:
    world.do("executive", rollups.recount)
    found: Board = world.ask("executive", board, **arguments)
    return found


# --- before and after ----------------------------------------------------------------------------------------


def test_the_pilots_first_day_belongs_to_after(ward_world: World):
    with ward_world.desk.database.writing() as session:
        ward = FactTables(session)
        ward.visit(PILOT - BASELINE - ONE, "no_show")  # too long ago for the baseline
        ward.visit(PILOT - BASELINE, "no_show")
        ward.visit(PILOT - ONE)
        ward.visit(PILOT, "no_show")
        ward.visit(TODAY - ONE)
    found = ask(ward_world).figures["noshow"]
    assert (found.before, found.after, found.period) == ((1, 2), (1, 2), (1, 2))


def test_what_is_compared_does_not_move_with_the_period(ward_world: World):
    with ward_world.desk.database.writing() as session:
        for n in range(60):
            FactTables(session).visit(PILOT - (n + 1) * ONE, "no_show" if n % 3 == 0 else "attended")
            FactTables(session).visit(PILOT + n * ONE, "no_show" if n % 6 == 0 else "attended")
    whole = ask(ward_world).figures["noshow"]
    month = ask(ward_world, first=TODAY - 20 * ONE, last=TODAY).figures["noshow"]
    assert (month.before, month.after) == (whole.before, whole.after) == ((20, 60), (10, 60))
    assert month.verdict == whole.verdict and month.history == whole.history
    assert month.period[1] == 17 and month.value == month.period[0] / 17
    assert sum(week.denominator for week in month.weeks) == 17


def test_a_period_before_the_pilot_has_weeks_but_no_figure(ward_world: World):
    with ward_world.desk.database.writing() as session:
        FactTables(session).visit(PILOT - 3 * ONE, "no_show")
    found = ask(ward_world, first=PILOT - 10 * ONE, last=PILOT - ONE).figures["noshow"]
    assert found.value is None and [week.denominator for week in found.weeks] == [0, 1]


def test_without_a_first_day_nothing_is_compared(ward_world: World):
    with ward_world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).pilot_start = None
        FactTables(session).visit(PILOT, "no_show")
    found = ask(ward_world)
    noshow = found.figures["noshow"]
    assert found.spans.first == PILOT and noshow.verdict is None
    assert (noshow.before, noshow.after) == ((0, 0), (1, 1))
    assert "not set" in statements(found, "en")[1].evidence


def test_a_pilot_that_has_not_begun_has_no_after(ward_world: World):
    with ward_world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).pilot_start = TODAY + 30 * ONE
        for n in range(40):
            FactTables(session).visit(TODAY - n * ONE)
    found = ask(ward_world)
    assert found.figures["noshow"].after == (0, 0) and found.figures["noshow"].before == (0, 39)
    assert [said.tone for said in statements(found, "en")] == ["early", "early", "early"]


def test_an_empty_department_is_empty(ward_world: World):
    assert ask(ward_world).empty
    with ward_world.desk.database.writing() as session:
        FactTables(session).visit(TODAY)
    assert not ask(ward_world).empty


def test_the_last_day_is_cut_at_today_and_a_period_cannot_end_before_it_begins(ward_world: World):
    assert ask(ward_world, last=TODAY + 90 * ONE).spans.last == TODAY
    turned = ask(ward_world, first=TODAY + 9 * ONE, last=TODAY).spans
    assert turned.first == turned.last == TODAY


def test_a_package_is_counted_alone(ward_world: World):
    with ward_world.desk.database.writing() as session:
        ward = FactTables(session)
        ward.offer(PILOT, ward.enrolment(PILOT, package=1), package=1)
        ward.offer(PILOT, package=2)
    assert ask(ward_world).figures["uptake"].after == (1, 2)
    assert ask(ward_world, package_id=1).figures["uptake"].after == (1, 1)
    assert ask(ward_world, package_id=2).figures["uptake"].after == (0, 1)
    assert ask(ward_world).packages == {1: "服务包1", 2: "服务包2"}


def test_a_board_stands_while_every_count_is_the_same_and_is_another_once_one_changed(ward_world: World):
    with ward_world.desk.database.writing() as session:
        FactTables(session).visit(PILOT, "no_show")
    first = ask(ward_world)
    assert ask(ward_world) is first and statements(first, "en") == statements(ask(ward_world), "en")
    with ward_world.desk.database.writing() as session:
        FactTables(session).visit(PILOT)
    second = ask(ward_world)
    assert (first.figures["noshow"].after, second.figures["noshow"].after) == ((1, 1), (1, 2))
    assert statements(first, "zh") != statements(first, "en")


# --- too young to judge --------------------------------------------------------------------------------------


def test_offers_of_the_last_fourteen_days_are_not_judged(ward_world: World):
    with ward_world.desk.database.writing() as session:
        ward = FactTables(session)
        ward.offer(TODAY - 15 * ONE)
        ward.offer(TODAY - 14 * ONE, ward.enrolment(TODAY))  # may still come true today
        ward.offer(TODAY)
    found = ask(ward_world).figures["uptake"]
    assert (found.after, found.waiting) == ((0, 1), (1, 2))
    assert found.weeks[-1].end == TODAY - 15 * ONE and sum(week.denominator for week in found.weeks) == 1


def test_a_mission_that_closes_today_is_still_open_and_a_day_counts_when_it_is_over(ward_world: World):
    with ward_world.desk.database.writing() as session:
        ward = FactTables(session)
        sale = ward.enrolment(PILOT)
        ward.task(sale, TODAY)
        ward.task(sale, TODAY - ONE)
        ward.visit(TODAY, "attended")
        ward.visit(TODAY - ONE, "no_show")
    found = ask(ward_world).figures
    assert found["on_time"].after == (0, 1) and found["on_time"].waiting == (0, 1)
    assert found["noshow"].after == (1, 1)
    assert found["praise"].after == (0, 1)


# --- weeks ---------------------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_and_at_the_pilots_first_day():
    assert week_starts(date(2025, 12, 24), date(2026, 1, 9), PILOT) == [
        date(2025, 12, 24), date(2025, 12, 29), PILOT, date(2026, 1, 5),
    ]  # fmt: skip
    assert week_starts(PILOT, PILOT, PILOT) == [PILOT]
    assert week_starts(TODAY, TODAY - ONE, PILOT) == []


days = st.dates(date(2025, 6, 1), date(2026, 4, 1))


@given(
    counts=st.dictionaries(days, st.tuples(st.integers(0, 5), st.integers(5, 9)), max_size=40),
    first=days, length=st.integers(0, 300), pilot=st.none() | days,
)  # fmt: skip
def test_weeks_lose_no_day_and_count_none_twice(
    counts: dict[date, tuple[int, int]], first: date, length: int, pilot: date | None
):
    last = first + length * ONE
    found = figure(
        "satisfied", [(day, *count) for day, count in counts.items()], first=first, last=last, today=last,
        pilot=pilot,
    )  # fmt: skip
    inside = [count for day, count in counts.items() if first <= day <= last]
    assert sum(week.numerator for week in found.weeks) == sum(n for n, _d in inside)
    assert sum(week.denominator for week in found.weeks) == sum(d for _n, d in inside)
    covered = [week.start + n * ONE for week in found.weeks for n in range((week.end - week.start).days + 1)]
    assert covered == [first + n * ONE for n in range(length + 1)]
    assert all(week.start.weekday() == 0 or week.start in (first, pilot) for week in found.weeks)
    assert not any(pilot and week.start < pilot <= week.end for week in found.weeks)


def test_a_period_too_young_to_judge_has_no_weeks():
    young = figure("uptake", [(TODAY, 1, 2)], first=TODAY - 3 * ONE)
    assert young.weeks == () and young.value is None and young.waiting == (1, 2)


def test_a_week_is_complete_when_its_sunday_is_over():
    sunday = date(2026, 3, 8)
    for today, complete in ((sunday - ONE, False), (sunday, False), (sunday + ONE, True)):
        found = figure("praise", [(sunday - 6 * ONE, 1, 1)], today=today, last=min(today, sunday))
        assert found.weeks[-1].complete is complete
        assert found.weeks[-2].complete


# --- points --------------------------------------------------------------------------------------------------


def test_outstanding_points_are_the_sum_of_the_ledger(ward_world: World):
    with ward_world.desk.database.writing() as session:
        ward = FactTables(session)
        ward.entry(PILOT - BASELINE - 50 * ONE, "earn", 1000)  # long before everything that is shown
        ward.entry(PILOT + ONE, "earn", 300)
        spent = ward.entry(PILOT + 9 * ONE, "redeem", -700)
        ward.entry(PILOT + 10 * ONE, "reverse", 700, reverses=spent.id)
        ward.entry(PILOT + 20 * ONE, "expire", -250)
        ward.entry(TODAY, "interest", 40)
        total = session.scalar(select(func.sum(LedgerEntryRow.points)))
    found = ask(ward_world)
    assert found.outstanding_points == total == 1090
    assert found.figures["points_issued"].period == (340, 2)
    assert found.figures["points_redeemed"].period == (0, 2)
    assert found.outstanding_by_week[0] == 1000
    week = ask(ward_world, first=PILOT + 5 * ONE, last=PILOT + 9 * ONE)
    assert week.outstanding_points == 600


# --- control charts ------------------------------------------------------------------------------------------


def test_a_young_pilot_is_held_against_its_baseline():
    read = reading(weekly("noshow", (20, 100), (10, 100), new=9))
    assert read and read.chart.fixed and not read.chart.trial
    assert read.chart.limits.mean == pytest.approx(0.2)
    assert "below the old average: a real change, for the better" in read.text("en")


def test_a_pilot_of_thirteen_weeks_is_held_against_itself():
    figure = weekly("noshow", (20, 100), (10, 100), new=14)
    read = reading(figure)
    assert read and not read.chart.fixed and read.chart.limits.mean == pytest.approx(0.1)
    assert read.chart.last.segment == 1
    assert read.text("en") == "Normal variation. No action needed."


def test_without_a_baseline_only_the_pilots_weeks_are_read():
    read = reading(weekly("noshow", (20, 100), (10, 100), old=11, new=5))
    assert read and read.chart.trial and min(week.start for week in read.weeks) >= PILOT
    assert "too early to tell" in read.text("en")
    nothing = reading(weekly("praise", (0, 100), (3, 100), new=5))
    assert nothing and min(week.start for week in nothing.weeks) >= PILOT


def test_half_a_week_is_not_read():
    figure = weekly("noshow", (20, 100), (10, 100), new=9)
    broken = replace(figure, days=(*figure.days, (figure.spans.today - ONE, 0, 900)))
    assert reading(broken).chart == reading(figure).chart  # type: ignore[union-attr]


def test_totals_and_empty_measures_have_no_control_chart():
    assert reading(figure("revenue", [(PILOT, 19900, 1)])) is None
    assert reading(figure("noshow", [])) is None


def test_a_rate_is_charted_per_hundred_visits_and_shown_with_its_counts():
    read = reading(weekly("praise", (2, 50), (6, 50), new=14))
    assert read and read.chart.last.value == pytest.approx(12) and read.unit == "number"
    rows = read.rows("en", PILOT + 14 * ONE, PILOT + 40 * ONE)
    points = [row for row in rows if row.get("week")]
    assert points[0]["week"] == "2026-01-12" and points[-1]["week"] == "2026-02-09"
    assert {row["counted"] for row in points} == {"6 / 50"}


# --- rates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("events, n", [(0, 40), (1, 40), (10, 100), (81, 1934), (300, 100)])
def test_the_interval_of_a_rate_is_that_of_statsmodels(events: int, n: int):
    low, high = confint_poisson(events, n, method="score")
    found = rate(events, n)
    assert (found.low, found.high) == (pytest.approx(100 * low, abs=1e-9), pytest.approx(100 * high))


def test_the_difference_of_two_rates_joins_their_intervals():
    # x=8 of 100 and x=2 of 100: by hand, 6 - hypot(8-4.0536, 7.3031-2) and 6 + hypot(15.7880-8, 2-0.5480)
    apart = rate_difference(rate(8, 100), rate(2, 100))
    assert apart.estimate == pytest.approx(6)
    assert apart.low == pytest.approx(-0.61, abs=0.01) and apart.high == pytest.approx(13.92, abs=0.01)


@pytest.mark.parametrize(
    "before, after, improves, code",
    [
        ((1, 29), (9, 900), "increase", "no_baseline"),
        ((1, 900), (9, 29), "increase", "too_early"),
        ((0, 900), (40, 1000), "increase", "clear_improvement"),
        ((0, 900), (40, 1000), "decrease", "clear_worsening"),
        ((10, 1000), (40, 1000), "increase", "clear_improvement"),
        ((40, 1000), (10, 1000), "increase", "clear_worsening"),
        ((40, 1000), (10, 1000), "decrease", "clear_improvement"),
        ((40, 1000), (10, 1000), "neither", "clear_change"),
        ((10, 1000), (11, 1000), "increase", "not_clear"),
    ],
)
def test_verdicts_of_rates(before: tuple[int, int], after: tuple[int, int], improves: str, code: str):
    found = rate_verdict(*before, *after, improves)
    assert found.code == code
    for language in ("zh", "en"):
        assert "{" not in found.text(language)


def test_impossible_rates_are_refused():
    with pytest.raises(NobodyCounted):
        rate(0, 0)
    with pytest.raises(ImpossibleCount):
        rate(-1, 5)


# --- what was not measured before ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["praise", "response"])
def test_a_baseline_of_what_could_not_be_given_yet_is_not_measured_and_never_zero(code: str, language: str):
    found = weekly(code, (0, 10), (3, 10), new=14)
    assert found.before == (0, 0) and found.worth(found.before) is None
    assert all(week.start >= PILOT for week in (*found.weeks, *found.history)), "no week of zeros either"
    told = evidence(found, language)
    if found.measure.compared:
        assert ("试点前无此数据" if language == "zh" else "Not measured before the pilot") in told
        assert not re.search(r"(?<!\d)0(\.0)?(/| of | in )", told)


def test_praise_of_the_time_before_counts_from_the_first_that_came():
    days = [(PILOT - n * ONE, int(n <= 40), 10) for n in range(1, 100)]
    found = figure("praise", [*days, (PILOT, 0, 10), (PILOT + ONE, 2, 10)])
    assert found.before == (40, 400), "the visits of 59 days in which nobody could praise are no zeros"
    assert found.after == (2, 20), "of the pilot itself every visit counts"
    never = figure("praise", [(PILOT - ONE, 0, 244), (PILOT, 0, 10)])
    assert (never.before, never.after) == ((0, 0), (0, 10))


@pytest.mark.parametrize("code", ["noshow", "unrecorded"])
def test_what_stands_in_the_visits_themselves_may_be_zero_before(code: str):
    assert weekly(code, (0, 10), (3, 10)).before == (0, 260)


# --- the three sentences -------------------------------------------------------------------------------------


def test_three_sentences_of_a_pilot_that_helped():
    found = of(
        weekly("noshow", (20, 100), (10, 100), new=14),
        replace(weekly("uptake", (0, 0), (8, 20), new=14)),
        weekly("satisfied", (6, 10), (9, 10), new=14),
    )
    uptake, noshow, satisfied = statements(found, "en")
    assert uptake.headline == "Of 100 people to whom a package is explained, about 40 enrol."
    assert uptake.evidence.endswith("Not measured before the pilot: nothing was offered then.")
    assert "95% interval" in uptake.evidence and uptake.tone == "plain"
    assert (
        noshow.headline == "Fewer booked visits are missed than before the pilot." and noshow.tone == "better"
    )
    assert "20.0% (520 of 2,600) before, 10.0% (140 of 1,400) after" in noshow.evidence
    assert noshow.weekly == "Week by week: Normal variation. No action needed."
    assert satisfied.code == "satisfied" and satisfied.tone == "better"


def test_too_early_is_said_in_the_headline():
    found = of(weekly("noshow", (20, 100), (2, 9), new=1))
    for said in statements(found, "en"):
        assert said.headline.endswith("too early to tell.") and said.tone == "early"
    assert [said.code for said in statements(found, "en")] == ["uptake", "noshow", "on_time"]


def test_a_clear_sentence_is_not_followed_by_a_chart_on_trial():
    clear = of(weekly("noshow", (20, 100), (10, 100), old=5, new=9))
    assert statements(clear, "en")[1].weekly == "" and statements(clear, "en")[1].tone == "better"
    worth_reading = of(weekly("noshow", (20, 100), (10, 100), old=26, new=9))
    assert "a real change, for the better" in statements(worth_reading, "en")[1].weekly


def test_a_pilot_that_harms_is_said_to_harm():
    found = of(weekly("noshow", (10, 100), (20, 100)))
    said = statements(found, "en")[1]
    assert (said.headline, said.tone) == ("More booked visits are missed than before the pilot.", "worse")


def test_every_sentence_is_chinese_in_chinese():
    counts = [
        ((20, 100), (10, 100)),
        ((10, 100), (20, 100)),
        ((400, 2000), (401, 2000)),
        ((2, 9), (200, 900)),
    ]
    counts += [((20, 100), (1, 1)), ((0, 0), (30, 100)), ((0, 0), (0, 0))]
    for before, after in counts:
        for new in (1, 9, 14):
            figures = [
                weekly(code, before, after, new=new) for code in ("noshow", "uptake", "satisfied", "on_time")
            ]
            for said in statements(of(*figures), "zh"):
                words = said.headline + said.evidence + said.weekly
                assert not any(letter.isascii() and letter.isalpha() for letter in words), words
                assert "{" not in words


# --- tables and the workbook ---------------------------------------------------------------------------------


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_a_table_of_weeks_adds_up_to_the_figure():
    found = weekly("noshow", (20, 100), (10, 100), new=9)
    table = by_week(found, "en")
    assert table.header[2:5] == (
        "booked visits missed without cancelling",
        "booked visits that were due",
        "Share",
    )
    after = [row for row in table.rows if row[0] >= PILOT]
    assert (sum(row[2] for row in after), sum(row[3] for row in after)) == found.after
    assert {row[1] for row in after} == {"After the start"}


def test_the_workbook_holds_every_measure_and_how_it_is_counted():
    found = of(weekly("noshow", (20, 100), (10, 100)), weekly("revenue", (0, 0), (39800, 2)))
    book = sheets(board_workbook(found, "en", package="=1+1", simulated=True))
    assert list(book) == [
        "Summary", "Uptake", "No-show rate", "Tasks on time", "Praise per 100 visits", "Satisfaction",
        "Answers per 100 visits", "Visits without an outcome", "Answered in time", "Revenue", "Points", "About these figures",
    ]  # fmt: skip
    noshow = next(row for row in book["Summary"] if row[0] == "No-show rate")
    assert noshow[1:7] == (520, 2600, "20.0%", 90, 900, "10.0%")
    assert noshow[8].startswith("Clear improvement")
    sold = [row for row in book["Revenue"][1:] if row[3]]
    assert sold[0][2:4] == (398, 2)
    notes = dict(book["About these figures"])
    assert notes["Simulated data"].startswith("Every figure here is invented")
    assert notes["Package"] == "'=1+1"
    assert notes["No-show rate"] == definition(MEASURES["noshow"], "en")


def test_shares_are_percentages_and_money_is_money_in_the_workbook():
    found = of(weekly("noshow", (20, 100), (10, 100)), weekly("revenue", (0, 0), (39800, 2)))
    book = load_workbook(BytesIO(board_workbook(found, "en")))
    assert (book["No-show rate"]["E2"].value, book["No-show rate"]["E2"].number_format) == (0.2, "0.0%")
    assert "¥" in book["Revenue"]["C2"].number_format
    assert "Simulated data" not in dict(sheets(board_workbook(found, "en"))["About these figures"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["uptake", "noshow", "praise", "revenue", "points"])
def test_one_measure_leaves_alone_with_its_notes(language: str, code: str):
    book = sheets(board_workbook(of(weekly("noshow", (20, 100), (10, 100))), language, code=code))
    assert len(book) == 2
    (_title, table), (_about, notes) = book.items()
    # Praise could not be given in the 26 weeks before: they are no weeks of zeros.
    assert len(table) > (10 if code == "praise" else 26) and len(notes) > len(MEASURES)


def test_offers_too_young_to_judge_stand_in_the_notes():
    young = figure("uptake", [(TODAY, 2, 5)])
    assert "5 offers of the last 14 days" in how_counted(of(young), "en")["Not judged yet"]
    assert "Not judged yet" not in how_counted(of(figure("uptake", [])), "en")


# --- columns -------------------------------------------------------------------------------------------------


def test_columns_hold_no_figures_and_rows_come_in_yuan_and_downwards():
    spec = columns("en")
    assert "datasets" not in spec and "data" not in spec
    assert not any("data" in layer for layer in spec["layer"])
    weeks = [PILOT - 7 * ONE, PILOT, PILOT + 7 * ONE]
    rows = column_rows(weeks, {"in": [100, 250, 0], "out": [0, 50, 7]}, "en", PILOT, money=True)
    assert [row["value"] for row in rows] == [1, 2.5, 0, 0, -0.5, -0.07]
    assert rows[1]["text"] == "¥2.50" and rows[4]["text"] == "¥0.50"
    assert [row["start"] for row in rows] == ["2026-01-01"] + [None] * 5 and rows[0]["late"] is False
    assert column_rows(weeks, {"in": [1, 2, 3]}, "en", PILOT + 7 * ONE)[0]["late"] is True
    assert column_rows(weeks, {"in": [1, 2, 3]}, "en", PILOT + 90 * ONE)[0]["start"] is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_week_that_paid_back_more_than_it_took_shows_its_minus_on_the_axis(language: str):
    def labels(two: bool) -> str:
        axis = columns(language, two)["layer"][0]["encoding"]["y"]["axis"]
        return str(axis.get("labelExpr", axis.get("format")))

    assert "abs" not in labels(two=False), "revenue below zero reads as below zero"
    assert "abs" in labels(two=True), "points that went are drawn downwards, and nobody redeems minus 300"
    [row] = column_rows([PILOT], {"revenue": [-19900]}, language, money=True)
    assert row["value"] == -199 and row["text"] == "-¥199.00"


def test_the_chart_draws_what_it_is_handed():
    rows = column_rows([PILOT, PILOT + 7 * ONE], {"in": [100, 250], "out": [30, 40]}, "zh", PILOT + 7 * ONE)
    with_bars = picture(columns("zh"), rows, width=400, scale=1.0)
    without = picture(columns("zh"), [{**row, "value": 0} for row in rows], width=400, scale=1.0)
    assert with_bars.startswith(b"\x89PNG") and len(with_bars) != len(without)

"""Control charts against published figures, and what they must never do."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.foundation.errors import Refusal
from core.insight.spc.limits import (
    BaselineTooShort,
    BaselineWithoutValues,
    NotACount,
    NothingToChart,
    RebaseOutside,
    UnequalLengths,
)
from core.insight.spc.reading import p_chart, run_chart, u_chart, xmr
from tests.insight.mutate_constants import mutants, noticed
from tests.insight.vectors import SPC_CHECKS, flagged


@pytest.mark.parametrize("check", SPC_CHECKS, ids=lambda check: check.__name__)
def test_published_figures_are_reproduced(check):
    check()


@pytest.mark.parametrize(("key", "value"), mutants("spc"))
def test_a_slightly_wrong_constant_is_noticed(monkeypatch, key, value):
    assert noticed(monkeypatch, "spc", key, value, SPC_CHECKS)


CALM = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13]


@pytest.mark.parametrize(
    ("improves", "high", "low"),
    [
        ("increase", "improvement", "concern"),
        ("decrease", "concern", "improvement"),
        ("neither", "neutral", "neutral"),
    ],
)
def test_what_happened_is_apart_from_what_it_means(improves, high, low):
    up, down = xmr([*CALM, 40], improves, baseline=12), xmr([*CALM, -40], improves, baseline=12)
    assert up.points[12].signals == down.points[12].signals == {"outside"}
    assert (up.variation, down.variation) == (high, low)
    assert (up.last.direction, down.last.direction) == ("high", "low")


def test_a_point_can_break_several_rules_and_the_first_speaks():
    rising = [10, 11, 10, 9, 10, 11, 12, 13, 14, 15, 16, 10, 9, 10]
    point = xmr(rising).points[9]
    assert point.signals == {"outside", "trend"} and point.rule == "outside"


def test_a_falling_trend_above_the_mean_is_judged_by_its_slope():
    chart = xmr([*CALM, 14.5, 14.3, 14.1, 13.9, 13.7, 13.5, 13.3], "increase", baseline=12)
    assert chart.last.signals == {"trend", "shift"}
    assert (chart.last.direction, chart.variation) == ("low", "concern")


def test_the_peak_between_two_trends_takes_the_step_to_its_right():
    up_and_down = [4, 5, 6, 7, 8, 9, 10, 9, 8, 7, 6, 5, 4]
    points = xmr([0, 20] * 6 + up_and_down, baseline=12).points[12:]
    assert all(point.rule == "trend" for point in points)
    assert [point.direction for point in points] == ["high"] * 6 + ["low"] * 7


def test_ties_break_a_trend_and_a_point_on_the_mean_breaks_a_shift():
    assert flagged([14, 15, 16, 17, 17, 18, 19, 20, 18, 20, 22, 20], "trend") == []
    above = [*CALM, 12, 12, 12, 11.5, 12, 12, 12]
    assert flagged(above, "shift", baseline=12) == []


def test_two_near_points_on_opposite_sides_are_common_cause():
    chart = xmr([1, -1] * 7 + [5.5, -5.5])
    assert [point.judgement for point in chart.points[-2:]] == ["common_cause", "common_cause"]


@pytest.mark.parametrize(
    ("improves", "target", "assurance"),
    [
        ("increase", 100, "fail"), ("increase", -100, "pass"), ("increase", 11, "inconsistent"),
        ("decrease", 100, "pass"), ("decrease", -100, "fail"), ("decrease", 11, "inconsistent"),
        ("neither", 100, "none"), ("increase", None, "none"),
    ],
)  # fmt: skip
def test_assurance_says_whether_the_target_will_be_met(improves, target, assurance):
    assert xmr(CALM, improves, target=target).assurance == assurance


def test_a_target_exactly_on_a_limit_is_inconsistent():
    assert xmr(CALM, target=xmr(CALM).limits.upper).assurance == "inconsistent"


def test_limits_fixed_on_a_baseline_do_not_move_with_later_points():
    before, after = xmr(CALM), xmr([*CALM, 30, 31, 33], baseline=12)
    assert (after.limits.mean, after.limits.lower, after.limits.upper) == (
        before.limits.mean,
        before.limits.lower,
        before.limits.upper,
    )
    assert after.fixed and not before.fixed


def test_limits_start_again_where_they_are_told_to():
    chart = xmr([*CALM, *[value + 20 for value in CALM]], rebase_at=[12])
    assert chart.points[0].limits.mean == 11.5 and chart.limits.mean == 31.5
    assert [point.segment for point in chart.points] == [0] * 12 + [1] * 12
    assert chart.trial and {point.judgement for point in chart.points} == {"common_cause"}


def test_a_new_start_cuts_runs_in_two():
    values = [*CALM, 13, 13, 13, 13, 9, 9, 13, 13, 13]
    assert flagged([*CALM, *[13] * 8], "shift", baseline=12) != []
    assert 12 not in flagged(values, "shift", rebase_at=[12])


def test_a_missing_week_keeps_its_place_and_changes_nothing_else():
    whole, gappy = xmr(CALM), xmr([*CALM[:5], None, *CALM[5:8], math.nan, *CALM[8:]])
    assert (gappy.limits.mean, gappy.limits.lower, gappy.limits.upper) == (
        whole.limits.mean,
        whole.limits.lower,
        whole.limits.upper,
    )
    assert gappy.points[5].value is None and gappy.points[5].signals == frozenset()
    assert [p.value for p in gappy.points if p.value is not None] == CALM and len(gappy.points) == 14


def test_the_last_observed_week_speaks_when_the_newest_is_missing():
    assert xmr([*CALM, 40, None], "increase", baseline=12).variation == "improvement"


def test_a_measure_that_never_changes_gives_no_signal_however_it_is_rounded():
    for value in (0.1, 1 / 3, 5, 0):
        chart = xmr([value] * 20, target=value)
        assert {point.judgement for point in chart.points} == {"common_cause"}
        assert chart.limits.lower == chart.limits.mean == chart.limits.upper == value


def test_the_first_ordinary_week_after_a_constant_baseline_is_not_called_outside():
    assert xmr([0] * 12 + [1], baseline=12).last.signals == frozenset()
    assert p_chart([0] * 12 + [1], [40] * 13, baseline=12).last.signals == frozenset()


def test_one_point_is_a_chart_without_limits_or_signals():
    chart = xmr([7], target=3)
    assert (chart.limits.mean, chart.limits.lower, chart.limits.upper) == (7, 7, 7) and chart.trial
    assert (chart.variation, chart.assurance) == ("common_cause", "none")


def test_a_week_without_a_total_is_a_gap():
    chart = p_chart([3, 0, 4, None], [10, 0, 10, 10])
    assert [point.value for point in chart.points] == [0.3, None, 0.4, None]
    assert chart.limits.mean == pytest.approx(0.35)


def test_limits_of_shares_stay_between_0_and_1_and_of_rates_above_0():
    chart = p_chart([0, 1, 10, 9, 0, 10], [10] * 6)
    assert all(0 <= p.limits.lower <= p.limits.upper <= 1 for p in chart.points)
    assert all(p.limits.lower >= 0 for p in u_chart([0, 30, 1, 0], [10, 10, 10, 10]).points)


def test_a_rate_may_count_more_events_than_units_but_a_share_may_not():
    assert u_chart([12], [10]).limits.mean == 1.2
    with pytest.raises(NotACount):
        p_chart([12], [10])


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        (lambda: xmr([]), NothingToChart),
        (lambda: xmr([None, math.nan]), NothingToChart),
        (lambda: xmr([1, math.inf]), NotACount),
        (lambda: xmr(["3", 4]), NotACount),
        (lambda: xmr([1, 2, object()]), NotACount),
        (lambda: xmr(CALM, baseline=11), BaselineTooShort),
        (lambda: xmr([None] * 12 + [1, 2], baseline=12), BaselineWithoutValues),
        (lambda: xmr(CALM, rebase_at=[12]), RebaseOutside),
        (lambda: xmr(CALM, rebase_at=[-1]), RebaseOutside),
        (lambda: p_chart([0], [0]), NothingToChart),
        (lambda: p_chart([1], [0]), NotACount),
        (lambda: p_chart([-1], [5]), NotACount),
        (lambda: u_chart([1], [-5]), NotACount),
        (lambda: p_chart([1, 2], [5]), UnequalLengths),
        (lambda: run_chart([]), NothingToChart),
    ],
)
def test_what_cannot_be_charted_is_refused_in_both_languages(attempt, refusal):
    with pytest.raises(refusal) as refused:
        attempt()
    english, chinese = refused.value.text("en"), refused.value.text("zh")
    assert english != chinese and "{" not in english + chinese


def test_an_unknown_direction_is_a_programming_error():
    with pytest.raises(ValueError, match="improves"):
        xmr(CALM, "up")


def test_anhoej_signals_a_long_run_and_few_crossings():
    long_run = run_chart([1] * 9 + [9] * 9)
    assert long_run.signals == {"long_run", "few_crossings"} and long_run.signal
    assert (long_run.longest_run, long_run.crossings, long_run.useful) == (9, 1, 18)
    assert not run_chart([1, 9] * 9).signal


def test_points_on_the_median_are_not_useful_and_do_not_break_a_run():
    chart = run_chart([1, 2, 5, 1, 2, 9, 8, 9, 8])
    assert (chart.median, chart.useful, chart.longest_run, chart.crossings) == (5, 8, 4, 1)


def test_a_flat_run_chart_is_on_trial_and_silent():
    chart = run_chart([4] * 20)
    assert (chart.useful, chart.longest_run, chart.signal, chart.trial) == (0, 0, False, True)


numbers = st.floats(-1000, 1000).map(lambda value: round(value, 3))
series = st.lists(numbers, min_size=2, max_size=40)


@given(series)
@settings(max_examples=60, deadline=None)
def test_a_mirrored_series_mirrors_every_judgement(values):
    up, down = xmr(values, "increase"), xmr([-value for value in values], "decrease")
    assert [p.signals for p in up.points] == [p.signals for p in down.points]
    assert [p.judgement for p in up.points] == [p.judgement for p in down.points]
    assert up.limits.upper == pytest.approx(-down.limits.lower)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_counts_whatever_give_a_number_that_is_none(pairs, laney):
    for chart_of in (p_chart, u_chart):
        try:
            chart = chart_of([e for e, _ in pairs], [t for _, t in pairs], "increase", laney=laney)
        except Refusal:
            continue
        for point in chart.points:
            if point.value is not None:
                limits = point.limits
                assert all(map(math.isfinite, (point.value, limits.mean, limits.lower, limits.upper)))
                assert limits.lower <= limits.near_lower <= limits.mean <= limits.near_upper <= limits.upper

"""Published and derived figures as checks that raise AssertionError; the mutation test runs them again and again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.foundation.errors import Refusal
from core.insight import comparisons, intervals
from core.insight.spc import reading
from core.insight.spc.runs import crossings_least

DATA = Path(__file__).resolve().parents[1] / "data" / "insight"
SPC = json.loads((DATA / "spc_vectors.json").read_text(encoding="utf-8"))
SHARES = json.loads((DATA / "proportion_vectors.json").read_text(encoding="utf-8"))

SIDES = {"high": "Above", "low": "Below"}
LIMITS = {"high": "Above UCL", "low": "Below LCL"}
SLOPES = {"high": "7 Point Trend (Increasing)", "low": "7 Point Trend (Decreasing)"}


def near(value: float, tolerance: float = 6e-7):
    return pytest.approx(value, abs=tolerance)


def label(point: reading.Point) -> str:
    """The name that NHSRplotthedots gives to a point."""
    if point.rule == "outside":
        return LIMITS[point.direction]
    if point.rule == "trend":
        return SLOPES[point.direction]
    if point.rule == "two_of_three":
        return f"2 in 3 {SIDES[point.direction]} CL"
    return f"7 Points {SIDES[point.direction]} CL" if point.rule == "shift" else "Common Cause"


def flagged(values: list[float], rule: str, **options) -> list[int]:
    return [i for i, point in enumerate(reading.xmr(values, **options).points) if rule in point.signals]


def check_published_series() -> None:
    for row in SPC["series"]:
        chart, limits = reading.xmr(row["y"], screen=row["screen_outliers"]), row["limits"]
        assert chart.limits.mean == near(limits["mean"])
        assert (chart.limits.lower, chart.limits.upper) == (near(limits["lpl"]), near(limits["upl"]))
        assert (chart.limits.near_lower, chart.limits.near_upper) == (
            near(limits["nlpl"]),
            near(limits["nupl"]),
        )
        assert [label(point) for point in chart.points] == row["labels"]


def check_screening_border() -> None:
    """Twelve steps of 1 and one of 4: 4 is 3.25 mean ranges and stays; 4.05 is 3.28 of them and goes."""
    kept = [0, 1] * 6 + [0, 4]
    assert reading.xmr(kept).limits.upper - reading.xmr(kept).limits.mean == near(2.66 * 16 / 13)
    dropped = [0, 1] * 6 + [0, 4.05]
    assert reading.xmr(dropped).limits.upper - reading.xmr(dropped).limits.mean == near(2.66)


def check_p_chart() -> None:
    rows = SPC["p_chart"]
    events, totals = zip(*rows["num_den"], strict=True)
    chart = reading.p_chart(events, totals, baseline=rows["baseline_first_n"])
    assert chart.limits.mean == near(rows["pbar"])
    for point, row in zip(chart.points, rows["points"], strict=True):
        assert point.value == near(row["p"])
        assert (point.limits.lower, point.limits.upper) == (near(row["lcl"]), near(row["ucl"]))
        assert point.limits.near_upper == near(rows["pbar"] + (row["ucl"] - rows["pbar"]) * 2 / 3, 2e-6)


def check_u_chart() -> None:
    rows = SPC["u_chart"]
    chart = reading.u_chart(*zip(*rows["events_exposure"], strict=True))
    assert chart.limits.mean == near(rows["ubar"], 1e-8)
    for point, row in zip(chart.points, rows["points"], strict=True):
        assert point.value == near(row["u"], 1e-8)
        assert (point.limits.lower, point.limits.upper) == (row["lcl"], near(row["ucl"], 1e-8))


def check_laney() -> None:
    row = SPC["laney"]
    chart = reading.p_chart(row["events"], row["totals"], laney=True)
    first = chart.points[0].limits
    assert chart.spread == near(row["spread"])
    assert (first.lower, first.upper) == (near(row["first_lower"]), near(row["first_upper"]))


def check_trend_length() -> None:
    seven = [20, 22, 20, 14, 15, 16, 17, 18, 19, 20, 18, 20, 22, 20]
    assert flagged(seven, "trend") == [3, 4, 5, 6, 7, 8, 9]
    six = [20, 22, 20, 15, 16, 17, 18, 19, 20, 18, 20, 22, 20, 20]
    assert flagged(six, "trend") == []


def check_shift_length() -> None:
    seven = [9, 11, 9, 11, 9, 10.5, 11, 10.5, 11, 10.5, 11, 10.5, 6, 9]
    assert flagged(seven, "shift") == [5, 6, 7, 8, 9, 10, 11]
    six = [9, 11, 9, 11, 9, 10.5, 11, 10.5, 11, 10.5, 11, 9, 6, 9]
    assert flagged(six, "shift") == []


def check_two_of_three() -> None:
    """Limits of [0, 1] * 7: mean 0.5, near 2.27, far 3.16. Two of three suffice, two of four do not."""
    calm = [0, 1] * 7
    assert flagged([*calm, 2.5, 1, 2.6], "two_of_three", baseline=14) == [14, 16]
    assert flagged([*calm, 2.5, 1, 1, 2.6], "two_of_three", baseline=14) == []
    assert flagged([*calm, 1, 2.5, 1], "two_of_three", baseline=14) == []
    assert flagged([*calm, 2.5, 2.6], "two_of_three", baseline=14) == [14, 15]


def check_least_numbers() -> None:
    assert reading.xmr([1, 2] * 6).trial and not reading.xmr([1, 2] * 6 + [1]).trial
    assert reading.xmr([1, 2] * 7, baseline=12).fixed
    with pytest.raises(Refusal):
        reading.xmr([1, 2] * 7, baseline=11)
    nine_useful = reading.run_chart([1] * 4 + [5, 5] + [9] * 5)
    assert nine_useful.useful == 9 and nine_useful.trial and not reading.run_chart([1, 2] * 5).trial


def check_run_chart() -> None:
    for row in SPC["critical_values"]:
        chart = reading.run_chart(list(range(row["n"] // 2)) + [row["n"]] * (row["n"] // 2))
        assert crossings_least(row["n"]) == row["crossings_min"]
        if chart.useful == row["n"]:
            assert (chart.longest_run_max, chart.crossings_min) == (
                row["longest_run_max"],
                row["crossings_min"],
            )
    for row in SPC["crossings_at_the_border"]["rows"]:
        assert crossings_least(row["n"]) == row["crossings_min"]


def check_shares() -> None:
    for row in SHARES["wilson"]:
        share = comparisons.proportion(row["x"], row["n"])
        assert (share.estimate, share.low, share.high) == (
            near(row["p"]),
            near(row["low"]),
            near(row["high"]),
        )
    for row in SHARES["newcombe_diff"]:
        apart = comparisons.difference(row["x1"], row["n1"], row["x2"], row["n2"])
        assert (apart.estimate, apart.low, apart.high) == (
            near(row["diff"]), near(row["low"]), near(row["high"]),
        )  # fmt: skip


def check_sample_sizes() -> None:
    for row in SHARES["sample_size"]:
        assert comparisons.sample_size(row["p1"], row["p2"]) == row["n_per_group_80pct"]


def check_nps() -> None:
    score = comparisons.nps([10, 9, 8, 7, 6, 0])
    assert (score.promoters, score.detractors, score.estimate) == (2, 2, 0)
    # n=40, 20 promoters, 8 detractors: net 0.3, variance 0.7-0.09, half 1.959964*sqrt(0.61/40)
    assert comparisons.nps([9] * 20 + [7] * 12 + [6] * 8).low == near(5.796230, 1e-5)
    # five promoters: net 5/8, variance 6.5/8-(5/8)^2, half 1.959964*sqrt(0.421875/8)
    assert comparisons.nps([10] * 5).low == near(17.491453, 1e-5)
    # 30 answers, half promoters: plain 50 ± 17.89; 29 answers, 14 promoters: adjusted, 14.75 and 0.75 of 32
    assert comparisons.nps([9] * 15 + [8] * 15).low == near(32.108059, 1e-5)
    assert comparisons.nps([9] * 14 + [8] * 15).low == near(24.996439, 1e-5)


def check_verdicts() -> None:
    assert comparisons.verdict(6, 30, 24, 30).code == "clear_improvement"
    assert comparisons.verdict(6, 29, 24, 30).code == "no_baseline"
    assert comparisons.verdict(6, 30, 24, 29).code == "too_early"
    assert intervals.suppressed(4) and not intervals.suppressed(5)
    assert comparisons.worthwhile_change(0.3, "increase") == near(0.1)
    assert comparisons.worthwhile_change(0.06, "decrease") == near(-0.03)


SPC_CHECKS = [
    check_published_series, check_screening_border, check_p_chart, check_u_chart, check_laney,
    check_trend_length, check_shift_length, check_two_of_three, check_least_numbers, check_run_chart,
]  # fmt: skip
COMPARISON_CHECKS = [check_shares, check_sample_sizes, check_nps, check_verdicts]

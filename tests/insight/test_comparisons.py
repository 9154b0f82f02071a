"""Intervals against published figures and statsmodels, and what a verdict may say."""

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.insight.comparisons import difference, nps, proportion, sample_size, suppressed, verdict
from core.insight.intervals import (
    ImpossibleCount,
    ImpossibleScore,
    ImpossibleShare,
    NobodyCounted,
    NoDifferenceToFind,
)
from tests.insight.mutate_constants import mutants, noticed
from tests.insight.vectors import COMPARISON_CHECKS


@pytest.mark.parametrize("check", COMPARISON_CHECKS, ids=lambda check: check.__name__)
def test_published_figures_are_reproduced(check):
    check()


@pytest.mark.parametrize(("key", "value"), mutants("comparisons"))
def test_a_slightly_wrong_constant_is_noticed(monkeypatch, key, value):
    assert noticed(monkeypatch, "comparisons", key, value, COMPARISON_CHECKS)


def test_statsmodels_agrees():
    reference = pytest.importorskip("statsmodels.stats.proportion")
    for events, n in [(0, 10), (1, 29), (24, 80), (50, 50), (3, 110)]:
        low, high = reference.proportion_confint(events, n, method="wilson")
        ours = proportion(events, n)
        assert (ours.low, ours.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))
    for a in [(78, 100, 24, 80), (3, 110, 7, 115), (0, 20, 0, 30), (40, 40, 1, 9)]:
        low, high = reference.confint_proportions_2indep(*a, method="newcomb", compare="diff")
        assert (difference(*a).low, difference(*a).high) == (pytest.approx(low), pytest.approx(high))
    for p_a, p_b, power in [(0.06, 0.027, 0.8), (0.6, 0.84, 0.8), (0.3, 0.4, 0.9)]:
        needed = reference.samplesize_proportions_2indep_onetail(
            p_a - p_b, p_b, power, ratio=1, alpha=0.05, alternative="two-sided"
        )
        assert sample_size(p_a, p_b, power) == math.ceil(needed)


def test_comparing_does_not_load_the_heavy_libraries():
    code = (
        "import sys; from core.insight.comparisons import verdict; verdict(24, 80, 78, 100).text('zh');"
        "print([m for m in ('scipy', 'statsmodels', 'pandas', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=80, deadline=None)
def test_an_interval_holds_its_share_and_stays_between_0_and_1(pair):
    share = proportion(*pair)
    assert 0 <= share.low <= share.estimate <= share.high <= 1
    other = proportion(pair[1] - pair[0], pair[1])
    assert (other.low, other.high) == (pytest.approx(1 - share.high), pytest.approx(1 - share.low))


def test_a_difference_turned_round_changes_its_sign():
    there, back = difference(78, 100, 24, 80), difference(24, 80, 78, 100)
    assert (there.low, there.high) == (pytest.approx(-back.high), pytest.approx(-back.low))


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        (lambda: proportion(0, 0), NobodyCounted),
        (lambda: proportion(3, 0), ImpossibleCount),
        (lambda: proportion(5, 4), ImpossibleCount),
        (lambda: proportion(-1, 4), ImpossibleCount),
        (lambda: proportion(1.5, 4), ImpossibleCount),
        (lambda: proportion(math.nan, 4), ImpossibleCount),
        (lambda: difference(1, 2, 0, 0), NobodyCounted),
        (lambda: sample_size(0.3, 0.3), NoDifferenceToFind),
        (lambda: sample_size(0.3, 1.3), ImpossibleShare),
        (lambda: sample_size(0.3, 0.4, power=1), ImpossibleShare),
        (lambda: nps([]), NobodyCounted),
        (lambda: nps([None, math.nan]), NobodyCounted),
        (lambda: nps([11]), ImpossibleScore),
        (lambda: nps([7.5]), ImpossibleScore),
        (lambda: nps(["9"]), ImpossibleScore),
        (lambda: suppressed(-1), ImpossibleCount),
        (lambda: verdict(5, 4, 1, 40), ImpossibleCount),
    ],
)
def test_what_cannot_be_counted_is_refused_in_both_languages(attempt, refusal):
    with pytest.raises(refusal) as refused:
        attempt()
    english, chinese = refused.value.text("en"), refused.value.text("zh")
    assert english != chinese and "{" not in english + chinese


def test_blank_answers_are_left_out_of_the_score():
    score = nps([10, None, 0, math.nan, 8])
    assert (score.n, score.estimate) == (3, 0)


def test_unanimous_answers_never_claim_certainty():
    for n in (3, 29, 30, 200):
        assert nps([10] * n).low < 100 and nps([0] * n).high > -100


@pytest.mark.parametrize(
    ("counts", "improves", "code"),
    [
        ((24, 80, 78, 100), "increase", "clear_improvement"),
        ((24, 80, 78, 100), "decrease", "clear_worsening"),
        ((24, 80, 78, 100), "neither", "clear_change"),
        ((78, 100, 24, 80), "increase", "clear_worsening"),
        ((78, 100, 24, 80), "decrease", "clear_improvement"),
        ((7, 115, 3, 110), "decrease", "too_early"),
        ((24, 80, 0, 0), "increase", "too_early"),
        ((24, 80, None, None), "increase", "too_early"),
        ((None, None, 78, 100), "increase", "no_baseline"),
        ((0, 0, 78, 100), "increase", "no_baseline"),
        ((300, 1000, 310, 1000), "increase", "no_clear_change"),
    ],
)
def test_a_verdict_follows_from_the_interval_and_the_numbers(counts, improves, code):
    assert verdict(*counts, improves).code == code


def test_no_verdict_from_fewer_than_the_stated_minimum_however_large_the_difference():
    few = verdict(0, 200, 29, 29)
    assert (few.code, few.more, few.minimum) == ("too_early", 1, 30)
    assert verdict(0, 200, 30, 30).code == "clear_improvement"
    assert verdict(0, 29, 300, 300).code == "no_baseline"
    assert verdict(0, 200, 30, 30, minimum=50).code == "too_early"


def test_how_many_more_is_enough_to_see_the_worthwhile_change():
    early = verdict(300, 1000, 15, 50)
    assert early.code == "too_early" and not early.weak_baseline
    # by hand: 0.24 / ((0.1 / 2.801585)^2 - 0.21 / 1000) = 225.6, less 50, is about 180
    assert early.more == 180
    n = 50 + early.more
    reach = (0.1 / 2.801585) ** 2
    assert 0.3 * 0.7 / 1000 + 0.4 * 0.6 / n <= reach < 0.3 * 0.7 / 1000 + 0.4 * 0.6 / (n - 10)


def test_a_small_baseline_is_named_as_the_reason():
    early = verdict(24, 80, 12, 40)
    assert early.weak_baseline and early.more == 320
    assert "baseline of 80" in early.text("en") and "基线只有 80 人" in early.text("zh")
    done = verdict(20, 40, 1000, 2000)
    assert done.code == "no_clear_change" and done.weak_baseline
    assert "too small" in done.text("en")


def test_a_perfect_baseline_is_watched_for_getting_worse():
    assert verdict(400, 400, 100, 100).code == "no_clear_change"
    assert verdict(400, 400, 80, 100).code == "clear_worsening"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "counts",
    [
        (24, 80, 78, 100), (78, 100, 24, 80), (24, 80, 12, 40), (300, 1000, 15, 50), (None, None, 3, 40),
        (300, 1000, 310, 1000), (20, 40, 1000, 2000), (24, 80, 0, 0), (None, None, None, None),
    ],
)  # fmt: skip
def test_a_verdict_shows_numerator_and_denominator_in_both_languages(counts, language):
    text = verdict(*counts).text(language)
    assert "{" not in text and text.endswith("." if language == "en" else "。")
    if language == "zh":
        assert not any(word in text for word in ("the", "before", "needed"))
    if counts[2]:
        joint = " of " if language == "en" else "/"
        assert f"{counts[2]:,}{joint}{counts[3]:,}" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_thousands_are_grouped_in_every_figure_of_a_verdict(language):
    joint = " of " if language == "en" else "/"
    clear = verdict(12_400, 31_000, 1_500, 2_500).text(language)
    assert f"12,400{joint}31,000" in clear and f"1,500{joint}2,500" in clear
    assert f"1,200{joint}4,000" in proportion(1_200, 4_000).text(language)
    assert "1,200" in verdict(3, 1_100, 40, 90, minimum=1_200).text(language)


def test_the_sentence_of_a_clear_improvement():
    assert verdict(24, 80, 78, 100).text("en") == (
        "Clear improvement: 30.0% (24 of 80) before, 78.0% (78 of 100) after, "
        "+48.0 percentage points (95% interval +33.9 to +59.4)."
    )


def test_parameters_hold_every_figure_behind_the_sentence():
    known = verdict(24, 80, 78, 100).parameters
    assert known["events_before"] == 24 and known["n_after"] == 100
    assert known["low"] == pytest.approx(0.339208, abs=1e-6)
    assert verdict(None, None, 3, 40).parameters["n_before"] == 0


def test_small_counts_are_hidden_on_both_sides_and_zero_is_not():
    assert [n for n in range(8) if suppressed(n)] == [1, 2, 3, 4]
    assert suppressed(18, 20) and not suppressed(20, 20) and not suppressed(10, 20)
    assert proportion(2, 40).text("en", public=True) == "hidden: fewer than 5 people"
    assert "2 of 40" in proportion(2, 40).text("en")
    assert "20" in proportion(20, 40).text("zh", public=True)

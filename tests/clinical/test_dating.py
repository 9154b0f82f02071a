from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinical import dating

LAST_PERIOD = date(2025, 1, 1)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@given(days, st.integers(0, 330))
def test_an_age_goes_back_to_its_day(last_period, passed):
    age = dating.gestational_age(last_period, last_period + timedelta(days=passed))
    assert age.weeks * 7 + age.remainder == passed == age.days
    assert 0 <= age.remainder <= 6


@given(days)
def test_the_due_date_is_forty_weeks_and_its_own_inverse(last_period):
    due = dating.due_date(last_period)
    assert dating.gestational_age(last_period, due).text == "40+0"
    assert dating.last_period_from_due_date(due) == last_period


def test_a_day_before_the_last_period_is_refused():
    with pytest.raises(dating.BeforeLastPeriod) as refusal:
        dating.gestational_age(LAST_PERIOD, LAST_PERIOD - timedelta(days=1))
    assert "2024年12月31日" in refusal.value.text("zh")


def test_ages_are_ordered_and_spoken_in_both_languages():
    early, late = dating.GestationalAge(87), dating.GestationalAge(88)
    assert early < late
    assert (early.words("zh"), early.words("en")) == ("孕12+3周", "12+3 weeks")


@pytest.mark.parametrize("age", [0, 8, -3, 5.0, True, None])
def test_an_embryo_of_no_known_age_is_refused(age):
    with pytest.raises(dating.EmbryoAgeNotKnown):
        dating.due_date_from_transfer(LAST_PERIOD, age)


@pytest.mark.parametrize("mm", [14.9, 95.1, 6.5])
def test_a_crown_rump_length_outside_the_equation_is_refused(mm):
    with pytest.raises(dating.CrlOutsideStandard):
        dating.age_from_crl(mm)


@pytest.mark.parametrize("mm", [0, -5, float("nan"), float("inf"), None, "60", True])
def test_what_is_no_length_dates_nothing(mm):
    with pytest.raises(dating.reference.NotAMeasurement):
        dating.age_from_crl(mm)


@given(st.floats(15, 94), st.floats(0.1, 1))
def test_a_longer_fetus_is_an_older_one(mm, more):
    low, middle, high = dating.age_range_from_crl(mm)
    assert low < middle < high
    assert dating.age_from_crl(mm + more) > middle


def test_a_changed_due_date_follows_the_scan():
    scan = LAST_PERIOD + timedelta(days=84)
    result = dating.redating(LAST_PERIOD, scan, 76)
    assert result.change
    assert dating.gestational_age(dating.last_period_from_due_date(result.due_date), scan).days == 76
    assert str(result.rule) == "From 9+0 to 13+6 weeks: more than 7 days (ACOG 700)"
    assert result.rule.text("zh") == "孕9+0至13+6周：相差超过 7 天（ACOG 700）"


def test_a_fraction_of_a_day_is_rounded_before_the_rule_is_asked():
    scan = LAST_PERIOD + timedelta(days=84)
    assert not dating.redating(LAST_PERIOD, scan, 76.5).change
    assert dating.redating(LAST_PERIOD, scan, 76.49).change


def test_from_28_weeks_on_a_clinician_decides_whatever_the_difference():
    for by_period, by_scan in ((196, 196), (196, 170), (250, 280)):
        result = dating.redating(LAST_PERIOD, LAST_PERIOD + timedelta(days=by_period), by_scan)
        assert result.clinician_decision
        assert result.caveat == dating.NEVER_BY_ITSELF
    before = dating.redating(LAST_PERIOD, LAST_PERIOD + timedelta(days=195), 170)
    assert before.change and not before.clinician_decision


def test_ten_to_fourteen_days_in_the_late_second_trimester_is_marked_as_discretionary():
    scan = LAST_PERIOD + timedelta(days=160)
    caveats = {
        difference: dating.redating(LAST_PERIOD, scan, 160 - difference).caveat
        for difference in (9, 10, 14, 15)
    }
    assert caveats == {9: "", 10: dating.DISCRETIONARY, 14: dating.DISCRETIONARY, 15: ""}


@given(st.integers(0, 300), st.integers(1, 308))
def test_the_due_date_moves_only_when_the_rule_says_so(by_period, by_scan):
    result = dating.redating(LAST_PERIOD, LAST_PERIOD + timedelta(days=by_period), by_scan)
    assert result.change == (abs(by_period - by_scan) > result.threshold_days)
    assert result.change == (result.due_date != dating.due_date(LAST_PERIOD))


@pytest.mark.parametrize("age", [0, 309, float("nan"), None])
def test_an_impossible_scan_age_is_refused(age):
    with pytest.raises(dating.ScanAgeNotPossible):
        dating.redating(LAST_PERIOD, LAST_PERIOD + timedelta(days=100), age)


def test_no_scan_is_a_suboptimal_date():
    assert dating.suboptimally_dated(LAST_PERIOD, None)

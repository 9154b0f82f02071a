from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinical import fetal_growth as growth
from core.clinical.fetal_weight import LengthMissing, LengthNotPossible, UnknownFormula

measures = st.sampled_from(growth.MEASURES)
CONTRACT = {"HC", "BPD", "OFD", "AC", "FL", "SFH", "EFW_2017", "EFW_HADLOCK_2020", "CRL"}


def within(measure: str, share: float) -> float:
    curve = growth.standard(measure)
    return curve.first_day + share * (curve.last_day - curve.first_day)


def test_every_measure_of_the_contract_has_its_standard():
    assert set(growth.MEASURES) >= CONTRACT
    assert set(growth.standards()) == set(growth.MEASURES)


@given(measures, st.floats(0, 1), st.floats(0.01, 99.99))
def test_value_and_centile_undo_each_other(measure, share, centile):
    days = within(measure, share)
    value = growth.value_at(measure, days, centile)
    assert math.isclose(growth.centile_of(measure, days, value), centile, rel_tol=1e-6, abs_tol=1e-8)


@given(measures, st.floats(0, 1), st.floats(0.1, 99), st.floats(0.1, 0.9))
def test_a_higher_centile_is_a_larger_value(measure, share, centile, more):
    days = within(measure, share)
    assert growth.value_at(measure, days, centile + more) > growth.value_at(measure, days, centile)


@given(measures, st.floats(0, 0.99))
def test_the_median_grows_with_age(measure, share):
    assert growth.value_at(measure, within(measure, share + 0.01), 50) > growth.value_at(
        measure, within(measure, share), 50
    )


@given(measures, st.floats(0.01, 2000), st.booleans())
def test_beyond_its_ends_a_standard_is_silent(measure, beyond, after):
    curve = growth.standard(measure)
    days = curve.last_day + beyond if after else curve.first_day - beyond
    for asked in (growth.value_at, growth.centile_of, growth.z_score):
        with pytest.raises(growth.OutsideStandard):
            asked(measure, days, 50)


@pytest.mark.parametrize("centile", [0, 100, -1, 101, float("nan"), float("inf"), None, "50"])
def test_what_is_no_centile_is_refused(centile):
    with pytest.raises(growth.NotACentile):
        growth.value_at("HC", 196, centile)


@pytest.mark.parametrize("value", [0, -260, float("nan"), float("inf"), -float("inf"), None, "260", True])
def test_what_is_no_measurement_is_refused(value):
    for asked in (growth.centile_of, growth.z_score):
        with pytest.raises(growth.NotAMeasurement):
            asked("HC", 196, value)


@pytest.mark.parametrize("days", [float("nan"), float("inf"), None, "196"])
def test_what_is_no_age_is_refused(days):
    with pytest.raises(growth.NotAMeasurement):
        growth.value_at("HC", days, 50)


@pytest.mark.parametrize("grams", [1, 0.5, 1e-9])
def test_a_weight_of_a_gram_has_no_place_on_a_curve_of_log_weight(grams):
    with pytest.raises(growth.NotAMeasurement):
        growth.centile_of("EFW_2017", 224, grams)


def test_a_centile_the_equation_cannot_reach_is_refused_not_invented():
    for measure, days in (("FL", 98), ("EFW_HADLOCK_2020", 280), ("CRL", 58)):
        with pytest.raises(growth.CentileOutOfReach):
            growth.value_at(measure, days, 1e-300)
        with pytest.raises(growth.CentileOutOfReach):
            growth.value_at(measure, days, 5e-324)


def test_an_unknown_measure_is_refused_by_name():
    with pytest.raises(growth.UnknownMeasure) as refusal:
        growth.value_at("hc", 196, 50)
    assert "hc" in refusal.value.text("en")


def test_the_refusal_of_a_week_says_which_weeks_there_are():
    with pytest.raises(growth.OutsideStandard) as refusal:
        growth.value_at("HC", 97, 50)
    assert "14+0" in refusal.value.text("en") and "40+0" in refusal.value.text("en")
    assert refusal.value.text("zh").startswith("头围") and "13+6" in refusal.value.text("zh")


def test_fundal_height_keeps_its_published_unit():
    assert growth.standard("SFH").unit == "cm"
    assert 20 < growth.value_at("SFH", 196, 50) < 35


def test_numbers_of_numpy_and_of_a_database_are_numbers():
    expected = growth.centile_of("HC", 196, 260.0)
    assert growth.centile_of("HC", np.int64(196), np.float64(260.0)) == expected
    assert growth.centile_of("HC", 196, Decimal("260")) == expected


def test_a_centile_is_never_shown_as_nought_or_a_hundred():
    assert growth.centile_of("HC", 196, 1000) == 100
    assert growth.centile_text(100, "en") == "above centile 99"
    assert growth.centile_text(0, "zh") == "低于第 1 百分位"
    assert [growth.centile_text(c, "en") for c in (1, 48.4, 99)] == ["centile 1", "centile 48", "centile 99"]


def test_a_weight_standard_names_the_formula_it_was_made_with():
    for measure in ("EFW_2017", "EFW_HADLOCK_2020", "EFW_HADLOCK_1991"):
        assert growth.standard(measure).formula in growth.formulas()
        assert growth.standard(measure).note


@given(st.floats(60, 400), st.floats(60, 450), st.floats(10, 100))
def test_a_longer_femur_never_makes_a_lighter_fetus(hc, ac, fl):
    # The cross term AC x FL turns the sign only beyond AC 48 cm, which the limits of the test leave out.
    assert growth.estimated_weight(hc, ac, fl + 1) > growth.estimated_weight(hc, ac, fl) > 0


@pytest.mark.parametrize("lengths", [(29.6, 27.9, 6.2), (296, 27.9, 62), (296, 279, 6.2), (2960, 279, 62)])
def test_centimetres_are_refused_before_they_become_grams(lengths):
    with pytest.raises(LengthNotPossible):
        growth.estimated_weight(*lengths)


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), None])
def test_a_weight_needs_three_measurements(wrong):
    for lengths in ((wrong, 279, 62), (296, wrong, 62), (296, 279, wrong)):
        with pytest.raises(growth.NotAMeasurement):
            growth.estimated_weight(*lengths)


def test_a_formula_says_what_it_lacks():
    with pytest.raises(LengthMissing) as refusal:
        growth.estimated_weight_by("HADLOCK_BPD_AC_FL", AC=279, FL=62)
    assert refusal.value.text("zh") == "该体重公式需要双顶径，请填写，或换用其他公式。"
    with pytest.raises(UnknownFormula):
        growth.estimated_weight_by("HADLOCK_4", AC=279, FL=62)

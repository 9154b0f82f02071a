from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinical.fetal_growth import value_at
from core.clinical.plausibility import doubts, usual_age
from core.clinical.reference import NotAMeasurement

LENGTHS = ("HC", "BPD", "AC", "FL")


def typical(days: float, centile: float = 50) -> dict[str, float]:
    return {measure: value_at(measure, days, centile) for measure in LENGTHS}


@given(st.integers(98, 280), st.floats(3, 97))
def test_usual_measurements_raise_no_question(days, centile):
    # Beyond three weeks of shift together even usual ones are asked about; near term that takes centile 1.
    shifted = [usual_age(m, v) for m, v in typical(days, centile).items()]
    known = [age for age in shifted if age is not None]
    if len(known) < len(shifted) or abs(sum(known) / len(known) - days) < 21:
        assert doubts(typical(days, centile), days) == []


@given(st.integers(98, 280))
def test_all_lengths_in_centimetres_are_asked_about_one_by_one(days):
    questions = doubts({measure: value / 10 for measure, value in typical(days).items()}, days)
    assert [(doubt.code, doubt.measure) for doubt in questions] == [("unit", measure) for measure in LENGTHS]


def test_one_length_in_centimetres_is_found_among_the_others():
    (doubt,) = doubts(typical(196) | {"FL": 5.1}, 196)
    assert doubt.text("en") == "Femur length: 5.1 mm would be unusual in week 28+0. Is 51 mm meant?"
    assert doubt.text("zh") == "孕28+0周时股骨长 5.1 mm 不常见，是否应为 51 mm？"


@given(st.integers(120, 260), st.sampled_from([-28, 28]))
def test_measurements_of_another_week_are_one_question(days, shift):
    if 98 <= days + shift <= 280:
        (doubt,) = doubts(typical(days + shift), days)
        assert (doubt.code, doubt.measure) == ("week", "")
        assert "?" in doubt.text("en") and "？" in doubt.text("zh")


def test_the_question_about_the_week_names_both_weeks():
    (doubt,) = doubts(typical(196), 224)
    assert doubt.parameters == {"fits": "28+0", "week": "32+0"}


def test_a_weight_is_still_asked_about_beside_a_wrong_week():
    questions = doubts(typical(196) | {"EFW_HADLOCK_2020": 1.1}, 224)
    assert [doubt.code for doubt in questions] == ["week", "value"]


def test_a_single_measure_far_off_is_asked_with_the_week_it_fits():
    (doubt,) = doubts({"CRL": 65}, 75)
    assert (doubt.code, doubt.parameters["fits"]) == ("week", "12+5")


def test_a_measure_outside_its_weeks_is_asked_about_not_refused():
    (doubt,) = doubts({"CRL": 65}, 150)
    assert doubt.code == "range"
    assert "8+2" in doubt.text("zh") and "15+0" in doubt.text("zh")


def test_a_number_that_fits_nowhere_is_asked_about():
    (doubt,) = doubts({"FL": 95}, 270)
    assert doubt.code == "value"


def test_a_small_abdomen_alone_is_no_wrong_week():
    # Head and femur fit: what the abdomen means is for the doctor, so nothing is asked at 2.5 deviations.
    assert doubts(typical(238) | {"AC": value_at("AC", 238, 0.7)}, 238) == []


@pytest.mark.parametrize("value", [0, -1, float("nan"), None])
def test_what_is_no_measurement_is_refused(value):
    with pytest.raises(NotAMeasurement):
        doubts({"HC": value}, 196)


def test_what_is_no_age_is_refused():
    with pytest.raises(NotAMeasurement):
        doubts({"HC": 260}, float("nan"))

"""Growth: asked about when unusual, estimated where nothing was entered, struck out and never edited."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.care.work.measurements import (
    DatingMissing,
    MeasuredOnImpossible,
    NothingMeasured,
    PleaseConfirm,
    UnknownMeasurement,
    growth_of,
    record_growth,
    strike_growth,
)
from core.clinical.fetal_growth import estimated_weight, value_at
from core.foundation.access import NotAllowed
from core.foundation.reasons import ReasonMissing
from tests.prenatal_ward import TODAY, PrenatalWard

WEEK_30 = TODAY - timedelta(days=210)
USUAL = {name: round(value_at(measure, 210, 50), 1) for name, measure in
         (("hc_mm", "HC"), ("ac_mm", "AC"), ("fl_mm", "FL"))}  # fmt: skip


def measure(ward: PrenatalWard, patient: int, **values: Any) -> int:
    known = {"patient_id": patient, "day": TODAY}
    return ward.world.do("doctor", record_growth, **{**known, **values})


def test_three_lengths_give_a_weight_with_its_formula(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=WEEK_30)
    measure(ward, patient, **USUAL)
    [point] = ward.world.ask("nurse", growth_of, patient_id=patient)
    assert (point.week_text, point.ga_days, point.formula) == ("30+0", 210, "HADLOCK_HC_AC_FL")
    expected = estimated_weight(USUAL["hc_mm"], USUAL["ac_mm"], USUAL["fl_mm"])
    assert abs(point.efw_g - expected) <= 0.5 and point.recorded_by == "doctor测试"


def test_an_entered_weight_is_kept_as_entered(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=WEEK_30)
    measure(ward, patient, efw_g=1500, **USUAL)
    [point] = ward.world.ask("nurse", growth_of, patient_id=patient)
    assert (point.efw_g, point.formula) == (1500, "ENTERED")


def test_centimetres_are_asked_about_in_both_languages(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=WEEK_30)
    with pytest.raises(PleaseConfirm) as asked:
        measure(ward, patient, fl_mm=round(USUAL["fl_mm"] / 10, 1))
    assert [doubt.code for doubt in asked.value.doubts] == ["unit"]
    assert "mm" in asked.value.text("en") and asked.value.text("zh") != asked.value.text("en")
    assert ward.world.ask("nurse", growth_of, patient_id=patient) == []


def test_an_unusual_value_may_be_true_and_is_kept_when_confirmed(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=WEEK_30)
    small = round(value_at("AC", 210, 50) * 0.7, 1)
    with pytest.raises(PleaseConfirm):
        measure(ward, patient, ac_mm=small)
    measure(ward, patient, ac_mm=small, confirmed=True)
    assert ward.world.ask("nurse", growth_of, patient_id=patient)[0].ac_mm == small
    assert ward.entries("growth.recorded")[0][1].after["confirmed"] is True


def test_the_sold_packs_corrected_date_gives_the_week(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=WEEK_30)
    ward.sell(patient, last_period=None, due_date=WEEK_30 + timedelta(days=287))
    measure(ward, patient, hc_mm=round(value_at("HC", 203, 50), 1))
    assert ward.world.ask("nurse", growth_of, patient_id=patient)[0].week_text == "29+0"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [({}, NothingMeasured), ({"day": TODAY + timedelta(days=1), "hc_mm": 280}, MeasuredOnImpossible),
     ({"day": date(2025, 1, 1), "hc_mm": 280}, MeasuredOnImpossible)],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    ward: PrenatalWard, values: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        measure(ward, ward.patient(last_period=WEEK_30), **values)


def test_without_a_date_there_is_no_week(ward: PrenatalWard) -> None:
    with pytest.raises(DatingMissing):
        measure(ward, ward.patient(last_period=None), hc_mm=280)


def test_a_wrong_entry_is_struck_out_with_a_reason_and_stays_visible_to_staff(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=WEEK_30)
    number = measure(ward, patient, **USUAL)
    with pytest.raises(ReasonMissing):
        ward.world.do("doctor", strike_growth, measurement_id=number, reason="")
    ward.world.do("doctor", strike_growth, measurement_id=number, reason="录错患者")
    assert ward.world.ask("nurse", growth_of, patient_id=patient) == []
    [point] = ward.world.ask("nurse", growth_of, patient_id=patient, with_struck=True)
    assert point.struck and point.strike_reason == "录错患者"
    with pytest.raises(UnknownMeasurement):
        ward.world.do("doctor", strike_growth, measurement_id=number, reason="again")


@pytest.mark.parametrize("role", ["front_desk", "executive"])
def test_only_clinicians_measure(ward: PrenatalWard, role: str) -> None:
    with pytest.raises(NotAllowed):
        ward.world.do(role, record_growth, patient_id=1, day=TODAY, hc_mm=280)

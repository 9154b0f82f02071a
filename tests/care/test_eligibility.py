"""Whom a package may exclude is asked about once, and no diagnosis is kept for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.care.sale.eligibility import (
    MayBeExcluded,
    _ages,
    answer_exclusion,
    exclusion_to_ask,
    listed,
    mentions_exclusion,
)
from core.care.sale.offers import record_offer
from core.care.tables import OfferRow
from core.foundation.access import NotAllowed
from core.foundation.language import translator
from core.foundation.reasons import ReasonMissing
from core.people.diagnoses import ASK_FIRST
from core.people.patients import edit_patient
from core.settlement.refunds import cancel_and_refund
from tests.prenatal_ward import LAST_PERIOD, PrenatalWard


def asked(ward: PrenatalWard, patient: int) -> tuple[str, ...]:
    found: tuple[str, ...] = ward.world.ask(
        "nurse", exclusion_to_ask, patient_id=patient, package_id=ward.package_id
    )
    return found


def answer(ward: PrenatalWard, patient: int, reason: str = "医生看过，可以") -> None:
    ward.world.do("nurse", answer_exclusion, patient_id=patient, package_id=ward.package_id, reason=reason)


def test_nobody_is_asked_about_somebody_of_whom_nothing_speaks_against_it(ward: PrenatalWard) -> None:
    patient = ward.patient(note="怕打针")
    assert asked(ward, patient) == ()
    ward.sell(patient)


@pytest.mark.parametrize("outcome", ["thinking", "accepted"])
def test_who_may_be_excluded_is_neither_offered_nor_sold_before_somebody_says_why(
    ward: PrenatalWard, outcome: str
) -> None:
    patient = ward.patient(note="双胎")
    offer: dict[str, Any] = {"patient_id": patient, "package_id": ward.package_id, "outcome": outcome}
    with pytest.raises(MayBeExcluded) as refused:
        ward.world.do("nurse", record_offer, **offer)
    assert "双胎或多胎" in refused.value.text("zh")
    with pytest.raises(MayBeExcluded):
        ward.sell(patient)
    with pytest.raises(ReasonMissing):
        answer(ward, patient, " ")
    answer(ward, patient)
    assert asked(ward, patient) == ()
    ward.world.do("nurse", record_offer, **offer)
    ward.sell(patient)


def test_who_declined_is_noted_without_a_question(ward: PrenatalWard) -> None:
    patient = ward.patient(note="双胎")
    number = ward.world.do(
        "nurse", record_offer, patient_id=patient, package_id=ward.package_id, outcome="declined"
    )
    assert ward.row(OfferRow, number).outcome == "declined"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_question_of_an_import_names_what_the_package_excludes_not_what_she_has(
    ward: PrenatalWard, language: str
) -> None:
    patient = ward.patient(note=translator(language)(ASK_FIRST))
    assert asked(ward, patient) == ("multiple", "high_risk", "assisted")
    assert listed(("multiple", "<18"), "en") == "twins or more; younger than 18 years"
    assert not mentions_exclusion(translator(language)(ASK_FIRST))


@pytest.mark.parametrize(
    ("scope", "bounds"),
    [
        ("未满18岁或40岁及以上的孕妇", {"<18", ">40"}),
        ("under 18 or over 40 years", {"<18", ">41"}),
        ("age under 18 or over 40", {"<18", ">41"}),
        ("年龄小于18或BMI超过30", {"<18"}),
        ("年满60的老人，年龄75及以上", {">60", ">75"}),
        ("16周岁以下", {"<17"}),
        ("年龄≥35岁", {">35"}),
        ("年龄≥３５周岁者", {">35"}),
        ("大于等于35岁、小于或等于18岁", {">35", "<19"}),
        ("‹18岁", {"<18"}),
        ("年龄＜18岁或＞40岁", {"<18", ">41"}),
        ("年龄<=18岁", {"<19"}),
        ("age >= 35 years", {">35"}),
        ("35 or older", {">35"}),
        ("35 years and older; 18 years old or younger", {">35", "<19"}),
        ("age 35 and over", {">35"}),
        ("年龄不超过18岁", {"<19"}),
        ("年龄不小于35岁", {">35"}),
        ("年龄不得低于35岁，不能大于18岁", {">35", "<19"}),
        ("not over 18 years, not younger than 35 years", {"<19", ">35"}),
        ("may not be over 18 years; may be over 40 years", {"<19", ">41"}),
        ("不足18岁", {"<18"}),
        ("at least 35 years", {">35"}),
        ("35岁（含）以上", {">35"}),
        ("双胎、高危", set()),
        ("24小时电话、第七天", set()),
    ],
)
def test_an_age_in_the_scope_is_read_as_it_is_meant(scope: str, bounds: set[str]) -> None:
    assert set(_ages(scope)) == bounds


@pytest.mark.parametrize(
    "scope",
    [
        "妊娠超过28周",
        "over 37 weeks",
        "体重小于45公斤",
        "BMI超过30、心率超过100次",
        "under 45 kg, older than 28 weeks",
        "胎动小于10次，产后超过42天",
        "年龄不限，孕28周以上",
        "BMI≥30",
        "年龄不限、血红蛋白<90",
        "孕周≥28",
    ],
)
def test_weeks_kilograms_and_the_like_are_no_age(scope: str) -> None:
    assert set(_ages(scope)) == set()


def changed(ward: PrenatalWard, patient: int, **facts: Any) -> None:
    known = {"name": "李小雨", "record_number": "B0001", "last_period": LAST_PERIOD, "note": "双胎"}
    ward.world.do("nurse", edit_patient, patient_id=patient, **{**known, **facts})


def test_what_is_learnt_later_is_asked_about_though_something_else_was_answered(ward: PrenatalWard) -> None:
    patient = ward.patient(note="高危")
    answer(ward, patient)
    changed(ward, patient, note="高危，双胎")
    assert asked(ward, patient) == ("multiple",)
    answer(ward, patient)
    assert asked(ward, patient) == ()


def test_a_new_course_and_a_new_pregnancy_ask_anew(ward: PrenatalWard) -> None:
    patient = ward.patient(note="双胎")
    answer(ward, patient)
    ward.world.clock.advance(timedelta(minutes=5))
    course = ward.sell(patient)
    ward.world.clock.advance(timedelta(days=1))
    ward.world.do("manager", cancel_and_refund, enrolment_id=course, refund_fen=0, reason="另有约定，不退款")
    assert asked(ward, patient) == ("multiple",)
    answer(ward, patient)
    assert asked(ward, patient) == ()
    ward.world.clock.advance(timedelta(days=300))
    changed(ward, patient, last_period=ward.world.today - timedelta(days=60))
    assert asked(ward, patient) == ("multiple",)


def test_only_who_offers_packages_is_told_what_speaks_against_one(ward: PrenatalWard) -> None:
    patient = ward.patient(note="双胎")
    with pytest.raises(NotAllowed):
        ward.world.ask("executive", exclusion_to_ask, patient_id=patient, package_id=ward.package_id)


def test_a_remark_is_recognised_in_both_languages() -> None:
    assert (
        mentions_exclusion("IVF, twins")
        and mentions_exclusion("高危妊娠")
        and not mentions_exclusion("怕打针")
    )

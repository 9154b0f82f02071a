"""One gestational age everywhere, from the pregnancy under way; nothing of one that is over."""

from __future__ import annotations

from collections import namedtuple
from datetime import date, timedelta

import pytest

from core.care.patient_file import PatientFile, patient_file
from core.care.plan.pregnancy import pregnancy, same_pregnancy
from core.care.quiet_care import end_silence, gentle_stop
from core.care.sale.courses import OtherCourseRefuses, change_anchor, complete
from core.care.sale.enrolments import AnchorImpossible
from core.care.sale.fitting import PregnancyOver, offerings
from core.care.tables import EnrolmentRow
from core.care.work.measurements import growth_of, record_growth
from core.care.work.patient_list import patient_list
from core.care.work.worklist import due_list
from core.packages.publishing import publish, take_template
from core.people.patients import edit_patient
from core.phone.journey import journey
from tests.conftest import World
from tests.knee_ward import knee_ward
from tests.prenatal_ward import LAST_PERIOD, TODAY, PrenatalWard
from tests.selling import open_sales

Anchor = namedtuple("Anchor", ("anchor_kind", "anchor_date"))
SCAN = LAST_PERIOD + timedelta(days=280 + 10)  # the due date by the scan, ten days later


def file_of(ward: PrenatalWard, patient: int) -> PatientFile:
    found: PatientFile = ward.world.ask("nurse", patient_file, patient_id=patient)
    return found


def after_a_loss(ward: PrenatalWard, measured: bool = True) -> int:
    """A patient who lost her pregnancy and wishes to hear from us again half a year later."""
    patient = ward.patient()
    ward.sell(patient)
    if measured:
        ward.world.do("doctor", record_growth, patient_id=patient, day=TODAY, hc_mm=70, confirmed=True)
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    ward.world.clock.advance(timedelta(days=180))
    ward.world.do("doctor", end_silence, stop_id=stop, reason="她愿意再听到我们")
    return patient


def test_after_a_corrected_due_date_file_list_today_and_phone_say_one_week(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    ward.world.do("doctor", record_growth, patient_id=patient, day=TODAY, hc_mm=70, confirmed=True)
    ward.world.do("nurse", change_anchor, enrolment_id=number, due_date=SCAN, reason="孕12周超声")
    seen = ward.world.desk.ask(ward.world.patient(patient), journey)
    [line] = ward.world.ask("nurse", patient_list).rows
    tasks = ward.world.ask("nurse", due_list).rows
    [point] = ward.world.ask("nurse", growth_of, patient_id=patient)
    said = {
        file_of(ward, patient).week_text, line.week_text, seen.package.week_text, point.week_text,
        ward.world.ask("nurse", pregnancy, patient_id=patient).week(TODAY), *(row.week_text for row in tasks),
    }  # fmt: skip
    assert tasks and said == {"10+4"} and seen.growth[0].ga_days == point.ga_days == 74


def second_package(ward: PrenatalWard) -> int:
    again = ward.document.model_dump(mode="json") | {"code": "second_quest", "name": "第二个产检套餐"}
    package: int = ward.world.do("manager", take_template, document=again)
    ward.world.do("manager", publish, package_id=package)
    open_sales(ward.world, package)
    return package


def test_a_corrected_due_date_counts_for_every_running_course_of_the_pregnancy(ward: PrenatalWard) -> None:
    patient = ward.patient()
    first = ward.sell(patient)
    second = ward.sell(patient, package_id=second_package(ward))
    answer = ward.world.do("nurse", change_anchor, enrolment_id=first, due_date=SCAN, reason="孕12周超声")
    rows = [ward.row(EnrolmentRow, number) for number in (first, second)]
    assert {(row.anchor_kind, row.anchor_date) for row in rows} == {
        ("due_date", LAST_PERIOD + timedelta(days=10))
    }
    assert answer["others"] == 1
    assert ward.task(first, "P05").opens_on == ward.task(second, "P05").opens_on
    entries = ward.entries("enrolment.anchor")
    assert [entry.subject_id for entry, _detail in entries] == [first, second]
    assert {detail.after["reason"] for _entry, detail in entries} == {"孕12周超声"}
    assert ward.world.ask("nurse", pregnancy, patient_id=patient).week(TODAY) == "10+4"


def test_a_date_that_another_course_cannot_have_names_that_course(ward: PrenatalWard) -> None:
    patient = ward.patient()
    first = ward.sell(patient)
    ward.world.clock.advance(timedelta(days=60))
    second = ward.sell(patient, package_id=second_package(ward))
    late = {"last_period": TODAY + timedelta(days=5), "reason": "孕12周超声"}
    with pytest.raises(OtherCourseRefuses) as refused:
        ward.world.do("nurse", change_anchor, enrolment_id=second, **late)
    assert refused.value.text("zh").startswith(f"“{ward.document.name}”也按这次妊娠计算日期")
    assert "末次月经" in refused.value.text("zh")
    assert {ward.row(EnrolmentRow, one).anchor_date for one in (first, second)} == {LAST_PERIOD}
    with pytest.raises(AnchorImpossible):
        ward.world.do("nurse", change_anchor, enrolment_id=first, **late)


def test_a_running_course_of_another_pregnancy_keeps_its_date() -> None:
    def dated(anchor: date, kind: str = "last_period") -> Anchor:
        return Anchor(kind, anchor)

    assert same_pregnancy(dated(LAST_PERIOD), dated(LAST_PERIOD + timedelta(days=10), "due_date"))
    assert not same_pregnancy(dated(LAST_PERIOD), dated(LAST_PERIOD + timedelta(days=400)))
    assert not same_pregnancy(dated(LAST_PERIOD), dated(LAST_PERIOD, "discharge"))


def test_a_second_pregnancy_shows_its_own_week(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.world.do("nurse", complete, enrolment_id=ward.sell(patient))
    assert file_of(ward, patient).pregnancy is None
    ward.world.clock.advance(timedelta(days=400))
    ward.sell(patient, last_period=TODAY + timedelta(days=400 - 63))
    assert file_of(ward, patient).week_text == "9+0"
    assert ward.world.ask("nurse", patient_list).rows[0].week_text == "9+0"


def test_a_new_pregnancy_is_known_by_her_file_before_anything_is_sold(ward: PrenatalWard) -> None:
    patient = after_a_loss(ward)
    facts = {"name": "李小雨", "record_number": "B0001", "phone": "13800000001"}
    fresh = TODAY + timedelta(days=180 - 42)
    ward.world.do("nurse", edit_patient, patient_id=patient, **facts, last_period=fresh)
    carried = ward.world.ask("nurse", pregnancy, patient_id=patient)
    assert (carried.anchor, carried.of_course) == (fresh, False)
    assert ward.world.ask("nurse", growth_of, patient_id=patient) == []


def test_after_a_loss_nobody_counts_on(ward: PrenatalWard) -> None:
    """The days of the pregnancy she lost left her file with the silence."""
    patient = after_a_loss(ward)
    seen = file_of(ward, patient)
    assert (seen.pregnancy, seen.week_text, [one.week_text for one in seen.held]) == (None, "", [""])
    assert seen.patient.last_period is None
    [line] = ward.world.ask("nurse", patient_list).rows
    assert line.week_text == ""
    assert ward.world.ask("nurse", growth_of, patient_id=patient) == []
    [offered] = ward.world.ask("front_desk", offerings, patient_id=patient)
    assert isinstance(offered.why, PregnancyOver)


def test_the_next_pregnancy_begins_with_an_empty_curve(ward: PrenatalWard) -> None:
    patient = after_a_loss(ward)
    ward.sell(patient, last_period=TODAY + timedelta(days=100))
    assert ward.world.ask("nurse", growth_of, patient_id=patient) == []
    assert ward.world.desk.ask(ward.world.patient(patient), journey).growth == ()
    today = TODAY + timedelta(days=180)
    ward.world.do("doctor", record_growth, patient_id=patient, day=today, hc_mm=70, confirmed=True)
    assert [one.ga_days for one in ward.world.ask("nurse", growth_of, patient_id=patient)] == [80]


def test_a_knee_patient_meets_no_days_of_a_pregnancy(world: World) -> None:
    ward = knee_ward(world)
    seen: PatientFile = world.ask("nurse", patient_file, patient_id=ward.patient_id)
    assert (seen.pregnancy, seen.may_be_dated, seen.counted_from) == (None, False, "discharge")
    shown = world.desk.ask(world.patient(ward.patient_id), journey)
    assert (shown.package.due_on, shown.package.week_text, shown.growth) == (None, "", ())


def test_days_of_a_pregnancy_are_corrected_where_they_count(ward: PrenatalWard) -> None:
    """A due date typed into her file beside a running package would count for nothing."""
    patient = ward.patient(due_date=date(2026, 9, 10))
    assert file_of(ward, patient).may_be_dated
    ward.sell(patient)
    assert not file_of(ward, patient).may_be_dated


def test_after_a_loss_without_a_course_no_week_and_no_due_date_come_back(ward: PrenatalWard) -> None:
    patient = ward.patient(due_date=LAST_PERIOD + timedelta(days=282))
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    # In quiet care nobody meets the fields of that pregnancy, but a mistake of the same day gives everything back.
    assert not file_of(ward, patient).may_be_dated
    ward.world.clock.advance(timedelta(days=30))
    ward.world.do("doctor", end_silence, stop_id=stop, reason="她愿意再听到我们")
    found = file_of(ward, patient)
    assert (found.pregnancy, found.patient.last_period, found.patient.due_date) == (None, None, None)
    assert ward.world.desk.ask(ward.world.patient(patient), journey).growth == ()
    [line] = ward.world.ask("nurse", patient_list).rows
    assert (line.week_text, line.state) == ("", "not_enrolled")
    assert ward.world.ask("nurse", patient_list).counts["undated"] == 0
    [offering] = ward.world.ask("nurse", offerings, patient_id=patient)
    assert isinstance(offering.why, PregnancyOver)


def test_a_new_pregnancy_after_a_loss_without_a_course_counts_its_own_weeks(ward: PrenatalWard) -> None:
    patient = ward.patient()
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    ward.world.clock.advance(timedelta(days=180))
    ward.world.do("doctor", end_silence, stop_id=stop, reason="她愿意再听到我们")
    card = file_of(ward, patient).patient
    again = {"name": card.name, "record_number": card.record_number, "phone": card.phone}
    period = ward.world.today - timedelta(days=50)
    ward.world.do("nurse", edit_patient, patient_id=patient, **again, last_period=period)
    assert file_of(ward, patient).week_text == "7+1"


def test_who_carries_on_after_a_complaint_keeps_her_days(ward: PrenatalWard) -> None:
    patient = ward.patient()
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="complaint", caller_id=4)
    ward.world.clock.advance(timedelta(days=1))
    ward.world.do("doctor", end_silence, stop_id=stop, reason="她愿意再听到我们")
    assert file_of(ward, patient).patient.last_period == LAST_PERIOD

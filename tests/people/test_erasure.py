"""Erasing a person: nothing that names her is left, and the house's sums still add up."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, text

from core.care.feedback import answer_survey, answers
from core.care.listening import StillActive
from core.care.quiet_care import gentle_stop
from core.care.sale.courses import change_anchor
from core.care.sale.offers import record_offer
from core.care.tables import AppointmentRow, EnrolmentRow
from core.care.work.appointments import book
from core.care.work.measurements import record_growth
from core.care.work.patient_list import patient_list
from core.care.work.tasks import mark_done
from core.foundation.access import PUBLIC, NotAllowed
from core.foundation.doors import RequestRow
from core.foundation.reasons import ReasonMissing
from core.people.erasure import erase_patient
from core.people.intake import PatientLine, import_patients
from core.people.patients import ErasedPatient, UnknownPatient, card, edit_patient, find
from core.people.phone_links import confirm_phone, issue_link, who
from core.people.tables import PatientRow
from core.settlement.refunds import cancel_and_refund
from tests.prenatal_ward import TODAY, PrenatalWard

SECRETS = (
    "宇文清欢",
    "13987651234",
    "ZY889900",
    "zy889900",
    "1991-02-03",
    "她怕打针",
    "针孔渗血三滴",
    "等太久了",
    "已通话",
)


def lived_in(ward: PrenatalWard) -> tuple[int, int]:
    """A patient with something personal in every room of care."""
    patient = ward.patient(name="宇文清欢", phone="13987651234", record_number="ZY889900", note="她怕打针")
    world = ward.world
    world.do("nurse", edit_patient, patient_id=patient, name="宇文清欢", record_number="ZY889900",
             phone="13987651234", birth_date=TODAY.replace(1991, 2, 3), note="她怕打针",
             last_period=TODAY - timedelta(days=84))  # fmt: skip
    world.do(
        "nurse",
        record_offer,
        patient_id=patient,
        package_id=ward.package_id,
        outcome="thinking",
        reason="她怕打针",
    )
    enrolment = ward.sell(patient)
    world.do("nurse", mark_done, task_id=ward.task(enrolment, "P01").id, evidence="针孔渗血三滴")
    world.desk.do(world.patient(patient), answer_survey, score=2, comment="等太久了")
    world.do("doctor", record_growth, patient_id=patient, day=TODAY, hc_mm=70, confirmed=True)
    return patient, enrolment


def whole_database(ward: PrenatalWard) -> str:
    with ward.world.desk.database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"')).all()]
    held = " ".join(str(value) for row in rows for value in row)
    # SQLite hands JSON out as it is written, with every Chinese character as its number.
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), held)


def test_nothing_that_names_her_is_left_anywhere(ward: PrenatalWard) -> None:
    patient, enrolment = lived_in(ward)
    token = ward.world.do("nurse", issue_link, patient_id=patient)
    secret = ward.world.desk.do(PUBLIC, confirm_phone, token=token, last_four="1234")["secret"]
    ward.world.do(
        "front_desk",
        cancel_and_refund,
        enrolment_id=enrolment,
        reason="她怕打针",
        cause="wish",
        refund_fen=100,
    )
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4, note="已通话")
    before = whole_database(ward)
    assert [word for word in SECRETS if word not in before] == []
    ward.world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    after = whole_database(ward)
    assert [word for word in SECRETS if word in after] == []
    assert ward.world.desk.ask(PUBLIC, who, token=token, device_secret=secret).state == "unknown"


def test_the_dates_of_her_pregnancy_go_too(ward: PrenatalWard) -> None:
    """Also from the answer her corrected due date was given, kept against a double click."""
    patient, enrolment = lived_in(ward)
    world, corrected = ward.world, TODAY + timedelta(days=200)
    world.desk.do(
        world.actors["front_desk"], change_anchor, "click-1", enrolment_id=enrolment, due_date=corrected,
        reason="B超",
    )  # fmt: skip
    last_period = (corrected - timedelta(days=280)).isoformat()
    world.do(
        "front_desk", cancel_and_refund, enrolment_id=enrolment, reason="搬家", cause="wish", refund_fen=100
    )
    with world.desk.database.reading() as session:
        assert session.get_one(RequestRow, "click-1").result["changes"]
    assert last_period in whole_database(ward)
    world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    assert last_period not in whole_database(ward)
    with world.desk.database.reading() as session:
        assert session.get_one(RequestRow, "click-1").result is None
    row = ward.row(EnrolmentRow, enrolment)
    assert (row.anchor_kind, row.anchor_date) == ("enrolment", row.enrolled_on)


def test_the_imported_days_of_her_course_go_too(ward: PrenatalWard) -> None:
    line = PatientLine(
        "宇文清欢", "ZY889900", operation_date=date(2026, 2, 27), discharge_date=date(2026, 3, 1)
    )
    ward.world.do("front_desk", import_patients, rows=[line], file_digest="d")
    [row] = ward.rows(PatientRow, record_number="ZY889900")
    assert "2026-02-27" in whole_database(ward) and "2026-03-01" in whole_database(ward)
    ward.world.do("manager", erase_patient, patient_id=row.id, reason="本人书面申请")
    assert "2026-02-27" not in whole_database(ward) and "2026-03-01" not in whole_database(ward)


def test_money_and_delivery_stay_in_the_counts(ward: PrenatalWard) -> None:
    patient, enrolment = lived_in(ward)
    ward.world.do(
        "front_desk", cancel_and_refund, enrolment_id=enrolment, reason="搬家", cause="wish", refund_fen=100
    )
    ward.world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    row = ward.row(EnrolmentRow, enrolment)
    assert (row.amount_fen, row.refund_fen, row.status) == (19900, 100, "cancelled")
    assert ward.task(enrolment, "P01").state == "done"
    assert ward.entries("patient.erased")[0][1].after == {"reason": "本人书面申请"}


def test_an_active_package_is_ended_first(ward: PrenatalWard) -> None:
    patient, _enrolment = lived_in(ward)
    with pytest.raises(StillActive):
        ward.world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    assert ward.world.ask("nurse", card, patient_id=patient).name == "宇文清欢"


def test_an_erased_patient_is_found_no_more(ward: PrenatalWard) -> None:
    patient = ward.patient(name="宇文清欢")
    with pytest.raises(ReasonMissing):
        ward.world.do("manager", erase_patient, patient_id=patient, reason=" ")
    ward.world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    assert ward.world.ask("nurse", patient_list).everybody == 0
    assert ward.world.ask("nurse", find, text="erased") == []
    with pytest.raises(UnknownPatient):
        ward.world.ask("nurse", card, patient_id=patient)
    with pytest.raises(ErasedPatient):
        ward.world.do("manager", erase_patient, patient_id=patient, reason="again")


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk", "executive"])
def test_only_the_manager_erases(ward: PrenatalWard, role: str) -> None:
    with pytest.raises(NotAllowed):
        ward.world.do(role, erase_patient, patient_id=1, reason="x")


def test_an_erased_patient_leaves_no_nameless_row_in_a_list(ward: PrenatalWard) -> None:
    patient = ward.patient(name="宇文清欢")
    visit = ward.world.do("nurse", book, patient_id=patient, at=ward.world.clock.now() + timedelta(hours=3))
    ward.world.desk.do(ward.world.patient(patient), answer_survey, score=2)
    assert [one.patient_id for one in ward.world.ask("nurse", answers)] == [patient]
    ward.world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    assert ward.row(AppointmentRow, visit).state == "cancelled"
    assert ward.world.ask("nurse", answers) == []

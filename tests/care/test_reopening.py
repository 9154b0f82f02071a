"""A course ended by mistake goes on: what was called off comes back, a refund is reversed, never two of a kind."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from core.care.listening import SERVICE_WITHDRAWN
from core.care.quiet_care import gentle_stop, lift_silence
from core.care.sale.courses import complete, get_enrolment
from core.care.sale.enrolments import ServiceConsentNeeded
from core.care.sale.offers import AlreadyHolds
from core.care.sale.refund_rows import book as book_refund
from core.care.sale.reopening import (
    DAYS,
    NotReopenable,
    RunOut,
    TooLateToReopen,
    reopen,
    reopening,
)
from core.care.tables import AppointmentRow, CourseEndingRow, EnrolmentRow, RefundRow
from core.care.work.appointments import book
from core.care.work.tasks import mark_done
from core.care.work.worklist import due_list
from core.foundation.access import SYSTEM
from core.foundation.doors import Stamp
from core.foundation.reasons import ReasonMissing
from core.messages.due import due_messages
from core.people.consents import answer_consents
from core.people.patients import SilencedPatient
from core.settlement.refund_proposals import proposal
from core.settlement.refunds import cancel_and_refund
from tests.prenatal_ward import TODAY, PrenatalWard

BACK = {"reason": "点错了"}


def cancelled(ward: PrenatalWard, patient: int | None = None) -> int:
    number = ward.sell(patient)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    ward.world.do(
        "front_desk", cancel_and_refund, enrolment_id=number, cause="wish", refund_fen=9900, reason="搬家"
    )
    return number


def test_what_an_ending_called_off_comes_back(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    at = ward.world.clock.now() + timedelta(days=2)
    task = ward.task(number, "P02").id
    visit = ward.world.do("nurse", book, patient_id=patient, at=at, task_id=task)
    ward.world.do("nurse", complete, enrolment_id=number)
    assert ward.row(AppointmentRow, visit).state == "cancelled"
    back = ward.world.ask("front_desk", reopening, enrolment_id=number)
    assert (back.until, back.visits, back.refund_fen) == (TODAY + timedelta(days=DAYS), 1, 0)
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    row = ward.row(EnrolmentRow, number)
    assert (row.status, row.ended_on, row.end_reason) == ("active", None, "")
    assert ward.task(number, "P01").state == "done" and ward.task(number, "P16").state == "planned"
    assert ward.row(AppointmentRow, visit).state == "booked"
    [ending] = ward.rows(CourseEndingRow, enrolment_id=number)
    assert (ending.status, ending.reopen_reason) == ("completed", "点错了")
    [(_entry, detail)] = ward.entries("enrolment.reopened")
    assert (detail.before["status"], detail.after["status"]) == ("completed", "active")


def test_what_passed_meanwhile_stays_called_off(ward: PrenatalWard) -> None:
    number = cancelled(ward)
    window = ward.task(number, "P02").closes_on
    ward.world.clock.moment += window - TODAY + timedelta(days=1)
    if ward.world.clock.moment.date() > TODAY + timedelta(days=DAYS):
        pytest.fail("the window is too long for this rule")
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    assert ward.task(number, "P02").state == "cancelled"
    assert ward.task(number, "P16").state == "planned"


def test_a_refund_is_reversed_by_a_row_of_its_own(ward: PrenatalWard) -> None:
    number = cancelled(ward)
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    rows = ward.rows(RefundRow, enrolment_id=number)
    assert [(row.amount_fen, row.reverses_id) for row in rows] == [(9900, None), (-9900, rows[0].id)]
    row = ward.row(EnrolmentRow, number)
    assert (row.refund_fen, row.refunded_on) == (0, None)
    ward.world.do(
        "front_desk", cancel_and_refund, enrolment_id=number, cause="wish", refund_fen=5000, reason="搬家"
    )
    assert ward.row(EnrolmentRow, number).refund_fen == 5000
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    assert sum(row.amount_fen for row in ward.rows(RefundRow, enrolment_id=number)) == 0


def test_thirty_days_and_no_longer(ward: PrenatalWard) -> None:
    number = cancelled(ward)
    ward.world.clock.moment += timedelta(days=DAYS + 1)
    assert ward.world.ask("front_desk", reopening, enrolment_id=number) is None
    with pytest.raises(TooLateToReopen):
        ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    ward.world.clock.moment -= timedelta(days=1)
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)


def test_not_after_its_validity(ward: PrenatalWard) -> None:
    number = cancelled(ward)
    with ward.world.desk.database.writing() as session:
        session.get_one(EnrolmentRow, number).expires_on = TODAY
    ward.world.clock.moment += timedelta(days=1)
    with pytest.raises(RunOut):
        ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)


def test_only_with_a_reason_and_only_what_has_ended(ward: PrenatalWard) -> None:
    number = ward.sell()
    with pytest.raises(NotReopenable):
        ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    ward.world.do("nurse", complete, enrolment_id=number)
    with pytest.raises(ReasonMissing):
        ward.world.do("front_desk", reopen, enrolment_id=number, reason=" ")


def test_one_running_package_of_a_kind(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = cancelled(ward, patient)
    ward.sell(patient)
    with pytest.raises(AlreadyHolds):
        ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    assert ward.row(EnrolmentRow, number).refund_fen == 9900


def test_a_quiet_patient_hears_nothing_again(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = cancelled(ward, patient)
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    with pytest.raises(SilencedPatient):
        ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)


def test_an_ending_from_before_endings_were_recorded_is_taken_back_by_its_day_and_reason(
    ward: PrenatalWard,
) -> None:
    number = cancelled(ward)
    with ward.world.desk.database.writing() as session:
        for row in session.query(CourseEndingRow):
            session.delete(row)
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    assert ward.task(number, "P16").state == "planned"


def test_two_clicks_at_once_reopen_once(ward: PrenatalWard) -> None:
    number = cancelled(ward)
    problems: list[Exception] = []

    def click() -> None:
        try:
            ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
        except NotReopenable as problem:
            problems.append(problem)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(problems) == 3
    assert [row.amount_fen for row in ward.rows(RefundRow, enrolment_id=number)] == [9900, -9900]


def test_without_consent_to_the_service_her_package_ends_and_comes_back_with_it(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    visit = ward.world.do(
        "nurse", book, patient_id=patient, task_id=ward.task(number, "P01").id,
        at=ward.world.clock.now() + timedelta(days=2),
    )  # fmt: skip
    ward.world.desk.do(ward.world.patient(patient), answer_consents, given={"service": False})
    assert (ward.row(EnrolmentRow, number).status, ward.task(number, "P01").state) == (
        "cancelled",
        "cancelled",
    )
    assert ward.row(AppointmentRow, visit).state == "cancelled"
    assert ward.row(EnrolmentRow, number).end_reason == SERVICE_WITHDRAWN
    assert ward.world.ask("nurse", due_list).rows == [] and ward.world.ask("nurse", due_messages) == []
    with pytest.raises(ServiceConsentNeeded):
        ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    ward.world.desk.do(ward.world.patient(patient), answer_consents, given={"service": True})
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    assert (ward.row(EnrolmentRow, number).status, ward.row(AppointmentRow, visit).state) == (
        "active",
        "booked",
    )


def test_what_was_paid_for_a_missed_promise_stays_with_her(ward: PrenatalWard) -> None:
    """It has nothing to do with the ending: neither reopening nor lifting a mistaken stop asks for it back."""
    patient = ward.patient()
    number = ward.sell(patient)

    def pay(stamp: Stamp) -> None:
        book_refund(stamp, get_enrolment(stamp, number), 4300, cause="missed_promise", amends=True)

    ward.world.desk.do(SYSTEM, pay)
    ward.world.clock.advance(timedelta(hours=1))
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="other", caller_id=4)
    ward.world.do("doctor", lift_silence, stop_id=stop, reason="点错了")
    found = ward.world.ask("front_desk", proposal, enrolment_id=number, cause="loss")
    assert (found.fen, found.left_fen) == (19900 - 4300, 19900 - 4300), "only what was paid can be paid back"
    ward.world.do("nurse", complete, enrolment_id=number)
    assert ward.world.ask("front_desk", reopening, enrolment_id=number).refund_fen == 0
    ward.world.do("front_desk", reopen, enrolment_id=number, **BACK)
    assert [row.amount_fen for row in ward.rows(RefundRow, enrolment_id=number)] == [4300]
    assert ward.row(EnrolmentRow, number).refund_fen == 4300

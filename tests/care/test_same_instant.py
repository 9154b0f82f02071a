"""Two deeds for one patient in the same instant: the later one sees what the earlier did, on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.care.quiet_care import AlreadyQuiet, TooLateToLift, gentle_stop, lift_silence
from core.care.tables import AppointmentRow, EnrolmentRow
from core.care.work.appointments import book
from core.care.work.tasks import mark_done
from core.foundation.doors import Stamp
from core.messages.due import due_messages
from core.messages.log import sent_messages
from core.messages.marking import mark_messages_sent
from core.people.patients import SilencedPatient
from core.settlement.refunds import cancel_and_refund, record_refund
from tests.prenatal_ward import PrenatalWard

WHILE = 0.3  # seconds the first deed stays uncommitted


def overlapping(ward: PrenatalWard, first: Callable[[Stamp], Any], second: Callable[[Stamp], Any]) -> None:
    """Run `second` while `first` is done but not yet committed; what `second` raises is raised here."""
    desk, actor = ward.world.desk, ward.world.actors["doctor"]
    begun = threading.Event()

    def slow(stamp: Stamp) -> None:
        first(stamp)
        stamp.session.flush()
        begun.set()
        time.sleep(WHILE)

    ahead = threading.Thread(target=desk.do, args=(actor, slow))
    ahead.start()
    assert begun.wait(30)
    try:
        desk.do(actor, second)
    finally:
        ahead.join(30)


def stop(patient: int) -> Callable[[Stamp], int]:
    return lambda stamp: gentle_stop(stamp, patient_id=patient, kind="loss", caller_id=4)


def test_a_task_done_while_the_package_ends_stays_done(ward: PrenatalWard) -> None:
    enrolment = ward.sell()
    task = ward.task(enrolment, "P01").id
    overlapping(
        ward,
        lambda stamp: mark_done(stamp, task_id=task),
        lambda stamp: cancel_and_refund.__wrapped__(  # type: ignore[attr-defined]
            stamp, enrolment_id=enrolment, reason="搬家", cause="wish", refund_fen=0
        ),
    )
    assert ward.task(enrolment, "P01").state == "done"
    assert ward.task(enrolment, "P02").state == "cancelled"
    assert ward.row(EnrolmentRow, enrolment).status == "cancelled"


def test_a_visit_booked_during_the_gentle_stop_is_refused(ward: PrenatalWard) -> None:
    patient = ward.patient()
    at = ward.world.clock.now() + timedelta(days=1)
    with pytest.raises(SilencedPatient):
        overlapping(ward, stop(patient), lambda stamp: book(stamp, patient_id=patient, at=at))
    assert ward.rows(AppointmentRow, patient_id=patient) == []


def test_a_visit_booked_just_before_the_gentle_stop_is_called_off(ward: PrenatalWard) -> None:
    patient = ward.patient()
    at = ward.world.clock.now() + timedelta(days=1)
    overlapping(ward, lambda stamp: book(stamp, patient_id=patient, at=at), stop(patient))
    [visit] = ward.rows(AppointmentRow, patient_id=patient)
    assert visit.state == "cancelled"


def test_two_stops_at_once_leave_one(ward: PrenatalWard) -> None:
    patient = ward.patient()
    with pytest.raises(AlreadyQuiet):
        overlapping(ward, stop(patient), stop(patient))


def test_a_list_that_goes_out_during_a_gentle_stop_leaves_her_out(ward: PrenatalWard) -> None:
    stopped, other = ward.patient(), ward.patient()
    for patient in (stopped, other):
        ward.sell(patient, consents={"service": True, "messages": True})
    ready = ward.world.ask("front_desk", due_messages)
    keys = [one.key for one in ready]
    overlapping(
        ward,
        stop(stopped),
        lambda stamp: mark_messages_sent(
            replace(stamp, actor=ward.world.actors["front_desk"]),
            messages=keys, due_on=ward.world.today, channel="sms",
        ),
    )  # fmt: skip
    assert {one.patient_id for one in ward.world.ask("front_desk", sent_messages)} == {other}


def test_a_stop_is_not_lifted_while_its_refund_is_being_recorded(ward: PrenatalWard) -> None:
    enrolment = ward.sell()
    stopped = ward.world.do("doctor", gentle_stop, patient_id=1, kind="other", caller_id=4)
    desk = ward.world.actors["front_desk"]
    with pytest.raises(TooLateToLift):
        overlapping(
            ward,
            lambda stamp: record_refund(
                replace(stamp, actor=desk),
                enrolment_id=enrolment,
                cause="wish",
                refund_fen=100,
                reason="退款",
            ),
            lambda stamp: lift_silence(stamp, stop_id=stopped, reason="误操作"),
        )
    assert ward.row(EnrolmentRow, enrolment).status == "stopped"

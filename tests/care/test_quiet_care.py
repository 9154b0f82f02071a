"""The gentle stop: everything quiet at once, a named caller, and a mistake that can be lifted the same day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.care.quiet_care import (
    AlreadyCalled,
    AlreadyQuiet,
    CallerUnknown,
    TooLateToLift,
    UnknownStop,
    UnknownStopKind,
    calls_to_make,
    end_silence,
    gentle_stop,
    lift_silence,
    mark_called,
    stop_of,
)
from core.care.tables import AppointmentRow, EnrolmentRow
from core.care.work.appointments import book
from core.care.work.tasks import mark_done
from core.foundation.access import NotAllowed
from core.foundation.reasons import ReasonMissing
from core.people.patients import SilencedPatient, card
from core.settlement.refunds import record_refund
from tests.prenatal_ward import TODAY, PrenatalWard

DOCTOR = 4


class Case:
    """A patient with one task done, visits booked, and everything else to come."""

    def __init__(self, ward: PrenatalWard) -> None:
        self.ward = ward
        self.patient = ward.patient()
        self.enrolment = ward.sell(self.patient)
        ward.world.do("nurse", mark_done, task_id=ward.task(self.enrolment, "P01").id)
        self.visits = [self.book(task_id=ward.task(self.enrolment, "P02").id), self.book()]

    def book(self, **more: Any) -> int:
        at = self.ward.world.clock.now() + timedelta(hours=2)
        return self.ward.world.do("nurse", book, patient_id=self.patient, at=at, **more)

    def stop(self, **changes: Any) -> int:
        known = {"patient_id": self.patient, "kind": "loss", "caller_id": DOCTOR, "note": "孕12周"}
        return self.ward.world.do("doctor", gentle_stop, **{**known, **changes})

    def states(self) -> dict[str, Any]:
        row = self.ward.row(EnrolmentRow, self.enrolment)
        return {
            "enrolment": (row.status, row.ended_on, row.end_reason),
            "tasks": [self.ward.task(self.enrolment, f"P{n:02d}").state for n in range(1, 18)],
            "visits": [self.ward.row(AppointmentRow, visit).state for visit in self.visits],
        }


@pytest.fixture
def case(ward: PrenatalWard) -> Case:
    return Case(ward)


def test_one_act_silences_everything(case: Case) -> None:
    case.stop()
    found = case.states()
    assert found["enrolment"][:2] == ("stopped", TODAY)
    assert found["tasks"] == ["done"] + ["cancelled"] * 16
    assert found["visits"] == ["cancelled", "cancelled"]
    assert case.ward.world.ask("nurse", card, patient_id=case.patient).silenced_at is not None
    [(entry, detail)] = case.ward.entries("stop.made")
    assert (entry.subject_kind, entry.subject_id) == ("patient", case.patient)
    assert detail.after["kind"] == "loss" and len(detail.after["tasks"]) == 16


def test_the_reason_stands_on_no_task_visit_or_enrolment(case: Case) -> None:
    case.stop()
    row = case.ward.row(EnrolmentRow, case.enrolment)
    written = row.end_reason + case.ward.task(case.enrolment, "P05").reason
    assert "loss" not in written and "孕12周" not in written


def test_a_named_person_is_asked_to_call_and_the_refund_is_proposed(case: Case) -> None:
    stop = case.stop()
    [call] = case.ward.world.ask("nurse", calls_to_make)
    assert (call.stop_id, call.caller_id, call.caller_name) == (stop, DOCTOR, "doctor测试")
    assert call.refund_proposed and call.phone.startswith("138")
    assert case.ward.world.ask("nurse", calls_to_make, caller_id=3) == []
    case.ward.world.do("doctor", mark_called, stop_id=stop, note="已通话")
    assert case.ward.world.ask("nurse", calls_to_make) == []
    with pytest.raises(AlreadyCalled):
        case.ward.world.do("doctor", mark_called, stop_id=stop)


def test_a_mistaken_stop_gives_everything_back(case: Case) -> None:
    before = case.states()
    stop = case.stop()
    with pytest.raises(ReasonMissing):
        case.ward.world.do("doctor", lift_silence, stop_id=stop, reason="")
    case.ward.world.do("doctor", lift_silence, stop_id=stop, reason="同名患者")
    assert case.states() == before
    assert case.ward.world.ask("nurse", card, patient_id=case.patient).silenced_at is None
    assert case.ward.world.ask("nurse", stop_of, patient_id=case.patient) is None
    with pytest.raises(UnknownStop):
        case.ward.world.do("doctor", lift_silence, stop_id=stop, reason="again")


def test_a_stop_is_not_lifted_the_next_day_or_after_money_went_back(case: Case) -> None:
    stop = case.stop()
    assert case.ward.world.ask("nurse", stop_of, patient_id=case.patient).may_be_lifted
    case.ward.world.clock.advance(timedelta(hours=12))
    with pytest.raises(TooLateToLift):
        case.ward.world.do("doctor", lift_silence, stop_id=stop, reason="late")
    case.ward.world.clock.advance(-timedelta(hours=12))
    case.ward.world.do(
        "front_desk", record_refund, enrolment_id=case.enrolment, cause="wish", refund_fen=1, reason="退款"
    )
    with pytest.raises(TooLateToLift):
        case.ward.world.do("doctor", lift_silence, stop_id=stop, reason="refunded")
    assert not case.ward.world.ask("nurse", stop_of, patient_id=case.patient).may_be_lifted


def test_at_her_own_wish_the_silence_ends_later_and_she_may_enrol_again(case: Case) -> None:
    stop, world = case.stop(), case.ward.world
    world.clock.advance(timedelta(days=200))
    assert not world.ask("nurse", stop_of, patient_id=case.patient).may_be_lifted
    with pytest.raises(ReasonMissing):
        world.do("doctor", end_silence, stop_id=stop, reason=" ")
    world.do("doctor", end_silence, stop_id=stop, reason="再次怀孕,本人希望参加")
    assert world.ask("nurse", card, patient_id=case.patient).silenced_at is None
    assert world.ask("nurse", stop_of, patient_id=case.patient) is None
    assert case.states()["enrolment"][0] == "stopped" and "planned" not in case.states()["tasks"]
    assert case.ward.sell(case.patient, last_period=world.today - timedelta(days=60))
    with pytest.raises(UnknownStop):
        world.do("doctor", end_silence, stop_id=stop, reason="again")


def test_a_promised_call_outlives_whoever_promised_it(case: Case) -> None:
    from core.people.staff import deactivate

    case.stop()
    nurse = case.ward.world.actors["nurse"].id
    assert case.ward.world.ask("nurse", calls_to_make, caller_id=nurse) == []
    case.ward.world.do("administrator", deactivate, staff_id=DOCTOR)
    [call] = case.ward.world.ask("nurse", calls_to_make, caller_id=nurse)
    assert call.caller_name == "doctor测试"


def test_stopping_twice_is_refused_and_a_double_click_is_one_stop(case: Case) -> None:
    assert case.stop(request_key="click") == case.stop(request_key="click")
    with pytest.raises(AlreadyQuiet):
        case.stop()
    with pytest.raises(SilencedPatient):
        case.book()


def test_the_caller_must_be_with_us_and_the_kind_known(case: Case) -> None:
    from core.people.staff import deactivate

    with pytest.raises(UnknownStopKind):
        case.stop(kind="sad")
    case.ward.world.do("administrator", deactivate, staff_id=DOCTOR)
    for caller in (DOCTOR, 9999):
        with pytest.raises(CallerUnknown):
            case.stop(caller_id=caller)


def test_a_patient_without_a_pack_can_be_silenced_too(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="death", caller_id=DOCTOR, refund=False)
    [call] = ward.world.ask("nurse", calls_to_make)
    assert not call.refund_proposed


@pytest.mark.parametrize("role", ["front_desk", "executive"])
def test_only_clinicians_and_the_manager_stop(case: Case, role: str) -> None:
    with pytest.raises(NotAllowed):
        case.ward.world.do(role, gentle_stop, patient_id=case.patient, kind="loss", caller_id=DOCTOR)

"""Who did not come is called back, and a mark made by mistake is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import EnrolmentEnded
from core.care.tables import AppointmentRow
from core.care.work import missed
from core.care.work.appointments import BookedAlready, VisitMoveNotPossible, book
from core.care.work.missed import (
    CallOutcomeMissing,
    MissedVisit,
    missed_by,
    missed_visits,
    note_call_back,
    take_back_no_show,
)
from core.care.work.tasks import MoveNotPossible, TooLateToUndo, mark_done, mark_no_show
from core.foundation.reasons import ReasonMissing
from core.settlement.refunds import cancel_and_refund
from tests.prenatal_ward import PrenatalWard


class Missing:
    """A patient with a visit she did not come to."""

    def __init__(self, ward: PrenatalWard) -> None:
        self.ward, self.world = ward, ward.world
        self.patient = ward.patient(name="林夏")
        self.enrolment = ward.sell(self.patient)
        self.task = ward.task(self.enrolment, "P01").id
        self.visit = self.book(2)
        self.world.clock.advance(timedelta(hours=3))
        self.world.do("nurse", mark_no_show, task_id=self.task)

    def book(self, hours: float) -> int:
        at = self.world.clock.now() + timedelta(hours=hours)
        number: int = self.world.do("nurse", book, patient_id=self.patient, at=at, task_id=self.task)
        return number

    def call(self, outcome: str) -> None:
        self.world.do("front_desk", note_call_back, appointment_id=self.visit, outcome=outcome)

    def back(self, role: str = "nurse", reason: str = "她坐在候诊区") -> None:
        self.world.do(role, take_back_no_show, appointment_id=self.visit, reason=reason)

    def waiting(self) -> list[MissedVisit]:
        found: list[MissedVisit] = self.world.ask("nurse", missed_visits)
        return found

    def state(self) -> str:
        return str(self.ward.row(AppointmentRow, self.visit).state)


@pytest.fixture
def missing(ward: PrenatalWard) -> Missing:
    return Missing(ward)


def test_who_did_not_come_waits_to_be_called_back(missing: Missing) -> None:
    [one] = missing.waiting()
    assert (one.patient_name, one.tries, one.outcome) == ("林夏", 0, "")


def test_who_was_not_reached_waits_on_with_every_try(missing: Missing) -> None:
    missing.call("not_reached")
    missing.world.clock.advance(timedelta(hours=5))
    missing.call("not_reached")
    [one] = missing.waiting()
    assert (one.tries, one.outcome, one.last_try) == (2, "not_reached", missing.world.clock.now())


@pytest.mark.parametrize("outcome", ["reached", "declined"])
def test_a_call_that_settles_it_takes_her_off_the_list_and_stays_in_her_file(
    missing: Missing, outcome: str
) -> None:
    missing.call(outcome)
    assert missing.waiting() == []
    [one] = missing.world.ask("nurse", missed_by, patient_id=missing.patient)
    assert (one.outcome, one.waits) == (outcome, False)


def test_a_new_day_or_the_task_done_settles_it_too(missing: Missing) -> None:
    again = missing.book(20)
    assert missing.waiting() == []
    missing.ward.row(AppointmentRow, again)
    missing.world.do("nurse", mark_done, task_id=missing.task)
    assert missing.world.ask("nurse", missed_by, patient_id=missing.patient) == []


def test_a_mark_made_by_mistake_is_taken_back_within_the_day_with_a_reason(missing: Missing) -> None:
    with pytest.raises(ReasonMissing):
        missing.back(reason="")
    missing.back()
    assert missing.state() == "booked" and missing.waiting() == []
    with pytest.raises(VisitMoveNotPossible):
        missing.back()


def test_later_only_those_who_correct_take_it_back(missing: Missing) -> None:
    missing.world.clock.advance(timedelta(days=1))
    with pytest.raises(TooLateToUndo):
        missing.back()
    missing.back("manager")
    assert missing.state() == "booked"


def test_a_visit_is_not_booked_beside_the_new_one(missing: Missing) -> None:
    missing.book(20)
    with pytest.raises(BookedAlready):
        missing.back()


def test_a_visit_is_not_booked_again_for_a_task_that_is_marked_by_now(missing: Missing) -> None:
    missing.world.do("nurse", mark_done, task_id=missing.task)
    with pytest.raises(MoveNotPossible):
        missing.back()
    assert missing.state() == "no_show"


def test_a_visit_of_a_package_that_has_ended_is_not_booked_again(missing: Missing) -> None:
    missing.world.do(
        "manager", cancel_and_refund, enrolment_id=missing.enrolment, refund_fen=0, reason="另有约定，不退款"
    )
    with pytest.raises(EnrolmentEnded):
        missing.back()
    assert missing.state() == "no_show"


def test_those_that_are_settled_take_nobody_s_place_in_the_list(
    missing: Missing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "MOST", 1)
    missing.call("not_reached")
    missing.call("declined")
    later = Missing(missing.ward)
    assert [one.appointment_id for one in missing.waiting()] == [later.visit]
    later.call("not_reached")
    assert [one.tries for one in missing.waiting()] == [1]


def test_missed_again_after_a_mark_taken_back_begins_without_old_calls(missing: Missing) -> None:
    missing.call("declined")
    missing.back()
    missing.world.do("nurse", mark_no_show, task_id=missing.task)
    [one] = missing.waiting()
    assert (one.tries, one.outcome) == (0, "")


def test_nobody_in_quiet_care_is_called_about_a_visit(missing: Missing) -> None:
    missing.world.do("doctor", gentle_stop, patient_id=missing.patient, kind="loss", caller_id=4)
    assert missing.waiting() == []


@pytest.mark.parametrize("outcome", ["", "rebooked", "lost"])
def test_a_call_has_an_outcome_that_the_list_knows(missing: Missing, outcome: Any) -> None:
    with pytest.raises(CallOutcomeMissing):
        missing.call(outcome)

"""A course ends by itself when its validity is over, with a word of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.care.sale.courses import complete
from core.care.sale.reopening import RunOut, reopen, reopening
from core.care.sale.running_out import over, run_out
from core.care.tables import AppointmentRow, CourseEndingRow, EnrolmentRow
from core.care.work.appointments import book
from core.care.work.tasks import mark_done
from core.foundation.access import SYSTEM
from core.operations import jobs
from core.phone.journey import journey
from core.settlement.entitlements import rights
from tests.prenatal_ward import PrenatalWard


def past_its_validity(ward: PrenatalWard, number: int, days: int = 1) -> None:
    left = ward.row(EnrolmentRow, number).expires_on - ward.world.today
    ward.world.clock.advance(left + timedelta(days=days))


def test_a_course_runs_on_its_last_day_and_ends_in_the_night_behind_it(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    past_its_validity(ward, number, days=0)
    task = ward.task(number, "P02")
    at = ward.world.clock.now() + timedelta(days=2)
    visit = ward.world.do("nurse", book, patient_id=patient, at=at, task_id=task.id)
    jobs.end_what_ran_out(ward.world.desk)
    assert ward.row(EnrolmentRow, number).status == "active"
    ward.world.clock.advance(timedelta(days=1))
    jobs.end_what_ran_out(ward.world.desk)
    row = ward.row(EnrolmentRow, number)
    assert (row.status, row.ended_on) == ("run_out", ward.world.today)
    assert ward.row(AppointmentRow, visit).state == "cancelled" and ward.task(number, "P01").state == "done"
    [ending] = ward.rows(CourseEndingRow, enrolment_id=number)
    assert ending.status == "run_out"
    [(entry, _detail)] = ward.entries("enrolment.run_out")
    assert entry.subject_id == number
    # A second night changes nothing.
    jobs.end_what_ran_out(ward.world.desk)
    assert len(ward.entries("enrolment.run_out")) == 1


def test_one_that_cannot_be_ended_holds_up_no_other(
    ward: PrenatalWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ward.sell(), ward.sell()
    past_its_validity(ward, first)
    assert ward.world.desk.ask(SYSTEM, over) == [first, second]
    real = ward.world.desk.do

    def failing(actor: object, deed: object, *more: object, **given: object) -> object:
        if given.get("enrolment_id") == first:
            raise LookupError("a bad row")
        return real(actor, deed, *more, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(ward.world.desk, "do", failing)
    jobs.end_what_ran_out(ward.world.desk)
    assert [ward.row(EnrolmentRow, one).status for one in (first, second)] == ["active", "run_out"]


def test_what_is_still_valid_is_not_ended(ward: PrenatalWard) -> None:
    number = ward.sell()
    ward.world.desk.do(SYSTEM, run_out, enrolment_id=number)
    assert ward.row(EnrolmentRow, number).status == "active" and ward.entries("enrolment.run_out") == []


def test_what_ran_out_blocks_no_sale_even_before_the_night(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    past_its_validity(ward, number)
    again = ward.sell(patient, last_period=ward.world.today - timedelta(days=50))
    assert [ward.row(EnrolmentRow, one).status for one in (number, again)] == ["run_out", "active"]


def test_her_phone_folds_it_away_with_what_she_had(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    past_its_validity(ward, number)
    before = ward.world.desk.ask(ward.world.patient(patient), journey)
    jobs.end_what_ran_out(ward.world.desk)
    after = ward.world.desk.ask(ward.world.patient(patient), journey)
    for seen in (before, after):
        assert (seen.running, seen.package.status, seen.next) == ((), "run_out", None)
        assert (seen.package.week_text, seen.package.due_on, seen.badge_target) == ("", None, None)
    assert ward.world.ask("nurse", rights, enrolment_id=number)


def test_what_ran_out_is_sold_anew_and_not_reopened(ward: PrenatalWard) -> None:
    number = ward.sell()
    past_its_validity(ward, number)
    jobs.end_what_ran_out(ward.world.desk)
    assert ward.world.ask("front_desk", reopening, enrolment_id=number) is None
    with pytest.raises(RunOut):
        ward.world.do("front_desk", reopen, enrolment_id=number, reason="点错了")


def test_a_completed_course_does_not_run_out(ward: PrenatalWard) -> None:
    number = ward.sell()
    ward.world.do("nurse", complete, enrolment_id=number)
    past_its_validity(ward, number)
    assert ward.world.desk.ask(SYSTEM, over) == []

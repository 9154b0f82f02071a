"""What is named before a package is ended is what ending it takes."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from core.care.sale.courses import complete
from core.care.tables import AppointmentRow, TaskRow
from core.care.work.appointments import book
from core.dialogue.cases.questions import ask as ask_question
from core.settlement.what_goes import what_goes
from tests.conftest import World
from tests.knee_ward import knee_ward
from tests.settlement.written_rules import sold


def called_off(world: World, table: type[TaskRow] | type[AppointmentRow]) -> int:
    with world.desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(table.state == "cancelled")) or 0


def test_the_numbers_named_are_what_completing_calls_off(world: World) -> None:
    one = sold(world, "prenatal_quest", last_period=date(2026, 3, 5) - timedelta(days=84))
    with world.desk.database.reading() as session:
        task = session.scalar(select(TaskRow.id).where(TaskRow.code == "P03"))
    at = world.clock.now() + timedelta(days=20)
    world.do("nurse", book, patient_id=one.patient_id, at=at, task_id=task)
    # A visit that belongs to no task of the package stays booked.
    world.do("nurse", book, patient_id=one.patient_id, at=at + timedelta(days=1))
    found = world.ask("front_desk", what_goes, enrolment_id=one.enrolment_id)
    assert (found.tasks, found.visits, found.next, found.cases) == (17, 1, (at,), 0)
    world.do("nurse", complete, enrolment_id=one.enrolment_id)
    assert (called_off(world, TaskRow), called_off(world, AppointmentRow)) == (17, 1)


def test_an_open_question_stays_with_the_team(world: World) -> None:
    ward = knee_ward(world)
    ward.hers(ask_question, words="可以洗澡吗")
    assert world.ask("nurse", what_goes, enrolment_id=ward.enrolment_id).cases == 1
    assert world.ask("nurse", what_goes, enrolment_id=ward.other_enrolment_id).cases == 0

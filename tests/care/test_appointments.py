"""Visits: booked for a time to come, then attended, missed or called off; and those before the pilot."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import core.care.listening  # noqa: F401 (visits hear of the time zone)
from core.care.tables import AppointmentRow
from core.care.work.appointments import (
    BookedAlready,
    PastVisitRefused,
    VisitInPast,
    VisitMoveNotPossible,
    VisitNotYet,
    VisitTooFar,
    attended,
    book,
    cancel,
    import_past,
    no_show,
    reschedule,
)
from core.care.work.tasks import UnknownTask
from core.department.profile import change_facts
from core.foundation.access import NotAllowed
from core.foundation.meanwhile import ChangedMeanwhile
from core.people.intake import FileAlreadyImported
from tests.prenatal_ward import TODAY, PrenatalWard


@pytest.fixture
def visit(ward: PrenatalWard) -> int:
    """A visit in two hours for the first mission."""
    patient = ward.patient()
    return booked(ward, patient, 2, task_id=ward.task(ward.sell(patient), "P01").id)


def booked(ward: PrenatalWard, patient: int, hours: float, **more: Any) -> int:
    at = ward.world.clock.now() + timedelta(hours=hours)
    return ward.world.do("nurse", book, patient_id=patient, at=at, **more)


def state(ward: PrenatalWard, visit: int) -> str:
    return ward.row(AppointmentRow, visit).state


def test_a_visit_belongs_to_the_departments_day(ward: PrenatalWard) -> None:
    # 23:00 in Shanghai is the same day there; half past midnight is the next, though UTC says otherwise.
    patient = ward.patient()
    assert ward.row(AppointmentRow, booked(ward, patient, 11)).day == TODAY
    assert ward.row(AppointmentRow, booked(ward, patient, 12.5)).day == TODAY + timedelta(days=1)


@pytest.mark.parametrize(("hours", "refusal"), [(0, VisitInPast), (-1, VisitInPast), (401 * 24, VisitTooFar)])
def test_a_visit_lies_ahead_but_not_too_far(
    ward: PrenatalWard, hours: float, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        booked(ward, ward.patient(), hours)


def test_one_booked_visit_per_task(ward: PrenatalWard, visit: int) -> None:
    row = ward.row(AppointmentRow, visit)
    with pytest.raises(BookedAlready):
        booked(ward, row.patient_id, 3, task_id=row.task_id)
    ward.world.do("nurse", cancel, appointment_id=visit, reason="改期")
    assert booked(ward, row.patient_id, 3, task_id=row.task_id) != visit


def test_a_task_of_somebody_else_is_not_booked(ward: PrenatalWard, visit: int) -> None:
    with pytest.raises(UnknownTask):
        booked(ward, ward.patient(), 2, task_id=ward.row(AppointmentRow, visit).task_id)


def test_moving_a_visit_moves_its_day(ward: PrenatalWard, visit: int) -> None:
    later = ward.world.clock.now() + timedelta(days=3)
    ward.world.do("nurse", reschedule, appointment_id=visit, at=later)
    row = ward.row(AppointmentRow, visit)
    assert (row.at, row.day) == (later, TODAY + timedelta(days=3))
    assert ward.entries("appointment.moved")[0][1].after["at"] == later.isoformat()


def test_moving_a_visit_to_the_hour_it_has_moves_nothing(ward: PrenatalWard, visit: int) -> None:
    same = ward.row(AppointmentRow, visit).at
    ward.world.do("nurse", reschedule, appointment_id=visit, at=same)
    assert ward.entries("appointment.moved") == []


def test_a_visit_a_colleague_moved_meanwhile_is_not_moved_back_unseen(ward: PrenatalWard, visit: int) -> None:
    read = {"at": ward.row(AppointmentRow, visit).at}
    theirs = ward.world.clock.now() + timedelta(days=3)
    ward.world.do("front_desk", reschedule, appointment_id=visit, at=theirs, read=read)
    mine = ward.world.clock.now() + timedelta(days=1)
    with pytest.raises(ChangedMeanwhile):
        ward.world.do("nurse", reschedule, appointment_id=visit, at=mine, read=read)
    assert ward.row(AppointmentRow, visit).at == theirs
    ward.world.do("nurse", reschedule, appointment_id=visit, at=mine, read={"at": theirs})
    assert ward.row(AppointmentRow, visit).at == mine


def test_what_has_not_begun_is_not_marked(ward: PrenatalWard, visit: int) -> None:
    with pytest.raises(VisitNotYet):
        ward.world.do("nurse", no_show, appointment_id=visit)
    ward.world.do("nurse", reschedule, appointment_id=visit, at=ward.world.clock.now() + timedelta(days=1))
    with pytest.raises(VisitNotYet):
        ward.world.do("nurse", attended, appointment_id=visit)


def test_a_wrong_mark_is_set_right_but_a_cancelled_visit_stays(ward: PrenatalWard, visit: int) -> None:
    ward.world.clock.advance(timedelta(hours=3))
    ward.world.do("nurse", no_show, appointment_id=visit)
    ward.world.do("nurse", attended, appointment_id=visit)
    assert state(ward, visit) == "attended"
    with pytest.raises(VisitMoveNotPossible):
        ward.world.do("nurse", cancel, appointment_id=visit)
    with pytest.raises(VisitMoveNotPossible):
        ward.world.do(
            "nurse", reschedule, appointment_id=visit, at=ward.world.clock.now() + timedelta(days=1)
        )


def test_a_double_click_books_once(ward: PrenatalWard) -> None:
    patient = ward.patient()
    first = booked(ward, patient, 2, request_key="click")
    assert booked(ward, patient, 2, request_key="click") == first
    assert len(ward.rows(AppointmentRow, patient_id=patient)) == 1


def past(day: date, outcome: str = "attended", **more: Any) -> dict[str, Any]:
    return {"day": day, "state": outcome, **more}


def test_visits_before_the_pilot_come_in_once_with_or_without_a_person(ward: PrenatalWard) -> None:
    ward.patient(record_number="OLD1")
    rows = [
        past(date(2025, 11, 3), record_number="old1"),
        past(date(2025, 11, 4), "no_show", record_number="NOBODY"),
        past(date(2025, 11, 5), "cancelled"),
    ]
    assert ward.world.do("front_desk", import_past, rows=rows, file_digest="d1") == 3
    with ward.world.desk.database.reading() as session:
        known = session.execute(select(AppointmentRow.state, AppointmentRow.patient_id)).all()
    assert sorted((state, patient is None) for state, patient in known) == [
        ("attended", False), ("cancelled", True), ("no_show", True),
    ]  # fmt: skip
    with pytest.raises(FileAlreadyImported):
        ward.world.do("front_desk", import_past, rows=rows, file_digest="d1")


@pytest.mark.parametrize("row", [past(TODAY), past(date(2025, 11, 3), "booked"), {"state": "attended"}])
def test_one_wrong_row_stops_the_whole_file(ward: PrenatalWard, row: dict[str, Any]) -> None:
    with pytest.raises(PastVisitRefused) as refused:
        rows = [past(date(2025, 11, 3)), row]
        ward.world.do("front_desk", import_past, rows=rows, file_digest="d1")
    assert refused.value.row_number == 2
    with ward.world.desk.database.reading() as session:
        assert session.scalars(select(AppointmentRow.id)).all() == []


@pytest.mark.parametrize("deed", [cancel, attended, no_show])
def test_an_executive_changes_no_visit(ward: PrenatalWard, deed: Any) -> None:
    with pytest.raises(NotAllowed):
        ward.world.do("executive", deed, appointment_id=1)


@pytest.mark.parametrize(
    ("hours", "wall"),
    [
        (24 * 7 - 2, datetime(2026, 3, 12, 10)),  # ten o'clock stays ten o'clock
        (24 * 7 + 10, datetime(2026, 3, 12, 22)),
        (13.5, datetime(2026, 3, 5, 23, 30)),  # half past one at night: nobody had meant that
    ],
)
def test_a_time_zone_set_right_moves_a_visit_as_people_mean_it(
    ward: PrenatalWard, hours: float, wall: datetime
) -> None:
    visit = booked(ward, ward.patient(), hours)
    ward.world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Urumqi",
        print_language="zh", phone="", address="", pilot_start=None,
    )  # fmt: skip
    row = ward.row(AppointmentRow, visit)
    assert row.at.astimezone(ZoneInfo("Asia/Urumqi")).replace(tzinfo=None) == wall and row.day == wall.date()

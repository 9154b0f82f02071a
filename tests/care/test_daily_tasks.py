"""A package of seven days after discharge, from the sale to the last day: plan, list, marks, badges, points."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care.sale.courses import change_anchor
from core.care.sale.enrolled import held_by
from core.care.sale.enrolments import AnchorMissing, enrol
from core.care.tables import EnrolmentRow, TaskRow
from core.care.work.tasks import mark_done
from core.care.work.worklist import due_list
from core.packages.document import PackageDocument
from core.packages.publishing import publish, take_template
from core.phone.journey import journey
from tests.conftest import World
from tests.packages.test_parts import RAW, exercise, week
from tests.prenatal_ward import PrenatalWard
from tests.selling import open_sales

DISCHARGED = date(2026, 3, 4)  # the day before "today"; day 1 is today


def document(**changes: Any) -> dict[str, Any]:
    call = exercise(code="CALL", kind="call", repeat_days=1, opens_day=2, closes_day=4, dose=None)
    visit = exercise(code="LAST", kind="visit", repeat_days=1, opens_day=7, closes_day=10, dose=None)
    welcome = exercise(
        code="HELLO", kind="call", repeat_days=1, opens_day=0, closes_day=0, dose=None, anchor="enrolment"
    )
    rest = {"counts_for_badge": False, "badge": None}
    return week(exercise(), {**call, **rest}, {**visit, **rest}, {**welcome, **rest}, code="tka7", **changes)


@pytest.fixture
def sold(ward: PrenatalWard) -> int:
    """The discharge package in the hands of one patient."""
    package_id = ward.world.do("manager", take_template, document=document())
    ward.world.do("manager", publish, package_id=package_id)
    open_sales(ward.world, package_id)
    ward.package_id = package_id
    return ward.sell(ward.patient(last_period=None), last_period=None, anchor_date=DISCHARGED)


def on_list(world: World, **filters: Any) -> list[tuple[str, str, int]]:
    rows = world.ask("nurse", due_list, **filters).rows
    return sorted((row.code, row.band, row.day_number) for row in rows)


def done(ward: PrenatalWard, sold: int, code: str) -> None:
    ward.world.do("nurse", mark_done, task_id=ward.task(sold, code).id)


def test_seven_days_become_seven_dated_tasks(ward: PrenatalWard, sold: int) -> None:
    with ward.world.desk.database.reading() as session:
        rows = session.scalars(select(TaskRow).where(TaskRow.enrolment_id == sold)).all()
        found = {row.code: (row.opens_on, row.closes_on) for row in rows}
        assert session.get_one(EnrolmentRow, sold).anchor_kind == "discharge"
    for n in range(1, 8):
        day = DISCHARGED + timedelta(days=n)
        assert found[f"PUMP.{n}"] == (day, day)
    assert found["CALL"] == (date(2026, 3, 6), date(2026, 3, 8))
    assert found["HELLO"] == (date(2026, 3, 5), date(2026, 3, 5))
    assert len(found) == 10


def test_a_discharge_package_needs_its_date(ward: PrenatalWard) -> None:
    package_id = ward.world.do("manager", take_template, document=document())
    ward.world.do("manager", publish, package_id=package_id)
    open_sales(ward.world, package_id)
    with pytest.raises(AnchorMissing):
        ward.world.do(
            "front_desk", enrol, patient_id=ward.patient(), package_id=package_id,
            payment_method="cash", consents={"service": True},
        )  # fmt: skip


def test_the_list_shows_each_day_its_own_exercise(ward: PrenatalWard, sold: int) -> None:
    assert on_list(ward.world) == [("HELLO", "due", 1), ("PUMP.1", "due", 1)]
    ward.world.clock.advance(timedelta(days=1))
    # Yesterday's can still be noted, so that a busy evening costs nobody a badge.
    assert on_list(ward.world) == [
        ("CALL", "open", 2), ("HELLO", "overdue", 2), ("PUMP.1", "overdue", 2), ("PUMP.2", "due", 2),
    ]  # fmt: skip
    ward.world.clock.advance(timedelta(days=1))
    assert [row for row in on_list(ward.world) if row[0].startswith("PUMP")] == [
        ("PUMP.2", "overdue", 3), ("PUMP.3", "due", 3),
    ]  # fmt: skip


def test_a_list_line_carries_the_words_of_the_daily_task(ward: PrenatalWard, sold: int) -> None:
    row = next(row for row in ward.world.ask("nurse", due_list).rows if row.code == "PUMP.1")
    assert (row.title, row.evidence, row.kind) == (exercise()["title"], "count", "exercise")
    assert row.week_text == ""


def test_each_day_done_earns_its_badge_and_its_points(ward: PrenatalWard, sold: int) -> None:
    for n in range(1, 4):
        done(ward, sold, f"PUMP.{n}")
        ward.world.clock.advance(timedelta(days=1))
    seen = ward.world.desk.ask(ward.world.patient(1), journey)
    assert (seen.badges_earned, seen.badge_target) == (3, 3)
    assert [one.code for one in seen.missions if one.earned] == ["PUMP.1", "PUMP.2", "PUMP.3"]
    [card] = ward.world.ask("nurse", held_by, patient_id=1)
    assert [task.code for task in card.tasks][:3] == ["PUMP.1", "PUMP.2", "PUMP.3"]
    assert card.badges_earned == 3


def test_the_phone_speaks_of_days_where_no_weeks_are_counted(ward: PrenatalWard, sold: int) -> None:
    seen = ward.world.desk.ask(ward.world.patient(1), journey)
    assert seen.package is not None and (seen.package.day_number, seen.package.week_text) == (1, "")
    assert seen.next is not None and seen.next.code in ("PUMP.1", "HELLO")
    states = {one.code: one.state for one in seen.missions}
    assert (states["PUMP.1"], states["PUMP.2"], states["LAST"]) == ("now", "later", "later")


def test_a_late_start_leaves_the_days_before_it_out_and_lowers_the_target(ward: PrenatalWard) -> None:
    package_id = ward.world.do("manager", take_template, document=document())
    ward.world.do("manager", publish, package_id=package_id)
    open_sales(ward.world, package_id)
    ward.package_id = package_id
    sold = ward.sell(ward.patient(), last_period=None, anchor_date=DISCHARGED - timedelta(days=4))
    assert ward.task(sold, "PUMP.4").state == "not_applicable"
    assert ward.task(sold, "PUMP.5").state == "planned"
    assert ward.row(EnrolmentRow, sold).badge_target == 2  # 3 of 7 in proportion: 3 x 3 / 7, rounded up


def test_a_corrected_discharge_moves_the_days_to_come_and_keeps_what_was_done(
    ward: PrenatalWard, sold: int
) -> None:
    done(ward, sold, "PUMP.1")
    later = DISCHARGED + timedelta(days=2)
    ward.world.do(
        "nurse", change_anchor, enrolment_id=sold, reason="Discharged two days later", anchor_date=later
    )
    assert ward.task(sold, "PUMP.1").closes_on == date(2026, 3, 5)
    assert ward.task(sold, "PUMP.2").opens_on == later + timedelta(days=2)
    assert ward.task(sold, "HELLO").opens_on == date(2026, 3, 5)  # counted from enrolment, so it stays


def test_the_source_document_is_sound() -> None:
    assert PackageDocument.model_validate(document()).badge_count == 7
    assert RAW["anchor"] == "last_period"

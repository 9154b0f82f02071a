"""Daily roll-ups say what a fresh count says, whatever happened before, and lose no mark."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.care.tables import AppointmentRow, EnrolmentRow, OfferRow, RefundRow, SurveyAnswerRow, TaskRow
from core.foundation.access import PUBLIC, NotAllowed
from core.foundation.touched_days import TouchedDayRow, touch, touched
from core.insight import rollups
from core.insight.board import board
from core.insight.tables import DailyCountRow
from core.recognition.tables import RecognitionRow
from tests.conftest import World
from tests.insight.fact_tables import FactTables, fresh, stored

DAY = date(2026, 2, 2)
FEW = timedelta(days=1)

# (what to do, day after DAY, a second day after it, a number to pick with)
acts = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "offer",
                "sale",
                "task",
                "visit",
                "answer",
                "praise",
                "entry",
                "reversal",
                "change",
                "remove",
                "count",
            ]
        ),
        st.integers(0, 12),
        st.integers(-2, 20),
        st.integers(0, 59),
    ),
    min_size=1,
    max_size=25,
)


def do(ward: FactTables, act: tuple[str, int, int, int]) -> None:
    """One thing that happens in a department: a fact, its change (back-dating included) or its removal."""
    what, ahead, further, pick = act
    day, package = DAY + ahead * FEW, 1 + pick % 2
    second = day + further * FEW
    match what:
        case "offer":
            sales = list(ward.session.scalars(select(EnrolmentRow).order_by(EnrolmentRow.id)))
            ward.offer(day, sales[pick % len(sales)] if sales and pick % 3 else None, package)
        case "sale":
            back: dict[str, Any] = {"refund_fen": 100 * pick, "refunded_on": second} if pick % 2 else {}
            ward.enrolment(day, package, 19900 + pick, **back)
        case "task":
            sale = ward.session.scalars(select(EnrolmentRow)).first() or ward.enrolment(DAY)
            state = ("planned", "done", "excused", "cancelled", "not_applicable")[pick % 5]
            ward.task(sale, day, state, second if state in ("done", "excused") else None)
        case "visit":
            state = ("booked", "attended", "no_show", "cancelled")[pick % 4]
            ward.visit(day, state, (None, 1, 2)[pick % 3])
        case "answer":
            ward.answer(day, 1 + pick % 5, (None, 1)[pick % 2])
        case "praise":
            ward.praise(day, 45 + pick % 10, (None, 2)[pick % 2])
        case "entry":
            kind = ("earn", "redeem", "expire", "interest", "adjust")[pick % 5]
            ward.entry(
                day, kind, (1 + pick) * (-1 if kind in ("redeem", "expire") else 1), (None, 1)[pick % 2]
            )
        case "reversal":
            wrong = ward.entry(day, "earn" if pick % 2 else "redeem", 50 if pick % 2 else -50)
            ward.entry(second, "reverse", -wrong.points, reverses=wrong.id)
        case "change":
            change(ward, second, pick)
        case "remove":
            rows = [*found(ward, OfferRow), *found(ward, TaskRow), *found(ward, AppointmentRow)]
            rows += [*found(ward, SurveyAnswerRow), *found(ward, RecognitionRow)]
            if rows:
                ward.remove(rows[pick % len(rows)])


def change(ward: FactTables, day: date, pick: int) -> None:
    """Edit one row and move it to another day."""
    tables: tuple[tuple[Any, dict[str, Any]], ...] = (
        (OfferRow, {"offered_on": day, "package_id": 1 + pick % 2}),
        (EnrolmentRow, {"enrolled_on": day, "amount_fen": pick}),
        (TaskRow, {"closes_on": day, "state": "done", "done_on": day}),
        (AppointmentRow, {"day": day, "state": "no_show"}),
        (SurveyAnswerRow, {"day": day, "score": 5}),
        (RecognitionRow, {"day": day, "counted": 51}),
    )
    table, facts = tables[pick % len(tables)]
    rows = found(ward, table)
    if rows:
        ward.change(rows[pick % len(rows)], **facts)


def found(ward: FactTables, table: Any) -> list[Any]:
    return list(ward.session.scalars(select(table).order_by(table.id)))


def emptied(session: Session) -> FactTables:
    """No facts but the ledger's, which nothing can delete."""
    for table in (
        OfferRow,
        TaskRow,
        AppointmentRow,
        SurveyAnswerRow,
        RecognitionRow,
        RefundRow,
        EnrolmentRow,
    ):
        session.execute(delete(table))
    touch(session, [DAY + n * FEW for n in range(-3, 40)])
    return FactTables(session)


@pytest.fixture
def ward_world(world: World) -> World:
    with world.desk.database.writing() as session:
        FactTables(session).open()
    return world


def write(world: World) -> Any:
    return world.desk.database.writing()


def both(world: World) -> tuple[Any, Any]:
    with world.desk.database.reading() as session:
        return stored(session), fresh(session)


@given(history=acts)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
def test_roll_ups_equal_a_fresh_count_after_any_history(ward_world: World, history: Any):
    with write(ward_world) as session:
        ward = emptied(session)
        for act in history:
            if act[0] == "count":
                rollups.recount_touched(session)
            else:
                do(ward, act)
    ward_world.do("executive", rollups.recount)
    counted, expected = both(ward_world)
    assert counted == expected


def test_counting_again_changes_nothing(ward_world: World):
    with write(ward_world) as session:
        FactTables(session).visit(DAY, "no_show")
        FactTables(session).offer(DAY)
    assert ward_world.do("manager", rollups.recount) == 1
    before, _expected = both(ward_world)
    assert before
    assert ward_world.do("manager", rollups.recount) == 0
    with write(ward_world) as session:
        session.add(TouchedDayRow(day=DAY))
    assert ward_world.do("manager", rollups.recount) == 1
    assert both(ward_world)[0] == before


def test_a_touched_day_is_stale_until_it_is_counted(ward_world: World):
    assert not ward_world.ask("manager", rollups.stale)
    with write(ward_world) as session:
        FactTables(session).visit(DAY)
    assert ward_world.ask("executive", rollups.stale)
    ward_world.do("executive", rollups.recount)
    assert not ward_world.ask("manager", rollups.stale)


def test_a_day_that_lost_its_facts_loses_its_counts(ward_world: World):
    with write(ward_world) as session:
        visit_id = FactTables(session).visit(DAY).id
    ward_world.do("manager", rollups.recount)
    with write(ward_world) as session:
        FactTables(session).remove(session.get_one(AppointmentRow, visit_id))
    ward_world.do("manager", rollups.recount)
    assert both(ward_world) == ({}, {})


def test_more_days_than_one_query_holds(ward_world: World):
    days = [DAY - n * FEW for n in range(rollups.DAYS_AT_ONCE + 20)]
    with write(ward_world) as session:
        for day in days:
            FactTables(session).visit(day)
    assert ward_world.do("manager", rollups.recount) == len(days)
    counted, expected = both(ward_world)
    assert counted == expected and len({key[0] for key in counted}) == len(days)


# --- a deed at the same time ---------------------------------------------------------------------------------


def test_a_deed_committed_during_a_recount_keeps_its_mark(ward_world: World, monkeypatch: Any):
    with write(ward_world) as session:
        FactTables(session).visit(DAY)

    def deed() -> None:
        with write(ward_world) as session:
            FactTables(session).visit(DAY, "no_show")

    other = threading.Thread(target=deed)
    count = rollups.counts

    def meanwhile(session: Session, days: Any) -> Any:
        other.start()
        if not ward_world.desk.database.is_sqlite:  # there one writer waits for the other
            other.join(20)
        return count(session, days)

    monkeypatch.setattr(rollups, "counts", meanwhile)
    ward_world.do("manager", rollups.recount)
    other.join(20)
    monkeypatch.setattr(rollups, "counts", count)
    assert ward_world.ask("manager", rollups.stale)
    ward_world.do("manager", rollups.recount)
    counted, expected = both(ward_world)
    assert counted == expected and counted[DAY, "noshow", 0] == (1, 2)


def test_a_slow_deed_with_an_older_mark_is_not_forgotten(ward_world: World, monkeypatch: Any):
    """Numbers of marks are given before the commit: the slow deed's is smaller than those already counted."""
    database = ward_world.desk.database
    if database.is_sqlite:
        pytest.skip("SQLite lets one deed in at a time, so its marks are in order")
    count = rollups.counts
    with Session(database.engine) as slow:
        FactTables(slow).visit(DAY, "no_show")
        with write(ward_world) as quick:
            FactTables(quick).visit(DAY + FEW)

        def meanwhile(session: Session, days: Any) -> Any:
            found = count(session, days)
            slow.commit()
            return found

        monkeypatch.setattr(rollups, "counts", meanwhile)
        ward_world.do("manager", rollups.recount)
    monkeypatch.setattr(rollups, "counts", count)
    with database.reading() as session:
        assert touched(session) == [DAY]
    ward_world.do("manager", rollups.recount)
    counted, expected = both(ward_world)
    assert counted == expected


def test_two_readers_recounting_at_once_count_once(ward_world: World):
    with write(ward_world) as session:
        for n in range(30):
            FactTables(session).visit(DAY + n * FEW)
    together, failed = threading.Barrier(2), []

    def read() -> None:
        try:
            together.wait(20)
            ward_world.do("manager", rollups.recount)
        except Exception as error:  # the assertion below shows it
            failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)
    assert not failed
    counted, expected = both(ward_world)
    assert counted == expected


def test_a_deed_that_fails_leaves_neither_fact_nor_mark(ward_world: World):
    with pytest.raises(RuntimeError), write(ward_world) as session:
        FactTables(session).visit(DAY)
        raise RuntimeError
    assert not ward_world.ask("manager", rollups.stale)


# --- who may -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk"])
@pytest.mark.parametrize("door", [rollups.stale, board])
def test_only_managers_and_executives_read_the_figures(world: World, role: str, door: Any):
    with pytest.raises(NotAllowed):
        world.ask(role, door)


def test_patients_and_passers_by_recount_nothing(world: World):
    for actor in (world.patient(1), PUBLIC, world.actors["nurse"]):
        with pytest.raises(NotAllowed):
            world.desk.do(actor, rollups.recount)


# --- what counts ---------------------------------------------------------------------------------------------


def counted(world: World, measure: str, package: int | None = None) -> dict[date, tuple[int, int]]:
    world.do("manager", rollups.recount)
    with world.desk.database.reading() as session:
        rows = stored(session).items()
    return {day: count for (day, code, of), count in rows if code == measure and package in (None, of)}


@pytest.mark.parametrize("days, taken", [(-1, 0), (0, 1), (14, 1), (15, 0)])
def test_an_offer_is_taken_up_within_fourteen_days(ward_world: World, days: int, taken: int):
    with write(ward_world) as session:
        ward = FactTables(session)
        ward.offer(DAY, ward.enrolment(DAY + days * FEW))
    assert counted(ward_world, "uptake") == {DAY: (taken, 1)}


def test_cancelled_and_open_visits_are_no_missed_visits(ward_world: World):
    with write(ward_world) as session:
        for state in ("attended", "no_show", "cancelled", "booked"):
            FactTables(session).visit(DAY, state)
    assert counted(ward_world, "noshow") == {DAY: (1, 2)}
    assert counted(ward_world, "unrecorded") == {DAY: (1, 3)}


def test_a_mission_counts_on_the_day_its_window_closes(ward_world: World):
    with write(ward_world) as session:
        ward = FactTables(session)
        sale = ward.enrolment(DAY)
        ward.task(sale, DAY, "done", DAY)
        ward.task(sale, DAY, "excused", DAY - FEW)
        ward.task(sale, DAY, "done", DAY + FEW)
        ward.task(sale, DAY, "planned")
        ward.task(sale, DAY, "cancelled")
        ward.task(sale, DAY, "not_applicable")
    assert counted(ward_world, "on_time") == {DAY: (2, 4)}


def test_praise_counts_from_fifty_characters_per_visit_attended(ward_world: World):
    with write(ward_world) as session:
        ward = FactTables(session)
        ward.visit(DAY)
        ward.praise(DAY, 49)
        ward.praise(DAY, 50)
    assert counted(ward_world, "praise") == {DAY: (1, 1)}


def test_a_refund_counts_on_its_own_day_and_is_no_sale(ward_world: World):
    with write(ward_world) as session:
        FactTables(session).enrolment(DAY, fen=19900, refund_fen=9900, refunded_on=DAY + 3 * FEW)
    assert counted(ward_world, "revenue") == {DAY: (19900, 1), DAY + 3 * FEW: (-9900, 0)}


def test_a_voucher_given_back_is_no_earning(ward_world: World):
    with write(ward_world) as session:
        ward = FactTables(session)
        ward.entry(DAY, "earn", 500)
        spent = ward.entry(DAY, "redeem", -300)
        ward.entry(DAY + FEW, "reverse", 300, reverses=spent.id)
        ward.entry(DAY + FEW, "expire", -100)
    assert counted(ward_world, "points_issued") == {DAY: (500, 1)}
    assert counted(ward_world, "points_redeemed") == {DAY: (300, 1), DAY + FEW: (-300, 1)}
    assert counted(ward_world, "points_net") == {DAY: (200, 2), DAY + FEW: (200, 2)}


def test_packages_are_counted_apart(ward_world: World):
    with write(ward_world) as session:
        ward = FactTables(session)
        for package in (None, 1, 2):
            ward.visit(DAY, "no_show", package)
    for package in (0, 1, 2):
        assert counted(ward_world, "noshow", package) == {DAY: (1, 1)}


def test_a_leftover_count_of_a_day_is_replaced_not_added_to(ward_world: World):
    with write(ward_world) as session:
        session.add(DailyCountRow(day=DAY, measure="noshow", package_id=0, numerator=9, denominator=9))
        session.execute(delete(TouchedDayRow))
        FactTables(session).visit(DAY)
    assert counted(ward_world, "noshow") == {DAY: (0, 1)}

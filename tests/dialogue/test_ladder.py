"""The ladder of a running promise: every step once, in order, with the true delay, to whoever is on duty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from core.dialogue.cases import cases
from core.dialogue.clocks.tables import PromiseStepRow
from core.dialogue.steps import ladder
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Desk
from core.operations import looking
from core.people.staff import deactivate
from tests.conftest import World
from tests.dialogue.promised_ward import PromisedWard, local, promised_ward

MANAGER, NURSE, DOCTOR, ADMINISTRATOR = 2, 3, 4, 1  # the numbers of the world's people


@pytest.fixture
def ward(world: World) -> PromisedWard:
    found = promised_ward(world)
    found.plans("doctor", "doctor", backup_id=MANAGER, backup_phone="8105")
    found.plans("nurse", "nurse", "20:00", "22:00")
    found.at("2026-03-06 02:00")
    found.looks()  # nobody took the doctor's shift: that is told here and in no test below
    return found


def names(ward: PromisedWard, case_id: int) -> list[str]:
    return [step for step, *_rest in ward.steps(case_id)]


def test_an_alert_is_told_at_once_and_climbs_while_nobody_takes_it(ward: PromisedWard) -> None:
    case_id = ward.opens("alert", "orange")
    for minute in range(33):
        ward.at(f"2026-03-06 02:{minute:02d}")
        ward.looks()
        ward.looks()
    assert ward.steps(case_id) == [
        ("told", "03-06 02:00", "03-06 02:00", [DOCTOR]),
        ("rung_1", "03-06 02:10", "03-06 02:10", [MANAGER]),
        ("rung_2", "03-06 02:20", "03-06 02:20", [MANAGER]),
        ("warning", "03-06 02:20", "03-06 02:20", [DOCTOR]),
        ("missed", "03-06 02:30", "03-06 02:31", [DOCTOR, MANAGER]),
    ]


def test_a_red_alert_reaches_the_duty_doctor_at_once_whoever_answers(world: World) -> None:
    by_nurse: list[dict[str, Any]] = [
        {"kind": "orange", "minutes": 30, "by": "nurse", "spans": [{"opens": "00:00", "closes": "24:00"}]}
    ]
    ward = promised_ward(world, promises=by_nurse)
    ward.plans("doctor", "doctor")
    ward.plans("nurse", "nurse")
    orange = ward.opens("alert", "orange")
    ward.looks()
    assert ward.steps(orange) == [("told", "03-05 12:00", "03-05 12:00", [NURSE])]
    ward.at("2026-03-05 12:05")

    def raised(stamp: Any) -> None:
        stamp.session.get_one(CaseRow, orange).level = "red"
        cases.note(stamp, orange, "raised", "red")

    ward.inside(raised)
    red = ward.opens("alert", "red")
    ward.looks()
    assert ward.steps(red) == [("told_red", "03-05 12:05", "03-05 12:05", [NURSE, DOCTOR])]
    assert ward.steps(orange)[1:] == [("told_red", "03-05 12:05", "03-05 12:05", [NURSE, DOCTOR])]


def test_taken_the_rungs_fall_away_but_the_end_does_not(ward: PromisedWard) -> None:
    case_id = ward.opens("alert", "orange")
    ward.looks()
    ward.world.do("nurse", cases.take, case_id=case_id)
    ward.at("2026-03-06 02:31")
    ward.looks()
    assert [(step, told) for step, _due, _seen, told in ward.steps(case_id)] == [
        ("told", [DOCTOR]), ("warning", [NURSE]), ("missed", [NURSE, MANAGER]),
    ]  # fmt: skip


def test_given_back_it_climbs_again(ward: PromisedWard) -> None:
    case_id = ward.opens("alert", "orange")
    ward.world.do("nurse", cases.take, case_id=case_id)
    ward.at("2026-03-06 02:12")
    ward.looks()
    assert names(ward, case_id) == ["told"]
    ward.world.do("nurse", cases.release, case_id=case_id)
    ward.looks()
    assert names(ward, case_id) == ["told", "rung_1"]


def test_who_answered_her_last_word_has_not_taken_her_next_one(ward: PromisedWard) -> None:
    ward.at("2026-03-06 20:10")
    case_id = ward.opens("question")
    ward.world.do("doctor", cases.reply, case_id=case_id, words="先冷敷")
    ward.at("2026-03-07 20:30")
    ward.says(case_id)
    ward.looks()
    assert [(step, told) for step, _due, _seen, told in ward.steps(case_id)] == [("rung_1", [NURSE])]


def test_answered_nothing_more_is_told(ward: PromisedWard) -> None:
    case_id = ward.opens("alert", "orange")
    ward.looks()
    ward.world.do("doctor", cases.decide, case_id=case_id, decision="watch", advice="冷敷，抬高")
    ward.at("2026-03-06 09:00")
    ward.looks()
    assert names(ward, case_id) == ["told"]


def test_after_an_outage_of_an_hour_the_steps_happen_once_in_order_with_the_true_delay(
    ward: PromisedWard,
) -> None:
    case_id = ward.opens("alert", "orange")
    ward.at("2026-03-06 03:00")
    ward.looks()
    ward.looks()
    steps = ward.steps(case_id)
    assert [(step, due) for step, due, *_rest in steps] == [
        ("told", "03-06 02:00"), ("rung_1", "03-06 02:10"), ("rung_2", "03-06 02:20"),
        ("warning", "03-06 02:20"), ("missed", "03-06 02:30"),
    ]  # fmt: skip
    assert {seen for _step, _due, seen, _told in steps} == {"03-06 03:00"}


def test_in_the_promised_minute_itself_nothing_is_missed(ward: PromisedWard) -> None:
    case_id = ward.opens("alert", "orange")
    ward.at("2026-03-06 02:30")
    ward.looks()
    assert "missed" not in names(ward, case_id)
    ward.world.clock.advance(timedelta(seconds=15))
    ward.looks()
    assert names(ward, case_id)[-1] == "missed"


def test_asked_at_night_the_rungs_count_from_the_opening(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    ward.at("2026-03-06 19:59")
    ward.looks()
    assert names(ward, case_id) == []
    ward.at("2026-03-06 20:31")
    ward.looks()
    assert [(step, due, told) for step, due, _seen, told in ward.steps(case_id)] == [
        ("rung_1", "03-06 20:00", [NURSE]), ("rung_2", "03-06 20:30", [DOCTOR]),
    ]  # fmt: skip


def test_a_rung_into_a_gap_falls_to_the_next_one_up(world: World) -> None:
    ward = promised_ward(world)
    ward.at("2026-03-06 02:00")
    case_id = ward.opens("alert", "orange")
    ward.looks()
    assert ward.steps(case_id)[0][3] == [MANAGER]
    world.do("administrator", deactivate, staff_id=MANAGER)
    ward.at("2026-03-06 02:10")
    ward.looks()
    assert ward.steps(case_id)[1][3] == [ADMINISTRATOR]


def test_two_who_look_at_once_take_each_step_once(ward: PromisedWard) -> None:
    from concurrent.futures import ThreadPoolExecutor

    numbers = [ward.opens("alert", "orange") for _n in range(3)]
    ward.at("2026-03-06 02:31")
    other = Desk(ward.world.desk.database, ward.world.desk.media, ward.world.clock)
    with ThreadPoolExecutor(2) as both:
        list(both.map(looking.look_around, [ward.world.desk, other] * 3))
    for case_id in numbers:
        found = names(ward, case_id)
        assert found == ["told", "rung_1", "rung_2", "warning", "missed"]


def test_one_promise_that_fails_holds_up_no_other(
    ward: PromisedWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = ward.opens("alert", "orange"), ward.opens("alert", "orange")

    def tell(_stamp: Any, *, case: CaseRow, **_more: Any) -> None:
        if case.id == broken:
            raise RuntimeError("no such channel")

    monkeypatch.setattr("core.dialogue.telling.outbox.tell", tell)
    ward.looks()
    assert (names(ward, broken), names(ward, sound)) == ([], ["told"])
    monkeypatch.undo()
    ward.looks()
    assert names(ward, broken) == ["told"]


def test_what_is_told_says_the_case_and_the_step_once_each(
    ward: PromisedWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "core.dialogue.telling.outbox.tell",
        lambda _stamp, **told: said.append(told | {"case": told["case"].id}),
    )
    case_id = ward.opens("alert", "orange")
    (run,) = ward.runs(case_id)
    ward.at("2026-03-06 02:10")
    ward.looks()
    ward.looks()
    assert said == [
        {
            "occasion": f"run:{run.id}:{step}", "case": case_id, "step": step, "staff_ids": (whom,),
            "roles": (role,), "due_at": local(due),
        }
        for step, whom, role, due in (
            ("told", DOCTOR, "doctor", "2026-03-06 02:00"), ("rung_1", MANAGER, "doctor", "2026-03-06 02:10"),
        )
    ]  # fmt: skip


def test_it_is_asked_before_it_is_written_and_cheap_when_nothing_is_due(ward: PromisedWard) -> None:
    asked: list[str] = []

    @event.listens_for(ward.world.desk.database.engine, "before_cursor_execute")
    def count(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    assert ward.world.desk.ask(SYSTEM, ladder.due) is False
    assert len(asked) == 1
    ward.opens("question")
    asked.clear()
    ward.looks()
    assert not [each for each in asked if each.startswith(("INSERT", "UPDATE"))]
    ward.opens("alert", "orange")
    assert ward.world.desk.ask(SYSTEM, ladder.due) is True


def test_a_look_that_took_nothing_leaves_no_trace_in_the_trail(ward: PromisedWard) -> None:
    ward.opens("alert", "orange")
    for _n in range(3):
        ward.looks()
    with ward.world.desk.database.reading() as session:
        query = select(func.count()).where(AuditEntryRow.kind == "promise.steps")
        assert session.scalar(query) == 1
        assert session.scalar(select(func.count()).select_from(PromiseStepRow)) == 1

"""What a sale really took: counted from facts, ended and running apart, "not recorded" where no fact tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from core.care.sale.courses import complete
from core.care.tables import AppointmentRow, TaskRow
from core.care.work.tasks import mark_done, undo
from core.dialogue.answers.doses import set_dose
from core.dialogue.cases import calls
from core.dialogue.cases.alerts import report
from core.dialogue.cases.cases import close, reply
from core.foundation.access import NotAllowed
from core.packages.costing import Costs
from core.packages.document import PackageDocument
from core.packages.parts import SopStep
from core.settlement.unit_costs import TOO_FEW, Facts, UnitFacts, beside, unit_facts
from tests.conftest import World
from tests.dialogue.reviewing import ready_film
from tests.knee_ward import KneeWard, knee_document
from tests.settlement.test_entitlements import asked, commented, filming_ward, newest_case, task

NONE = {"task": 0, "visit": 0, "film": 0, "question": 0, "alert": 0, "sign": 0, "call": 0, "dose": 0}


@pytest.fixture
def knee(world: World) -> KneeWard:
    return filming_ward(world, [])


def facts(knee: KneeWard, **more: Any) -> UnitFacts:
    found: UnitFacts = knee.world.ask("manager", unit_facts, package_id=knee.package_id, **more)
    return found


def step(**changes: Any) -> SopStep:
    text = dict.fromkeys(("action", "standard", "time_limit", "wording", "record", "exception"), "x")
    return SopStep(**{"no": 1, "actor": "nurse", **text, **changes})


def test_a_package_nobody_bought_has_no_facts(knee: KneeWard) -> None:
    nobody = facts(knee, since=knee.world.today + timedelta(days=1))
    assert nobody.ended == nobody.running == Facts(0, {"sale": 0, **NONE})
    assert nobody.ended.per_sale("film") is None


def test_each_kind_of_fact_is_counted_for_the_sales_of_its_package(knee: KneeWard) -> None:
    knee.world.do("nurse", mark_done, task_id=task(knee, "VISIT1"), done_on=knee.world.today)
    commented(knee)
    commented(knee, knee.other_enrolment_id)
    ready_film(knee.world, knee.enrolment_id)
    knee.world.do("nurse", reply, case_id=asked(knee), words="可以。")
    knee.world.do("nurse", reply, case_id=newest_case(knee), words="但别泡澡。")
    for who, sign in ((knee.patient_id, "calf"), (knee.other_id, "sleep")):
        knee.world.desk.do(knee.world.patient(who), report, signs=[sign])
        knee.world.do("doctor", reply, case_id=newest_case(knee), words="请来院。")
    for outcome in ("reached", "family_answered", "busy"):
        knee.world.do("nurse", calls.record, patient_id=knee.patient_id, outcome=outcome)
    knee.world.do(
        "doctor", set_dose, enrolment_id=knee.enrolment_id, task_code="PUMP", sets=5, reps=10, reason="肿"
    )
    with knee.world.desk.database.writing() as session:
        for state in ("attended", "no_show", "cancelled"):
            session.add(
                AppointmentRow(
                    patient_id=knee.patient_id, task_id=task(knee, "SUMMARY"), day=knee.world.today,
                    at=knee.world.clock.now(), state=state,
                )
            )  # fmt: skip
    running = facts(knee).running
    assert running.sales == 2
    assert running.times == {
        "sale": 2, "task": 1, "visit": 1, "film": 2, "question": 1, "alert": 1, "sign": 1, "call": 2, "dose": 1,
    }  # fmt: skip


def test_her_own_tasks_cost_us_nothing_and_what_was_undone_is_not_counted(knee: KneeWard) -> None:
    knee.world.do("nurse", mark_done, task_id=task(knee, "PUMP.1"), done_on=knee.world.today)
    done = task(knee, "VISIT1")
    knee.world.do("nurse", mark_done, task_id=done, done_on=knee.world.today)
    knee.world.do("nurse", undo, task_id=done, reason="点错了")
    with knee.world.desk.database.reading() as session:
        assert session.scalar(select(TaskRow.state).where(TaskRow.id == task(knee, "PUMP.1"))) == "done"
    assert facts(knee).running.times["task"] == 0


def test_a_question_closed_without_an_answer_was_not_answered(knee: KneeWard) -> None:
    knee.world.do("nurse", close, case_id=asked(knee), advice="重复")
    assert facts(knee).running.times["question"] == 0


def test_what_has_ended_stands_apart_from_what_still_runs(knee: KneeWard) -> None:
    commented(knee)
    commented(knee)
    commented(knee, knee.other_enrolment_id)
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    found = facts(knee)
    assert (found.ended.sales, found.ended.per_sale("film")) == (1, 2.0)
    assert (found.running.sales, found.running.per_sale("film")) == (1, 1.0)


def test_another_package_s_sales_are_none_of_these(knee: KneeWard) -> None:
    commented(knee)
    assert facts(knee).running.times["film"] == 1
    other = knee.world.ask("manager", unit_facts, package_id=knee.package_id + 1)
    assert other.running.sales == 0 and other.running.times["film"] == 0


def test_one_statement_for_each_kind_of_fact_however_many_were_sold(knee: KneeWard) -> None:
    def statements() -> int:
        seen: list[str] = []

        def count(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith("SELECT"):
                seen.append(statement)

        engine = knee.world.desk.database.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            facts(knee)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    few = statements()
    filming = [commented(knee) for _ in range(4)]
    assert len(filming) == 4 and statements() == few <= len(NONE) + 3


def test_minutes_wages_and_materials_are_times_the_step_s_own() -> None:
    film = step(happens="film", minutes=6, material_fen=50, times=7)
    found = beside([film], Costs(nurse=6000), Facts(20, {"sale": 20, "film": 90}))
    (line,) = found.lines
    assert (line.assumed.minutes, line.assumed.labour_fen, line.assumed.material_fen) == (42, 4200, 350)
    assert line.really is not None
    assert (line.really.times, line.really.minutes, line.really.labour_fen) == (4.5, 27, 2700)
    assert found.really.total_fen - found.assumed.total_fen == (2700 + 225) - (4200 + 350)


def test_a_step_without_a_fact_is_not_recorded_and_not_compared() -> None:
    steps = [step(minutes=10), step(no=2, happens="call", minutes=5), step(no=3, actor="patient", minutes=9)]
    found = beside(steps, Costs(nurse=6000), Facts(2, {"sale": 2, "call": 6}))
    assert [(line.no, line.really is None) for line in found.lines] == [(1, True), (2, False)]
    assert (found.assumed.minutes, found.really.minutes) == (5, 15)


def test_nothing_sold_says_nothing_and_few_sales_say_so() -> None:
    nothing = beside([step(happens="film", minutes=5)], Costs(), Facts(0, {"sale": 0, "film": 0}))
    assert nothing.recorded == () and nothing.really.minutes == 0
    assert [Facts(n, {}).too_few for n in (TOO_FEW - 1, TOO_FEW)] == [True, False]


def test_every_kind_a_step_may_name_is_counted(knee: KneeWard) -> None:
    document = PackageDocument.model_validate(knee_document())
    named = {one.happens for one in document.sop.steps} - {""}
    assert {"sale", "film", "question", "alert", "sign", "dose"} <= named
    assert named <= set(facts(knee).running.times)


def test_costs_are_the_manager_s(knee: KneeWard) -> None:
    with pytest.raises(NotAllowed):
        knee.world.ask("nurse", unit_facts, package_id=knee.package_id)

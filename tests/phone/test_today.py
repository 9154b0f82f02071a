"""Her day: her own things in order, what she entered, what becomes of it; never a scolding word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import complete
from core.care.sale.enrolments import enrol
from core.care.work.appointments import book
from core.care.work.tasks import excuse, mark_done
from core.dialogue.answers.answers import answer, record_for_patient
from core.dialogue.answers.doses import set_dose
from core.dialogue.cases import cases
from core.dialogue.tables import CaseRow
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.own_nurse import name_own_nurse
from core.people.patients import add_patient
from core.people.staff import deactivate
from core.phone.instructions import instruction
from core.phone.journey import journey
from core.phone.today import URGENT, Today, thing_of, today
from tests.answering_ward import AnswerWard, two_days_later
from tests.conftest import World
from tests.selling import open_sales


@pytest.fixture
def knee(world: World) -> AnswerWard:
    return two_days_later(world)


def seen(knee: AnswerWard) -> Today:
    found: Today = knee.world.desk.ask(knee.her, today)
    return found


def codes(things: Any) -> list[str]:
    return [one.code for one in things]


def test_the_list_holds_her_own_things_of_today_in_their_order(knee: AnswerWard) -> None:
    shown = seen(knee)
    assert codes(shown.now)[:3] == ["PUMP.2", "QUAD.2", "COLD.2"] and "TEMP.2" in codes(shown.now)
    assert "VISIT1" not in codes(shown.now), "tasks of the staff are none of hers"
    assert "PUMP.1" in codes(shown.yesterday) and "PUMP.3" not in codes(shown.now)
    assert shown.over == () and shown.urgent == ()


def test_what_is_kept_moves_to_done_and_can_be_changed_today(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("NRS.2"), number="2", words="还好")
    shown = seen(knee)
    (one,) = shown.over
    assert (one.code, one.open) == ("NRS.2", True) and "NRS.2" not in codes(shown.now)
    assert one.said and (one.said.text, one.said.words, one.said.may_change) == ("2/10", "还好", True)
    follows = shown.after(one)
    assert follows and follows.code == "TEMP.2", "the next thing down the list"
    knee.world.clock.advance(timedelta(days=1))
    assert seen(knee).thing(one.task_id) is None


def test_yesterdays_is_done_with_today_once_it_was_noted(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("PUMP.1"), number="60")
    shown = seen(knee)
    assert codes(shown.over) == ["PUMP.1"] and "PUMP.1" not in codes(shown.yesterday)


def test_what_staff_marked_is_over_and_asks_nothing(knee: AnswerWard) -> None:
    knee.world.do("nurse", mark_done, task_id=knee.task("MEDS.2"))
    knee.world.do("nurse", excuse, task_id=knee.task("WALK.2"), reason="休息")
    shown = seen(knee)
    assert {(one.code, one.open) for one in shown.over} == {("MEDS.2", False), ("WALK.2", False)}


def test_a_sign_says_who_looks_and_by_when(knee: AnswerWard) -> None:
    knee.world.do("nurse", name_own_nurse, patient_id=knee.patient_id, nurse_id=3)
    knee.do(answer, task_id=knee.task("NRS.2"), number="5")
    shown = seen(knee)
    watch = shown.over[0].watch
    assert shown.nurse == "nurse测试" and watch is not None
    assert (watch.kind, watch.role, watch.due_at) == (
        "sign",
        "nurse",
        knee.world.clock.now() + timedelta(hours=4),
    )
    assert shown.over[0].said and shown.over[0].said.advice == ("冷敷15分钟，晚上再看。",)


def test_an_own_nurse_who_left_promises_nothing(knee: AnswerWard) -> None:
    knee.world.do("nurse", name_own_nurse, patient_id=knee.patient_id, nurse_id=3)
    knee.world.do("administrator", deactivate, staff_id=3)
    assert seen(knee).nurse == ""


def test_something_urgent_stands_on_top_until_it_is_answered(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number="39.6")
    (one,) = seen(knee).urgent
    assert one.watch and (one.watch.role, one.watch.taken_by) == ("doctor", "")
    (case,) = knee.cases()
    knee.world.do("doctor", cases.take, case_id=case.id)
    (one,) = seen(knee).urgent
    assert one.watch and one.watch.taken_by == "doctor测试"
    knee.world.do("doctor", cases.decide, case_id=case.id, decision="watch", advice="多喝水")
    assert seen(knee).urgent == ()


def test_what_a_nurse_wrote_down_says_so(knee: AnswerWard) -> None:
    knee.world.do("nurse", record_for_patient, task_id=knee.task("TEMP.2"), number="36.6")
    (one,) = seen(knee).over
    assert one.said and (one.said.by, one.said.author, one.said.text) == ("staff", "nurse测试", "36.6 ℃")


def test_her_own_dose_is_shown_everywhere(knee: AnswerWard) -> None:
    knee.world.do(
        "doctor", set_dose, enrolment_id=knee.enrolment_id, task_code="PUMP", sets=3, reps=20, reason="膝盖肿"
    )
    pump = seen(knee).now[0]
    assert pump.dose and pump.dose.total == 60
    how = knee.world.desk.ask(knee.her, instruction, code="PUMP.2")
    assert how and how.own_dose and (how.dose.sets, how.dose.reps) == (3, 20)
    other = knee.world.desk.ask(knee.her, instruction, code="QUAD.2")
    assert other and not other.own_dose


def test_visits_stand_beside_the_list_the_booked_one_first(knee: AnswerWard) -> None:
    at = knee.world.clock.now() + timedelta(days=1)
    knee.world.do("nurse", book, patient_id=knee.patient_id, task_id=knee.task("BOOKED"), at=at)
    shown = seen(knee)
    assert shown.visits[0].code == "BOOKED" and len(shown.visits) == 2
    assert not any(one.own for one in shown.visits)


def test_without_a_running_package_there_is_nothing_to_do(knee: AnswerWard) -> None:
    knee.world.do("manager", complete, enrolment_id=knee.enrolment_id)
    shown = seen(knee)
    assert (shown.running, shown.now, shown.over, shown.visits) == (False, (), (), ())
    assert knee.world.desk.ask(knee.her, thing_of, code="PUMP.2") is None


def test_a_stop_ends_what_is_asked_of_her(knee: AnswerWard) -> None:
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="other", caller_id=4)
    assert seen(knee).now == ()


def test_the_start_page_counts_and_names_what_is_next(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("MEDS.2"))
    shown = knee.world.desk.ask(knee.her, journey)
    assert codes(shown.own_now) == [one.code for one in seen(knee).now]
    assert shown.own_done == 1 and shown.ahead and not shown.ahead.own


def test_a_package_of_visits_alone_keeps_its_next_mission(ward: Any) -> None:
    patient = ward.patient()
    ward.sell(patient)
    shown = ward.world.desk.ask(ward.world.patient(patient), journey)
    assert shown.own_now == () and shown.next == shown.ahead and shown.next.code == "P01"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_thing_of_the_shipped_package_can_be_answered_for_seven_days(
    world: World, language: str
) -> None:
    package_id = world.do(
        "manager", take_template, document=load("knee_7days", language).model_dump(mode="json")
    )
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    patient_id = world.do("nurse", add_patient, name="王秀英", record_number="K1", phone="13800005678")
    world.do(
        "nurse", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
        anchor_date=world.today, consents={"service": True},
    )  # fmt: skip
    her, seen_codes = world.patient(patient_id), set()
    for _day in range(8):
        for thing in world.desk.ask(her, today).now:
            seen_codes.add(thing.code.partition(".")[0])
            if thing.kind in ("video", "photo"):
                continue
            number = {"count": thing.dose.total if thing.dose else 5, "scale": 2}.get(thing.kind, "")
            if thing.kind == "value":
                assert thing.measure, thing.code
                number = (thing.low + thing.high) / 2 if thing.code[:4] != "TEMP" else 36.6
            ticks = list(range(1, len(thing.items) + 1)) if thing.kind == "checklist" else None
            world.desk.do(her, answer, task_id=thing.task_id, number=str(number), ticks=ticks, words="")
        assert all(one.kind in ("video", "photo") for one in world.desk.ask(her, today).now)
        world.clock.advance(timedelta(days=1))
    assert {"PUMP", "NRS", "TEMP", "WOUND", "MEDS", "BEND"} <= seen_codes
    with world.desk.database.reading() as session:
        assert [case.why for case in session.scalars(select(CaseRow).where(CaseRow.level.in_(URGENT)))] == []

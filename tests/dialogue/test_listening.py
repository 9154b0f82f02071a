"""A stop, an ended course and an erasure reach the conversation at once; a call for help stays with the team."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from core.care.quiet_care import gentle_stop, lift_silence, stop_of
from core.care.sale.courses import complete
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.cases import cases
from core.dialogue.cases.thread import own_thread
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.tables import CaseEventRow, CaseRow, PostRow
from core.foundation.audit import AuditDetailRow
from core.people.erasure import erase_patient
from core.settlement.refunds import cancel_and_refund
from tests.conftest import World
from tests.dialogue.promised_ward import PromisedWard, promised_ward, shown

DOCTOR = 4


@pytest.fixture
def ward(world: World) -> PromisedWard:
    found = promised_ward(world)
    found.at("2026-03-05 20:10")
    return found


def all_kinds(ward: PromisedWard) -> dict[str, int]:
    return {
        "alert": ward.opens("alert", "orange"), "question": ward.opens("question"), "film": ward.opens("film"),
        "sign": ward.opens("sign", "yellow"), "silence": ward.opens("silence"),
    }  # fmt: skip


def states(ward: PromisedWard, opened: dict[str, int]) -> dict[str, str]:
    return {kind: ward.case(number).state for kind, number in opened.items()}


def stop(ward: PromisedWard) -> int:
    number: int = ward.world.do(
        "doctor", gentle_stop, patient_id=ward.patient_id, kind="complaint", caller_id=DOCTOR
    )
    return number


def test_quiet_care_leaves_only_the_alert_with_its_clock(ward: PromisedWard) -> None:
    opened = all_kinds(ward)
    ward.at("2026-03-05 20:20")
    stop(ward)
    assert states(ward, opened) == {
        "alert": "open", "question": "withdrawn", "film": "withdrawn", "sign": "withdrawn", "silence": "withdrawn",
    }  # fmt: skip
    assert [ward.standing(opened[kind]) for kind in ("alert", "question", "film", "sign")] == [
        ["runs"], ["ended"], ["ended"], ["ended"],
    ]  # fmt: skip
    ward.at("2026-03-05 22:30")
    ward.looks()
    assert [step for step, *_rest in ward.steps(opened["question"])] == []
    assert [step for step, *_rest in ward.steps(opened["alert"])][-1] == "missed"
    ward.world.do("doctor", cases.decide, case_id=opened["alert"], decision="emergency", advice="去急诊")
    assert ward.case(opened["alert"]).state == "answered"


def test_a_stop_by_mistake_gives_back_what_it_took_with_new_clocks(ward: PromisedWard) -> None:
    answered, waits = ward.opens("question"), ward.opens("film")
    gone = ward.opens("film")
    ward.inside(lambda stamp: cases.withdraw(stamp, stamp.session.get_one(CaseRow, gone), "deleted"))
    ward.world.do("nurse", cases.reply, case_id=answered, words="可以")
    number = stop(ward)
    assert ward.world.ask("doctor", stop_of, patient_id=ward.patient_id).stop_id == number
    ward.at("2026-03-05 21:00")
    ward.world.do("doctor", lift_silence, stop_id=number, reason="点错了人")
    assert [ward.case(one).state for one in (answered, waits, gone)] == ["answered", "open", "withdrawn"]
    assert [shown(run.started_at) for run in ward.runs(waits)] == ["03-05 20:10", "03-05 21:00"]


@pytest.mark.parametrize("how", ["complete", "cancel"])
def test_a_course_that_ends_takes_its_questions_and_films_with_it(ward: PromisedWard, how: str) -> None:
    opened = all_kinds(ward)
    if how == "complete":
        ward.world.do("nurse", complete, enrolment_id=ward.enrolment_id)
    else:
        ward.world.do(
            "front_desk",
            cancel_and_refund,
            enrolment_id=ward.enrolment_id,
            reason="搬家",
            cause="wish",
            refund_fen=100,
        )
    assert states(ward, opened) == {
        "alert": "open", "question": "withdrawn", "film": "withdrawn", "sign": "open", "silence": "withdrawn",
    }  # fmt: skip


def count(ward: PromisedWard, table: Any) -> int:
    with ward.world.desk.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_of_an_erased_person_the_instants_stay_and_the_words_go(ward: PromisedWard) -> None:
    case_id = ward.opens("question")
    ward.says(case_id, "小腿又热又痛")
    ward.world.do("nurse", cases.reply, case_id=case_id, words="何阿姨请来一趟")
    alert = ward.opens("alert", "orange")
    ward.world.do("doctor", cases.decide, case_id=alert, decision="watch", advice="抬高小腿")

    def answer(stamp: Any) -> None:
        row = AnswerRow(
            patient_id=ward.patient_id, enrolment_id=ward.enrolment_id, task_id=1, day=stamp.today, at=stamp.now,
            by="patient", kind="words", words="伤口渗液",
        )  # fmt: skip
        stamp.session.add(row)
        stamp.session.flush()
        stamp.session.get_one(CaseRow, alert).answer_id = row.id

    ward.inside(answer)
    ward.world.do("nurse", complete, enrolment_id=ward.enrolment_id)
    runs, events = count(ward, PromiseRunRow), count(ward, CaseEventRow)
    ward.world.do("manager", erase_patient, patient_id=ward.patient_id, reason="本人要求")
    assert ward.case(alert).state == "withdrawn"
    assert (count(ward, AnswerRow), count(ward, PromiseRunRow)) == (0, runs)
    assert count(ward, CaseEventRow) >= events
    with ward.world.desk.database.reading() as session:
        assert {(row.why == [], row.advice) for row in session.scalars(select(CaseRow))} == {(True, "")}
        assert set(session.scalars(select(PostRow.words))) == {""}
        kept = " ".join(str(row.before) + str(row.after) for row in session.scalars(select(AuditDetailRow)))
    for word in ("小腿", "请来一趟", "渗液", "何桂兰"):
        assert word not in kept
    assert {one.words for one in ward.world.desk.ask(ward.world.patient(ward.patient_id), own_thread)} == {""}

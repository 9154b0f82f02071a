"""What she reports becomes an alert with its clock, joins the one that waits, and is refused where nobody would own it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.care.quiet_care import gentle_stop
from core.dialogue.cases.alerts import NobodyWouldAnswer, NothingTicked, report
from core.dialogue.cases.cases import DecisionMissing, close, decide, reply
from core.dialogue.cases.waiting import own_cases
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.reasons import TextTooLong
from core.people.patients import SilencedPatient
from core.settlement.refunds import cancel_and_refund
from tests.conftest import World
from tests.knee_ward import PROMISES, KneeWard, knee_ward


def rows(knee: KneeWard, table: type) -> list:
    with knee.world.desk.database.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def test_an_orange_sign_opens_an_alert_that_a_doctor_answers_in_thirty_minutes(knee: KneeWard) -> None:
    made = knee.hers(report, signs=["calf"], words="夜里开始的")
    (case,), (run,), (said,) = rows(knee, CaseRow), rows(knee, PromiseRunRow), rows(knee, PostRow)
    assert (made["case_id"], made["level"]) == (case.id, "orange")
    assert (case.kind, case.level, case.state, case.why) == (
        "alert",
        "orange",
        "open",
        ["小腿新发肿痛、发热发红"],
    )
    assert (run.role, run.due_at - run.started_at) == ("doctor", timedelta(minutes=30))
    assert "小腿新发肿痛" in said.words and "夜里开始的" in said.words
    (seen,) = knee.theirs(own_cases)
    assert seen.waits and seen.standing == "runs" and seen.due_at == run.due_at
    assert knee.world.desk.ask(knee.world.patient(knee.other_id), own_cases) == ()


def test_red_beats_orange_and_words_alone_are_urgent(knee: KneeWard) -> None:
    assert knee.hers(report, signs=["sleep", "breath", "calf"])["level"] == "red"
    other = knee.world.patient(knee.other_id)
    assert knee.world.desk.do(other, report, signs=[], words="说不清，很难受")["level"] == "orange"


def test_a_yellow_sign_is_for_the_nurse_today(knee: KneeWard) -> None:
    assert knee.hers(report, signs=["sleep"])["level"] == "yellow"
    (case,), (run,) = rows(knee, CaseRow), rows(knee, PromiseRunRow)
    assert (case.kind, run.kind, run.role) == ("sign", "yellow", "nurse")


def test_a_second_report_joins_the_alert_that_waits_and_can_only_raise_it(knee: KneeWard) -> None:
    first = knee.hers(report, signs=["calf"])
    assert knee.hers(report, signs=["breath"]) == {"case_id": first["case_id"], "level": "red"}
    assert knee.hers(report, signs=["sleep"]) == {"case_id": first["case_id"], "level": "red"}
    (case,) = rows(knee, CaseRow)
    assert case.why == ["小腿新发肿痛、发热发红", "突发胸痛或呼吸困难", "睡不好、情绪低落"]
    assert len(rows(knee, PromiseRunRow)) == 1


def test_her_next_word_after_an_answer_starts_the_clock_again(knee: KneeWard) -> None:
    case_id = knee.hers(report, signs=["calf"])["case_id"]
    knee.world.do("doctor", reply, case_id=case_id, words="请抬高患肢")
    knee.world.clock.advance(timedelta(minutes=5))
    assert knee.hers(report, signs=["calf"], words="更肿了")["case_id"] == case_id
    first, second = rows(knee, PromiseRunRow)
    assert first.met_at is not None and second.met_at is None
    assert second.started_at - first.started_at == timedelta(minutes=5)


def test_nothing_at_all_is_asked_back_and_a_strange_sign_counts_as_nothing(knee: KneeWard) -> None:
    for signs in ([], ["not_a_sign"]):
        with pytest.raises(NothingTicked):
            knee.hers(report, signs=signs, words="  ")
    assert rows(knee, CaseRow) == []


def test_where_nothing_is_promised_nothing_is_taken(world) -> None:
    knee = knee_ward(world, promises=[PROMISES[0]])
    with pytest.raises(NobodyWouldAnswer):
        knee.hers(report, signs=["calf"])


def test_an_ended_or_silenced_course_takes_no_alert(knee: KneeWard) -> None:
    world = knee.world
    world.do(
        "manager",
        cancel_and_refund,
        enrolment_id=knee.enrolment_id,
        cause="wish",
        refund_fen=0,
        reason="搬家",
    )
    with pytest.raises(NobodyWouldAnswer):
        knee.hers(report, signs=["calf"])
    stopper = world.actors["doctor"].id
    world.do("doctor", gentle_stop, patient_id=knee.other_id, kind="transfer", caller_id=stopper)
    with pytest.raises(SilencedPatient):
        world.desk.do(world.patient(knee.other_id), report, signs=["calf"])


def test_what_was_closed_is_closed_and_a_new_report_is_a_new_alert(knee: KneeWard) -> None:
    case_id = knee.hers(report, signs=["sleep"])["case_id"]
    knee.world.do("nurse", close, case_id=case_id, advice="已电话说明")
    assert knee.hers(report, signs=["calf"])["case_id"] != case_id


def test_a_decision_does_not_stand_for_what_she_reports_later(knee: KneeWard) -> None:
    case = knee.hers(report, signs=["calf"])["case_id"]
    knee.world.do("doctor", decide, case_id=case, decision="watch", advice="抬高，明早再看。")
    knee.world.clock.advance(timedelta(hours=2))
    assert knee.hers(report, signs=["fever"])["case_id"] == case
    (row,) = rows(knee, CaseRow)
    assert (row.state, row.decision) == ("open", "")
    with pytest.raises(DecisionMissing):
        knee.world.do("doctor", close, case_id=case, advice="看过了")
    knee.world.do("doctor", decide, case_id=case, decision="emergency", advice="请马上来急诊。")
    knee.world.do("doctor", close, case_id=case)


def test_ticking_everything_is_taken_and_words_are_never_cut(world: World) -> None:
    many = [{"code": f"S{n}", "level": "orange", "text": f"{n:02d}" + "长" * 150} for n in range(20)]
    knee = knee_ward(world, signs=many)
    knee.hers(report, signs=[one["code"] for one in many], words="我害怕" * 300)
    (case,), (said,) = rows(knee, CaseRow), rows(knee, PostRow)
    assert case.why == [one["text"] for one in many] and said.words.endswith("我害怕" * 300)
    with pytest.raises(TextTooLong):
        knee.hers(report, signs=["S1"], words="长" * 1001)

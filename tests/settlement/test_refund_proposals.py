"""Each template's written rule, replayed by examples reckoned by hand; and what quiet care proposes by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from core.care.quiet_care import gentle_stop, lift_silence
from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.care.work.tasks import mark_done
from core.people.consents import answer_consents
from core.people.patients import add_patient
from core.settlement.refund_proposals import (
    CAUSE_OF_STOP,
    due_after_withdrawal,
    proposal,
    proposed_in_quiet,
)
from core.settlement.refunds import record_refund
from tests.conftest import World
from tests.settlement.written_rules import Sold, sold

TODAY = date(2026, 3, 5)  # the day of every sale here
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def fen(one: Sold, cause: str) -> int:
    found = one.world.ask("front_desk", proposal, enrolment_id=one.enrolment_id, cause=cause)
    assert found.reckoning is not None and found.found.source == "sold"
    return int(found.fen)


def done(one: Sold, code: str) -> None:
    with one.world.desk.database.reading() as session:
        task_id = session.scalar(
            select(TaskRow.id).where(TaskRow.enrolment_id == one.enrolment_id, TaskRow.code == code)
        )
    one.world.do("nurse", mark_done, task_id=task_id, evidence="√")


@LANGUAGES
def test_seven_days_after_a_knee_replacement(world: World, language: str) -> None:
    """¥299, discharged on 5 March. "On the day of discharge: full refund. After that the days not yet come, as a share of 7.
    Readmission, transfer, a stop by the doctor, or a complaint: full refund." """
    one = sold(world, "knee_7days", language, anchor_date=TODAY)
    # 1. The day of discharge: all of it, 299.00.
    assert fen(one.on(TODAY), "wish") == 29900
    # 2. The next day is the first of the seven and has begun; 6 are to come: 299.00 × 6 / 7 = 256.2857…, up to 256.29.
    assert fen(one.on(date(2026, 3, 6)), "wish") == 25629
    # 3. Day 4 (9 March): 5 to 7 are to come: 299.00 × 3 / 7 = 128.1428…, up to 128.15.
    assert fen(one.on(date(2026, 3, 9)), "wish") == 12815
    # 4. Day 7 (12 March) has begun: nothing is to come.
    assert fen(one.on(date(2026, 3, 12)), "wish") == 0
    # 5. The same day, back in hospital: all of it.
    assert fen(one.on(date(2026, 3, 12)), "readmission") == 29900


@LANGUAGES
def test_the_prenatal_quest(world: World, language: str) -> None:
    """¥199, sold at 12+0 (day 84), 17 missions in the plan. "Within 7 days of enrolment and before any mission is done:
    full refund. After that: in proportion to the missions that have not opened yet. If the pregnancy ends early: full
    refund. Preterm birth or transfer: in proportion." """
    one = sold(world, "prenatal_quest", language, last_period=TODAY - timedelta(days=84))
    # 1. The seventh day after enrolment, nothing done: all of it, 199.00.
    assert fen(one.on(date(2026, 3, 12)), "wish") == 19900
    # 2. The eighth day is 13+1 (day 92). P01 and P02 are open; 15 of 17 are not: 199.00 × 15 / 17 = 175.588…, up to 175.59.
    assert fen(one.on(date(2026, 3, 13)), "wish") == 17559
    # 3. Day 200 (29 June), moved away. P01 to P08 have opened (P08 on day 196); 9 of 17 have not: 199.00 × 9 / 17 =
    #    105.352…, up to 105.36.
    assert fen(one.on(date(2026, 6, 29)), "transfer") == 10536
    # 4. The same day, the pregnancy ended early: all of it.
    assert fen(one.on(date(2026, 6, 29)), "loss") == 19900
    # 5. The second day, but P02 is done: not in full any more; on day 85 15 of 17 have not opened: 175.59.
    done(one.on(date(2026, 3, 6)), "P02")
    assert fen(one, "wish") == 17559


@LANGUAGES
def test_the_album_after_a_recovery(world: World, language: str) -> None:
    """¥99. "Before printing, for whatever reason: full refund. If the print is wrong: a reprint or a full refund. Stopped
    by the doctor: full refund, printed or not." The yes to the proof is what it is printed by."""
    one = sold(world, "cure_album", language)
    # 1. On the day of the sale: all of it, 99.00.
    assert fen(one.on(TODAY), "wish") == 9900
    # 2. Twelve days later, still not printed: all of it.
    assert fen(one.on(date(2026, 3, 17)), "wish") == 9900
    done(one, "PROOF")
    # 3. The proof was agreed to, it is being printed: nothing.
    assert fen(one, "wish") == 0
    # 4. The print is wrong: all of it.
    assert fen(one, "fault") == 9900
    # 5. The doctor stopped it: all of it, printed or not.
    assert fen(one.on(date(2026, 4, 20)), "doctor") == 9900


def test_of_an_ended_course_it_is_what_the_rule_gave_on_its_last_day(world: World) -> None:
    one = sold(world, "knee_7days", anchor_date=TODAY)
    one.on(date(2026, 3, 9)).world.do(
        "doctor", gentle_stop, patient_id=one.patient_id, kind="loss", caller_id=4
    )
    assert fen(one.on(date(2026, 3, 30)), "wish") == 12815


@pytest.mark.parametrize(("kind", "amount"), [("other", 12815), ("complaint", 29900), ("loss", 12815)])
def test_quiet_care_proposes_what_the_rule_gives_for_the_kind_of_stop(
    world: World, kind: str, amount: int
) -> None:
    one = sold(world, "knee_7days", anchor_date=TODAY).on(date(2026, 3, 9))
    world.do("doctor", gentle_stop, patient_id=one.patient_id, kind=kind, caller_id=4)
    [found] = world.ask("front_desk", proposed_in_quiet, patient_ids=[one.patient_id])[one.patient_id]
    assert (found.cause, found.fen) == (CAUSE_OF_STOP.get(kind, "wish"), amount)
    known = {"enrolment_id": one.enrolment_id, "cause": found.cause}
    # Somebody paid less than the rule: what was proposed is settled all the same.
    world.do("front_desk", record_refund, refund_fen=100, reason="她说只要一元", **known)
    assert world.ask("front_desk", proposed_in_quiet, patient_ids=[one.patient_id]) == {}


def test_a_consent_withdrawn_on_her_phone_leaves_money_due_until_it_is_paid_back(world: World) -> None:
    one = sold(world, "knee_7days", anchor_date=TODAY).on(date(2026, 3, 9))
    assert world.ask("front_desk", due_after_withdrawal) == []
    world.desk.do(world.patient(one.patient_id), answer_consents, given={"service": False})
    [due] = world.ask("front_desk", due_after_withdrawal)
    assert (due.patient_id, due.proposal.enrolment_id, due.proposal.fen) == (
        one.patient_id, one.enrolment_id, 12815,
    )  # fmt: skip
    world.do("front_desk", record_refund, enrolment_id=one.enrolment_id, refund_fen=12815, cause="wish")
    assert world.ask("front_desk", due_after_withdrawal) == []


def test_a_refund_of_nothing_with_a_reason_sets_it_aside(world: World) -> None:
    one = sold(world, "knee_7days", anchor_date=TODAY).on(date(2026, 3, 9))
    world.desk.do(world.patient(one.patient_id), answer_consents, given={"service": False})
    known = {"enrolment_id": one.enrolment_id, "cause": "wish"}
    world.do("front_desk", record_refund, refund_fen=0, reason="她说不用退了", **known)
    assert world.ask("front_desk", due_after_withdrawal) == []


def test_withdrawals_that_give_nothing_hide_no_refund_that_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.settlement.refund_proposals.MOST_DUE", 2)
    one = sold(world, "knee_7days", anchor_date=TODAY)
    with_money = []
    for day, wanted in ((12, 5), (13, 0), (14, 3)):  # of the first five nothing is left to pay back
        for number in range(wanted):
            anchor = TODAY if day == 12 else date(2026, 3, day)
            patient = world.do(
                "nurse", add_patient, name="罗建国", record_number=f"R{day}-{number}", phone="13800005678"
            )
            world.do(
                "front_desk", enrol, patient_id=patient, package_id=one.package_id, payment_method="cash",
                anchor_date=anchor, consents={"service": True},
            )  # fmt: skip
            one.on(date(2026, 3, day))
            world.desk.do(world.patient(patient), answer_consents, given={"service": False})
            one.on(TODAY)
            with_money += [patient] if day != 12 else []
    one.on(date(2026, 3, 14))
    found = world.ask("front_desk", due_after_withdrawal)
    assert [due.patient_id for due in found] == with_money[:2]
    course = found[0].proposal
    world.do(
        "front_desk", record_refund, enrolment_id=course.enrolment_id, refund_fen=course.fen, cause="wish"
    )
    found = world.ask("front_desk", due_after_withdrawal)
    assert [due.patient_id for due in found] == with_money[1:]


def test_a_stop_without_a_proposal_or_lifted_proposes_nothing(world: World) -> None:
    one = sold(world, "knee_7days", anchor_date=TODAY)
    stop = world.do("doctor", gentle_stop, patient_id=one.patient_id, kind="other", caller_id=4)
    world.do("doctor", lift_silence, stop_id=stop, reason="同名")
    assert world.ask("nurse", proposed_in_quiet, patient_ids=[one.patient_id]) == {}
    world.do("doctor", gentle_stop, patient_id=one.patient_id, kind="other", caller_id=4, refund=False)
    assert world.ask("nurse", proposed_in_quiet, patient_ids=[one.patient_id]) == {}


def test_proposals_for_several_patients_take_as_many_queries_as_for_one(world: World) -> None:
    one, asked = sold(world, "knee_7days", anchor_date=TODAY), []
    patients = [one.patient_id]
    for number in range(2, 5):
        patients.append(
            world.do("nurse", add_patient, name="罗建国", record_number=f"R{number}", phone="13800005678")
        )
        world.do(
            "front_desk", enrol, patient_id=patients[-1], package_id=one.package_id, payment_method="cash",
            anchor_date=TODAY, consents={"service": True, "messages": True},
        )  # fmt: skip
    for patient_id in patients:
        world.do("doctor", gentle_stop, patient_id=patient_id, kind="complaint", caller_id=4)

    def count(*_more: object) -> None:
        asked[-1] += 1

    event.listen(world.desk.database.engine, "before_cursor_execute", count)
    for wanted in (patients[:1], patients):
        asked.append(0)
        assert set(world.ask("nurse", proposed_in_quiet, patient_ids=wanted)) == set(wanted)
    assert asked[0] == asked[1]

"""The patient's phone: friendly by rule, quiet when it must be, and lean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from core.bank.account import own_statement
from core.care.feedback import answer_survey
from core.care.patient_file import patient_file
from core.care.plan.due_and_late import BAND_NAMES
from core.care.quiet_care import end_silence, gentle_stop, lift_silence
from core.care.sale.courses import change_anchor, complete
from core.care.work.appointments import book
from core.care.work.measurements import record_growth
from core.care.work.tasks import excuse, mark_done
from core.department.switches import sign_off
from core.foundation.access import PUBLIC, NotAllowed
from core.messages.due import due_list as due_messages
from core.messages.log import own_messages
from core.messages.marking import mark_messages_sent
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import UnknownPatient
from core.phone.journey import FRIENDLY, STATE_NAMES, Journey, journey
from tests.conftest import World
from tests.prenatal_ward import LAST_PERIOD, TODAY, PrenatalWard
from tests.selling import open_sales


def seen(ward: PrenatalWard, patient: int) -> Journey:
    return ward.world.desk.ask(ward.world.patient(patient), journey)


def sign(ward: PrenatalWard, review_on: date) -> None:
    ward.world.do(
        "manager", sign_off, code="clinical_rewards", on=True, signed_by="产科主任", document_number="2026-7",
        review_on=review_on,
    )  # fmt: skip


def due_of(ward: PrenatalWard) -> list[tuple[int, str, str]]:
    """The messages of today, as the desk notes them."""
    return [
        (one.enrolment_id, one.code, one.about)
        for one in ward.world.ask("nurse", due_messages, channel="sms").rows
    ]


def test_what_is_next_stands_on_top_with_where_and_what_to_bring(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    shown = seen(ward, patient)
    written = ward.document.task("P01")
    assert shown.next and shown.next.code == "P01" and shown.next.state == "now"
    assert (shown.next.title, shown.next.bring, shown.next.minutes) == (
        written.title,
        written.bring,
        written.minutes,
    )
    assert (shown.next.week_from, shown.next.week_to) == ("6+0", "13+6")
    assert shown.package and shown.package.week_text == "12+0"
    assert shown.package.due_on == LAST_PERIOD + timedelta(days=280)
    assert (shown.badges_earned, shown.badge_target, shown.phone) == (0, 10, "010-12345678")


def test_a_reward_that_is_not_signed_off_is_not_promised_on_her_phone(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    shown = seen(ward, patient).package
    assert shown and shown.badge_target == 10 and shown.badge_reward == ""
    sign(ward, TODAY + timedelta(days=30))
    assert seen(ward, patient).package.badge_reward == ward.document.reward("LABOUR_500").name  # type: ignore[union-attr]
    ward.world.clock.advance(timedelta(days=31))
    assert seen(ward, patient).package.badge_reward == "", "the review is overdue"  # type: ignore[union-attr]


def test_points_under_a_rule_that_waits_for_a_signature_are_not_promised(world: World) -> None:
    rules = load("prenatal_quest", "zh").model_dump(mode="json")["earning_rules"]
    ward = PrenatalWard(world, earning_rules=[rule | {"needs_signoff": True} for rule in rules])
    patient = ward.patient()
    ward.sell(patient)
    assert not any(one.points for one in seen(ward, patient).missions)
    sign(ward, TODAY + timedelta(days=30))
    assert any(one.points for one in seen(ward, patient).missions)


def test_a_booked_visit_is_next(ward: PrenatalWard) -> None:
    patient = ward.patient()
    task = ward.task(ward.sell(patient), "P02")
    at = ward.world.clock.now() + timedelta(days=2)
    ward.world.do("nurse", book, patient_id=patient, task_id=task.id, at=at)
    following = seen(ward, patient).next
    assert following and (following.code, following.appointment_at) == ("P02", at)


def test_rest_and_done_both_earn_the_badge(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    ward.world.do("nurse", excuse, task_id=ward.task(number, "P02").id, reason="卧床")
    shown = seen(ward, patient)
    assert shown.badges_earned == 2
    assert [one.state for one in shown.missions[:2]] == ["done", "rest"] and all(
        one.earned for one in shown.missions[:2]
    )


def test_nothing_is_ever_called_overdue(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    states = set()
    for _week in range(30):
        states |= {one.state for one in seen(ward, patient).missions}
        ward.world.clock.advance(timedelta(days=7))
    assert {"now", "welcome", "passed", "later"} <= states <= set(STATE_NAMES)
    assert set(FRIENDLY) == set(BAND_NAMES)
    words = " ".join(STATE_NAMES.values()).lower()
    assert not any(word in words for word in ("overdue", "late", "missed", "expired", "lost"))


def test_a_late_joiners_passed_windows_are_simply_not_needed(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=None)
    ward.sell(patient, last_period=TODAY - timedelta(days=30 * 7))
    shown = seen(ward, patient)
    first = shown.mission("P01")
    assert first and first.state == "not_needed" and shown.badge_target and shown.badge_target < 10


def test_a_medical_alert_is_no_mission_and_shows_only_in_its_time(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=None)
    ward.sell(patient, last_period=TODAY - timedelta(days=286))
    assert seen(ward, patient).alerts == ()
    ward.world.clock.advance(timedelta(days=1))
    shown = seen(ward, patient)
    assert [one.code for one in shown.alerts] == ["P17"]
    assert "P17" not in [one.code for one in shown.missions]


def test_a_silenced_patients_page_holds_nothing_but_the_phone_number(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    shown = seen(ward, patient)
    assert shown.quiet and shown.phone == "010-12345678"
    assert (shown.package, shown.next, shown.missions, shown.alerts, shown.growth) == (None, None, (), (), ())
    assert (shown.badges_earned, shown.badge_target, shown.survey_due) == (0, None, False)


def test_the_question_comes_after_something_was_done_and_not_again_at_once(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    assert not seen(ward, patient).survey_due
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    assert seen(ward, patient).survey_due
    ward.world.desk.do(ward.world.patient(patient), answer_survey, score=5)
    assert not seen(ward, patient).survey_due
    ward.world.clock.advance(timedelta(days=8))
    assert not seen(ward, patient).survey_due
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P02").id)
    assert seen(ward, patient).survey_due


def test_growth_points_come_by_day(ward: PrenatalWard) -> None:
    patient = ward.patient(last_period=TODAY - timedelta(days=210))
    for day in (TODAY, TODAY - timedelta(days=14)):
        ward.world.do("doctor", record_growth, patient_id=patient, day=day, hc_mm=280, confirmed=True)
    assert [one.day for one in seen(ward, patient).growth] == [TODAY - timedelta(days=14), TODAY]


def sold_knee_week(ward: PrenatalWard, patient: int) -> int:
    document = load("knee_7days", "zh").model_dump(mode="json")
    knee: int = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=knee)
    open_sales(ward.world, knee)
    return ward.sell(patient, package_id=knee, last_period=None, anchor_date=TODAY)


def test_every_running_course_shows_the_one_with_something_to_do_first(ward: PrenatalWard) -> None:
    patient = ward.patient()
    pregnancy, knee = ward.sell(patient), sold_knee_week(ward, patient)
    ward.world.clock.advance(timedelta(days=1))
    shown = seen(ward, patient)
    assert [one.enrolment_id for one in shown.running] == [knee, pregnancy]
    assert {one.enrolment_id for one in shown.missions} == {knee, pregnancy}
    assert {one.enrolment_id for one in shown.own_now} == {knee}
    # Each counts as its own package does.
    assert [(one.week_text, one.due_on is None) for one in shown.running] == [("", True), ("12+1", False)]
    assert shown.mission("P05") and shown.running[1].badge_target == 10


def test_a_course_that_is_over_folds_away_and_hides_no_other(ward: PrenatalWard) -> None:
    patient = ward.patient()
    pregnancy, knee = ward.sell(patient), sold_knee_week(ward, patient)
    ward.world.clock.advance(timedelta(days=60))
    shown = seen(ward, patient)
    assert [one.enrolment_id for one in shown.running] == [pregnancy]
    assert [one.enrolment_id for one in shown.ended] == [knee]
    assert {one.enrolment_id for one in shown.missions} == {pregnancy} and shown.next


def test_after_the_end_no_week_is_counted_and_nothing_is_left_to_collect(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    ward.world.do("nurse", complete, enrolment_id=number)
    ward.world.clock.advance(timedelta(days=209))  # 41+6
    shown = seen(ward, patient)
    assert shown.package and shown.package.status == "completed" and shown.running == ()
    assert (shown.package.week_text, shown.package.day_number, shown.package.due_on) == ("", None, None)
    assert (shown.badge_target, shown.next, shown.own_now, shown.survey_due) == (None, None, (), False)


def test_nothing_from_before_a_silence_she_ended_is_shown_again(ward: PrenatalWard) -> None:
    """A journey completed before, what was written and measured then, and the lines that name it."""
    patient = ward.patient()
    number = ward.sell(patient)
    me = ward.world.patient(patient)
    ward.world.do("doctor", record_growth, patient_id=patient, day=TODAY, hc_mm=70, confirmed=True)
    ward.world.do("nurse", mark_done, task_id=ward.task(number, "P01").id)
    ward.world.do("nurse", mark_messages_sent, messages=due_of(ward), due_on=TODAY, channel="sms")
    ward.world.do("nurse", complete, enrolment_id=number)
    assert seen(ward, patient).growth and ward.world.desk.ask(me, own_messages)
    assert ward.world.desk.ask(me, own_statement, language="zh")
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    ward.world.clock.advance(timedelta(days=180))
    ward.world.do("doctor", end_silence, stop_id=stop, reason="她愿意再听到我们")
    shown = seen(ward, patient)
    assert (shown.package, shown.ended, shown.missions, shown.growth, shown.written_to) == (
        None,
        (),
        (),
        (),
        False,
    )
    assert ward.world.desk.ask(me, own_messages) == []
    assert ward.world.desk.ask(me, own_statement, language="zh") == []
    # The next journey begins as the first one did.
    ward.sell(patient, last_period=TODAY + timedelta(days=100))
    fresh = seen(ward, patient)
    assert (fresh.growth, fresh.ended, fresh.written_to) == ((), (), False)
    assert fresh.package and fresh.package.week_text == "11+3"


def test_a_silence_taken_back_as_a_mistake_hides_nothing(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    ward.world.do("doctor", record_growth, patient_id=patient, day=TODAY, hc_mm=70, confirmed=True)
    stop = ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    ward.world.do("doctor", lift_silence, stop_id=stop, reason="点错了人")
    assert seen(ward, patient).growth and seen(ward, patient).running


def test_a_patient_sees_only_herself(ward: PrenatalWard) -> None:
    first, second = ward.patient(), ward.patient()
    assert (seen(ward, first).patient_id, seen(ward, second).patient_id) == (first, second)
    with pytest.raises(NotAllowed):
        ward.world.desk.ask(PUBLIC, journey)
    with pytest.raises(NotAllowed):
        ward.world.ask("nurse", journey)
    with pytest.raises(UnknownPatient):
        seen(ward, 9999)


def test_the_page_is_lean(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    seen(ward, patient)
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = ward.world.desk.database.engine
    event.listen(engine, "before_cursor_execute", note)
    seen(ward, patient)
    event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 7


def test_a_corrected_date_hides_no_visit_that_is_still_booked(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    at = ward.world.clock.now() + timedelta(days=2)
    ward.world.do("nurse", book, patient_id=patient, task_id=ward.task(number, "P01").id, at=at)
    ward.world.do(
        "nurse",
        change_anchor,
        enrolment_id=number,
        reason="B超",
        last_period=LAST_PERIOD - timedelta(days=120),
    )
    assert ward.task(number, "P01").state == "not_applicable"
    following = seen(ward, patient).next
    assert following and (following.code, following.appointment_at) == ("P01", at)
    file = ward.world.ask("nurse", patient_file, patient_id=patient)
    assert file.next and (file.next.visit_at, file.next.task_id) == (at, None)


def test_what_was_waived_shows_no_appointment(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient)
    at = ward.world.clock.now() + timedelta(days=2)
    ward.world.do("nurse", book, patient_id=patient, task_id=ward.task(number, "P01").id, at=at)
    ward.world.do("doctor", excuse, task_id=ward.task(number, "P01").id, reason="卧床")
    assert [one.appointment_at for one in seen(ward, patient).missions if one.code == "P01"] == [None]

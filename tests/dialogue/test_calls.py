"""Calls: what each outcome plans, when somebody is lost, and what a call does to a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.dialogue.cases import calls, cases, queue
from core.dialogue.cases.calls import next_try
from core.dialogue.cases.thread import thread_of
from core.dialogue.tables import CallRow
from core.foundation.access import NotAllowed
from core.people.patients import UnknownPatient, card, edit_patient
from tests.conftest import World
from tests.dialogue.desk_scene import DeskScene

ZONE = ZoneInfo("Asia/Shanghai")
IN_VAIN = ("no_answer", "busy", "refused", "switched_off", "family_answered", "other")


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def told(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZONE):%d %H:%M}" if moment else ""


@pytest.fixture
def scene(world: World) -> DeskScene:
    return DeskScene(world)


# --- when to try again ----------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["reached", "wrong_number", "lost"])
def test_nothing_is_planned_where_there_is_nothing_to_repeat(outcome: str) -> None:
    assert next_try(outcome, on(5, 10), ZONE) is None


@pytest.mark.parametrize("outcome", IN_VAIN)
def test_the_next_try_is_in_another_part_of_the_day_and_never_at_night(outcome: str) -> None:
    for hour in range(24):
        now = on(5, hour, 15)
        planned = next_try(outcome, now, ZONE)
        assert planned is not None and planned > now
        assert calls.part_of_day(planned, ZONE) is not None
        if not (outcome == "busy" and planned - now == calls.SOON):
            assert planned - now >= calls.APART
            assert calls.part_of_day(planned, ZONE) != calls.part_of_day(now, ZONE)


def test_a_morning_call_in_vain_is_repeated_in_the_afternoon_then_in_the_evening() -> None:
    assert told(next_try("no_answer", on(5, 9, 30), ZONE)) == "05 14:30"
    assert told(next_try("no_answer", on(5, 14, 30), ZONE, [on(5, 9, 30)])) == "05 18:30"
    assert told(next_try("no_answer", on(5, 18, 30), ZONE, [on(5, 9, 30), on(5, 14, 30)])) == "06 09:30"


def test_an_hour_that_was_not_tried_goes_before_one_that_was() -> None:
    assert told(next_try("no_answer", on(6, 9, 30), ZONE, [on(5, 14, 30)])) == "06 18:30"


def test_who_declined_is_left_alone_until_tomorrow() -> None:
    assert told(next_try("refused", on(5, 9, 30), ZONE)) == "06 14:30"


def test_a_busy_line_is_tried_again_soon_but_not_after_the_evening() -> None:
    assert told(next_try("busy", on(5, 10), ZONE)) == "05 10:20"
    assert told(next_try("busy", on(5, 20, 20), ZONE)) == "06 09:30"


def test_an_urgent_sign_is_tried_again_at_once_at_any_hour() -> None:
    assert told(next_try("no_answer", on(5, 2), ZONE, urgent=True)) == "05 02:10"


def test_the_ladder_needs_every_part_of_the_day_and_two_days() -> None:
    assert not calls.all_tried([on(5, 9), on(5, 14), on(5, 19)], ZONE)
    assert not calls.all_tried([on(5, 9), on(6, 9), on(7, 9)], ZONE)
    assert not calls.all_tried([on(5, 9), on(6, 14)], ZONE)
    assert calls.all_tried([on(5, 9), on(5, 14), on(6, 19)], ZONE)


# --- what a call does -----------------------------------------------------------------------------


def test_reached_answers_the_case_and_stops_its_clock(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question", words="可以爬楼吗？")
    scene.later(minutes=5)
    said = scene.world.do("nurse", calls.record, case_id=case, outcome="reached", note="已说明")
    [run] = scene.runs(case)
    assert run.met_at == scene.world.clock.now() and run.met_by == scene.world.actors["nurse"].id
    assert (scene.case(case).state, said["next_try_at"]) == ("answered", None)
    assert scene.history(case)[-2:] == [("called", "reached"), ("answered", "call")]
    last = scene.world.ask("nurse", thread_of, patient_id=patient)[-1]
    assert (last.by, last.words) == ("staff", "我们已电话沟通。")
    assert scene.trail("call.recorded") == 1


def test_no_answer_leaves_the_clock_running_and_plans_the_next_try(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question")
    said = scene.world.do("nurse", calls.record, case_id=case, outcome="no_answer")
    [run] = scene.runs(case)
    assert run.met_at is None and scene.case(case).state == "open"
    [call] = scene.world.ask("nurse", calls.calls_of, patient_id=patient, case_id=case)
    assert call.next_try_at is not None and call.next_try_at.isoformat() == said["next_try_at"]
    assert (call.outcome, call.by) == ("no_answer", scene.world.actors["nurse"].name)


def test_reached_ends_the_silence_of_the_course(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    silence = scene.open(enrolment, "silence")
    question = scene.open(enrolment, "question")
    scene.world.do("nurse", calls.record, case_id=question, outcome="reached")
    assert (scene.case(silence).state, scene.case(question).state) == ("closed", "answered")
    other = scene.open(enrolment, "silence")
    scene.world.do("nurse", calls.record, patient_id=patient, outcome="reached")
    assert scene.case(other).state == "closed"
    third = scene.open(enrolment, "silence")
    scene.world.do("nurse", calls.record, case_id=third, outcome="reached")
    assert scene.case(third).state == "closed"


def test_a_call_without_a_case_is_kept_with_the_patient(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    scene.world.do("nurse", calls.record, patient_id=patient, outcome="switched_off", note="关机")
    with scene.world.desk.database.reading() as session:
        row = session.query(CallRow).one()
        assert (row.case_id, row.enrolment_id, row.note) == (None, enrolment, "关机")


def test_nobody_is_lost_before_the_whole_ladder(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "silence")
    for tries in range(3):  # noon, 18:30, 9:30 on the next day
        with pytest.raises(calls.NotLostYet) as refused:
            scene.world.do("nurse", calls.record, case_id=case, outcome="lost")
        assert refused.value.tries == tries
        said = scene.world.do("nurse", calls.record, case_id=case, outcome="no_answer")
        scene.world.clock.moment = datetime.fromisoformat(str(said["next_try_at"]))
    scene.world.do("nurse", calls.record, case_id=case, outcome="lost", note="两天三次未接")
    assert scene.case(case).state == "closed" and scene.history(case)[-1] == ("closed", "lost")


def test_the_family_at_the_telephone_begins_the_ladder_anew(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "silence")
    for outcome in ("no_answer", "no_answer", "family_answered"):
        said = scene.world.do("nurse", calls.record, case_id=case, outcome=outcome)
        scene.world.clock.moment = datetime.fromisoformat(str(said["next_try_at"]))
    assert scene.case(case).state == "open"
    with pytest.raises(calls.NotLostYet):
        scene.world.do("nurse", calls.record, case_id=case, outcome="lost")


def test_an_urgent_sign_is_never_lost_without_a_decision(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "alert", level="orange")
    with pytest.raises(cases.DecisionMissing):
        scene.world.do("doctor", calls.record, case_id=case, outcome="lost")
    assert scene.case(case).state == "open"


def test_a_wrong_number_asks_until_it_is_corrected(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    case = scene.open(enrolment, "silence")
    assert scene.world.ask("nurse", calls.number_to_correct, patient_id=patient) == ""
    said = scene.world.do("nurse", calls.record, case_id=case, outcome="wrong_number")
    facts = scene.world.ask("nurse", card, patient_id=patient)
    assert said["next_try_at"] is None
    assert scene.world.ask("nurse", calls.number_to_correct, patient_id=patient) == facts.phone
    scene.later(minutes=1)
    scene.world.do(
        "nurse", edit_patient, patient_id=patient, name=facts.name, record_number=facts.record_number,
        phone="13900001234",
    )  # fmt: skip
    assert scene.world.ask("nurse", calls.number_to_correct, patient_id=patient) == ""


def test_what_is_unknown_is_refused(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question")
    with pytest.raises(calls.UnknownOutcome):
        scene.world.do("nurse", calls.record, case_id=case, outcome="hung_up")
    with pytest.raises(UnknownPatient):
        scene.world.do("nurse", calls.record, outcome="reached")
    with pytest.raises(NotAllowed):
        scene.world.do("front_desk", calls.record, patient_id=patient, outcome="reached")
    scene.world.do("nurse", cases.close, case_id=case, advice="已说明")
    with pytest.raises(cases.UnknownCase):
        scene.world.do("nurse", calls.record, case_id=case, outcome="reached")
    assert scene.trail("call.recorded") == 0


def test_the_same_click_calls_once(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question")
    first, second = (
        scene.world.do("nurse", calls.record, case_id=case, outcome="no_answer", request_key="one")
        for _ in range(2)
    )
    assert first == second
    assert scene.world.ask("nurse", queue.one_case, case_id=case).calls == 1
    assert scene.world.clock.now() + timedelta(hours=2) < datetime.fromisoformat(str(first["next_try_at"]))

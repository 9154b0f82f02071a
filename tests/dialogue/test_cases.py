"""The life of a case: taken, answered, decided, closed, opened again; and what stops and starts its clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from core.dialogue.cases import cases
from core.dialogue.cases.thread import WordsMissing, WordsTooLong, thread_of
from core.dialogue.clocks import promises
from core.dialogue.course import course_of
from core.dialogue.recordings.voices import voice_of
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.doors import Stamp
from tests.conftest import NOON, World
from tests.dialogue.desk_scene import DeskScene
from tests.dialogue.filming import spoken


@pytest.fixture
def scene(world: World) -> DeskScene:
    return DeskScene(world)


@pytest.fixture
def question(scene: DeskScene) -> int:
    _patient, enrolment = scene.sell()
    return scene.open(enrolment, "question", words="可以洗澡吗？")


@pytest.fixture
def alert(scene: DeskScene) -> int:
    _patient, enrolment = scene.sell("李桂兰")
    return scene.open(enrolment, "alert", level="orange", why=["小腿又热又胀"])


def kept(scene: DeskScene, case_id: int) -> list[str]:
    now = scene.world.clock.now()
    return [promises.standing(run.due_at, run.met_at, run.ended_at, now) for run in scene.runs(case_id)]


# --- who has it -----------------------------------------------------------------------------------


def test_a_case_is_taken_and_given_back(scene: DeskScene, question: int) -> None:
    scene.world.do("nurse", cases.take, case_id=question)
    assert scene.case(question).taken_by == scene.world.actors["nurse"].id
    scene.world.do("nurse", cases.take, case_id=question)  # twice harms nothing
    scene.world.do("nurse", cases.release, case_id=question)
    assert scene.case(question).taken_by is None and scene.case(question).taken_at is None
    assert kept(scene, question) == ["runs"], "taking is not answering"


def test_what_a_colleague_has_is_taken_over_only_on_purpose(scene: DeskScene, question: int) -> None:
    scene.world.do("nurse", cases.take, case_id=question)
    with pytest.raises(cases.TakenByAnother) as refused:
        scene.world.do("doctor", cases.take, case_id=question)
    assert refused.value.name == scene.world.actors["nurse"].name
    scene.world.do("doctor", cases.take, case_id=question, over=True)
    assert scene.case(question).taken_by == scene.world.actors["doctor"].id
    assert scene.trail("case.taken") == 2


def test_of_two_who_take_at_once_one_has_it(scene: DeskScene, question: int) -> None:
    together = Barrier(2)

    def take(role: str) -> str:
        together.wait()
        try:
            scene.world.do(role, cases.take, case_id=question)
        except cases.TakenByAnother:
            return ""
        return role

    with ThreadPoolExecutor(2) as both:
        won = [role for role in both.map(take, ("nurse", "doctor")) if role]
    assert len(won) == 1
    assert scene.case(question).taken_by == scene.world.actors[won[0]].id
    assert scene.trail("case.taken") == 1


def test_only_the_team_touches_a_case(scene: DeskScene, question: int) -> None:
    for role in ("front_desk", "executive"):
        with pytest.raises(NotAllowed):
            scene.world.do(role, cases.take, case_id=question)
        with pytest.raises(NotAllowed):
            scene.world.do(role, cases.reopen, case_id=question)


# --- the clock ------------------------------------------------------------------------------------


def test_the_first_answer_stops_the_clock_and_the_second_changes_nothing(
    scene: DeskScene, question: int
) -> None:
    scene.later(minutes=20)
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    first = scene.world.clock.now()
    scene.later(minutes=90)
    scene.world.do("nurse", cases.reply, case_id=question, words="记得贴防水贴。")
    [run] = scene.runs(question)
    assert (run.met_at, run.met_by) == (first, scene.world.actors["nurse"].id)
    assert kept(scene, question) == ["met"]
    scene.later(days=2)
    assert kept(scene, question) == ["met"], "she wrote nothing: it is never overdue"


def test_whoever_answers_has_it_unless_somebody_had_it_before(scene: DeskScene, question: int) -> None:
    scene.world.do("doctor", cases.take, case_id=question)
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    assert scene.case(question).taken_by == scene.world.actors["doctor"].id


def test_her_next_word_starts_the_clock_anew(scene: DeskScene, question: int) -> None:
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    scene.later(minutes=30)
    scene.says(question, "水温多少？")
    first, second = scene.runs(question)
    assert first.met_at is not None and second.met_at is None
    assert second.due_at == scene.world.clock.now() + timedelta(minutes=60)
    scene.says(question, "还在吗？")
    assert len(scene.runs(question)) == 2, "a clock that runs is not started twice"


def test_an_answer_after_the_minute_is_late_and_in_the_last_instant_it_is_in_time(
    scene: DeskScene, question: int, alert: int
) -> None:
    scene.later(minutes=30)
    scene.world.do("doctor", cases.reply, case_id=alert, words="先平卧。")
    assert kept(scene, alert) == ["met"]
    scene.later(minutes=31)
    assert kept(scene, question) == ["missed"]
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    assert kept(scene, question) == ["answered_late"]


def test_thanks_after_the_close_opens_nothing(scene: DeskScene, question: int) -> None:
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    scene.world.do("nurse", cases.close, case_id=question, advice="已说明")
    scene.says(question, "谢谢！")
    assert scene.case(question).state == "closed"
    assert kept(scene, question) == ["met"] and len(scene.runs(question)) == 1
    assert scene.world.ask("nurse", thread_of, patient_id=1)[-1].words == "谢谢！"


def test_a_case_that_is_gone_ends_without_counting(scene: DeskScene, question: int) -> None:
    def gone(stamp: Stamp) -> None:
        cases.withdraw(stamp, stamp.session.get_one(CaseRow, question), "course")

    scene.world.desk.do(SYSTEM, gone)
    assert scene.case(question).state == "withdrawn" and kept(scene, question) == ["ended"]
    with pytest.raises(cases.UnknownCase):
        scene.world.do("nurse", cases.reply, case_id=question, words="可以。")


def test_where_nothing_is_promised_no_clock_runs(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell("赵玉芬")
    assert scene.runs(scene.open(enrolment, "silence")) == []


# --- the answer -----------------------------------------------------------------------------------


def test_an_answer_in_words_stands_in_her_thread(scene: DeskScene, question: int) -> None:
    scene.world.do("nurse", cases.reply, case_id=question, words="  可以。 ")
    said = scene.world.ask("doctor", thread_of, patient_id=1)[-1]
    assert (said.by, said.author, said.words) == ("staff", scene.world.actors["nurse"].name, "可以。")
    assert scene.trail("case.replied") == 1


def test_a_voice_message_answers_without_words_in_one_deed(scene: DeskScene, question: int) -> None:
    assert scene.world.do("doctor", cases.reply, case_id=question, voice=voice_of(spoken(2)))
    [attached] = scene.world.ask("doctor", thread_of, patient_id=1)[-1].attached
    assert (attached.kind, attached.state, attached.seconds) == ("voice", "ready", 2)
    assert scene.history(question)[-1] == ("answered", "voice") and kept(scene, question) == ["met"]
    assert scene.trail("case.replied") == 1 and scene.trail("recording.voice") == 0


@pytest.mark.parametrize(("words", "refusal"), [(" ", WordsMissing), ("长" * 2001, WordsTooLong)])
def test_an_empty_or_endless_answer_is_refused(
    scene: DeskScene, question: int, words: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        scene.world.do("nurse", cases.reply, case_id=question, words=words)
    assert kept(scene, question) == ["runs"] and scene.case(question).state == "open"


# --- the decision ---------------------------------------------------------------------------------


def test_an_urgent_sign_is_closed_only_with_a_decision(scene: DeskScene, alert: int) -> None:
    scene.world.do("nurse", cases.reply, case_id=alert, words="医生马上看。")
    with pytest.raises(cases.DecisionMissing):
        scene.world.do("nurse", cases.close, case_id=alert, advice="已说明")
    scene.world.do("doctor", cases.decide, case_id=alert, decision="watch", advice="抬高患肢，明早再看。")
    scene.world.do("nurse", cases.close, case_id=alert)
    row = scene.case(alert)
    assert (row.state, row.decision, row.advice) == ("closed", "watch", "抬高患肢，明早再看。")


def test_watching_and_coming_in_is_a_doctors_decision_the_emergency_department_everybodys(
    scene: DeskScene, alert: int
) -> None:
    for decision in ("watch", "come_in"):
        with pytest.raises(cases.DecisionNotYours):
            scene.world.do("nurse", cases.decide, case_id=alert, decision=decision, advice="观察")
    scene.world.do("nurse", cases.decide, case_id=alert, decision="emergency", advice="请马上去急诊。")
    assert scene.case(alert).decision == "emergency" and kept(scene, alert) == ["met"]


def test_coming_in_needs_a_day_from_today_on(scene: DeskScene, alert: int) -> None:
    told = {"case_id": alert, "decision": "come_in", "advice": "请来复查。"}
    for day in (None, date(2026, 3, 4)):
        with pytest.raises(cases.DecisionDayMissing):
            scene.world.do("doctor", cases.decide, **told, decision_on=day)
    scene.world.do("doctor", cases.decide, **told, decision_on=date(2026, 3, 5))
    assert scene.case(alert).decision_on == date(2026, 3, 5)


def test_a_decision_needs_a_known_name_and_words_for_her(scene: DeskScene, alert: int) -> None:
    with pytest.raises(cases.DecisionMissing):
        scene.world.do("doctor", cases.decide, case_id=alert, decision="wait", advice="观察")
    with pytest.raises(cases.AdviceMissing):
        scene.world.do("doctor", cases.decide, case_id=alert, decision="watch", advice=" ")
    assert scene.case(alert).decision == "" and scene.trail("case.decided") == 0


# --- the close ------------------------------------------------------------------------------------


def test_what_nobody_answered_is_closed_only_with_advice(scene: DeskScene, question: int) -> None:
    with pytest.raises(cases.AdviceMissing):
        scene.world.do("nurse", cases.close, case_id=question)
    scene.world.do("nurse", cases.close, case_id=question, advice="当面已答")
    assert scene.case(question).state == "closed" and kept(scene, question) == ["met"]
    with pytest.raises(cases.UnknownCase):
        scene.world.do("nurse", cases.close, case_id=question, advice="再结一次")


def test_a_close_by_mistake_is_taken_back_on_the_same_day(scene: DeskScene, question: int) -> None:
    scene.later(minutes=10)
    scene.world.do("nurse", cases.close, case_id=question, advice="点错了")
    scene.later(minutes=10)
    scene.world.do("doctor", cases.reopen, case_id=question)
    row, [run] = scene.case(question), scene.runs(question)
    assert (row.state, row.closed_at, row.closed_by) == ("open", None, None)
    assert (run.met_at, run.met_by, run.due_at) == (None, None, NOON + timedelta(minutes=60))
    assert scene.trail("case.reopened") == 1 and scene.history(question)[-1][0] == "unclosed"


def test_an_answered_case_that_is_opened_again_keeps_its_kept_promise(
    scene: DeskScene, question: int
) -> None:
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    scene.later(minutes=10)
    scene.world.do("nurse", cases.close, case_id=question)
    scene.world.do("nurse", cases.reopen, case_id=question)
    assert scene.case(question).state == "answered" and kept(scene, question) == ["met"]


def test_a_case_is_not_opened_again_tomorrow_nor_while_it_is_open(scene: DeskScene, question: int) -> None:
    with pytest.raises(cases.NotClosed):
        scene.world.do("nurse", cases.reopen, case_id=question)
    scene.world.do("nurse", cases.close, case_id=question, advice="当面已答")
    scene.later(hours=12)  # noon in Shanghai and twelve hours: the next day
    with pytest.raises(cases.TooLateToReopen):
        scene.world.do("nurse", cases.reopen, case_id=question)
    assert scene.case(question).state == "closed"


def test_an_unknown_case_is_refused_everywhere(scene: DeskScene, question: int) -> None:
    for deed in (cases.take, cases.release, cases.close, cases.reopen):
        with pytest.raises(cases.UnknownCase):
            scene.world.do("nurse", deed, case_id=question + 99)


def test_every_case_has_a_code_that_tells_nothing(scene: DeskScene, question: int, alert: int) -> None:
    codes = {scene.case(question).code, scene.case(alert).code}
    assert len(codes) == 2 and all(len(code) == cases.CODE_LENGTH and code.isalnum() for code in codes)


def test_the_oldest_version_stands_under_what_was_sold(scene: DeskScene, question: int) -> None:
    course = scene.world.desk.ask(SYSTEM, course_of, enrolment_id=scene.case(question).enrolment_id)
    assert course.sold == course.terms and course.runs

"""An answer is kept once, judged at once, corrected on its day; what cannot be is asked back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import complete
from core.care.work.tasks import DoneInFuture, UnknownTask, undo
from core.dialogue.answers import answers
from core.dialogue.answers.answer_checks import (
    Implausible,
    NotAskedHere,
    NumberMissing,
    PerhapsMeant,
    UnknownItem,
)
from core.dialogue.answers.answers import (
    AnswerStands,
    DayIsOver,
    NothingNeeded,
    OpensLater,
    answer,
    record_for_patient,
)
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.cases import cases
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import NoRunningCourse
from core.dialogue.newer_rules import take_newer_rules
from core.dialogue.tables import CaseRow
from core.foundation.access import Actor, NotAllowed
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish
from core.people.patients import SilencedPatient
from tests.answering_ward import AnswerWard, knee_document, two_days_later
from tests.conftest import World

EVERY = [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.fixture
def knee(world: World) -> AnswerWard:
    return two_days_later(world)


def kept(knee: AnswerWard, **more: Any) -> list[answers.Answer]:
    return list(
        knee.world.desk.ask(knee.her, lambda look: answers.answers_of(look, knee.enrolment_id, **more))
    )


def test_what_she_answers_is_kept_and_makes_her_task_done(knee: AnswerWard) -> None:
    result = knee.do(answer, task_id=knee.task("PUMP.2"), number="100", words="有点累")
    (one,) = kept(knee)
    assert (one.id, one.code, one.number, one.words, one.by, one.level) == (
        result["answer_id"], "PUMP.2", 100, "有点累", "patient", ""
    )  # fmt: skip
    task = knee.state("PUMP.2")
    assert (task.state, task.done_on, task.done_by, task.evidence) == ("done", knee.world.today, None, "100")
    assert not knee.cases()


def test_who_wrote_is_kept(knee: AnswerWard) -> None:
    knee.do(answer, knee.daughter, task_id=knee.task("MEDS.2"))
    knee.world.do("nurse", record_for_patient, task_id=knee.task("NRS.2"), number="2")
    hers, nurses = kept(knee)
    assert (hers.by, hers.author) == ("family", "小芳")
    assert (nurses.by, nurses.author) == ("staff", "nurse测试") and knee.state("NRS.2").done_by == 3


def test_a_newer_answer_counts_and_the_older_stays(knee: AnswerWard) -> None:
    for number in ("2", "3"):
        knee.do(answer, task_id=knee.task("NRS.2"), number=number)
        knee.world.clock.advance(timedelta(minutes=5))
    assert [one.number for one in kept(knee)] == [3]
    assert [(one.number, one.replaced_at is None) for one in kept(knee, with_replaced=True)] == [
        (2, False),
        (3, True),
    ]
    assert knee.state("NRS.2").evidence == "3/10"


def test_the_same_answer_twice_is_one(knee: AnswerWard) -> None:
    first = knee.do(answer, None, "k" * 20, task_id=knee.task("MEDS.2"))
    assert knee.do(answer, None, "k" * 20, task_id=knee.task("MEDS.2")) == first
    assert knee.do(answer, None, "m" * 20, task_id=knee.task("MEDS.2")) == first, "from another page"
    assert len(kept(knee, with_replaced=True)) == 1


@pytest.mark.parametrize("keys", [("a" * 20, "a" * 20), ("a" * 20, "b" * 20)])
def test_two_taps_at_once_are_one_answer_and_one_alert(knee: AnswerWard, keys: tuple[str, str]) -> None:
    task_id = knee.task("TEMP.2")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda key: knee.do(answer, None, key, task_id=task_id, number="39.6"), keys))
    assert found[0] == found[1]
    assert len(kept(knee, with_replaced=True)) == 1 and len(knee.cases()) == 1


def test_two_corrections_at_once_leave_one_that_counts(knee: AnswerWard) -> None:
    task_id = knee.task("NRS.2")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda n: knee.do(answer, None, n * 20, task_id=task_id, number=n), ("1", "2")))
    assert len(kept(knee)) == 1 and len(kept(knee, with_replaced=True)) == 2


@pytest.mark.parametrize(
    ("typed", "refused", "words"),
    [
        ("366", PerhapsMeant, "36.6 ℃"),
        ("66", Implausible, "34 ℃"),
        ("3.66", PerhapsMeant, "36.6 ℃"),
        ("-36.6", Implausible, "42 ℃"),
        ("nan", NumberMissing, "36.6"),
        ("三十六", NumberMissing, "36.6"),
        ("", NumberMissing, "36.6"),
        ("1e400", NumberMissing, "36.6"),
    ],
)
def test_what_cannot_be_is_asked_back_and_not_taken(
    knee: AnswerWard, typed: str, refused: type[Exception], words: str
) -> None:
    with pytest.raises(refused) as caught:
        knee.do(answer, task_id=knee.task("TEMP.2"), number=typed)
    assert words in caught.value.text("zh") and not kept(knee)  # type: ignore[attr-defined]
    assert knee.state("TEMP.2").state == "planned"


@pytest.mark.parametrize("typed", ["36,6", "３６．６", " 36.6 ", "36。6"])
def test_a_number_is_read_as_people_type_it(knee: AnswerWard, typed: str) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number=typed)
    assert kept(knee)[0].number == 36.6


def test_scores_and_counts_are_whole_and_within_reach(knee: AnswerWard) -> None:
    for code, number in (("NRS.2", "11"), ("NRS.2", "3.5"), ("PUMP.2", "-1"), ("PUMP.2", "10000")):
        with pytest.raises(Implausible):
            knee.do(answer, task_id=knee.task(code), number=number)
    with pytest.raises(UnknownItem):
        knee.do(answer, task_id=knee.task("WOUND.2"), ticks=[99])
    with pytest.raises(UnknownItem):
        knee.do(answer, task_id=knee.task("WOUND.2"))
    with pytest.raises(NotAskedHere):
        knee.do(answer, task_id=knee.task("MEDS.2"), kind="value", number="5")
    assert not kept(knee)


def test_a_fever_opens_an_alert_with_its_clock_and_says_what_to_do(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number="39.6", words="发抖")
    (one,), (case,) = kept(knee), knee.cases()
    assert (one.level, [hit.advice for hit in one.hits]) == ("orange", ["请量两次。"])
    assert (case.kind, case.level, case.answer_id, case.state) == ("alert", "orange", one.id, "open")
    assert "39.6 ℃" in case.why[0]
    with knee.world.desk.database.reading() as session:
        run = session.scalars(select(PromiseRunRow)).one()
    assert run.due_at - run.started_at == timedelta(minutes=30)


def test_a_nurse_who_types_the_fever_opens_the_same_alert(knee: AnswerWard) -> None:
    knee.world.do("nurse", record_for_patient, task_id=knee.task("TEMP.2"), number="39.6", words="寒战")
    assert [(case.kind, case.level) for case in knee.cases()] == [("alert", "orange")]
    with pytest.raises(NotAllowed):
        knee.world.do("executive", record_for_patient, task_id=knee.task("NRS.2"), number="3")


def test_an_hour_told_afterwards_stands_beside_the_hour_of_writing_down(knee: AnswerWard) -> None:
    now = knee.world.desk.clock.now()
    last_night = now - timedelta(hours=14)
    knee.world.do("nurse", record_for_patient, task_id=knee.task("NRS.2"), number="3", done_at=last_night)
    (row,), task = kept(knee), knee.state("NRS.2")
    assert (row.at, row.day) == (now, task.opens_on), (
        "a night shift's answer still belongs to the day of its task"
    )
    assert (task.done_at, task.changed_at, task.done_on) == (last_night, now, task.opens_on)
    with pytest.raises(DoneInFuture):
        knee.world.do(
            "nurse", record_for_patient, task_id=knee.task("TEMP.2"), number="36.6", done_at=now + timedelta(minutes=1)
        )  # fmt: skip
    assert knee.state("TEMP.2").state == "planned"


def test_red_is_an_alert_and_yellow_a_sign_for_today(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number="41.5")
    knee.do(answer, task_id=knee.task("NRS.2"), number="5")
    assert [(case.kind, case.level) for case in knee.cases()] == [("alert", "red"), ("sign", "yellow")]


def test_what_waits_already_hears_the_next_answer_instead_of_opening_another(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number="38.5")
    (case,) = knee.cases()
    knee.world.do("nurse", cases.reply, case_id=case.id, words="请再量一次")
    knee.world.clock.advance(timedelta(hours=2))
    knee.do(answer, task_id=knee.task("TEMP.2"), number="39.1")
    (case,) = knee.cases()
    assert (case.state, len(case.why)) == ("open", 2)
    with knee.world.desk.database.reading() as session:
        assert session.scalar(select(func.count(PromiseRunRow.id))) == 2, (
            "her next word starts the clock again"
        )


def test_a_higher_level_opens_another_and_replaces_a_mere_sign(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("NRS.2"), number="5")
    knee.do(answer, task_id=knee.task("NRS.2"), number="8")
    assert [(case.level, case.state) for case in knee.cases()] == [
        ("yellow", "withdrawn"),
        ("orange", "open"),
    ]


def test_a_better_number_closes_no_alert(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number="39.6")
    knee.do(answer, task_id=knee.task("TEMP.2"), number="36.9")
    (case,), (one,) = knee.cases(), kept(knee)
    assert case.state == "open" and case.answer_id == one.id and one.level == ""


def test_pain_that_rose_since_yesterday_is_a_sign(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("NRS.1"), number="0")
    knee.do(answer, task_id=knee.task("NRS.2"), number="3")
    assert [case.level for case in knee.cases()] == ["yellow"] and "0" in knee.cases()[0].why[0]


def test_an_item_left_open_is_an_alert(knee: AnswerWard) -> None:
    wound = knee_document()["tasks"]
    count = len(next(task for task in wound if task["code"] == "WOUND")["checklist"])
    knee.do(answer, task_id=knee.task("WOUND.1"), ticks=list(range(1, count + 1)))
    assert not knee.cases() and knee.state("WOUND.1").evidence == f"{count}/{count}"
    knee.do(answer, task_id=knee.task("WOUND.2"), ticks=list(range(2, count + 1)))
    assert [case.level for case in knee.cases()] == ["orange"]


def test_two_days_without_exercise_are_seen_when_anything_else_is_answered(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("PUMP.1"), number="0")
    knee.do(answer, task_id=knee.task("MEDS.2"))
    assert not knee.cases(), "one day"
    knee.world.clock.advance(timedelta(days=1))
    knee.do(answer, task_id=knee.task("MEDS.3"))
    (case,) = knee.cases()
    assert (case.kind, case.level, case.answer_id) == ("sign", "yellow", None)
    knee.do(answer, task_id=knee.task("NRS.3"), number="1")
    knee.world.do("nurse", cases.reply, case_id=case.id, words="好的")
    knee.world.do("nurse", cases.close, case_id=case.id, advice="已说明")
    knee.do(answer, task_id=knee.task("CALF.3"), ticks=EVERY[:4])
    assert len([one for one in knee.cases() if one.answer_id is None]) == 1, "once for each row of days"


def test_an_answer_is_for_the_day_of_its_task(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("PUMP.1"), number="80")
    assert kept(knee)[0].day == knee.world.today - timedelta(days=1), "yesterday's may still be noted"
    assert knee.state("PUMP.1").done_on == knee.world.today - timedelta(days=1)
    with pytest.raises(OpensLater):
        knee.do(answer, task_id=knee.task("PUMP.3"), number="80")
    knee.world.clock.advance(timedelta(days=1))
    with pytest.raises(DayIsOver):
        knee.do(answer, task_id=knee.task("PUMP.1"), number="90")
    knee.world.clock.advance(timedelta(days=1))
    with pytest.raises(DayIsOver):
        knee.do(answer, task_id=knee.task("PUMP.2"), number="90")


def test_after_the_day_a_correction_is_refused_and_an_open_task_is_not(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("PUMP.2"), number="80")
    knee.world.clock.advance(timedelta(days=1))
    with pytest.raises(AnswerStands):
        knee.do(answer, task_id=knee.task("PUMP.2"), number="90")
    with pytest.raises(AnswerStands):
        knee.world.do("nurse", record_for_patient, task_id=knee.task("PUMP.2"), number="90")
    knee.world.do("manager", undo, task_id=knee.task("PUMP.2"), reason="记错了")
    knee.do(answer, task_id=knee.task("PUMP.2"), number="80")
    assert knee.state("PUMP.2").state == "done", "the same as before makes it done again"
    assert len(kept(knee, with_replaced=True)) == 1


def test_nobody_answers_for_another_patient_or_for_the_staff(knee: AnswerWard, world: World) -> None:
    with pytest.raises(UnknownTask):
        knee.do(answer, Actor("patient", knee.patient_id + 1), task_id=knee.task("PUMP.2"), number="5")
    with pytest.raises(UnknownTask):
        knee.do(answer, task_id=knee.task("VISIT1"), ticks=[1])
    with pytest.raises(UnknownTask):
        knee.do(answer, task_id=10**9)
    with pytest.raises(NotAllowed):
        world.do("nurse", answer, task_id=knee.task("PUMP.2"), number="5")


def test_an_ended_or_stopped_package_takes_no_answer(knee: AnswerWard) -> None:
    task_id = knee.task("PUMP.2")
    knee.do(answer, task_id=knee.task("MEDS.2"))
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="other", caller_id=4)
    with pytest.raises(SilencedPatient):
        knee.do(answer, task_id=task_id, number="5")
    assert len(kept(knee)) == 1


def test_an_ended_course_says_so(world: World) -> None:
    knee = two_days_later(world)
    world.do("manager", complete, enrolment_id=knee.enrolment_id)
    with pytest.raises((NoRunningCourse, NothingNeeded)):
        knee.do(answer, task_id=knee.task("PUMP.2"), number="5")
    assert not kept(knee)


def test_a_package_sold_before_there_were_rules_takes_a_number_and_opens_nothing(world: World) -> None:
    knee = two_days_later(world, ruled=False)
    knee.do(answer, task_id=knee.task("TEMP.2"), number="39.6")
    assert kept(knee)[0].number == 39.6 and not knee.cases()


def test_newer_rules_count_once_somebody_took_them(world: World) -> None:
    knee = two_days_later(world, ruled=False)
    _publish_rules(knee)
    knee.do(answer, task_id=knee.task("NRS.2"), number="9")
    assert not knee.cases()
    world.do(
        "manager",
        take_newer_rules,
        package_id=knee.package_id,
        enrolment_ids=[knee.enrolment_id],
        reason="安全",
    )
    with pytest.raises(PerhapsMeant):
        knee.do(answer, task_id=knee.task("TEMP.2"), number="396")
    knee.do(answer, task_id=knee.task("TEMP.2"), number="39.6")
    assert [case.level for case in knee.cases()] == ["orange"]


def _publish_rules(knee: AnswerWard) -> None:
    seen = knee.world.ask("manager", draft, package_id=knee.package_id)
    knee.world.do(
        "manager",
        keep_draft,
        package_id=knee.package_id,
        working=knee_document(),
        expected_changed_at=seen.changed_at,
    )
    knee.world.do("manager", publish, package_id=knee.package_id)


def test_points_come_with_her_own_answer(knee: AnswerWard) -> None:
    with knee.world.desk.database.reading() as session:
        assert session.scalar(select(func.count(AnswerRow.id))) == 0
        assert session.scalar(select(func.count(CaseRow.id))) == 0
    knee.do(answer, task_id=knee.task("PUMP.2"), number="100")
    assert knee.state("PUMP.2").changed_at is not None

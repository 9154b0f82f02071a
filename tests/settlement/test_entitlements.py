"""What was bought counts itself from the facts: each kind of fact once, and gone again with its fact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from core.care.sale.courses import complete
from core.care.tables import TaskRow
from core.care.work.tasks import mark_done, undo
from core.dialogue.answers.doses import set_dose
from core.dialogue.cases import calls
from core.dialogue.cases.alerts import report
from core.dialogue.cases.cases import close, reopen, reply
from core.dialogue.cases.questions import ask
from core.dialogue.course import course_of
from core.dialogue.films.film_reviews import review
from core.dialogue.films.tables import RecordingRow
from core.dialogue.newer_rules import take_newer_rules
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM, NotAllowed
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish
from core.people.consents import record_consents
from core.settlement.entitlements import Right, own_rights, rights, rights_of, rights_of_case
from tests.conftest import World
from tests.dialogue.reviewing import ready_film
from tests.knee_ward import KneeWard, knee_ward

RIGHTS: list[dict[str, Any]] = [
    {"code": "VISIT", "name": "首日视频", "count": 1, "counted": "task", "tasks": ["VISIT1", "PUMP"]},
    {"code": "REVIEW", "name": "视频点评", "count": 2, "counted": "film"},
    {"code": "EVENING", "name": "晚间答疑", "count": 7, "counted": "evening"},
    {"code": "CALL", "name": "电话", "count": 2, "counted": "call"},
    {"code": "DOSE", "name": "剂量复核", "count": 1, "counted": "dose"},
    {"code": "CLASS", "name": "课程", "count": 1},
]


def filming_ward(world: World, entitlements: list[dict[str, Any]]) -> KneeWard:
    """The knee ward with these entitlements, whose two patients agreed to films."""
    ward = knee_ward(world, days_home=0, entitlements=entitlements, amends=[], refund=None)
    for patient_id in (ward.patient_id, ward.other_id):
        world.do("nurse", record_consents, patient_id=patient_id, given={"films": True}, channel="paper")
    return ward


@pytest.fixture
def knee(world: World) -> KneeWard:
    return filming_ward(world, RIGHTS)


def right(knee: KneeWard, code: str, enrolment_id: int = 0) -> Right:
    found: tuple[Right, ...] = knee.world.ask("nurse", rights, enrolment_id=enrolment_id or knee.enrolment_id)
    return next(one for one in found if one.code == code)


def days(one: Right) -> list[tuple[str, str]]:
    return [(f"{use.day:%m-%d}", use.by) for use in one.uses]


def one_of(knee: KneeWard, query: Any) -> Any:
    with knee.world.desk.database.reading() as session:
        return session.scalars(query).first()


def task(knee: KneeWard, code: str) -> int:
    number: int = one_of(
        knee, select(TaskRow.id).where(TaskRow.enrolment_id == knee.enrolment_id, TaskRow.code == code)
    )
    return number


def newest_case(knee: KneeWard) -> int:
    number: int = one_of(knee, select(CaseRow.id).order_by(CaseRow.id.desc()))
    return number


def asked(knee: KneeWard, words: str = "可以洗澡吗？") -> int:
    knee.hers(ask, words=words)
    return newest_case(knee)


def commented(knee: KneeWard, enrolment_id: int = 0) -> int:
    film = ready_film(knee.world, enrolment_id or knee.enrolment_id)
    knee.world.do(
        "nurse", review, recording_id=film, verdict="well_done", sentence="很好。", rubric=[], marks=[]
    )
    return film


def test_nothing_used_is_all_left_and_her_neighbour_s_uses_are_not_hers(knee: KneeWard) -> None:
    commented(knee, knee.other_enrolment_id)
    found = right(knee, "REVIEW")
    assert (found.of, found.used, found.left, found.uses) == (2, 0, 2, ())
    assert right(knee, "REVIEW", knee.other_enrolment_id).used == 1


def test_a_task_done_uses_one_with_its_day_and_person_and_undone_it_is_given_back(knee: KneeWard) -> None:
    done = task(knee, "VISIT1")
    knee.world.do("nurse", mark_done, task_id=done, done_on=knee.world.today)
    assert days(right(knee, "VISIT")) == [("03-05", "nurse测试")] and right(knee, "VISIT").left == 0
    knee.world.do("nurse", undo, task_id=done, reason="点错了")
    assert right(knee, "VISIT").left == 1


def test_one_day_of_a_daily_task_is_one_use_and_another_task_is_none(knee: KneeWard) -> None:
    knee.world.do("nurse", mark_done, task_id=task(knee, "PUMP.1"), done_on=knee.world.today)
    knee.world.do("nurse", mark_done, task_id=task(knee, "NRS.1"), done_on=knee.world.today)
    assert right(knee, "VISIT").used == 1


def test_each_comment_on_a_film_is_a_use_also_beyond_what_was_bought(knee: KneeWard) -> None:
    films = [commented(knee) for _ in range(3)]
    found = right(knee, "REVIEW")
    assert [use.ref for use in found.uses] == films
    assert (found.used, found.of, found.left) == (3, 2, 0)


def test_a_film_without_a_comment_is_no_use_and_a_deleted_one_with_a_comment_stays_one(
    knee: KneeWard,
) -> None:
    ready_film(knee.world, knee.enrolment_id)
    assert right(knee, "REVIEW").used == 0
    film = commented(knee)
    with knee.world.desk.database.writing() as session:
        session.get_one(RecordingRow, film).state = "deleted"
    assert right(knee, "REVIEW").used == 1


def test_two_answers_of_one_day_are_one_evening_and_the_next_day_is_another(knee: KneeWard) -> None:
    case = asked(knee)
    knee.world.do("nurse", reply, case_id=case, words="可以，贴好防水膜。")
    knee.hers(ask, words="几天后可以？")
    knee.world.do("doctor", reply, case_id=newest_case(knee), words="明天。")
    assert days(right(knee, "EVENING")) == [("03-05", "nurse测试")]
    knee.world.clock.advance(timedelta(days=1))
    knee.world.do("doctor", reply, case_id=asked(knee, "今天呢？"), words="可以。")
    assert days(right(knee, "EVENING")) == [("03-05", "nurse测试"), ("03-06", "doctor测试")]


def test_a_question_closed_without_an_answer_costs_no_evening(knee: KneeWard) -> None:
    case = asked(knee)
    knee.world.do("nurse", close, case_id=case, advice="重复的提问")
    assert right(knee, "EVENING").used == 0
    knee.world.do("nurse", reopen, case_id=case)
    knee.world.do("nurse", reply, case_id=case, words="可以。")
    assert right(knee, "EVENING").used == 1


def test_only_a_call_that_reached_somebody_counts_and_one_after_an_alert_is_ours(knee: KneeWard) -> None:
    knee.world.do("nurse", calls.record, patient_id=knee.patient_id, outcome="no_answer")
    knee.hers(report, signs=["calf"], words="")
    knee.world.do("doctor", calls.record, case_id=newest_case(knee), outcome="reached", note="")
    assert right(knee, "CALL").used == 0
    knee.world.do("nurse", calls.record, case_id=asked(knee), outcome="reached")
    knee.world.do("doctor", calls.record, patient_id=knee.patient_id, outcome="reached")
    assert days(right(knee, "CALL")) == [("03-05", "nurse测试"), ("03-05", "doctor测试")]


def test_doses_set_on_one_day_are_one_use_however_many_tasks_they_were_for(knee: KneeWard) -> None:
    for code, sets, reps in (("PUMP", 5, 10), ("QUAD", 3, 10)):
        knee.world.do(
            "doctor",
            set_dose,
            enrolment_id=knee.enrolment_id,
            task_code=code,
            sets=sets,
            reps=reps,
            reason="肿",
        )
    assert days(right(knee, "DOSE")) == [("03-05", "doctor测试")]


def test_what_is_counted_by_hand_has_no_uses_of_its_own(knee: KneeWard) -> None:
    knee.world.do("nurse", mark_done, task_id=task(knee, "VISIT1"), done_on=knee.world.today)
    assert right(knee, "CLASS").uses == () and right(knee, "CLASS").counted == "hand"


def test_a_version_sold_before_counts_by_hand_until_newer_rules_are_taken_for_the_course(
    world: World,
) -> None:
    old = [{"code": one["code"], "name": one["name"], "count": one["count"]} for one in RIGHTS]
    knee = filming_ward(world, old)
    commented(knee)
    assert (right(knee, "REVIEW").counted, right(knee, "REVIEW").used) == ("hand", 0)
    world.clock.advance(timedelta(seconds=1))
    known = world.ask("manager", draft, package_id=knee.package_id)
    renamed = [{**one, "name": "新名", "count": 9} for one in RIGHTS]
    world.do(
        "manager", keep_draft, package_id=knee.package_id, working={**known.working, "entitlements": renamed},
        expected_changed_at=known.changed_at,
    )  # fmt: skip
    world.do("manager", publish, package_id=knee.package_id)
    world.do(
        "manager", take_newer_rules, package_id=knee.package_id, enrolment_ids=[knee.enrolment_id], reason="自动计数"
    )  # fmt: skip
    found = right(knee, "REVIEW")
    # Name and number are what she bought; only how it counts is newer.
    assert (found.name, found.count, found.counted, found.used) == ("视频点评", 2, "film", 1)
    assert right(knee, "REVIEW", knee.other_enrolment_id).counted == "hand"


def test_a_package_without_entitlements_costs_no_statement(world: World) -> None:
    knee = knee_ward(world, entitlements=[], amends=[], refund=None)
    seen: list[str] = []

    def look_at(look: Any) -> int:
        course = course_of(look, knee.enrolment_id)

        def count(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(world.desk.database.engine, "before_cursor_execute", count)
        try:
            assert rights_of(look, course) == ()
        finally:
            event.remove(world.desk.database.engine, "before_cursor_execute", count)
        return len(seen)

    assert world.desk.ask(SYSTEM, look_at) == 0


def test_she_reads_her_own_while_it_runs_and_after_it_ended(knee: KneeWard) -> None:
    commented(knee)
    [own] = knee.theirs(own_rights)
    assert own.ended_on is None and next(one for one in own.rights if one.code == "REVIEW").left == 1
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    [own] = knee.theirs(own_rights)
    assert own.ended_on == knee.world.today and [one.left for one in own.rights] == [1, 1, 7, 2, 1, 1]
    with pytest.raises(NotAllowed):
        knee.world.ask("nurse", own_rights)


def test_a_case_shows_what_its_answer_uses_and_an_alert_uses_nothing(knee: KneeWard) -> None:
    def of_case(case_id: int) -> list[str]:
        return [one.code for one in knee.world.ask("nurse", rights_of_case, case_id=case_id)]

    film = ready_film(knee.world, knee.enrolment_id)
    assert of_case(one_of(knee, select(RecordingRow.case_id).where(RecordingRow.id == film))) == ["REVIEW"]
    assert of_case(asked(knee)) == ["EVENING", "CALL"]
    knee.hers(report, signs=["calf"], words="")
    assert of_case(newest_case(knee)) == []

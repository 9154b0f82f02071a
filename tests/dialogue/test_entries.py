"""What staff can enter for a task, and what an entry came to."""

from __future__ import annotations

import pytest

from core.dialogue.answers.answers import record_for_patient
from core.dialogue.answers.entries import came_of, entry_of
from core.dialogue.cases import cases
from tests.answering_ward import AnswerWard, two_days_later
from tests.conftest import World


@pytest.fixture
def knee(world: World) -> AnswerWard:
    return two_days_later(world)


def test_a_task_says_what_it_asks_for(knee: AnswerWard) -> None:
    value = knee.world.ask("nurse", entry_of, task_id=knee.task("TEMP.2"))
    assert (value.kind, value.unit, value.low, value.high, value.said) == ("value", "℃", 34, 42, "")
    count = knee.world.ask("nurse", entry_of, task_id=knee.task("PUMP.2"))
    assert count.kind == "count" and count.dose.total == 100 and not count.bounded
    scale = knee.world.ask("nurse", entry_of, task_id=knee.task("NRS.2"))
    assert (scale.kind, scale.low, scale.high) == ("scale", 0, 10)
    listed = knee.world.ask("nurse", entry_of, task_id=knee.task("WOUND.2"))
    assert listed.kind == "checklist" and len(listed.items) == 8


def test_what_is_only_ticked_or_closed_is_no_entry(knee: AnswerWard) -> None:
    assert knee.world.ask("nurse", entry_of, task_id=knee.task("MEDS.2")) is None
    assert knee.world.ask("nurse", entry_of, task_id=knee.task("TEMP.7")) is None, "not open yet"
    assert knee.world.ask("nurse", entry_of, task_id=999) is None


def test_a_nurses_own_list_without_rules_stays_a_list(knee: AnswerWard) -> None:
    assert knee.world.ask("nurse", entry_of, task_id=knee.task("BOOKED")) is None


def test_a_fever_comes_to_an_alert_with_its_minute(knee: AnswerWard) -> None:
    task = knee.task("TEMP.2")
    kept = knee.world.do("nurse", record_for_patient, task_id=task, number="39.6", words="发抖")
    came = knee.world.ask("nurse", came_of, answer_id=kept["answer_id"])
    assert (came.level, came.role, came.taken_by, came.advice) == ("orange", "doctor", "", ("请量两次。",))
    assert came.due_at is not None and (came.due_at - knee.world.clock.now()).total_seconds() == 30 * 60
    knee.world.do("doctor", cases.take, case_id=came.case_id)
    again = knee.world.ask("nurse", came_of, answer_id=kept["answer_id"])
    assert again.taken_by == knee.world.actors["doctor"].name
    entry = knee.world.ask("nurse", entry_of, task_id=task)
    assert entry.said == "39.6 ℃" and entry.said_by == knee.world.actors["nurse"].name


def test_what_is_well_comes_to_nothing(knee: AnswerWard) -> None:
    kept = knee.world.do("nurse", record_for_patient, task_id=knee.task("TEMP.2"), number="36.6")
    came = knee.world.ask("nurse", came_of, answer_id=kept["answer_id"])
    assert (came.level, came.case_id, came.due_at, came.advice) == ("", None, None, ())

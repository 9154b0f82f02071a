"""The exercises that are printed for her: each movement once, with the dose that counts for her."""

from __future__ import annotations

import pytest

from core.dialogue.answers.doses import set_dose
from core.dialogue.answers.exercises import exercises_of
from core.dialogue.course import NoRunningCourse
from tests.answering_ward import AnswerWard, two_days_later
from tests.conftest import World


@pytest.fixture
def knee(world: World) -> AnswerWard:
    return two_days_later(world)


def test_each_movement_stands_once_with_her_own_dose(knee: AnswerWard) -> None:
    knee.world.do(
        "doctor", set_dose, enrolment_id=knee.enrolment_id, task_code="PUMP", sets=3, reps=20, reason="膝盖肿"
    )
    found = knee.world.ask("front_desk", exercises_of, enrolment_id=knee.enrolment_id)
    drawings = [one.material.drawing for one in found.each]
    assert sorted(drawings) == sorted(set(drawings)) and len(drawings) == 7
    pumps, thigh = found.each[:2]
    # The daily exercise, not the film of it.
    assert (pumps.title, pumps.dose and (pumps.dose.sets, pumps.dose.reps)) == ("踝泵", (3, 20))
    assert thigh.dose and (thigh.dose.sets, thigh.dose.reps) == (3, 10)
    assert found.language == "zh"


def test_an_unknown_course_has_none(knee: AnswerWard) -> None:
    with pytest.raises(NoRunningCourse):
        knee.world.ask("nurse", exercises_of, enrolment_id=9_999)

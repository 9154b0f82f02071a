"""A dose of her own: by whom, within which bounds, with what came before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.care.sale.courses import complete
from core.dialogue.answers.doses import DoseNotYours, DoseOutside, NoDose, dose_history, dose_of, set_dose
from core.dialogue.course import NoRunningCourse, course_of
from core.foundation.access import NotAllowed
from core.foundation.reasons import ReasonMissing
from tests.answering_ward import AnswerWard, two_days_later
from tests.conftest import World


@pytest.fixture
def knee(world: World) -> AnswerWard:
    return two_days_later(world)


def give(knee: AnswerWard, role: str = "doctor", **more: Any) -> Any:
    facts = {"task_code": "PUMP", "sets": 3, "reps": 20, "reason": "膝盖肿"} | more
    return knee.world.do(role, set_dose, enrolment_id=knee.enrolment_id, **facts)


def hers(knee: AnswerWard, code: str = "PUMP") -> tuple[int, int] | None:
    def read(look: Any) -> tuple[int, int] | None:
        task = course_of(look, knee.enrolment_id).sold.task(code)
        dose = dose_of(look, knee.enrolment_id, task)
        return (dose.sets, dose.reps) if dose else None

    found: tuple[int, int] | None = knee.world.ask("nurse", read)
    return found


def test_without_one_of_her_own_the_packages_dose_counts(knee: AnswerWard) -> None:
    assert hers(knee) == (5, 20) and hers(knee, "MEDS") is None
    give(knee)
    assert hers(knee) == (3, 20) and hers(knee, "QUAD") == (3, 10), "of that task alone"


def test_every_dose_stays_in_the_history(knee: AnswerWard) -> None:
    give(knee)
    give(knee, sets=4, reason="好多了")
    found = knee.world.ask("nurse", dose_history, enrolment_id=knee.enrolment_id)
    assert [(one.sets, one.reason, one.staff, one.replaced_at is None) for one in found] == [
        (4, "好多了", "doctor测试", True),
        (3, "膝盖肿", "doctor测试", False),
    ]


@pytest.mark.parametrize(("sets", "reps"), [(2, 20), (10, 20), (0, 50), (100, 0), (1, 1001)])
def test_the_packages_bounds_hold(knee: AnswerWard, sets: int, reps: int) -> None:
    with pytest.raises(DoseOutside) as caught:
        give(knee, sets=sets, reps=reps)
    assert "50" in caught.value.text("zh") and "180" in caught.value.text("zh") and hers(knee) == (5, 20)


def test_both_ends_of_the_bounds_are_allowed(knee: AnswerWard) -> None:
    give(knee, sets=5, reps=10)
    give(knee, sets=9, reps=20)
    assert hers(knee) == (9, 20)


def test_only_the_named_role_sets_it(knee: AnswerWard) -> None:
    for role in ("nurse", "manager", "administrator"):
        with pytest.raises(DoseNotYours):
            give(knee, role)
    with pytest.raises(NotAllowed):
        give(knee, "front_desk")
    assert hers(knee) == (5, 20)


def test_what_has_no_dose_no_reason_or_no_course_is_refused(knee: AnswerWard) -> None:
    for code in ("MEDS", "NOTHING"):
        with pytest.raises(NoDose):
            give(knee, task_code=code)
    with pytest.raises(ReasonMissing):
        give(knee, reason=" ")
    knee.world.do("manager", complete, enrolment_id=knee.enrolment_id)
    with pytest.raises(NoRunningCourse):
        give(knee)


def test_two_doctors_at_once_leave_one_dose_that_counts(knee: AnswerWard) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda sets: give(knee, sets=sets), (3, 4)))
    found = knee.world.ask("nurse", dose_history, enrolment_id=knee.enrolment_id)
    assert len(found) == 2 and sum(one.replaced_at is None for one in found) == 1

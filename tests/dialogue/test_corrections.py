"""Yesterday's hint stands at her next task of its kind, once, for a week, and not after she has done it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.dialogue.answers.answers import answer
from core.dialogue.films.corrections import Correction, correction_for
from core.dialogue.films.film_reviews import review
from tests.conftest import World
from tests.dialogue.reviewing import Reviewing


@pytest.fixture
def ward(world: World) -> Reviewing:
    return Reviewing(world)


def hint(ward: Reviewing, enrolment_id: int, code: str, ahead: int = 0) -> Correction | None:
    day = ward.world.today + timedelta(days=ahead)
    return ward.world.ask(
        "nurse", lambda look: correction_for(look, enrolment_id, code, day)
    )  # fmt: skip


def changed(ward: Reviewing, film: int, **more: Any) -> None:
    given = {"verdict": "change", "sentence": "膝盖再伸直。"}
    ward.world.do("nurse", review, recording_id=film, **{**given, **more})


def test_the_same_task_carries_it_on_the_next_day(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    changed(ward, ward.film(enrolment))
    carried = [code for code in codes(ward, enrolment) if hint(ward, enrolment, code, 1)]
    assert len(carried) == 1
    found = hint(ward, enrolment, carried[0], 1)
    assert found == Correction(ward.world.actors["nurse"].name, "膝盖再伸直。", ward.world.today, found.film)
    assert [code for code in codes(ward, enrolment) if hint(ward, enrolment, code)] == []


def test_without_the_same_task_the_one_its_code_begins_with_carries_it(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    changed(ward, ward.film(enrolment))
    (code,) = [code for code in codes(ward, enrolment) if hint(ward, enrolment, code, 1)]
    assert code.startswith("PUMP")
    found = hint(ward, enrolment, code, 1)
    assert found is not None and (found.film == "" or found.film == "踝泵拍给护士看")


def test_praise_and_an_invitation_are_no_hints(ward: Reviewing) -> None:
    for name, verdict in (("周桂兰", "well_done"), ("李芳", "come_in")):
        _patient, enrolment = ward.sell(name)
        changed(ward, ward.film(enrolment), verdict=verdict)
        assert [code for code in codes(ward, enrolment) if hint(ward, enrolment, code, 1)] == []


def test_a_hint_of_the_next_morning_stands_at_that_day_unless_she_was_quicker(ward: Reviewing) -> None:
    patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    ward.later(days=1)
    done = answered_today(ward, patient, enrolment, "PUMP.4")
    ward.later(minutes=5)
    changed(ward, film)
    today = [code for code in codes(ward, enrolment) if hint(ward, enrolment, code)]
    assert done not in today


def test_another_patient_never_sees_it(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    _other, second = ward.sell("李芳")
    changed(ward, ward.film(enrolment))
    assert [code for code in codes(ward, second) if hint(ward, second, code, 1)] == []


def codes(ward: Reviewing, enrolment_id: int) -> list[str]:
    from core.care.tables import TaskRow

    return [row.code for row in ward.rows(TaskRow) if row.enrolment_id == enrolment_id]


def answered_today(ward: Reviewing, patient_id: int, enrolment_id: int, code: str) -> str:
    from core.care.tables import TaskRow

    (task,) = [row for row in ward.rows(TaskRow) if row.enrolment_id == enrolment_id and row.code == code]
    ward.world.desk.do(ward.her(patient_id), answer, task_id=task.id, number="100")
    return code

"""The one question: one to five, once a week, by the patient herself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.care.feedback import AnsweredLately, CommentTooLong, ScoreOutside, answer_survey, answers
from core.care.quiet_care import gentle_stop
from core.care.tables import SurveyAnswerRow
from core.foundation.access import PUBLIC, NotAllowed
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import SilencedPatient
from tests.prenatal_ward import TODAY, PrenatalWard
from tests.selling import open_sales


def answer(ward: PrenatalWard, patient: int, score: int = 5, comment: str = "", key: str = "") -> int:
    return ward.world.desk.do(ward.world.patient(patient), answer_survey, key, score=score, comment=comment)


def test_an_answer_is_kept_with_the_package_she_holds(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    row = ward.row(SurveyAnswerRow, answer(ward, patient, 4, " 护士很耐心 "))
    assert (row.score, row.comment, row.day, row.package_id) == (4, "护士很耐心", TODAY, ward.package_id)
    assert ward.entries("survey.answered")[0][0].actor_kind == "patient"


def test_an_answer_counts_for_the_package_that_is_still_valid(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    knee = ward.world.do("manager", take_template, document=load("knee_7days", "zh").model_dump(mode="json"))
    ward.world.do("manager", publish, package_id=knee)
    open_sales(ward.world, knee)
    ward.sell(patient, package_id=knee, last_period=None, anchor_date=TODAY)
    ward.world.clock.advance(timedelta(days=60))  # the week is long over, and no night has ended it
    row = ward.row(SurveyAnswerRow, answer(ward, patient))
    assert row.package_id == ward.package_id


@pytest.mark.parametrize("score", [0, 6, -1])
def test_there_are_five_answers(ward: PrenatalWard, score: int) -> None:
    with pytest.raises(ScoreOutside):
        answer(ward, ward.patient(), score)


def test_a_long_comment_is_not_cut_but_given_back(ward: PrenatalWard) -> None:
    patient = ward.patient()
    with pytest.raises(CommentTooLong):
        answer(ward, patient, comment="好" * 501)
    answer(ward, patient, comment="好" * 500)


def test_once_a_week_and_the_refusal_names_the_day(ward: PrenatalWard) -> None:
    patient = ward.patient()
    answer(ward, patient, key="tap")
    assert answer(ward, patient, key="tap") == 1
    ward.world.clock.advance(timedelta(days=6))
    with pytest.raises(AnsweredLately) as refused:
        answer(ward, patient)
    assert refused.value.next_on == TODAY + timedelta(days=7)
    ward.world.clock.advance(timedelta(days=1))
    assert answer(ward, patient, 2) == 2


def test_the_list_shows_the_unhappy_and_those_who_wrote(ward: PrenatalWard) -> None:
    happy, unhappy = ward.patient(name="王甲"), ward.patient(name="王乙")
    answer(ward, happy, 5)
    answer(ward, unhappy, 2, "等太久")
    assert [one.patient_name for one in ward.world.ask("nurse", answers)] == ["王乙", "王甲"]
    assert [one.score for one in ward.world.ask("nurse", answers, most=2)] == [2]
    assert [one.comment for one in ward.world.ask("nurse", answers, with_comment=True)] == ["等太久"]
    assert ward.world.ask("nurse", answers, since=TODAY + timedelta(days=1)) == []


def test_nobody_answers_for_a_patient_and_a_silenced_one_is_left_alone(ward: PrenatalWard) -> None:
    patient = ward.patient()
    with pytest.raises(NotAllowed):
        ward.world.do("nurse", answer_survey, score=5)
    with pytest.raises(NotAllowed):
        ward.world.desk.do(PUBLIC, answer_survey, score=5)
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="complaint", caller_id=4)
    with pytest.raises(SilencedPatient):
        answer(ward, patient)

"""The films that wait, and what the reviewer of one needs."""

from __future__ import annotations

import pytest

from core.dialogue.cases import cases
from core.dialogue.cases.text_modules import add
from core.dialogue.films.film_queue import film_case, films_waiting
from core.dialogue.films.film_reviews import AlreadyReviewed, review
from core.dialogue.recordings.recordings import UnknownRecording
from core.foundation.access import NotAllowed
from tests.conftest import World
from tests.dialogue.reviewing import Reviewing
from tests.dialogue.statements import statements


@pytest.fixture
def ward(world: World) -> Reviewing:
    return Reviewing(world)


def test_films_wait_by_the_promised_minute(ward: Reviewing) -> None:
    first = ward.film(ward.sell("周桂兰")[1])
    ward.later(minutes=5)
    second = ward.film(ward.sell("李芳")[1], seconds=8)
    found = ward.world.ask("nurse", films_waiting)
    assert [one.recording_id for one in found] == [first, second]
    assert [one.patient_name for one in found] == ["周桂兰", "李芳"] and found[0].day_number == 3
    assert found[0].due_at is not None and (found[1].due_at - found[0].due_at).total_seconds() == 300
    assert len(ward.world.ask("nurse", films_waiting, limit=1)) == 1


def test_what_was_reviewed_deleted_or_answered_waits_no_longer(ward: Reviewing) -> None:
    films = [ward.film(ward.sell(name)[1]) for name in ("周桂兰", "李芳", "王敏")]
    ward.world.do("nurse", review, recording_id=films[0], verdict="well_done", sentence="很好。")
    ward.world.do("nurse", cases.reply, case_id=ward.case_of(films[1]).id, words="看过了。")
    assert [one.recording_id for one in ward.world.ask("nurse", films_waiting)] == [films[2]]
    with pytest.raises(AlreadyReviewed):
        ward.world.ask("nurse", film_case, recording_id=films[0])
    with pytest.raises(UnknownRecording):
        ward.world.ask("nurse", film_case, recording_id=999)
    assert ward.world.ask("nurse", film_case, recording_id=films[1]).line.recording_id == films[1]


def test_who_has_it_is_seen(ward: Reviewing) -> None:
    film = ward.film(ward.sell()[1])
    ward.world.do("doctor", cases.take, case_id=ward.case_of(film).id)
    (line,) = ward.world.ask("nurse", films_waiting)
    doctor = ward.world.actors["doctor"]
    assert (line.taken_id, line.taken_by) == (doctor.id, doctor.name)


def test_the_reviewer_has_the_rubric_the_last_word_and_the_text_modules(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    ward.world.do("nurse", add, short="慢一点", words="{name}，请做慢一点。")
    first = ward.film(enrolment)
    ward.world.do("nurse", review, recording_id=first, verdict="change", sentence="膝盖伸直。")
    ward.later(days=1)
    found = ward.world.ask("nurse", film_case, recording_id=ward.film(enrolment))
    assert len(found.rubric) == 4 and found.what and found.package
    assert found.last is not None and found.last.sentence == "膝盖伸直。"
    assert ("慢一点", "周桂兰，请做慢一点。") in found.modules


def test_others_see_no_film(ward: Reviewing) -> None:
    ward.film(ward.sell()[1])
    with pytest.raises(NotAllowed):
        ward.world.ask("front_desk", films_waiting)


def test_the_list_costs_as_many_statements_with_six_films_as_with_one(ward: Reviewing) -> None:
    def asked() -> int:
        return statements(ward.world, lambda: ward.world.ask("nurse", films_waiting))

    ward.film(ward.sell()[1])
    asked()  # the package is read once
    few = asked()
    for name in ("李芳", "王秀英", "赵玉芬", "陈静", "刘洋"):
        ward.film(ward.sell(name)[1])
    assert len(ward.world.ask("nurse", films_waiting)) == 6 and asked() == few

"""What the team says of a film: once, with a sentence that reaches her and stops the clock."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from core.dialogue.cases.thread import own_thread
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.films.film_reviews import (
    AlreadyReviewed,
    MarkInvalid,
    SentenceMissing,
    UnknownLine,
    VerdictMissing,
    films_of,
    review,
)
from core.dialogue.films.films import film_page
from core.dialogue.films.keeping import AlreadyAnswered, delete_own
from core.dialogue.newer_rules import take_newer_rules
from core.dialogue.recordings.recordings import UnknownRecording
from core.dialogue.tables import CaseEventRow
from core.foundation.access import NotAllowed
from core.foundation.audit import AuditEntryRow
from core.foundation.errors import Refusal
from core.foundation.reasons import TextTooLong
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish
from tests.conftest import World
from tests.dialogue.reviewing import Reviewing
from tests.dialogue.statements import statements


@pytest.fixture
def ward(world: World) -> Reviewing:
    return Reviewing(world)


def said(ward: Reviewing, film: int, role: str = "nurse", **changes: Any) -> int:
    given = {
        "verdict": "change",
        "sentence": "膝盖再伸直一点。",
        "rubric": [1, 3],
        "marks": [[7.04, "膝盖弯了"]],
    }
    return int(ward.world.do(role, review, **{"recording_id": film, **given, **changes}))


def test_the_sentence_reaches_her_and_stops_the_clock(ward: Reviewing) -> None:
    patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    ward.later(minutes=30)
    said(ward, film)
    (word,) = ward.world.desk.ask(ward.her(patient), own_thread)
    assert word.words.endswith("需要调整。膝盖再伸直一点。\n0:07 膝盖弯了") and "踝泵拍给护士看" in word.words
    assert word.by == "staff" and word.case_kind == "film"
    (run,) = ward.rows(PromiseRunRow)
    assert run.met_at is not None and run.met_at <= run.due_at and run.met_by == ward.world.actors["nurse"].id
    (row,) = ward.reviews()
    assert (row.verdict, row.rubric, row.marks) == ("change", [1, 3], [[7.0, "膝盖弯了"]])
    case = ward.case_of(film)
    assert (case.state, case.closed_by, case.advice) == ("closed", run.met_by, "膝盖再伸直一点。")
    kinds = [row.kind for row in ward.rows(AuditEntryRow)]
    assert kinds.count("film.reviewed") == 1


def test_her_film_page_shows_the_sentence(ward: Reviewing) -> None:
    patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    said(ward, film)
    (one,) = ward.world.desk.ask(ward.her(patient), film_page, code="PUMP_VIDEO").films
    nurse = ward.world.actors["nurse"].name
    assert (one.said, one.said_by, one.may_delete) == ("膝盖再伸直一点。", nurse, False)


def test_please_come_in_stays_with_the_team_until_the_visit_is_arranged(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    said(ward, film, verdict="come_in", sentence="请明天来门诊，我们一起看。")
    case = ward.case_of(film)
    assert (case.state, case.decision) == ("answered", "come_in") and case.closed_at is None
    notes = [(row.kind, row.note) for row in ward.rows(CaseEventRow) if row.case_id == case.id]
    assert ("answered", "come_in") in notes


def test_a_film_is_reviewed_once(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    said(ward, film)
    with pytest.raises(AlreadyReviewed) as refusal:
        said(ward, film, "doctor", sentence="再来一次")
    assert refusal.value.name == ward.world.actors["nurse"].name
    assert len(ward.reviews()) == 1 and len(ward.posts()) == 1


def test_of_two_reviewers_at_once_one_is_told_clearly(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    start, refused = threading.Barrier(2), []

    def look(role: str) -> None:
        start.wait()
        try:
            said(ward, film, role, sentence=role)
        except Refusal as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=look, args=(role,)) for role in ("nurse", "doctor")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(each) for each in refused] == [AlreadyReviewed]
    assert len(ward.reviews()) == len(ward.posts()) == 1


def test_what_was_reviewed_she_cannot_take_back(ward: Reviewing) -> None:
    patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    said(ward, film)
    with pytest.raises(AlreadyAnswered):
        ward.world.desk.do(ward.her(patient), delete_own, recording_id=film)
    other = ward.film(ward.sell("李芳")[1])
    hers = ward.case_of(other).patient_id
    ward.world.desk.do(ward.her(hers), delete_own, recording_id=other)
    with pytest.raises(UnknownRecording):
        said(ward, other)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"verdict": "fine"}, VerdictMissing),
        ({"sentence": "  "}, SentenceMissing),
        ({"sentence": "好" * 501}, TextTooLong),
        ({"rubric": [0]}, UnknownLine),
        ({"rubric": [99]}, UnknownLine),
        ({"marks": [[99, "太晚"]]}, MarkInvalid),
        ({"marks": [[1, "长" * 41]]}, MarkInvalid),
        ({"marks": [[1, " "]]}, MarkInvalid),
        ({"marks": [[1]]}, MarkInvalid),
        ({"marks": [["1", "字"]]}, MarkInvalid),
        ({"marks": [[float("nan"), "字"]]}, MarkInvalid),
        ({"marks": [[1, "字"]] * 21}, MarkInvalid),
        ({"recording_id": 999}, UnknownRecording),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    ward: Reviewing, changes: dict[str, Any], refused: type[Exception]
) -> None:
    _patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    with pytest.raises(refused):
        said(ward, film, **changes)
    assert ward.reviews() == [] and ward.posts() == [] and ward.case_of(film).state == "open"


def test_only_who_answers_patients_reviews(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    film = ward.film(enrolment)
    with pytest.raises(NotAllowed):
        said(ward, film, "front_desk")
    assert ward.reviews() == []


def test_her_file_shows_each_film_with_what_was_said(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    ward.film(ward.sell("李芳")[1])
    first = ward.film(enrolment)
    said(ward, first)
    ward.later(days=1)
    second = ward.film(enrolment)
    newest, oldest = ward.world.ask("nurse", films_of, enrolment_id=enrolment)
    assert (newest.recording_id, newest.verdict, newest.at) == (second, "", None)
    assert (oldest.recording_id, oldest.verdict, oldest.ticked) == (first, "change", (1, 3))
    assert oldest.marks == ((7.0, "膝盖弯了"),) and len(oldest.rubric) == 4


def test_a_review_keeps_the_lines_it_was_ticked_under(ward: Reviewing) -> None:
    _patient, enrolment = ward.sell()
    first = ward.film(enrolment)
    said(ward, first)
    ward.later(minutes=5)
    newer_rubric(ward, ["只看一条"])
    ward.world.do(
        "manager", take_newer_rules, package_id=ward.package_id, enrolment_ids=[enrolment], reason="新的"
    )
    ward.later(minutes=5)
    second = ward.film(enrolment)
    newest, oldest = ward.world.ask("nurse", films_of, enrolment_id=enrolment)
    assert (newest.recording_id, newest.rubric) == (second, ("只看一条",))
    assert (oldest.recording_id, oldest.ticked, len(oldest.rubric)) == (first, (1, 3), 4)
    said(ward, second, rubric=[1])
    assert ward.world.ask("nurse", films_of, enrolment_id=enrolment)[0].rubric == ("只看一条",)


def test_her_film_page_costs_as_many_statements_with_three_films_as_with_one(ward: Reviewing) -> None:
    patient, enrolment = ward.sell()

    def asked() -> int:
        return statements(
            ward.world, lambda: ward.world.desk.ask(ward.her(patient), film_page, code="PUMP_VIDEO")
        )

    said(ward, ward.film(enrolment))
    asked()  # the package is read once
    few = asked()
    for _film in range(2):
        ward.later(minutes=5)
        said(ward, ward.film(enrolment))
    assert asked() == few


def newer_rubric(ward: Reviewing, lines: list[str]) -> None:
    seen = ward.world.ask("manager", draft, package_id=ward.package_id)
    tasks = [
        task | ({"rubric": lines} if task["code"] == "PUMP_VIDEO" else {}) for task in seen.working["tasks"]
    ]
    ward.world.do(
        "manager", keep_draft, package_id=ward.package_id, working=seen.working | {"tasks": tasks},
        expected_changed_at=seen.changed_at,
    )  # fmt: skip
    ward.world.do("manager", publish, package_id=ward.package_id)

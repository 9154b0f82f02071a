"""A film that is ready is an answer and a case, in the name of whoever sent it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.care.work.tasks import UnknownTask
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.films import film_work
from core.dialogue.films.film_file import Piece
from core.dialogue.films.films import REASONS, film_page, refuse, sender, waiting
from core.dialogue.films.tables import RecordingRow
from core.dialogue.films.uploads import begin, count, create, finish
from core.dialogue.recordings.recordings import UnknownRecording
from core.foundation.access import SYSTEM, Actor, NotAllowed
from tests.conftest import World
from tests.dialogue.filming import TASK, Filming, film


@pytest.fixture
def knee(world: World) -> Filming:
    return Filming(world)


def sent(knee: Filming, by: Actor, data: bytes) -> int:
    desk = knee.world.desk
    token = desk.do(by, create, code=TASK, size=len(data))["token"]
    turn = desk.do(by, begin, token=token, at=0, length=len(data))
    piece = Piece(turn, len(data))
    piece.write(data)
    piece.close()
    desk.do(by, count, token=token, turn=turn, piece=piece)
    number: int = desk.do(by, finish, token=token)
    film_work.see_to(desk, "checking")
    return number


def answers(knee: Filming) -> list[AnswerRow]:
    with knee.world.desk.database.reading() as session:
        return list(session.scalars(select(AnswerRow).order_by(AnswerRow.id)))


def test_a_film_her_daughter_sent_is_her_daughters(knee: Filming) -> None:
    number = sent(knee, knee.actor(person="小芳", relation="family"), film())
    row = knee.recording(number)
    assert (row.by, row.author) == ("family", "小芳") and sender(row).person == "小芳"
    (kept,) = answers(knee)
    assert (kept.by, kept.author, kept.kind, kept.task_id) == ("family", "小芳", "video", row.task_id)
    case = knee.case(row.case_id)
    assert (case.kind, case.answer_id, case.taken_by) == ("film", kept.id, None)
    page = knee.ask(film_page, code=TASK)
    assert [one.author for one in page.films] == ["小芳"] and page.films[0].may_delete


def test_where_the_package_promises_it_a_film_starts_a_clock(knee: Filming) -> None:
    number = sent(knee, knee.actor(), film())
    case_id = knee.recording(number).case_id
    with knee.world.desk.database.reading() as session:
        runs = list(session.scalars(select(PromiseRunRow).where(PromiseRunRow.case_id == case_id)))
    assert [run.kind for run in runs] in ([], ["film"])


def test_a_second_film_on_the_next_day_waits_for_the_team_though_the_answer_stands(knee: Filming) -> None:
    sent(knee, knee.actor(), film())
    knee.world.clock.advance(timedelta(days=1))
    second = knee.recording(sent(knee, knee.actor(), film(seconds=1.2)))
    assert second.state == "ready" and knee.case(second.case_id).state == "open"
    assert len(answers(knee)) == 1


def test_her_page_says_what_is_asked_and_what_became_of_it(knee: Filming) -> None:
    page = knee.ask(film_page, code=TASK)
    assert (page.code, page.title, page.agreed, page.closed, page.films) == (
        TASK,
        "踝泵拍给护士看",
        True,
        None,
        (),
    )
    assert page.kept_days == 90
    sent(knee, knee.actor(), b"MZ" + bytes(200))
    (one,) = knee.ask(film_page, code=TASK).films
    assert (one.state, one.reason) == ("refused", REASONS["not_a_film"])
    for code in ("PUMP.3", "NOTHING"):
        with pytest.raises(UnknownTask):
            knee.ask(film_page, code=code)
    with pytest.raises(UnknownTask):
        knee.ask(film_page, knee.patient(), code=TASK)


def test_only_the_house_says_what_became_of_a_film(knee: Filming) -> None:
    number = sent(knee, knee.actor(), film())
    with pytest.raises(NotAllowed):
        knee.do(refuse, recording_id=number, fault="empty")
    with pytest.raises(NotAllowed):
        knee.ask(waiting)
    with pytest.raises(UnknownRecording):
        knee.world.desk.do(SYSTEM, refuse, recording_id=number, fault="empty")
    with knee.world.desk.database.reading() as session:
        assert session.scalar(select(RecordingRow.state).where(RecordingRow.id == number)) == "ready"

"""A question at any hour: when it is answered, what joins it, and what needs no answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.dialogue.cases.cases import close, reply
from core.dialogue.cases.questions import NoQuestionsHere, ask, asking_time
from core.dialogue.cases.thread import LONGEST, WordsMissing, WordsTooLong, own_thread
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.tables import CaseRow, PostRow
from tests.knee_ward import PROMISES, KneeWard, knee_ward

EVENING = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)  # 20:30 in Shanghai, inside the question time


def count(knee: KneeWard, table: type) -> int:
    with knee.world.desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def runs(knee: KneeWard) -> list[PromiseRunRow]:
    with knee.world.desk.database.reading() as session:
        return list(session.scalars(select(PromiseRunRow).order_by(PromiseRunRow.id)))


def test_asked_at_noon_the_clock_begins_with_the_question_time(knee: KneeWard) -> None:
    time = knee.theirs(asking_time)
    assert not time.open_now
    assert time.opens_at == datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    assert time.due_at == datetime(2026, 3, 5, 13, 0, tzinfo=UTC)
    knee.hers(ask, words="可以洗澡吗？")
    assert runs(knee)[0].due_at == time.due_at


def test_asked_inside_the_question_time_it_runs_at_once(knee: KneeWard) -> None:
    knee.world.clock.moment = EVENING
    assert knee.theirs(asking_time).open_now
    knee.hers(ask, words="可以洗澡吗？")
    assert runs(knee)[0].due_at == EVENING + timedelta(minutes=60)


def test_what_she_adds_joins_her_question_and_the_clock_runs_on(knee: KneeWard) -> None:
    knee.world.clock.moment = EVENING
    knee.hers(ask, words="可以洗澡吗？")
    knee.world.clock.advance(timedelta(minutes=10))
    knee.hers(ask, words="伤口贴着防水膜。")
    assert count(knee, CaseRow) == 1
    (run,) = runs(knee)
    assert run.started_at == EVENING


def test_an_answer_stops_the_clock_and_her_next_word_starts_it(knee: KneeWard) -> None:
    knee.world.clock.moment = EVENING
    knee.hers(ask, words="可以洗澡吗？")
    with knee.world.desk.database.reading() as session:
        case_id = session.scalar(select(CaseRow.id))
    knee.world.do("nurse", reply, case_id=case_id, words="拆线后再淋浴。")
    knee.hers(ask, words="哪天拆线？")
    first, second = runs(knee)
    assert first.met_at == EVENING and second.met_at is None
    words = knee.theirs(own_thread)
    assert [(word.hers, word.words) for word in words] == [
        (True, "可以洗澡吗？"), (False, "拆线后再淋浴。"), (True, "哪天拆线？"),
    ]  # fmt: skip


def test_a_thank_you_after_the_close_opens_nothing(knee: KneeWard) -> None:
    knee.hers(ask, words="可以洗澡吗？")
    with knee.world.desk.database.reading() as session:
        case_id = session.scalar(select(CaseRow.id))
    knee.world.do("nurse", reply, case_id=case_id, words="拆线后再淋浴。")
    knee.world.do("nurse", close, case_id=case_id)
    knee.hers(ask, words="谢谢！", needs_answer=False)
    assert count(knee, CaseRow) == 1 and count(knee, PostRow) == 3
    assert all(run.met_at is not None for run in runs(knee))


def test_a_package_without_question_time_takes_no_question(world) -> None:
    knee = knee_ward(world, promises=[PROMISES[1]])
    assert knee.theirs(asking_time) is None
    with pytest.raises(NoQuestionsHere):
        knee.hers(ask, words="可以洗澡吗？")


def test_no_words_and_too_many_words_are_refused(knee: KneeWard) -> None:
    with pytest.raises(WordsMissing):
        knee.hers(ask, words=" \n ")
    with pytest.raises(WordsTooLong):
        knee.hers(ask, words="长" * (LONGEST + 1))
    assert count(knee, PostRow) == 0 and count(knee, CaseRow) == 0


def test_nobody_reads_the_thread_of_another(knee: KneeWard) -> None:
    knee.hers(ask, words="可以洗澡吗？")
    assert knee.world.desk.ask(knee.world.patient(knee.other_id), own_thread) == []

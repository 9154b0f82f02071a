"""What was promised and what was kept: counted with its n, listed for one patient, and the steps of the night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.dialogue.cases import cases
from core.dialogue.clocks.kept import answer_times, kept, promises_of
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.doors import Stamp
from core.insight.rollups import recount
from core.insight.tables import DailyCountRow
from tests.conftest import World
from tests.dialogue.desk_scene import DeskScene


@pytest.fixture
def scene(world: World) -> DeskScene:
    return DeskScene(world)


def test_kinds_are_counted_with_what_became_of_them(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    first, late, missed = (scene.open(enrolment, "question") for _n in range(3))
    scene.open(enrolment, "alert", level="orange")
    scene.open(enrolment, "sign", level="yellow")  # nothing is promised for it
    scene.later(minutes=10, seconds=5)
    scene.world.do("nurse", cases.reply, case_id=first, words="好")
    scene.later(minutes=80)
    scene.world.do("nurse", cases.reply, case_id=late, words="好")
    scene.open(enrolment, "film")
    found = scene.world.ask("manager", kept)
    assert [one.kind for one in found.kinds] == ["orange", "question", "film"]
    orange, questions, films = found.kinds
    assert (questions.n, questions.kept, questions.late, questions.missed) == (3, 1, 1, 1)
    assert (questions.median, questions.worst, questions.latest) == (51, 91, 31)
    assert (orange.n, orange.missed, orange.median, orange.worst, orange.latest) == (1, 1, None, None, 61)
    assert (films.n, films.running, films.settled) == (1, 1, 0)
    assert (found.total.n, found.total.settled, found.total.kept) == (5, 4, 1)
    assert missed
    assert scene.world.ask("executive", answer_times) == (found.total, found.kinds)


def test_answers_in_time_are_a_measure_of_the_day_of_her_word(scene: DeskScene) -> None:
    """Late, missed and still open are not in time; what left the queue before its time is no promise."""
    _patient, enrolment = scene.sell()
    day = scene.world.today
    first, late, gone, _open = (scene.open(enrolment, "question") for _n in range(4))
    assert counted(scene) == {day: (0, 4)}
    scene.world.do("nurse", cases.reply, case_id=first, words="好")
    withdraw(scene, gone)
    assert counted(scene) == {day: (1, 3)}
    scene.later(minutes=600)
    scene.world.do("nurse", cases.reply, case_id=late, words="好")
    assert counted(scene) == {day: (1, 3)}


def counted(scene: DeskScene) -> dict[date, tuple[int, int]]:
    """The measure from the roll-ups, after recounting what was touched."""
    scene.world.do("manager", recount)
    with scene.world.desk.database.reading() as session:
        rows = session.scalars(select(DailyCountRow).where(DailyCountRow.measure == "answered")).all()
        return {row.day: (row.numerator, row.denominator) for row in rows}


def withdraw(scene: DeskScene, case_id: int) -> None:
    def gone(stamp: Stamp) -> None:
        cases.withdraw(stamp, stamp.session.get_one(CaseRow, case_id))

    scene.world.desk.do(SYSTEM, gone)


def test_older_days_and_ended_promises_do_not_count_as_kept(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    scene.open(enrolment, "question")
    scene.later(days=7)
    assert scene.world.ask("manager", kept).total.n == 0
    case = scene.open(enrolment, "question")
    scene.world.desk.do(scene.world.actors["nurse"], _withdrawn, case_id=case)
    total = scene.world.ask("manager", kept).total
    assert (total.n, total.ended, total.settled, total.median) == (1, 1, 0, None)


def _withdrawn(stamp: object, *, case_id: int) -> None:
    cases.withdraw(stamp, cases.held(stamp, case_id))  # type: ignore[arg-type]


def test_one_patients_promises_are_hers_alone(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    _other, second = scene.sell("李芳")
    case = scene.open(enrolment, "question")
    scene.open(second, "question")
    scene.later(minutes=5)
    scene.world.do("nurse", cases.reply, case_id=case, words="好")
    scene.later(minutes=5)
    scene.says(case, "还有一个问题")
    newest, oldest = scene.world.ask("nurse", promises_of, patient_id=patient)
    assert (newest.standing, newest.met_at, newest.by) == ("runs", None, "")
    assert (oldest.standing, oldest.by) == ("met", scene.world.actors["nurse"].name)
    assert oldest.code == newest.code and oldest.kind == "question"


def test_the_night_shows_its_steps_and_who_was_told(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    scene.open(enrolment, "alert", level="orange")
    night = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)  # 02:30 in the morning of the world's day
    with scene.world.desk.database.writing() as session:
        run = session.scalars(select(PromiseRunRow)).one()
        for step, at in (("told", night), ("missed", night + timedelta(hours=12))):
            session.add(
                PromiseStepRow(
                    run_id=run.id, step=step, due_at=at, noticed_at=at + timedelta(minutes=3),
                    told=[scene.world.actors["doctor"].id, 999],
                )
            )  # fmt: skip
    (step,) = scene.world.ask("manager", kept).night
    assert (step.step, step.due_at, step.level) == ("told", night, "orange")
    assert step.told == (scene.world.actors["doctor"].name,)


def test_only_who_reads_replies_sees_it(scene: DeskScene) -> None:
    with pytest.raises(NotAllowed):
        scene.world.ask("front_desk", kept)

"""The desk's queue: its order, what a line says, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import insert, update

from core.dialogue.cases import calls, cases, queue
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseEventRow, CaseRow, PostRow
from core.foundation.access import NotAllowed
from core.foundation.paging import COUNTED_TO
from core.people.own_nurse import name_own_nurse
from tests.conftest import NOON, World
from tests.dialogue.desk_scene import DeskScene
from tests.dialogue.statements import statements


@pytest.fixture
def scene(world: World) -> DeskScene:
    return DeskScene(world)


def waiting(scene: DeskScene, role: str = "nurse", **asked: object) -> list[int]:
    return [row.case_id for row in scene.world.ask(role, queue.waiting, **asked)]


def test_red_and_orange_stand_on_top_then_the_promised_minute_then_the_oldest(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    silent = scene.open(enrolment, "silence")
    yellow = scene.open(enrolment, "sign", level="yellow")
    film = scene.open(enrolment, "film")
    question = scene.open(enrolment, "question")
    orange = scene.open(enrolment, "alert", level="orange")
    scene.later(minutes=1)
    red = scene.open(enrolment, "alert", level="red")
    assert waiting(scene) == [red, orange, question, film, silent, yellow]


def test_an_old_film_stands_before_a_new_question_that_is_due_later(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    film = scene.open(enrolment, "film")
    scene.later(hours=3, minutes=30)
    question = scene.open(enrolment, "question")
    assert waiting(scene) == [film, question]


def test_a_line_says_all_that_is_needed_to_take_it(scene: DeskScene) -> None:
    patient, enrolment = scene.sell("王秀英")
    nurse = scene.world.actors["nurse"]
    scene.world.do("manager", name_own_nurse, patient_id=patient, nurse_id=nurse.id)
    case = scene.open(
        enrolment, "alert", level="orange", why=["小腿又热又胀"], words="昨晚开始疼，" + "走不了路" * 40
    )
    scene.world.do("nurse", cases.take, case_id=case)
    [row] = scene.world.ask("doctor", queue.waiting)
    assert (row.kind, row.level, row.patient_name, row.why) == (
        "alert", "orange", "王秀英", ("小腿又热又胀",)
    )  # fmt: skip
    assert (row.day_number, row.package, row.taken_by, row.own_nurse) == (
        2, "膝关节置换·术后七日陪护", nurse.name, nurse.name
    )  # fmt: skip
    assert row.due_at == NOON + timedelta(minutes=30) and row.standing == "runs" and row.urgent
    assert row.last_words.startswith("昨晚开始疼") and len(row.last_words) == queue.SHORT
    scene.later(minutes=31)
    assert scene.world.ask("doctor", queue.one_case, case_id=case).standing == "missed"


def test_recordings_and_calls_stand_on_the_line(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question", words="这样做对吗？")
    with scene.world.desk.database.writing() as session:
        word = session.query(PostRow.id).filter(PostRow.case_id == case).scalar()
        known = {"patient_id": patient, "enrolment_id": enrolment, "size": 1, "at": NOON, "by": "patient"}
        for kind, state, where in (
            ("photo", "ready", {"post_id": word}),
            ("film", "ready", {"case_id": case}),
            ("film", "converting", {"case_id": case}),
        ):
            session.add(RecordingRow(kind=kind, state=state, **known, **where))
    planned = scene.world.do("nurse", calls.record, case_id=case, outcome="no_answer")["next_try_at"]
    [row] = scene.world.ask("nurse", queue.waiting)
    assert (row.recordings, row.calls) == ((1, 2), 1)
    assert row.next_try_at is not None and row.next_try_at.isoformat() == planned


def test_what_was_answered_waits_for_her_in_the_second_list(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question", words="可以洗澡吗？")
    scene.world.do("nurse", cases.reply, case_id=case, words="可以，伤口贴好防水贴。")
    assert waiting(scene) == []
    assert [row.case_id for row in scene.world.ask("nurse", queue.answered)] == [case]
    scene.says(case, "还有一个问题")
    assert waiting(scene) == [case] and scene.world.ask("nurse", queue.answered) == []


def test_mine_are_those_i_took_and_those_of_my_patients(scene: DeskScene) -> None:
    mine_by_nurse, first = scene.sell("张一一")
    _other, second = scene.sell("李二二")
    _third, third = scene.sell("赵三三")
    nurse = scene.world.actors["nurse"].id
    scene.world.do("manager", name_own_nurse, patient_id=mine_by_nurse, nurse_id=nurse)
    hers, taken = scene.open(first, "question"), scene.open(second, "question")
    scene.open(third, "question")
    scene.world.do("nurse", cases.take, case_id=taken)
    assert waiting(scene, mine=True) == [hers, taken]
    assert scene.world.ask("nurse", queue.counts, mine=True)["question"] == 2
    assert waiting(scene, "doctor", mine=True) == []


def test_chips_count_each_kind_and_stop_at_a_thousand(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    scene.open(enrolment, "film")
    crowd(scene, patient, enrolment, COUNTED_TO + 50)
    counted = scene.world.ask("nurse", queue.counts)
    assert (counted["film"], counted["question"], counted["alert"]) == (1, COUNTED_TO + 1, 0)
    assert waiting(scene, kind="film") == [1]
    assert scene.world.ask("nurse", queue.open_now) == 100


def test_a_patients_file_counts_what_waits_of_hers(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()
    other, _ = scene.sell("李二二")
    first = scene.open(enrolment, "question")
    film = scene.open(enrolment, "film")
    assert scene.world.ask("nurse", queue.open_of, patient_id=patient) == queue.Hers(2, first)
    scene.world.do("nurse", cases.reply, case_id=first, words="好")
    assert scene.world.ask("nurse", queue.open_of, patient_id=patient) == queue.Hers(1, film)
    assert scene.world.ask("nurse", queue.open_of, patient_id=other) == queue.Hers(0, None)


def test_the_change_number_grows_with_every_event_and_every_word(scene: DeskScene) -> None:
    seen = [scene.world.ask("nurse", queue.change_number)]
    _patient, enrolment = scene.sell()
    acts: list[Callable[[], object]] = [
        lambda: scene.open(enrolment, "question"),
        lambda: scene.world.do("nurse", cases.take, case_id=1),
        lambda: scene.says(1, "我再补一句"),
        lambda: scene.world.do("nurse", calls.record, case_id=1, outcome="busy"),
        lambda: scene.world.do("nurse", cases.release, case_id=1),
    ]
    for act in acts:
        act()
        seen.append(scene.world.ask("nurse", queue.change_number))
    assert seen == sorted(set(seen))
    assert scene.world.ask("nurse", queue.change_number) == seen[-1]


def test_an_event_that_another_replica_commits_late_is_seen_too(scene: DeskScene) -> None:
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "question")

    def add(number: int) -> None:
        with scene.world.desk.database.writing() as session:
            session.add(CaseEventRow(id=number, case_id=case, at=NOON, kind="taken"))

    add(12)
    before = scene.world.ask("nurse", queue.change_number)
    add(11)  # numbered earlier, committed later
    assert scene.world.ask("nurse", queue.change_number) > before


def test_the_queue_is_for_the_team(scene: DeskScene) -> None:
    for role in ("front_desk", "executive"):
        with pytest.raises(NotAllowed):
            scene.world.ask(role, queue.waiting)
        with pytest.raises(NotAllowed):
            scene.world.ask(role, queue.change_number)


def crowd(scene: DeskScene, patient: int, enrolment: int, many: int) -> None:
    """So many open questions, each with its clock and a word."""
    first = 1_000
    with scene.world.desk.database.writing() as session:
        session.execute(
            insert(CaseRow),
            [
                {
                    "id": first + n, "code": f"T{n:05d}", "patient_id": patient, "enrolment_id": enrolment,
                    "kind": "question", "level": "", "state": "open", "why": [],
                    "opened_at": NOON - timedelta(minutes=n), "decision": "", "advice": "",
                }
                for n in range(many)
            ],
        )  # fmt: skip
        session.execute(
            insert(PromiseRunRow),
            [
                {
                    "case_id": first + n, "kind": "question", "role": "nurse", "minutes": 60,
                    "started_at": NOON, "begins_at": NOON, "due_at": NOON + timedelta(minutes=(n * 37) % 600),
                }
                for n in range(many)
            ],
        )  # fmt: skip
        session.execute(
            insert(PostRow),
            [
                {
                    "patient_id": patient, "enrolment_id": enrolment, "case_id": first + n, "by": "patient",
                    "author": "", "words": f"问题 {n}", "at": NOON,
                }
                for n in range(many)
            ],
        )  # fmt: skip


def test_a_page_costs_as_many_statements_with_a_thousand_as_with_ten(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()

    def asked() -> int:
        return statements(
            scene.world,
            lambda: scene.world.ask("nurse", queue.waiting),
            lambda: scene.world.ask("nurse", queue.counts),
        )

    crowd(scene, patient, enrolment, 10)
    few = asked()
    with scene.world.desk.database.writing() as session:
        session.execute(update(CaseRow).values(state="closed"))
        session.execute(update(PromiseRunRow).values(ended_at=NOON))
    clear(scene)
    crowd(scene, patient, enrolment, 1_000)
    assert asked() == few
    assert len(scene.world.ask("nurse", queue.waiting)) == queue.PAGE


def clear(scene: DeskScene) -> None:
    with scene.world.desk.database.writing() as session:
        for table in (PostRow, PromiseRunRow, CaseRow):
            session.query(table).delete()


def test_a_thousand_open_questions_cost_little_more_than_a_page_of_them(scene: DeskScene) -> None:
    patient, enrolment = scene.sell()

    def fastest() -> float:
        taken = []
        for _try in range(7):
            begun = perf_counter()
            scene.world.ask("nurse", queue.waiting)
            scene.world.ask("nurse", queue.counts)
            taken.append(perf_counter() - begun)
        return min(taken)

    crowd(scene, patient, enrolment, queue.PAGE)
    page = fastest()
    clear(scene)
    crowd(scene, patient, enrolment, 1_000)
    # The figure is the bench's; here only that nothing grows with the queue beyond reading its order.
    assert fastest() < 4 * page

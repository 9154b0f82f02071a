"""Seven days of one patient by a moving clock: answers, an alert nobody heard in time, a handover, a day without a
doctor on the roster, an outage, silence. Inside every step the house is killed and begun anew, and two replicas look at
once; nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.care.tables import TaskRow
from core.dialogue.answers import answers
from core.dialogue.cases import alerts, cases, questions
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow, SilenceStepRow
from core.dialogue.duty import shift_list, shifts
from core.dialogue.duty.coverage import gaps
from core.dialogue.steps import ladder, silence, untaken_shifts
from core.dialogue.tables import CallRow, CaseRow, PostRow
from core.foundation.access import SYSTEM
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.packages.templates import load
from core.people.escalation_roster import fill
from tests.conftest import World
from tests.dialogue.promised_ward import ALWAYS, EVENING, PromisedWard, local, promised_ward, shown

MANAGER, NURSE, DOCTOR = 2, 3, 4
PROMISES: list[dict[str, Any]] = [
    {
        "kind": "question", "minutes": 60, "by": "nurse", "spans": [EVENING], "warn": 15,
        "ladder": [{"to": "nurse", "after": 0}, {"to": "doctor", "after": 30}],
    },
    {
        "kind": "orange", "minutes": 30, "by": "doctor", "spans": [ALWAYS], "warn": 5,
        "ladder": [{"to": "second", "after": 10}, {"to": "manager", "after": 20}],
    },
]  # fmt: skip
SILENCE = {"message_hours": 30, "call_hours": 42, "message": "阿姨，这两天还好吗？"}
FEVER = {
    "measure": {"unit": "℃", "low": 34.0, "high": 42.0, "decimals": 1},
    "rules": [{"test": "at_least", "value": 38.0, "level": "orange", "advice": "请再量一次。"}],
}
SIGNS = [
    {"code": "calf", "level": "orange", "text": "小腿新发肿痛、发热发红"},
    {"code": "breath", "level": "red", "text": "突发胸痛或呼吸困难"},
]


class Killed(BaseException):
    """The machine goes down here."""


class Week:
    """The ward, what was told to whom, and a house that dies in every step before it takes it."""

    def __init__(self, ward: PromisedWard, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ward, self.world, self.told, self.deaths = ward, ward.world, [], 0
        self.told: list[tuple[str, str, tuple[int, ...]]]
        self._monkeypatch = monkeypatch
        self._address = ward.world.desk.database.engine.url.render_as_string(hide_password=False)
        self._opened: list[Database] = []

        def tell(stamp: Any, *, step: str, staff_ids: tuple[int, ...], **_more: Any) -> None:
            self.told.append((shown(stamp.now), step, staff_ids))

        monkeypatch.setattr("core.dialogue.telling.outbox.tell", tell)

    def desk(self) -> Desk:
        """The house begun anew on the same database: nothing of the process before is left."""
        database = Database(self._address)
        self._opened.append(database)
        return Desk(database, self.world.desk.media, self.world.clock)

    def close(self) -> None:
        for database in self._opened:
            database.dispose()

    def looks(self) -> None:
        """Killed in the middle of what is due, restarted, and then two replicas at once; and once more for nothing."""
        if self._something_is_due():
            before = self._count()
            with self._monkeypatch.context() as dying, pytest.raises(Killed):
                for module, name in ((ladder, "insert_once"), (silence, "insert_once"), (cases, "withdraw")):
                    dying.setattr(module, name, _then_dies(getattr(module, name)))
                dying.setattr("core.dialogue.telling.outbox.tell", _dies)
                self.ward.looks(self.desk())
            assert self._count() == before, "what a killed house had begun must not be there"
            self.deaths += 1
        with ThreadPoolExecutor(2) as both:
            list(both.map(self.ward.looks, (self.desk(), self.desk())))
        before = self._count()
        self.ward.looks(self.desk())
        assert self._count() == before, "nothing happens twice"

    def until(self, text: str) -> None:
        """Time goes on to an hour, the house looking all the while; the test sees it look every four hours."""
        end = local(text)
        while self.world.clock.now() + timedelta(hours=4) < end:
            self.world.clock.advance(timedelta(hours=4))
            self.looks()
        self.world.clock.moment = end
        self.looks()

    def hers(self, deed: Any, **arguments: Any) -> Any:
        return self.world.desk.do(self.world.patient(self.ward.patient_id), deed, **arguments)

    def answers(self, code: str, number: str) -> str:
        """She answers a task of a day; returns the level the answer was judged with."""
        with self.world.desk.database.reading() as session:
            query = select(TaskRow.id).where(
                TaskRow.enrolment_id == self.ward.enrolment_id, TaskRow.code == code
            )
            task_id = session.scalars(query).one()
        return str(self.hers(answers.answer, task_id=task_id, number=number)["level"])

    def newest(self, kind: str) -> int:
        with self.world.desk.database.reading() as session:
            return (
                session.scalars(
                    select(CaseRow.id).where(CaseRow.kind == kind).order_by(CaseRow.id.desc())
                ).first()
                or 0
            )

    def steps(self, case_id: int) -> list[tuple[str, str, str]]:
        return [(step, due, seen) for step, due, seen, _told in self.ward.steps(case_id)]

    def heard(self, since: str) -> list[tuple[str, str, tuple[int, ...]]]:
        """What was told from an hour ("03-07 23:00") on, in order; two replicas tell in their own order."""
        return sorted(one for one in self.told if one[0] >= since)

    def _something_is_due(self) -> bool:
        ask = self.world.desk.ask
        return bool(
            ask(SYSTEM, ladder.due) or ask(SYSTEM, untaken_shifts.untaken_due) or ask(SYSTEM, silence.waiting)
        )

    def _count(self) -> tuple[int, ...]:
        with self.world.desk.database.reading() as session:
            return tuple(
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (PromiseStepRow, SilenceStepRow, CaseRow, PostRow, PromiseRunRow)
            )


def _dies(*_given: Any, **_more: Any) -> None:
    raise Killed


def _then_dies(real: Any) -> Any:
    def done(*given: Any, **more: Any) -> None:
        real(*given, **more)
        raise Killed

    return done


@pytest.fixture
def week(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Week]:
    """Sold on Thursday at noon, the day she goes home. Evening nurses by shifts; the doctor by one line a day of the
    roster, without a line on Monday."""
    tasks = load("knee_7days", "zh").model_dump(mode="json")["tasks"]
    fever = [task | FEVER if task["code"] == "TEMP" else task for task in tasks]
    ward = promised_ward(world, promises=PROMISES, silence=SILENCE, signs=SIGNS, tasks=fever)
    ward.plans("nurse", "nurse", "20:00", "22:00", backup_id=MANAGER, backup_phone="8105")
    known = {"staff_id": DOCTOR, "phone": "8104", "backup_id": MANAGER, "backup_phone": "8105"}
    world.do("manager", fill, first=date(2026, 3, 5), last=date(2026, 3, 8), **known)
    world.do("manager", fill, first=date(2026, 3, 10), last=date(2026, 3, 18), **known)
    found = Week(ward, monkeypatch)
    yield found
    found.close()


def test_seven_days(week: Week) -> None:
    ward, world = week.ward, week.world

    # Thursday, day 0. The gap of Monday is known beforehand; tonight's nurse is told that she has not taken her shift.
    (gap,) = [one for one in world.ask("manager", gaps) if one.role == "doctor"]
    assert (shown(gap.starts_at), shown(gap.ends_at)) == ("03-09 00:00", "03-10 00:00")
    week.until("2026-03-05 19:30")
    assert week.heard("03-05 12:00") == [("03-05 19:30", "untaken", (NURSE, MANAGER))]

    # Friday, day 1. A value, then a question at 20:30; the nurse on duty is told at once and answers within the hour.
    week.until("2026-03-06 08:30")
    assert week.answers("TEMP.1", "36.6") == ""
    (tonight, *_later) = [one for one in world.ask("nurse", shift_list.my_shifts) if one.taken_at is None][1:]
    world.do("nurse", shifts.take_shift, span_id=tonight.span_id)
    week.until("2026-03-06 20:30")
    week.hers(questions.ask, words="脚踝肿，走路还要继续吗？")
    week.looks()
    assert week.heard("03-06 00:00") == [("03-06 20:30", "rung_1", (NURSE,))]
    week.until("2026-03-06 20:50")
    first = week.newest("question")
    world.do("nurse", cases.reply, case_id=first, words="先冷敷，走五分钟就坐下。")
    assert ward.standing(first) == ["met"]
    world.do("nurse", cases.close, case_id=first)

    # Saturday, day 2, ten minutes before midnight: 38.4. The ladder climbs over midnight and nobody answers in time.
    week.until("2026-03-07 23:50")
    assert week.answers("TEMP.2", "38.4") == "orange"
    for minute in (
        "2026-03-07 23:51",
        "2026-03-08 00:00",
        "2026-03-08 00:10",
        "2026-03-08 00:15",
        "2026-03-08 00:20",
    ):
        week.until(minute)
    fever = week.newest("alert")
    assert ward.standing(fever) == ["runs"]  # the thirtieth minute is still in time
    week.until("2026-03-08 00:21")
    assert week.steps(fever) == [
        ("told", "03-07 23:50", "03-07 23:51"), ("rung_1", "03-08 00:00", "03-08 00:00"),
        ("rung_2", "03-08 00:10", "03-08 00:10"), ("warning", "03-08 00:15", "03-08 00:15"),
        ("missed", "03-08 00:20", "03-08 00:21"),
    ]  # fmt: skip
    assert week.heard("03-07 23:50") == [
        ("03-07 23:51", "told", (DOCTOR,)), ("03-08 00:00", "rung_1", (MANAGER,)),
        ("03-08 00:10", "rung_2", (MANAGER,)), ("03-08 00:15", "warning", (DOCTOR,)),
        ("03-08 00:21", "missed", (DOCTOR, MANAGER)),
    ]  # fmt: skip
    world.do(
        "doctor",
        cases.decide,
        case_id=fever,
        decision="come_in",
        decision_on=date(2026, 3, 8),
        advice="上午来查血",
    )
    assert ward.standing(fever) == ["answered_late"]
    world.do("doctor", cases.close, case_id=fever)

    # Sunday, day 3. The nurse takes her shift, falls ill and hands it over with the question that is open.
    week.until("2026-03-08 19:45")
    tonight = next(
        one for one in world.ask("nurse", shift_list.my_shifts) if shown(one.starts_at) == "03-08 20:00"
    )
    world.do("nurse", shifts.take_shift, span_id=tonight.span_id)
    week.until("2026-03-08 20:40")
    week.hers(questions.ask, words="今晚可以洗澡吗？")
    week.looks()
    second = week.newest("question")
    world.do("nurse", cases.take, case_id=second)
    week.until("2026-03-08 21:00")
    world.do(
        "nurse", shifts.hand_over, span_id=tonight.span_id, to=MANAGER, note="何阿姨问洗澡，我发烧了先走"
    )
    week.until("2026-03-08 21:05")
    (mine,) = world.ask("manager", shift_list.to_confirm)
    assert [one.case_id for one in mine.open_cases if one.state == "open"] == [second]
    world.do("manager", shifts.receive, span_id=mine.span_id)
    week.until("2026-03-08 21:26")  # the warning reaches who has it now
    assert week.heard("03-08 20:40") == [
        ("03-08 20:40", "rung_1", (NURSE,)), ("03-08 21:26", "warning", (MANAGER,)),
    ]  # fmt: skip
    world.do("manager", cases.reply, case_id=second, words="伤口贴着防水膜可以冲。")
    assert ward.standing(second) == ["met"]
    world.do("manager", cases.close, case_id=second)

    # Monday, day 4, without a doctor on the roster: at two in the morning it is the managers who hear of it.
    week.until("2026-03-09 02:00")
    week.hers(alerts.report, signs=["calf"])
    week.looks()
    assert week.heard("03-09 00:00") == [("03-09 02:00", "told", (MANAGER,))]
    calf = week.newest("alert")
    week.until("2026-03-09 02:15")
    world.do("manager", cases.decide, case_id=calf, decision="emergency", advice="现在就去急诊做血管超声")
    assert ward.standing(calf) == ["met"]

    # Tuesday, day 5. Thirty hours of silence: a friendly message, by day. She writes two minutes before the evening's
    # hours; then the house is down for an hour and ten minutes.
    week.until("2026-03-10 09:00")
    week.until("2026-03-10 19:58")
    week.hers(questions.ask, words="血管没事，明天能上楼吗？")
    world.clock.moment = local("2026-03-10 21:10")
    week.looks()
    third = week.newest("question")
    assert week.steps(third) == [
        ("rung_1", "03-10 20:00", "03-10 21:10"), ("rung_2", "03-10 20:30", "03-10 21:10"),
        ("warning", "03-10 20:45", "03-10 21:10"), ("missed", "03-10 21:00", "03-10 21:10"),
    ]  # fmt: skip
    assert week.heard("03-10 21:10") == [
        ("03-10 21:10", "missed", (NURSE, MANAGER)), ("03-10 21:10", "rung_1", (NURSE,)),
        ("03-10 21:10", "rung_2", (DOCTOR,)), ("03-10 21:10", "warning", (NURSE,)),
    ]  # fmt: skip
    world.do("nurse", cases.reply, case_id=third, words="可以，好腿先上。")
    assert ward.standing(third) == ["answered_late"]

    # Thursday, day 7. Nothing since Tuesday evening: a message at nine, a call at two; she is reached at three.
    week.until("2026-03-12 09:00")
    week.until("2026-03-12 14:00")
    call = week.newest("silence")
    assert ward.case(call).state == "open"
    week.until("2026-03-12 15:00")
    reached = CallRow(patient_id=ward.patient_id, case_id=call, at=world.clock.now(), outcome="reached")
    ward.inside(lambda stamp: stamp.session.add(reached))
    week.until("2026-03-12 15:01")
    assert ward.case(call).state == "withdrawn"

    # What is left of the week: every case settled or answered, every silence step once, and no step twice.
    week.until("2026-03-13 12:00")
    with world.desk.database.reading() as session:
        quiet = [
            (one.step, shown(one.at))
            for one in session.scalars(select(SilenceStepRow).order_by(SilenceStepRow.id))
        ]
        said = list(session.scalars(select(PostRow.words).where(PostRow.by == "house").order_by(PostRow.id)))
    assert quiet == [("message", "03-10 09:00"), ("message", "03-12 09:00"), ("call", "03-12 14:00")]
    assert [one.splitlines()[0] for one in said] == [SILENCE["message"]] * 2
    assert {one.state for one in ward.all_cases()} <= {"answered", "closed", "withdrawn"}
    occasions = [(when, step) for when, step, _whom in week.told if step != "untaken"]
    with world.desk.database.reading() as session:
        steps = session.scalar(select(func.count()).select_from(PromiseStepRow))
    assert len(occasions) == len(set(occasions)) == steps == 14
    assert week.deaths > 14  # the silences, the shifts and the withdrawn call, too

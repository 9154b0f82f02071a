"""A knee department that keeps its promises by the clock: an evening nurse, a doctor day and night, a ladder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.dialogue.authors import author_of
from core.dialogue.cases import cases
from core.dialogue.cases.thread import post
from core.dialogue.clocks import promises
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow
from core.dialogue.course import course_of
from core.dialogue.duty.shift_plan import plan
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM, Actor
from core.foundation.doors import Desk, Stamp
from core.operations.looking import look_around
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from tests.conftest import World
from tests.selling import open_sales

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALWAYS = {"opens": "00:00", "closes": "24:00"}
EVENING = {"opens": "20:00", "closes": "22:00"}
PROMISES: list[dict[str, Any]] = [
    {
        "kind": "question", "minutes": 60, "by": "nurse", "spans": [EVENING], "warn": 15,
        "ladder": [{"to": "nurse", "after": 0}, {"to": "doctor", "after": 30}],
    },
    {
        "kind": "orange", "minutes": 30, "by": "doctor", "spans": [ALWAYS], "warn": 10,
        "ladder": [{"to": "second", "after": 10}, {"to": "manager", "after": 20}],
    },
    {"kind": "yellow", "minutes": 240, "by": "nurse", "spans": [{"opens": "08:00", "closes": "20:00"}]},
    {"kind": "film", "minutes": 240, "by": "nurse", "spans": [{"opens": "08:00", "closes": "20:00"}]},
]  # fmt: skip
SILENCE = {"message_hours": 72, "call_hours": 96}


def local(text: str) -> datetime:
    """ "2026-03-05 20:30" in Shanghai, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def shown(moment: datetime | None) -> str:
    """An instant as the clock on the wall shows it: "03-05 20:30"."""
    return "" if moment is None else moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


@dataclass
class PromisedWard:
    """One patient at home after her knee operation, and the clocks around her."""

    world: World
    package_id: int
    patient_id: int
    enrolment_id: int

    def at(self, text: str) -> None:
        self.world.clock.moment = local(text)

    def inside(self, what: Callable[[Stamp], Any], actor: Actor = SYSTEM) -> Any:
        """Run something of core's inner functions in a transaction, as a deed of another module would."""
        return self.world.desk.do(actor, what)

    def opens(self, kind: str, level: str = "") -> int:
        """Something of hers begins to wait; returns the case's id."""
        number: int = self.inside(
            lambda stamp: cases.open_case(stamp, course_of(stamp, self.enrolment_id), kind, level=level).id
        )
        return number

    def says(self, case_id: int, words: str = "还是痛") -> None:
        """Her next word in a case."""

        def said(stamp: Stamp) -> None:
            course, case = course_of(stamp, self.enrolment_id), stamp.session.get_one(CaseRow, case_id)
            post(stamp, course, author_of(stamp), words, case_id)
            cases.heard(stamp, case, course)

        self.inside(said, self.world.patient(self.patient_id))

    def looks(self, desk: Desk | None = None) -> None:
        """What the house does every 15 seconds."""
        look_around(desk or self.world.desk)

    def steps(self, case_id: int) -> list[tuple[str, str, str, list[int]]]:
        """The steps of a case in the order in which they were taken: name, due, noticed, told."""
        with self.world.desk.database.reading() as session:
            rows = session.scalars(
                select(PromiseStepRow)
                .join(PromiseRunRow, PromiseRunRow.id == PromiseStepRow.run_id)
                .where(PromiseRunRow.case_id == case_id)
                .order_by(PromiseStepRow.id)
            )
            return [(row.step, shown(row.due_at), shown(row.noticed_at), row.told) for row in rows]

    def runs(self, case_id: int) -> list[PromiseRunRow]:
        with self.world.desk.database.reading() as session:
            query = select(PromiseRunRow).where(PromiseRunRow.case_id == case_id).order_by(PromiseRunRow.id)
            return list(session.scalars(query))

    def standing(self, case_id: int) -> list[str]:
        now = self.world.clock.now()
        return [promises.standing(run.due_at, run.met_at, run.ended_at, now) for run in self.runs(case_id)]

    def case(self, case_id: int) -> CaseRow:
        with self.world.desk.database.reading() as session:
            return session.get_one(CaseRow, case_id)

    def all_cases(self) -> list[CaseRow]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(CaseRow).order_by(CaseRow.id)))

    def plans(self, role: str, staff: str, opens: str = "00:00", closes: str = "24:00", **more: Any) -> int:
        """A role's shift every day of the next two weeks; `staff` is a role of the world's people."""
        first = more.pop("first", self.world.today)
        known = {"first": first, "last": first + timedelta(days=13), "phone": "8104"}
        number: int = self.world.do(
            "manager", plan, role=role, opens=opens, closes=closes,
            staff_id=self.world.actors[staff].id, **{**known, **more},
        )  # fmt: skip
        return number


def promised_ward(world: World, **changes: Any) -> PromisedWard:
    """The knee package with promises and silence, sold to one patient who went home today; `changes` replace fields of
    the document."""
    document = load("knee_7days", "zh").model_dump(mode="json")
    document |= {"promises": PROMISES, "silence": SILENCE} | changes
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    patient_id = world.do("nurse", add_patient, name="何桂兰", record_number="K1", phone="13800005678")
    enrolment_id = world.do(
        "nurse", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
        anchor_date=world.today, consents={"service": True, "messages": True},
    )  # fmt: skip
    return PromisedWard(world, package_id, patient_id, enrolment_id)


def second_package(world: World, **changes: Any) -> PromisedWard:
    """Another package beside the first, published and not sold to anybody."""
    document = load("knee_7days", "zh").model_dump(mode="json") | {"code": "knee_again"} | changes
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    return PromisedWard(world, package_id, 0, 0)

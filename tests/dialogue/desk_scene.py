"""A knee ward whose package promises answers, with cases to look at on the team's desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.dialogue.authors import Author
from core.dialogue.cases import cases
from core.dialogue.cases.thread import post
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import course_of
from core.dialogue.tables import CaseEventRow, CaseRow
from core.foundation.access import SYSTEM
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Stamp
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient, get_patient
from tests.conftest import World
from tests.selling import open_sales

ALWAYS = {"opens": "00:00", "closes": "24:00"}
PROMISES: list[dict[str, Any]] = [
    {"kind": "question", "minutes": 60, "by": "nurse", "spans": [ALWAYS]},
    {"kind": "film", "minutes": 240, "by": "nurse", "spans": [ALWAYS]},
    {"kind": "orange", "minutes": 30, "by": "doctor", "means": "voice", "spans": [ALWAYS], "warn": 10},
]


class DeskScene:
    """Patients with the knee package, two days after discharge; a question is promised in 60 minutes, an urgent sign in
    30, nothing for a yellow sign and a silence."""

    def __init__(self, world: World) -> None:
        self.world = world
        document = load("knee_7days", "zh").model_dump(mode="json") | {"promises": PROMISES}
        self.package_id: int = world.do("manager", take_template, document=document)
        world.do("manager", publish, package_id=self.package_id)
        open_sales(world, self.package_id)
        self.sold = 0

    def sell(self, name: str = "王秀英", **facts: Any) -> tuple[int, int]:
        """A patient and her enrolment."""
        self.sold += 1
        known = {"name": name, "record_number": f"K{self.sold:04d}", "phone": f"1380001{self.sold:04d}"}
        patient_id = self.world.do("nurse", add_patient, **{**known, **facts})
        enrolment_id = self.world.do(
            "nurse", enrol, patient_id=patient_id, package_id=self.package_id, payment_method="wechat",
            anchor_date=self.world.today - timedelta(days=2), consents={"service": True},
        )  # fmt: skip
        return patient_id, enrolment_id

    def open(
        self, enrolment_id: int, kind: str, *, level: str = "", why: Sequence[str] = (), words: str = ""
    ) -> int:
        """A case of hers; returns its number."""
        return self.world.desk.do(
            SYSTEM, _opened, enrolment_id=enrolment_id, kind=kind, level=level, why=why, words=words
        )

    def says(self, case_id: int, words: str) -> None:
        """Her next word in a case."""
        self.world.desk.do(SYSTEM, _said, case_id=case_id, words=words)

    def later(self, **span: float) -> None:
        self.world.clock.advance(timedelta(**span))

    def case(self, case_id: int) -> CaseRow:
        with self.world.desk.database.reading() as session:
            return session.get_one(CaseRow, case_id)

    def runs(self, case_id: int) -> list[PromiseRunRow]:
        with self.world.desk.database.reading() as session:
            query = select(PromiseRunRow).where(PromiseRunRow.case_id == case_id).order_by(PromiseRunRow.id)
            return list(session.scalars(query))

    def history(self, case_id: int) -> list[tuple[str, str]]:
        with self.world.desk.database.reading() as session:
            query = select(CaseEventRow).where(CaseEventRow.case_id == case_id).order_by(CaseEventRow.id)
            return [(row.kind, row.note) for row in session.scalars(query)]

    def trail(self, kind: str) -> int:
        """How many audit entries of a kind there are."""
        with self.world.desk.database.reading() as session:
            return len(list(session.scalars(select(AuditEntryRow.id).where(AuditEntryRow.kind == kind))))


def _opened(stamp: Stamp, *, enrolment_id: int, kind: str, level: str, why: Sequence[str], words: str) -> int:
    course = course_of(stamp, enrolment_id)
    get_patient(stamp, course.patient_id)
    row = cases.open_case(stamp, course, kind, level=level, why=why)
    if words:
        post(stamp, course, Author("patient"), words, row.id)
    return row.id


def _said(stamp: Stamp, *, case_id: int, words: str) -> None:
    row = stamp.session.get_one(CaseRow, case_id)
    course = course_of(stamp, row.enrolment_id)
    post(stamp, course, Author("patient"), words, case_id)
    cases.heard(stamp, row, course)

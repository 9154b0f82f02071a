"""A knee patient two days after her discharge, whose package has rules, ranges and promises."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.dialogue.tables import CaseRow
from core.foundation.access import Actor
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from tests.conftest import World
from tests.selling import open_sales

DAILY = {"opens": "08:00", "closes": "20:00"}
ALWAYS = {"opens": "00:00", "closes": "24:00"}
RULES: dict[str, dict[str, Any]] = {
    "TEMP": {
        "measure": {"unit": "℃", "low": 34.0, "high": 42.0, "decimals": 1},
        "rules": [
            {"test": "at_least", "value": 38.0, "level": "orange", "advice": "请量两次。"},
            {"test": "at_least", "value": 41.0, "level": "red"},
        ],
    },
    "NRS": {
        "rules": [
            {"test": "at_least", "value": 7, "level": "orange"},
            {
                "test": "between",
                "value": 4,
                "upper": 6,
                "level": "yellow",
                "advice": "冷敷15分钟，晚上再看。",
            },
            {"test": "rose_by", "value": 3, "level": "yellow"},
        ],
    },
    "WOUND": {"rules": [{"test": "unticked", "level": "orange"}], "photos": 2},
    "PUMP": {"rules": [{"test": "days_without", "value": 2, "level": "yellow", "advice": "从10次开始。"}]},
}
PROMISES = [
    {"kind": "orange", "minutes": 30, "by": "doctor", "spans": [ALWAYS], "warn": 10},
    {"kind": "yellow", "minutes": 240, "by": "nurse", "spans": [DAILY]},
    {"kind": "film", "minutes": 240, "by": "nurse", "spans": [DAILY]},
]


def knee_document(*, ruled: bool = True, language: str = "zh") -> dict[str, Any]:
    """The knee package; `ruled` with rules, ranges and promises, else as packages were sold before."""
    document = load("knee_7days", language).model_dump(mode="json")
    for task in document["tasks"]:
        task |= {"rules": [], "measure": None, "photos": 0}
        if ruled:
            task |= deepcopy(RULES.get(task["code"], {}))
    document |= {"promises": deepcopy(PROMISES) if ruled else [], "signs": [], "silence": None}
    return document


@dataclass
class AnswerWard:
    """One patient, her course, and her phone as an actor."""

    world: World
    package_id: int
    patient_id: int
    enrolment_id: int

    @property
    def her(self) -> Actor:
        return Actor("patient", self.patient_id)

    @property
    def daughter(self) -> Actor:
        return Actor("patient", self.patient_id, person="小芳", relation="family")

    def task(self, code: str) -> int:
        return self._one(select(TaskRow.id).where(
            TaskRow.enrolment_id == self.enrolment_id, TaskRow.code == code
        ))  # fmt: skip

    def state(self, code: str) -> TaskRow:
        return self._one(select(TaskRow).where(
            TaskRow.enrolment_id == self.enrolment_id, TaskRow.code == code
        ))  # fmt: skip

    def do(self, deed: Any, actor: Actor | None = None, key: str = "", /, **arguments: Any) -> Any:
        return self.world.desk.do(actor or self.her, deed, key, **arguments)

    def cases(self) -> list[CaseRow]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(CaseRow).order_by(CaseRow.id)))

    def _one(self, query: Any) -> Any:
        with self.world.desk.database.reading() as session:
            return session.scalars(query).one()


def two_days_later(world: World, *, ruled: bool = True) -> AnswerWard:
    """The package sold to one patient on the day of her discharge, and two days gone: yesterday was its first."""
    ward = answer_ward(world, ruled=ruled)
    world.clock.advance(timedelta(days=2))
    return ward


def answer_ward(world: World, *, ruled: bool = True) -> AnswerWard:
    """The package sold to one patient who leaves the house today."""
    package_id = world.do("manager", take_template, document=knee_document(ruled=ruled))
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    patient_id = world.do("nurse", add_patient, name="王秀英", record_number="K1", phone="13800005678")
    enrolment_id = world.do(
        "nurse", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
        anchor_date=world.today, consents={"service": True},
    )  # fmt: skip
    return AnswerWard(world, package_id, patient_id, enrolment_id)

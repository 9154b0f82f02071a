"""A knee patient at home: enrolled two days ago, with the promises of an evening nurse and a doctor around the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.care.sale.enrolments import enrol
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from tests.conftest import World
from tests.selling import open_sales

DAY = {"opens": "00:00", "closes": "24:00"}
PROMISES: list[dict[str, Any]] = [
    {"kind": "question", "minutes": 60, "by": "nurse", "spans": [{"opens": "20:00", "closes": "22:00"}]},
    {
        "kind": "orange", "minutes": 30, "by": "doctor", "means": "voice", "warn": 10, "spans": [DAY],
        "ladder": [{"to": "second", "after": 15}, {"to": "manager", "after": 25}],
    },
    {"kind": "yellow", "minutes": 240, "by": "nurse", "spans": [{"opens": "08:00", "closes": "22:00"}]},
    {"kind": "film", "minutes": 480, "by": "nurse", "spans": [{"opens": "08:00", "closes": "20:00"}]},
]  # fmt: skip
SIGNS: list[dict[str, Any]] = [
    {"code": "breath", "level": "red", "text": "突发胸痛或呼吸困难"},
    {"code": "calf", "level": "orange", "text": "小腿新发肿痛、发热发红"},
    {"code": "fever", "level": "orange", "text": "体温38.0℃或以上，或寒战"},
    {"code": "sleep", "level": "yellow", "text": "睡不好、情绪低落"},
]


@dataclass
class KneeWard:
    """The world of a knee package with two patients, so that one's rows can be told from the other's."""

    world: World
    package_id: int
    patient_id: int
    enrolment_id: int
    other_id: int
    other_enrolment_id: int

    @property
    def patient(self) -> Any:
        return self.world.patient(self.patient_id)

    def hers(self, deed: Any, **arguments: Any) -> Any:
        """A deed from her own phone."""
        return self.world.desk.do(self.patient, deed, **arguments)

    def theirs(self, question: Any, **arguments: Any) -> Any:
        """A question of her own phone."""
        return self.world.desk.ask(self.patient, question, **arguments)


def knee_document(**changes: Any) -> dict[str, Any]:
    """The knee template as a document with promises and signs; `changes` replace fields."""
    document: dict[str, Any] = load("knee_7days", "zh").model_dump(mode="json")
    return document | {"promises": PROMISES, "signs": SIGNS} | changes


def knee_ward(world: World, *, days_home: int = 2, **changes: Any) -> KneeWard:
    """A department that sells the knee package to two patients, home for `days_home` days; `changes` replace fields of it."""
    package_id = world.do("manager", take_template, document=knee_document(**changes))
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    found = []
    for name, record, phone in (("何桂兰", "K1", "13800005678"), ("罗建国", "K2", "13800001234")):
        patient_id = world.do("nurse", add_patient, name=name, record_number=record, phone=phone)
        enrolment_id = world.do(
            "nurse", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
            anchor_date=world.today - timedelta(days=days_home), consents={"service": True, "messages": True},
        )  # fmt: skip
        found += [patient_id, enrolment_id]
    return KneeWard(world, package_id, *found)

"""Selling one of the templates in either language, for the examples that were reckoned by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from core.care.sale.enrolments import enrol
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from tests.conftest import World
from tests.selling import open_sales


@dataclass
class Sold:
    """One patient with one package, and a calendar that is turned to a day."""

    world: World
    package_id: int
    patient_id: int
    enrolment_id: int

    def on(self, day: date) -> Sold:
        self.world.clock.moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)  # noon in Shanghai
        return self


def sold(
    world: World, name: str, language: str = "zh", *, changes: dict[str, Any] | None = None, **facts: Any
) -> Sold:
    """A template on sale and sold; `changes` replace fields of its document, `facts` go into the sale."""
    document = load(name, language).model_dump(mode="json") | (changes or {})
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    patient_id = world.do("nurse", add_patient, name="周堃宁", record_number="R1", phone="13800005678")
    enrolment_id = world.do(
        "front_desk", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
        consents={"service": True, "messages": True}, **facts,
    )  # fmt: skip
    return Sold(world, package_id, patient_id, enrolment_id)

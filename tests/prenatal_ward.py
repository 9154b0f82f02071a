"""A department with the prenatal pack on its shelf, and a patient 12+0 weeks pregnant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.packages.publishing import publish, take_template
from core.packages.templates import as_chosen, load
from core.people.patients import add_patient
from tests.conftest import World
from tests.selling import open_sales

TODAY = date(2026, 3, 5)
LAST_PERIOD = TODAY - timedelta(days=84)  # 12+0 today
CONSENTS = {"service": True, "messages": True}


class PrenatalWard:
    """Short cuts of the care tests: a world with one published package."""

    def __init__(self, world: World, **changes: Any) -> None:
        self.world = world
        self.document = as_chosen(load("prenatal_quest", "zh"))
        document = load("prenatal_quest", "zh").model_dump(mode="json") | changes
        self.package_id: int = world.do("manager", take_template, document=document)
        world.do("manager", publish, package_id=self.package_id)
        open_sales(world, self.package_id)
        self.patients = 0

    def patient(self, **facts: Any) -> int:
        self.patients += 1
        known = {
            "name": "李小雨",
            "record_number": f"B{self.patients:04d}",
            "phone": f"1380000{self.patients:04d}",
        }
        return self.world.do("nurse", add_patient, **{**known, "last_period": LAST_PERIOD, **facts})

    def sell(self, patient_id: int | None = None, **changes: Any) -> int:
        known = {
            "patient_id": patient_id or self.patient(),
            "package_id": self.package_id,
            "payment_method": "wechat",
            "consents": CONSENTS,
            "last_period": LAST_PERIOD,
        }
        return self.world.do("front_desk", enrol, **{**known, **changes})

    def task(self, enrolment_id: int, code: str) -> TaskRow:
        with self.world.desk.database.reading() as session:
            query = select(TaskRow).where(TaskRow.enrolment_id == enrolment_id, TaskRow.code == code)
            return session.scalars(query).one()

    def row(self, table: Any, row_id: int) -> Any:
        with self.world.desk.database.reading() as session:
            return session.get_one(table, row_id)

    def rows(self, table: Any, **known: Any) -> list[Any]:
        """The rows of a table with these values, in the order they were written."""
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(table).filter_by(**known).order_by(table.id)))

    def entries(self, kind: str) -> list[tuple[AuditEntryRow, AuditDetailRow]]:
        """The audit entries of a kind with their details, in order."""
        with self.world.desk.database.reading() as session:
            query = (
                select(AuditEntryRow, AuditDetailRow)
                .join(AuditDetailRow, AuditDetailRow.entry_id == AuditEntryRow.id)
                .where(AuditEntryRow.kind == kind)
                .order_by(AuditEntryRow.id)
            )
            return [(entry, detail) for entry, detail in session.execute(query).all()]

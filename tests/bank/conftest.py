"""A bank with the prenatal pack's rewards on its shelf, and short cuts to move points."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import core.bank.listening  # noqa: F401 (the bank listens to care and design)
from core.bank import ledger, totals
from core.bank.account import Holding, account_of, statement
from core.bank.settling import settle_due
from core.bank.tables import LedgerEntryRow
from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.department.switches import sign_off
from core.foundation.access import SYSTEM
from core.foundation.doors import Stamp
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from tests.conftest import World
from tests.selling import open_sales

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 5)


def grant(stamp: Stamp, *, patient_id: int, points: int, source: str) -> int | None:
    """Points without a task behind them, as any earning room would give them."""
    return ledger.earn(stamp, patient_id, points, "CHECKUP", source, "按时产检")


class Bank:
    """Short cuts of the bank's tests."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.number = 0

    def patient(self, **facts: Any) -> int:
        self.number += 1
        known = {"name": "李小雨", "record_number": f"K{self.number:05d}", "phone": f"139{self.number:08d}"}
        return self.world.do("nurse", add_patient, **{**known, **facts})

    def grant(self, patient_id: int, points: int, source: str = "") -> int | None:
        self.number += 1
        return self.world.do(
            "manager", grant, patient_id=patient_id, points=points, source=source or f"test:{self.number}"
        )

    def redeem(self, patient_id: int, points: int, **more: Any) -> int:
        return self.world.do(
            "front_desk", ledger.redeem_points, patient_id=patient_id, points=points, reason="停车券", **more
        )

    def reverse(self, entry_id: int, **more: Any) -> int:
        return self.world.do("manager", ledger.reverse_entry, entry_id=entry_id, reason="录错了", **more)

    def go_to(self, day: date) -> None:
        """Noon of a department's day."""
        self.world.clock.moment = datetime.combine(day, time(12), SHANGHAI)

    def later(self, **span: int) -> None:
        self.world.clock.advance(timedelta(**span))

    def night(self) -> None:
        """What the nightly job does."""
        while self.world.desk.do(SYSTEM, settle_due)["more"]:
            pass

    def holding(self, patient_id: int) -> Holding:
        return self.world.ask("manager", account_of, patient_id=patient_id)

    def balance(self, patient_id: int) -> int:
        return self.holding(patient_id).balance

    def lines(self, patient_id: int, language: str = "en") -> list[Any]:
        return self.world.ask("manager", statement, patient_id=patient_id, language=language)

    def entries(self) -> list[LedgerEntryRow]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(LedgerEntryRow).order_by(LedgerEntryRow.id)))

    def assert_sound(self) -> None:
        assert self.world.ask("manager", totals.integrity_check).sound


@pytest.fixture
def bank(world: World) -> Iterator[Bank]:
    bank = Bank(world)
    yield bank
    bank.assert_sound()  # whatever a test did: balance = entries = lots


class Shop(Bank):
    """A bank whose department sells the prenatal pack."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.document = load("prenatal_quest", "zh")
        self.package_id: int = world.do(
            "manager", take_template, document=self.document.model_dump(mode="json")
        )
        world.do("manager", publish, package_id=self.package_id)
        open_sales(world, self.package_id)

    def sell(self, patient_id: int, weeks: int = 7) -> int:
        return self.world.do(
            "front_desk", enrol, patient_id=patient_id, package_id=self.package_id, payment_method="wechat",
            consents={"service": True}, last_period=self.world.today - timedelta(days=7 * weeks),
        )  # fmt: skip

    def task_id(self, enrolment_id: int, code: str) -> int:
        with self.world.desk.database.reading() as session:
            return session.scalars(
                select(TaskRow.id).where(TaskRow.enrolment_id == enrolment_id, TaskRow.code == code)
            ).one()

    def sign(self, code: str, on: bool = True) -> None:
        self.world.do(
            "manager", sign_off, code=code, on=on, signed_by="王主任", document_number="产科-2026-03",
            review_on=self.world.today + timedelta(days=180),
        )  # fmt: skip


@pytest.fixture
def shop(world: World) -> Iterator[Shop]:
    shop = Shop(world)
    yield shop
    shop.assert_sound()

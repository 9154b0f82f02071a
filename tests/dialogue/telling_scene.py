"""A department with one urgent case, for the tests of telling staff who are not looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from core.care.sale.enrolments import enrol
from core.dialogue.cases import cases
from core.dialogue.course import course_of
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.tables import CaseRow
from core.dialogue.telling import vault
from core.dialogue.telling.outbox import tell
from core.dialogue.telling.place import confirm_sending
from core.dialogue.telling.tables import ChannelRow, OutboxRow
from core.foundation.doors import Stamp, deed
from core.foundation.house import HouseRow
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from core.people.tables import StaffRow
from tests.conftest import World
from tests.selling import open_sales

NAME, SYMPTOM = "陈晓雨", "小腿又热又痛"
ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234"
ADDRESSES = {
    "wecom": ROBOT,
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=token-1234",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/hook-1234",
}
ROUND_THE_CLOCK = [{"opens": "00:00", "closes": "24:00"}]
ADMINISTRATOR, MANAGER, NURSE, DOCTOR = 1, 2, 3, 4


@deed("settings.write")
def _open(stamp: Stamp, *, enrolment_id: int, kind: str, level: str) -> int:
    return cases.open_case(stamp, course_of(stamp, enrolment_id), kind, level=level, why=[SYMPTOM]).id


@deed("settings.write")
def _tell(stamp: Stamp, *, case_id: int, **more: Any) -> None:
    case = stamp.session.get_one(CaseRow, case_id)
    known = {"occasion": f"run:{case_id}:told", "step": "told", "staff_ids": [], "roles": ["doctor"]}
    tell(stamp, case=case, **{"due_at": None, **known, **more})


@dataclass
class Night:
    """One patient whose package promises a doctor within 30 minutes, and her case."""

    world: World
    patient_id: int
    enrolment_id: int
    case_id: int

    def open(self, kind: str = "alert", level: str = "orange") -> int:
        number: int = self.world.do("manager", _open, enrolment_id=self.enrolment_id, kind=kind, level=level)
        return number

    def tell(self, **more: Any) -> None:
        self.world.do("manager", _tell, case_id=more.pop("case_id", self.case_id), **more)

    @property
    def code(self) -> str:
        return str(self.case.code)

    @property
    def case(self) -> CaseRow:
        with self.world.desk.database.reading() as session:
            return session.get_one(CaseRow, self.case_id)

    def outbox(self) -> list[OutboxRow]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))

    def channel(self, kind: str = "wecom", roles: tuple[str, ...] = ("doctor",), **address: str) -> int:
        """A channel as the database holds it; how one is entered is tested with its deed."""
        with self.world.desk.database.writing() as session:
            row = ChannelRow(
                kind=kind, name=f"{kind}群", secret=vault.sealed(address), roles=list(roles),
                active=True, tested="", changed_at=self.world.clock.now(),
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def robot(self, kind: str = "wecom", roles: tuple[str, ...] = ("doctor",)) -> int:
        """A robot whose messages this machine sends."""
        self.world.do("manager", confirm_sending)
        return self.channel(kind, roles, address=ADDRESSES[kind])

    def change(self, channel_id: int, **facts: Any) -> None:
        """Facts of a channel as the database may hold them."""
        with self.world.desk.database.writing() as session:
            for field, value in facts.items():
                setattr(session.get_one(ChannelRow, channel_id), field, value)

    def staff(self, staff_id: int, **facts: Any) -> None:
        with self.world.desk.database.writing() as session:
            for field, value in facts.items():
                setattr(session.get_one(StaffRow, staff_id), field, value)

    def on_duty(self, role: str, staff_id: int, backup_id: int | None = None) -> None:
        """Somebody answers for a role from an hour ago until tomorrow."""
        now = self.world.clock.now()
        with self.world.desk.database.writing() as session:
            session.add(
                DutySpanRow(
                    role=role, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=1),
                    staff_id=staff_id, phone="13900000000", backup_id=backup_id, changed_at=now,
                )
            )  # fmt: skip

    def off_duty(self) -> None:
        with self.world.desk.database.writing() as session:
            session.execute(delete(DutySpanRow))

    def house(self, **facts: Any) -> None:
        with self.world.desk.database.writing() as session:
            for field, value in facts.items():
                setattr(session.get_one(HouseRow, 1), field, value)


def night(world: World) -> Night:
    """Somebody reported an urgent sign in a package that promises an answer within 30 minutes at any hour."""
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    document["promises"] = [
        {"kind": "orange", "minutes": 30, "by": "doctor", "spans": ROUND_THE_CLOCK},
        {"kind": "question", "minutes": 60, "by": "nurse", "spans": ROUND_THE_CLOCK},
    ]
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    patient_id = world.do(
        "nurse", add_patient, name=NAME, record_number="A0012", phone="13800005678",
        last_period=world.today.replace(month=1),
    )  # fmt: skip
    enrolment_id = world.do(
        "front_desk", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
        consents={"service": True, "messages": True}, last_period=world.today.replace(month=1),
    )  # fmt: skip
    scene = Night(world, patient_id, enrolment_id, 0)
    scene.case_id = scene.open()
    return scene

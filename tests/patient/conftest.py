"""A department with one enrolled patient, her card's link, and a phone to open it with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from core.care.sale.enrolments import enrol
from core.department.places import add_location
from core.department.switches import sign_off
from core.foundation.house import HouseRow
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from core.people.phone_links import issue_link
from core.people.tables import StaffRow
from pages.patient import forms, limits, phone, praise
from pages.patient.app import app
from tests.conftest import World
from tests.selling import open_sales

WORDS = (
    "王护士每次都先把手捂热再帮我测胎心,还画了一张小图,告诉我怎么数胎动。"
    "那天下雨,她撑着伞把我送到门口,我心里一直暖暖的,真的很感谢她。"
)
NURSE = "S00003"
LAST_PERIOD = date(2025, 11, 27)  # 14 weeks on Thursday 5 March 2026


@dataclass
class HttpPhone:
    """One browser on one phone. `open` follows redirects; `send` fills the form it has just seen."""

    client: TestClient
    language: str = "zh-CN,zh;q=0.9"
    page: httpx.Response | None = None
    history: list[str] = field(default_factory=list)

    def open(self, path: str, **options: Any) -> httpx.Response:
        headers = {"accept-language": self.language} | options.pop("headers", {})
        self.page = self.client.get(path, headers=headers, **options)
        return self.page

    def send(self, path: str, follow: bool = True, **fields: str) -> httpx.Response:
        assert self.page is not None
        given = self.hidden() | fields
        self.page = self.client.post(
            path, data=given, headers={"accept-language": self.language}, follow_redirects=follow
        )
        return self.page

    def hidden(self) -> dict[str, str]:
        """Seal and request key of the first form on the page just seen."""
        assert self.page is not None
        found = re.findall(r'<input type="hidden" name="(csrf|request_key)" value="([^"]+)">', self.page.text)
        return dict(reversed(found[:2])) if found else {}

    @property
    def text(self) -> str:
        """What a person reads: no tags, no scripts, one space between words."""
        assert self.page is not None
        return seen(self.page.text)


def seen(html: str) -> str:
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@dataclass
class PhoneScene:
    """Everything a phone test needs to set a scene."""

    world: World
    package_id: int
    patient_id: int
    token: str
    location_code: str

    def phone(self, language: str = "zh-CN,zh;q=0.9") -> HttpPhone:
        return HttpPhone(TestClient(app, raise_server_exceptions=True), language)

    def own_phone(self, language: str = "zh-CN,zh;q=0.9") -> HttpPhone:
        """A phone that has confirmed the card's link."""
        phone = self.phone(language)
        phone.open(f"/p/j/{self.token}")
        answer = phone.send(f"/p/j/{self.token}", last_four="5678")
        assert answer.status_code == 200
        return phone

    def sign(self, code: str) -> None:
        self.world.do(
            "manager", sign_off, code=code, on=True, signed_by="院长", document_number="2026-1",
            review_on=self.world.today + timedelta(days=180),
        )  # fmt: skip

    def patient(self, name: str = "赵一", record: str = "B1", phone: str = "13900001111", **more: Any) -> int:
        number: int = self.world.do(
            "nurse", add_patient, name=name, record_number=record, phone=phone, **more
        )
        return number

    def enrol(self, patient_id: int, **more: Any) -> int:
        arguments = {
            "last_period": LAST_PERIOD,
            "payment_method": "wechat",
            "consents": {"service": True},
        } | more
        number: int = self.world.do(
            "nurse", enrol, patient_id=patient_id, package_id=self.package_id, **arguments
        )
        return number


@pytest.fixture
def ward(world: World, monkeypatch: pytest.MonkeyPatch) -> PhoneScene:
    monkeypatch.setattr(phone, "current_desk", lambda: world.desk)
    for module in (forms, praise):
        monkeypatch.setattr(module, "signing_key", lambda: b"0" * 64)
    monkeypatch.setattr("core.operations.previews.signing_key", lambda: b"0" * 64)
    monkeypatch.setattr("pages.patient.endpoints.POSTS", limits.Brake(10_000, 60))
    with world.desk.database.writing() as session:
        session.get_one(StaffRow, 3).name = "王小云"
        session.get_one(StaffRow, 3).title = "主管护师"
        session.get_one(HouseRow, 1).phone = "010-12345678"
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    world.do(
        "manager", add_location, name="产科护士站", code="STATION", floor="门诊楼3楼", route="出电梯右转"
    )
    patient_id = world.do(
        "nurse",
        add_patient,
        name="陈晓雨",
        record_number="A0012",
        phone="13800005678",
        last_period=LAST_PERIOD,
    )
    token = world.do("nurse", issue_link, patient_id=patient_id)
    return PhoneScene(world, package_id, patient_id, token, _station(world))


def _station(world: World) -> str:
    from core.department.places import locations

    return str(world.ask("nurse", locations)[0].praise_code)


@pytest.fixture
def enrolled(ward: PhoneScene) -> PhoneScene:
    ward.enrol(ward.patient_id)
    return ward

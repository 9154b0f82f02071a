"""A department with two praise codes, one patient, and people who may be tipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from core.department.switches import sign_off
from core.department.tables import LocationRow
from core.foundation.access import PUBLIC, Actor
from core.people.tables import ConsentRow, PatientRow, StaffRow
from core.recognition.praise import give_praise
from tests.conftest import World

KIND_WORDS = "王护士每次都先把手捂热再帮我测胎心,还画了一张小图,告诉我怎么数胎动。那天下雨,她撑着伞把我送到门口,我心里一直暖暖的,真的很感谢她。"
STATION, NURSE = "LSTATN", "S00003"  # the third of ROLES is the nurse


@dataclass
class Praising:
    world: World
    patient_id: int

    def give(self, actor: Actor = PUBLIC, key: str = "", **arguments: Any) -> int:
        settings: dict[str, Any] = {"code": STATION, "text": KIND_WORDS} | arguments
        return self.world.desk.do(actor, give_praise, key, **settings)

    def sign(self, code: str, on: bool = True) -> None:
        self.world.do(
            "manager", sign_off, code=code, on=on, signed_by="院长", document_number="2026-1",
            review_on=self.world.today + timedelta(days=180),
        )  # fmt: skip

    def consent(self, given: bool) -> None:
        with self.world.desk.database.writing() as session:
            session.add(
                ConsentRow(
                    patient_id=self.patient_id, purpose="story_wall", given=given, channel="phone",
                    at=self.world.clock.now(),
                )
            )  # fmt: skip

    def silence(self) -> None:
        with self.world.desk.database.writing() as session:
            session.get_one(PatientRow, self.patient_id).silenced_at = self.world.clock.now()


@pytest.fixture
def praising(world: World) -> Praising:
    now = world.clock.now()
    with world.desk.database.writing() as session:
        session.add(
            LocationRow(
                code="station", name="产科护士站", floor="3楼", route="", praise_code=STATION, active=True
            )
        )
        session.get_one(StaffRow, 3).payment_code_key = "ab/" + "ab" + "0" * 62 + ".png"
        patient = PatientRow(
            record_number="A0012", name="陈晓雨", phone="13800005678", phone_end="5678", created_at=now
        )
        session.add(patient)
        session.flush()
        return Praising(world, patient.id)

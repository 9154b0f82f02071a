"""Films of knee patients that wait for a review: a promise for films, a rubric, a nurse Li."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.care.tables import EnrolmentRow, TaskRow
from core.dialogue.films.films import be_ready
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.access import SYSTEM, Actor
from core.foundation.doors import Stamp
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.consents import record_consents
from core.people.patients import add_patient
from tests.conftest import World
from tests.dialogue.filming import film
from tests.selling import open_sales

ALWAYS = {"opens": "00:00", "closes": "24:00"}
PROMISES: list[dict[str, Any]] = [
    {"kind": "film", "minutes": 240, "by": "nurse", "spans": [ALWAYS]},
    {"kind": "question", "minutes": 60, "by": "nurse", "spans": [ALWAYS]},
    {"kind": "orange", "minutes": 30, "by": "doctor", "spans": [ALWAYS], "warn": 10},
]
RUBRIC = ["脚尖勾到底", "膝盖不弯", "每下停5秒", "做得慢"]


class Reviewing:
    """A ward whose patients film their ankle pumps on day 3; a film is promised in 240 minutes."""

    def __init__(self, world: World, **changes: Any) -> None:
        self.world = world
        document = load("knee_7days", "zh").model_dump(mode="json") | {"promises": PROMISES} | changes
        self.package_id: int = world.do("manager", take_template, document=document)
        world.do("manager", publish, package_id=self.package_id)
        open_sales(world, self.package_id)
        self.sold = 0

    def sell(self, name: str = "周桂兰", days: int = 3) -> tuple[int, int]:
        """A patient, `days` after her discharge, who agreed to films, and her enrolment."""
        self.sold += 1
        patient_id: int = self.world.do(
            "nurse",
            add_patient,
            name=name,
            record_number=f"F{self.sold:03d}",
            phone=f"1391111{self.sold:04d}",
        )
        enrolment_id: int = self.world.do(
            "nurse", enrol, patient_id=patient_id, package_id=self.package_id, payment_method="wechat",
            anchor_date=self.world.today - timedelta(days=days), consents={"service": True},
        )  # fmt: skip
        self.world.do("nurse", record_consents, patient_id=patient_id, given={"films": True}, channel="paper")
        return patient_id, enrolment_id

    def film(
        self, enrolment_id: int, code: str = "PUMP_VIDEO", seconds: float = 12.0, data: bytes = b""
    ) -> int:
        """A film of hers that has come and waits for the team; returns the recording."""
        return ready_film(self.world, enrolment_id, code, seconds, data)

    def later(self, **span: float) -> None:
        self.world.clock.advance(timedelta(**span))

    def her(self, patient_id: int) -> Actor:
        return Actor("patient", patient_id)

    def rows(self, table: Any) -> list[Any]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def case_of(self, recording_id: int) -> CaseRow:
        return self._one(
            select(CaseRow).join(RecordingRow, RecordingRow.case_id == CaseRow.id).where(
                RecordingRow.id == recording_id
            )
        )  # fmt: skip

    def posts(self) -> list[PostRow]:
        return self.rows(PostRow)

    def reviews(self) -> list[FilmReviewRow]:
        return self.rows(FilmReviewRow)

    def _one(self, query: Any) -> Any:
        with self.world.desk.database.reading() as session:
            return session.scalars(query).one()


def ready_film(
    world: World, enrolment_id: int, code: str = "PUMP_VIDEO", seconds: float = 12.0, data: bytes = b""
) -> int:
    """A film for the first day of a task, ready for the team in any world."""
    recording_id: int = world.desk.do(SYSTEM, _came, enrolment_id=enrolment_id, code=code)
    key = world.desk.media.put(data or film(), ".m4v")
    world.desk.do(
        SYSTEM, be_ready, recording_id=recording_id, key=key, size=9, seconds=seconds, width=96, height=64
    )
    return recording_id


def _came(stamp: Stamp, *, enrolment_id: int, code: str) -> int:
    task = stamp.session.scalars(
        select(TaskRow)
        .where(TaskRow.enrolment_id == enrolment_id, TaskRow.code.in_((code, f"{code}.1")))
        .order_by(TaskRow.code)
    ).first()
    assert task is not None, code
    patient_id = stamp.session.get_one(EnrolmentRow, enrolment_id).patient_id
    row = RecordingRow(
        patient_id=patient_id, enrolment_id=enrolment_id, task_id=task.id, kind="film", by="patient",
        state="checking", size=9, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row.id

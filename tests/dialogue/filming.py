"""A knee patient on her third day at home, who is asked to film her ankle pumps: for tests of films, photos and voices."""

from __future__ import annotations

import io
import math
import tempfile
import wave
from array import array
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
from PIL import Image
from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.dialogue.cases.cases import open_case
from core.dialogue.course import course_of
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow
from core.foundation.access import Actor
from core.foundation.doors import Stamp
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.consents import record_consents
from core.people.patients import add_patient
from core.people.patients import get_patient as patient_of
from tests.conftest import World
from tests.selling import open_sales

TASK = "PUMP_VIDEO"  # days 3 and 4


class Filming:
    """Short cuts: one published knee package, patients who bought it and agreed to films."""

    def __init__(self, world: World) -> None:
        self.world = world
        document = load("knee_7days", "zh").model_dump(mode="json")
        self.package_id: int = world.do("manager", take_template, document=document)
        world.do("manager", publish, package_id=self.package_id)
        open_sales(world, self.package_id)
        self.patients = 0
        self.patient_id = self.patient()
        self.enrolment_id = self.sell(self.patient_id)
        self.agree(self.patient_id)

    def patient(self, **facts: Any) -> int:
        self.patients += 1
        known = {
            "name": "周桂兰",
            "record_number": f"K{self.patients:03d}",
            "phone": f"1390000{self.patients:04d}",
        }
        return int(self.world.do("nurse", add_patient, **{**known, **facts}))

    def sell(self, patient_id: int, days: int = 3) -> int:
        sold: int = self.world.do(
            "nurse", enrol, patient_id=patient_id, package_id=self.package_id, payment_method="wechat",
            anchor_date=self.world.today - timedelta(days=days), consents={"service": True},
        )  # fmt: skip
        return sold

    def agree(self, patient_id: int, agreed: bool = True) -> None:
        self.world.do(
            "nurse", record_consents, patient_id=patient_id, given={"films": agreed}, channel="paper"
        )

    def actor(self, patient_id: int | None = None, person: str = "", relation: str = "self") -> Actor:
        return Actor("patient", patient_id or self.patient_id, person=person, relation=relation)

    def do(self, deed: Any, /, patient_id: int | None = None, **arguments: Any) -> Any:
        """A deed of her own phone."""
        return self.world.desk.do(self.actor(patient_id), deed, **arguments)

    def ask(self, question: Any, /, patient_id: int | None = None, **arguments: Any) -> Any:
        return self.world.desk.ask(self.actor(patient_id), question, **arguments)

    def inner(self, work: Any, patient_id: int | None = None, **by: str) -> Any:
        """What other rooms do with her patient held: `work(stamp, course)`."""

        def held(stamp: Stamp) -> Any:
            patient_of(stamp, patient_id or self.patient_id)
            return work(stamp, course_of(stamp, self.enrolment_id))

        return self.world.desk.do(self.actor(patient_id, **by), held)

    def question(self) -> int:
        """An open question of hers; returns the case."""
        return int(self.inner(lambda stamp, course: open_case(stamp, course, "question").id))

    def task(self, code: str = TASK) -> TaskRow:
        query = select(TaskRow).where(TaskRow.enrolment_id == self.enrolment_id, TaskRow.code == code)
        with self.world.desk.database.reading() as session:
            return session.scalars(query).one()

    def recording(self, number: int) -> RecordingRow:
        with self.world.desk.database.reading() as session:
            return session.get_one(RecordingRow, number)

    def case(self, number: int | None) -> CaseRow:
        with self.world.desk.database.reading() as session:
            return session.get_one(CaseRow, number)


def spoken(seconds: float = 1.0, rate: int = 16_000, channels: int = 1) -> bytes:
    """A WAV that hums."""
    tone = [int(6000 * math.sin(n * 440 * 2 * math.pi / rate)) for n in range(int(seconds * rate))]
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(array("h", [each for each in tone for _ in range(channels)]).tobytes())
    return out.getvalue()


@cache
def film(
    picture: str = "libx264", sound: str = "aac", *, seconds: float = 1.0, size: tuple[int, int] = (96, 64),
    container: str = "mp4", turned: int = 0, said: bool = False, frames: int = 15,
) -> bytes:  # fmt: skip
    """A small film. `said`: with a title and the position where it was made; `turned` in degrees, as phones do."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{container}"
        with av.open(str(path), "w", format=container) as made:
            if said:
                made.metadata.update({"title": "geheim", "location": "+39.9042+116.4074/"})
            options = {"x265-params": "log-level=none"} if picture == "libx265" else {}
            shown = made.add_stream(picture, rate=frames, options=options)
            shown.width, shown.height = size
            shown.pix_fmt = "yuv420p"
            shown.codec_context.time_base = Fraction(1, frames)
            if turned:
                shown.set_display_rotation(turned)
            heard = made.add_stream(sound, rate=48_000, layout="mono") if sound else None
            for number in range(max(1, int(seconds * frames))):
                drawn = Image.new("RGB", size, (number * 16 % 256, 90, 140))
                frame = av.VideoFrame.from_image(drawn)
                frame.pts, frame.time_base = number, Fraction(1, frames)
                made.mux(shown.encode(frame))
            made.mux(shown.encode(None))
            if heard is not None:
                with av.open(io.BytesIO(spoken(seconds, 48_000))) as read:
                    for frame in read.decode(audio=0):
                        made.mux(heard.encode(frame))
                made.mux(heard.encode(None))
        return path.read_bytes()

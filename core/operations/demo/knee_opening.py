"""How the demo's second package came to be sold: the knee package, its SOP, its shifts, the holidays, one voice tried."""

from __future__ import annotations

import io
import math
import struct
import wave
from datetime import timedelta

from core.care.sale.going_live import go_live, override
from core.care.sale.readiness import readiness
from core.dialogue import readiness as promised
from core.dialogue.clocks import holidays
from core.dialogue.duty import shift_plan
from core.foundation.doors import Desk
from core.operations.demo import knee_film
from core.operations.demo.founding import PEOPLE
from core.operations.demo.known import Known
from core.operations.demo.opening import DUTY_PHONE, ROSTER_AHEAD, known_code
from core.packages.materials import keep_video
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.sops.approval import approve, submit
from core.sops.drafts import keep_own
from core.sops.readings import sign
from core.sops.shelf import working
from core.sops.states import latest_review

PACKAGE = "knee_7days"
SOP_NUMBER = 3  # after the two of the first package
# Movements of which there is an invented film, so that the message of that day carries one; whether the leg lifts.
FILMS = {"PUMP": False, "PUMP_VIDEO": False, "SLR": True}
# What must be in force before a patient at home is promised anything.
BEFORE = timedelta(days=14)
# role, from, until, who, who stands behind: the day's two shifts of the nurses and the doctors' day and night
SHIFTS = (
    ("nurse", "08:00", "20:00", "demo.nurse3", "demo.nurse"),
    ("nurse", "20:00", "22:00", "demo.nurse", "demo.nurse2"),
    ("doctor", "08:00", "20:00", "demo.doctor2", "demo.doctor"),
    ("doctor", "20:00", "08:00", "demo.doctor", "demo.doctor2"),
)


def take_live(desk: Desk, known: Known) -> int:
    """Everything from the template to the first day of sale, through the deeds of real use; returns the package."""
    scene, manager = known.story.stage, known.staff["demo.manager"]
    document = load(PACKAGE, scene.language).model_dump(mode="json")
    for task in document["tasks"]:
        if task["code"] in FILMS:
            shown = knee_film.film(FILMS[task["code"]])
            task["material"]["video_key"] = desk.do(manager, keep_video, data=shown)
    package_id: int = desk.do(manager, take_template, document=document)
    desk.do(manager, publish, package_id=package_id)
    _approve_sop(desk, known, package_id)
    today = desk.ask(manager, lambda look: look.today)
    for year in {today.year, scene.today.year} & set(holidays.listed_years()):
        desk.do(manager, holidays.take_year, year=year)
    phones = {entry[0]: DUTY_PHONE.format(n) for n, entry in enumerate(PEOPLE, start=1)}
    for role, opens, closes, who, behind in SHIFTS:
        desk.do(
            manager, shift_plan.plan, role=role, first=today, last=scene.today + ROSTER_AHEAD, opens=opens,
            closes=closes, staff_id=known.staff[who].id, phone=phones[who],
            backup_id=known.staff[behind].id, backup_phone=phones[behind],
        )  # fmt: skip
    desk.do(known.staff["demo.doctor"], promised.try_voice, data=spoken())
    for point in desk.ask(manager, readiness, package_id=package_id).open:
        if not point.safety:
            desk.do(
                manager,
                override,
                package_id=package_id,
                point=point.code,
                reason=scene.words["knee"]["waits"],
            )
    desk.do(manager, go_live, package_id=package_id)
    return package_id


def spoken(seconds: float = 2.0) -> bytes:
    """A recording as the desk keeps it: 16 kHz WAV, a quiet falling tone instead of a voice."""
    rate = 16_000
    wave_of = (
        int(6_000 * math.sin(n / rate * 2 * math.pi * (260 - 60 * n / (rate * seconds))))
        for n in range(int(rate * seconds))
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", each) for each in wave_of))
    return out.getvalue()


def _approve_sop(desk: Desk, known: Known, package_id: int) -> None:
    manager, doctor = known.staff["demo.manager"], known.staff["demo.doctor"]
    said = known.story.stage.words["sop"][0]
    now = desk.ask(manager, working, package_id=package_id)
    own = now.working | {"owner": manager.name}
    desk.do(manager, keep_own, package_id=package_id, working=own, expected_changed_at=now.changed_at)
    version_id = desk.do(manager, submit, package_id=package_id, **said)
    desk.do(manager, lambda stamp: known_code(stamp, version_id, SOP_NUMBER))
    today = desk.ask(manager, lambda look: look.today)
    desk.do(doctor, approve, version_id=version_id, effective_on=today, review_on=latest_review(today))
    answers = [each.right for each in now.own.quiz]
    for username, role, *_rest in PEOPLE:
        if role in now.preview.readers:
            desk.do(known.staff[username], sign, version_id=version_id, answers=answers)

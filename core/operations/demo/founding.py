"""The demo's house: hospital, people, places, payment codes and signed-off features, through the deeds of real use."""

from __future__ import annotations

import io
from datetime import timedelta

import segno
from sqlalchemy import select

from core.department.places import ALPHABET, add_location
from core.department.profile import change_facts, set_up
from core.department.switches import FEATURES, sign_off
from core.department.tables import LocationRow
from core.foundation.access import SYSTEM, Actor
from core.foundation.clock import SetClock
from core.foundation.doors import Desk, Stamp
from core.foundation.images import clean_image
from core.foundation.language import pick
from core.operations.demo.stage import Stage, moment
from core.people.staff import set_payment_code
from core.people.tables import StaffRow

# (username, role, name zh, name en, title zh, title en)
PEOPLE = (
    ("demo.manager", "manager", "周敏", "Zhou Min", "产科护士长", "Head nurse"),
    ("demo.nurse", "nurse", "李娜", "Li Na", "主管护师", "Senior nurse"),
    ("demo.nurse2", "nurse", "王芳", "Wang Fang", "护师", "Nurse"),
    ("demo.nurse3", "nurse", "赵静", "Zhao Jing", "护士", "Nurse"),
    ("demo.doctor", "doctor", "陈思远", "Chen Siyuan", "主任医师", "Consultant"),
    ("demo.doctor2", "doctor", "林悦", "Lin Yue", "主治医师", "Attending doctor"),
    ("demo.desk", "front_desk", "孙晓", "Sun Xiao", "前台", "Front desk"),
    ("demo.director", "executive", "吴建国", "Wu Jianguo", "院长", "Hospital director"),
    ("demo.admin", "administrator", "郑凯", "Zheng Kai", "信息科", "IT department"),
)
TIPPED = ("demo.nurse", "demo.nurse2", "demo.nurse3", "demo.doctor", "demo.doctor2", "demo.desk")

# (code, floor zh, en, usual wait in minutes): codes, names and ways are those of the prenatal package
PLACES = (
    ("OB", "门诊楼3楼", "Outpatient building, 3rd floor", 20),
    ("US", "门诊楼2楼", "Outpatient building, 2nd floor", 25),
    ("LAB", "门诊楼1楼", "Outpatient building, ground floor", 15),
    ("NST", "门诊楼3楼", "Outpatient building, 3rd floor", 15),
    ("SCHOOL", "门诊楼5楼", "Outpatient building, 5th floor", 0),
    ("WARD", "住院楼6楼", "Inpatient building, 6th floor", 5),
)
SIGNED_BEFORE = timedelta(days=14)
# From the signature to the review at most a year may pass; this leaves months of validity whenever it is shown.
REVIEW_IN = timedelta(days=150)


def found(desk: Desk, clock: SetClock, scene: Stage) -> dict[str, Actor]:
    """Set up house, staff, places and signatures on their days; the staff as actors by user name.

    People of the demo have no password (nothing fits "!"): the demo's own switch is their only door.
    """
    clock.moment = moment(scene.begins - timedelta(days=1), 9)
    desk.do(SYSTEM, lambda stamp: _house(stamp, scene))
    ids: dict[str, int] = desk.do(SYSTEM, lambda stamp: _staff(stamp, scene))
    desk.do(SYSTEM, lambda stamp: _places(stamp, scene))
    actors = {
        entry[0]: Actor("staff", ids[entry[0]], pick(scene.language, entry[2], entry[3]), entry[1])
        for entry in PEOPLE
    }
    clock.moment = moment(scene.pilot - SIGNED_BEFORE, 10)
    desk.do(actors["demo.admin"], lambda stamp: _signatures(stamp, scene))
    for username in TIPPED:
        desk.do(actors[username], set_payment_code, picture=clean_image(_payment_code(username)))
    return actors


def _house(stamp: Stamp, scene: Stage) -> None:
    hospital = pick(scene.language, "安和妇产医院（模拟）", "Anhe Women's Hospital (simulated)")
    department = pick(scene.language, "产科", "Obstetrics")
    set_up(
        stamp, hospital=hospital, department=department, print_language=scene.language, simulated=True,
        pilot_start=scene.pilot,
    )  # fmt: skip
    change_facts(
        stamp, hospital=hospital, department=department, time_zone="Asia/Shanghai",
        print_language=scene.language, phone="010-5550 0100",
        address=pick(scene.language, "示例市安和路1号", "1 Anhe Road, Sample City"), pilot_start=scene.pilot,
    )  # fmt: skip


def _staff(stamp: Stamp, scene: Stage) -> dict[str, int]:
    ids: dict[str, int] = {}
    for number, (username, role, name_zh, name_en, title_zh, title_en) in enumerate(PEOPLE):
        row = StaffRow(
            username=username, role=role, name=pick(scene.language, name_zh, name_en),
            title=pick(scene.language, title_zh, title_en), password_hash="!", valid_after=stamp.now,
            praise_code=f"SDEM{ALPHABET[number]}", created_at=stamp.now,
        )  # fmt: skip
        stamp.session.add(row)
        stamp.session.flush()
        ids[username] = row.id
    return ids


def _places(stamp: Stamp, scene: Stage) -> None:
    written = {task.place.code: task.place for task in scene.document.tasks}
    for number, (code, floor_zh, floor_en, minutes) in enumerate(PLACES):
        add_location(
            stamp, code=code, name=written[code].name, floor=pick(scene.language, floor_zh, floor_en),
            route=written[code].route, wait_minutes=minutes,
        )  # fmt: skip
        row = stamp.session.scalars(select(LocationRow).where(LocationRow.code == code)).one()
        # The same poster codes in every demo, so that a guide can print them.
        row.praise_code = f"LDEM{ALPHABET[number]}"
    stamp.session.flush()


def _signatures(stamp: Stamp, scene: Stage) -> None:
    for code in FEATURES:
        sign_off(
            stamp, code=code, on=True,
            signed_by=pick(scene.language, "吴建国（模拟）", "Wu Jianguo (simulated)"),
            document_number=f"DEMO-{scene.pilot.year}-001", review_on=scene.today + REVIEW_IN,
        )  # fmt: skip


def _payment_code(username: str) -> bytes:
    """A picture that looks like a payment code and pays nobody."""
    out = io.BytesIO()
    text = f"PilotDesk demo, not a payment code: {username}"
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()

"""The demo's house: hospital, people, places and signed-off features, all through the deeds of real use."""

from __future__ import annotations

from datetime import date, timedelta

from core.department.facts import change_facts, set_up
from core.department.locations import add_location
from core.department.switches import FEATURES, sign_off
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk, Stamp
from core.foundation.language import pick
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

# (code, name zh, en, floor zh, en, route zh, en, minutes); codes are those the prenatal template names
PLACES = (
    ("clinic", "产科门诊 2 诊室", "Antenatal clinic, room 2", "门诊楼 3 楼", "Outpatient building, floor 3",
     "从大厅乘 B 电梯到 3 楼,出电梯左转", "Lift B from the hall to floor 3, then left", 20),
    ("ultrasound", "超声科 5 室", "Ultrasound, room 5", "门诊楼 2 楼", "Outpatient building, floor 2",
     "从 B 电梯到 2 楼,沿蓝色地线走到底", "Lift B to floor 2, follow the blue line to its end", 15),
    ("laboratory", "检验科采血窗口", "Laboratory, blood window", "门诊楼 1 楼", "Outpatient building, floor 1",
     "大厅右侧,药房旁边", "Right of the hall, beside the pharmacy", 10),
    ("classroom", "孕妇学校", "Antenatal classroom", "住院楼 4 楼", "Ward building, floor 4",
     "过连廊到住院楼,乘 C 电梯到 4 楼", "Cross the bridge to the ward building, lift C to floor 4", 0),
    ("monitoring", "胎心监护室", "Fetal monitoring room", "门诊楼 3 楼", "Outpatient building, floor 3",
     "3 楼护士站后面", "Behind the nurse station on floor 3", 15),
    ("ward", "产科护士站", "Obstetric nurse station", "住院楼 5 楼", "Ward building, floor 5",
     "乘 C 电梯到 5 楼,正对面", "Lift C to floor 5, straight ahead", 5),
)  # fmt: skip


def found(desk: Desk, language: str, today: date, pilot_start: date) -> dict[str, int]:
    """Set up house, staff, places and switches; the staff's ids by user name.

    People of the demo have no password (nothing fits "!"): the demo's own switch is their only door.
    """
    ids: dict[str, int] = {}

    def everything(stamp: Stamp) -> None:
        hospital = pick(language, "安和妇产医院(模拟)", "Anhe Women's Hospital (simulated)")
        department = pick(language, "产科", "Obstetrics")
        set_up(
            stamp, hospital=hospital, department=department, print_language=language, simulated=True,
            pilot_start=pilot_start,
        )  # fmt: skip
        change_facts(
            stamp, hospital=hospital, department=department, time_zone="Asia/Shanghai",
            print_language=language, phone="010-5550 0100",
            address=pick(language, "示例市安和路 1 号", "1 Anhe Road, Sample City"), pilot_start=pilot_start,
        )  # fmt: skip
        for username, role, name_zh, name_en, title_zh, title_en in PEOPLE:
            row = StaffRow(
                username=username, role=role, name=pick(language, name_zh, name_en),
                title=pick(language, title_zh, title_en), password_hash="!",
                valid_after=stamp.now.replace(microsecond=0) - timedelta(days=400),
                praise_code=f"SDEMO{len(ids) + 2}", created_at=stamp.now,
            )  # fmt: skip
            stamp.session.add(row)
            stamp.session.flush()
            ids[username] = row.id
        for code, name_zh, name_en, floor_zh, floor_en, route_zh, route_en, minutes in PLACES:
            add_location(
                stamp, code=code, name=pick(language, name_zh, name_en), floor=pick(language, floor_zh, floor_en),
                route=pick(language, route_zh, route_en), wait_minutes=minutes,
            )  # fmt: skip
        for code in FEATURES:
            sign_off(
                stamp, code=code, on=True, signed_by=pick(language, "吴建国(模拟)", "Wu Jianguo (simulated)"),
                document_number="DEMO-2026-001", review_on=today + timedelta(days=300),
            )  # fmt: skip

    desk.do(SYSTEM, everything)
    return ids

"""The house: people, places, signatures, the duty roster, and the choice of the department."""

from __future__ import annotations

from datetime import date, timedelta

from core.choice import candidates, deciding, weights
from core.choice.study import study
from core.department.places import add_location, change_location
from core.department.profile import change_facts, set_up
from core.department.switches import FEATURES, sign_off
from core.foundation.access import PUBLIC, SYSTEM, Actor
from core.foundation.images import clean_image, clean_logo
from core.people import escalation_roster, signing_in, staff
from tests.releases.department.room import PILOT, STAFF, Department, picture


def found(d: Department) -> None:
    def house() -> None:
        name = {"hospital": "示例妇产医院", "department": "产科", "print_language": "zh"}
        d.do(SYSTEM, set_up, **name, logo=clean_logo(picture("teal", "PNG")))
        made = d.do(
            SYSTEM,
            staff.add_staff,
            username="zheng.kai",
            name="郑凯",
            role="administrator",
            password="Begin-2024-12",
        )
        d.actors["administrator"] = Actor("staff", int(made["id"]), "郑凯", "administrator")
        for username, role, who, title in STAFF:
            made = d.do("administrator", staff.add_staff, username=username, name=who, role=role, title=title)
            d.actors[role if role not in d.actors else username] = Actor("staff", int(made["id"]), who, role)
        d.do(
            "administrator", change_facts, **name, time_zone="Asia/Shanghai", phone="010-5550 0100",
            address="示例市安和路2号", pilot_start=PILOT,
        )  # fmt: skip

    def places() -> None:
        for code, name, minutes in (("OB", "产科门诊", 20), ("US", "超声室", None), ("OLD", "旧诊室", 5)):
            d.ids[code] = d.do(
                "manager",
                add_location,
                name=name,
                code=code,
                floor="3楼",
                route="出电梯右转",
                wait_minutes=minutes,
            )
        d.do("manager", change_location, location_id=d.ids["OLD"], name="旧诊室", active=False)

    def people() -> None:
        for role in ("nurse", "doctor"):
            d.do(role, staff.set_payment_code, picture=clean_image(picture("white", "PNG")))
        d.do(
            "administrator",
            staff.change_staff,
            staff_id=d.actors["zhao.jing"].id,
            name="赵静",
            role="nurse",
            title="主管护师",
        )
        d.do("administrator", staff.reset_password, staff_id=d.actors["front_desk"].id)
        d.do("administrator", staff.deactivate, staff_id=d.actors["qian.duo"].id)
        for _wrong in range(2):
            d.do(PUBLIC, signing_in.count_attempt, username="li.na", fitted=None)

    def signatures(number: str, most: int) -> None:
        for code in FEATURES:
            d.do(
                "manager", sign_off, code=code, on=True, signed_by="吴建", document_number=number,
                review_on=d.today + timedelta(days=most),
            )  # fmt: skip

    def duty() -> None:
        run = {"first": d.today, "last": d.today + timedelta(days=300)}
        d.do("manager", escalation_roster.fill, **run, staff_id=d.actors["doctor"].id, phone="010-5550 0104",
             backup_id=d.actors["nurse"].id, backup_phone="010-5550 0102")  # fmt: skip
        d.do("manager", escalation_roster.clear, first=run["last"] - timedelta(days=3), last=run["last"])

    d.on(date(2024, 12, 2), house)
    d.on(date(2024, 12, 2), places, 11)
    d.on(date(2024, 12, 3), people)
    d.on(date(2024, 12, 4), lambda: signatures("科〔2024〕12号", 360))
    d.on(date(2024, 12, 4), duty, 10)
    d.on(date(2025, 11, 20), lambda: signatures("科〔2025〕31号", 300))
    d.on(date(2025, 11, 20), duty, 10)
    d.on(date(2025, 11, 21), lambda: d.do("manager", sign_off, code="public_sharing", on=False))


def choose(d: Department) -> None:
    def decided() -> None:
        first = d.do("manager", deciding.begin_example, language="zh")
        seen = d.ask(study, study_id=first)
        best = next(each.id for each in seen.candidates if each.name == "产科")
        d.do(
            "manager", deciding.decide, study_id=first, candidate_id=best, decided_by="吴建院长",
            reason="患者多，旅程长，团队主动申请。", seen_revision=d.ask(study, study_id=first).revision,
        )  # fmt: skip
        d.ids["study"] = d.do("manager", deciding.take_over, study_id=first)

    def drafted() -> None:
        own = d.do("manager", deciding.begin_study, title="第二个试点")
        d.do("manager", deciding.rename_study, study_id=own, title="第二个试点科室")
        frame = d.ask(study, study_id=own).frame
        for name, answer in (("骨科", "clear"), ("儿科", "out")):
            each = d.do(
                "manager",
                candidates.add_candidate,
                study_id=own,
                name=name,
                patients_per_month="约200",
            )
            d.do(
                "manager", candidates.check_knockout, candidate_id=each, code=frame.knockouts[0].code,
                answer=answer, evidence="2024年就诊数据",
            )  # fmt: skip
            d.do("manager", candidates.score, candidate_id=each, code=frame.codes[0], score=4)
        d.do("manager", weights.set_points, study_id=own, points={frame.codes[0]: 9})
        d.do(
            "manager",
            weights.judge,
            study_id=own,
            first=frame.codes[0],
            second=frame.codes[1],
            judgement=3,
        )
        d.do("manager", weights.choose_method, study_id=own, method="pairwise")
        gone = d.do("manager", deciding.begin_study, title="写错了的研究")
        d.do("manager", deciding.discard_study, study_id=gone)

    d.on(date(2024, 12, 5), decided)
    d.on(date(2024, 12, 6), drafted)

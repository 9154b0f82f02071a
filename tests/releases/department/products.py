"""Packages and their SOPs in every state, files taken over, and going live."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core.care.sale import going_live
from core.care.sale.readiness import readiness
from core.care.sale.readiness_points import KINDS
from core.care.work import appointments
from core.department.prints import record_print
from core.foundation.images import clean_image
from core.packages import drafts, publishing
from core.packages.materials import keep_picture, keep_video
from core.packages.templates import load
from core.people.intake import import_patients
from core.sops import approval, readings
from core.sops.document import SopDocument
from core.sops.drafts import keep_own
from core.sops.shelf import working
from core.sops.states import latest_review
from core.sops.tables import SopVersionRow
from tests.releases.department.room import ALL, LAST, PILOT, Department, picture


def design(d: Department) -> None:
    def taken() -> None:
        for code in ("prenatal_quest", "health_bank", "knee_7days"):
            document = load(code, "zh").model_dump(mode="json")
            d.ids[code] = d.do("manager", publishing.take_template, document=document)
            d.do("manager", publishing.publish, package_id=d.ids[code])
            approve(d, code, "第一版", "开始试点")
        d.do("manager", keep_picture, picture=clean_image(picture("olive")))
        d.do("manager", keep_video, data=b"\0\0\0\x18ftypmp42" + bytes(16))
        d.ids["copy"] = d.do(
            "manager", drafts.copy_package, package_id=d.ids["prenatal_quest"], name="产检闯关（夜门诊）"
        )

    def second_version() -> None:
        pack = d.ids["prenatal_quest"]
        before = d.ask(publishing.draft, package_id=pack)
        changed = before.document.model_dump(mode="json") | {"price_fen": 21900}
        d.do(
            "manager",
            drafts.keep_draft,
            package_id=pack,
            working=changed,
            expected_changed_at=before.changed_at,
        )
        d.do("manager", publishing.publish, package_id=pack)
        approve(d, "prenatal_quest", "价格改为219元", "物价备案后调整")
        d.do("manager", record_print, kind="price_list", package_id=pack)

    def unfinished() -> None:
        # A draft with problems, a version sent back, one in review, one that comes into force next month, one retired.
        before = d.ask(publishing.draft, package_id=d.ids["copy"])
        d.do(
            "manager", drafts.keep_draft, package_id=d.ids["copy"], working=before.working | {"name": ""},
            expected_changed_at=before.changed_at,
        )  # fmt: skip
        returned = hand_in(d, "prenatal_quest", "候诊话术", "患者反馈")
        d.do("doctor", approval.send_back, version_id=returned, reason="第三步请写明时限")
        hand_in(d, "copy", "第一版", "夜门诊试行")
        later = hand_in(d, "health_bank", "年度复核", "到期")
        begins = d.today + timedelta(days=30)
        d.do(
            "doctor", approval.approve, version_id=later, effective_on=begins, review_on=latest_review(begins)
        )
        hers = select(SopVersionRow.id).where(SopVersionRow.package_id == d.ids["knee_7days"])
        last = d.one(hers.order_by(SopVersionRow.number.desc()))
        d.do("doctor", approval.retire, version_id=last, reason="改由骨科另写")
        d.do("manager", publishing.put_on_sale, package_id=d.ids["knee_7days"], on_sale=False)

    d.on(date(2024, 12, 9), taken)
    d.on(date(2025, 6, 2), second_version)
    d.on(
        date(2025, 11, 24),
        lambda: [approve(d, each, "年度复核", "到期") for each in ("knee_7days", "health_bank")],
    )
    d.on(LAST, unfinished, 15)


def hand_in(d: Department, package: str, what: str, why: str) -> int:
    pack = d.ids[package]
    now = d.ask(working, package_id=pack)
    own = now.working | {"owner": "王敏"}
    d.do("manager", keep_own, package_id=pack, working=own, expected_changed_at=now.changed_at)
    version: int = d.do("manager", approval.submit, package_id=pack, what=what, why=why)
    return version


def approve(d: Department, package: str, what: str, why: str) -> None:
    version = hand_in(d, package, what, why)
    d.do(
        "doctor", approval.approve, version_id=version, effective_on=d.today, review_on=latest_review(d.today)
    )
    text = SopDocument.model_validate(
        d.one(select(SopVersionRow.document).where(SopVersionRow.id == version))
    )
    for who, actor in d.actors.items():
        if actor.role in text.readers and who != "qian.duo":
            answers = [each.right for each in text.own.quiz]
            d.do(actor, readings.sign, version_id=version, answers=answers)


def open_the_doors(d: Department) -> None:
    def from_files() -> None:
        rows = [
            {
                "name": "沈念",
                "record_number": "R2001",
                "phone": "19900002001",
                "birth_date": date(1994, 5, 2),
            },
            {"name": "高敏", "record_number": "R2002", "phone": "19900002002", "due_date": date(2025, 7, 1)},
        ]
        d.do("front_desk", import_patients, rows=rows, file_digest="0" * 64)
        states = ("attended", "attended", "no_show", "cancelled")
        visits = [
            {"day": PILOT - timedelta(days=7 + 7 * week + n), "state": state, "record_number": f"R200{n}"}
            for week in range(14)
            for n, state in enumerate(states)
        ]
        d.do("front_desk", appointments.import_past, rows=visits, file_digest="1" * 64)

    def live() -> None:
        for package in ("prenatal_quest", "health_bank", "knee_7days"):
            pack = d.ids[package]
            d.do(
                "manager",
                going_live.override,
                package_id=pack,
                point="posters",
                reason="海报周三送到，先发卡片。",
            )
            d.do("manager", going_live.withdraw_override, package_id=pack, point="posters")
            for point in d.ask(readiness, package_id=pack).open:
                if not KINDS[point.code].safety:
                    reason = "本周内补齐，之前由护士长当面说明。"
                    d.do("manager", going_live.override, package_id=pack, point=point.code, reason=reason)
            d.do("manager", going_live.go_live, package_id=pack)
        d.do("manager", record_print, kind="posters")
        d.do("manager", record_print, kind="price_list")

    d.on(date(2025, 1, 3), from_files)
    d.on(PILOT, live, 7)


# --- patients: offers, sales, tasks, visits -------------------------------------------------------

# (name, record number, package, day of sale, last period or anchor, payment, consents)
SOLD = (
    ("林晓月", "R1001", "prenatal_quest", date(2025, 1, 6), date(2024, 11, 4), "wechat", ALL),
    ("苏文静", "R1002", "prenatal_quest", date(2025, 1, 7), date(2024, 4, 29), "cash", ALL),
    ("何雨桐", "R1003", "prenatal_quest", date(2025, 1, 8), date(2024, 10, 20), "card", {"service": True}),
    ("罗敏", "R1004", "prenatal_quest", date(2025, 2, 3), date(2024, 11, 20), "alipay", ALL),
    ("邹琳", "R1005", "health_bank", date(2025, 1, 22), None, "free", ALL),
    ("金雪", "R1006", "health_bank", date(2025, 1, 9), None, "free", {"service": True, "messages": True}),
    ("陆瑶", "R1007", "knee_7days", date(2025, 3, 10), date(2025, 3, 10), "wechat", ALL),
    ("邓佳", "R1008", "prenatal_quest", date(2026, 1, 12), date(2025, 11, 3), "wechat", ALL),
    ("丁洁", "R1009", "prenatal_quest", date(2026, 2, 2), date(2025, 11, 20), "card", ALL),
    ("温馨", "R1010", "prenatal_quest", date(2026, 2, 9), date(2025, 10, 27), "wechat", ALL),
    ("石岩", "R1011", "knee_7days", date(2026, 3, 2), date(2026, 3, 2), "cash", {"service": True, "messages": True}),
)  # fmt: skip

"""Patients: offers and sales, tasks and visits, quiet care, erasure."""

from __future__ import annotations

from datetime import date, time, timedelta

from core.care import quiet_care
from core.care.sale import courses, offers
from core.care.sale.enrolments import enrol
from core.care.work import appointments, measurements, tasks
from core.foundation.clock import at as instant
from core.people.erasure import erase_patient
from core.people.patients import add_patient, edit_patient
from core.settlement import refunds
from tests.releases.department.room import ALL, ZONE, Department

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


def sell(d: Department) -> None:
    def sold(
        name: str, number: str, package: str, anchor: date | None, method: str, given: dict[str, bool]
    ) -> None:
        facts = {"name": name, "record_number": number, "phone": f"1990000{number[1:]}", "note": "模拟患者"}
        prenatal = package == "prenatal_quest"
        d.ids[name] = d.do("nurse", add_patient, **facts, last_period=anchor if prenatal else None)
        if not prenatal:
            d.do(
                "nurse",
                offers.record_offer,
                patient_id=d.ids[name],
                package_id=d.ids[package],
                outcome="thinking",
            )
        dates = {"last_period" if prenatal else "anchor_date": anchor} if anchor else {}
        d.ids[f"{name}.sold"] = d.do(
            "front_desk", enrol, patient_id=d.ids[name], package_id=d.ids[package], payment_method=method,
            consents=given, **dates,
        )  # fmt: skip

    def offered() -> None:
        answers = (("王冰", "R2003", "declined", "家里远"), ("杨柳", "R2004", "thinking", "和家人商量"))
        for name, number, outcome, reason in answers:
            d.ids[name] = d.do(
                "nurse", add_patient, name=name, record_number=number, birth_date=date(1990, 1, 1)
            )
            d.do(
                "doctor", offers.record_offer, patient_id=d.ids[name], package_id=d.ids["prenatal_quest"],
                outcome=outcome, reason=reason,
            )  # fmt: skip
        d.do(
            "nurse",
            edit_patient,
            patient_id=d.ids["杨柳"],
            name="杨柳",
            record_number="R2004",
            phone="19900002004",
        )

    def ended() -> None:
        d.do(
            "front_desk", refunds.cancel_and_refund, enrolment_id=d.ids["何雨桐.sold"], reason="搬去外地",
            cause="wish",
            refund_fen=15000,
        )  # fmt: skip

    for name, number, package, day, anchor, method, given in SOLD:
        d.on(day, lambda row=(name, number, package, anchor, method, given): sold(*row), 10)
    d.on(date(2025, 1, 14), offered)
    d.on(date(2025, 3, 3), ended)


def care(d: Department) -> None:
    def done(name: str, code: str, evidence: str = "") -> None:
        d.do("nurse", tasks.mark_done, task_id=d.task(name, code), evidence=evidence)

    def undone(name: str, code: str) -> None:
        done(name, code, "点错了行")
        d.do("nurse", tasks.undo, task_id=d.task(name, code), reason="点错了行")

    def booked(name: str, code: str, day: date, key: str) -> None:
        task = d.task(name, code) if code else None
        moment = instant(day, time(9, 30), ZONE)
        d.ids[key] = d.do("front_desk", appointments.book, patient_id=d.ids[name], at=moment, task_id=task)

    def measured(name: str, weeks: int) -> int:
        found: int = d.do(
            "doctor", measurements.record_growth, patient_id=d.ids[name], day=d.today, hc_mm=5.0 * weeks + 70,
            ac_mm=6.0 * weeks + 30, fl_mm=1.5 * weeks, confirmed=True,
        )  # fmt: skip
        return found

    def struck(name: str, weeks: int) -> None:
        wrong = measured(name, weeks)
        d.do("doctor", measurements.strike_growth, measurement_id=wrong, reason="数字打错")

    first = date(2024, 11, 4)  # 林晓月
    d.on(first + timedelta(days=65), lambda: undone("林晓月", "P01"))
    d.on(first + timedelta(days=66), lambda: done("林晓月", "P01", "已建册"))
    d.on(first + timedelta(days=80), lambda: done("林晓月", "P02"))
    d.on(
        first + timedelta(days=95),
        lambda: booked("林晓月", "P03", first + timedelta(days=101), "visit.missed"),
    )
    d.on(
        first + timedelta(days=101),
        lambda: d.do("nurse", tasks.mark_no_show, task_id=d.task("林晓月", "P03"), reason="下雨"), 17,
    )  # fmt: skip
    d.on(
        first + timedelta(days=102),
        lambda: booked("林晓月", "P03", first + timedelta(days=108), "visit.kept"),
    )
    d.on(first + timedelta(days=108), lambda: done("林晓月", "P03"), 11)
    for code, days in (("P04", 110), ("P05", 145), ("P06", 170), ("P07", 180), ("P08", 200), ("P09", 210)):
        d.on(first + timedelta(days=days), lambda code=code: done("林晓月", code), 15)
    d.on(
        first + timedelta(days=235),
        lambda: d.do("nurse", tasks.excuse, task_id=d.task("林晓月", "P10"), reason="医嘱卧床休息"),
    )  # fmt: skip
    for weeks in (24, 28, 32):
        d.on(first + timedelta(weeks=weeks), lambda weeks=weeks: measured("林晓月", weeks), 11)
    d.on(first + timedelta(weeks=30), lambda: struck("林晓月", 30), 11)
    d.on(date(2025, 8, 12), lambda: d.do("nurse", courses.complete, enrolment_id=d.ids["林晓月.sold"]))

    # 苏文静 came late: few missions are left, her badges are soon together, and her due date was corrected.
    d.on(
        date(2025, 1, 8),
        lambda: d.do(
            "nurse", courses.change_anchor, enrolment_id=d.ids["苏文静.sold"], reason="超声校正",
            last_period=date(2024, 5, 6),
        ),
    )  # fmt: skip
    for code, day in (("P10", 8), ("P11", 8), ("P12", 9), ("P13", 20), ("P14", 27)):
        d.on(date(2025, 1, day), lambda code=code: done("苏文静", code), 14)
    d.on(date(2025, 2, 14), lambda: d.do("nurse", courses.complete, enrolment_id=d.ids["苏文静.sold"]))

    d.on(date(2025, 3, 11), lambda: done("陆瑶", "VISIT1"), 16)
    d.on(date(2025, 3, 18), lambda: d.do("nurse", courses.complete, enrolment_id=d.ids["陆瑶.sold"]))
    d.on(date(2025, 1, 23), lambda: done("邹琳", "CLASS1"))
    d.on(date(2025, 1, 10), lambda: done("金雪", "CLASS1"))

    # 温馨 today: visits in every state, one of them without a task; 丁洁 has one booked as well.
    d.on(date(2026, 2, 10), lambda: booked("温馨", "P03", date(2026, 2, 20), "visit.1"))
    d.on(date(2026, 2, 20), lambda: done("温馨", "P03"), 10)
    d.on(date(2026, 2, 20), lambda: measured("温馨", 17), 11)
    d.on(date(2026, 2, 23), lambda: booked("温馨", "P04", date(2026, 3, 3), "visit.2"))
    d.on(date(2026, 2, 24), lambda: d.do(
        "front_desk", appointments.reschedule, appointment_id=d.ids["visit.2"],
        at=instant(date(2026, 3, 12), time(8, 30), ZONE)))  # fmt: skip
    d.on(date(2026, 2, 24), lambda: booked("温馨", "", date(2026, 2, 26), "visit.3"))
    d.on(date(2026, 2, 26), lambda: d.do("nurse", appointments.attended, appointment_id=d.ids["visit.3"]), 10)
    d.on(date(2026, 2, 27), lambda: booked("温馨", "", date(2026, 3, 2), "visit.4"))
    d.on(
        date(2026, 3, 2),
        lambda: d.do("nurse", appointments.no_show, appointment_id=d.ids["visit.4"], reason="堵车"),
        12,
    )
    d.on(date(2026, 3, 2), lambda: booked("温馨", "", date(2026, 3, 9), "visit.5"), 14)
    d.on(
        date(2026, 3, 3),
        lambda: d.do("nurse", appointments.cancel, appointment_id=d.ids["visit.5"], reason="出差"),
    )
    d.on(date(2026, 3, 4), lambda: booked("丁洁", "P02", date(2026, 3, 10), "visit.6"))
    d.on(date(2026, 3, 4), lambda: done("石岩", "PUMP.1", "100次"), 10)


def fall_silent(d: Department) -> None:
    def stop(name: str, kind: str) -> None:
        d.ids[f"{name}.stop"] = d.do(
            "doctor",
            quiet_care.gentle_stop,
            patient_id=d.ids[name],
            kind=kind,
            caller_id=d.actors["nurse"].id,
            note="由李娜致电",
        )

    def lift(name: str) -> None:
        stop(name, "transfer")
        d.do("doctor", quiet_care.lift_silence, stop_id=d.ids[f"{name}.stop"], reason="同名患者，点错了")

    def made_good(name: str) -> None:
        d.do("nurse", quiet_care.mark_called, stop_id=d.ids[f"{name}.stop"], note="已致歉")
        d.do(
            "front_desk",
            refunds.record_refund,
            enrolment_id=d.ids[f"{name}.sold"],
            cause="wish",
            refund_fen=19900,
            reason="全额退款",
        )

    def heard_again(name: str) -> None:
        d.do(
            "nurse", quiet_care.end_silence, stop_id=d.ids[f"{name}.stop"], reason="患者愿意再收到我们的消息"
        )

    d.on(date(2025, 4, 7), lambda: stop("罗敏", "complaint"))
    d.on(date(2025, 4, 8), lambda: made_good("罗敏"))
    d.on(date(2025, 9, 1), lambda: heard_again("罗敏"))
    d.on(date(2026, 2, 16), lambda: lift("丁洁"))
    d.on(date(2026, 2, 25), lambda: stop("邓佳", "loss"))
    d.on(
        date(2026, 1, 15),
        lambda: d.do("manager", erase_patient, patient_id=d.ids["陆瑶"], reason="本人书面申请"),
    )

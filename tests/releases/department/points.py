"""Points and vouchers in every state; the night that settles them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.bank import adjustments, earning_rules, ledger, terms, vouchers
from core.bank.rewards import restock
from core.bank.tables import LedgerEntryRow, VoucherRow
from core.operations.jobs import run_all
from tests.releases.department.room import LAST, Department


def give_points(d: Department) -> None:
    def decide_terms(threshold: int, months: int | None) -> None:
        d.do(
            "manager", terms.choose_terms, threshold=threshold, strict=True, base="whole", compounding="annual",
            rate="0.10", cap=500, lot_months=months,
        )  # fmt: skip

    def adjusted(name: str, points: int, answer: str) -> None:
        proposal = d.do(
            "manager",
            adjustments.propose_adjustment,
            patient_id=d.ids[name],
            points=points,
            reason="补录往年",
        )
        if answer:
            d.do("zhou.lan", getattr(adjustments, f"{answer}_adjustment"), adjustment_id=proposal)

    def took(name: str, package: str, code: str, key: str) -> None:
        d.ids[key] = d.do(d.her(name), vouchers.take_reward, reward_id=d.reward(package, code))

    def awarded(name: str, rule: str) -> None:
        d.do("nurse", earning_rules.award, enrolment_id=d.ids[f"{name}.sold"], rule=rule, day=d.today)

    def reversed_gain(name: str) -> None:
        awarded(name, "CLASS")
        last = d.one(select(LedgerEntryRow.id).order_by(LedgerEntryRow.id.desc()))
        d.do("manager", ledger.reverse_entry, entry_id=last, reason="记错了人")

    def badges_used() -> None:
        held = select(VoucherRow.code).where(
            VoucherRow.patient_id == d.ids["苏文静"], VoucherRow.source.is_not(None)
        )
        d.do("front_desk", vouchers.redeem_voucher, code=d.one(held))

    bank, quest = "health_bank", "prenatal_quest"
    # Short terms first, so that points of January expire; the year that pays interest begins under the later ones.
    d.on(date(2025, 1, 7), lambda: decide_terms(1000, 2), 8)
    d.on(date(2025, 1, 20), lambda: decide_terms(1000, 24))
    d.on(date(2025, 1, 23), lambda: adjusted("邹琳", 1500, "approve"), 11)
    d.on(date(2025, 1, 24), lambda: adjusted("金雪", 4000, "decline"))
    d.on(date(2025, 2, 5), lambda: took("邹琳", bank, "PARKING", "voucher.expired"))
    d.on(date(2025, 2, 6), lambda: took("邹琳", bank, "SEAT", "voucher.cancelled"))
    d.on(date(2025, 2, 7), lambda: d.do(
        "manager", vouchers.cancel_voucher, voucher_id=d.ids["voucher.cancelled"]["voucher_id"], reason="课程取消"))  # fmt: skip
    d.on(date(2025, 2, 24), lambda: awarded("邹琳", "QUIT30"))
    d.on(date(2025, 2, 25), lambda: reversed_gain("邹琳"))
    d.on(date(2025, 3, 4), lambda: d.do(
        "nurse", earning_rules.thank_referrer, enrolment_id=d.ids["金雪.sold"], referrer_id=d.ids["邹琳"]))  # fmt: skip
    d.on(
        date(2025, 4, 1),
        lambda: d.do("manager", restock, reward_id=d.reward(bank, "ROOM"), stock=6, reason="盘点"),
    )
    d.on(date(2025, 1, 28), badges_used)
    d.on(date(2025, 5, 6), lambda: took("林晓月", quest, "LACTATION", "voucher.used"))
    d.on(
        date(2025, 5, 20),
        lambda: d.do("front_desk", vouchers.redeem_voucher, code=d.ids["voucher.used"]["code"]),
    )
    d.on(date(2025, 6, 3), lambda: d.do(
        "front_desk", ledger.redeem_points, patient_id=d.ids["林晓月"], points=20, reason="停车一小时"))  # fmt: skip
    d.on(date(2026, 3, 3), lambda: d.do(
        "front_desk", vouchers.take_reward_for, patient_id=d.ids["邹琳"], reward_id=d.reward(bank, "BREAKFAST")))  # fmt: skip
    d.on(date(2026, 3, 4), lambda: took("林晓月", quest, "PARKING", "voucher.open"))
    d.on(date(2026, 3, 4), lambda: adjusted("林晓月", 120, ""))
    d.on(LAST, lambda: run_all(d.desk), 3)
    for month in range(14):
        d.on(date(2025 + (1 + month) // 12, (1 + month) % 12 + 1, 1), lambda: run_all(d.desk), 3)

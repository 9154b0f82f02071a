"""Selling: everything pinned in one transaction, or nothing at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.care.sale.courses import EnrolmentEnded, change_anchor, complete
from core.care.sale.enrolled import held_by, receipt
from core.care.sale.enrolments import (
    AmountImpossible,
    AnchorImpossible,
    AnchorMissing,
    BelowThePrice,
    PackageNotOnSale,
    PaymentMethodUnknown,
    PurchaseLimitReached,
    SaleDayImpossible,
    ServiceConsentNeeded,
)
from core.care.sale.offers import AlreadyHolds, record_offer
from core.care.sale.receipt_number import ReceiptNumberTaken, next_receipt_number
from core.care.sale.refund_rows import AlreadyRefunded, RefundImpossible
from core.care.tables import EnrolmentRow, OfferRow, TaskRow
from core.care.work.tasks import mark_done
from core.foundation.access import NotAllowed
from core.foundation.errors import Refusal
from core.foundation.reasons import ReasonMissing
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish, put_on_sale
from core.packages.publishing import draft as draft_of
from core.people.consents import consents_of
from core.people.patients import SilencedPatient
from core.settlement.refunds import (
    CauseMissing,
    DiffersFromRule,
    NoRuleNeedsReason,
    NothingToRefund,
    cancel_and_refund,
    record_refund,
)
from tests.prenatal_ward import LAST_PERIOD, TODAY, PrenatalWard


def count(ward: PrenatalWard, table: type) -> int:
    with ward.world.desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_sale_pins_version_price_dates_and_plans_every_task(ward: PrenatalWard) -> None:
    number = ward.sell()
    row = ward.row(EnrolmentRow, number)
    assert (row.status, row.amount_fen, row.anchor_kind) == ("active", 19900, "last_period")
    assert row.anchor_date == LAST_PERIOD and row.expires_on == TODAY + timedelta(days=300)
    assert row.receipt_number == "R20260305-001" and row.enrolled_by == ward.world.actors["front_desk"].id
    scan = ward.task(number, "P05")
    assert (scan.opens_on, scan.closes_on) == (LAST_PERIOD + timedelta(140), LAST_PERIOD + timedelta(168))
    assert scan.state == "planned" and scan.counts_for_badge
    assert count(ward, TaskRow) == 17 and row.badge_target == 10
    [(entry, detail)] = ward.entries("enrolment.sold")
    assert entry.subject_id == number and detail.after["amount_fen"] == 19900 and detail.after["version"] == 1


def test_a_late_joiner_gets_a_target_she_can_reach(ward: PrenatalWard) -> None:
    late = TODAY - timedelta(days=30 * 7)
    number = ward.sell(last_period=late)
    assert ward.task(number, "P01").state == "not_applicable"
    target = ward.row(EnrolmentRow, number).badge_target
    with ward.world.desk.database.reading() as session:
        reachable = session.scalar(
            select(func.count()).where(
                TaskRow.enrolment_id == number, TaskRow.state == "planned", TaskRow.counts_for_badge
            )
        )
    assert target < 10 and target <= reachable


def test_a_corrected_due_date_wins_over_the_last_period(ward: PrenatalWard) -> None:
    number = ward.sell(due_date=LAST_PERIOD + timedelta(days=287))
    row = ward.row(EnrolmentRow, number)
    assert (row.anchor_kind, row.anchor_date) == ("due_date", LAST_PERIOD + timedelta(days=7))


def test_an_open_offer_becomes_accepted_and_without_one_it_is_recorded(ward: PrenatalWard) -> None:
    first, second = ward.patient(), ward.patient()
    ward.world.do("nurse", record_offer, patient_id=first, package_id=ward.package_id, outcome="thinking",
                  offered_on=TODAY - timedelta(days=3))  # fmt: skip
    number = ward.sell(first)
    [offer] = ward.rows(OfferRow, patient_id=first)
    assert (offer.outcome, offer.enrolment_id, offer.offered_on) == (
        "accepted",
        number,
        TODAY - timedelta(days=3),
    )
    ward.sell(second)
    [offer] = ward.rows(OfferRow, patient_id=second)
    assert (offer.outcome, offer.offered_on) == ("accepted", TODAY)


def test_a_declined_offer_stays_declined_when_she_buys_another_day(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.world.do("nurse", record_offer, patient_id=patient, package_id=ward.package_id, outcome="declined",
                  reason="太贵", offered_on=TODAY - timedelta(days=3))  # fmt: skip
    ward.sell(patient)
    assert [offer.outcome for offer in ward.rows(OfferRow, patient_id=patient)] == ["declined", "accepted"]


def test_two_answers_on_one_day_are_one_offer(ward: PrenatalWard) -> None:
    patient = ward.patient()
    known = {"patient_id": patient, "package_id": ward.package_id}
    first = ward.world.do("nurse", record_offer, outcome="declined", **known)
    assert ward.world.do("nurse", record_offer, outcome="thinking", **known) == first
    assert [offer.outcome for offer in ward.rows(OfferRow)] == ["thinking"]
    assert len(ward.entries("offer.recorded")) == 2


def test_who_holds_it_is_not_offered_it(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    with pytest.raises(AlreadyHolds):
        ward.world.do(
            "nurse", record_offer, patient_id=patient, package_id=ward.package_id, outcome="thinking"
        )


def test_consents_are_kept_with_their_channel(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient, consents={"service": True, "photos": False}, consent_channel="screen")
    known = {
        one.purpose: (one.given, one.channel)
        for one in ward.world.ask("nurse", consents_of, patient_id=patient)
    }
    assert known["service"] == (True, "screen") and known["photos"] == (False, "screen")
    assert known["album"] == (False, "")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"consents": {"messages": True}}, ServiceConsentNeeded),
        ({"last_period": None}, AnchorMissing),
        ({"last_period": TODAY + timedelta(days=1)}, AnchorImpossible),
        ({"last_period": TODAY - timedelta(days=301)}, AnchorImpossible),
        ({"payment_method": "barter"}, PaymentMethodUnknown),
        ({"amount_fen": -1}, AmountImpossible),
        ({"payment_method": "free", "amount_fen": 100}, AmountImpossible),
        ({"enrolled_on": TODAY + timedelta(days=1)}, SaleDayImpossible),
    ],
)
def test_a_refused_sale_leaves_nothing_behind(
    ward: PrenatalWard, changes: dict, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        ward.sell(**changes)
    assert (count(ward, EnrolmentRow), count(ward, TaskRow), count(ward, OfferRow)) == (0, 0, 0)


def test_one_active_pack_per_patient(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.sell(patient)
    with pytest.raises(AlreadyHolds):
        ward.sell(patient)


def test_a_package_off_sale_is_not_sold(ward: PrenatalWard) -> None:
    ward.world.do("manager", put_on_sale, package_id=ward.package_id, on_sale=False)
    with pytest.raises(PackageNotOnSale):
        ward.sell()


def test_a_silenced_patient_is_sold_nothing(ward: PrenatalWard) -> None:
    from core.care.quiet_care import gentle_stop

    patient = ward.patient()
    ward.world.do("doctor", gentle_stop, patient_id=patient, kind="loss", caller_id=4)
    with pytest.raises(SilencedPatient):
        ward.sell(patient)


def test_receipt_numbers_run_on_and_are_never_given_twice(ward: PrenatalWard) -> None:
    ward.sell()
    assert ward.world.ask("front_desk", next_receipt_number) == "R20260305-002"
    ward.sell(receipt_number=" R20260305-002 ")
    assert ward.world.ask("front_desk", next_receipt_number) == "R20260305-003"
    with pytest.raises(ReceiptNumberTaken):
        ward.sell(receipt_number="R20260305-002")


def test_a_double_click_sells_once(ward: PrenatalWard) -> None:
    patient = ward.patient()
    assert ward.sell(patient, request_key="click") == ward.sell(patient, request_key="click")
    assert count(ward, EnrolmentRow) == 1


def test_two_desks_at_once_sell_one_pack(ward: PrenatalWard) -> None:
    patient = ward.patient()

    def attempt(_n: int) -> str:
        try:
            ward.sell(patient)
        except AlreadyHolds:
            return "held"
        return "sold"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(attempt, range(6)))
    assert outcomes == ["held"] * 5 + ["sold"] and count(ward, EnrolmentRow) == 1


def test_different_patients_at_once_get_different_receipts(ward: PrenatalWard) -> None:
    patients = [ward.patient() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ward.sell, patients))
    with ward.world.desk.database.reading() as session:
        numbers = sorted(session.scalars(select(EnrolmentRow.receipt_number)))
    assert numbers == [f"R20260305-{n:03d}" for n in range(1, 7)]


@pytest.mark.parametrize("role", ["doctor", "executive"])
def test_only_nurse_desk_and_manager_sell(ward: PrenatalWard, role: str) -> None:
    from core.care.sale.enrolments import enrol

    with pytest.raises(NotAllowed):
        ward.world.do(role, enrol, patient_id=1, package_id=1, payment_method="cash", consents={})


def test_a_new_version_never_rewrites_a_sold_one(ward: PrenatalWard) -> None:
    number = ward.sell()
    working = ward.world.ask("manager", draft_of, package_id=ward.package_id)
    changed = working.document.model_dump(mode="json") | {"price_fen": 29900}
    changed["tasks"][4]["title"] = "换了名字"
    ward.world.do("manager", keep_draft, package_id=ward.package_id, working=changed,
                  expected_changed_at=working.changed_at)  # fmt: skip
    assert ward.world.do("manager", publish, package_id=ward.package_id) == 2
    [card] = ward.world.ask("nurse", held_by, patient_id=ward.row(EnrolmentRow, number).patient_id)
    titles = {task.code: task.title for task in card.tasks}
    assert titles["P05"] == ward.document.task("P05").title and card.version == 1
    assert ward.row(EnrolmentRow, ward.sell()).amount_fen == 29900


def test_a_corrected_date_moves_what_is_open_and_keeps_what_is_done(ward: PrenatalWard) -> None:
    number = ward.sell()
    done = ward.task(number, "P01")
    ward.world.do("nurse", mark_done, task_id=done.id)
    answer = ward.world.do("nurse", change_anchor, enrolment_id=number, reason="超声核对孕周",
                           due_date=LAST_PERIOD + timedelta(days=290))  # fmt: skip
    assert ward.task(number, "P01").closes_on == done.closes_on
    assert ward.task(number, "P05").opens_on == LAST_PERIOD + timedelta(days=150)
    assert {"P02", "P05"} <= {change["code"] for change in answer["changes"]}
    assert answer["badge_target"] <= 10
    [(_entry, detail)] = ward.entries("enrolment.anchor")
    assert detail.before["plan"]["P05"][0] == str(LAST_PERIOD + timedelta(days=140))
    row = ward.row(EnrolmentRow, number)
    assert (row.anchor_kind, row.anchor_date) == ("due_date", LAST_PERIOD + timedelta(days=10))


def test_a_corrected_date_needs_a_reason(ward: PrenatalWard) -> None:
    number = ward.sell()
    with pytest.raises(ReasonMissing):
        ward.world.do("nurse", change_anchor, enrolment_id=number, reason=" ", last_period=LAST_PERIOD)


def test_completing_calls_off_only_what_is_still_to_come(ward: PrenatalWard) -> None:
    number = ward.sell(last_period=TODAY - timedelta(days=38 * 7))
    done = ward.task(number, "P14")
    ward.world.do("nurse", mark_done, task_id=done.id)
    ward.world.do("nurse", complete, enrolment_id=number)
    assert ward.row(EnrolmentRow, number).status == "completed"
    assert ward.task(number, "P14").state == "done" and ward.task(number, "P16").state == "cancelled"
    with pytest.raises(EnrolmentEnded):
        ward.world.do("nurse", complete, enrolment_id=number)


def test_money_goes_back_once_and_never_more_than_was_paid(ward: PrenatalWard) -> None:
    number = ward.sell()
    refund = {"enrolment_id": number, "cause": "wish", "reason": "搬家"}
    for wrong in (-1, 19901):
        with pytest.raises(RefundImpossible):
            ward.world.do("front_desk", cancel_and_refund, refund_fen=wrong, **refund)
    with pytest.raises((DiffersFromRule, NoRuleNeedsReason)):
        ward.world.do("front_desk", cancel_and_refund, enrolment_id=number, cause="wish", refund_fen=1)
    with pytest.raises(CauseMissing):
        ward.world.do("front_desk", cancel_and_refund, enrolment_id=number, cause="", refund_fen=1)
    with pytest.raises(NothingToRefund):
        ward.world.do("front_desk", record_refund, refund_fen=1, **refund)
    ward.world.do("front_desk", cancel_and_refund, refund_fen=9900, request_key="once", **refund)
    ward.world.do("front_desk", cancel_and_refund, refund_fen=9900, request_key="once", **refund)
    row = ward.row(EnrolmentRow, number)
    assert (row.status, row.refund_fen, row.refunded_on) == ("cancelled", 9900, TODAY)
    with pytest.raises(AlreadyRefunded):
        ward.world.do("front_desk", record_refund, refund_fen=1, **refund)
    assert len(ward.entries("enrolment.cancelled")) == 1


def test_what_she_holds_counts_its_badges(ward: PrenatalWard) -> None:
    patient = ward.patient()
    ward.world.do("nurse", mark_done, task_id=ward.task(ward.sell(patient), "P01").id)
    [held] = ward.world.ask("nurse", held_by, patient_id=patient)
    assert (held.badges_earned, held.badge_target, held.week_text) == (1, 10, "12+0")


def test_the_receipt_carries_the_name_by_which_she_is_found_for_a_refund(ward: PrenatalWard) -> None:
    facts = ward.world.ask("front_desk", receipt, enrolment_id=ward.sell())
    assert (facts.patient, facts.amount_fen, facts.version) == ("李小雨", 19900, 1)
    assert facts.cashier == "front_desk测试" and facts.refund_terms == ward.document.refund_terms


@pytest.fixture
def limited(ward: PrenatalWard) -> PrenatalWard:
    """The pack may be bought twice by one patient."""
    known = ward.world.ask("manager", draft, package_id=ward.package_id)
    document = {**known.document.model_dump(mode="json"), "purchase_limit": 2}
    ward.world.clock.advance(timedelta(seconds=1))
    ward.world.do(
        "manager",
        keep_draft,
        package_id=ward.package_id,
        working=document,
        expected_changed_at=known.changed_at,
    )
    ward.world.do("manager", publish, package_id=ward.package_id)
    return ward


def test_the_purchase_after_the_last_allowed_one_is_refused(limited: PrenatalWard) -> None:
    patient = limited.patient()
    for _ in range(2):
        limited.world.do("manager", complete, enrolment_id=limited.sell(patient))
    with pytest.raises(PurchaseLimitReached) as refused:
        limited.sell(patient)
    assert refused.value.limit == 2
    assert limited.sell(limited.patient())


def test_a_cancelled_purchase_does_not_count(limited: PrenatalWard) -> None:
    patient = limited.patient()
    limited.world.do("manager", complete, enrolment_id=limited.sell(patient))
    sold = limited.sell(patient)
    limited.world.do(
        "manager", cancel_and_refund, enrolment_id=sold, reason="Changed her mind", cause="wish", refund_fen=0
    )
    assert limited.sell(patient)


@pytest.mark.parametrize("less", [{"amount_fen": 9900}, {"payment_method": "free"}])
def test_less_than_the_price_is_taken_only_with_a_reason(ward: PrenatalWard, less: dict[str, Any]) -> None:
    with pytest.raises(BelowThePrice) as refused:
        ward.sell(**less, price_reason="  ")
    assert refused.value.field == "price_reason" and "199.00" in refused.value.text("zh")
    number = ward.sell(**less, price_reason="职工家属，院办同意")
    assert ward.row(EnrolmentRow, number).amount_fen == less.get("amount_fen", 0)


def test_the_price_and_more_need_no_reason(ward: PrenatalWard) -> None:
    assert ward.row(EnrolmentRow, ward.sell(amount_fen=19900)).amount_fen == 19900
    assert ward.row(EnrolmentRow, ward.sell(amount_fen=20000)).amount_fen == 20000

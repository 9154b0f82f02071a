"""Paying back: the rule's amount as it is, another one with a reason, each fen once."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import EnrolmentEnded, complete
from core.care.sale.refund_rows import AlreadyRefunded, RefundImpossible, reverse_since
from core.care.tables import EnrolmentRow, RefundRow
from core.foundation.audit import AuditDetailRow
from core.foundation.doors import Stamp
from core.insight import rollups
from core.insight.tables import DailyCountRow
from core.people.erasure import erase_patient
from core.settlement.refunds import (
    CauseMissing,
    DiffersFromRule,
    NoRuleNeedsReason,
    NothingToRefund,
    cancel_and_refund,
    record_refund,
)
from tests.conftest import World
from tests.settlement.written_rules import Sold, sold

TODAY = date(2026, 3, 5)
FOURTH = date(2026, 3, 9)  # at home: 3 of 7 days of 299.00 are to come, 128.15


@pytest.fixture
def knee(world: World) -> Sold:
    return sold(world, "knee_7days", anchor_date=TODAY)


def cancel(one: Sold, fen: int, cause: str = "wish", **more: object) -> int:
    known = {"enrolment_id": one.enrolment_id, "cause": cause, "refund_fen": fen}
    return int(one.world.do("front_desk", cancel_and_refund, **(known | more)))


def pay(one: Sold, fen: int, cause: str = "wish", **more: object) -> int:
    known = {"enrolment_id": one.enrolment_id, "cause": cause, "refund_fen": fen}
    return int(one.world.do("front_desk", record_refund, **(known | more)))


def refunds(one: Sold) -> list[RefundRow]:
    with one.world.desk.database.reading() as session:
        return list(session.scalars(select(RefundRow).order_by(RefundRow.id)))


def enrolment(one: Sold) -> EnrolmentRow:
    with one.world.desk.database.reading() as session:
        return session.get_one(EnrolmentRow, one.enrolment_id)


def test_the_rules_amount_needs_no_reason_and_its_lines_are_kept(knee: Sold) -> None:
    cancel(knee.on(FOURTH), 12815)
    [row] = refunds(knee)
    assert (row.amount_fen, row.rule_fen, row.rule_from, row.reason) == (12815, 12815, "sold", "")
    assert [line["fen"] for line in row.lines] == [29900, 12815]
    assert enrolment(knee).status == "cancelled" and row.number.endswith("-R1")


def test_another_amount_needs_a_reason_which_stands_beside_the_rules(knee: Sold) -> None:
    with pytest.raises(DiffersFromRule):
        cancel(knee.on(FOURTH), 20000)
    cancel(knee, 20000, reason="电话打不通两天")
    [row] = refunds(knee)
    assert (row.amount_fen, row.rule_fen, row.reason) == (20000, 12815, "电话打不通两天")


def test_terms_in_words_only_need_to_be_followed_in_words(world: World) -> None:
    one = sold(world, "knee_7days", changes={"refund": None}, anchor_date=TODAY)
    with pytest.raises(NoRuleNeedsReason):
        cancel(one, 29900)
    cancel(one, 29900, reason="出院当天")
    assert (refunds(one)[0].rule_fen, refunds(one)[0].rule_from) == (None, "")


@pytest.mark.parametrize("fen", [-1, 29901])
def test_less_than_nothing_or_more_than_was_paid_is_refused_at_the_amount(knee: Sold, fen: int) -> None:
    with pytest.raises(RefundImpossible) as refused:
        cancel(knee, fen)
    assert refused.value.field == "refund_fen" and refunds(knee) == []


def test_a_cause_is_always_named(knee: Sold) -> None:
    with pytest.raises(CauseMissing):
        cancel(knee, 29900, cause="")


def test_a_package_that_goes_on_is_cancelled_and_an_ended_one_is_not_cancelled_again(knee: Sold) -> None:
    with pytest.raises(NothingToRefund):
        pay(knee, 100, reason="x")
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    with pytest.raises(EnrolmentEnded):
        cancel(knee, 29900)


def test_partial_refunds_of_an_ended_course_add_up_to_what_was_paid_at_most(knee: Sold) -> None:
    cancel(knee.on(FOURTH), 12815)
    # A week later she complains: the rule gives all of it, less what went back already.
    knee.on(date(2026, 3, 16))
    pay(knee, 17085, cause="complaint", known_fen=12815)
    assert enrolment(knee).refund_fen == 29900
    assert refunds(knee)[1].lines[-1]["fen"] == -12815
    with pytest.raises(RefundImpossible):
        pay(knee, 1, reason="再退一分", known_fen=29900)


def test_a_double_click_books_once(knee: Sold) -> None:
    first = cancel(knee.on(FOURTH), 12815, request_key="click")
    assert cancel(knee, 12815, request_key="click") == first and len(refunds(knee)) == 1


def test_what_a_colleague_paid_meanwhile_is_said_before_the_rule(knee: Sold) -> None:
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="complaint", caller_id=4)
    pay(knee, 29900, cause="complaint")
    with pytest.raises(AlreadyRefunded):
        pay(knee, 29900, cause="complaint")
    assert len(refunds(knee)) == 1


def test_two_cashiers_in_the_same_instant_book_once(knee: Sold) -> None:
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="complaint", caller_id=4)
    desk, actor, begun = knee.world.desk, knee.world.actors["front_desk"], threading.Event()
    known = {"enrolment_id": knee.enrolment_id, "cause": "complaint", "refund_fen": 29900}

    def slow(stamp: Stamp) -> None:
        record_refund.__wrapped__(stamp, **known)  # type: ignore[attr-defined]
        stamp.session.flush()
        begun.set()
        time.sleep(0.3)

    ahead = threading.Thread(target=desk.do, args=(actor, slow))
    ahead.start()
    assert begun.wait(30)
    try:
        with pytest.raises(AlreadyRefunded):
            desk.do(actor, record_refund, **known)
    finally:
        ahead.join(30)
    assert [row.amount_fen for row in refunds(knee)] == [29900] and enrolment(knee).refund_fen == 29900


def test_the_revenue_follows_partial_refunds_and_their_reversal(knee: Sold) -> None:
    cancel(knee.on(FOURTH), 12815)
    pay(knee.on(date(2026, 3, 16)), 5000, cause="complaint", known_fen=12815, reason="先退一部分")
    knee.on(date(2026, 3, 17))

    def reverse(stamp: Stamp) -> None:
        row = stamp.session.get_one(EnrolmentRow, knee.enrolment_id)
        assert reverse_since(stamp, row, row.at, "弄错了人") == 17815

    knee.world.desk.do(knee.world.actors["manager"], reverse)
    knee.world.do("manager", rollups.recount)
    with knee.world.desk.database.reading() as session:
        found = session.execute(
            select(DailyCountRow.day, DailyCountRow.numerator)
            .where(DailyCountRow.measure == "revenue", DailyCountRow.package_id == knee.package_id)
            .order_by(DailyCountRow.day)
        ).all()
    assert [tuple(each) for each in found] == [
        (TODAY, 29900), (FOURTH, -12815), (date(2026, 3, 16), -5000), (date(2026, 3, 17), 17815),
    ]  # fmt: skip
    assert enrolment(knee).refund_fen == 0 and enrolment(knee).refunded_on is None


def test_erasure_blanks_why_it_was_paid_back_and_leaves_the_sums(knee: Sold) -> None:
    cancel(knee.on(FOURTH), 20000, cause="readmission", reason="再次住院,家属很急")
    knee.world.clock.advance(timedelta(days=1))
    knee.world.do("manager", erase_patient, patient_id=knee.patient_id, reason="本人要求")
    [row] = refunds(knee)
    assert (row.reason, row.cause, row.lines) == ("", "", None)
    assert (row.amount_fen, row.rule_fen) == (20000, 29900)
    with knee.world.desk.database.reading() as session:
        details = [str((each.before, each.after)) for each in session.scalars(select(AuditDetailRow))]
    assert not any("家属" in each or "readmission" in each for each in details)

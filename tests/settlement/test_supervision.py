"""What supervision lists: refunds that were not simply the rule's, for those above the counter."""

from __future__ import annotations

from datetime import date

import pytest

from core.care.sale.refund_rows import reverse_since
from core.care.tables import EnrolmentRow
from core.foundation.access import NotAllowed
from core.foundation.doors import Stamp
from core.people.erasure import erase_patient
from core.settlement.refunds import cancel_and_refund
from core.settlement.supervision import sales_below_price, unusual_refunds
from tests.conftest import World
from tests.prenatal_ward import PrenatalWard
from tests.settlement.written_rules import Sold, sold

TODAY = date(2026, 3, 5)


def cancelled(world: World, fen: int, reason: str = "", **changes: object) -> Sold:
    one = sold(world, "knee_7days", changes=dict(changes), anchor_date=TODAY)
    world.do(
        "front_desk",
        cancel_and_refund,
        enrolment_id=one.enrolment_id,
        cause="wish",
        refund_fen=fen,
        reason=reason,
    )
    return one


def test_the_rules_amount_is_nothing_to_look_at(world: World) -> None:
    cancelled(world, 29900)
    assert world.ask("executive", unusual_refunds) == []


@pytest.mark.parametrize("role", ["manager", "executive"])
def test_another_amount_stands_there_with_its_reason_and_who(world: World, role: str) -> None:
    cancelled(world, 20000, "家属同意少退")
    [line] = world.ask(role, unusual_refunds)
    assert (line.rule_fen, line.refund_fen, line.paid_fen) == (29900, 20000, 29900)
    assert (line.reason, line.by, line.why, line.taken_back) == (
        "家属同意少退",
        "front_desk测试",
        ("differs",),
        False,
    )


def test_terms_in_words_only_stand_there_whatever_was_paid(world: World) -> None:
    cancelled(world, 29900, "出院当天", refund=None)
    [line] = world.ask("manager", unusual_refunds, why="no_rule")
    assert line.rule_fen is None and line.why == ("no_rule",)
    assert world.ask("manager", unusual_refunds, why="differs") == []


def test_what_cost_nothing_is_left_out(world: World) -> None:
    cancelled(world, 0, refund=None, price_fen=0, amends=[])
    assert world.ask("manager", unusual_refunds) == []


def test_the_list_is_bounded_and_goes_by_days(world: World) -> None:
    cancelled(world, 20000, "少退")
    assert world.ask("manager", unusual_refunds, limit=0) == []
    assert world.ask("manager", unusual_refunds, first=date(2026, 3, 6)) == []
    assert len(world.ask("manager", unusual_refunds, first=TODAY, last=TODAY)) == 1


def test_a_refund_taken_back_says_so_and_its_reversal_is_no_line_of_its_own(world: World) -> None:
    one = cancelled(world, 20000, "少退")

    def reverse(stamp: Stamp) -> None:
        row = stamp.session.get_one(EnrolmentRow, one.enrolment_id)
        reverse_since(stamp, row, row.at, "弄错了")

    world.desk.do(world.actors["manager"], reverse)
    [line] = world.ask("manager", unusual_refunds)
    assert line.taken_back


@pytest.mark.parametrize("role", ["front_desk", "nurse", "doctor"])
def test_the_counter_does_not_supervise_itself(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        world.ask(role, unusual_refunds)


def test_a_sale_below_the_price_stands_there_with_its_reason_and_who(ward: PrenatalWard) -> None:
    ward.sell()
    assert ward.world.ask("executive", sales_below_price) == []
    ward.sell(amount_fen=9900, price_reason="院办同意")
    [line] = ward.world.ask("executive", sales_below_price)
    assert (line.price_fen, line.paid_fen, line.reason, line.by) == (
        19900,
        9900,
        "院办同意",
        "front_desk测试",
    )
    assert ward.world.ask("manager", sales_below_price, last=TODAY.replace(day=4)) == []
    with pytest.raises(NotAllowed):
        ward.world.ask("front_desk", sales_below_price)


def test_the_reason_of_a_price_goes_with_the_person_and_the_sale_stays(ward: PrenatalWard) -> None:
    patient = ward.patient()
    number = ward.sell(patient, amount_fen=9900, price_reason="李小雨是职工家属")
    ward.world.do(
        "front_desk", cancel_and_refund, enrolment_id=number, cause="wish", refund_fen=9900, reason="x"
    )
    ward.world.do("manager", erase_patient, patient_id=patient, reason="本人书面申请")
    [line] = ward.world.ask("executive", sales_below_price)
    assert (line.paid_fen, line.reason) == (9900, "")

"""What a slip says: whose, for which receipt, by which lines; and that the list of a package is its own."""

from __future__ import annotations

from datetime import date

import pytest

from core.settlement.refund_slips import UnknownRefund, slip, slips
from core.settlement.refunds import cancel_and_refund
from tests.conftest import World
from tests.settlement.written_rules import sold

TODAY = date(2026, 3, 5)


def test_a_slip_holds_her_whole_name_the_receipt_and_the_lines(world: World) -> None:
    one = sold(world, "knee_7days", anchor_date=TODAY).on(date(2026, 3, 9))
    number = world.do(
        "front_desk", cancel_and_refund, enrolment_id=one.enrolment_id, cause="wish", refund_fen=12815
    )
    found = world.ask("front_desk", slip, refund_id=number)
    assert (found.patient, found.receipt_number, found.number) == (
        "周堃宁", "R20260305-001", "R20260305-001-R1",
    )  # fmt: skip
    assert [line.fen for line in found.lines] == [29900, 12815] and found.by == "front_desk测试"
    assert (found.amount_fen, found.rule_fen, found.entered_by) == (12815, 12815, "")
    assert world.ask("front_desk", slips, enrolment_id=one.enrolment_id) == [found]
    assert world.ask("front_desk", slips, enrolment_id=one.enrolment_id + 1) == []


def test_an_unknown_refund_is_refused(world: World) -> None:
    with pytest.raises(UnknownRefund):
        world.ask("front_desk", slip, refund_id=77)

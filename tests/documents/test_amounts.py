"""Amounts in capitals, as receipts in China spell them."""

from __future__ import annotations

import pytest

from core.documents.press.amounts import capital_amount


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (19900, "壹佰玖拾玖元整"),
        (140950, "壹仟肆佰零玖元伍角整"),  # examples of annex 1; where it leaves the zero open, without
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (0, "零元整"),
        (50, "伍角整"),
        (5, "伍分"),
        (660, "陆元陆角整"),
        (1000000, "壹万元整"),
        (10000000100, "壹亿零壹元整"),
        (1000500000, "壹仟万伍仟元整"),
        (-19900, "负壹佰玖拾玖元整"),
    ],
)
def test_amounts_in_capitals_follow_the_payment_rules(fen: int, text: str) -> None:
    assert capital_amount(fen) == text

"""Small rules of Chinese print: punctuation, missing characters, capital amounts."""

from __future__ import annotations

import pytest

from core.documents.press.amounts import capital_amount
from core.documents.press.fonts import MISSING, printable
from core.foundation.punctuation import settled_marks


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("您好,请坐", "您好\uff0c请坐"),
        ("约20:00到,请等", "约20:00到\uff0c请等"),
        ("时间:20:00", "时间\uff1a20:00"),
        ("检查(NT)之后", "检查\uff08NT\uff09之后"),
        ("NT(颈项透明层)", "NT\uff08颈项透明层\uff09"),
        ("共1,000元!", "共1,000元\uff01"),
        ("见 https://a.example/p?x=1 页", "见 https://a.example/p?x=1 页"),
        ("Please come at 9:00, (ward 3).", "Please come at 9:00, (ward 3)."),
        ("“您好”", "“您好”"),
        ("“Hello”, it’s you…", '"Hello", it\'s you...'),
        ("don’t 着急", "don't 着急"),
    ],
)
def test_marks_follow_the_language_of_their_text(typed: str, printed: str) -> None:
    assert settled_marks(typed) == printed
    assert settled_marks(printed) == printed


def test_missing_characters_leave_a_visible_box_and_emoji_leave_nothing() -> None:
    known = {ord(c) for c in "王喆 "}
    assert printable("王\U00020bb7喆", known) == f"王{MISSING}喆"
    assert printable("王\U0001f338\u200d\ufe0f喆\x07\t\n", known) == "王喆 \n"


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

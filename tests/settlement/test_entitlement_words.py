"""The standing of an entitlement in words: left, used, not used; in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from core.settlement.entitlement_words import slip_lines, standing
from core.settlement.entitlements import Right, Use


def right(count: int, used: int) -> Right:
    uses = tuple(Use("film", n, date(2026, 3, 5), "") for n in range(used))
    return Right("R", "视频点评", count, "film", 0, uses)


@pytest.mark.parametrize(
    ("count", "used", "running", "ended"),
    [
        (7, 2, "5 of 7 left", "5 of 7 not used"),
        (7, 7, "all 7 used", "all 7 used"),
        (7, 8, "8 used, 7 included", "8 used, 7 included"),
        (1, 0, "1 of 1 left", "not used"),
        (1, 1, "used", "used"),
    ],
)
def test_it_says_what_is_left_and_after_the_end_what_was_not_used(
    count: int, used: int, running: str, ended: str
) -> None:
    one = right(count, used)
    assert standing(one, ended=False, language="en") == running
    assert standing(one, ended=True, language="en") == ended


def test_her_own_page_does_not_count_beyond() -> None:
    assert standing(right(7, 8), ended=False, language="zh", beyond=False) == "7次都用了"


def test_a_refund_slip_lists_every_entitlement_with_what_was_not_used() -> None:
    assert slip_lines([right(7, 5), right(1, 1)], "zh") == (
        ("视频点评", "7次中有2次没用"), ("视频点评", "已用"),
    )  # fmt: skip

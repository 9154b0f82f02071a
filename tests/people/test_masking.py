"""Masks show little, and the same little on every screen and paper."""

from __future__ import annotations

import pytest

from core.people.masking import masked_name, masked_phone, masked_record


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧**"),
        ("昇", "昇*"),
        ("Mary", "M***"),
        ("Jane Doe", "J***"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_its_first_letter_and_stays_when_masked_again(name: str, masked: str) -> None:
    assert masked_name(name) == masked == masked_name(masked)


def test_a_number_shows_its_ends() -> None:
    assert [masked_phone(number) for number in ("13812345678", "1234567", "")] == ["138****5678", "****", ""]
    assert masked_record("ZY20260045") == "***045"

"""Characters are counted as a reader counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recognition.praise import LEAST_CHARACTERS, counted_characters
from tests.recognition.conftest import KIND_WORDS

CASES = [
    ("", 0),
    ("   \n\t ", 0),
    ("。" * 60, 0),
    ("!!!??……——~~~", 0),
    ("护士很好", 4),
    ("护士,很 好!!", 4),
    ("谢谢", 2),
    ("好" * 60, 2),
    ("服务很好" * 20, 4),
    ("服务很好," * 20, 4),
    ("这里的护士真的很温柔很专业," * 5, 13),
    ("哈呵哈呵呵哈" * 10, 8),
    ("hello world", 10),
    ("banana", 6),
    ("Mississippi", 11),
    ("hahahaha", 4),
    ("soooooo", 3),
    ("great service " * 10, 12),
    ("abcdefghijklmnopqrstuvwxyz" * 3, 26),
    ("ABC", 3),
    ("é", 1),
    ("e\u0301", 1),
    ("👨‍👩‍👧‍👦", 1),
    ("🇨🇳", 1),
    ("👍🏽", 1),
    ("❤️" * 30, 2),
    ("5️⃣", 1),
    ("滴了5次眼药水", 7),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_said_counts_and_what_fills_does_not(text: str, expected: int) -> None:
    assert counted_characters(text) == expected


def test_a_natural_text_is_counted_whole() -> None:
    said = [c for c in KIND_WORDS if c.isalnum()]
    assert counted_characters(KIND_WORDS) == len(said) >= LEAST_CHARACTERS


@given(st.text(max_size=300))
def test_the_count_never_exceeds_what_is_there(text: str) -> None:
    assert 0 <= counted_characters(text) <= 4 * len(text)


@given(st.text(max_size=120))
def test_spaces_and_full_stops_at_the_end_change_nothing(text: str) -> None:
    assert counted_characters(text + "  。。") == counted_characters(text)


@given(st.text(alphabet="好很谢", min_size=1, max_size=200))
def test_three_characters_never_make_fifty(text: str) -> None:
    assert counted_characters(text) <= 24

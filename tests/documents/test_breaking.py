"""Lines break where Chinese and English readers expect it."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents.press.breaking import NO_END, NO_START, break_lines

STOPS = "\uff0c。、\uff1b\uff1a\uff1f\uff01\uff09》」』”"
OPENERS = "\uff08《「『“"


def width(text: str) -> float:
    """Ideographs count 2, everything else 1."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


han = st.text("产检闯关护士医院您好我们今天明天来", min_size=1, max_size=8)
word = st.text("abcdefgABC0123456789", min_size=1, max_size=9)
chunk = st.one_of(
    han,
    word.map(lambda w: f" {w} "),
    word,
    st.tuples(han, st.sampled_from(STOPS)).map("".join),
    st.tuples(st.sampled_from(OPENERS), han, st.sampled_from(STOPS), st.sampled_from(STOPS)).map("".join),
    st.sampled_from(["——", "……", "20:00", "199.00", "don’t"]),
)
paragraph = st.tuples(han, st.lists(chunk, max_size=25)).map(lambda parts: parts[0] + "".join(parts[1]))


@settings(max_examples=300, deadline=None)
@given(paragraph, st.integers(30, 60))
def test_no_line_begins_with_a_stop_or_ends_with_an_opener(text: str, room: int) -> None:
    for line in break_lines(text, room, width):
        assert line.text and line.text[0] not in NO_START
        assert line.text[-1] not in NO_END
        assert line.text == line.text.strip()


@settings(max_examples=300, deadline=None)
@given(paragraph, st.integers(4, 60))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, room: int) -> None:
    lines = break_lines(text, room, width)
    assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())
    assert all(width(line.text) <= room for line in lines)
    assert [line.last for line in lines] == [False] * (len(lines) - 1) + [True]


@settings(max_examples=200, deadline=None)
@given(paragraph, st.integers(30, 60))
def test_words_times_and_dashes_stay_whole(text: str, room: int) -> None:
    lines = [line.text for line in break_lines(text, room, width)]
    for run in re.findall("[!-~]+", text):
        assert width(run) > room or any(run in line for line in lines)
    for before, after in zip(lines, lines[1:], strict=False):
        assert not (before[-1] in "—…" and after[0] == before[-1])


def test_an_english_word_is_never_cut_when_it_fits() -> None:
    lines = [line.text for line in break_lines("Please bring yesterday's measurements", 14, len)]
    assert lines == ["Please bring", "yesterday's", "measurements"]


def test_a_web_address_longer_than_the_line_is_cut() -> None:
    lines = [line.text for line in break_lines("https://care.example.org/p/abcdefghij", 12, len)]
    assert "".join(lines) == "https://care.example.org/p/abcdefghij"
    assert max(map(len, lines)) <= 12


def test_a_paragraph_does_not_end_in_one_lone_character() -> None:
    lines = [line.text for line in break_lines("一二三四五六七八九十一", 20, width)]
    assert lines == ["一二三四五六七八九", "十一"]
    assert [line.text for line in break_lines("一二三四五六七八九十一。", 20, width)][-1] == "十一。"


def test_newlines_make_paragraphs_and_an_indent_survives() -> None:
    lines = break_lines("一二\r\n\n\u3000三四", 20, width)
    assert [line.text for line in lines] == ["一二", "", "\u3000三四"]
    assert all(line.last for line in lines)

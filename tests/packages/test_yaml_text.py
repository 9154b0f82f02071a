"""A hand-written file is read as its author meant it, or refused at the right line."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.foundation.foreign import limits
from core.packages.yaml_text import BrokenFile, read, text_of, write


@pytest.mark.parametrize(
    "text", ["on", "no", "yes", "20:00", "1_000", "007", "1.5", "2026-03-05", "1e3", "+5"]
)
def test_what_looks_special_elsewhere_stays_text(text: str) -> None:
    assert read(f"{text}: {text}").value == {text: text}


def test_only_truth_whole_numbers_and_null_are_special() -> None:
    assert read("a: true\nb: -12\nc: ~\nd: null\ne: 'true'").value == {
        "a": True,
        "b": -12,
        "c": None,
        "d": None,
        "e": "true",
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: c: d", 2, "a colon too many"),
        ("a: 1\nb: 'open\nc: 2\nd: 3", 2, "a quotation mark is opened and never closed"),
        ('a: 1\nb: "open\nc: 2', 2, "a quotation mark is opened and never closed"),
        ("a:\n\t- 1", 2, "the line starts with a tab"),
        ("a: 1\nb: 2\na: 3", 3, "the same field is written twice"),
        ("x:\n  - a\n b: 1", 3, "the indentation does not fit"),
        ("a: 1\nb\nc: 2", 3, "a colon"),
        ("a: &n 1\nb: *n", 1, "cross-references with & and *"),
        ("a: 1\nb: !!int x", 2, "special types are not allowed"),
        ("a: 1\nb: !!timestamp 2026", 2, "special types are not allowed"),
        ("!!int a: 1", 1, "special types are not allowed"),
        ("a: !!python/object:os.system x", 1, "special types are not allowed"),
        ("---\na: 1\n---\nb: 2", 3, "the file holds more than one document"),
        ("a: 1\nb: \x01", 2, "it contains signs that are not text"),
        ("", 1, "the file is empty"),
        ("# nothing but a remark", 1, "the file is empty"),
    ],
)
def test_a_broken_file_tells_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(BrokenFile) as refusal:
        read(text)
    assert refusal.value.reason.startswith(reason)
    assert refusal.value.line == line


def test_the_reason_is_told_in_chinese_too() -> None:
    with pytest.raises(BrokenFile) as refusal:
        read("a: 1\na: 2")
    assert refusal.value.text("zh") == "文件第 2 行读不懂：同一个字段写了两遍。请改正后重新载入。"


def test_a_value_knows_its_line() -> None:
    parsed = read("# remark\na: 1\nlist:\n  - x: 1\n    y: 2\n  - x: 3\n")
    assert [
        parsed.line_of(path) for path in [("a",), ("list", 0, "y"), ("list", 1), ("list", 1, "gone")]
    ] == [
        2,
        5,
        6,
        6,
    ]


def test_a_file_saved_with_a_byte_order_mark_is_read() -> None:
    assert read("\ufeffa: 1").value == {"a": 1}


def test_written_text_is_readable_by_people() -> None:
    text = write({"name": "产检", "on": True, "steps": [{"no": 1}]})
    assert text == "name: 产检\non: true\nsteps:\n  - no: 1\n"


def test_a_value_used_twice_is_written_out_twice() -> None:
    part = {"a": "b"}
    assert read(write({"x": part, "y": part})).value == {"x": part, "y": part}


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029", "\ufeff", "\n", "\t", "😊"])
def test_rare_signs_are_read_back_as_they_were_written(sign: str) -> None:
    for words in (f"a{sign}b", f"{sign}b", f"a{sign}"):
        assert read(write({"note": words})).value == {"note": words}


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "[{", "a:\n- ", '{"a":'])
def test_sixty_thousand_brackets_are_refused_and_end_nothing(sign: str) -> None:
    with pytest.raises(BrokenFile) as refusal:
        read(sign * 60_000)
    assert refusal.value.reason.startswith(("lists or brackets are nested", "it holds more"))


def test_as_deep_as_the_limit_is_read_and_one_more_is_not() -> None:
    deepest = limits.PACKAGE_NESTING
    assert read("[" * deepest + "]" * deepest).value
    with pytest.raises(BrokenFile):
        read("[" * (deepest + 1) + "]" * (deepest + 1))


def test_more_entries_than_a_package_has_are_refused_at_once() -> None:
    begun = time.process_time()
    with pytest.raises(BrokenFile) as refusal:
        read("\n".join(f"k{n}: 1" for n in range(60_000)))
    assert refusal.value.reason.startswith("it holds more entries")
    assert time.process_time() - begun < 3


def test_a_number_longer_than_any_here_stays_text() -> None:
    assert read("a: " + "9" * 18).value == {"a": 10**18 - 1}
    assert read("a: -" + "9" * 5006).value == {"a": "-" + "9" * 5006}


def test_a_file_is_measured_before_it_is_decoded() -> None:
    with pytest.raises(BrokenFile) as refusal:
        text_of(b"a" * (limits.PACKAGE_BYTES + 1))
    assert refusal.value.reason == "the file is too large to be a package"
    with pytest.raises(BrokenFile) as refusal:
        text_of("a: 1\nb: 价格".encode("gbk"))
    assert (refusal.value.line, refusal.value.reason[:16]) == (2, "it contains sign")


SIGNS = st.lists(
    st.sampled_from(["[", "]", "{", "}", "- ", "? ", ": ", ",", "a", "1", "\n", "  ", "&x ", "*x", "!!int ", "!<", "'", '"',
                     "|", ">", "#", "---\n", "...\n", "%YAML 9", "\t", "<<", "~", "\x85", "\u2028", "\ufeff", "王", "\\x"]),
    max_size=80,
).map("".join)  # fmt: skip


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SIGNS)
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        parsed = read(text)
    except BrokenFile as refusal:
        assert 1 <= refusal.line <= len(text) + 1 and refusal.text("zh") != refusal.text("en")
    else:
        assert parsed.line_of(("a", 0, "1")) >= 1

"""A hand-written file is read as its author meant it, or refused at the right line."""

from __future__ import annotations

import pytest

from core.packages.yaml_text import BrokenFile, read, write


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

"""Messages: fields that can be filled, words that never go out, and the length of an SMS."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.packages.document import problems
from core.packages.message_texts import (
    FIELDS,
    TRIGGER_NAMES,
    fields_for,
    filled,
    forbidden_word,
    sample_text,
    sms_length,
)
from core.packages.templates import load

RAW = load("prenatal_quest", "en").model_dump(mode="json")


def fault(**message: Any) -> str:
    known = {"code": "M1", "trigger": "enrolment", "channel": "page", "text": "Good day"}
    found = problems({**RAW, "messages": [{**known, **message}]})
    assert len(found) <= 1
    return found[0].text("en") if found else ""


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "Dear {nick}"}, "There is no field nick"),
        ({"text": "Come on {date}"}, "The field date cannot be filled"),
        ({"text": "Come on {date}", "trigger": "appointment"}, ""),
        ({"text": "{task} is open", "trigger": "task_opens"}, ""),
        ({"text": "{task} is open", "trigger": "task_opens", "channel": "sms"}, "The field task may name"),
        ({"text": "Dear {name"}, "A curly bracket is left open"),
        ({"text": "Dear {}"}, "A curly bracket is left open"),
        ({"text": "您好{姓名}"}, "There is no field 姓名"),
        ({"text": "Come to {place_US-2}"}, ""),
        ({"text": "Come to {place_US-2}", "channel": "sms"}, "The field place_US-2 may name"),
        ({"text": "It is a Girl!"}, "“Girl” speaks of the sex"),
        ({"text": "恭喜，是男孩"}, "“男孩” speaks of the sex"),
        ({"text": "Your OGTT is tomorrow", "channel": "sms"}, "“OGTT” names an illness"),
        ({"text": "Your OGTT is tomorrow"}, ""),
        ({"text": "明天请来做B超", "channel": "sms"}, "“B超” names an illness"),
        ({"text": "Every person is welcome, in person, son-in-law", "channel": "page"}, "“son” speaks"),
        ({"text": "Every person is welcome"}, ""),
        ({"text": "x", "task": "P01"}, "only for a message about a task"),
        ({"text": "x", "task": "P99", "trigger": "task_opens"}, "There is no task P99"),
        ({"text": "x", "at": "25:00"}, "such as 09:30"),
    ],
)
def test_what_may_not_go_out_is_refused_with_the_word(message: dict[str, Any], words: str) -> None:
    said = fault(**message)
    assert words in said if words else said == ""


@pytest.mark.parametrize("trigger", list(TRIGGER_NAMES))
@pytest.mark.parametrize("channel", ["page", "sms", "wechat"])
def test_every_field_offered_for_a_moment_is_accepted_there(trigger: str, channel: str) -> None:
    offered = {field.name for field in fields_for(trigger, channel)}
    for name in FIELDS:
        said = fault(trigger=trigger, channel=channel, text=f"A {{{name}}} b")
        assert (said == "") == (name in offered)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_preview_fills_every_field(language: str) -> None:
    text = sample_text(" ".join(f"{{{name}}}" for name in FIELDS), language)
    assert "{" not in text and len(text.split(" ")) >= len(FIELDS)
    assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (language == "zh")


def test_what_the_house_does_not_know_yet_stands_by_its_name_and_is_never_made_up() -> None:
    assert (
        sample_text("{hospital} {phone}", "zh", {"hospital": "慈安医院", "phone": ""})
        == "慈安医院 〔科室电话（24小时）〕"
    )


def test_a_field_with_a_hyphen_in_its_code_is_filled() -> None:
    assert filled("{place_US-2}, {gone-1}.", {"place_US-2": "B超室"}) == "B超室, ."


def test_a_value_is_never_read_as_a_text_with_fields() -> None:
    assert filled("Dear {name}, {link}{gone}", {"name": "{link}", "link": "x"}) == "Dear {link}, x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, (160, 160, 1)),
        ("a" * 161, (161, 153, 2)),
        ("a" * 306, (306, 153, 2)),
        ("a" * 307, (307, 153, 3)),
        ("[" * 80, (160, 160, 1)),  # square brackets take two places of the 7-bit alphabet
        ("[" * 81, (162, 153, 2)),
        ("您" * 70, (70, 70, 1)),
        ("您" * 71, (71, 67, 2)),
        ("您" * 134, (134, 67, 2)),
        ("您" * 135, (135, 67, 3)),
        ("a" * 69 + "😊", (71, 67, 2)),
        ("", (0, 160, 1)),
    ],
)
def test_an_sms_has_as_many_parts_as_the_network_counts(text: str, expected: tuple[int, int, int]) -> None:
    found = sms_length(text)
    assert (found.characters, found.per_part, found.parts) == expected


def test_words_are_found_in_both_languages_at_any_place() -> None:
    assert forbidden_word("您的唐筛结果出来了", "diagnosis") == "唐筛"
    assert forbidden_word("Down syndrome screening", "diagnosis") == "Down syndrome"
    assert forbidden_word("happy reason", "fetal_sex") == ""

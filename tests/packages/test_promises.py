"""Promises, signs and silence as they are written: what contradicts itself is said at its field."""

from __future__ import annotations

from typing import Any

import pytest

from core.packages.document import PackageDocument, from_yaml, problems, to_yaml
from core.packages.editing import with_field
from core.packages.promise_words import promise_in_words, rung_in_words, span_in_words
from core.packages.templates import load

RAW = load("knee_7days", "en").model_dump(mode="json")


def said(path: str, value: Any) -> list[str]:
    return [f"{one.where}: {one.text('en')}" for one in problems(with_field(RAW, path, value))]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("promises.0.minutes", 0, "promises.0.minutes: This is too small."),
        ("promises.0.warn", 30, "promises.0.warn: The warning comes before the promise begins: at most 29 minutes"),
        ("promises.0.ladder.1.after", 31, "promises.0.ladder.1.after: This step comes after the promised time is over"),
        ("promises.0.spans", [], "promises.0.spans: This list is empty."),
        ("promises.0.spans.0.opens", "24:00", "promises.0.spans.0.opens: Write the time of day with four digits"),
        ("promises.0.spans.0.closes", "25:00", "promises.0.spans.0.closes: Write the time of day with four digits"),
        ("promises.0.spans.0.weekdays", [7], "promises.0.spans.0.weekdays.0: This is too large."),
        ("promises.1.kind", "question", "promises.1.kind: Code question is already used by entry 1."),
        ("promises.0.ladder.0.to", "chief", "promises.0.ladder.0.to: “chief” is not possible here."),
        ("silence.call_hours", 24, "silence.call_hours: The call must come later than the message."),
        ("silence.message", "Dear {nmae}", "silence.message: There is no field nmae. Pick one from the list."),
        ("signs.fall.text", "", "signs.8.text: This is empty."),
        ("signs.fall.code", "calf", "signs.8.code: Code calf is already used by entry 5."),
        ("messages.DAY2.shows", "NOTHING", "messages.3.shows: There is no task NOTHING in this package."),
        ("messages.DAY1.shows", "PUMP", "messages.1.shows: Only a message on her own page carries a picture or film."),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_said_at_its_field(path: str, value: Any, words: str) -> None:
    found = said(path, value)
    assert any(one.startswith(words) for one in found), found


def test_hours_to_midnight_and_over_it_are_fine() -> None:
    spans = [{"opens": "22:00", "closes": "24:00"}, {"opens": "22:00", "closes": "06:00", "weekdays": [4, 5]}]
    assert said("promises.0.spans", spans) == []


def test_a_package_without_promises_reads_and_goes_through_its_file() -> None:
    bare = {name: value for name, value in RAW.items() if name not in ("promises", "signs", "silence")}
    document = PackageDocument.model_validate(bare)
    assert (document.promises, document.signs, document.silence) == ((), (), None)
    assert from_yaml(to_yaml(document)) == document


def test_a_promise_in_words_says_when_and_who() -> None:
    assert (
        promise_in_words(RAW["promises"][0], "en") == "within 30 minutes, Duty nurse, in writing; 20:00–22:00"
    )
    span = {"opens": "08:00", "closes": "12:00", "weekdays": [6, 0], "holidays": False}
    assert span_in_words(span, "en") == "08:00–12:00, Mon Sun, not on public holidays"
    assert rung_in_words({"to": "manager", "after": 1}, "en") == "after 1 minute: Manager"

"""Both languages are complete, and days, money and numbers read as people say them."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import core
from core.foundation import language as house
from core.foundation.errors import Refusal
from core.foundation.language import translator
from core.foundation.writing.punctuation import chinese_marks
from tests.foundation.catalogue import PROJECT, called, calls, entries, fields, literal, sources, templates

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINESE = re.compile(r"[\u3400-\u9fff]")
CHINESE_OR_FULL_WIDTH = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# Printed in Latin letters on Chinese reports, too.
ABBREVIATIONS = re.compile(r"\b(?:HC|AC|FL|mm)\b")
SHOWN_BY = {
    "button", "caption", "checkbox", "error", "form_submit_button", "header", "info", "markdown", "metric",
    "multiselect", "number_input", "popover", "radio", "selectbox", "subheader", "success", "tabs", "text_area",
    "text_input", "title", "toast", "warning", "write", "link_button", "download_button", "date_input",
    "toggle", "expander",
}  # fmt: skip


def assert_none(found: Iterable[str]) -> None:
    """Fails with every finding on a line of its own."""
    lines = sorted(set(found))
    assert not lines, "\n".join(["", *lines])


def test_the_reader_of_this_test_sees_python_templates_and_f_strings():
    places = {source.where.split(":")[0].rsplit(".", 1)[1] for source in sources()}
    assert places == {"py", "html"}
    assert len(sources()) > 1000
    tree = ast.parse("f\"**{_('Purpose')}** {x}\"")
    assert [literal(n, 0) for n in ast.walk(tree) if isinstance(n, ast.Call)] == ["Purpose"]


def test_every_text_has_its_chinese():
    held = {key for _, key, chinese in entries() if chinese.strip()}
    assert_none(f"{s.where} {s.key!r}" for s in sources() if s.key not in held)


def test_no_entry_is_left_over():
    used = {source.key for source in sources()}
    assert_none(f"{file}: {key!r}" for file, key, _ in entries() if key not in used)


def test_every_entry_stands_once_in_the_whole_folder():
    counted = Counter(key for _, key, _ in entries())
    twice = {key for key, n in counted.items() if n > 1}
    assert_none(f"{file}: {key!r}" for file, key, _ in entries() if key in twice)


def test_what_the_programme_reads_is_what_stands_in_the_files():
    assert house._chinese() == {key: chinese_marks(chinese) for _, key, chinese in entries()}


def test_both_languages_name_the_same_placeholders():
    unequal = [f"{file}: {key!r}" for file, key, chinese in entries() if fields(key) != fields(chinese)]
    unequal += [s.where for s in sources() if s.plural and fields(s.key) != fields(s.plural)]
    assert_none(unequal)


def test_a_last_day_that_counts_is_not_left_out_by_its_chinese():
    """What holds until a day holds on it, too; “{day}前” leaves that day out."""
    ends = re.compile(r"\b([Uu]ntil|[Bb]y) \{(day|last_day)\}")
    before = re.compile(r"\{(day|last_day)\}之?前")
    assert_none(
        f"{file}: {chinese}"
        for file, key, chinese in entries()
        if ends.search(key) and before.search(chinese)
    )


def test_every_placeholder_is_handed_its_value():
    lacking = [
        f"{s.where} {s.key!r}" for s in sources() if s.handed is not None and not fields(s.key) <= s.handed
    ]
    assert_none(lacking)


def _refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _refusals(kind)


def test_every_refusal_can_say_its_sentence():
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    ours = [kind for kind in _refusals() if kind.__module__.startswith("core.")]
    assert len(ours) > 100
    known = {source.key for source in sources()}
    assert_none(f"{kind.__qualname__}: not in the catalogue" for kind in ours if kind.message not in known)
    # One that writes its own sentence fills its placeholders itself.
    plain = [kind for kind in ours if kind.text is Refusal.text]
    assert_none(
        f"{kind.__qualname__}: {missing}"
        for kind in plain
        if (missing := fields(kind.message) - {field.name for field in dataclasses.fields(kind)})
    )


def test_english_sources_hold_no_chinese_and_no_full_width_signs():
    mixed = [f"{s.where} {s.key!r}" for s in sources() if CHINESE_OR_FULL_WIDTH.search(s.key + s.plural)]
    assert_none(mixed)


def test_chinese_is_chinese_polite_and_punctuated_as_chinese():
    def faults(key: str, chinese: str) -> Iterator[str]:
        words = re.sub(r"\{\w+\}", "", chinese)
        if re.search(r"[A-Za-z]{2}", words) and not CHINESE.search(words):
            yield "not translated"
        if "你" in chinese:
            yield "people are addressed as 您"
        if re.search(r"[\u3400-\u9fff][,;:?!]", chinese):
            yield "half-width punctuation after a Chinese character"
        if re.search(r"[。，；：？！] ", chinese):
            yield "a space after Chinese punctuation"

    found = [
        f"{file}: {fault}: {key!r}" for file, key, chinese in entries() for fault in faults(key, chinese)
    ]
    assert_none(found)


def _bare_words_in_calls() -> Iterator[str]:
    for path, call in calls():
        receiver = getattr(getattr(call.func, "value", None), "id", "")
        if path.relative_to(PROJECT).parts[0] != "pages" or called(call) not in SHOWN_BY or receiver == "log":
            continue
        said = ABBREVIATIONS.sub("", re.sub(r":[\w/]+:|<[^>]*>|&\w+;", "", literal(call, 0) or ""))
        if re.search(r"[A-Za-z]{2,}", said):
            yield f"{path.relative_to(PROJECT)}:{call.lineno} {said!r}"


def _bare_words_in_templates() -> Iterator[str]:
    for path in templates():
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"<!--.*?-->|<(script|style).*?</\1>|<[^>]*>|&\w+;|PilotDesk", "", text, flags=re.S)
        yield from (
            f"{path.relative_to(PROJECT)}: {w}" for w in re.findall(r"[A-Za-z]{2,}|[\u3400-\u9fff]+", text)
        )


def test_pages_show_no_sentence_outside_the_catalogue():
    assert_none([*_bare_words_in_calls(), *_bare_words_in_templates()])


# --- how the house says things -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag, expected",
    [
        ("zh-CN", "zh"),
        ("zh", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-GB", "en"),
        ("de", "en"),
        (None, "zh"),
        ("", "zh"),
    ],
)
def test_the_browsers_language_becomes_one_of_ours(tag, expected):
    assert house.supported(tag) == expected


def test_a_text_without_an_entry_is_said_as_it_was_written():
    assert translator("zh")("孕期通关手册") == "孕期通关手册"
    assert translator("en")("{not a placeholder}") == "{not a placeholder}"


def test_parameters_are_filled_in_either_language():
    assert translator("en")("Receipt no. {number}", number=7) == "Receipt no. 7"
    assert translator("zh")("Receipt no. {number}", number=7) == "编号 7"


@pytest.mark.parametrize(
    "language, n, expected",
    [("en", 0, "0 weeks"), ("en", 1, "1 week"), ("en", 2, "2 weeks"), ("zh", 1, "1 周"), ("zh", 2, "2 周")],
)
def test_one_thing_and_several_things(language, n, expected):
    assert house.plural(language, "{n} week", "{n} weeks", n) == expected


def test_content_in_two_languages_falls_back_on_the_one_there_is():
    assert house.pick("zh", "产科", "Obstetrics") == "产科"
    assert house.pick("en", "产科", "") == "产科"
    assert house.pick("zh", "", "Obstetrics") == "Obstetrics"


def test_days_are_said_as_people_say_them():
    day = date(2026, 3, 5)
    assert house.day_text(day, "zh") == "3月5日"
    assert house.day_text(day, "zh", weekday=True) == "周四 3月5日"
    assert house.day_text(day, "en") == "5 Mar"
    assert house.day_text(day, "en", weekday=True) == "Thu 5 Mar"
    assert house.full_day_text(day, "zh") == "2026年3月5日"
    assert house.full_day_text(day, "en") == "5 March 2026"


def test_an_instant_is_told_by_the_departments_clock():
    late = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
    assert house.moment_text(late, "zh", SHANGHAI) == "3月5日 01:30"
    assert house.moment_text(late, "en", SHANGHAI) == "5 Mar 01:30"
    assert house.clock_text(late, "en", SHANGHAI) == "01:30"


def test_a_length_of_time_is_said_in_words():
    assert house.span_text(timedelta(minutes=30), "zh") == "30分钟"
    assert house.span_text(timedelta(minutes=30), "en") == "30 minutes"


@pytest.mark.parametrize("language", house.LANGUAGES)
def test_fen_are_shown_as_yuan_to_the_fen(language):
    assert house.money_text(19900, language) == "¥199.00"
    assert house.money_text(123456789, language) == "¥1,234,567.89"
    assert house.money_text(-660, language) == "-¥6.60"
    assert house.money_text(1, language) == "¥0.01"


@pytest.mark.parametrize("language", house.LANGUAGES)
def test_shares_and_numbers(language):
    assert house.percent_text(0.4567, language) == "45.7%"
    assert house.percent_text(0.4567, language, digits=0) == "46%"
    assert house.number_text(1234567, language) == "1,234,567"
    assert house.number_text(2.5, language, "0.00") == "2.50"

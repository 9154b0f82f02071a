"""A rule in plain words, and its figures looked for in the text."""

from __future__ import annotations

import pytest

from core.packages.refund_rules import RefundRule
from core.packages.refund_words import in_words, unsaid_figures
from core.packages.templates import load

WEEK = RefundRule(full_days=7, share="days", days=14, first_day=1)


@pytest.mark.parametrize(
    ("terms", "unsaid"),
    [
        ("开通7天内全额退，之后按14天的比例退。", ()),
        ("开通七天内全额退，之后按十四天的比例退。", ()),
        ("开通７天内全额退，之后按１４天的比例退。", ()),
        ("Within seven days all; then a share of fourteen.", ()),
        ("开通17天内全额退，之后按140天的比例退。", (7, 14)),
        ("开通十七天内全额退，之后按二十四天的比例退。", (7, 14)),
        ("Within 7.5 days, 14% of it.", (7,)),
        ("一周内全额退。", (7, 14)),
    ],
)
def test_a_figure_is_said_in_digits_or_words_and_only_as_a_whole_number(
    terms: str, unsaid: tuple[int, ...]
) -> None:
    assert unsaid_figures(WEEK, terms) == unsaid


def test_a_rule_without_days_has_no_figure_to_look_for() -> None:
    assert unsaid_figures(RefundRule(full_days=0, share="tasks", days=9), "") == ()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["knee_7days", "prenatal_quest", "cure_album"])
def test_the_figures_of_a_templates_rule_stand_in_its_text(name: str, language: str) -> None:
    document = load(name, language)
    assert document.refund is not None
    assert unsaid_figures(document.refund, document.refund_terms) == ()


def test_the_knee_rule_reads_as_its_text_does() -> None:
    document = load("knee_7days", "en")
    assert document.refund is not None
    words = in_words(document.refund, "en", {task.code: task.title for task in document.tasks})
    assert words[1:] == [
        "Paid back in full on the day the tasks are counted from.",
        "Otherwise the days that have not begun, as a share of 7 days.",
        "The first of them is the day after the one the tasks are counted from.",
        "What was used is not deducted.",
    ]
    assert "Back in hospital" in words[0]


def test_a_task_is_named_by_its_title() -> None:
    [until, rest] = in_words(RefundRule(full_until="PROOF"), "zh", {"PROOF": "看样稿"})
    assert until == "完成“看样稿”之前全额退。" and rest == "其余情况不退。"

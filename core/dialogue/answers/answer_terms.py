"""The rules and the range that count for a task: as sold, or of the newer terms somebody took for her course. Pure."""

from __future__ import annotations

from core.dialogue.course import Course
from core.packages.answer_rules import AnswerRule, Measure


def rules_of(course: Course, code: str) -> tuple[AnswerRule, ...]:
    """The rules of a task. Items of newer rules are found by their words: the list she ticks is the one she bought."""
    sold = course.sold.task(code)
    if course.terms is course.sold or not course.terms.knows(code):
        return sold.rules
    newer = course.terms.task(code)
    place = {item.text: at for at, item in enumerate(sold.checklist, start=1)}
    rules = []
    for rule in newer.rules:
        if rule.test == "unticked" and rule.items:
            texts = [newer.checklist[at - 1].text for at in rule.items if at <= len(newer.checklist)]
            items = tuple(place[text] for text in texts if text in place)
            if not items:
                continue
            rule = rule.model_copy(update={"items": items})
        rules.append(rule)
    return tuple(rules)


def measure_of(course: Course, code: str) -> Measure | None:
    """The unit and range of a task: of the terms where they have one, else as it was sold."""
    newer = course.terms.task(code).measure if course.terms.knows(code) else None
    return newer or course.sold.task(code).measure

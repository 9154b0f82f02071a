"""When an answer is a sign: a task's rules, what was answered, and what she had answered before. Pure.

    at_least      number >= value                    at_most   number <= value
    between       value <= number <= upper           (both ends belong to it)
    unticked      one of the named items was left open; without names, one of those that are always offered
    rose_by       number - (number of the same task on the day before) >= value; without a day before never
    days_without  the days in a row without it, up to yesterday, reach the value: nobody records a day on which nothing
                  was done, so it is judged when another day or another task is answered, and at reading

A test without what it compares (no number, no list) is never met. All rules met are kept, the highest level counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.foundation.language import N_, number_text, plural, translator
from core.packages.answer_rules import AnswerRule
from core.packages.parts import Task

# From quiet to urgent.
LEVELS = ("", "yellow", "orange", "red")
# Readings have two decimals at most: what lies beyond is the noise of binary fractions (38.1 - 37.1).
DIGITS = 6

WORDS: dict[str, str] = {
    "at_least": N_("{title}: {value} (from {limit} on)"),
    "at_most": N_("{title}: {value} (at most {limit})"),
    "between": N_("{title}: {value} (between {limit} and {upper})"),
    "unticked": N_("{title}: not ticked: {items}"),
    "rose_by": N_("{title}: {value}, {before} the day before"),
}


@dataclass(frozen=True)
class Given:
    """An answer as the tests see it: the `day` it is for, its `number`, and the positions ticked (from 1), None where
    no list was asked for."""

    day: date
    number: float | None = None
    ticks: frozenset[int] | None = None


@dataclass(frozen=True)
class Hit:
    """A rule that was met: `why` for the team, `advice` as she reads it (may be empty)."""

    level: str
    test: str
    why: str
    advice: str


def met(
    task: Task, rules: Iterable[AnswerRule], given: Given, earlier: Mapping[date, float]
) -> list[AnswerRule]:
    """The rules of a task its answer meets, in their order; `earlier` holds the numbers of the same task by day.
    `days_without` is not asked here (`gone_without`)."""
    return [rule for rule in rules if _is_met(task, rule, given, earlier)]


def highest(levels: Iterable[str]) -> str:
    """The most urgent of the levels; "" where there is none."""
    return max(levels, key=LEVELS.index, default="")


def left_open(task: Task, rule: AnswerRule, ticks: frozenset[int]) -> tuple[int, ...]:
    """The positions an `unticked` rule looks at and does not find ticked."""
    watched = rule.items or tuple(at for at, item in enumerate(task.checklist, start=1) if item.required)
    return tuple(at for at in watched if at <= len(task.checklist) and at not in ticks)


def days_gone(done: Mapping[date, bool], yesterday: date) -> int:
    """The days in a row up to `yesterday` on which the task stood open and was not done; a day it was not planned for
    (not in `done`) ends the row."""
    count, day = 0, yesterday
    while done.get(day) is False:
        count, day = count + 1, day - timedelta(days=1)
    return count


def gone_without(rules: Iterable[AnswerRule], days: int) -> list[AnswerRule]:
    """The `days_without` rules which so many days in a row without it meet."""
    return [
        rule
        for rule in rules
        if rule.test == "days_without" and days and rule.value is not None and days >= rule.value
    ]


def told(task: Task, rule: AnswerRule, given: Given, earlier: Mapping[date, float], language: str) -> Hit:
    """A rule that was met, in words of the package's language."""
    _ = translator(language)
    open_items = left_open(task, rule, given.ticks or frozenset())
    words = _(
        WORDS[rule.test],
        title=task.title,
        value=amount(given.number, task, language),
        limit=_number(rule.value, language),
        upper=_number(rule.upper, language),
        before=_number(earlier.get(given.day - timedelta(days=1)), language),
        items=_("; ").join(task.checklist[at - 1].text for at in open_items),
    )
    return Hit(rule.level, rule.test, words, rule.advice)


def told_without(task: Task, rule: AnswerRule, days: int, language: str) -> Hit:
    """The same for days without it."""
    words = plural(
        language,
        "{title}: not done for {n} day",
        "{title}: not done for {n} days",
        days,
        title=task.title,
    )
    return Hit(rule.level, rule.test, words, rule.advice)


def amount(number: float | None, task: Task, language: str) -> str:
    """A number as people read it, with its unit where the task has one ("38.2 ℃", "7/10"); "" for none."""
    if number is None:
        return ""
    if task.evidence == "scale":
        return f"{number:g}/10"
    text = _number(number, language)
    return f"{text} {task.measure.unit}" if task.measure else text


def _is_met(task: Task, rule: AnswerRule, given: Given, earlier: Mapping[date, float]) -> bool:
    if rule.test == "unticked":
        return given.ticks is not None and bool(left_open(task, rule, given.ticks))
    number, limit = given.number, rule.value
    if number is None or limit is None:
        return False
    match rule.test:
        case "at_least":
            return number >= limit
        case "at_most":
            return number <= limit
        case "between":
            return rule.upper is not None and limit <= number <= rule.upper
        case "rose_by":
            before = earlier.get(given.day - timedelta(days=1))
            return before is not None and round(number - before, DIGITS) >= limit
    return False


def _number(number: float | None, language: str) -> str:
    return "" if number is None else number_text(number, language)


def as_kept(hits: Sequence[Hit]) -> list[dict[str, str]]:
    """Hits as they are stored beside the answer, so that they stay as they were said."""
    return [{"level": one.level, "why": one.why, "advice": one.advice} for one in hits]

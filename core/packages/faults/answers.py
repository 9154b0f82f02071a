"""What contradicts itself in the answers and promises of a package: a rule no answer can meet, a step after the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.packages.answer_rules import SCALE, AnswerRule, fitting_tests
from core.packages.faults.words import MESSAGES, Problem
from core.packages.parts import Task
from core.packages.promises import Promise

_LIMITS = ("at_least", "at_most", "between")


def answer_problems(tasks: Sequence[Task]) -> Iterator[Problem]:
    """Rules that would never be met, told at their field."""
    for at, task in enumerate(tasks):
        for number, rule in enumerate(task.rules):
            yield from _rule_problems(task, rule, f"tasks.{at}.rules.{number}")


def promise_problems(promises: Sequence[Promise]) -> Iterator[Problem]:
    """Two promises of one kind, a warning before the promise begins, a step of the ladder after its end."""
    kinds = [promise.kind for promise in promises]
    for at, promise in enumerate(promises):
        if promise.kind in kinds[:at]:
            known = {"code": promise.kind, "entry": kinds.index(promise.kind) + 1}
            yield Problem(f"promises.{at}.kind", MESSAGES["duplicate_code"], known)
        if promise.warn >= promise.minutes:
            most = {"most": promise.minutes - 1}
            yield Problem(f"promises.{at}.warn", MESSAGES["warning_too_early"], most)
        for number, rung in enumerate(promise.ladder):
            if rung.after > promise.minutes:
                most = {"most": promise.minutes}
                yield Problem(f"promises.{at}.ladder.{number}.after", MESSAGES["rung_after_end"], most)


def _rule_problems(task: Task, rule: AnswerRule, where: str) -> Iterator[Problem]:
    if rule.test not in fitting_tests(task.evidence, bool(task.checklist)):
        yield Problem(f"{where}.test", MESSAGES["rule_never_met"])
        return
    gone = next((item for item in rule.items if item > len(task.checklist)), None)
    if gone is not None:
        yield Problem(f"{where}.items", MESSAGES["rule_item_gone"], {"number": gone})
    low, high = SCALE if task.evidence == "scale" else (None, None)
    if task.evidence == "value" and task.measure is not None:
        low, high = task.measure.low, task.measure.high
    if rule.test not in _LIMITS or low is None or high is None:
        return
    known = {"low": f"{low:g}", "high": f"{high:g}"}
    if rule.value is not None and not low <= rule.value <= high:
        yield Problem(f"{where}.value", MESSAGES["rule_out_of_range"], known)
    if rule.test == "between" and rule.upper is not None and not low <= rule.upper <= high:
        yield Problem(f"{where}.upper", MESSAGES["rule_out_of_range"], known)

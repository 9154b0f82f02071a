"""A service package in one language: content, price, tasks, rewards, SOP, checked as a whole.

The document is what a department edits and what a sold package pins. It cannot be changed; an edit is
a new document. `problems` says everything that is wrong with a draft, field by field, so that an editor
can show it beside the field; `from_yaml` says it line by line.

Gestational windows follow 孕前和孕期保健指南(2018), Chinese Journal of Obstetrics and Gynecology
2018;53(1):7-13; the reading of "a~b weeks" is `window_of_weeks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from core.design import yaml_text
from core.design.messages import Message
from core.design.parts import (
    Anchor,
    BadgeTarget,
    EarningRule,
    Entitlement,
    Name,
    PackageCode,
    Part,
    Remark,
    Reward,
    Sop,
    Task,
    Text,
)
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator

_TASK_EVENTS = ("task_on_time", "class_attended")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a draft: `where` is the dotted field ("tasks.3.closes_day"), `message` a
    catalogue text, `line` the line of the file where there is one."""

    where: str
    message: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None

    def text(self, language: str) -> str:
        """The problem as a sentence in `language` ("zh" or "en")."""
        return translator(language)(self.message, **self.parameters)


@dataclass(eq=False)
class InvalidTemplate(Refusal):
    """The file can be read, but what it says breaks the rules of a package."""

    problems: tuple[Problem, ...]
    message = N_("The package cannot be used yet. Problems found: {count}.")

    @property
    def parameters(self) -> dict[str, Any]:
        return {"count": len(self.problems)}

    def text(self, language: str) -> str:
        """The count, then one line per problem with its line number and field."""
        _ = translator(language)
        found = [
            _(
                "Line {line}, {field}: {problem}",
                line=p.line or 1,
                field=p.where or "-",
                problem=p.text(language),
            )
            for p in self.problems
        ]
        return "\n".join([_(self.message, count=len(found)), *found])


class PackageDocument(Part):
    """One service package in one language. Money in fen, days whole, texts never empty.

    `purchase_limit` is how often one patient may buy it in all (None: as often as she likes, one at a time).
    """

    code: PackageCode
    language: Literal["zh", "en"]
    name: Name
    promise: Text
    audience: Text
    price_fen: int = Field(ge=0, le=100_000_000)
    valid_days: int = Field(ge=1, le=3650)
    purchase_limit: int | None = Field(default=None, ge=1, le=100)
    anchor: Anchor
    refund_terms: Text
    entitlements: tuple[Entitlement, ...] = ()
    badge_target: BadgeTarget | None = None
    rewards: tuple[Reward, ...] = ()
    earning_rules: tuple[EarningRule, ...] = ()
    tasks: tuple[Task, ...] = Field(min_length=1)
    messages: tuple[Message, ...] = ()
    sop: Sop
    source: Remark = ""
    note: Remark = ""

    @model_validator(mode="after")
    def _fits_together(self) -> PackageDocument:
        found = list(_contradictions(self))
        if found:
            raise PydanticCustomError("contradictions", "parts contradict each other", {"found": found})
        return self

    def task(self, code: str) -> Task:
        """The task with `code`, or the task of which `code` is one day ("PUMP.3"); a KeyError is a bug of the
        caller, who took the code from elsewhere."""
        return self._tasks_by_code[code]

    def knows(self, code: str) -> bool:
        """Whether `code` is a task of this package, or one day of a repeated one."""
        return code in self._tasks_by_code

    def position(self, code: str) -> tuple[int, int]:
        """Where a task stands among all of them, and which day of it: for sorting."""
        return self._order[code]

    def reward(self, code: str) -> Reward:
        """The reward with `code`; KeyError as in `task`."""
        found = next((reward for reward in self.rewards if reward.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    @property
    def badge_tasks(self) -> tuple[Task, ...]:
        """The tasks that are switched on and count for the badge target."""
        return tuple(task for task in self.tasks if task.on and task.counts_for_badge)

    @property
    def badge_count(self) -> int:
        """How many badges can be earned in all: a repeated task earns one a day."""
        return sum(task.repeat_days for task in self.badge_tasks)

    @cached_property
    def _tasks_by_code(self) -> dict[str, Task]:
        found = {code: task for task in self.tasks for code in task.instance_codes}
        return found | {task.code: task for task in self.tasks}

    @cached_property
    def _order(self) -> dict[str, tuple[int, int]]:
        return {
            code: (at, day)
            for at, task in enumerate(self.tasks)
            for day, code in enumerate((task.code, *task.instance_codes))
        }


def _contradictions(document: PackageDocument) -> Iterator[Problem]:
    for name in ("entitlements", "rewards", "earning_rules", "tasks", "messages"):
        yield from _repeated_codes(name, getattr(document, name))
    yield from _points_on_nothing(document)
    yield from _reward_problems(document)
    for at, step in enumerate(document.sop.steps):
        if step.no != at + 1:
            known = {"expected": at + 1, "found": step.no}
            yield Problem(f"sop.steps.{at}.no", MESSAGES["step_number"], known)
    codes = {task.code for task in document.tasks}
    for at, message in enumerate(document.messages):
        if message.task is not None and message.task not in codes:
            yield Problem(f"messages.{at}.task", MESSAGES["unknown_task"], {"code": message.task})
    if document.anchor == "last_period":
        for at, task in enumerate(document.tasks):
            if task.opens_day < 0 and task.anchor == "package":
                yield Problem(f"tasks.{at}.opens_day", MESSAGES["before_pregnancy"])


def _repeated_codes(name: str, parts: tuple[Any, ...]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for at, part in enumerate(parts):
        if part.code in first:
            known = {"code": part.code, "entry": first[part.code] + 1}
            yield Problem(f"{name}.{at}.code", MESSAGES["duplicate_code"], known)
        first.setdefault(part.code, at)


def _points_on_nothing(document: PackageDocument) -> Iterator[Problem]:
    rules = {rule.code: rule for rule in document.earning_rules if rule.event in _TASK_EVENTS}
    for at, task in enumerate(document.tasks):
        rule = rules.get(task.earns or "")
        if task.earns is not None and rule is None:
            yield Problem(f"tasks.{at}.earns", MESSAGES["unknown_rule"], {"code": task.earns})
        elif task.points and rule is None:
            yield Problem(f"tasks.{at}.points", MESSAGES["points_on_nothing"], {"points": task.points})
        elif rule is not None and task.points != rule.points:
            known = {"points": task.points, "code": rule.code, "expected": rule.points}
            yield Problem(f"tasks.{at}.points", MESSAGES["points_differ"], known)


def _reward_problems(document: PackageDocument) -> Iterator[Problem]:
    target = document.badge_target
    rewards = {reward.code: reward for reward in document.rewards}
    for at, reward in enumerate(document.rewards):
        if reward.kind == "badges" and (target is None or target.reward_code != reward.code):
            yield Problem(f"rewards.{at}.kind", MESSAGES["reward_out_of_reach"], {"code": reward.code})
    if target is None:
        return
    aim = rewards.get(target.reward_code)
    if aim is None:
        yield Problem("badge_target.reward_code", MESSAGES["unknown_reward"], {"code": target.reward_code})
    elif aim.kind != "badges":
        yield Problem("badge_target.reward_code", MESSAGES["reward_for_points"], {"code": aim.code})
    badges = document.badge_count
    if target.count > badges:
        known = {"count": target.count, "badges": badges}
        yield Problem("badge_target.count", MESSAGES["too_few_badges"], known)


_NO_FILE = N_("This is not the name of a stored file. Please upload the file again.")
# Keys are pydantic's error types, and our own; a key "type:field" speaks about that field alone.
MESSAGES: dict[str, str] = {
    "missing": N_("This is missing. Please fill it in."),
    "extra_forbidden": N_("“{name}” is not known here. Please correct the spelling or remove it."),
    "invalid_key": N_("“{name}” is not known here. Please correct the spelling or remove it."),
    "string_too_short": N_("This is empty. Please write the text."),
    "string_too_short:wording": N_("The wording is empty. Write the sentence staff read aloud."),
    "string_too_long": N_("This is too long. At most {max_length} characters fit."),
    "string_type": N_("This must be text. In a file, put it in quotation marks."),
    "string_pattern_mismatch": N_("A code begins with a letter and has only letters, digits, - and _."),
    "string_pattern_mismatch:at": N_("Write the time of day with four digits, such as 09:30."),
    "string_pattern_mismatch:picture_key": _NO_FILE,
    "string_pattern_mismatch:video_key": _NO_FILE,
    "int_type": N_("This must be a whole number."),
    "int_parsing": N_("This must be a whole number."),
    "int_from_float": N_("This must be a whole number."),
    "bool_type": N_("This must be true or false."),
    "bool_parsing": N_("This must be true or false."),
    "literal_error": N_("“{given}” is not possible here. Choose one of: {choices}."),
    "greater_than_equal": N_("This is too small. The smallest possible value is {ge}."),
    "greater_than_equal:price_fen": N_("A price cannot be negative. Write 0 if the package is free."),
    "less_than_equal": N_("This is too large. The largest possible value is {le}."),
    "too_short": N_("This list is empty. At least one entry is needed."),
    "tuple_type": N_("This must be a list."),
    "model_type": N_("Here several named fields are expected."),
    "window_backwards": N_("The window ends on day {closes}, before it opens on day {opens}."),
    "repeat_beside_window": N_(
        "Daily for {days} days from day {opens} ends on day {expected}, but the window ends on day {closes}."
    ),
    "code_too_long_to_repeat": N_("A task that repeats needs a shorter code: at most {most} characters."),
    "dose_outside": N_("{total} a day lies outside the limits. Change the dose or the limits."),
    "unknown_task": N_("There is no task {code} in this package."),
    "unknown_field": N_("There is no field {name}. Pick one from the list."),
    "field_never_filled": N_(
        "The field {name} cannot be filled at this moment. Choose another field or moment."
    ),
    "field_too_private": N_("The field {name} may name an examination. It cannot stand in an SMS."),
    "fetal_sex_word": N_("“{word}” speaks of the sex of the baby. That is never said. Please remove it."),
    "diagnosis_word": N_("“{word}” names an illness or an examination. An SMS is read by others: remove it."),
    "braces": N_("A curly bracket is left open. Pick the field from the list again."),
    "task_without_moment": N_("A task can be chosen only for a message about a task."),
    "checklist_empty": N_("The proof is a checklist, but the checklist is empty. Add an item."),
    "alert_in_game": N_("A medical reminder gives no points and no badge. Leave this empty."),
    "badge_missing": N_("A task that counts for the badge target needs a badge name."),
    "reward_without_cost": N_("A reward for points needs its price: how many points?"),
    "badge_reward_with_cost": N_("A reward for badges costs no points. Leave this empty."),
    "referral_unsigned": N_("Referral points must wait for sign-off. Set “needs sign-off” to yes."),
    "duplicate_code": N_("Code {code} is already used by entry {entry}. Give each its own code."),
    "unknown_rule": N_("There is no earning rule {code} for tasks. Choose one of the rules above."),
    "points_on_nothing": N_("This task gives {points} points but names no earning rule."),
    "points_differ": N_("This task gives {points} points, but rule {code} gives {expected}."),
    "unknown_reward": N_("There is no reward {code} in this package."),
    "reward_for_points": N_("Reward {code} is paid with points. The badge target needs a reward for badges."),
    "reward_out_of_reach": N_("Nobody can earn reward {code}: the badge target does not lead to it."),
    "too_few_badges": N_("The target asks for {count} badges, but only {badges} tasks give one."),
    "step_number": N_("Steps are numbered without gaps: {expected} is expected here, not {found}."),
    "before_pregnancy": N_("Counted from the last period, a window cannot open before day 0."),
    "other": N_("This value does not fit here."),
}


def problems(raw: Any) -> list[Problem]:
    """Everything wrong with a draft (plain dicts and lists), in the order of its fields; empty when it is
    a valid package. What concerns several parts together is looked at once each part is sound."""
    try:
        PackageDocument.model_validate(raw)
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not _follows(detail)]
        return [problem for detail in details for problem in _translated(detail)]
    return []


def _follows(detail: Any) -> bool:
    """A list of nothing but faulty entries is also reported as empty; the entries say enough."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _translated(detail: Any) -> list[Problem]:
    context = dict(detail.get("ctx", {}))
    if detail["type"] == "contradictions":
        return list(context["found"])
    where = [part for part in detail["loc"] if part != "[key]"]
    name = str(where[-1]) if where else ""
    kind = detail["type"]
    message = MESSAGES.get(f"{kind}:{name}") or MESSAGES.get(kind) or MESSAGES["other"]
    known: dict[str, Any] = {"name": name, "given": str(detail["input"])[:40], **context}
    if kind == "literal_error":
        known["choices"] = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
    wanted = set(re.findall(r"{(\w+)}", message))
    return [Problem(".".join(map(str, where)), message, {k: v for k, v in known.items() if k in wanted})]


def to_yaml(document: PackageDocument) -> str:
    """The document as YAML; `from_yaml` gives back an equal one."""
    return yaml_text.write(document.model_dump(mode="json", exclude_none=True))


def from_yaml(text: str) -> PackageDocument:
    """The document a YAML text holds.

    Refuses an unreadable text (`BrokenFile`) and one that breaks a rule (`InvalidTemplate`), with lines.
    """
    parsed = yaml_text.read(text)
    found = problems(parsed.value)
    if found:
        raise InvalidTemplate(tuple(_with_line(problem, parsed) for problem in found))
    return PackageDocument.model_validate(parsed.value)


def _with_line(problem: Problem, parsed: yaml_text.Parsed) -> Problem:
    steps = problem.where.split(".") if problem.where else []
    path = tuple(int(step) if step.isdigit() else step for step in steps)
    return Problem(problem.where, problem.message, problem.parameters, parsed.line_of(path))


def window_of_weeks(first_week: int, last_week: int, *, single_test: bool) -> tuple[int, int]:
    """Gestational days (first, last, both inclusive) of a window printed as "a~b weeks" without days.

    A single test (20~24 weeks) ends on day b+0, a visit (25~28 weeks) on day b+6. A template may still set
    any other last day. Source: the reading stated with the 2018 guideline schedule used here.
    """
    return first_week * 7, last_week * 7 + (0 if single_test else 6)

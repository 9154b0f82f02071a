"""A service package in one language: content, price, tasks, rewards, SOP, checked as a whole.

The document is what a department edits and what a sold package pins. It cannot be changed; an edit is
a new document. `problems` says everything that is wrong with a draft, field by field, so that an editor
can show it beside the field; `from_yaml` says it line by line.

Gestational windows follow 孕前和孕期保健指南(2018), Chinese Journal of Obstetrics and Gynecology
2018;53(1):7-13; the reading of "a~b weeks" is `window_of_weeks`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from core.foundation.errors import Refusal
from core.foundation.fast.once import once
from core.foundation.language import N_, translator
from core.foundation.open_types import Raw, Value
from core.packages import yaml_text
from core.packages.costing import Costs
from core.packages.facts.filling import is_field, names_in
from core.packages.faults.answers import answer_problems, promise_problems
from core.packages.faults.bought import bought_problems
from core.packages.faults.words import MESSAGES, Problem, follows, told
from core.packages.fields import Name, PackageCode, Part, Remark, Text
from core.packages.message_texts import Message
from core.packages.parts import (
    Anchor,
    BadgeTarget,
    EarningRule,
    Entitlement,
    Reward,
    Sop,
    Task,
)
from core.packages.promises import Amends, Promise, Sign, Silence
from core.packages.refund_rules import RefundRule

# More than somebody mends before loading the file again.
MOST_TOLD = 40
_TASK_EVENTS = ("task_on_time", "class_attended")


@dataclass(eq=False)
class InvalidTemplate(Refusal):
    """The file can be read, but what it says breaks the rules of a package."""

    problems: tuple[Problem, ...]
    message = N_("The package cannot be used yet. Problems found: {count}.")

    @property
    def parameters(self) -> Raw:
        return {"count": len(self.problems)}

    def text(self, language: str) -> str:
        """The count, then one line for each of the first `MOST_TOLD` problems with its line number and field."""
        _ = translator(language)
        found = [
            _(
                "Line {line}, {field}: {problem}",
                line=p.line or 1,
                field=p.where or "-",
                problem=p.text(language),
            )
            for p in self.problems[:MOST_TOLD]
        ]
        more = ["…"] if len(self.problems) > MOST_TOLD else []
        return "\n".join([_(self.message, count=len(self.problems)), *found, *more])


# Wording is what staff say and patients read, with the tasks, signs and promises behind it. Money, points, stock, pictures
# and notes are none: texts have their sums as fields, so they change without anybody saying something else.
_STEP_COSTS = {"minutes", "material_fen", "times", "happens"}
_NO_WORDING: Raw = {
    "price_fen": True, "purchase_limit": True, "costs": True, "note": True, "source": True,
    "entitlements": {"__all__": {"value_fen"}},
    "rewards": {"__all__": {"value_fen", "cost_points", "stock"}},
    "earning_rules": {"__all__": {"points"}}, "amends": {"__all__": {"refund_fen"}},
    "tasks": {"__all__": {
        "points": True, "pictogram": True, "note": True, "source": True, "material": {"picture_key", "video_key"},
    }},
    "sop": {"steps": {"__all__": _STEP_COSTS}},
}  # fmt: skip


class PackageDocument(Part):
    """One service package in one language. Money in fen, days whole, texts never empty.

    `purchase_limit` is how often one patient may buy it in all (None: as often as she likes, one at a time).
    `promises` (one of each kind) say how soon we answer, `signs` what she can report, `silence` when we ask after her,
    `amends` (one of each kind) what follows when a promise was missed. `refund` is the rule that `refund_terms` say in words.
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
    promises: tuple[Promise, ...] = ()
    signs: tuple[Sign, ...] = ()
    silence: Silence | None = None
    refund: RefundRule | None = None
    amends: tuple[Amends, ...] = ()
    costs: Costs = Costs()
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

    def promised(self, kind: str) -> Promise | None:
        """The promise of a kind of `promises.PROMISE_NAMES`; None where none was given."""
        return next((promise for promise in self.promises if promise.kind == kind), None)

    def reward(self, code: str) -> Reward:
        """The reward with `code`; KeyError as in `task`."""
        found = next((reward for reward in self.rewards if reward.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    @property
    def badge_reward(self) -> Reward | None:
        """What the badge target leads to, None without a target."""
        return self.reward(self.badge_target.reward_code) if self.badge_target else None

    def rule_of(self, task: Task) -> EarningRule | None:
        """The rule under which a task earns its points, None where it earns none."""
        return next((rule for rule in self.earning_rules if rule.code == task.earns), None)

    @property
    def badge_tasks(self) -> tuple[Task, ...]:
        """The tasks that are switched on and count for the badge target."""
        return tuple(task for task in self.tasks if task.on and task.counts_for_badge)

    @property
    def badge_count(self) -> int:
        """How many badges can be earned in all: a repeated task earns one a day."""
        return sum(task.repeat_days for task in self.badge_tasks)

    @once
    def wording(self) -> str:
        """A mark of all words of this package: two packages with the same mark say the same. A field that a later
        PilotDesk adds changes no mark as long as nobody fills it."""
        said = self.model_dump(mode="json", exclude=_NO_WORDING, exclude_defaults=True)
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @once
    def fact_names(self) -> frozenset[str]:
        """The fields of facts that stand in its texts (`core.packages.facts.filling`)."""
        return frozenset(name for name in names_in(self) if is_field(name))

    @once
    def _tasks_by_code(self) -> dict[str, Task]:
        found = {code: task for task in self.tasks for code in task.instance_codes}
        return found | {task.code: task for task in self.tasks}

    @once
    def _order(self) -> dict[str, tuple[int, int]]:
        return {
            code: (at, day)
            for at, task in enumerate(self.tasks)
            for day, code in enumerate((task.code, *task.instance_codes))
        }


def _contradictions(document: PackageDocument) -> Iterator[Problem]:
    for name in ("entitlements", "rewards", "earning_rules", "tasks", "messages", "signs"):
        yield from _repeated_codes(name, getattr(document, name))
    yield from answer_problems(document.tasks)
    yield from promise_problems(document.promises)
    yield from _points_on_nothing(document)
    yield from _reward_problems(document)
    yield from bought_problems(
        document.entitlements, document.refund, document.amends, document.tasks, document.price_fen
    )
    for at, step in enumerate(document.sop.steps):
        if step.no != at + 1:
            known = {"expected": at + 1, "found": step.no}
            yield Problem(f"sop.steps.{at}.no", MESSAGES["step_number"], known)
    codes = {task.code for task in document.tasks}
    for at, message in enumerate(document.messages):
        for name, code in (("task", message.task), ("shows", message.shows)):
            if code is not None and code not in codes:
                yield Problem(f"messages.{at}.{name}", MESSAGES["unknown_task"], {"code": code})
    if document.anchor == "last_period":
        for at, task in enumerate(document.tasks):
            if task.opens_day < 0 and task.anchor == "package":
                yield Problem(f"tasks.{at}.opens_day", MESSAGES["before_pregnancy"])


def _repeated_codes(name: str, parts: tuple[Value, ...]) -> Iterator[Problem]:
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


def problems(raw: Value) -> list[Problem]:
    """Everything wrong with a draft (plain dicts and lists), in the order of its fields; empty when it is
    a valid package. What concerns several parts together is looked at once each part is sound."""
    found = [*_braces_in_name(raw)]
    try:
        PackageDocument.model_validate(raw)
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not follows(detail)]
        found += [problem for detail in details for problem in told(detail)]
    return found


def _braces_in_name(raw: Value) -> Iterator[Problem]:
    """Lists, prints and messages have the name as it is written. Not a rule of the document: what was stored before stays
    readable."""
    name = raw.get("name") if isinstance(raw, dict) else None
    if isinstance(name, str) and ({"{", "}"} & {*name} or names_in(name)):
        yield Problem("name", MESSAGES["field_in_name"])


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
    path = tuple(int(step) if step.isdecimal() and len(step) < 10 else step for step in steps)
    return Problem(problem.where, problem.message, problem.parameters, parsed.line_of(path))


def window_of_weeks(first_week: int, last_week: int, *, single_test: bool) -> tuple[int, int]:
    """Gestational days (first, last, both inclusive) of a window printed as "a~b weeks" without days.

    A single test (20~24 weeks) ends on day b+0, a visit (25~28 weeks) on day b+6. A template may still set
    any other last day. Source: the reading stated with the 2018 guideline schedule used here.
    """
    return first_week * 7, last_week * 7 + (0 if single_test else 6)

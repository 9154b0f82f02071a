"""The refund rule of a package as fields, beside the text she reads, and what it gives on a day: reckoned line by line.

The written terms stay what was promised; the fields say the same so that nobody reckons by hand. All of it has a
default, because versions sold before these fields existed still read: for them a manager enters the fields once
(`core.settlement.refund_rules_entered`). Pure: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from core.foundation.language import N_, plural, translator
from core.foundation.open_types import Raw
from core.packages.fields import Code, Part

Cause = Literal[
    "wish",
    "complaint",
    "missed_promise",
    "fault",
    "loss",
    "birth",
    "readmission",
    "transfer",
    "doctor",
    "death",
]
CAUSE_NAMES: dict[str, str] = {
    "wish": N_("She no longer wishes it"),
    "complaint": N_("She complains that we did not deliver"),
    "missed_promise": N_("A promise was missed"),
    "fault": N_("We made a mistake"),
    "loss": N_("The pregnancy ended early"),
    "birth": N_("The child came early"),
    "readmission": N_("Back in hospital"),
    "transfer": N_("Moved to another hospital"),
    "doctor": N_("The doctor stopped it"),
    "death": N_("Death"),
}
Share = Literal["nothing", "days", "tasks"]
SHARE_NAMES: dict[str, str] = {
    "nothing": N_("Nothing more"),
    "days": N_("The days that have not begun"),
    "tasks": N_("The tasks that have not opened"),
}
FROM_NAMES: dict[str, str] = {
    "enrolment": N_("Day of enrolment"),
    "anchor": N_("The day the tasks are counted from"),
}
While = Literal["always", "no_task", "unused"]
WHILE_NAMES: dict[str, str] = {
    "always": N_("Whatever was done or used"),
    "no_task": N_("While no task was done"),
    "unused": N_("While no task was done and nothing was used"),
}
# The causes as they stand on paper that is handed to her or her family: true, and without the wound.
PRINTED_CAUSES: dict[str, str] = {
    "wish": N_("At your own wish"),
    "complaint": N_("Your complaint"),
    "missed_promise": N_("A promise we did not keep"),
    "fault": N_("A mistake of ours"),
    "loss": N_("The service ended early"),
    "birth": N_("The service ended early"),
    "readmission": N_("Back in hospital"),
    "transfer": N_("Moved to another hospital"),
    "doctor": N_("The doctor stopped it"),
    "death": N_("The service ended early"),
}


class RefundRule(Part):
    """When all is paid back, and how much after that.

    In full: for the causes of `full_for`, always; until `full_days` days after `full_from` (0: on that day only, None:
    never by date), `full_while` saying what must not have happened by then; until the task `full_until` was done. After that `share`: the days that have not begun, of `days` days counted from day `first_day`
    after the anchor date (day 0); or the tasks that have not opened, of all tasks in her plan. With `deduct_used` what
    was used of the entitlements is deducted at their `value_fen`.
    """

    full_for: tuple[Cause, ...] = ()
    full_days: int | None = Field(default=None, ge=0, le=3650)
    full_from: Literal["enrolment", "anchor"] = "enrolment"
    full_while: While = "always"
    full_until: Code | None = None
    share: Share = "nothing"
    first_day: int = Field(default=0, ge=-1460, le=1460)
    days: int | None = Field(default=None, ge=1, le=3650, validate_default=True)
    deduct_used: bool = False

    @field_validator("days")
    @classmethod
    def _days_are_counted_of_some(cls, days: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("share") == "days" and days is None:
            raise PydanticCustomError("share_of_no_days", "a share of days needs their number")
        return days


@dataclass(frozen=True)
class Used:
    """One entitlement: how many were used, and what one is worth in fen where used ones are deducted."""

    name: str
    times: int
    value_fen: int


@dataclass(frozen=True)
class Course:
    """What is known of a course on a day. `paid_fen` is what was paid, `returned_fen` what was paid back by the terms
    already, `amends_fen` for missed promises beside them (fen); `past` are the tasks done or waived; `planned` the tasks of her plan, `unopened` those of them that are still planned and not open yet."""

    day: date
    enrolled_on: date
    anchor_date: date
    paid_fen: int
    returned_fen: int = 0
    amends_fen: int = 0
    planned: int = 0
    unopened: int = 0
    done: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    used: tuple[Used, ...] = ()

    def fits(self, full_while: str) -> bool:
        """Whether nothing has happened yet that a condition (a key of `WHILE_NAMES`) forbids."""
        if full_while == "always":
            return True
        return not self.done and (full_while == "no_task" or not any(one.times for one in self.used))


@dataclass(frozen=True)
class Line:
    """One line of a reckoning: the reason as a catalogue text with its parameters, and fen where it moves money."""

    text: str
    parameters: tuple[tuple[str, str | int], ...] = ()
    fen: int | None = None
    n: int | None = None
    plural: str = ""

    def said(self, language: str, causes: Mapping[str, str] = CAUSE_NAMES) -> str:
        """The reason in words; `causes` are the names of causes, `PRINTED_CAUSES` on her paper."""
        if self.n is not None:
            return plural(language, self.text, self.plural, self.n, **dict(self.parameters))
        words = translator(language)
        values = {key: words(causes[str(v)]) if key == "cause" else v for key, v in self.parameters}
        return words(self.text, **values)

    def kept(self) -> Raw:
        """As plain data, for the row of the refund; `line_from` reads it back."""
        return {
            "text": self.text, "parameters": [list(each) for each in self.parameters], "fen": self.fen, "n": self.n,
            "plural": self.plural,
        }  # fmt: skip


def line_from(raw: Raw) -> Line:
    """The line that `Line.kept` wrote."""
    parameters = tuple((str(key), value) for key, value in raw["parameters"])
    return Line(raw["text"], parameters, raw["fen"], raw["n"], raw["plural"])


@dataclass(frozen=True)
class Reckoning:
    """What the rule gives: `fen` still to pay back (0 to what was paid and not yet returned) and why, line by line;
    `whole` where the rule returns all."""

    fen: int
    lines: tuple[Line, ...]
    whole: bool


def reckon(rule: RefundRule, course: Course, cause: str) -> Reckoning:
    """What is paid back on `course.day` for `cause`: never negative, never more than was paid and not returned yet. A
    part of a fen is rounded up, in her favour."""
    reason = _whole(rule, course, cause)
    lines = [Line(N_("Paid"), fen=course.paid_fen)]
    if reason is not None:
        lines.append(reason)
        owed = course.paid_fen
    else:
        share, owed = _share(rule, course)
        lines.append(share)
        if rule.deduct_used:
            for line in _deductions(course):
                lines.append(line)
                owed += line.fen or 0
    owed = min(course.paid_fen, max(0, owed))
    if course.returned_fen:
        lines.append(Line(N_("Paid back already"), fen=-course.returned_fen))
    # What a missed promise cost us is not taken off what the terms give; only all that was paid can be paid back.
    fen = max(0, owed - course.returned_fen)
    rest = max(0, course.paid_fen - course.returned_fen - course.amends_fen)
    if fen > rest:
        lines.append(Line(N_("Paid for a missed promise already"), fen=rest - fen))
    return Reckoning(min(fen, rest), tuple(lines), reason is not None)


def _whole(rule: RefundRule, course: Course, cause: str) -> Line | None:
    """Why all is paid back, or None."""
    if cause in rule.full_for:
        return Line(N_("In full, always: {cause}"), (("cause", cause),))
    if rule.full_until is not None and rule.full_until not in course.done | course.past:
        return Line(N_("In full: not begun with yet"))
    if rule.full_days is None:
        return None
    start = course.anchor_date if rule.full_from == "anchor" else course.enrolled_on
    if (course.day - start).days > rule.full_days or not course.fits(rule.full_while):
        return None
    if rule.full_days == 0:
        return Line(N_("In full: still on the first day"))
    text, more = N_("In full: within {n} day"), "In full: within {n} days"  # English only
    return Line(text, (), None, rule.full_days, more)


def _share(rule: RefundRule, course: Course) -> tuple[Line, int]:
    """The line of the share, and its fen."""
    if rule.share == "days" and rule.days is not None:
        begun = (course.day - course.anchor_date).days - rule.first_day + 1
        left, of = min(rule.days, max(0, rule.days - begun)), rule.days
        text = N_("{left} of {of} days had not begun")
    elif rule.share == "tasks":
        left, of = course.unopened, course.planned
        text = N_("{left} of {of} tasks had not opened")
    else:
        return Line(N_("By the rule nothing is paid back any more"), fen=0), 0
    fen = -(-course.paid_fen * left // of) if of else 0
    return Line(text, (("left", left), ("of", of)), fen), fen


def _deductions(course: Course) -> Iterator[Line]:
    for one in course.used:
        if one.times and one.value_fen:
            parameters = (("name", one.name), ("times", one.times))
            yield Line(N_("Used: {times} × {name}"), parameters, -one.times * one.value_fen)

"""The parts a service package is written from: tasks, rewards, earning rules, SOP steps.

A part is plain, frozen content in one language. It knows the rules that concern itself alone;
what concerns several parts together is `core.packages.document`. The fields of an SOP step follow
the usual hospital form: who does what, to which standard, by when, in which words, recorded where.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from core.foundation.language import N_
from core.packages.answer_rules import AnswerRule, Measure
from core.packages.exercise_drawings import DrawingName
from core.packages.fields import (
    CODE_LENGTH,
    MOST_REPEATS,
    Code,
    Level,
    Line,
    MediaKey,
    Name,
    Part,
    Remark,
    Terms,
    Text,
)

# Beyond these days a window is a typing mistake: four years either side of the anchor.
Day = Annotated[int, Field(ge=-1460, le=1460)]

Anchor = Literal["last_period", "operation", "discharge", "enrolment"]
TaskAnchor = Literal["package", "enrolment"]
Role = Literal["nurse", "doctor", "front_desk", "patient"]
Actor = Literal["nurse", "doctor", "front_desk", "cashier", "manager", "patient"]
Kind = Literal["visit", "education", "alert", "exercise", "self_check", "call", "message"]
Evidence = Literal["tick", "checklist", "report", "count", "scale", "value", "photo", "video"]
# Sharing is deliberately no event: sharing earns nothing.
Event = Literal["task_on_time", "class_attended", "referral", "smoke_free_30_days"]
Pictogram = Literal[
    "compass", "baby", "speech", "choice", "eye", "sugar", "half", "hands", "growth", "bag",
    "shield", "book", "full", "wave38", "wave39", "wave40", "welcome", "star", "heart", "home",
]  # fmt: skip

ANCHOR_NAMES: dict[str, str] = {
    "last_period": N_("Last menstrual period"),
    "operation": N_("Day of the operation"),
    "discharge": N_("Day of discharge"),
    "enrolment": N_("Day of enrolment"),
}
KIND_NAMES: dict[str, str] = {
    "visit": N_("Check-up visit"),
    "education": N_("Health class"),
    "alert": N_("Medical reminder"),
    "exercise": N_("Home exercise"),
    "self_check": N_("Self-check at home"),
    "call": N_("Telephone call"),
    "message": N_("Care message"),
}
EVIDENCE_NAMES: dict[str, str] = {
    "tick": N_("One tick"),
    "checklist": N_("Ticked checklist"),
    "report": N_("Filed report"),
    "count": N_("Number of repetitions"),
    "scale": N_("Score from 0 to 10"),
    "value": N_("Measured value"),
    "photo": N_("Photo sent in"),
    "video": N_("Video sent in"),
}
EVENT_NAMES: dict[str, str] = {
    "task_on_time": N_("A task done inside its window"),
    "class_attended": N_("A health class attended"),
    "referral": N_("A friend came on recommendation"),
    "smoke_free_30_days": N_("30 days without smoking"),
}


Counted = Literal["hand", "task", "film", "evening", "call", "dose"]
COUNTED_NAMES: dict[str, str] = {
    "hand": N_("By hand"),
    "task": N_("A task was done"),
    "film": N_("A film was commented"),
    "evening": N_("An evening on which her question was answered"),
    "call": N_("A call that reached her"),
    "dose": N_("A dose was set for her"),
}


class Entitlement(Part):
    """A countable right in the package, e.g. two nurse calls. `counted` says what uses one of it, with "task" any of
    `tasks`; `value_fen` is what a used one is worth where the refund rule deducts it."""

    code: Code
    name: Name
    count: int = Field(ge=1, le=1000)
    counted: Counted = "hand"
    tasks: tuple[Code, ...] = ()
    value_fen: int = Field(default=0, ge=0, le=100_000_000)


class BadgeTarget(Part):
    """So many badges earn this reward. The plan of a late joiner asks for fewer, never for more."""

    count: int = Field(ge=1, le=100)
    reward_code: Code


class Reward(Part):
    """What badges or points can be redeemed for.

    `value_fen` is the shown worth in fen, `stock` the number on offer (None: not limited),
    `valid_days` counts from the day of issue. `needs_signoff` keeps the reward locked until a named
    person has signed it off in Settings.
    """

    code: Code
    name: Name
    kind: Literal["badges", "points"]
    cost_points: int | None = Field(default=None, validate_default=True)
    value_fen: int | None = Field(default=None, ge=0)
    valid_days: int = Field(ge=1, le=3650)
    terms: Terms
    stock: int | None = Field(default=None, ge=0)
    needs_signoff: bool = False

    @field_validator("cost_points")
    @classmethod
    def _price_fits_kind(cls, cost: int | None, info: ValidationInfo) -> int | None:
        kind = info.data.get("kind")
        if kind == "points" and (cost is None or cost < 1):
            raise PydanticCustomError("reward_without_cost", "a points reward costs points")
        if kind == "badges" and cost is not None:
            raise PydanticCustomError("badge_reward_with_cost", "a badge reward costs no points")
        return cost


class EarningRule(Part):
    """Points (whole, per event) a patient receives. Referral is always subject to sign-off, because
    paid solicitation of patients is a legal question (medical staff integrity code of 2021, art. 6)."""

    code: Code
    event: Event
    points: int = Field(ge=1, le=10_000)
    text: Text
    needs_signoff: bool = Field(default=False, validate_default=True)

    @field_validator("needs_signoff")
    @classmethod
    def _referral_is_signed_off(cls, needed: bool, info: ValidationInfo) -> bool:
        if info.data.get("event") == "referral" and not needed:
            raise PydanticCustomError("referral_unsigned", "referral points need sign-off")
        return needed


class Place(Part):
    """Where a task happens: a stable location code, its name, the way there in words."""

    code: Code
    name: Name
    route: Text


class ChecklistItem(Part):
    """One item of a task. `required` means: always offered and explained; never: forced on anybody."""

    text: Line
    required: bool = True


# Read from a sheet by somebody of seventy: one breath each, three at most.
ShortStep = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=90)]


class Material(Part):
    """What a patient reads or watches for a task. The keys name files of the media store
    (`MediaStore.put`); empty means: none. `drawing` is one of the house's own, `short_steps` what it says in words:
    picture n of the drawing shows step n."""

    text: Remark = ""
    picture_key: MediaKey = ""
    video_key: MediaKey = ""
    drawing: DrawingName = ""
    short_steps: tuple[ShortStep, ...] = Field(default=(), max_length=3)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.video_key or self.picture_key or self.drawing)


class Dose(Part):
    """How much of an exercise a day: `sets` of `reps` each. `minimum` and `maximum` bound the day's total
    (sets x reps) within which `set_by` chooses for each patient; the programme never raises a dose by
    itself. Source: the published doses differ by a factor of three, so a named person decides."""

    sets: int = Field(ge=1, le=100)
    reps: int = Field(default=1, ge=1, le=1000)
    minimum: int | None = Field(default=None, ge=0, le=10_000)
    maximum: int | None = Field(default=None, ge=1, le=10_000, validate_default=True)
    set_by: Literal["doctor", "nurse"] = "doctor"

    @property
    def total(self) -> int:
        """Repetitions a day."""
        return self.sets * self.reps

    @field_validator("maximum")
    @classmethod
    def _total_lies_between(cls, maximum: int | None, info: ValidationInfo) -> int | None:
        sets, reps, least = (info.data.get(name) for name in ("sets", "reps", "minimum"))
        if sets is None or reps is None:
            return maximum
        total = sets * reps
        if (least is not None and total < least) or (maximum is not None and total > maximum):
            raise PydanticCustomError("dose_outside", "the dose lies outside its bounds", {"total": total})
        return maximum


class Task(Part):
    """One thing to deliver or do.

    `opens_day` and `closes_day` are days from the anchor, both inclusive and possibly negative
    (before an operation); with the last period as anchor they are gestational days. `anchor` "enrolment"
    counts this task from the day of enrolment instead. `repeat_days` above 1 makes one task of one day for
    each day of the window, which is then that long; every one of them earns its badge and points. `minutes`
    is the honest time the whole task takes. `points` are given when the task is done inside its window,
    under the earning rule `earns`. An alert is medical: no badge, no points, no game.

    What she answers: `evidence` says how, `measure` what a value may be, `photos` how many pictures may come with it;
    `rules` say when an answer is a sign, `rubric` what the team looks at in a film.
    """

    code: Code
    kind: Kind
    title: Name
    role: Role
    on: bool = True
    anchor: TaskAnchor = "package"
    opens_day: Day
    closes_day: Day
    repeat_days: int = Field(default=1, ge=1, le=MOST_REPEATS)
    place: Place
    bring: Text
    minutes: int = Field(ge=1, le=1440)
    what: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
    wording: Text
    evidence: Evidence
    checklist: tuple[ChecklistItem, ...] = Field(default=(), validate_default=True)
    points: int = Field(default=0, ge=0, le=10_000)
    earns: Code | None = None
    badge: Name | None = None
    pictogram: Pictogram
    counts_for_badge: bool = False
    material: Material | None = None
    dose: Dose | None = None
    measure: Measure | None = None
    photos: int = Field(default=0, ge=0, le=4)
    rules: tuple[AnswerRule, ...] = ()
    rubric: tuple[Line, ...] = ()
    source: Remark = ""
    note: Remark = ""

    @property
    def instance_codes(self) -> tuple[str, ...]:
        """The codes under which the task is planned: its own, or "<code>.1", "<code>.2", … day by day."""
        if self.repeat_days == 1:
            return (self.code,)
        return tuple(f"{self.code}.{n}" for n in range(1, self.repeat_days + 1))

    @field_validator("closes_day")
    @classmethod
    def _window_runs_forward(cls, closes: int, info: ValidationInfo) -> int:
        opens = info.data.get("opens_day")
        if opens is not None and closes < opens:
            raise PydanticCustomError(
                "window_backwards", "the window ends before it starts", {"opens": opens, "closes": closes}
            )
        return closes

    @field_validator("repeat_days")
    @classmethod
    def _repeats_fill_the_window(cls, days: int, info: ValidationInfo) -> int:
        code, opens, closes = (info.data.get(name) for name in ("code", "opens_day", "closes_day"))
        if days > 1 and code is not None and len(code) + 1 + len(str(days)) > CODE_LENGTH:
            most = CODE_LENGTH - 1 - len(str(days))
            raise PydanticCustomError("code_too_long_to_repeat", "no room for the day", {"most": most})
        if days > 1 and opens is not None and closes is not None and closes - opens + 1 != days:
            known = {"days": days, "opens": opens, "expected": opens + days - 1, "closes": closes}
            raise PydanticCustomError("repeat_beside_window", "the window is not as long", known)
        return days

    @field_validator("checklist")
    @classmethod
    def _checklist_has_items(
        cls, items: tuple[ChecklistItem, ...], info: ValidationInfo
    ) -> tuple[ChecklistItem, ...]:
        if info.data.get("evidence") == "checklist" and not items:
            raise PydanticCustomError("checklist_empty", "a checklist needs items")
        return items

    @field_validator("points", "badge", "counts_for_badge")
    @classmethod
    def _alerts_are_no_game(cls, value: int | str | None, info: ValidationInfo) -> int | str | None:
        if info.data.get("kind") == "alert" and value:
            raise PydanticCustomError("alert_in_game", "an alert carries no points and no badge")
        return value

    @field_validator("counts_for_badge")
    @classmethod
    def _counted_badge_has_a_name(cls, counts: bool, info: ValidationInfo) -> bool:
        if counts and "badge" in info.data and not info.data["badge"]:
            raise PydanticCustomError("badge_missing", "a task that counts needs a badge")
        return counts


class RoleDuty(Part):
    """Who answers for what in this service."""

    actor: Actor
    duty: Text


Happens = Literal["", "sale", "task", "visit", "film", "question", "alert", "sign", "call", "dose"]
HAPPENS_NAMES: dict[str, str] = {
    "": N_("Not recorded"),
    "sale": N_("Once per sale"),
    "task": N_("A task marked done by staff"),
    "visit": N_("A visit attended"),
    "film": N_("A film was commented"),
    "question": N_("A question was answered"),
    "alert": N_("An alert was answered"),
    "sign": N_("A yellow sign was answered"),
    "call": N_("A telephone call"),
    "dose": N_("A dose was set for her"),
}


class SopStep(Part):
    """One numbered step of the delivery standard, with the words to say and the way out. `minutes` of staff
    time and `material_fen` (fen) are what it costs each time, `times` how often a patient goes through it;
    0 minutes where nobody has measured it. `happens` says by which recorded fact one sees how often it really was."""

    no: int = Field(ge=1, le=200)
    actor: Actor
    action: Text
    standard: Text
    time_limit: Text
    wording: Text
    record: Text
    exception: Text
    minutes: int = Field(default=0, ge=0, le=1440)
    material_fen: int = Field(default=0, ge=0, le=10_000_000)
    times: int = Field(default=1, ge=1, le=1000)
    happens: Happens = ""


class Escalation(Part):
    """What to do when something is wrong. `within_minutes` 0 means at once; red is 120 first."""

    level: Level
    signs: Text
    action: Text
    within_minutes: int = Field(ge=0, le=1440)


class Sop(Part):
    """How the package is delivered, so that every shift delivers the same."""

    purpose: Text
    scope_in: Text
    scope_out: Text
    roles: tuple[RoleDuty, ...] = Field(min_length=1)
    steps: tuple[SopStep, ...] = Field(min_length=1)
    escalation: tuple[Escalation, ...] = Field(min_length=1)
    consent: Remark = ""
    training: Remark = ""

"""An SOP version as a document: what the package already says, what the department adds, and why it changed.

`derive` takes purpose, scope, steps, price, refund, escalation and the missions' wording from the package, so that
nothing is written twice; `Own` holds only what no package knows. A document cannot be changed; once approved it is
the standard that people sign. Fields: the usual hospital form of a standard operating procedure (purpose, scope,
roles, steps with standard and record, escalation, training, indicators, audit list, change log).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from core.foundation.access import ROLE_NAMES, ROLES
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.packages import templates
from core.packages.document import PackageDocument
from core.packages.facts.filling import (
    HouseFacts,
    filled,
    filled_part,
    house_values,
    names_in,
    own_values,
    package_values,
)
from core.packages.fields import Code, Line, Name, PackageCode, Part, Remark, Text
from core.packages.parts import Actor, Entitlement, Escalation, RoleDuty, SopStep, Task

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Loose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
QUESTIONS = 3
_FACTS: Raw = {
    "price_fen": True,
    "rewards": {"__all__": {"code", "value_fen", "cost_points"}},
    "earning_rules": {"__all__": {"code", "points"}},
}
OTHER: dict[str, Literal["zh", "en"]] = {"zh": "en", "en": "zh"}

# Who signs in as what: a cashier sits at the front desk; a patient's own steps are read by nobody else.
STAFF_OF: dict[str, str] = {
    "nurse": "nurse", "doctor": "doctor", "front_desk": "front_desk", "cashier": "front_desk", "manager": "manager",
}  # fmt: skip

ACTOR_NAMES: dict[str, str] = ROLE_NAMES | {"cashier": N_("Cashier"), "patient": N_("Patient")}
LEVEL_NAMES: dict[str, str] = {
    "red": N_("Red: 120 first"), "orange": N_("Orange"), "yellow": N_("Yellow"),
}  # fmt: skip


class Definition(Part):
    """A word as this SOP uses it."""

    term: Name
    meaning: Line


class Kpi(Part):
    """An indicator: what is counted over what, and the aim as people say it ("at least 90 %")."""

    name: Name
    counted: Line
    target: Loose = ""


class QuizQuestion(Part):
    """One question of the short check after reading; exactly one answer is right."""

    question: Line
    right: Line
    wrong: tuple[Line, ...] = Field(min_length=1, max_length=3)

    @field_validator("wrong")
    @classmethod
    def _answers_differ(cls, wrong: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len({*wrong, info.data.get("right")}) != len(wrong) + 1:
            raise PydanticCustomError("same_answers", "answers must differ")
        return wrong

    @property
    def answers(self) -> tuple[str, ...]:
        """All answers in an order that does not give the right one away (by their text)."""
        return tuple(sorted({self.right, *self.wrong}))


class Own(Part):
    """What the department adds to what the package says. `other_wording` is a step's wording in the house's other
    language, by step number; where it is missing the ready package's translation is used if it still fits."""

    owner: Loose = ""
    definitions: tuple[Definition, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    audit: tuple[Line, ...] = ()
    training: Remark = ""
    related: tuple[Line, ...] = ()
    quiz: tuple[QuizQuestion, ...] = Field(default=(), max_length=QUESTIONS)
    other_wording: dict[int, Remark] = Field(default_factory=dict)


class Step(SopStep):
    """A step of the package, with its wording in the other language where there is one."""

    other_wording: Remark = ""


class MissionWords(Part):
    """What staff say at one mission. `opens_day` and `closes_day` count from the anchor date."""

    code: Code
    title: Name
    actor: Actor
    opens_day: int
    closes_day: int
    wording: Text


class ChangeEntry(Part):
    """One line of the change log: which version, when and by whom handed in, what changed and why."""

    number: int
    day: date
    who: str
    what: Note
    why: Note


class SopDocument(Part):
    """The whole standard of one package in one language. Price in fen, `valid_days` and days whole."""

    code: str
    number: int
    package_code: PackageCode
    language: Literal["zh", "en"]
    title: Name
    promise: Text
    purpose: Text
    scope_in: Text
    scope_out: Text
    audience: Text
    price_fen: int
    valid_days: int
    refund_terms: Text
    entitlements: tuple[Entitlement, ...]
    anchor: str
    roles: tuple[RoleDuty, ...]
    steps: tuple[Step, ...] = Field(min_length=1)
    escalation: tuple[Escalation, ...] = Field(min_length=1)
    missions: tuple[MissionWords, ...]
    consent: Remark
    training: Remark
    sources: tuple[str, ...]
    own: Own
    change_log: tuple[ChangeEntry, ...]
    wording: str = (
        ""  # the package's mark (`PackageDocument.wording`); "" of a version handed in before it was noted
    )
    # What the package said for its fields when this was handed in; read only where no published version says it.
    facts: Raw = {}

    @property
    def actors(self) -> tuple[str, ...]:
        """Who acts, in the order of their duties, then of their first step."""
        named = (
            *(r.actor for r in self.roles),
            *(s.actor for s in self.steps),
            *(m.actor for m in self.missions),
        )
        return tuple(dict.fromkeys(named))

    @property
    def readers(self) -> tuple[str, ...]:
        """The roles of the house that must read and sign: whoever acts, and the manager."""
        acting = {STAFF_OF[actor] for actor in self.actors if actor in STAFF_OF} | {"manager"}
        return tuple(role for role in ROLES if role in acting)

    def steps_of(self, role: str) -> tuple[Step, ...]:
        """The steps somebody signed in as `role` carries out."""
        return tuple(step for step in self.steps if STAFF_OF.get(step.actor) == role)


def derive(package: PackageDocument, own: Own, number: int, log: tuple[ChangeEntry, ...] = ()) -> SopDocument:
    """The SOP of a package as it stands now, with what the department adds. What package and house say of themselves
    (price, rewards, points, telephone, places) stays a field, filled when somebody reads (`as_read`)."""
    other = ready_wording(package) | own.other_wording
    sop = package.sop
    on = [task for task in package.tasks if task.on]
    return SopDocument(
        code=f"SOP-{package.code}",
        number=number,
        package_code=package.code,
        language=package.language,
        title=package.name,
        promise=package.promise,
        purpose=sop.purpose,
        scope_in=sop.scope_in,
        scope_out=sop.scope_out,
        audience=package.audience,
        price_fen=package.price_fen,
        valid_days=package.valid_days,
        refund_terms=package.refund_terms,
        entitlements=package.entitlements,
        anchor=package.anchor,
        roles=sop.roles,
        steps=tuple(Step(**step.model_dump(), other_wording=other.get(step.no, "")) for step in sop.steps),
        escalation=sop.escalation,
        missions=tuple(_mission(task) for task in on if task.role != "patient"),
        consent=sop.consent,
        training=sop.training,
        sources=tuple(dict.fromkeys(task.source for task in on if task.source)),
        own=own,
        change_log=log,
        wording=package.wording,
        facts=package.model_dump(mode="json", include=_FACTS),
    )


def ready_wording(package: PackageDocument) -> dict[int, str]:
    """The steps' wording in the other language, from the ready packages; only for steps whose own wording is
    still the ready one, so that no translation outlives what it translated. An amount written out where the ready
    package has a field is the same wording while it is right."""
    try:
        ready = templates.load(package.code, package.language).sop.steps
        translated = {
            step.no: step for step in templates.load(package.code, OTHER[package.language]).sop.steps
        }
    except Refusal:
        return {}
    said = own_values(package, package.language)
    here = {(step.no, filled(step.wording, said)) for step in package.sop.steps}
    same = {step.no for step in ready if (step.no, filled(step.wording, said)) in here}
    return {no: translated[no].wording for no in sorted(same & set(translated))}


def as_read(
    document: SopDocument, house: HouseFacts | None, package: PackageDocument | None = None
) -> SopDocument:
    """The SOP as somebody reads it, with what the house says and what the published `package` says in its fields, and the
    price that package is sold for. What was written out before there were fields stays as it was approved."""
    if package is not None:
        document = document.model_copy(update={"price_fen": package.price_fen})
    names = names_in(document)
    if not names:
        return document

    def said(language: str) -> dict[str, str]:
        own = own_values(package, language) if package else {}
        return package_values(document.facts, language) | own | house_values(house, language, names)

    read, there = filled_part(document, said(document.language)), said(OTHER[document.language])
    pairs = zip(read.steps, document.steps, strict=True)
    steps = [
        step.model_copy(update={"other_wording": filled(stored.other_wording, there)})
        for step, stored in pairs
    ]
    own_there = {no: filled(text, there) for no, text in document.own.other_wording.items()}
    own = read.own.model_copy(update={"other_wording": own_there})
    return read.model_copy(update={"steps": tuple(steps), "own": own})


def _mission(task: Task) -> MissionWords:
    return MissionWords(
        code=task.code, title=task.title, actor=task.role,
        opens_day=task.opens_day, closes_day=task.closes_day, wording=task.wording,
    )  # fmt: skip


# --- what changed ---------------------------------------------------------------------------------


def same_standard(old: SopDocument, new: SopDocument) -> bool:
    """Whether two documents ask the same of people, whatever their number, change log and price."""
    marks = {old.wording, new.wording} - {""}
    return len(marks) < 2 and same_text(old, new)


def same_text(old: SopDocument, new: SopDocument, exclude: Raw | None = None) -> bool:
    """Whether two documents say the same, a price written out in `old` while it was right being the same as its field."""
    said = package_values(new.facts | {"price_fen": old.price_fen}, new.language)
    one, two = (
        filled_part(each, said).model_dump(mode="json", exclude=exclude or _BESIDE) for each in (old, new)
    )
    return one == two


_BESIDE: Raw = {"number": True, "change_log": True, "wording": True, "facts": True, "price_fen": True}


def changed_parts(old: SopDocument, new: SopDocument) -> Iterator[tuple[str, int | str, str, str, str]]:
    """What differs: (part, number or code, field, before, after), texts as written, "" where there was nothing.

    `part` is "steps" (by number), "missions" (by code) or "" for the document's own fields.
    """
    skipped = {"number", "change_log", "steps", "missions", "code", "package_code", "wording", "facts"}
    for name in SopDocument.model_fields:
        if name not in skipped and getattr(old, name) != getattr(new, name):
            yield "", "", name, _words(getattr(old, name)), _words(getattr(new, name))
    for part, key in (("steps", "no"), ("missions", "code")):
        before = {getattr(one, key): one for one in getattr(old, part)}
        after = {getattr(one, key): one for one in getattr(new, part)}
        for number in sorted({*before, *after}):
            yield from _changed_fields(part, number, before.get(number), after.get(number))


def _changed_fields(
    part: str, number: int | str, old: Part | None, new: Part | None
) -> Iterator[tuple[str, int | str, str, str, str]]:
    one = new or old
    assert one is not None
    for name in type(one).model_fields:
        before, after = (_words(getattr(each, name)) if each else "" for each in (old, new))
        if before != after:
            yield part, number, name, before, after


def _words(value: object) -> str:
    """A field as one text a person can compare."""
    if isinstance(value, Part):
        return " · ".join(
            word for word in (_words(getattr(value, name)) for name in type(value).model_fields) if word
        )
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_words(each)}" for key, each in value.items())
    if isinstance(value, tuple):
        return "\n".join(_words(each) for each in value)
    return "" if value is None else str(value)

"""Messages of a package: when they go out, by which way, in which words, and which words never go out.

A text holds named fields ("{name}") that are picked from `FIELDS`. A field is filled from the moment the message
speaks about, so a field that this moment cannot fill is refused when it is written, not when it is sent. Facts of the
package and the places of the house (`core.packages.facts.filling`) are fields as in any text. The
words that are refused, with their sources, and the sample values: `data/reference/packages/messages.json`.

Lengths of an SMS: 3GPP TS 23.038 and 23.040 (160 characters of the 7-bit alphabet, 153 in each of several
parts; 70 and 67 where any other character occurs).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from core.foundation.language import N_, plural, translator
from core.foundation.reference import reference
from core.packages.facts.filling import FIELD, is_field
from core.packages.fields import Code, Part

SOURCE = "packages/messages"

Trigger = Literal[
    "enrolment", "anchor", "task_opens", "task_closes", "task_done", "appointment", "target_reached", "end"
]
Channel = Literal["page", "sms", "wechat"]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

TRIGGER_NAMES: dict[str, str] = {
    "enrolment": N_("Day of enrolment"),
    "anchor": N_("Anchor date (such as the discharge)"),
    "task_opens": N_("A task opens"),
    "task_closes": N_("Last day of a task"),
    "task_done": N_("A task is done"),
    "appointment": N_("A booked visit"),
    "target_reached": N_("The badge target is reached"),
    "end": N_("Last day of the package"),
}
CHANNEL_NAMES: dict[str, str] = {
    "page": N_("On the patient's page"),
    "sms": N_("SMS"),
    "wechat": N_("WeChat service message"),
}


def moment_text(trigger: str, offset_days: int, language: str) -> str:
    """The moment of a message in words: "the day before: visit", "3 days after: day of enrolment"."""
    _ = translator(language)
    moment, days = _(TRIGGER_NAMES.get(trigger, "")), abs(offset_days)
    if offset_days == -1:
        return _("The day before: {moment}", moment=moment)
    if offset_days < 0:
        return plural(language, "{n} day before: {moment}", "{n} days before: {moment}", days, moment=moment)
    if offset_days:
        return plural(language, "{n} day after: {moment}", "{n} days after: {moment}", days, moment=moment)
    return moment


# Moments that speak about one task.
TASK_TRIGGERS = ("task_opens", "task_closes", "task_done", "appointment")


@dataclass(frozen=True)
class MessageField:
    """One name that may stand in a text. `label` is a catalogue text;
    `private` fields may name an examination and stay out of an SMS; `of` says which moments can fill it
    (empty: every moment)."""

    name: str
    label: str
    private: bool = False
    of: tuple[str, ...] = ()

    def sample(self, language: str) -> str:
        """What a preview shows for it, in `language` ("zh" or "en")."""
        return str(reference(SOURCE)["samples"][self.name][language])


FIELDS: dict[str, MessageField] = {
    field.name: field
    for field in (
        MessageField("name", N_("Name, shortened")),
        MessageField("hospital", N_("Hospital")),
        MessageField("department", N_("Department")),
        MessageField("phone", N_("24-hour telephone")),
        MessageField("link", N_("Link to her page")),
        MessageField("nurse", N_("Her own nurse")),
        MessageField("package", N_("Name of the package"), private=True),
        MessageField("price", N_("Price")),
        MessageField("day", N_("Day after the anchor date")),
        MessageField("week", N_("Week of pregnancy"), private=True),
        MessageField("task", N_("Title of the task"), private=True, of=TASK_TRIGGERS),
        MessageField("tasks", N_("Tasks of the day"), private=True),
        MessageField("opens", N_("First day of the task"), of=TASK_TRIGGERS),
        MessageField("closes", N_("Last day of the task"), of=TASK_TRIGGERS),
        MessageField("date", N_("Day of the visit"), of=("appointment",)),
        MessageField("time", N_("Time of the visit"), of=("appointment",)),
        MessageField("place", N_("Place of the task"), of=TASK_TRIGGERS),
        MessageField("bring", N_("What to bring"), private=True, of=TASK_TRIGGERS),
        MessageField("minutes", N_("Time it takes, in minutes"), of=TASK_TRIGGERS),
        MessageField("badges", N_("Badges earned so far")),
    )
}


_BRACES = re.compile(r"{([^{}]+)}")


@dataclass(frozen=True)
class SmsLength:
    """`characters` as the network counts them, how many fit into one part, and the number of parts."""

    characters: int
    per_part: int
    parts: int


class Message(Part):
    """One text that goes out `offset_days` after its moment (before it, where negative) at `at`, the
    department's time. `task` limits a message about tasks to one of them (by its code); `shows` is the task whose picture
    or film a message on her own page carries."""

    code: Code
    on: bool = True
    trigger: Trigger
    task: Code | None = Field(default=None, validate_default=True)
    offset_days: int = Field(default=0, ge=-365, le=365)
    at: TimeOfDay = "09:00"
    channel: Channel
    shows: Code | None = Field(default=None, validate_default=True)
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]

    @field_validator("task")
    @classmethod
    def _only_moments_of_tasks_name_one(cls, task: str | None, info: ValidationInfo) -> str | None:
        if task is not None and info.data.get("trigger") not in (None, *TASK_TRIGGERS):
            raise PydanticCustomError("task_without_moment", "this moment belongs to no task")
        return task

    @field_validator("shows")
    @classmethod
    def _only_her_page_carries_a_film(cls, shows: str | None, info: ValidationInfo) -> str | None:
        if shows is not None and info.data.get("channel") not in (None, "page"):
            raise PydanticCustomError("film_off_page", "only her own page can show it")
        return shows

    @field_validator("text")
    @classmethod
    def _may_go_out(cls, text: str, info: ValidationInfo) -> str:
        trigger, channel = info.data.get("trigger"), info.data.get("channel")
        for name in fields_in(text):
            kind, known = _field_fault(name, trigger, channel)
            if kind:
                raise PydanticCustomError(kind, "this field cannot stand here", known)
        if {"{", "}"} & {*_BRACES.sub("", text)}:
            raise PydanticCustomError("braces", "a bracket is left open")
        for kind in ("fetal_sex", "diagnosis") if channel == "sms" else ("fetal_sex",):
            word = forbidden_word(text, kind)
            if word:
                # Pydantic wants literal types; they are keys of the messages of `template`.
                fault = "fetal_sex_word" if kind == "fetal_sex" else "diagnosis_word"
                raise PydanticCustomError(fault, "this word may not go out", {"word": word})
        return text


def _field_fault(name: str, trigger: str | None, channel: str | None) -> tuple[str, dict[str, str]]:
    field, known = FIELDS.get(name), {"name": name}
    if field is None and is_field(name):
        # A place may name an examination; on her own page nobody else reads it.
        private = name.startswith("place_") and channel not in (None, "page")
        return ("field_too_private" if private else ""), known
    if field is None:
        return "unknown_field", known
    if field.private and channel == "sms":
        return "field_too_private", known
    if field.of and trigger is not None and trigger not in field.of:
        return "field_never_filled", known
    return "", known


def fields_in(text: str) -> list[str]:
    """The names of the fields of a text, in their order; whatever stands in braces is one, known or not."""
    return _BRACES.findall(text)


def fields_for(trigger: str, channel: str) -> list[MessageField]:
    """The fields that may be picked for a message of this moment and channel."""
    return [field for name, field in FIELDS.items() if not _field_fault(name, trigger, channel)[0]]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields replaced; one without a value stays empty. Values are never read as text with
    fields, so that a name cannot smuggle one in."""
    return FIELD.sub(lambda found: values.get(found[1], ""), text)


def sample_text(text: str, language: str, known: Mapping[str, str] | None = None) -> str:
    """The text as a sample patient would read it, in `language` ("zh" or "en"). `known` is what the house and the package
    know themselves, by field; where they know nothing yet, the field's name stands in brackets."""
    values = {name: field.sample(language) for name, field in FIELDS.items()}
    said = translator(language)
    own = {name: value or f"〔{said(FIELDS[name].label)}〕" for name, value in (known or {}).items()}
    return filled(text, values | own)


def sms_length(text: str) -> SmsLength:
    """How long a text is as an SMS."""
    plain = all(sign in _SEVEN_BIT or sign in _ESCAPED for sign in text)
    if plain:
        characters = len(text) + sum(sign in _ESCAPED for sign in text)
        one, several = 160, 153
    else:
        # Counted in 16-bit units: a rare character or an emoji takes two.
        characters = len(text.encode("utf-16-le")) // 2
        one, several = 70, 67
    if characters <= one:
        return SmsLength(characters, one, 1)
    return SmsLength(characters, several, math.ceil(characters / several))


def forbidden_word(text: str, kind: str) -> str:
    """The first word of `kind` ("fetal_sex" or "diagnosis") in a text, in either language; "" for none."""
    found = _patterns()[kind].search(text)
    return found[0] if found else ""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    known = reference(SOURCE)
    return {
        kind: re.compile(
            "|".join(
                # English words as a whole ("person" holds no "son"), Chinese ones anywhere.
                [*map(re.escape, known[kind]["zh"])]
                + [rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" for word in known[kind]["en"]]
            ),
            re.IGNORECASE,
        )
        for kind in ("fetal_sex", "diagnosis")
    }


_SEVEN_BIT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("^{}\\[~]|€")

"""What differs between two states of a package, as people read it: which field of which task, before and after.

Entries are known by their code (steps by their number), so that a task put in between does not show all that
follow it as changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_, money_text, translator
from core.foundation.open_types import Raw, Value
from core.packages.costing import Costs
from core.packages.exercise_drawings import DRAWINGS
from core.packages.faults.words import Problem
from core.packages.field_names import FIELD_NAMES, SECTION_NAMES
from core.packages.fields import Part
from core.packages.message_texts import CHANNEL_NAMES, TRIGGER_NAMES, Message
from core.packages.parts import (
    ANCHOR_NAMES,
    COUNTED_NAMES,
    EVENT_NAMES,
    EVIDENCE_NAMES,
    HAPPENS_NAMES,
    KIND_NAMES,
    EarningRule,
    Entitlement,
    Material,
    Reward,
    SopStep,
    Task,
)
from core.packages.promise_words import (
    BY_NAMES,
    LEVELS,
    MEANS_NAMES,
    kind_name,
    rule_in_words,
    rung_in_words,
    span_in_words,
)
from core.packages.promises import OFFER_NAMES, Amends, Promise, Sign
from core.packages.refund_rules import CAUSE_NAMES, FROM_NAMES, SHARE_NAMES, WHILE_NAMES, RefundRule

Kind = Literal["changed", "added", "removed", "moved"]

# Codes that mean something else under another name ("text" is a field as well as a way to answer).
_OF_FIELD = {
    "means": MEANS_NAMES,
    "by": BY_NAMES,
    "counted": COUNTED_NAMES,
    "happens": HAPPENS_NAMES,
    "full_from": FROM_NAMES,
    "full_while": WHILE_NAMES,
    "share": SHARE_NAMES,
    "drawing": {name: one.name for name, one in DRAWINGS.items()},
}
_CHOICES = (
    ANCHOR_NAMES
    | EVENT_NAMES
    | EVIDENCE_NAMES
    | KIND_NAMES
    | TRIGGER_NAMES
    | CHANNEL_NAMES
    | ROLE_NAMES
    | LEVELS
    | CAUSE_NAMES
    | OFFER_NAMES
)
_LINES = {"spans": span_in_words, "ladder": rung_in_words}
_WAGES = ("nurse", "doctor", "front_desk", "cashier", "manager")
_LISTS = ("entitlements", "tasks", "rewards", "earning_rules", "messages", "promises", "signs", "amends")
_PARTS: dict[str, type[Part]] = {
    "tasks": Task,
    "entitlements": Entitlement,
    "rewards": Reward,
    "earning_rules": EarningRule,
    "messages": Message,
    "steps": SopStep,
    "costs": Costs,
    "promises": Promise,
    "signs": Sign,
    "material": Material,
    "refund": RefundRule,
    "amends": Amends,
}
# What a field is when it is not written down, so that an older version compares as what it means.
_DEFAULTS: dict[str, Raw] = {
    name: {
        # Plain data has lists where a part has tuples.
        field: list(default)
        if isinstance(default := info.get_default(call_default_factory=True), tuple)
        else default
        for field, info in part.model_fields.items()
        if not info.is_required()
    }
    for name, part in _PARTS.items()
}


@dataclass(frozen=True)
class Change:
    """One difference. `section` is a key of `SECTION_NAMES`; `entry` names what it belongs to ("OGTT", ""
    for the product itself), `field` the field in words; before and after as people read them."""

    section: str
    kind: Kind
    entry: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Stretch:
    """A piece of a text; `marked` where it differs from the other side."""

    text: str
    marked: bool


def compare(old: Raw, new: Raw, language: str) -> list[Change]:
    """All differences between two drafts or documents as plain data, in the order of the editor."""
    found: list[Change] = []
    for section in SECTION_NAMES:
        if section == "product":
            fields = {
                k
                for k in {**old, **new}
                if k in FIELD_NAMES and k not in SECTION_NAMES and not isinstance(new.get(k), (dict, list))
            }
            ordered = [k for k in FIELD_NAMES if k in fields]
            found += _fields(section, "", _only(old, ordered), _only(new, ordered), language)
        elif section in _LISTS:
            found += _entries(section, old, new, language)
        elif section == "sop":
            found += _sop(old.get("sop") or {}, new.get("sop") or {}, language)
        else:
            default = _DEFAULTS.get(section, {})
            one, two = ({**default, **(each.get(section) or {})} for each in (old, new))
            found += _fields(section, "", one, two, language, (old, new))
    return found


def where_in_words(problem: Problem, draft: Raw, language: str) -> tuple[str, str]:
    """The section a problem belongs to (a key of `SECTION_NAMES`) and its place in words: "OGTT · Title"."""
    _ = translator(language)
    steps = problem.where.split(".")
    section = steps[0] if steps[0] in SECTION_NAMES else "product"
    found: Value = draft
    entry, field = "", ""
    for step in steps:
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
            # The task, not its rule; the kind of promise, not its span.
            entry = entry or _name(found, int(step), language)
        else:
            found = found.get(step) if isinstance(found, dict) else None
            field = _(FIELD_NAMES[step]) if step in FIELD_NAMES else field
    words = " · ".join(part for part in (entry, field) if part)
    return section, words or _(SECTION_NAMES[section])


def marked(before: str, after: str) -> tuple[list[Stretch], list[Stretch]]:
    """Both texts in pieces, with what differs marked: by characters, and by words where there are spaces."""
    one, two = _pieces(before), _pieces(after)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if a != b:
            left.append(Stretch("".join(one[a:b]), tag != "equal"))
        if c != d:
            right.append(Stretch("".join(two[c:d]), tag != "equal"))
    return left, right


# --- inner ----------------------------------------------------------------------------------------


def _only(values: Raw, names: list[str]) -> Raw:
    return {name: values.get(name) for name in names}


# Fields that point at an entry of one of the lists by its code: codes are compared, names are shown.
_POINTERS = {
    "earns": "earning_rules", "task": "tasks", "tasks": "tasks", "shows": "tasks", "full_until": "tasks",
    "reward_code": "rewards", "entitlement": "entitlements",
}  # fmt: skip


def _named(field: str, value: Value, whole: Raw) -> Value:
    """What a field points at as people know it: by its title, and where another bears the same one by its place as well."""
    if field not in _POINTERS:
        return value
    listed = whole.get(_POINTERS[field]) or []
    titles = [_title(one) for one in listed]
    names = {
        one.get("code"): title if titles.count(title) == 1 else f"{title} · {at}"
        for at, (one, title) in enumerate(zip(listed, titles, strict=True), start=1)
        if title
    }
    return [names.get(one, one) for one in value] if isinstance(value, list) else names.get(value, value)


def _entries(section: str, old: Raw, new: Raw, language: str) -> Iterator[Change]:
    """The differences of one list of two drafts, or of the steps of two SOPs."""
    default = _DEFAULTS.get(section, {})
    before, after = (
        {_key(one, at): {**default, **one} for at, one in enumerate(each.get(section) or [])}
        for each in (old, new)
    )
    for key, one in before.items():
        if key not in after:
            gone = _name(one, 0, language)
            yield Change(section, "removed", gone, "", gone, "")
    common = [key for key in after if key in before]
    stayed = _unmoved([key for key in before if key in after], common)
    for at, (key, two) in enumerate(after.items(), start=1):
        name = _name(two, at - 1, language)
        if key not in before:
            yield Change(section, "added", name, "", "", name)
            continue
        yield from _fields(section, name, before[key], two, language, (old, new))
        if key not in stayed:
            place = list(before).index(key) + 1
            yield Change(section, "moved", name, "", str(place), str(at))


def _unmoved(old: list[str], new: list[str]) -> set[str]:
    """The longest run of entries whose order stayed; the others were moved."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {key for block in matcher.get_matching_blocks() for key in old[block.a : block.a + block.size]}


def _sop(old: Raw, new: Raw, language: str) -> Iterator[Change]:
    yield from _entries("steps", old, new, language)
    rest = [name for name in {**old, **new} if name != "steps"]
    yield from _fields("sop", "", _only(old, rest), _only(new, rest), language)


def _fields(
    section: str, entry: str, old: Raw, new: Raw, language: str, wholes: tuple[Raw, Raw] = ({}, {})
) -> Iterator[Change]:
    """The fields of one part that differ; `wholes` are both drafts, for the names of what a field points at."""
    _ = translator(language)
    shown = "sop" if section == "steps" else section
    for name in {**old, **new}:
        if _whole(name, old.get(name)) == _whole(name, new.get(name)):
            continue
        before, after = (
            _part_in_words(name, {**each, name: _named(name, each.get(name), whole)}, language)
            for each, whole in zip((old, new), wholes, strict=True)
        )
        yield Change(shown, "changed", entry, _(FIELD_NAMES.get(name, name)), before, after)


def _whole(name: str, value: Value) -> Value:
    """A part within a part with the fields that an older version did not know yet."""
    return {**_DEFAULTS["material"], **value} if name == "material" and isinstance(value, dict) else value


def _part_in_words(name: str, whole: Raw, language: str) -> str:
    """One field of a part; rules, spans and steps of a ladder as the lines they are read as."""
    value = whole.get(name)
    if name == "rules":
        told = (
            ". ".join(part for part in (rule_in_words(rule, whole, language), rule.get("advice")) if part)
            for rule in value or []
        )
        return "\n".join(told)
    if name in _LINES:
        return "\n".join(_LINES[name](one, language) for one in value or [])
    return value_in_words(name, value, language)


def value_in_words(name: str, value: Value, language: str) -> str:
    """A value as people read it: money in yuan, choices by their names, nothing as nothing."""
    _ = translator(language)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _(N_("yes")) if value else _(N_("no"))
    if isinstance(value, int) and (name.endswith("_fen") or name in _WAGES):
        return money_text(value, language)
    if isinstance(value, (list, tuple)):
        return "\n".join(value_in_words("", each, language) for each in value)
    if isinstance(value, dict):
        inner = ((key, value_in_words(key, each, language)) for key, each in value.items())
        return " · ".join(words if key in ("text", "name") else f"{_(FIELD_NAMES.get(key, key))}: {words}"
                          for key, words in inner if words)  # fmt: skip
    choices = _OF_FIELD.get(name, _CHOICES)
    return _(choices[value]) if isinstance(value, str) and value in choices else str(value)


def _key(entry: Value, at: int) -> str:
    if isinstance(entry, dict):
        return str(entry.get("code") or entry.get("no") or (entry.get("kind") if _of_promise(entry) else at))
    return str(at)


def _of_promise(entry: Raw) -> bool:
    """Whether an entry is a promise, or what follows when one was missed: there is one of each kind."""
    return "spans" in entry or "apology" in entry


def _name(entry: Value, at: int, language: str) -> str:
    if not isinstance(entry, dict):
        return str(at + 1)
    if _of_promise(entry):
        return kind_name(entry.get("kind"), language)
    return " · ".join(str(part) for part in (entry.get("no"), _title(entry) or at + 1) if part)


def _title(entry: Raw) -> str:
    """What people call an entry: its title or name, else the first of its words that say something by themselves."""
    if called := entry.get("title") or entry.get("name"):
        return str(called)
    pieces = [one.strip(_BESIDE) for one in _ENDS.split(entry.get("action") or entry.get("text") or "")]
    words = next((one for one in pieces if len(one.encode()) >= _SAYS_SOMETHING), max(pieces, key=len))
    return words if len(words) <= _TITLE else words[:_TITLE].rsplit(" ", 1)[0] + "…"


# A title made of words ends at a field or a stop; "to" and "大约" between two fields are none.
_ENDS = re.compile(r"{[^{}]*}|[{}]|[。！？!?\n]|\.(?=\s|$)")
_BESIDE = " ,，、:：;；+"
_SAYS_SOMETHING, _TITLE = 8, 30


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for sign in text:
        if pieces and sign.isascii() and sign.isalnum() and pieces[-1].isascii() and pieces[-1].isalnum():
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces

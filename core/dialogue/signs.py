"""The signs of a package: what she can tick under "something is wrong", and what is promised for each level.

A version sold before signs and promises were fields says both in the escalation lines of its SOP; those are read then,
but only for packages that care for a body (counted from a pregnancy, an operation or a discharge): the escalation of a
points account is no symptom.
"""

from __future__ import annotations

import re

from core.packages.document import PackageDocument
from core.packages.parts import Escalation
from core.packages.promises import Promise, Rung, Sign, Span

LEVELS = ("red", "orange", "yellow")
CARING_TASKS = frozenset({"visit", "exercise", "self_check", "alert"})
ROUND_THE_CLOCK = (Span(opens="00:00", closes="24:00"),)
# How far into the minutes the second person and the managers hear of it, where no ladder was written.
SECOND, MANAGERS = 0.5, 0.8
_BETWEEN = re.compile(r"[;；]")
LONGEST = 200


def signs_of(document: PackageDocument) -> tuple[Sign, ...]:
    """What can be ticked, the most urgent first."""
    if document.signs:
        return tuple(sorted(document.signs, key=lambda sign: LEVELS.index(sign.level)))
    if not _cares(document):
        return ()
    found: list[Sign] = []
    for line in sorted(document.sop.escalation, key=lambda one: LEVELS.index(one.level)):
        for text in (part.strip(" 。.") for part in _BETWEEN.split(line.signs)):
            if text:
                code = f"{line.level}_{len(found) + 1}"
                found.append(Sign(code=code, level=line.level, text=text[:LONGEST]))
    return tuple(found)


def promised(document: PackageDocument, kind: str) -> Promise | None:
    """The promise of a kind; without any written promise the one its escalation line makes for that level."""
    if document.promises or not _cares(document):
        return document.promised(kind)
    line = next((one for one in document.sop.escalation if one.level == kind and one.within_minutes), None)
    return _of(line) if line else None


def promises_of(document: PackageDocument) -> tuple[Promise, ...]:
    """Every promise that counts: the written ones, else those of the escalation lines."""
    unwritten = (promised(document, kind) for kind in ("orange", "yellow"))
    return document.promises or tuple(one for one in unwritten if one is not None)


def worst(levels: list[str]) -> str:
    """The most urgent of some levels, "" for none."""
    return min(levels, key=LEVELS.index, default="")


def _of(line: Escalation) -> Promise:
    minutes = line.within_minutes
    if line.level == "yellow":
        return Promise(kind="yellow", minutes=minutes, by="nurse", spans=ROUND_THE_CLOCK)
    ladder = (
        Rung(to="second", after=int(minutes * SECOND)),
        Rung(to="manager", after=int(minutes * MANAGERS)),
    )
    return Promise(
        kind="orange", minutes=minutes, by="doctor", spans=ROUND_THE_CLOCK,
        warn=max(1, minutes // 3), ladder=ladder,
    )  # fmt: skip


def _cares(document: PackageDocument) -> bool:
    counted = document.anchor != "enrolment"
    return counted and any(task.on and task.kind in CARING_TASKS for task in document.tasks)

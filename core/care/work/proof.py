"""What shows that a task was done: the ticks of its checklist and a note, as one text. Pure.

A required item is one that is always offered and explained; it is never forced on anybody, so a reason does as well. A value
that is measured is no note: only as a value is it judged by the rules of its task.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from core.foundation import reasons
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.packages.parts import Task

MOST = reasons.LONGEST_NOTE
_NUMBER = re.compile(r"(?<![A-Za-z0-9.,:/-])[0-9]{1,4}(?:[.,][0-9]+)?(?![0-9:/-])")
# "42.5 days" counts something else, whatever the measure: a word of counting or a foreign unit behind the number.
_COUNTED = re.compile(
    r"[a-z%°]|天|周|年|岁|个|小时|分|秒|页|张|号|床|楼|层|片|粒|元|块|折|倍|度|米|升|克|斤|公[里分斤]|千克|厘米|毫[升克米]|千米"
)
# How a unit is written as well.
_ALSO = {
    "kg": ("公斤", "千克"),
    "g": ("克",),
    "cm": ("厘米", "公分"),
    "mmhg": ("毫米汞柱",),
    "°c": ("度", "摄氏度", "°"),
}
_NAMED = 2  # items that a sentence names


@dataclass(eq=False)
class NotTicked(Refusal):
    """Required items of the list are open, and no note says why."""

    items: tuple[str, ...]
    message = N_("{items}: not ticked. Tick what was done, or write in the note why not.")
    field = "ticked"

    def text(self, language: str) -> str:
        _ = translator(language)
        between = "、" if language == "zh" else ", "
        named = between.join(self.items[:_NAMED])
        more = len(self.items) - _NAMED
        if more > 0:
            named = _("{items} and {n} more", items=named, n=more)
        return _(self.message, items=named)


@dataclass(eq=False)
class ValueInWords(Refusal):
    value: str
    message = N_("{value} looks like the measured value. Enter it in its own field: only there is it judged.")
    field = "evidence"


def proof(written: Task, ticked: Collection[int] | None, note: str) -> str:
    """What is kept of it, at most `MOST` characters: the items ticked by position (1 the first; None: nobody was shown the
    list), then the note.

    Refuses a note that is too long, required items that are open without a note (`NotTicked`), and a note that holds the
    value this task measures (`ValueInWords`).
    """
    note = reasons.remark(note, most=MOST, field="evidence")
    if value := _value_in(written, note):
        raise ValueInWords(value)
    if ticked is None or written.evidence != "checklist":
        return note
    places = range(1, len(written.checklist) + 1)
    missing = tuple(
        written.checklist[at - 1].text
        for at in places
        if at not in ticked and written.checklist[at - 1].required
    )
    if not note and (missing or not any(at in ticked for at in places)):
        raise NotTicked(missing or tuple(item.text for item in written.checklist))
    items = " · ".join(written.checklist[at - 1].text for at in places if at in ticked)
    if not items or not note:
        return items[:MOST] or note
    # The note is what somebody wrote; of a long list its beginning is enough, the whole stands in the package.
    return f"{items[: max(0, MOST - len(note) - 3)]} · {note}"[-MOST:]


def _value_in(written: Task, note: str) -> str:
    """A number of the note that is what this task measures, as it was written; "" where there is none: it lies within what
    is possible, and has the unit behind it, or stands alone, or has a decimal point where the measure has one and counts
    nothing else."""
    measure = written.measure
    if written.evidence != "value" or measure is None:
        return ""
    text = _usual(note)
    unit = _usual(measure.unit)
    units = (unit, *_ALSO.get(unit, ()))
    for found in _NUMBER.finditer(text):
        if not measure.low <= float(found[0].replace(",", ".")) <= measure.high:
            continue
        behind = text[found.end() :].lstrip()
        exact = measure.decimals > 0 and not found[0].isdigit() and not _COUNTED.match(behind)
        if exact or found[0] == text or behind.startswith(units):
            return found[0]
    return ""


def _usual(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()

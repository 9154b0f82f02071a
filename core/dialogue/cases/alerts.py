""" "Something is wrong": she ticks signs or writes, and what cannot wait becomes an alert.

120 comes first on every screen of it. Red: she is told to call 120 now, the duty doctor hears of it as well. Orange: a
doctor answers within the promised minutes. Yellow: the nurse looks today. Where nothing is promised, or the package has
ended, nothing is taken, because nobody would own it.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.dialogue.authors import author_of
from core.dialogue.cases.cases import heard, note, open_case, unsettled
from core.dialogue.cases.thread import LONGEST as LONGEST_POST
from core.dialogue.cases.thread import post
from core.dialogue.clocks.promises import promise_of
from core.dialogue.course import Course, running_courses
from core.dialogue.signs import LEVELS, signs_of, worst
from core.dialogue.tables import CaseRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.people.patients import get_patient

REPORTED = declare("case.reported", N_("Something is wrong reported"), ("signs", "words"))
LONGEST = 1000


@dataclass(eq=False)
class NothingTicked(Refusal):
    message = N_("Please tick what is so, or write it in a few words. In an emergency call 120 first.")
    field = "signs"


@dataclass(eq=False)
class NobodyWouldAnswer(Refusal):
    message = N_("Nobody watches this page just now. Please call 120 in an emergency, or call us.")


@deed("patient.self")
def report(stamp: Stamp, *, signs: list[str], words: str = "") -> dict[str, str | int]:
    """What she ticked (codes of `signs_of`) and wrote; returns {"case_id", "level"}.

    Words alone are read as urgent, since nobody can sort them before reading. A second report joins the alert that waits
    and can only raise its level. Refuses nothing at all, an ended or silenced course, words too long, and a level for
    which nothing is promised.
    """
    patient_id = int(stamp.actor.id or 0)
    get_patient(stamp, patient_id, speaking=True)
    running = running_courses(stamp, patient_id)
    if not running:
        raise NobodyWouldAnswer
    # Of two packages that run each has its signs; the course of the most urgent one is what this is about.
    found = [(one, sign) for one in running for sign in signs_of(one.terms) if sign.code in set(signs)]
    course = min(found, key=lambda each: LEVELS.index(each[1].level))[0] if found else None
    course = course or next((one for one in running if signs_of(one.terms)), running[0])
    ticked = list({sign.text: sign for _course, sign in found}.values())
    words = reasons.remark(words, most=LONGEST, field="words")
    if not ticked and not words:
        raise NothingTicked
    level = worst([sign.level for sign in ticked]) or "orange"
    kind = "sign" if level == "yellow" else "alert"
    if promise_of(course, kind, level) is None:
        raise NobodyWouldAnswer
    texts = [sign.text for sign in ticked]
    case = _joined(stamp, course, kind, level, texts) or open_case(
        stamp, course, kind, level=level, why=texts
    )
    listed = translator(course.terms.language)("; ").join(texts)[: LONGEST_POST - len(words) - 1]
    said = "\n".join(part for part in (listed, words) if part)
    post(stamp, course, author_of(stamp), said, case.id)
    stamp.audit(
        REPORTED, ("case", case.id),
        after={"patient_id": patient_id, "code": case.code, "level": level, "signs": texts, "words": words},
    )  # fmt: skip
    return {"case_id": case.id, "level": case.level}


def _joined(stamp: Stamp, course: Course, kind: str, level: str, texts: list[str]) -> CaseRow | None:
    """The case that waits already, with what is new; a yellow sign joins an alert, too."""
    case = unsettled(stamp, course.enrolment_id, "alert")
    if case is None and kind == "sign":
        case = unsettled(stamp, course.enrolment_id, "sign")
    if case is None:
        return None
    case.why = [*case.why, *(text for text in texts if text not in case.why)]
    if LEVELS.index(level) < LEVELS.index(case.level):
        case.level = level
        note(stamp, case.id, "raised", level)
    heard(stamp, case, course)
    return case

"""Entitlements count themselves: what was bought, what of it was used, by whom and when, what is left.

A use is a recorded fact (a task done, a film commented, an evening on which her question was answered, a call that
reached her, a dose set for her), found when it is asked for, so that a mark taken back takes its use back as well. Only
what no fact tells is written down (`entitlement_marks`): a use by hand, a counted use taken back with a reason, one more
given. How many were bought stands in the version she bought; by which fact they count in the rules that count for her.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from core.care.tables import TaskRow
from core.dialogue.answers.tables import DoseRow
from core.dialogue.cases.calls import SPOKEN
from core.dialogue.course import Course, course_of, latest_course, running_courses
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.tables import CallRow, CaseEventRow, CaseRow
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.packages.parts import Entitlement
from core.people.patients import UnknownPatient, heard_since
from core.people.tables import StaffRow
from core.settlement.tables import EntitlementMarkRow

MOST = 1000  # facts of one kind that are looked through; an entitlement counts no further
HAND, GIVEN = "hand", "given"
# What an answer to a case of a kind uses.
_USED_BY_CASE: Mapping[str, tuple[str, ...]] = {"question": ("evening", "call"), "film": ("film",)}


@dataclass(frozen=True)
class Use:
    """One use. `source` is a key of `parts.COUNTED_NAMES`, `ref` the number of its fact (of a mark for "hand"; the day as
    20260305 where several facts of a day are one use); `by` the name of who gave it. `taken_back` is the reason for
    which it does not count, "" where it does."""

    source: str
    ref: int
    day: date
    by: str
    note: str = ""
    taken_back: str = ""


@dataclass(frozen=True)
class Right:
    """One entitlement of a course: `count` bought, `gifts` given on top of it (uses of source "given"), and every use of
    it, the oldest first. `used` may lie above `of`: what was done beyond what was bought is not hidden."""

    code: str
    name: str
    count: int
    counted: str
    value_fen: int
    uses: tuple[Use, ...]
    gifts: tuple[Use, ...] = ()

    @property
    def used(self) -> int:
        return sum(not use.taken_back for use in self.uses)

    @property
    def of(self) -> int:
        return self.count + len(self.gifts)

    @property
    def left(self) -> int:
        return max(0, self.of - self.used)


@dataclass(frozen=True)
class OwnRights:
    """What her phone shows: the package, until when it ran (None while it runs), what it includes."""

    package: str
    ended_on: date | None
    rights: tuple[Right, ...]


@question("patient.self")
def own_rights(look: Look) -> list[OwnRights]:
    """What each running package of the asking patient includes and what of it was used; without a running one, the same
    of the last that ended. Empty for somebody who never had one. Refuses `UnknownPatient`."""
    if look.actor.id is None:
        raise UnknownPatient
    running = running_courses(look, look.actor.id)
    if running:
        return [OwnRights(one.sold.name, None, rights_of(look, one)) for one in running]
    course = latest_course(look, look.actor.id)
    if course is None:
        return []
    since = heard_since(look, look.actor.id)
    if course.ended_on is not None and course.ended_on <= day_of(since, look.zone):
        return []  # of before a silence that she ended: nothing of it is shown to her again
    return [OwnRights(course.sold.name, course.ended_on, rights_of(look, course))]


@question("reply.read")
def rights_of_case(look: Look, *, case_id: int) -> tuple[Right, ...]:
    """The entitlements that an answer to this case uses: the comment for a film, the evening or the call for a question;
    none for an alert, which costs her nothing."""
    case = look.session.get(CaseRow, case_id)
    if case is None or case.kind not in _USED_BY_CASE:
        return ()
    course = course_of(look, case.enrolment_id)
    return rights_of(look, course, _USED_BY_CASE[case.kind])


@question("patient.read")
def rights(look: Look, *, enrolment_id: int) -> tuple[Right, ...]:
    """What a course includes and what of it was used. Refuses `NoRunningCourse` for an unknown enrolment."""
    return rights_of(look, course_of(look, enrolment_id))


def rights_of(look: Look, course: Course, counted: Collection[str] = ()) -> tuple[Right, ...]:
    """The same for a course at hand, with `counted` only what counts in one of these ways; without a query where the
    package includes nothing of it."""
    rules = {one.code: one for one in course.terms.entitlements}
    bought = {one.code: (one, rules.get(one.code, one)) for one in course.sold.entitlements}
    if counted:
        bought = {code: pair for code, pair in bought.items() if pair[1].counted in counted}
    if not bought:
        return ()
    kinds: set[str] = {rule.counted for _one, rule in bought.values()}
    known = [rule for _one, rule in bought.values()]
    facts = {kind: _FACTS[kind](look, course, known) for kind in kinds & _FACTS.keys()}
    marks = _marks(look, course.enrolment_id)
    return tuple(_right(one, rule, facts.get(rule.counted, ()), marks) for one, rule in bought.values())


# --- inner ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fact:
    ref: int
    day: date
    by: str
    task: str = ""


@dataclass(frozen=True)
class _Mark:
    row: EntitlementMarkRow
    by: str


def _marks(look: Look, enrolment_id: int) -> list[_Mark]:
    rows = look.session.execute(
        select(EntitlementMarkRow, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == EntitlementMarkRow.staff_id)
        .where(EntitlementMarkRow.enrolment_id == enrolment_id, EntitlementMarkRow.undone_at.is_(None))
        .order_by(EntitlementMarkRow.id)
        .limit(MOST)
    )
    return [_Mark(row, by or "") for row, by in rows]


def _right(bought: Entitlement, rule: Entitlement, facts: Iterable[_Fact], marks: list[_Mark]) -> Right:
    own = [mark for mark in marks if mark.row.code == bought.code]
    back = {(mark.row.source, mark.row.ref): mark.row.note for mark in own if mark.row.kind == "taken_back"}
    codes = set(rule.tasks)
    counted = [
        Use(rule.counted, fact.ref, fact.day, fact.by, taken_back=back.get((rule.counted, fact.ref), ""))
        for fact in facts
        if rule.counted != "task" or fact.task in codes
    ]
    by_hand = [
        Use(
            HAND, mark.row.id, mark.row.day, mark.by, mark.row.note,
            taken_back=back.get((HAND, mark.row.id), ""),
        )
        for mark in own if mark.row.kind == "used"
    ]  # fmt: skip
    gifts = [
        Use(GIVEN, mark.row.id, mark.row.day, mark.by, mark.row.note)
        for mark in own
        if mark.row.kind == "given"
    ]
    return Right(
        bought.code,
        bought.name,
        bought.count,
        rule.counted,
        bought.value_fen or rule.value_fen,
        tuple(sorted([*counted, *by_hand], key=lambda use: (use.day, use.source, use.ref))),
        tuple(gifts),
    )


def _tasks(look: Look, course: Course, rules: list[Entitlement]) -> list[_Fact]:
    by_instance = {
        instance: code
        for code in {code for one in rules if one.counted == "task" for code in one.tasks}
        if course.sold.knows(code)
        for instance in course.sold.task(code).instance_codes
    }
    if not by_instance:
        return []
    rows = look.session.execute(
        select(TaskRow.id, TaskRow.code, TaskRow.done_on, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == TaskRow.done_by)
        .where(
            TaskRow.enrolment_id == course.enrolment_id,
            TaskRow.state == "done",
            TaskRow.code.in_(sorted(by_instance)),
        )
        .order_by(TaskRow.id)
        .limit(MOST)
    )
    return [_Fact(number, done, by or "", by_instance[code]) for number, code, done, by in rows if done]


def _films(look: Look, course: Course, _rules: list[Entitlement]) -> list[_Fact]:
    rows = look.session.execute(
        select(RecordingRow.id, FilmReviewRow.at, StaffRow.name)
        .join(FilmReviewRow, FilmReviewRow.recording_id == RecordingRow.id)
        .outerjoin(StaffRow, StaffRow.id == FilmReviewRow.staff_id)
        .where(RecordingRow.patient_id == course.patient_id, RecordingRow.enrolment_id == course.enrolment_id)
        .order_by(RecordingRow.id)
        .limit(MOST)
    )
    return [_Fact(number, day_of(at, look.zone), by or "") for number, at, by in rows]


def _evenings(look: Look, course: Course, _rules: list[Entitlement]) -> list[_Fact]:
    """One for each day on which a question of hers was answered; closing one without an answer is none."""
    rows = look.session.execute(
        select(CaseEventRow.at, StaffRow.name)
        .join(CaseRow, CaseRow.id == CaseEventRow.case_id)
        .outerjoin(StaffRow, StaffRow.id == CaseEventRow.staff_id)
        .where(
            CaseRow.enrolment_id == course.enrolment_id,
            CaseRow.kind == "question",
            CaseEventRow.kind == "answered",
        )
        .order_by(CaseEventRow.id)
        .limit(MOST)
    )
    return _daily(((at, by) for at, by in rows), look)


def _calls(look: Look, course: Course, _rules: list[Entitlement]) -> list[_Fact]:
    """Calls in which somebody spoke with us, at her question or without a case: a call after an alert or a silence is
    ours, not one of hers."""
    rows = look.session.execute(
        select(CallRow.id, CallRow.at, StaffRow.name)
        .outerjoin(CaseRow, CaseRow.id == CallRow.case_id)
        .outerjoin(StaffRow, StaffRow.id == CallRow.staff_id)
        .where(
            CallRow.patient_id == course.patient_id,
            CallRow.enrolment_id == course.enrolment_id,
            CallRow.outcome.in_(SPOKEN),
            or_(CallRow.case_id.is_(None), CaseRow.kind == "question"),
        )
        .order_by(CallRow.id)
        .limit(MOST)
    )
    return [_Fact(number, day_of(at, look.zone), by or "") for number, at, by in rows]


def _doses(look: Look, course: Course, _rules: list[Entitlement]) -> list[_Fact]:
    """One for each day on which doses were set, however many tasks they were for."""
    rows = look.session.execute(
        select(DoseRow.at, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == DoseRow.staff_id)
        .where(DoseRow.enrolment_id == course.enrolment_id)
        .order_by(DoseRow.id)
        .limit(MOST)
    )
    return _daily(((at, by) for at, by in rows), look)


def _daily(facts: Iterable[tuple[datetime, str | None]], look: Look) -> list[_Fact]:
    days: dict[date, str] = {}
    for at, by in facts:
        days.setdefault(day_of(at, look.zone), by or "")
    return [_Fact(int(f"{day:%Y%m%d}"), day, by) for day, by in days.items()]


_FACTS: Mapping[str, Callable[[Look, Course, list[Entitlement]], list[_Fact]]] = {
    "task": _tasks,
    "film": _films,
    "evening": _evenings,
    "call": _calls,
    "dose": _doses,
}

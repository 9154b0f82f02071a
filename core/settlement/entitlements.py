"""Entitlements count themselves: what was bought, what of it was used, by whom and when, what is left.

A use is a recorded fact (a task done, a film commented, an evening on which her question was answered, a call that
reached her, a dose set for her), found when it is asked for, so that a mark taken back takes its use back as well. Only
what no fact tells is written down (`entitlement_marks`): a use by hand, a counted use taken back with a reason, one more
given. How many were bought stands in the version she bought; by which fact they count in the rules that count for her.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from core.care.tables import TaskRow
from core.dialogue.answers.tables import DoseRow
from core.dialogue.cases.calls import SPOKEN
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import Course, course_of
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.tables import CallRow, CaseRow
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.packages.parts import Entitlement
from core.people.tables import StaffRow
from core.settlement.tables import EntitlementMarkRow

MOST = 1000  # facts of one kind that are looked through; an entitlement counts no further


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
    """One entitlement of a course: `count` bought, `given` on top of it, and every use of it, the oldest first."""

    code: str
    name: str
    count: int
    given: int
    counted: str
    value_fen: int
    uses: tuple[Use, ...]

    @property
    def used(self) -> int:
        return sum(not use.taken_back for use in self.uses)

    @property
    def of(self) -> int:
        return self.count + self.given

    @property
    def left(self) -> int:
        return max(0, self.of - self.used)


@question("patient.read")
def rights(look: Look, *, enrolment_id: int) -> tuple[Right, ...]:
    """What a course includes and what of it was used. Refuses `NoRunningCourse` for an unknown enrolment."""
    return rights_of(look, course_of(look, enrolment_id))


def rights_of(look: Look, course: Course) -> tuple[Right, ...]:
    """The same for a course at hand; without a query where the package includes nothing that is counted."""
    bought = course.sold.entitlements
    if not bought:
        return ()
    rules = {one.code: one for one in course.terms.entitlements}
    by_code = {one.code: rules.get(one.code, one) for one in bought}
    facts: dict[str, list[_Fact]] = {}
    for kind in {one.counted for one in by_code.values()} & _FACTS.keys():
        facts[kind] = _FACTS[kind](look, course)
    marks = list(
        look.session.execute(
            select(EntitlementMarkRow, StaffRow.name)
            .outerjoin(StaffRow, StaffRow.id == EntitlementMarkRow.staff_id)
            .where(
                EntitlementMarkRow.enrolment_id == course.enrolment_id, EntitlementMarkRow.undone_at.is_(None)
            )
            .order_by(EntitlementMarkRow.id)
            .limit(MOST)
        )
    )
    return tuple(
        _right(one, by_code[one.code], facts, [m for m in marks if m[0].code == one.code]) for one in bought
    )


# --- inner ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fact:
    ref: int
    day: date
    by: str
    task: str = ""


def _right(
    bought: Entitlement,
    rule: Entitlement,
    facts: Mapping[str, list[_Fact]],
    marks: list[tuple[EntitlementMarkRow, str | None]],
) -> Right:
    back = {(mark.source, mark.ref): mark.note for mark, _by in marks if mark.kind == "taken_back"}
    codes = set(rule.tasks)
    counted = [
        Use(rule.counted, fact.ref, fact.day, fact.by, taken_back=back.get((rule.counted, fact.ref), ""))
        for fact in facts.get(rule.counted, ())
        if rule.counted != "task" or fact.task in codes
    ]
    by_hand = [
        Use("hand", mark.id, mark.day, by or "", mark.note) for mark, by in marks if mark.kind == "used"
    ]
    uses = sorted([*counted, *by_hand], key=lambda use: (use.day, use.source, use.ref))
    given = sum(mark.kind == "given" for mark, _by in marks)
    return Right(
        bought.code,
        bought.name,
        bought.count,
        given,
        rule.counted,
        bought.value_fen or rule.value_fen,
        tuple(uses),
    )


def _tasks(look: Look, course: Course) -> list[_Fact]:
    codes = {code for one in course.terms.entitlements if one.counted == "task" for code in one.tasks}
    by_instance = {
        instance: code
        for code in codes
        if course.sold.knows(code)
        for instance in course.sold.task(code).instance_codes
    }
    rows = look.session.execute(
        select(TaskRow.id, TaskRow.code, TaskRow.done_on, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == TaskRow.done_by)
        .where(
            TaskRow.enrolment_id == course.enrolment_id,
            TaskRow.state == "done",
            TaskRow.code.in_(sorted(by_instance)),
        )
        .limit(MOST)
    )
    return [_Fact(number, done, by or "", by_instance[code]) for number, code, done, by in rows if done]


def _films(look: Look, course: Course) -> list[_Fact]:
    rows = look.session.execute(
        select(RecordingRow.id, FilmReviewRow.at, StaffRow.name)
        .join(FilmReviewRow, FilmReviewRow.recording_id == RecordingRow.id)
        .outerjoin(StaffRow, StaffRow.id == FilmReviewRow.staff_id)
        .where(RecordingRow.patient_id == course.patient_id, RecordingRow.enrolment_id == course.enrolment_id)
        .limit(MOST)
    )
    return [_Fact(number, day_of(at, look.zone), by or "") for number, at, by in rows]


def _evenings(look: Look, course: Course) -> list[_Fact]:
    """One for each day on which a question of hers was answered."""
    rows = look.session.execute(
        select(PromiseRunRow.met_at, StaffRow.name)
        .join(CaseRow, CaseRow.id == PromiseRunRow.case_id)
        .outerjoin(StaffRow, StaffRow.id == PromiseRunRow.met_by)
        .where(
            CaseRow.enrolment_id == course.enrolment_id,
            CaseRow.kind == "question",
            PromiseRunRow.met_at.is_not(None),
        )
        .order_by(PromiseRunRow.met_at)
        .limit(MOST)
    )
    return _daily(((at, by) for at, by in rows if at), look)


def _calls(look: Look, course: Course) -> list[_Fact]:
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
        .limit(MOST)
    )
    return [_Fact(number, day_of(at, look.zone), by or "") for number, at, by in rows]


def _doses(look: Look, course: Course) -> list[_Fact]:
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


_FACTS: Mapping[str, Callable[[Look, Course], list[_Fact]]] = {
    "task": _tasks,
    "film": _films,
    "evening": _evenings,
    "call": _calls,
    "dose": _doses,
}

"""Today on her phone: each thing she does herself with its act, what she has entered, and what becomes of it.

Nothing is ever "overdue": what can still be noted is offered, what is over is not shown. Tasks of the staff are none
of these; her next visit stands beside the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import or_, select

from core.care.plan.due_and_late import State, band, grace_of
from core.care.tables import TaskRow
from core.dialogue.answers.answer_cases import gaps, stem_of
from core.dialogue.answers.answer_checks import bounds, main_kind, most_photos
from core.dialogue.answers.answer_photos import held_photos
from core.dialogue.answers.answer_signs import LEVELS
from core.dialogue.answers.answer_terms import measure_of
from core.dialogue.answers.answers import Answer, answers_of, entered
from core.dialogue.answers.doses import doses_of, of_her
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import Course, course_of
from core.dialogue.films.corrections import Correction, corrections
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.packages.answer_rules import Measure
from core.packages.parts import Dose
from core.people.tables import PatientRow, StaffRow
from core.phone.journey import Journey, Mission
from core.phone.journey import journey as journey_of

# The words under the large buttons; the bands are the pain scale's (`clinical.scales`: 0, 1-3, 4-6, 7-10).
PAIN_WORDS: dict[int, str] = {
    0: N_("no pain"),
    1: N_("mild"),
    4: N_("moderate"),
    7: N_("severe"),
    10: N_("the worst"),
}
PAIN = ("痛", "疼", "pain")
URGENT = ("orange", "red")


@dataclass(frozen=True)
class Watch:
    """Who looks at what she entered. `state` as of a case (`cases`), `due_at` the promised instant where one was given,
    `role` who answers it (nurse, doctor), `taken_by` who has it already ("" for nobody)."""

    kind: str
    level: str
    state: str
    due_at: datetime | None
    role: str
    taken_by: str


@dataclass(frozen=True)
class Said:
    """An answer that stands: `text` as people read it ("36.6 ℃"), `advice` of the rules it met, `may_change` today."""

    kind: str
    text: str
    number: float | None
    ticks: tuple[int, ...]
    words: str
    at: datetime
    by: str
    author: str
    level: str
    advice: tuple[str, ...]
    may_change: bool


@dataclass(frozen=True)
class Thing:
    """One thing of hers. `kind` is how it is answered (`answer_checks.main_kind`), `place`
    where it stands in the day, `day` the day it belongs to, `low` and
    `high` what a number may be, `items` its checklist, `photos` how many may come with it,
    `sent` the recordings of those that came, `film` the state of her newest film (`recordings.STATE_NAMES`, "" for none);
    `done` as the department knows it, `open` while she may answer, `hint` what the team said of her last film,
    `without` the advice of rules met by days in a row without it."""

    task_id: int
    code: str
    place: tuple[int, ...]
    kind: str
    title: str
    what: str
    day: date
    dose: Dose | None
    measure: Measure | None
    low: float
    high: float
    items: tuple[str, ...]
    photos: int
    sent: tuple[int, ...]
    film: str
    pain: bool
    done: bool
    open: bool
    said: Said | None
    more: tuple[Said, ...]
    watch: Watch | None
    hint: Correction | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Today:
    """`now` in the order of the day, `yesterday` what may still be noted for it, `over` what is done; `nurse` is the name
    of her own nurse ("" for none), `visits` her next visits and calls, `urgent` the open alerts her answers opened."""

    day: date
    package: str
    running: bool
    nurse: str
    now: tuple[Thing, ...] = ()
    yesterday: tuple[Thing, ...] = ()
    over: tuple[Thing, ...] = ()
    visits: tuple[Mission, ...] = ()

    def after(self, kept: Thing) -> Thing | None:
        """The next thing to do once one was kept: further down the list, else from its top."""
        return next((one for one in self.now if one.place > kept.place), next(iter(self.now), None))

    def thing(self, task_id: int) -> Thing | None:
        return next((one for one in (*self.now, *self.yesterday, *self.over) if one.task_id == task_id), None)

    @property
    def urgent(self) -> tuple[Thing, ...]:
        """What needs somebody soon, the most urgent first."""
        found = [
            one
            for one in (*self.now, *self.yesterday, *self.over)
            if one.watch and one.watch.level in URGENT and one.watch.state == "open"
        ]
        return tuple(sorted(found, key=lambda one: -LEVELS.index(one.watch.level if one.watch else "")))


@question("patient.self")
def today(look: Look) -> Today:
    """The asking patient's day; without a running package an empty one."""
    patient_id = int(look.actor.id or 0)
    nurse = look.session.scalar(
        select(StaffRow.name)
        .join(PatientRow, PatientRow.own_nurse_id == StaffRow.id)
        .where(PatientRow.id == patient_id, StaffRow.active)
    )
    seen = journey_of(look)
    if not seen.running:
        return Today(look.today, "", False, nurse or "")
    # In the order of her start page; a course that asks nothing of herself is not looked into.
    asked = [one.enrolment_id for one in seen.missions if one.own]
    busy = [one for one in seen.running if one.enrolment_id in asked] or seen.running[:1]
    things = [
        replace(thing, place=(rank, *thing.place))
        for rank, one in enumerate(busy)
        for thing in _things(look, course_of(look, one.enrolment_id))
    ]
    return Today(
        day=look.today,
        package=busy[0].name,
        running=True,
        nurse=nurse or "",
        now=tuple(one for one in things if not one.done and not _was_yesterday(look, one)),
        yesterday=tuple(one for one in things if not one.done and _was_yesterday(look, one)),
        over=tuple(one for one in things if one.done),
        visits=_visits(look, seen),
    )


@question("patient.self")
def thing_of(look: Look, *, code: str) -> Thing | None:
    """One thing of today by its task's code, for the page of that task; None where nothing is to be answered now."""
    seen = today(look)
    return next((one for one in (*seen.now, *seen.yesterday, *seen.over) if one.code == code), None)


# --- inner ----------------------------------------------------------------------------------------


def _was_yesterday(look: Look, one: Thing) -> bool:
    return "." in one.code and one.day < look.today


def _things(look: Look, course: Course) -> list[Thing]:
    rows = [
        row
        for row in look.session.scalars(
            select(TaskRow).where(
                TaskRow.enrolment_id == course.enrolment_id,
                TaskRow.role == "patient",
                TaskRow.opens_on <= look.today,
                or_(TaskRow.state == "planned", TaskRow.done_on >= look.today - timedelta(days=1)),
                TaskRow.state.in_(("planned", "done", "excused")),
            )
        )
        if course.sold.knows(row.code) and _is_shown(look, row)
    ]
    rows.sort(key=lambda row: course.sold.position(row.code))
    said: dict[int, list[Answer]] = {}
    for one in answers_of(look, course.enrolment_id):
        said.setdefault(one.task_id, []).append(one)
    ids, hints = [row.id for row in rows], corrections(look, course, look.today)
    gone = _without(look, course)
    watched, films, own = _watched(look, ids), _films(look, ids), doses_of(look, course.enrolment_id)
    found = [
        replace(
            _thing(look, course, row, said.get(row.id, []), watched.get(row.id), films.get(row.id, ""), own),
            hint=hints.get(row.code),
            without=gone.get(stem_of(row.code), ()) if row.closes_on == look.today else (),
        )
        for row in rows
    ]
    # Yesterday's that was done is shown while she may still change it: she has just noted it.
    return [
        one
        for row, one in zip(rows, found, strict=True)
        if not one.done or row.done_on == look.today or one.open
    ]


def _without(look: Look, course: Course) -> dict[str, tuple[str, ...]]:
    """What she reads where she went without something for days: no answer stands that could carry it."""
    return {
        task.code: tuple(hit.advice for hit in hits if hit.advice)
        for task, hits, _since, _last in gaps(look, course, look.today)
    }


def _is_shown(look: Look, row: TaskRow) -> bool:
    """Open today or to be noted still; what was done counts on the day on which it was noted."""
    return _band(look, row) not in ("upcoming", "expired")


def _band(look: Look, row: TaskRow) -> str:
    return band(cast(State, "planned"), row.opens_on, row.closes_on, look.today, grace_of(row.code))


def _thing(
    look: Look,
    course: Course,
    row: TaskRow,
    answers: Sequence[Answer],
    watch: Watch | None,
    film: str,
    own: Mapping[str, tuple[int, int]],
) -> Thing:
    task = course.sold.task(row.code)
    kind, measure = main_kind(task), measure_of(course, row.code)
    low, high = bounds(task, measure, kind)
    shown = task.model_copy(update={"measure": measure})
    told = [
        Said(
            one.kind, entered(one, shown, course.sold.language), one.number, one.ticks or (), one.words, one.at,
            one.by, one.author, one.level, tuple(hit.advice for hit in one.hits if hit.advice),
            row.state == "planned" or day_of(one.at, look.zone) == look.today,
        )
        for one in answers
    ]  # fmt: skip
    main = next((one for one in told if one.kind == kind), None)
    return Thing(
        task_id=row.id, code=row.code, place=course.sold.position(row.code), kind=kind, title=task.title, what=task.what, day=row.closes_on,
        dose=of_her(task, own), measure=measure, low=low, high=high,
        items=tuple(item.text for item in task.checklist), photos=most_photos(task),
        sent=tuple(held_photos(look, row.id)) if most_photos(task) else (),
        film=film, pain=any(word in f"{task.title} {task.what}".lower() for word in PAIN),
        done=row.state != "planned", open=row.state == "planned" or (main is not None and main.may_change),
        said=main, more=tuple(one for one in told if one is not main), watch=watch,
    )  # fmt: skip


def _films(look: Look, task_ids: list[int]) -> dict[int, str]:
    """How far her newest film for each of these tasks has come."""
    rows = look.session.execute(
        select(RecordingRow.task_id, RecordingRow.state)
        .where(
            RecordingRow.task_id.in_(task_ids), RecordingRow.kind == "film", RecordingRow.state != "deleted"
        )
        .order_by(RecordingRow.id)
    )
    return {int(row.task_id or 0): row.state for row in rows}


def _watched(look: Look, task_ids: list[int]) -> dict[int, Watch]:
    """What waits about each of these tasks: the most urgent, else the newest."""
    taker = StaffRow.__table__.alias("taker")
    rows = look.session.execute(
        select(
            CaseRow.id, CaseRow.task_id, CaseRow.kind, CaseRow.level, CaseRow.state, PromiseRunRow.due_at,
            PromiseRunRow.role, taker.c.name,
        )
        .outerjoin(
            PromiseRunRow,
            (PromiseRunRow.case_id == CaseRow.id)
            & PromiseRunRow.met_at.is_(None)
            & PromiseRunRow.ended_at.is_(None),
        )
        .outerjoin(taker, taker.c.id == CaseRow.taken_by)
        .where(CaseRow.task_id.in_(task_ids), CaseRow.state != "withdrawn")
        .order_by(CaseRow.id)
    ).all()  # fmt: skip
    rows = sorted(rows, key=lambda row: (row.state == "open", LEVELS.index(row.level), row.id))
    return {
        row.task_id: Watch(row.kind, row.level, row.state, row.due_at, row.role or "", row.name or "")
        for row in rows
    }


def _visits(look: Look, seen: Journey) -> tuple[Mission, ...]:
    """What others do with her next: booked visits first, then what is open now, at most two."""
    theirs = [
        one
        for one in seen.missions
        if (one.can_be_done or one.is_visited(look.now)) and not one.own and one.kind != "message"
    ]
    booked = sorted(
        (one for one in theirs if one.is_visited(look.now)),
        key=lambda one: one.appointment_at or look.now,
    )
    open_now = sorted(
        (one for one in theirs if not one.appointment_at and one.can_be_done and one.state != "later"),
        key=lambda one: one.closes_on,
    )
    later = sorted((one for one in theirs if one.state == "later"), key=lambda one: one.opens_on)
    found = [*booked, *open_now, *later]
    return tuple(dict.fromkeys(found))[:2]

"""Yesterday's hint: what the team asked her to change in a film stands at her next task of its kind.

The next task is the same one on a later day; without one, the task its code begins with (PUMP after PUMP_VIDEO), else
the next film of the same kind, else the first of the same kind, in the order of the package. It is carried once, within
a week, by a task she had not done before the hint was written. Nothing is stored: it follows from the reviews.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.care.tables import TaskRow
from core.dialogue.course import Course, course_of
from core.dialogue.films.film_reviews import Review, reviews
from core.foundation.clock import day_of
from core.foundation.doors import Look

CARRIED = timedelta(days=7)


@dataclass(frozen=True)
class Correction:
    """A hint as her task carries it: who gave it (a name), the sentence, the day on which it was written, the title of
    the film's task, "" where it is the task that carries it."""

    by: str
    sentence: str
    on: date
    film: str


def correction_for(look: Look, enrolment_id: int, task_code: str, day: date) -> Correction | None:
    """The hint which a task (its whole code, "PUMP.3") carries on a day; None without one."""
    return corrections(look, course_of(look, enrolment_id), day).get(task_code)


def corrections(look: Look, course: Course, day: date) -> dict[str, Correction]:
    """The hints of a day: the task's code → its hint. A newer hint for the same task takes the older one's place."""
    since = day - CARRIED
    found: dict[str, Correction] = {}
    rows: list[TaskRow] | None = None
    for said in reversed(reviews(look, course)):
        if said.verdict != "change" or said.at is None or not since <= day_of(said.at, look.zone) <= day:
            continue
        if rows is None:
            rows = _tasks(look, course, since)
        carrier = _carrier(look, course, rows, said, said.at)
        if carrier is not None and carrier.opens_on <= day <= carrier.closes_on:
            same = _stem(carrier.code) == _stem(said.code)
            found[carrier.code] = Correction(
                said.by, said.sentence, day_of(said.at, look.zone), "" if same else said.title
            )
    return found


def _carrier(
    look: Look, course: Course, rows: list[TaskRow], said: Review, written: datetime
) -> TaskRow | None:
    """The task that carries a hint: the first of the nearest kind after the film's day and not before the hint."""
    film_day, stem = day_of(said.sent_at, look.zone), _stem(said.code)
    earliest = max(film_day + timedelta(days=1), day_of(written, look.zone))
    latest = day_of(written, look.zone) + CARRIED
    later = [
        row
        for row in rows
        if row.code != said.code
        and row.closes_on >= earliest
        and row.opens_on <= latest
        and not (row.done_at is not None and row.done_at < written)
    ]
    asked = course.sold.task(said.code)
    kinds = {row.code: course.sold.task(row.code) for row in later}
    nearness = (
        [row for row in later if _stem(row.code) == stem],
        [row for row in later if stem.startswith(f"{_stem(row.code)}_")],
        [row for row in later if kinds[row.code].kind == asked.kind and kinds[row.code].evidence == "video"],
        [row for row in later if kinds[row.code].kind == asked.kind],
    )
    near = next((each for each in nearness if each), [])
    return min(near, key=lambda row: (row.closes_on, course.sold.position(row.code)), default=None)


def _tasks(look: Look, course: Course, since: date) -> list[TaskRow]:
    rows = look.session.scalars(
        select(TaskRow).where(
            TaskRow.enrolment_id == course.enrolment_id, TaskRow.role == "patient", TaskRow.closes_on >= since,
            TaskRow.state.in_(("planned", "done")),
        )
    )  # fmt: skip
    return [row for row in rows if course.sold.knows(row.code)]


def _stem(code: str) -> str:
    return code.partition(".")[0]

"""Photos that come with an answer: kept with their task, as many as it takes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.care.tables import TaskRow
from core.dialogue.answers.answer_checks import NotAskedHere, most_photos
from core.dialogue.course import Course
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings.recordings import TooManyHere, keep_photo
from core.foundation.doors import Look, Stamp
from core.foundation.images import CleanImage
from core.packages.parts import Task


def keep_photos(
    stamp: Stamp, course: Course, task: TaskRow, written: Task, photos: Sequence[CleanImage]
) -> int:
    """Keep photos with their task; returns how many it has now. Refuses photos nobody asked for (`NotAskedHere`) and
    more than the task takes (`TooManyHere`). The caller audits."""
    most = most_photos(written)
    held = len(held_photos(stamp, task.id)) if most else 0
    if photos and not most:
        raise NotAskedHere
    if held + len(photos) > most:
        raise TooManyHere(most)
    for photo in photos:
        keep_photo(stamp, course, photo, task_id=task.id)
    return held + len(photos)


def held_photos(look: Look, task_id: int) -> list[int]:
    """The photos of a task that are still there, in the order in which they came."""
    return list(
        look.session.scalars(
            select(RecordingRow.id)
            .where(
                RecordingRow.task_id == task_id, RecordingRow.kind == "photo", RecordingRow.state == "ready"
            )
            .order_by(RecordingRow.id)
        )
    )

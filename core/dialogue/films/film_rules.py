"""Whether a film may come: is it asked for, has she agreed, does it fit into her share, the day and the disk.

Said in words before the first byte is sent. Room is counted with what is still to come, not only with what has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from core.care.tables import EnrolmentRow, TaskRow
from core.care.work.tasks import UnknownTask
from core.dialogue.answers.answers import refuse_closed
from core.dialogue.course import Course, course_of
from core.dialogue.films.film_file import MEGABYTE, MOST_BYTES, too_heavy
from core.dialogue.films.tables import RecordingRow, UploadRow
from core.foundation.doors import Look, Stamp
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.consents import has_consent

PURPOSE = "films"
MOST_OF_HERS = 3 * 1024 * MEGABYTE
MOST_A_DAY = 12
MOST_ON_THE_WAY = 3
# What the house needs besides for its database and backups.
LEAST_FREE = 2 * 1024 * MEGABYTE
# One that never began makes room for the next after so long.
UNBEGUN = timedelta(seconds=20)
STANDING = ("receiving", "checking", "converting", "ready")


@dataclass(eq=False)
class FilmConsentNeeded(Refusal):
    message = N_("Please agree first that we may keep your film for your care.")
    field = "agree"


@dataclass(eq=False)
class FilmEmpty(Refusal):
    message = N_("This film is empty. Please choose it again.")
    field = "film"


@dataclass(eq=False)
class FilmsFull(Refusal):
    message = N_(
        "There is no more room for your films. Please delete one that has not been answered, or call us."
    )
    field = "film"


@dataclass(eq=False)
class FilmsToday(Refusal):
    most: int = MOST_A_DAY
    message = N_("You have sent {most} films today. Please send more tomorrow, or call us.")
    field = "film"


@dataclass(eq=False)
class OthersOnTheWay(Refusal):
    message = N_("Other films of yours are still on their way. Please let them arrive first.")
    field = "film"


@dataclass(eq=False)
class NoRoom(Refusal):
    message = N_(
        "We cannot take films just now. Everything else you send arrives. Please try again tomorrow, or call us."
    )
    field = "film"


# --- for other modules ------------------------------------------------------------------------------


def let_in(stamp: Stamp, patient_id: int, code: str, size: int) -> tuple[Course, TaskRow]:
    """Course and task a film of `size` bytes may be sent for; refuses an unknown or closed task, no consent, and what
    does not fit."""
    course, task = asked_film(stamp, patient_id, code)
    refuse_closed(stamp, course, task)
    if not has_consent(stamp.session, patient_id, PURPOSE):
        raise FilmConsentNeeded
    if size <= 0:
        raise FilmEmpty
    if size > MOST_BYTES:
        raise too_heavy(size)
    _refuse_hers(stamp, patient_id, size)
    # Each lies here twice while it is made playable.
    if stamp.media.free() - _to_come(stamp) - 2 * size < LEAST_FREE:
        raise NoRoom
    return course, task


def asked_film(look: Look, patient_id: int, code: str) -> tuple[Course, TaskRow]:
    """The task `code` of a course of hers that asks for a film, the running course first. Refuses `UnknownTask`."""
    task = look.session.scalar(
        select(TaskRow)
        .join(EnrolmentRow, EnrolmentRow.id == TaskRow.enrolment_id)
        .where(EnrolmentRow.patient_id == patient_id, TaskRow.code == code, TaskRow.role == "patient")
        .order_by((EnrolmentRow.status == "active").desc(), EnrolmentRow.id.desc())
        .limit(1)
    )
    if task is None:
        raise UnknownTask
    course = course_of(look, task.enrolment_id)
    if not course.sold.knows(code) or course.sold.task(code).evidence != "video":
        raise UnknownTask
    return course, task


# --- inner ------------------------------------------------------------------------------------------


def _refuse_hers(stamp: Stamp, patient_id: int, size: int) -> None:
    """Her share: films that stand, films of a day, films on their way. One that never began makes room for this one."""
    films = (RecordingRow.patient_id == patient_id, RecordingRow.kind == "film")
    unbegun = (
        UploadRow.received == 0,
        UploadRow.touched_at < stamp.now - UNBEGUN,
        func.coalesce(UploadRow.leased_until, UploadRow.touched_at) < stamp.now,
    )
    for row in stamp.session.scalars(
        select(RecordingRow)
        .join(UploadRow, UploadRow.recording_id == RecordingRow.id)
        .where(*films, *unbegun)
    ).all():
        stamp.session.execute(delete(UploadRow).where(UploadRow.recording_id == row.id))
        stamp.session.delete(row)
        stamp.session.flush()
    standing = RecordingRow.state.in_(STANDING)
    held, on_the_way = stamp.session.execute(
        select(func.sum(RecordingRow.size), func.count().filter(RecordingRow.state == "receiving")).where(
            *films, standing
        )
    ).one()
    if on_the_way >= MOST_ON_THE_WAY:
        raise OthersOnTheWay
    if (held or 0) + size > MOST_OF_HERS:
        raise FilmsFull
    today = stamp.session.scalar(
        select(func.count()).where(*films, standing, RecordingRow.at > stamp.now - timedelta(days=1))
    )
    if (today or 0) >= MOST_A_DAY:
        raise FilmsToday


def _to_come(look: Look) -> int:
    """Bytes that will still be written for films on their way and for those that wait to be made playable."""
    coming = look.session.scalar(select(func.sum(2 * UploadRow.size - UploadRow.received)))
    waiting = look.session.scalar(
        select(func.sum(RecordingRow.size)).where(RecordingRow.state.in_(("checking", "converting")))
    )
    return int(coming or 0) + int(waiting or 0)

"""What was filmed, photographed and spoken: whose it is, who may play it, and when it goes.

Files bear suffixes of this room alone (`FILM`, `PHOTO`, voices likewise only here): a key is never shared with the
album or with a package's material, so that a file goes when the last row of this room lets go of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from core.dialogue.authors import author_of
from core.dialogue.course import Course
from core.dialogue.films.tables import FilmReviewRow, RecordingRow
from core.dialogue.recordings.voices import Voice
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, question
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage
from core.foundation.language import N_

# Written until a voice message and its answer became one deed (`cases.reply`).
declare("recording.voice", N_("Voice message recorded"))

FILM, PHOTO = ".m4v", ".jpeg"
SUFFIXES = (FILM, PHOTO, ".wav", ".m4a")
MOST_PHOTOS_A_DAY = 60
KIND_NAMES: dict[str, str] = {"film": N_("Film"), "photo": N_("Photo"), "voice": N_("Voice message")}
STATE_NAMES: dict[str, str] = {
    "receiving": N_("Still on its way to us"),
    "checking": N_("Arrived. It is being checked."),
    "converting": N_("Arrived. It is being prepared so that every screen plays it; this takes some minutes."),
    "ready": N_("With your team"),
    "refused": N_("Could not be used"),
    "deleted": N_("Deleted"),
}
# What a browser is told these are, by the suffix of the stored file.
MEDIA_TYPES = {
    ".m4v": "video/mp4", ".jpeg": "image/jpeg", ".wav": "audio/wav", ".m4a": "audio/mp4",
}  # fmt: skip


@dataclass(eq=False)
class UnknownRecording(Refusal):
    message = N_("This film, photo or voice message is no longer here.")


@dataclass(eq=False)
class TooManyHere(Refusal):
    most: int
    message = N_("At most {most} photos fit here. Please choose the clearest ones.")
    field = "photos"


@dataclass(eq=False)
class TooManyPhotos(Refusal):
    most: int = MOST_PHOTOS_A_DAY
    message = N_("You have sent {most} photos today. Please send more tomorrow, or call us.")


@dataclass(frozen=True)
class Playable:
    """A file somebody may play: its key in the media store, its kind, what to tell the browser it is."""

    recording_id: int
    patient_id: int
    kind: str
    key: str
    media_type: str


# --- for other modules ------------------------------------------------------------------------------


def keep_photo(
    stamp: Stamp,
    course: Course,
    photo: CleanImage,
    *,
    task_id: int | None = None,
    post_id: int | None = None,
) -> RecordingRow:
    """Keep a photo with a task or a word of the thread, and refuse more than 60 a day. The caller audits."""
    sent = stamp.session.scalar(
        select(func.count()).where(
            RecordingRow.patient_id == course.patient_id,
            RecordingRow.kind == "photo",
            RecordingRow.at > stamp.now - timedelta(days=1),
        )
    )
    if (sent or 0) >= MOST_PHOTOS_A_DAY:
        raise TooManyPhotos
    author = author_of(stamp)
    row = RecordingRow(
        patient_id=course.patient_id, enrolment_id=course.enrolment_id, task_id=task_id, post_id=post_id,
        kind="photo", by=author.by, author=author.author, link_id=author.link_id, staff_id=author.staff_id,
        state="ready", key=stamp.media.put(photo.data, PHOTO), size=len(photo.data), width=photo.width,
        height=photo.height, at=stamp.now, ready_at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row


def keep_voice(stamp: Stamp, course: Course, voice: Voice, post_id: int) -> None:
    """Keep a voice message with the word of the thread it is. The caller audits."""
    author = author_of(stamp)
    stamp.session.add(
        RecordingRow(
            patient_id=course.patient_id, enrolment_id=course.enrolment_id, post_id=post_id, kind="voice",
            by=author.by, author=author.author, staff_id=author.staff_id, state="ready", size=len(voice.data),
            key=stamp.media.put(voice.data, voice.suffix), seconds=voice.seconds, at=stamp.now,
            ready_at=stamp.now,
        )
    )  # fmt: skip
    stamp.session.flush()


def drop_unheld(stamp: Stamp, keys: Iterable[str]) -> None:
    """Remove the files of these keys that no recording holds any more."""
    asked = sorted({key for key in keys if key})
    held = set(stamp.session.scalars(select(RecordingRow.key).where(RecordingRow.key.in_(asked))))
    for key in asked:
        if key not in held:
            stamp.media.delete(key)


def answered(look: Look, row: RecordingRow) -> bool:
    """Whether the team has answered what this belongs to: the film's case, or the case of its word."""
    if look.session.scalar(select(FilmReviewRow.id).where(FilmReviewRow.recording_id == row.id)) is not None:
        return True
    case_id = row.case_id
    if case_id is None and row.post_id is not None:
        case_id = look.session.scalar(select(PostRow.case_id).where(PostRow.id == row.post_id))
    case = look.session.get(CaseRow, case_id) if case_id is not None else None
    return case_answered(case)


def case_answered(case: CaseRow | None) -> bool:
    """Whether what waits in a case has been answered, or closed."""
    return case is not None and (case.answered_at is not None or case.state == "closed")


# --- questions --------------------------------------------------------------------------------------


@question("reply.read")
def playable(look: Look, *, recording_id: int) -> Playable:
    """A recording for the team; refuses `UnknownRecording` for what is not ready or no longer here."""
    return _playable(look, RecordingRow.id == recording_id)


@question("patient.self")
def own_playable(look: Look, *, recording_id: int) -> Playable:
    """The asking patient's own films and photos, and the voice messages that were sent to her."""
    hers = (RecordingRow.by != "staff") | RecordingRow.post_id.is_not(None)
    return _playable(
        look, (RecordingRow.id == recording_id) & (RecordingRow.patient_id == look.actor.id) & hers
    )


def _playable(look: Look, which: ColumnElement[bool]) -> Playable:
    row = look.session.scalar(select(RecordingRow).where(which, RecordingRow.state == "ready"))
    if row is None or not row.key:
        raise UnknownRecording
    suffix = "." + row.key.rpartition(".")[2]
    return Playable(row.id, row.patient_id, row.kind, row.key, MEDIA_TYPES[suffix])

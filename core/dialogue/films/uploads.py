"""A film on its way here: asked for, let in with a token, received piece by piece, closed when all of it has come.

    create → begin, count, begin, count, … → finish          a cut: ask where it stopped (`held`), go on there

The file grows in the media store's spool folder (`film_file`); the database knows how far it came and the hashes of
the first and the last piece, by which a page that was loaded anew finds out whether it holds the same film. One writer
at a time has a lease of seconds. Pieces write nothing into the trail, the finished film does.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from core.dialogue.authors import author_of
from core.dialogue.films.film_file import MEGABYTE, Piece, Turn, hash_of, part_of, sweep_files, whole_of
from core.dialogue.films.film_rules import FilmEmpty, let_in
from core.dialogue.films.tables import RecordingRow, UploadRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patients import get_patient

SENT = declare("film.sent", N_("Film sent by the patient"))

FIRST_PIECE = MEGABYTE
LEASE = timedelta(seconds=20)
# An upload that nobody touched for so long is not coming any more.
GIVEN_UP = timedelta(hours=24)


@dataclass(eq=False)
class UploadUnknown(Refusal):
    message = N_("This film is no longer awaited here. Please choose it again.")


@dataclass(eq=False)
class UploadBusy(Refusal):
    message = N_("This film is being sent from another window just now.")


@dataclass(eq=False)
class NotThere(Refusal):
    """A piece that does not begin where the last one ended; `offset` is where to go on."""

    offset: int
    message = N_("A piece of the film did not fit. It goes on where it stopped.")


@dataclass(frozen=True)
class Held:
    """How far an upload has come (bytes), with the hashes of what begins it (`first_bytes` long) and of the last piece."""

    offset: int
    size: int
    first_bytes: int
    first_hash: str
    last_from: int
    last_hash: str


# --- deeds ------------------------------------------------------------------------------------------


@deed("patient.self", secret=True)
def create(stamp: Stamp, *, code: str, size: int) -> dict[str, int | str]:
    """Ask to send a film of `size` bytes for the task `code` of a running course of hers; returns {"recording_id",
    "token"}, the token only now. Refuses what `film_rules.let_in` refuses."""
    patient_id = int(stamp.actor.id or 0)
    get_patient(stamp, patient_id, speaking=True)
    course, task = let_in(stamp, patient_id, code, size)
    author, token = author_of(stamp), secrets.token_urlsafe(32)
    row = RecordingRow(
        patient_id=patient_id, enrolment_id=course.enrolment_id, task_id=task.id, kind="film", by=author.by,
        author=author.author, link_id=author.link_id, state="receiving", size=size, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.session.add(
        UploadRow(
            token_hash=_digest(token),
            recording_id=row.id,
            size=size,
            received=0,
            last_from=0,
            touched_at=stamp.now,
        )
    )
    stamp.session.flush()
    return {"recording_id": row.id, "token": token}


@deed("patient.self", secret=True)
def begin(stamp: Stamp, *, token: str, at: int, length: int | None) -> Turn:
    """Take the turn for a piece of `length` bytes from `at` on (None: as much as comes). A piece that is here already is
    `stored`: compare it (`film_file.same`). Refuses an unknown token, another writer, and any other place (`NotThere`)."""
    upload = _mine(stamp, token)
    path = part_of(stamp, upload.recording_id)
    if upload.received > (path.stat().st_size if path.exists() else 0):
        # What had been written was lost with the machine: begin anew rather than with a hole.
        upload.received, upload.first_hash, upload.last_hash, upload.last_from = 0, "", "", 0
    if length is not None and at + length <= upload.received:
        return Turn(upload.recording_id, path, at, upload.size, stamp.now, stored=True)
    if at != upload.received:
        raise NotThere(upload.received)
    if upload.leased_until is not None and upload.leased_until > stamp.now:
        raise UploadBusy
    upload.leased_until, upload.touched_at = stamp.now + LEASE, stamp.now
    return Turn(upload.recording_id, path, at, upload.size, upload.leased_until)


@deed("patient.self", secret=True)
def renew(stamp: Stamp, *, token: str, turn: Turn) -> Turn:
    """Keep the turn while a piece comes slowly. Refuses a turn that another one has taken meanwhile."""
    upload = _held_by(stamp, token, turn)
    upload.leased_until, upload.touched_at = stamp.now + LEASE, stamp.now
    return Turn(turn.recording_id, turn.path, turn.at, turn.size, upload.leased_until)


@deed("patient.self", secret=True)
def count(stamp: Stamp, *, token: str, turn: Turn, piece: Piece) -> int:
    """Count what has come of a piece, all of it or what came before a cut, and give the turn back; returns how far the
    film is here."""
    upload = _held_by(stamp, token, turn)
    if piece.written:
        upload.received = turn.at + piece.written
        upload.last_from, upload.last_hash = turn.at, piece.hash
        if turn.at < FIRST_PIECE:
            upload.first_hash = hash_of(turn.path, 0, min(upload.received, FIRST_PIECE))
    upload.leased_until, upload.touched_at = None, stamp.now
    return upload.received


@deed("patient.self", secret=True)
def finish(stamp: Stamp, *, token: str, as_it_came: bool = False) -> int:
    """All of it has come: it is to be checked next (`film_work.wake`); returns the recording. Refuses a film that is not
    complete (`NotThere`), unless it counts `as_it_came`: a plain form does not say its length."""
    upload = _mine(stamp, token)
    row = stamp.session.get_one(RecordingRow, upload.recording_id)
    part, whole = part_of(stamp, row.id), whole_of(stamp, row.id)
    size = upload.received if as_it_came else upload.size
    if size == 0:
        raise FilmEmpty
    # Renamed before the row says so: after a crash in between the whole file is there, and this is asked again.
    if not whole.exists():
        if upload.received != size or not part.exists() or part.stat().st_size < size:
            raise NotThere(upload.received)
        os.truncate(part, size)
        os.replace(part, whole)
    row.state, row.size = "checking", size
    stamp.session.delete(upload)
    stamp.session.flush()
    course_id = {"patient_id": row.patient_id, "enrolment_id": row.enrolment_id}
    stamp.audit(SENT, ("patient", row.patient_id), after={**course_id, "megabytes": max(1, size // MEGABYTE)})
    return row.id


@deed("patient.self", secret=True)
def give_up(stamp: Stamp, *, token: str, wished: bool = False) -> None:
    """A plain form was cut, or she `wished` to stop: nothing of it is kept, and in the second case nothing is shown."""
    _drop(stamp, _mine(stamp, token).id, "deleted" if wished else "refused")


@deed("settings.write")
def sweep(stamp: Stamp) -> int:
    """Give up what nobody has sent a byte of for a day; returns how many."""
    old = stamp.session.scalars(select(UploadRow.id).where(UploadRow.touched_at < stamp.now - GIVEN_UP)).all()
    return sum(_drop(stamp, upload_id) for upload_id in old)


# --- questions --------------------------------------------------------------------------------------


@question("patient.self")
def held(look: Look, *, token: str) -> Held:
    """How far an upload of hers has come. Refuses `UploadUnknown`."""
    upload = _mine(look, token)
    first = min(upload.received, FIRST_PIECE)
    return Held(upload.received, upload.size, first, upload.first_hash, upload.last_from, upload.last_hash)


# --- inner ------------------------------------------------------------------------------------------


def _mine(look: Look, token: str) -> UploadRow:
    """The upload behind a token, only for the patient it was given to."""
    known = look.session.execute(
        select(UploadRow.id, RecordingRow.id, RecordingRow.patient_id)
        .join(RecordingRow, RecordingRow.id == UploadRow.recording_id)
        .where(UploadRow.token_hash == _digest(token[:100]))
    ).first()
    if known is None or known[2] != look.actor.id:
        raise UploadUnknown
    upload = look.session.get(UploadRow, known[0])
    if upload is None:
        raise UploadUnknown
    return upload


def _drop(stamp: Stamp, upload_id: int, state: str = "refused") -> bool:
    """Give an upload up, unless it has just been finished."""
    upload = stamp.session.get(UploadRow, upload_id)
    if upload is None:
        return False
    row = stamp.session.get_one(RecordingRow, upload.recording_id)
    if row.state != "receiving":
        return False
    row.state, row.reason = state, "unfinished"
    stamp.session.delete(upload)
    stamp.session.flush()
    sweep_files(stamp, row.id)
    return True


def _held_by(stamp: Stamp, token: str, turn: Turn) -> UploadRow:
    upload = _mine(stamp, token)
    if upload.leased_until != turn.until:
        raise UploadBusy
    return upload


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

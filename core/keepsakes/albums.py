"""The album of a finished journey: what goes in. Printing it is `core.documents.album.book.album`.

Photos need the patient's consent to photos, the album its own; nothing is taken from the medical record but
the days of the missions themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.care.plan.planning import week_of
from core.care.tables import EnrolmentRow, TaskRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw
from core.keepsakes.emptying import drop_unused
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.packages.versions import pinned
from core.people.consents import has_consent
from core.people.patients import SilencedPatient
from core.people.tables import PatientRow

WRITTEN = declare("album.written", N_("Album written"), ("name", "title"))
PHOTO_ADDED = declare("album.photo_added", N_("Album photo added"), ("caption",))
PHOTO_REMOVED = declare("album.photo_removed", N_("Album photo removed"), ("caption",))

MOST_PHOTOS = 40
LONGEST_MESSAGE = 1000
LONGEST = {
    "name": 60, "title": 80, "doctor_name": 40, "doctor_message": LONGEST_MESSAGE, "nurse_name": 40,
    "nurse_message": LONGEST_MESSAGE,
}  # fmt: skip


@dataclass(eq=False)
class AlbumConsentNeeded(Refusal):
    message = N_("The patient has not agreed to an album. Record the consent on her page first.")


@dataclass(eq=False)
class PhotoConsentNeeded(Refusal):
    message = N_("The patient has not agreed to photos. Record the consent on her page first.")


@dataclass(eq=False)
class AlbumNotYet(Refusal):
    message = N_("The journey is still going on. Complete the enrolment first, then make the album.")


@dataclass(eq=False)
class AlbumFull(Refusal):
    most: int
    message = N_("An album holds at most {most} photos. Remove one first.")


@dataclass(eq=False)
class AlbumNameMissing(Refusal):
    message = N_("How does the patient wish to be named on the cover?")
    field = "name"


@dataclass(frozen=True)
class AlbumPhoto:
    id: int
    media_key: str
    width: int
    height: int
    caption: str


@dataclass(frozen=True)
class AlbumBadge:
    """An earned badge of the journey; `day` is when its mission was done."""

    title: str
    week_text: str
    pictogram: str
    mission: str
    day: date


@dataclass(frozen=True)
class Album:
    """Everything chosen for one album. Without a written album the texts are proposals."""

    enrolment_id: int
    patient_id: int
    language: str
    title: str
    name: str
    started_on: date
    ended_on: date
    doctor_name: str
    doctor_message: str
    nurse_name: str
    nurse_message: str
    shape: str
    photos: tuple[AlbumPhoto, ...]
    badges: tuple[AlbumBadge, ...]
    weeks: tuple[int, ...]
    written: bool
    may_photos: bool
    may_album: bool


# --- deeds -----------------------------------------------------------------------------------------------------------


@deed("album.write")
def write_album(
    stamp: Stamp,
    *,
    enrolment_id: int,
    name: str,
    title: str,
    doctor_name: str = "",
    doctor_message: str = "",
    nurse_name: str = "",
    nurse_message: str = "",
    shape: str = "square",
    read: Raw | None = None,
) -> int:
    """Keep the album's texts; returns its id.

    Refuses a running journey, missing consent, an empty name, a silenced patient, and `ChangedMeanwhile` where somebody
    else has written since the form showed `read`.
    """
    enrolment = _finished(stamp, enrolment_id)
    row = _album_row(stamp, enrolment)
    before = {"name": row.name, "title": row.title, "shape": row.shape}
    typed = {
        "name": name, "title": title, "doctor_name": doctor_name, "doctor_message": doctor_message,
        "nurse_name": nurse_name, "nurse_message": nurse_message, "shape": shape,
    }  # fmt: skip
    texts = merged(typed, {field: getattr(row, field) for field in typed}, read)
    if not texts["name"].strip():
        raise AlbumNameMissing
    for field, longest in LONGEST.items():
        setattr(row, field, texts[field].strip()[:longest])
    row.shape = texts["shape"] if texts["shape"] in ("square", "landscape") else "square"
    row.changed_at = stamp.now
    stamp.session.flush()
    after = {"name": row.name, "title": row.title, "shape": row.shape}
    stamp.audit(WRITTEN, ("enrolment", enrolment_id), before, after)
    return row.id


@deed("album.write")
def add_photo(stamp: Stamp, *, enrolment_id: int, picture: CleanImage, caption: str = "") -> int:
    """Add a photo at the end; returns its id.

    Refuses missing consent to photos, more than 40, and a silenced patient.
    """
    enrolment = _finished(stamp, enrolment_id)
    if not has_consent(stamp.session, enrolment.patient_id, "photos"):
        raise PhotoConsentNeeded
    album = _album_row(stamp, enrolment)
    held, last = stamp.session.execute(
        select(func.count(), func.max(AlbumPhotoRow.position)).where(AlbumPhotoRow.album_id == album.id)
    ).one()
    if held >= MOST_PHOTOS:
        raise AlbumFull(MOST_PHOTOS)
    row = AlbumPhotoRow(
        album_id=album.id,
        media_key=stamp.media.put(picture.data, picture.suffix),
        width=picture.width,
        height=picture.height,
        caption=caption.strip()[:80],
        position=(last or 0) + 1,
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(PHOTO_ADDED, ("enrolment", enrolment_id), after={"photo": row.id, "caption": row.caption})
    return row.id


@deed("album.write")
def caption_photos(stamp: Stamp, *, enrolment_id: int, photos: list[Raw], read: Raw | None = None) -> None:
    """Set order and captions at once: [{"id", "caption", "position"}]; others stay as they are. `read` are the fields
    the form showed, by "caption_<id>" and "position_<id>": refuses `ChangedMeanwhile`."""
    album = _album_row(stamp, _finished(stamp, enrolment_id))
    rows = {row.id: row for row in _photo_rows(stamp, album.id)}
    stored: Raw = {f"caption_{number}": row.caption for number, row in rows.items()}
    stored |= {f"position_{number}": place for place, number in enumerate(rows, start=1)}
    parts = ("caption", "position")
    typed = {f"{part}_{one['id']}": one[part] for one in photos if one["id"] in rows for part in parts}
    facts = merged(typed, stored, read)
    for number, row in rows.items():
        if f"caption_{number}" in facts:
            row.caption = str(facts[f"caption_{number}"]).strip()[:80]
            row.position = int(facts[f"position_{number}"])
    stamp.session.flush()
    stamp.audit(WRITTEN, ("enrolment", enrolment_id), after={"photos": len(photos)})


@deed("album.write")
def remove_photo(stamp: Stamp, *, enrolment_id: int, photo_id: int) -> None:
    """Take a photo out of the album; the stored picture goes too, unless another album holds the same."""
    album = _album_row(stamp, _finished(stamp, enrolment_id))
    row = stamp.session.get(AlbumPhotoRow, photo_id)
    if row is None or row.album_id != album.id:
        return
    stamp.audit(PHOTO_REMOVED, ("enrolment", enrolment_id), before={"caption": row.caption})
    stamp.session.delete(row)
    stamp.session.flush()
    drop_unused(stamp, [row.media_key])


# --- questions -------------------------------------------------------------------------------------------------------


@question("album.write")
def album(look: Look, *, enrolment_id: int) -> Album:
    """What the album of one finished enrolment would say now; refuses a journey still going on and a silenced
    patient."""
    enrolment = _finished(look, enrolment_id, consent=False)
    patient = look.session.get_one(PatientRow, enrolment.patient_id)
    row = look.session.scalar(select(AlbumRow).where(AlbumRow.enrolment_id == enrolment_id))
    document = pinned(look.session, enrolment.version_id)
    done = _done(look, enrolment_id)
    badges = tuple(
        AlbumBadge(
            task.badge or task.title,
            week_of(document.anchor, enrolment.anchor_date, day),
            task.pictogram,
            task.title,
            day,
        )
        for code, day in done
        if (task := document.task(code)).badge
    )
    may_photos, may_album = (
        has_consent(look.session, patient.id, purpose) for purpose in ("photos", "album")
    )
    photos = _photos(look, row.id) if row and may_photos and may_album else ()
    if not may_album:
        row = None  # the words wait, hidden, for the consent or the night that deletes them
    return Album(
        enrolment_id=enrolment_id,
        patient_id=patient.id,
        language=document.language,
        title=row.title if row else document.name,
        name=row.name if row else patient.name,
        started_on=enrolment.enrolled_on,
        ended_on=enrolment.ended_on or look.today,
        doctor_name=row.doctor_name if row else "",
        doctor_message=row.doctor_message if row else "",
        nurse_name=row.nurse_name if row else "",
        nurse_message=row.nurse_message if row else "",
        shape=row.shape if row else "square",
        photos=photos,
        badges=badges,
        weeks=tuple(sorted({(day - enrolment.anchor_date).days // 7 for __, day in done})),
        written=row is not None and bool(row.doctor_message or row.nurse_message),
        may_photos=may_photos,
        may_album=may_album,
    )


def _done(look: Look, enrolment_id: int) -> list[tuple[str, date]]:
    """Codes and days of the missions that were done or excused, as the journey went."""
    rows = look.session.execute(
        select(TaskRow.code, TaskRow.done_on)
        .where(TaskRow.enrolment_id == enrolment_id, TaskRow.state.in_(("done", "excused")))
        .order_by(TaskRow.done_on, TaskRow.opens_on)
    )
    return [(code, day) for code, day in rows if day is not None]


def _photos(look: Look, album_id: int) -> tuple[AlbumPhoto, ...]:
    return tuple(
        AlbumPhoto(row.id, row.media_key, row.width, row.height, row.caption)
        for row in _photo_rows(look, album_id)
    )


def _photo_rows(look: Look, album_id: int) -> Sequence[AlbumPhotoRow]:
    """The photos of an album in their order."""
    query = select(AlbumPhotoRow).where(AlbumPhotoRow.album_id == album_id)
    return look.session.scalars(query.order_by(AlbumPhotoRow.position, AlbumPhotoRow.id)).all()


def _finished(look: Look, enrolment_id: int, consent: bool = True) -> EnrolmentRow:
    enrolment = look.session.get_one(EnrolmentRow, enrolment_id)
    if look.session.get_one(PatientRow, enrolment.patient_id).silenced_at is not None:
        raise SilencedPatient
    if enrolment.status not in ("completed", "run_out"):
        raise AlbumNotYet
    if consent and not has_consent(look.session, enrolment.patient_id, "album"):
        raise AlbumConsentNeeded
    return enrolment


def _album_row(stamp: Stamp, enrolment: EnrolmentRow) -> AlbumRow:
    row = stamp.session.scalar(select(AlbumRow).where(AlbumRow.enrolment_id == enrolment.id))
    if row is None:
        patient = stamp.session.get_one(PatientRow, enrolment.patient_id)
        document = pinned(stamp.session, enrolment.version_id)
        row = AlbumRow(
            enrolment_id=enrolment.id, title=document.name, name=patient.name, changed_at=stamp.now
        )
        stamp.session.add(row)
        stamp.session.flush()
    return row

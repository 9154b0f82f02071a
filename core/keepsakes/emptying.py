"""What goes from an album when a consent goes, or the person: photos with their files, and the words written for her.

A withdrawn consent hides at once what it covered: nobody sees or prints it any more. Deleted it is once the last day of
`KEPT` is over, by the night, because the switch is one tap away and a slip of the finger must not empty an album for ever: who agrees again
before has everything back. Withdrawing the consent to photos takes the photos, withdrawing the album its texts as well. An
erasure takes both at once, whatever was agreed before (Personal Information Protection Law, art. 47).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select

from core.care.tables import EnrolmentRow
from core.foundation.audit import declare
from core.foundation.clock import day_bounds, day_of
from core.foundation.doors import Look, Stamp, deed
from core.foundation.language import N_, full_day_text, plural, translator
from core.foundation.one_by_one import one_by_one
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.people.consents import said_no_before, withdrawn_at
from core.people.erasure import Subject
from core.people.patients import get_patient

EMPTIED = declare("album.emptied", N_("Album emptied after consent was withdrawn"))

KEPT = timedelta(days=7)
AT_ONCE = 200


def album_waits(look: Look, patient_id: int, purpose: str, given: bool, language: str) -> list[str]:
    """What of her album goes with a consent, and until when what is hidden can come back."""
    if purpose not in ("photos", "album"):
        return []
    albums, photos = _counts(look, patient_id)
    until = full_day_text(_last_day(look, patient_id, purpose, given), language)
    held: list[str] = []
    if photos:
        held.append(
            plural(
                language,
                "{n} photo of the album is hidden at once and deleted after {day}. Agreeing again by then brings it back.",
                "{n} photos of the album are hidden at once and deleted after {day}. Agreeing again by then brings them back.",
                photos, day=until,
            )
            if given
            else plural(
                language,
                "{n} photo of the album is hidden and deleted after {day}. Agreeing again by then brings it back.",
                "{n} photos of the album are hidden and deleted after {day}. Agreeing again by then brings them back.",
                photos, day=until,
            )
        )  # fmt: skip
    if albums and purpose == "album":
        _ = translator(language)
        held.append(_("The same goes for the wishes in the album, until {day}.", day=until))
    return held


@deed("settings.write")
def forget_withdrawn(stamp: Stamp) -> bool:
    """Delete what has been hidden for want of a consent for longer than `KEPT`; returns whether more is left for another
    turn. One album that cannot be emptied holds up no other."""
    since = _before(stamp)
    no = {purpose: said_no_before(EnrolmentRow.patient_id, purpose, since) for purpose in ("photos", "album")}
    has_photo = select(AlbumPhotoRow.id).where(AlbumPhotoRow.album_id == AlbumRow.id).exists()
    query = (
        select(EnrolmentRow.patient_id)
        .join(AlbumRow, AlbumRow.enrolment_id == EnrolmentRow.id)
        .where(or_(no["album"], no["photos"] & has_photo))
        .group_by(EnrolmentRow.patient_id)
        .order_by(EnrolmentRow.patient_id)
        .limit(AT_ONCE)
    )
    whose = list(stamp.session.scalars(query))
    failed = one_by_one(
        stamp, whose, lambda patient: _forget(stamp, patient), "emptying the album of patient"
    )
    return len(whose) == AT_ONCE and len(failed) < AT_ONCE


def erase_albums(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Names, wishes and photos go; care names the enrolments whose audit entries spoke of them."""
    _empty(stamp, patient_id, texts=True)
    return []


def drop_unused(stamp: Stamp, keys: list[str]) -> None:
    """Remove stored pictures that no album holds any more."""
    still = set(
        stamp.session.scalars(select(AlbumPhotoRow.media_key).where(AlbumPhotoRow.media_key.in_(keys)))
    )
    for key in set(keys) - still:
        stamp.media.delete(key)


def _forget(stamp: Stamp, patient_id: int) -> None:
    """Looked at anew: she may have agreed again since the list was made."""
    get_patient(stamp, patient_id)
    since = _before(stamp)
    gone = [
        purpose
        for purpose in ("photos", "album")
        if (at := withdrawn_at(stamp.session, patient_id, purpose)) and at < since
    ]
    if not gone:
        return
    photos, texts = _empty(stamp, patient_id, texts="album" in gone)
    if photos or texts:
        stamp.audit(EMPTIED, ("patient", patient_id), after={"photos": photos})


def _before(look: Look) -> datetime:
    """What was withdrawn before this instant is deleted today: its last day (`_last_day`) is over."""
    return day_bounds(look.today - KEPT, look.zone)[0]


def _last_day(look: Look, patient_id: int, purpose: str, given: bool) -> date:
    """The last day on which agreeing again brings everything back."""
    at = None if given else withdrawn_at(look.session, patient_id, purpose)
    return day_of(at or look.now, look.zone) + KEPT


def _counts(look: Look, patient_id: int) -> tuple[int, int]:
    """How many albums and photos she has, hidden or not."""
    albums, photos = look.session.execute(
        select(func.count(AlbumRow.id.distinct()), func.count(AlbumPhotoRow.id))
        .join(EnrolmentRow, EnrolmentRow.id == AlbumRow.enrolment_id)
        .outerjoin(AlbumPhotoRow, AlbumPhotoRow.album_id == AlbumRow.id)
        .where(EnrolmentRow.patient_id == patient_id)
    ).one()
    return albums, photos


def _empty(stamp: Stamp, patient_id: int, *, texts: bool) -> tuple[int, int]:
    """How many photos and albums went."""
    session = stamp.session
    hers = select(AlbumRow.id).join(EnrolmentRow).where(EnrolmentRow.patient_id == patient_id)
    albums = list(session.scalars(hers))
    keys = list(session.scalars(select(AlbumPhotoRow.media_key).where(AlbumPhotoRow.album_id.in_(albums))))
    session.execute(delete(AlbumPhotoRow).where(AlbumPhotoRow.album_id.in_(albums)))
    if texts:
        session.execute(delete(AlbumRow).where(AlbumRow.id.in_(albums)))
    drop_unused(stamp, keys)
    return len(keys), len(albums) if texts else 0

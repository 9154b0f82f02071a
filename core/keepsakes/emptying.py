"""What goes from an album when a consent goes, or the person: photos with their files, and the words written for her.

Withdrawing the consent to photos takes the photos; withdrawing the album takes its texts as well. An erasure takes
both, whatever was agreed before (Personal Information Protection Law, art. 47).
"""

from __future__ import annotations

from sqlalchemy import delete, select

from core.care.tables import EnrolmentRow
from core.foundation.audit import declare
from core.foundation.doors import Stamp
from core.foundation.language import N_
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.people.erasure import Subject

EMPTIED = declare("album.emptied", N_("Album emptied after consent was withdrawn"))


def empty_albums(stamp: Stamp, patient_id: int, purpose: str) -> None:
    """Consent to photos or the album was withdrawn: what it covered goes at once."""
    if purpose not in ("photos", "album"):
        return
    photos, texts = _empty(stamp, patient_id, texts=purpose == "album")
    if photos or texts:
        stamp.audit(EMPTIED, ("patient", patient_id), after={"photos": photos})


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

"""An album as chosen (`core.keepsakes.albums`) in the form the printer takes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from core.documents.album.content import AlbumContent, Badge, Letter, Milestone, Photo
from core.foundation.files import MediaStore
from core.foundation.house import House
from core.foundation.language import N_, translator
from core.keepsakes.albums import Album


def content_of(
    album: Album, house: House, media: MediaStore, made_on: date, logo: Path | None
) -> AlbumContent:
    """Photos whose file is gone are left out rather than breaking the book."""
    _ = translator(album.language)
    week = N_("Week {week}")
    nurses = (Letter(album.nurse_name, album.nurse_message, _("Nurse")),) if album.nurse_message else ()
    return AlbumContent(
        hospital=house.hospital,
        department=house.department,
        name=album.name,
        title=album.title,
        started_on=album.started_on,
        ended_on=album.ended_on,
        made_on=made_on,
        milestones=tuple(
            Milestone(badge.day, _(week, week=badge.week_text), badge.mission) for badge in album.badges
        ),
        photos=tuple(
            Photo(media.local_path(photo.media_key), photo.width, photo.height, photo.caption)
            for photo in album.photos
            if media.exists(photo.media_key)
        ),
        badges=tuple(
            Badge(badge.title, _(week, week=badge.week_text), badge.pictogram) for badge in album.badges
        ),
        weeks=album.weeks,
        doctor=Letter(album.doctor_name, album.doctor_message, _("Doctor")) if album.doctor_message else None,
        nurses=nurses,
        logo_path=logo,
        simulated=house.simulated,
    )

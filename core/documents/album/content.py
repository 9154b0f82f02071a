"""What an album may say, as plain frozen data, and how it comes from the album as chosen (`core.keepsakes.albums`).
Nothing else is printed in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.foundation.files import MediaStore
from core.foundation.language import translator
from core.keepsakes.albums import Album


@dataclass(frozen=True)
class Milestone:
    """A point of the journey: `week_text` ("Week 12", "Day 3") may be empty."""

    day: date
    week_text: str
    title: str


@dataclass(frozen=True)
class Photo:
    """A JPEG file, upright and shrunk at upload, with its size in pixels and a caption of one line."""

    path: Path
    width_px: int
    height_px: int
    caption: str = ""


@dataclass(frozen=True)
class Badge:
    """An earned badge."""

    title: str
    week_text: str
    pictogram: str


@dataclass(frozen=True)
class Letter:
    """Words from a person: `name` as they sign, `role` beneath it ("" leaves it out)."""

    name: str
    message: str
    role: str = ""


@dataclass(frozen=True)
class AlbumContent:
    """Everything an album may say.

    `name` and `title` are as the patient wishes. `weeks` are the numbers of the weeks in which something was
    done together (of pregnancy, or since the operation); empty counts from `started_on`. `chart_png` is an
    optional picture of a curve, printed with the note that the doctor explains it.
    """

    name: str
    title: str
    started_on: date
    ended_on: date
    milestones: tuple[Milestone, ...] = ()
    photos: tuple[Photo, ...] = ()
    badges: tuple[Badge, ...] = ()
    weeks: tuple[int, ...] = ()
    doctor: Letter | None = None
    nurses: tuple[Letter, ...] = ()
    chart_png: bytes | None = None
    chart_caption: str = ""

    @property
    def days(self) -> int:
        """Length of the journey in days, both ends counted; at least 1."""
        return max((self.ended_on - self.started_on).days + 1, 1)


def content_of(album: Album, media: MediaStore) -> AlbumContent:
    """The album as chosen. Photos whose file is gone are left out rather than breaking the book."""
    _ = translator(album.language)

    def week_of(week: str) -> str:
        """ "Week 12", and nothing in a course that counts no weeks."""
        return _("Week {week}", week=week) if week else ""

    nurses = (Letter(album.nurse_name, album.nurse_message, _("Nurse")),) if album.nurse_message else ()
    return AlbumContent(
        name=album.name,
        title=album.title,
        started_on=album.started_on,
        ended_on=album.ended_on,
        milestones=tuple(
            Milestone(badge.day, week_of(badge.week_text), badge.mission) for badge in album.badges
        ),
        photos=tuple(
            Photo(media.local_path(photo.media_key), photo.width, photo.height, photo.caption)
            for photo in album.photos
            if media.exists(photo.media_key)
        ),
        badges=tuple(Badge(badge.title, week_of(badge.week_text), badge.pictogram) for badge in album.badges),
        weeks=album.weeks,
        doctor=Letter(album.doctor_name, album.doctor_message, _("Doctor")) if album.doctor_message else None,
        nurses=nurses,
    )

"""What an album may say, as plain frozen data. Nothing else is printed in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


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
    optional picture of a curve, printed with the note that the doctor explains it. `simulated` marks demo data.
    """

    hospital: str
    department: str
    name: str
    title: str
    started_on: date
    ended_on: date
    made_on: date
    milestones: tuple[Milestone, ...] = ()
    photos: tuple[Photo, ...] = ()
    badges: tuple[Badge, ...] = ()
    weeks: tuple[int, ...] = ()
    doctor: Letter | None = None
    nurses: tuple[Letter, ...] = ()
    logo_path: Path | None = None
    chart_png: bytes | None = None
    chart_caption: str = ""
    simulated: bool = False

    @property
    def days(self) -> int:
        """Length of the journey in days, both ends counted; at least 1."""
        return max((self.ended_on - self.started_on).days + 1, 1)

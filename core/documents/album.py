"""The album at the end of a journey: a square book (21 × 21 cm) or A4 landscape, at least eight pages.

It holds what the patient agreed to share: name as wished, the way with its dates, photos, seals, the doctor's
and the nurses' words. No advertising and no diagnosis: nothing is printed that is not in `AlbumContent`.
This module says which pages there are; how they look is in `album_pages`, `album_photos`, `album_letters`.
"""

from __future__ import annotations

from typing import Literal

from core.documents import album_letters, album_pages, album_photos
from core.documents.album_content import AlbumContent, Badge, Letter, Milestone, Photo
from core.documents.layout import Sheet

__all__ = ["AlbumContent", "Badge", "Letter", "Milestone", "Photo", "album_pdf"]

SQUARE, LANDSCAPE = (210.0, 210.0), (297.0, 210.0)
FEWEST_PAGES = 8


def album_pdf(
    content: AlbumContent,
    language: str,
    page: Literal["square", "A4"] = "square",
    bleed: float = 0,
) -> bytes:
    """The album as a PDF with an even number of pages, eight or more.

    `bleed` mm are added on every side for the print shop (3 is usual); the trimmed page is the inner part.
    Photos whose file is missing or unreadable are left out.
    """
    sheet = Sheet(SQUARE if page == "square" else LANDSCAPE, language, content.title, content.made_on, bleed)
    sheet.set_author(content.hospital)
    album_pages.cover(sheet, content)
    album_pages.opening(sheet, content)
    album_pages.time_line(sheet, content)
    shown = album_photos.photo_pages(sheet, content)
    album_pages.weeks(sheet, content)
    album_pages.badges(sheet, content)
    if content.doctor:
        album_letters.doctor(sheet, content, content.doctor)
    if content.nurses:
        album_letters.nurses(sheet, content)
    album_letters.own_words(sheet, content, FEWEST_PAGES)
    album_letters.thanks(sheet, content, shown)
    return sheet.pdf()

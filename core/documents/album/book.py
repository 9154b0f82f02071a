"""The album at the end of a journey: a square book (21 × 21 cm) or A4 landscape, at least eight pages.

It holds what the patient agreed to share: name as wished, the way with its dates, photos, seals, the doctor's
and the nurses' words. No advertising and no diagnosis: nothing is printed that is not in `AlbumContent`.
This module says which pages there are; how they look is in `album_pages`, `album_photos`, `album_letters`.
"""

from __future__ import annotations

from typing import Literal

from core.documents.album import letters, pages, photos
from core.documents.album.content import AlbumContent, Badge, Letter, Milestone, Photo
from core.documents.press.layout import Sheet

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
    pages.cover(sheet, content)
    pages.opening(sheet, content)
    pages.time_line(sheet, content)
    shown = photos.photo_pages(sheet, content)
    pages.weeks(sheet, content)
    pages.badges(sheet, content)
    if content.doctor:
        letters.doctor(sheet, content, content.doctor)
    if content.nurses:
        letters.nurses(sheet, content)
    letters.own_words(sheet, content, FEWEST_PAGES)
    letters.thanks(sheet, content, shown)
    return sheet.pdf()

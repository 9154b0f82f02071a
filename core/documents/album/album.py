"""The album at the end of a journey: a square book (21 × 21 cm) or A4 landscape, at least eight pages.

It holds what the patient agreed to share: name as wished, the way with its dates, photos, seals, the doctor's
and the nurses' words. No advertising and no diagnosis: nothing is printed that is not in `AlbumContent`.
This module says which pages there are; how they look is in `journey`, `photos` and `letters`.
"""

from __future__ import annotations

from typing import Literal

from core.documents.album import journey, letters, photos
from core.documents.album.content import AlbumContent
from core.documents.press.letterhead import Letterhead, Sheet

SQUARE, LANDSCAPE = (210.0, 210.0), (297.0, 210.0)
FEWEST_PAGES = 8


def album_pdf(
    content: AlbumContent, head: Letterhead, page: Literal["square", "A4"] = "square", bleed: float = 0
) -> bytes:
    """The album as a PDF with an even number of pages, eight or more.

    `bleed` mm are added on every side for the print shop (3 is usual); the trimmed page is the inner part.
    Photos whose file is missing or unreadable are left out.
    """
    sheet = Sheet(SQUARE if page == "square" else LANDSCAPE, head, content.title, bleed)
    sheet.set_author(head.hospital)
    journey.cover(sheet, content)
    journey.opening(sheet, content)
    journey.time_line(sheet, content)
    shown = photos.photo_pages(sheet, content)
    journey.weeks(sheet, content)
    journey.badges(sheet, content)
    if content.doctor:
        letters.doctor(sheet, content.doctor)
    letters.nurses(sheet, content.nurses)
    letters.own_words(sheet, FEWEST_PAGES)
    letters.thanks(sheet, content, shown)
    return sheet.pdf()

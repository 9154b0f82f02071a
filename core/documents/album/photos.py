"""Photos in the album: one, two or four prints a page, whole, with a white border and one line of caption.

A photo is never stretched or cropped and never lies across two pages, so no face meets the fold.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.documents.album.content import AlbumContent, Photo
from core.documents.album.journey import inner_page
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import Style, picture_shape
from core.foundation.appearance.palette import CARD, INK, LINE

EDGE = 18.0
TOP, BOTTOM = 18.0, 192.0
BORDER = 4.0  # white around the print, mm
CAPTION = 9.0  # the strip below the picture
GAP = 8.0
RHYTHM = (2, 4, 1)

Box = tuple[float, float, float, float]


def page_sizes(count: int) -> list[int]:
    """How many photos each page takes: the first alone, then a calm change of two, four and one."""
    sizes: list[int] = []
    left = count
    while left:
        wanted = 1 if not sizes else RHYTHM[(len(sizes) - 1) % len(RHYTHM)]
        if count > 20 and wanted == 1 and sizes:
            wanted = 4  # many photos: a book, not a pile
        if wanted > left:
            wanted = 2 if left >= 2 else 1
        sizes.append(wanted)
        left -= wanted
    return sizes


def rows_of(wide: float, photos: Sequence[Photo]) -> list[list[Photo]]:
    """The rows of a page of one, two or four photos: pairs side by side, but two landscape photos on square
    paper one above the other."""
    if len(photos) == 2 and wide < 250 and all(p.width_px > 1.1 * p.height_px for p in photos):
        return [[photo] for photo in photos]
    return [list(photos[n : n + 2]) for n in range(0, len(photos), 2)]


def picture_boxes(wide: float, photos: Sequence[Photo]) -> list[Box]:
    """Where the pictures (x, y, w, h in mm, without border) lie on a page `wide` mm wide.

    Pictures of one row share their height, each in its own proportions; rows are centred on the page.
    """
    rows = rows_of(wide, photos)
    strip = CAPTION if any(photo.caption for photo in photos) else BORDER
    tallest = (BOTTOM - TOP - GAP * (len(rows) - 1)) / len(rows) - BORDER - strip
    heights = []
    for row in rows:
        frames = 2 * BORDER * len(row) + GAP * (len(row) - 1)
        heights.append(min((wide - 2 * EDGE - frames) / sum(map(_aspect, row)), tallest))
    y = TOP + (BOTTOM - TOP - sum(heights) - len(rows) * (BORDER + strip) - GAP * (len(rows) - 1)) / 2
    boxes = []
    for row, height in zip(rows, heights, strict=True):
        used = sum(_aspect(photo) * height + 2 * BORDER for photo in row) + GAP * (len(row) - 1)
        x = (wide - used) / 2 + BORDER
        for photo in row:
            boxes.append((x, y + BORDER, _aspect(photo) * height, height))
            x += _aspect(photo) * height + 2 * BORDER + GAP
        y += height + BORDER + strip + GAP
    return boxes


def _aspect(photo: Photo) -> float:
    return photo.width_px / photo.height_px


def photo_pages(sheet: Sheet, content: AlbumContent) -> int:
    """Print the photos in their order; returns how many there were. Unreadable files are left out."""
    photos = [photo for photo in content.photos if picture_shape(photo.path)]
    done = 0
    for size in page_sizes(len(photos)):
        page = photos[done : done + size]
        inner_page(sheet)
        strip = CAPTION if any(photo.caption for photo in page) else BORDER
        for box, photo in zip(picture_boxes(sheet.wide, page), page, strict=True):
            _print(sheet, box, photo, strip)
        done += size
    return done


def _print(sheet: Sheet, box: Box, photo: Photo, strip: float) -> None:
    x, y, w, h = box
    sheet.panel(x - BORDER, y - BORDER, w + 2 * BORDER, h + BORDER + strip, CARD, LINE, 0, 0.2)
    sheet.picture(photo.path, x, y, w, h)
    if photo.caption:
        style = sheet.fit(photo.caption, w, 6, Style(10.5, "serif", INK, leading=1.3), 8)
        line = sheet.shortened(photo.caption, w, style)
        sheet.put(line, x, y + h + (strip - style.line_mm) / 2, style, "center", w)

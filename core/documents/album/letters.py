"""Album pages of words: the doctor's, the nurses', the family's own, and the thanks at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.documents.album.content import AlbumContent, Letter
from core.documents.album.journey import MARGIN, inner_page
from core.documents.press.drawing import draw_seal, opening_quote
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import MM_PER_POINT, Style
from core.documents.press.scenery import morning
from core.foundation.appearance.palette import CARD, CORAL, INK, JADE, JADE_DARK, LINE, SOFT_INK
from core.foundation.language import N_, translator

HAND = Style(13, "serif", INK, leading=2.0)
OWN_WORDS = (N_("In your own words"), N_("For those who were there"), N_("For the days to come"))
LETTER_TOP, LETTER_FOOT = 60.0, 182.0
DOCTOR_TOP, SIGNATURE = 74.0, 28.0  # mm: first line of the doctor's words, room for the signature
FIRST_PAGE = LETTER_FOOT - SIGNATURE - DOCTOR_TOP


def doctor(sheet: Sheet, letter: Letter) -> None:
    """The doctor's message, set large; a long one goes on overleaf. Signed above a line for the real pen."""
    _ = translator(sheet.language)
    width = min(sheet.wide - 2 * MARGIN - 16, 190)
    left = (sheet.wide - width) / 2
    style = sheet.fit(letter.message, width, FIRST_PAGE, Style(15, "serif", leading=1.95), 11)
    lines = sheet.lines_of(letter.message, width, style)
    first = True
    while lines or first:
        inner_page(sheet, _("A word from your doctor") if first else "")
        top = DOCTOR_TOP if first else 40.0
        if first:
            opening_quote(sheet, left, 56, 10, CORAL)
        room = int((LETTER_FOOT - SIGNATURE - top + 0.01) / style.line_mm)
        top = sheet.print_lines(lines[:room], left, top, width, style, justify=True)
        lines, first = lines[room:], False
    _signature(sheet, letter, left, max(top + 8, 150), width, 22)


def _signature(sheet: Sheet, letter: Letter, left: float, y: float, width: float, size: float) -> None:
    """The name, slanted like a signature, on a line; the role beneath."""
    style = sheet.fit(letter.name, 66, size * 0.5, Style(size, "serif", JADE_DARK, leading=1.3), 9)
    x = left + width - 70
    with sheet.skew(ax=8, x=x, y=y + style.line_mm):
        sheet.put(letter.name, x, y, style, "right", 68)
    sheet.rule(x, y + style.line_mm + 0.6, left + width, y + style.line_mm + 0.6, SOFT_INK, 0.25)
    if letter.role:
        small = Style(9, colour=SOFT_INK)
        sheet.put(sheet.shortened(letter.role, 70, small), x, y + style.line_mm + 1.6, small, "right", 70)


def nurses(sheet: Sheet, letters: Sequence[Letter]) -> None:
    """The nurses' wishes on ruled letter paper: each with its signature, as many pages as they need."""
    width = sheet.wide - 2 * MARGIN - 20
    left = MARGIN + 10
    pitch = HAND.line_mm
    rows = int((LETTER_FOOT - LETTER_TOP) / pitch)
    row = rows
    for letter in letters:
        lines = sheet.lines_of(letter.message, width, HAND)
        # A wish is not torn where it fits on one page; a very long one runs on.
        if row + len(lines) + 1 > rows and (len(lines) < rows or row + 3 > rows):
            row = _letter_paper(sheet, rows)
        while lines:
            room = rows - row - 1
            sheet.print_lines(lines[:room], left, LETTER_TOP + row * pitch, width, HAND, justify=True)
            row += min(room, len(lines))
            lines = lines[room:]
            if lines:
                row = _letter_paper(sheet, rows)
        _signed(sheet, letter, left, LETTER_TOP + row * pitch, width)
        row += 2


def _letter_paper(sheet: Sheet, rows: int) -> int:
    """A new ruled page; returns its first free row."""
    _ = translator(sheet.language)
    inner_page(sheet, _("Wishes from the ward"))
    pitch = HAND.line_mm
    sheet.panel(MARGIN, LETTER_TOP - 6, sheet.wide - 2 * MARGIN, rows * pitch + 10, CARD, LINE, 2)
    for row in range(1, rows + 1):
        y = LETTER_TOP + row * pitch - 1.2
        sheet.rule(MARGIN + 10, y, sheet.wide - MARGIN - 10, y, LINE, 0.2)
    return 0


def _signed(sheet: Sheet, letter: Letter, left: float, y: float, width: float) -> None:
    style = HAND.sized(13.5)
    style = replace(style, colour=JADE_DARK, leading=HAND.line_mm / (13.5 * MM_PER_POINT))
    text = sheet.shortened("—— " + " · ".join(p for p in (letter.name, letter.role) if p), width, style)
    with sheet.skew(ax=8, x=left + width, y=y + style.line_mm):
        sheet.put(text, left, y, style, "right", width)


def own_words(sheet: Sheet, fewest: int) -> None:
    """Ruled pages for a pen, until the book with its last page has an even number of at least `fewest`."""
    _ = translator(sheet.language)
    count = 0
    while sheet.page + 1 < fewest or (sheet.page + 1) % 2:
        inner_page(sheet, _(OWN_WORDS[count % len(OWN_WORDS)]))
        for n in range(11):
            y = 68 + n * 11.0
            sheet.rule(MARGIN, y, sheet.wide - MARGIN, y, LINE, 0.3)
        count += 1


def thanks(sheet: Sheet, content: AlbumContent, photos: int) -> None:
    """The last page: thanks, and the imprint that says what the album was made from and when."""
    _ = translator(sheet.language)
    inner_page(sheet)
    morning(sheet, 150, 0, 0, faint=True)
    width = 140.0
    left = (sheet.wide - width) / 2
    draw_seal(sheet, _("With thanks"), "", "heart", sheet.wide / 2 - 16, 34, 32)
    y = sheet.put(_("Thank you for your trust"), left, 76, Style(24, "serif", bold=True), "center", width)
    text = _("May the days ahead be light. If you need us, we are here.")
    y = sheet.block(text, left, y + 5, width, Style(13, "serif", leading=1.9), "center")
    sheet.rule(sheet.wide / 2 - 6, y + 8, sheet.wide / 2 + 6, y + 8, JADE, 0.4)
    sheet.put(sheet.head.hospital, left, y + 13, Style(11, "serif"), "center", width)
    sheet.put(sheet.head.department, left, y + 20, Style(9.5, "serif", SOFT_INK), "center", width)
    small = Style(8, colour=INK, leading=1.6)
    sheet.block(imprint(sheet, content, photos), left, 172, width, small, "center")
    sheet.simulated_mark(0, 192, "center", sheet.wide)


def imprint(sheet: Sheet, content: AlbumContent, photos: int) -> str:
    """What the album was made from, and when."""
    _ = translator(sheet.language)
    return _(
        "Made by {hospital}, {department}, on {day}, only from what you agreed to share: "
        "photos {photos}, dates {dates}, messages {letters}.",
        hospital=sheet.head.hospital,
        department=sheet.head.department,
        photos=photos,
        dates=len(content.milestones),
        letters=len(content.nurses) + (1 if content.doctor else 0),
        day=sheet.head.day_text,
    )

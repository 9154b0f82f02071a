"""The list of a shift on paper (A4, landscape): for a ward without a network, ticked by hand and typed back afterwards.

Each line carries the number by which it is found again on the screen, a box to tick and room for the hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, Style
from core.foundation.appearance.palette import CARD, INK, LINE, SOFT_INK
from core.foundation.language import plural, translator

MARGIN = 12.0
_HIGH = 13.5  # mm of one line: a hand writes in it
_FOOT = 14.0
_SMALL = Style(7.5, colour=SOFT_INK, leading=1.4)
_TEXT = Style(9.5, leading=1.4)
_BOLD = Style(9.5, bold=True, leading=1.4)
# Left edges in mm of what stands in a line.
_BOX, _NUMBER, _TIME, _WHO, _TASK, _PLACE, _DONE, _NOTE = 0.0, 8.0, 22.0, 46.0, 88.0, 150.0, 208.0, 236.0


@dataclass(frozen=True)
class ShiftLine:
    """One task to do. `time` is the hour of a booked visit or the last day, in words; `who` the patient's name, `about`
    what tells her from another of that name; `bring` what she brings."""

    number: int
    time: str
    who: str
    about: str
    task: str
    place: str
    bring: str


def shift_list_pdf(lines: Sequence[ShiftLine], heading: str, head: Letterhead) -> bytes:
    """The list as A4 pages. `heading` says whose tasks these are ("all tasks", "nurse")."""
    _ = translator(head.language)
    sheet = Sheet((A4[1], A4[0]), head, _("Tasks of {day}", day=head.day_text))
    y = _first(sheet, len(lines), heading)
    for line in lines:
        if y + _HIGH > sheet.high - _FOOT:
            sheet.new_page(CARD)
            y = _titles(sheet, MARGIN)
        _line(sheet, line, y)
        y += _HIGH
    _feet(sheet)
    return sheet.pdf()


def _first(sheet: Sheet, count: int, heading: str) -> float:
    _ = translator(sheet.language)
    sheet.new_page(CARD)
    size = plural(sheet.language, "{n} task", "{n} tasks", count)
    y = sheet.headed(_("Tasks of {day}", day=sheet.head.day_text), f"{heading} · {size}", MARGIN, 18)
    how = _("Tick what is done and write the hour; type it back under Today, by the number of the line.")
    y = sheet.block(how, MARGIN, y, sheet.wide - 2 * MARGIN, Style(9, colour=SOFT_INK)) + 1
    return _titles(sheet, y)


def _titles(sheet: Sheet, y: float) -> float:
    _ = translator(sheet.language)
    for x, title in (
        (_NUMBER, _("Line no.")), (_TIME, _("When")), (_WHO, _("Patient")), (_TASK, _("Task")), (_PLACE, _("Where")),
        (_DONE, _("Done at")), (_NOTE, _("Note")),
    ):  # fmt: skip
        sheet.put(title, MARGIN + x, y, _SMALL)
    y += _SMALL.line_mm + 0.6
    sheet.rule(MARGIN, y, sheet.wide - MARGIN, y, INK, 0.3)
    return y


def _line(sheet: Sheet, line: ShiftLine, y: float) -> None:
    top, below = y + 1.6, y + 1.6 + _TEXT.line_mm
    sheet.panel(MARGIN + _BOX, y + 3.2, 5, 5, CARD, INK, 0.6, 0.35)
    sheet.put(str(line.number), MARGIN + _NUMBER, top, _TEXT)
    _cell(sheet, line.time, "", _TIME, _WHO, top)
    _cell(sheet, line.who, line.about, _WHO, _TASK, top, _BOLD)
    _cell(sheet, line.task, line.bring, _TASK, _PLACE, top)
    _cell(sheet, line.place, "", _PLACE, _DONE, top)
    sheet.rule(MARGIN + _DONE, below + 4.5, MARGIN + _NOTE - 4, below + 4.5, SOFT_INK, 0.2)
    sheet.rule(MARGIN + _NOTE, below + 4.5, sheet.wide - MARGIN, below + 4.5, SOFT_INK, 0.2)
    sheet.rule(MARGIN, y + _HIGH, sheet.wide - MARGIN, y + _HIGH, LINE, 0.2)


def _cell(
    sheet: Sheet, text: str, small: str, left: float, right: float, y: float, style: Style = _TEXT
) -> None:
    """Two lines at most: a text that needs both, or one with something small below."""
    room = right - left - 3
    if small:
        sheet.put(sheet.shortened(text, room, style), MARGIN + left, y, style)
        sheet.put(sheet.shortened(small, room, _SMALL), MARGIN + left, y + style.line_mm, _SMALL)
        return
    lines = sheet.lines_of(text, room, style)[:2]
    sheet.print_lines(lines, MARGIN + left, y, room, style)


def _feet(sheet: Sheet) -> None:
    _ = translator(sheet.language)
    last = sheet.page
    for page in range(1, last + 1):
        sheet.page = page
        sheet.footed(_("Page {page} of {pages}", page=page, pages=last), MARGIN, sheet.high - 9)
    sheet.page = last

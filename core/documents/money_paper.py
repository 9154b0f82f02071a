"""What the papers of the counter share (A5): the amount in figures and in capitals, rows of facts, the foot with the place
for the stamp. A name stands whole on them: they are handed to herself, and staff find people by name."""

from __future__ import annotations

from collections.abc import Iterable

from core.documents.press.amounts import capital_amount
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import Style
from core.foundation.appearance.palette import CORAL_INK, JADE, JADE_WASH, LINE, SOFT_INK
from core.foundation.language import money_text, translator

MARGIN = 14.0
LABEL = Style(9, colour=SOFT_INK)
VALUE = Style(10.5)
SMALL = Style(8.5, colour=SOFT_INK)
TEXT = Style(9, "serif", leading=1.6)
FOOT = 30.0  # mm kept free below the text of the last page: stamp and notes


def amount_panel(sheet: Sheet, label: str, fen: int, y: float) -> float:
    """The amount, large; returns the y below."""
    _ = translator(sheet.language)
    width = sheet.wide - 2 * MARGIN
    sheet.panel(MARGIN, y, width, 26, JADE_WASH, radius=3)
    sheet.put(label, MARGIN + 6, y + 4, LABEL)
    money = money_text(fen, sheet.language)
    if sheet.language == "zh":
        sheet.put(capital_amount(fen), MARGIN + 6, y + 12.5, Style(13, "serif", bold=True))
    else:
        sheet.put(_("Chinese yuan (CNY)"), MARGIN + 6, y + 12.5, Style(11, "serif"))
    big = Style(24, colour=JADE, bold=True, leading=1.2)
    sheet.put(money, MARGIN, y + 8, sheet.fit(money, 60, 11, big, 12), "right", width - 6)
    return y + 31


def fact_rows(sheet: Sheet, rows: Iterable[tuple[str, str]], y: float, gap: float = 1.6) -> float:
    """Facts with their labels, one below the other, `gap` mm above and below each rule; returns the y below."""
    left, column = MARGIN + 6, MARGIN + 40
    for label, value in rows:
        sheet.put(label, left, y + 0.5, LABEL)
        y = sheet.block(value, column, y, sheet.wide - MARGIN - column, VALUE) + gap
        sheet.rule(left, y - 0.4, sheet.wide - MARGIN, y - 0.4)
        y += gap
    return y + 2


def long_text(
    sheet: Sheet, title: str, text: str, y: float, notes: tuple[str, str], number: str, style: Style = TEXT
) -> None:
    """A text with its title, on as many pages as it needs; the foot and the stamp stand on the last. A title never stands
    without two lines below it."""
    width = sheet.wide - 2 * MARGIN - 6
    lines = sheet.lines_of(text, width, style)
    y = with_room(sheet, y, 7 + min(2, len(lines)) * style.line_mm, notes, number)
    sheet.put(title, MARGIN + 6, y, Style(10, bold=True, colour=JADE))
    y += 7
    while lines:
        room = max(0, int((sheet.high - FOOT - 2 - y) / style.line_mm))
        sheet.print_lines(lines[:room], MARGIN + 6, y, width, style, justify=True)
        lines = lines[room:]
        if lines:
            foot(sheet, notes, number, last=False)
            sheet.new_page()
            y = MARGIN
    foot(sheet, notes, number, last=True)


def with_room(sheet: Sheet, y: float, need: float, notes: tuple[str, str], number: str) -> float:
    """The y itself where `need` mm fit above the foot, else that of a new page."""
    if y + need <= sheet.high - FOOT - 2:
        return y
    foot(sheet, notes, number, last=False)
    sheet.new_page()
    return MARGIN


def foot(sheet: Sheet, notes: tuple[str, str], number: str, *, last: bool) -> None:
    """The first note on every page; on the last one the second, and a dashed place for the hospital's stamp."""
    y = sheet.high - FOOT
    sheet.rule(MARGIN, y, sheet.wide - MARGIN, y, LINE)
    sheet.block(notes[0], MARGIN + 6, y + 4, 76, Style(9, colour=CORAL_INK, bold=False))
    if last:
        sheet.block(notes[1], MARGIN + 6, y + 14, 76, SMALL)
        _stamp(sheet, y)
    sheet.footed(f"{number} · {sheet.page}", MARGIN, sheet.high - 7.5)


def _stamp(sheet: Sheet, y: float) -> None:
    _ = translator(sheet.language)
    x = sheet.wide - MARGIN - 34
    with sheet.local_context():
        sheet.set_dash_pattern(1.2, 1.2)
        sheet.panel(x, y + 4, 34, 17, None, SOFT_INK, radius=2)
    sheet.put(_("Stamp of the hospital"), x, y + 10, Style(8, colour=SOFT_INK), "center", 34)

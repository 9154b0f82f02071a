"""What the pages of a handbook share: its facts, the running head and foot, text that flows from page to page.

A4 with a wide inner margin for punching. Nothing is said by colour alone, so black-and-white print loses nothing.
Heads and feet are written last, when the number of pages is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core.documents.press.drawing import draw_qr
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import Style
from core.foundation.appearance.palette import CARD, CORAL_INK, INK, JADE, JADE_DARK, LINE, SOFT_INK
from core.foundation.language import full_day_text, translator
from core.sops.document import ACTOR_NAMES, SopDocument

LEFT, RIGHT, TOP, BOTTOM = 22.0, 194.0, 30.0, 268.0
WIDE = RIGHT - LEFT
HEAD = Style(23, "serif", INK, bold=True, leading=1.35)
SECTION = Style(13, "serif", JADE_DARK, bold=True, leading=1.4)
BODY = Style(10.5, leading=1.65)
LABEL = Style(9, colour=SOFT_INK, leading=1.4)
SMALL = Style(7.5, colour=SOFT_INK, leading=1.3)


@dataclass(frozen=True)
class Reader:
    """Somebody who must sign; `signed_on` is None while the paper is still to be signed."""

    name: str
    role: str
    signed_on: date | None = None


@dataclass(frozen=True)
class Handbook:
    """One SOP version as a book. `standing` is a key of `core.sops.states.STANDINGS`; `url` is the phone
    page that says whether this print is current."""

    document: SopDocument
    standing: str
    url: str
    author: str = ""
    approver: str = ""
    approved_on: date | None = None
    effective_on: date | None = None
    review_on: date | None = None
    readers: tuple[Reader, ...] = ()

    @property
    def in_use(self) -> bool:
        """Whether this text has been approved and not been retired."""
        return self.standing in ("in_force", "scheduled")


@dataclass
class Entry:
    """A line of the contents: `number` and `actor` only for steps."""

    title: str
    page: int
    number: str = ""
    actor: str = ""


@dataclass
class Run:
    """A handbook being written: the sheet, where we are on it, and the contents so far."""

    sheet: Sheet
    book: Handbook
    y: float = TOP
    section: str = ""
    entries: list[Entry] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)

    @property
    def document(self) -> SopDocument:
        return self.book.document

    def page(self, section: str, title: str = "", number: str = "", actor: str = "") -> None:
        """Begin a page of a section; with `title` it gets a line in the contents."""
        self.sheet.new_page()
        self.section, self.y = section, TOP
        self.sections[self.sheet.page] = section
        if title:
            self.entries.append(Entry(title, self.sheet.page, number, actor))

    def headed(self, text: str) -> None:
        """Begin a page with a large heading, listed in the contents."""
        self.page(text, text)
        heading(self.sheet, text)
        self.y = TOP + 15

    def room(self, height: float) -> None:
        """Go on to a new page of this section unless `height` mm are left."""
        if self.y + height > BOTTOM:
            self.page(self.section)

    def text(
        self, text: str, style: Style = BODY, x: float = LEFT, width: float = WIDE, gap: float = 2
    ) -> None:
        """A paragraph that may run over to further pages."""
        lines = self.sheet.lines_of(text, width, style)
        while lines:
            fitting = max(1, int((BOTTOM - self.y) / style.line_mm))
            now, lines = lines[:fitting], lines[fitting:]
            self.y = self.sheet.print_lines(now, x, self.y, width, style, justify=True)
            if lines:
                self.page(self.section)
        self.y += gap

    def titled(self, title: str, text: str) -> None:
        """A small heading with its paragraph; nothing where there is no text."""
        if text.strip():
            self.room(SECTION.line_mm + 3 * BODY.line_mm)
            self.y = self.sheet.put(title, LEFT, self.y, SECTION) + 0.5
            self.text(text, gap=4)


def heading(sheet: Sheet, text: str) -> None:
    """The large heading of a page, with its rule."""
    sheet.put(text, LEFT, TOP - 4, HEAD)
    sheet.rule(LEFT + 0.4, TOP + 9.5, LEFT + 16, TOP + 9.5, JADE, 1)


def tag(sheet: Sheet, text: str, x: float, y: float, fill: str = JADE_DARK, size: float = 10) -> float:
    """A word in a filled pill, white on dark so that it also stands out in grey. Returns the x to its right."""
    style = Style(size, colour=CARD, bold=True, leading=1.25)
    width, height = sheet.width_of(sheet.clean(text), style) + size * 0.72, style.line_mm + size * 0.16
    sheet.panel(x, y, width, height, fill, radius=height / 2)
    sheet.put(text, x, y + size * 0.08, style, "center", width)
    return x + width


def actor_name(actor: str, language: str) -> str:
    return translator(language)(ACTOR_NAMES[actor])


def state_text(book: Handbook, language: str) -> str:
    """What a reader must know of this print: in force since when, or that it is not for use."""
    _ = translator(language)
    if book.standing == "in_force" and book.effective_on:
        return _("In force since {day}", day=full_day_text(book.effective_on, language))
    if book.standing == "scheduled" and book.effective_on:
        return _("In force from {day}", day=full_day_text(book.effective_on, language))
    return _("Retired, not for use") if book.standing == "retired" else _("Draft, not for use")


def heads_and_feet(run: Run) -> None:
    """Running head and foot of every page but the cover."""
    sheet = run.sheet
    last = sheet.page
    for number in range(2, last + 1):
        sheet.page = number
        _head(run, number)
        _foot(run, number, last)
    sheet.page = last


def _head(run: Run, number: int) -> None:
    sheet, book = run.sheet, run.book
    title = sheet.shortened(run.document.title, WIDE * 0.6, SMALL)
    sheet.put(title, LEFT, 13.5, SMALL)
    section = sheet.shortened(run.sections.get(number, ""), WIDE * 0.36, SMALL)
    sheet.put(section, LEFT, 13.5, SMALL, "right", WIDE)
    sheet.rule(LEFT, 18.5, RIGHT, 18.5, LINE)
    if not book.in_use:
        text = state_text(book, sheet.language)
        style = Style(8.5, colour=CORAL_INK, bold=True, leading=1.3)
        width = sheet.width_of(sheet.clean(text), style) + 8
        x = (LEFT + RIGHT - width) / 2
        sheet.panel(x, 11.6, width, 6, CARD, CORAL_INK, 3, 0.4)
        sheet.put(text, x, 12.6, style, "center", width)


def _foot(run: Run, number: int, last: int) -> None:
    sheet, book = run.sheet, run.book
    _ = translator(sheet.language)
    y = 276.0
    sheet.rule(LEFT, y - 3, RIGHT, y - 3, LINE)
    draw_qr(sheet, book.url, RIGHT - 15, y - 2, 15)
    sheet.put(_("Scan: is this page current?"), LEFT, y + 5, SMALL, "right", WIDE - 17)
    line = " · ".join(
        (
            run.document.code,
            _("version {number}", number=run.document.number),
            state_text(book, sheet.language),
        )
    )
    sheet.put(sheet.shortened(line, 100, SMALL), LEFT, y, SMALL)
    sheet.simulated_mark(LEFT, y + 5, "left")
    sheet.put(f"{number} / {last}", LEFT, y, Style(9, "serif", INK, leading=1.3), "center", WIDE)

"""The handbook of one SOP version (A4): cover, contents, the red-edged page, roles, one page per step, annexes.

Its QR code leads to a phone page that says whether this print still is the current version. A draft can be printed
for the review; every page of it says that it is one.
"""

from __future__ import annotations

from core.documents.handbook.frame import (
    BOTTOM,
    LABEL,
    LEFT,
    RIGHT,
    TOP,
    WIDE,
    Entry,
    Handbook,
    Run,
    actor_name,
    heading,
    heads_and_feet,
    state_text,
)
from core.documents.handbook.pages import about_pages, log_pages, measure_pages, role_pages, signature_pages
from core.documents.handbook.red import escalation_pages
from core.documents.handbook.steps import mission_pages, step_pages
from core.documents.press.drawing import draw_qr
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, Style
from core.documents.press.scenery import morning
from core.foundation.appearance.palette import CARD, CORAL, CORAL_INK, INK, JADE_DARK, LINE, SOFT_INK
from core.foundation.language import full_day_text, translator

ROW, GROUP = 8.0, 11.0  # mm: a step's and a section's line in the contents
FIRST = TOP + 15


def handbook_pdf(book: Handbook, head: Letterhead, bleed: float = 0) -> bytes:
    """The handbook as a PDF with headings in the letterhead's language; what the department wrote stays in its own language.
    `bleed` mm are added on every side for a print shop."""
    _ = translator(head.language)
    title = f"{book.document.title} · {_('Service handbook')}"
    sheet = Sheet(A4, head, title, bleed)
    run = Run(sheet, book)
    _cover(run)
    contents = _contents_pages(run)
    escalation_pages(run)
    about_pages(run)
    role_pages(run)
    step_pages(run)
    mission_pages(run)
    measure_pages(run)
    log_pages(run)
    signature_pages(run)
    _contents(run, contents)
    heads_and_feet(run)
    return sheet.pdf()


def _cover(run: Run) -> None:
    sheet = run.sheet
    _ = translator(sheet.language)
    sheet.new_page()
    morning(sheet, 232, sheet.wide * 0.78, 15)
    sheet.letterhead(LEFT, 24, 14)
    sheet.put(_("Service handbook"), LEFT, 66, Style(13, colour=SOFT_INK, leading=1.4))
    title = sheet.fit(run.document.title, WIDE, 46, Style(38, "serif", INK, bold=True, leading=1.3), 18)
    y = sheet.block(run.document.title, LEFT, 75, WIDE, title)
    sheet.rule(LEFT + 0.5, y + 5, LEFT + 20, y + 5, CORAL, 1.1)
    _state(run, y + 14)
    _people(run, 152)
    draw_qr(sheet, run.book.url, RIGHT - 42, 150, 42)
    text = _("Scan to see whether this print is the current version.")
    sheet.block(text, RIGHT - 50, 193, 58, LABEL, "center")
    sheet.simulated_mark(0, 8, "center", sheet.wide)


def _state(run: Run, y: float) -> None:
    """The version in large type, and what it is worth today."""
    sheet, book = run.sheet, run.book
    _ = translator(sheet.language)
    number = _("Version {number}", number=run.document.number)
    big = Style(24, "serif", JADE_DARK, bold=True, leading=1.3)
    sheet.put(number, LEFT, y, big)
    text = state_text(book, sheet.language)
    x = LEFT + sheet.width_of(sheet.clean(number, "serif"), big) + 8
    colour = JADE_DARK if book.in_use else CORAL_INK
    style = Style(12, colour=colour, bold=True, leading=1.3)
    width = sheet.width_of(sheet.clean(text), style) + 10
    sheet.panel(x, y + 1.6, width, 8.6, CARD, colour, 4.3, 0.5)
    sheet.put(text, x, y + 3, style, "center", width)


def _people(run: Run, y: float) -> None:
    sheet, book = run.sheet, run.book
    language = sheet.language
    _ = translator(language)
    day = full_day_text(book.approved_on, language) if book.approved_on else ""
    rows = (
        (_("Number"), run.document.code),
        (_("Owner"), run.document.own.owner),
        (_("Handed in by"), book.author),
        (_("Approved by"), " · ".join(part for part in (book.approver, day) if part)),
        (_("Review by"), full_day_text(book.review_on, language) if book.review_on else ""),
    )
    value = Style(11.5, leading=1.4)
    for label, text in rows:
        sheet.put(label, LEFT, y + 0.9, LABEL)
        sheet.put(sheet.shortened(text or "–", 78, value), LEFT + 34, y, value)
        y += 9.4
        sheet.rule(LEFT, y - 1.6, LEFT + 114, y - 1.6, LINE)


# --- contents -------------------------------------------------------------------------------------


def _contents_pages(run: Run) -> list[int]:
    """Pages kept for the contents: their lines are known in number before their page numbers are."""
    document = run.document
    around = (GROUP,) * (4 if document.missions else 3)
    high, count = BOTTOM, 0
    for line in (GROUP,) * 3 + (ROW,) * len(document.steps) + around:
        if high + line > BOTTOM:
            high, count = FIRST, count + 1
        high += line
    _ = translator(run.sheet.language)
    pages = []
    for _page in range(count):
        run.page(_("Contents"))
        pages.append(run.sheet.page)
    return pages


def _contents(run: Run, pages: list[int]) -> None:
    """Write the contents on the pages kept for them; each line is a link."""
    sheet = run.sheet
    _ = translator(sheet.language)
    last, left = sheet.page, list(pages)
    y = BOTTOM
    for entry in run.entries:
        line = ROW if entry.number else GROUP
        if y + line > BOTTOM:
            sheet.page = left.pop(0)
            y = FIRST
            heading(sheet, _("Contents"))
        _contents_line(run, entry, y, line)
        y += line
    sheet.page = last


def _contents_line(run: Run, entry: Entry, y: float, step: float) -> None:
    sheet = run.sheet
    style = (
        Style(10.5, leading=1.3) if entry.number else Style(12.5, "serif", JADE_DARK, bold=True, leading=1.3)
    )
    top = y + (step - style.line_mm) / 2
    x = LEFT
    if entry.number:
        sheet.put(
            entry.number, LEFT, top, Style(10.5, "serif", JADE_DARK, bold=True, leading=1.3), "right", 9
        )
        sheet.put(
            actor_name(entry.actor, sheet.language),
            LEFT + 13,
            top + 0.4,
            Style(9, colour=SOFT_INK, leading=1.3),
        )
        x = LEFT + 38
    title = sheet.shortened(entry.title, RIGHT - x - 16, style)
    sheet.put(title, x, top, style)
    sheet.put(str(entry.page), LEFT, top, Style(10.5, "serif", INK, leading=1.3), "right", WIDE)
    start = x + sheet.width_of(title, style) + 3
    if start < RIGHT - 12:
        sheet.rule(
            start, top + style.line_mm * 0.72, RIGHT - 9, top + style.line_mm * 0.72, SOFT_INK, 0.2, dash=0.5
        )
    sheet.link(
        sheet.bleed + LEFT, sheet.bleed + y, WIDE, step, sheet.add_link(page=entry.page)
    )  # fmt: skip

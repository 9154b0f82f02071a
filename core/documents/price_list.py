"""The price list of the department (A4): every package on sale with what it costs, holds and gives back.

It hangs where patients decide. Prices of private hospitals follow the market and must be marked clearly, with the
rules of refund beside them (rule PRICE of the house's compliance notes; facts for design, not legal advice): so each
package shows price, time, content and refund in one frame, in the words the department published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, Style
from core.foundation.appearance.palette import CARD, INK, JADE, JADE_DARK, JADE_WASH, LINE, SOFT_INK
from core.foundation.language import full_day_text, money_text, plural, translator

MARGIN = 16.0
PAD = 6.0
_FOOT = 33.0  # mm kept free below the frames
_LABEL_WIDE = 27.0
_NAME = Style(15, "serif", JADE_DARK, bold=True, leading=1.35)
_PRICE = Style(20, colour=JADE, bold=True, leading=1.2)
_PROMISE = Style(10.5, "serif", INK, leading=1.5)
_LABEL = Style(9, colour=SOFT_INK, leading=1.5)
_VALUE = Style(9.5, leading=1.5)
_SMALL = Style(7.5, colour=SOFT_INK, leading=1.5)


@dataclass(frozen=True)
class PricedPackage:
    """One package as it is sold. `price_fen` in fen, 0 is free; `included` are countable rights (name, count);
    `tasks` how many dates and daily tasks are planned; `limit` how often one patient may buy it (None: no limit)."""

    name: str
    promise: str
    audience: str
    price_fen: int
    valid_days: int
    included: tuple[tuple[str, int], ...]
    tasks: int
    refund_terms: str
    version: int
    published_on: date
    limit: int | None = None


def price_list_pdf(packages: Sequence[PricedPackage], head: Letterhead) -> bytes:
    """The price list as A4 pages; packages keep the words they were written in.

    A package begins on a new page rather than being torn apart; one longer than a page runs on without its frame.
    """
    _ = translator(head.language)
    sheet = Sheet(A4, head, _("Price list"))
    y = _head(sheet)
    bottom = sheet.high - _FOOT
    for package in packages:
        high = _high(sheet, package)
        if y + high > bottom and y > 70:
            sheet.new_page(CARD)
            y = MARGIN
        if high <= bottom - MARGIN:
            _border(sheet, y, high)
        y = _package(sheet, package, y) + 5
    _feet(sheet)
    return sheet.pdf()


def _head(sheet: Sheet) -> float:
    _ = translator(sheet.language)
    sheet.new_page(CARD)
    y = sheet.headed(_("Price list"), _("Printed on {day}", day=sheet.head.day_text), MARGIN, 24)
    lead = _("What each service package costs, what it holds, and what you get back if you change your mind.")
    return sheet.block(lead, MARGIN, y + 1, sheet.wide - 2 * MARGIN, Style(10.5, colour=SOFT_INK)) + 4


def _rows(package: PricedPackage, language: str) -> list[tuple[str, str]]:
    """Label and text of every line below the promise."""
    _ = translator(language)
    held = [f"{name} × {count}" for name, count in package.included]
    if package.tasks:
        held.append(
            plural(language, "{n} planned date or task", "{n} planned dates and tasks", package.tasks)
        )
    rows = [
        (_("For whom"), package.audience),
        (_("Included"), (_("; ")).join(held)),
        (
            _("Valid"),
            plural(
                language,
                "{n} day from the day of purchase",
                "{n} days from the day of purchase",
                package.valid_days,
            ),
        ),
    ]
    if package.limit:
        rows.append(
            (
                _("Purchase"),
                plural(language, "{n} time for each patient", "{n} times for each patient", package.limit),
            )
        )
    rows.append((_("Refund"), package.refund_terms))
    return [(label, text) for label, text in rows if text]


def _room() -> float:
    return A4[0] - 2 * MARGIN - 2 * PAD


def _high(sheet: Sheet, package: PricedPackage) -> float:
    """Height of the frame of one package, in mm."""
    name = sheet.height_of(package.name, _room() - 48, _NAME)
    high = 2 * PAD + max(name, _PRICE.line_mm) + 1.5
    high += sheet.height_of(package.promise, _room(), _PROMISE) + 3
    for _label, text in _rows(package, sheet.language):
        high += max(_LABEL.line_mm, sheet.height_of(text, _room() - _LABEL_WIDE, _VALUE)) + 1.2
    return high + _SMALL.line_mm


def _border(sheet: Sheet, y: float, high: float) -> None:
    sheet.panel(MARGIN, y, A4[0] - 2 * MARGIN, high, CARD, LINE, 3, 0.3)
    sheet.panel(MARGIN, y + 4, 1.6, _PRICE.line_mm + 4, JADE)


def _package(sheet: Sheet, package: PricedPackage, y: float) -> float:
    _ = translator(sheet.language)
    left, room = MARGIN + PAD, _room()
    y += PAD
    price = money_text(package.price_fen, sheet.language) if package.price_fen else _("Free of charge")
    sheet.put(price, left, y - 0.5, sheet.fit(price, 46, _PRICE.line_mm, _PRICE, 11), "right", room)
    below = sheet.block(package.name, left, y, room - 48, _NAME)
    y = _text(sheet, package.promise, left, max(below, y + _PRICE.line_mm) + 1.5, room, _PROMISE) + 1.5
    sheet.rule(left, y, left + room, y, JADE_WASH, 0.4)
    y += 1.5
    for label, text in _rows(package, sheet.language):
        y = _turned(sheet, y, _LABEL)
        sheet.put(label, left, y + 0.1, _LABEL)
        page, top = sheet.page, y
        y = _text(sheet, text, left + _LABEL_WIDE, y, room - _LABEL_WIDE, _VALUE)
        y = (max(y, top + _LABEL.line_mm) if sheet.page == page else y) + 1.2
    version = _(
        "Version {number}, published on {day}",
        number=package.version,
        day=full_day_text(package.published_on, sheet.language),
    )
    sheet.put(version, left, y, _SMALL, "right", room)
    return y + _SMALL.line_mm + PAD


def _text(sheet: Sheet, text: str, x: float, y: float, room: float, style: Style) -> float:
    """A paragraph that may run over the page; returns the y below."""
    for line in sheet.lines_of(text, room, style):
        y = _turned(sheet, y, style)
        y = sheet.print_lines([line], x, y, room, style, justify=True)
    return y


def _turned(sheet: Sheet, y: float, style: Style) -> float:
    """Where the next line stands: here, or at the head of a new page."""
    if y + style.line_mm <= sheet.high - _FOOT:
        return y
    sheet.new_page(CARD)
    return MARGIN


def _feet(sheet: Sheet) -> None:
    """The promise of open prices under every page, with its number: only now is it known how many there are."""
    _ = translator(sheet.language)
    room = sheet.wide - 2 * MARGIN
    notes = [
        _(
            "Prices, contents and refunds are shown openly before anybody decides; nothing is collected for "
            "services of a later time."
        ),
        _("Nobody needs a package to be treated: without one, medical care is the same."),
    ]
    if sheet.head.phone:
        notes.append(_("Questions about a price or a refund: {phone}", phone=sheet.head.phone))
    last = sheet.page
    for page in range(1, last + 1):
        sheet.page = page
        y = sheet.high - _FOOT + 5
        sheet.rule(MARGIN, y - 2, sheet.wide - MARGIN, y - 2, LINE)
        for note in notes:
            y = sheet.block(note, MARGIN, y, room, Style(8.5, colour=SOFT_INK, leading=1.5))
        sheet.footed(_("Page {page} of {pages}", page=page, pages=last), MARGIN, sheet.high - 11)
    sheet.page = last

"""The praise poster for a nurse station, a clinic door or a member of staff, on A4 or A6.

One sentence, one QR code, the place's name, a short code for people who cannot scan, the hospital's logo.
Sizes on A4: sentence 13 mm high and place name 9 mm (a Chinese character is read at 200 times its height, so
both carry more than two metres), QR code 92 mm. A6 is the same drawing at half the size, for a desk. Several to a
sheet, with cut marks: `core.documents.poster_pack`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.documents.press.drawing import draw_path, draw_qr
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, A6, Style
from core.foundation.appearance.palette import (
    CARD,
    CORAL,
    INK,
    JADE,
    JADE_DARK,
    JADE_LIGHT,
    JADE_WASH,
    SOFT_INK,
)
from core.foundation.language import translator
from core.keepsakes.pictograms import pictogram

QR_MM = 92.0  # on A4


@dataclass(frozen=True)
class PraisePoster:
    """One poster. `staff` is the displayed name for a personal poster ("" for a place); `sentence` replaces
    the house's own; `short_address` is where a phone's browser takes the short code; `tips_on` only where the
    hospital has signed tips off and this person has a payment code: otherwise the page offers no tip, and so the
    poster promises none."""

    place: str
    url: str
    short_code: str
    short_address: str = ""
    staff: str = ""
    sentence: str = ""
    tips_on: bool = False


def posters_pdf(
    posters: Sequence[PraisePoster], head: Letterhead, paper: Literal["A4", "A6"] = "A4"
) -> bytes:
    """Any number of posters in one PDF, a page each. An empty list gives one blank page (a PDF needs one)."""
    _ = translator(head.language)
    sheet = Sheet(A4 if paper == "A4" else A6, head, _("Praise posters"))
    for poster in posters:
        sheet.new_page(CARD)
        draw_poster(sheet, poster, sheet.wide / A4[0])
    if not posters:
        sheet.new_page()
    return sheet.pdf()


def _sentence(poster: PraisePoster, language: str) -> str:
    _ = translator(language)
    if poster.sentence:
        return poster.sentence
    if poster.staff:
        return _("Is there a thank-you for {name}?", name=poster.staff)
    return _("Your thank-you will be heard")


def draw_poster(sheet: Sheet, poster: PraisePoster, u: float, bleed: float = 0) -> None:
    """One poster on `sheet.wide` × `sheet.high` mm; `u` scales the A4 design to it. What reaches the edge goes on
    for `bleed` mm, so that a cut a little beside the mark leaves no white line."""
    sheet.letterhead(16 * u, 11 * u, 17 * u)
    sheet.panel(-bleed, 38 * u, sheet.wide + 2 * bleed, 122 * u, JADE)
    _echo(sheet, u)
    style = Style(50 * u, "serif", CARD, bold=True, leading=1.32)
    text, room = _sentence(poster, sheet.language), sheet.wide - 34 * u
    style = sheet.fit(text, room, 46 * u, style, 20 * u)
    top = 38 * u + (64 * u - sheet.height_of(text, room, style)) / 2
    sheet.block(text, 17 * u, top, room, style, "center")
    side = QR_MM * u
    x, y = (sheet.wide - side) / 2, 104 * u
    sheet.panel(x - 5 * u, y - 5 * u, side + 10 * u, side + 10 * u, CARD, JADE_DARK, 6 * u, 0.6 * u)
    draw_qr(sheet, poster.url, x, y, side)
    _how(sheet, poster, u, 206 * u)
    sheet.simulated_mark(0, sheet.high - 7, "center", sheet.wide)


def _echo(sheet: Sheet, u: float) -> None:
    """Two quiet hearts in the corners of the coloured field."""
    for x, y, size in ((9 * u, 116 * u, 36 * u), (sheet.wide - 45 * u, 116 * u, 36 * u)):
        for stroke in pictogram("heart"):
            draw_path(sheet, stroke.d, x, y, size / 48, None, JADE_LIGHT, 0.8 * u)


def _how(sheet: Sheet, poster: PraisePoster, u: float, y: float) -> None:
    _ = translator(sheet.language)
    margin = 16 * u
    room = sheet.wide - 2 * margin
    invitation = Style(24 * u, colour=INK, leading=1.35)
    text = (
        _("Scan and write your thanks. You may add a tip; it is never expected.")
        if poster.tips_on
        else _("Scan and write a few words of thanks")
    )
    invitation = sheet.fit(text, room, invitation.line_mm, invitation, 15 * u)
    y = sheet.block(text, margin, y, room, invitation, "center") + 3 * u
    place = Style(36 * u, "serif", JADE_DARK, bold=True, leading=1.3)
    label = " · ".join(part for part in (poster.place, poster.staff) if part)
    place = sheet.fit(label, room, place.line_mm, place, 20 * u)
    y = sheet.block(label, margin, y, room, place, "center") + 4 * u
    y = _short_code(sheet, poster, u, max(y, 240 * u))
    free = _("Whether you write, and what, makes no difference to your care.")
    if poster.tips_on:
        free = free + " " + _("Tips are voluntary; the hospital keeps nothing.")
    small = Style(13.5 * u, colour=SOFT_INK, leading=1.45)
    small = sheet.fit(free, room, 2 * small.line_mm, small, 5.5)
    sheet.block(free, margin, max(y + 3 * u, 267 * u), room, small, "center")


def _short_code(sheet: Sheet, poster: PraisePoster, u: float, y: float) -> float:
    """The way for people who cannot scan: an address to type, or simply the code to tell a nurse."""
    _ = translator(sheet.language)
    left, room, height = 24 * u, sheet.wide - 48 * u, 21 * u
    sheet.panel(left, y, room, height, JADE_WASH, radius=4 * u)
    sheet.panel(left, y, 2.4 * u, height, CORAL)
    code = Style(27 * u, colour=JADE_DARK, bold=True, leading=1.2)
    width = sheet.width_of(poster.short_code, code)
    text = (
        _("Cannot scan? Open {address} and enter", address=poster.short_address)
        if poster.short_address
        else _("Cannot scan? Tell a nurse this code")
    )
    words = room - width - 22 * u
    style = sheet.fit(text, words, height - 3 * u, Style(18 * u, leading=1.3), 5.5)
    top = y + (height - sheet.height_of(text, words, style)) / 2
    sheet.block(text, left + 8 * u, top, words, style)
    sheet.put(poster.short_code, left, y + (height - code.line_mm) / 2, code, "right", room - 7 * u)
    return y + height

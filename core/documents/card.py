"""The patient's card: the QR code of the private page, three short steps, 120 first, the department's phone.

Either one A6 card, or a front and a back in credit-card size (ISO/IEC 7810 ID-1, 85.6 × 54 mm) on an A6 sheet
with cutting marks. The card can be lost, so it says whose page it opens only by the name the patient chose.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.documents.press.drawing import draw_qr
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A6, Style
from core.foundation.appearance.palette import CARD, INK, JADE, JADE_DARK, JADE_WASH, LINE, SOFT_INK
from core.foundation.language import translator


@dataclass(frozen=True)
class PatientCard:
    """`url` is the private page; `name` is what the patient wants to be called ("" leaves it out);
    `steps` are at most four short sentences, the house's own where empty."""

    package: str
    url: str
    name: str = ""
    steps: tuple[str, ...] = ()


def card_pdf(card: PatientCard, head: Letterhead) -> bytes:
    """The card as one A6 page."""
    _ = translator(head.language)
    sheet = Sheet(A6, head, _("Your card for {package}", package=card.package))
    sheet.new_page()
    _draw(sheet, card)
    return sheet.pdf()


def _steps(sheet: Sheet, card: PatientCard) -> tuple[str, ...]:
    _ = translator(sheet.language)
    return card.steps[:4] or (
        _("Scan the code with WeChat or your camera."),
        _("See what comes next and what to bring."),
        _("Ask us there, or call the department."),
    )


def _emergency(sheet: Sheet, x: float, y: float, w: float, h: float, size: float) -> None:
    _ = translator(sheet.language)
    sheet.panel(x, y, w, h, JADE_DARK, radius=2.2)
    style = Style(size, colour=CARD, bold=True)
    text = _("In an emergency call 120 first")
    style = sheet.fit(text, w - 5, style.line_mm, style, 6)
    sheet.put(text, x, y + (h - style.line_mm) / 2, style, "center", w)


def _numbered(
    sheet: Sheet, steps: tuple[str, ...], x: float, y: float, w: float, size: float, foot: float
) -> None:
    style = Style(size, leading=1.4)
    while style.size > 6 and sum(sheet.height_of(s, w - size * 0.7, style) + 1.2 for s in steps) > foot - y:
        style = style.sized(style.size - 0.5)
    disc = size * 0.5
    for number, step in enumerate(steps, 1):
        sheet.panel(x, y + (style.line_mm - disc) / 2, disc, disc, JADE_WASH, radius=disc / 2)
        digit = Style(style.size * 0.8, colour=JADE, bold=True, leading=1)
        sheet.put(str(number), x, y + (style.line_mm - digit.line_mm) / 2, digit, "center", disc)
        y = sheet.block(step, x + size * 0.7, y, w - size * 0.7, style) + 1.2


def _draw(sheet: Sheet, card: PatientCard) -> None:
    _ = translator(sheet.language)
    margin = 9.0
    inner = sheet.wide - 2 * margin
    _emergency(sheet, margin, 8, inner, 9.5, 12.5)
    sheet.letterhead(margin, 22, 10)
    heading = _("{name}, this page is yours", name=card.name) if card.name else _("This page is yours")
    style = sheet.fit(heading, inner, 8.5, Style(16, "serif", bold=True, leading=1.4), 10)
    sheet.put(sheet.shortened(heading, inner, style), margin, 36, style, "center", inner)
    small = Style(8.5, colour=SOFT_INK)
    sheet.put(sheet.shortened(card.package, inner, small), margin, 44.2, small, "center", inner)
    side = 46.0
    x = (sheet.wide - side) / 2
    sheet.panel(x - 1.5, 49.5, side + 3, side + 3, CARD, JADE, 3, 0.5)
    draw_qr(sheet, card.url, x, 51, side)
    sheet.put(
        _("It opens your private page: keep the code to yourself."),
        margin,
        100,
        Style(7.5, colour=SOFT_INK),
        "center",
        inner,
    )
    _numbered(sheet, _steps(sheet, card), margin + 2, 106.5, inner - 4, 9.5, 127.5)
    sheet.rule(margin, 128.5, sheet.wide - margin, 128.5, LINE)
    _phone(sheet, card, margin, 130, inner, 14)
    sheet.simulated_mark(margin, sheet.high - 5.2, "center", inner)


def _phone(sheet: Sheet, card: PatientCard, x: float, y: float, w: float, size: float) -> None:
    _ = translator(sheet.language)
    label = Style(size * 0.56, colour=SOFT_INK, leading=1.3)
    sheet.put(sheet.shortened(_("Call the department"), w, label), x, y, label, "center", w)
    style = Style(size, colour=INK, bold=True, leading=1.3)
    phone = sheet.head.phone
    sheet.put(phone, x, y + label.line_mm, sheet.fit(phone, w, style.line_mm, style, 8), "center", w)

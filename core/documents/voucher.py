"""The slip for a reward voucher (210 × 99 mm, three to an A4): the patient's part and the house's stub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.documents.press.drawing import draw_qr, draw_seal
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import Style
from core.foundation.appearance.palette import (
    CARD,
    CORAL,
    CORAL_INK,
    CORAL_WASH,
    JADE,
    JADE_DARK,
    LINE,
    PAPER,
    SOFT_INK,
)
from core.foundation.language import full_day_text, translator
from core.people.masking import masked_name

SIZE = (210.0, 99.0)
STUB = 62.0


@dataclass(frozen=True)
class VoucherSlip:
    """`worth_text` is what it stands for in words ("worth 500 yuan"), `place` where it is redeemed, `terms`
    the department's own conditions; the name is masked in print."""

    title: str
    worth_text: str
    code: str
    holder: str
    issued_on: date
    expires_on: date | None
    place: str = ""
    terms: str = ""


def voucher_pdf(voucher: VoucherSlip, head: Letterhead) -> bytes:
    """The slip as one PDF page; the code stands in letters and as a QR code."""
    sheet = Sheet(SIZE, head, f"{voucher.title} {voucher.code}")
    sheet.new_page(PAPER)
    _front(sheet, voucher)
    _stub(sheet, voucher)
    return sheet.pdf()


def _front(sheet: Sheet, voucher: VoucherSlip) -> None:
    _ = translator(sheet.language)
    left, wide = 12.0, SIZE[0] - STUB - 24
    sheet.panel(0, 0, 4, sheet.high, JADE)
    sheet.letterhead(left, 9, 10)
    draw_seal(sheet, _("With thanks"), "", "heart", SIZE[0] - STUB - 30, 8, 23)
    style = sheet.fit(voucher.title, wide - 18, 20, Style(26, "serif", bold=True, leading=1.3), 13)
    y = sheet.block(voucher.title, left, 27 if voucher.worth_text else 32, wide - 18, style)
    if voucher.worth_text:
        worth = Style(14, colour=CORAL_INK, bold=True)
        width = min(sheet.width_of(voucher.worth_text, worth) + 8, wide)
        sheet.panel(left, y + 2, width, 8.8, CORAL_WASH, radius=4.4)
        sheet.put(sheet.shortened(voucher.worth_text, width - 6, worth), left + 4, y + 2.6, worth)
    _conditions(sheet, voucher, left, wide)


def _conditions(sheet: Sheet, voucher: VoucherSlip, left: float, wide: float) -> None:
    _ = translator(sheet.language)
    y = 62.5
    fact = Style(9.5)
    until = (
        _("Valid until {day}", day=full_day_text(voucher.expires_on, sheet.language))
        if voucher.expires_on
        else _("No expiry date")
    )
    facts = [until] + ([_("Redeem at: {place}", place=voucher.place)] if voucher.place else [])
    sheet.put(sheet.shortened(" · ".join(facts), wide, fact), left, y, fact)
    sheet.rule(left, y + 6.4, left + wide, y + 6.4, LINE)
    common = _(
        "Not for cash and not to be passed on. A medical service always needs your doctor's agreement first."
    )
    terms = "\n".join(part for part in (common, voucher.terms.strip()) if part)
    style = sheet.fit(terms, wide, sheet.high - y - 13, Style(8, colour=SOFT_INK, leading=1.45), 5.5)
    sheet.block(terms, left, y + 8, wide, style, justify=True)
    sheet.simulated_mark(left, sheet.high - 4.8, "left")


def _stub(sheet: Sheet, voucher: VoucherSlip) -> None:
    _ = translator(sheet.language)
    x = SIZE[0] - STUB
    sheet.panel(x, 0, STUB, sheet.high, CARD)
    sheet.rule(x, 0, x, sheet.high, SOFT_INK, 0.3, 1.4)
    for y in (0.0, sheet.high):
        sheet.panel(x - 2.5, y - 2.5, 5, 5, LINE, radius=2.5)
    inner = STUB - 16
    left = x + 8
    sheet.put(_("For the cashier"), left, 7, Style(8.5, colour=SOFT_INK), "center", inner)
    draw_qr(sheet, voucher.code, x + (STUB - 34) / 2, 13, 34)
    code = sheet.fit(voucher.code, inner, 8, Style(15, colour=JADE_DARK, bold=True, leading=1.3), 7)
    sheet.put(voucher.code, left, 48, code, "center", inner)
    rows = (
        (_("Voucher holder"), masked_name(voucher.holder)),
        (_("Issued on"), full_day_text(voucher.issued_on, sheet.language)),
    )
    y = 58.0
    for label, value in rows:
        sheet.put(label, left, y, Style(7.5, colour=SOFT_INK))
        sheet.put(value, left, y, Style(7.5), "right", inner)
        y += 5
    sheet.rule(left, 82, left + inner, 82, CORAL, 0.3)
    sheet.put(_("Redeemed on / by"), left, 83, Style(7, colour=SOFT_INK))

"""The receipt for a service package (A5): what was paid, for which version, and how it can be returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.documents.press.amounts import capital_amount
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A5, Style
from core.foundation.language import full_day_text, money_text, translator
from core.foundation.palette import CORAL_INK, JADE, JADE_WASH, LINE, SOFT_INK
from core.people.masking import masked_name

MARGIN = 14.0
LABEL = Style(9, colour=SOFT_INK)
VALUE = Style(10.5)
SMALL = Style(8.5, colour=SOFT_INK)
TERMS = Style(9, "serif", leading=1.6)
FOOT = 30.0  # mm kept free below the terms on the first page: stamp and notes


@dataclass(frozen=True)
class Receipt:
    """One payment. `amount_fen` in fen; negative for money given back. `patient` is masked in print whatever
    is passed. `method`, `package` and `refund_terms` are printed as written."""

    number: str
    package: str
    version: str
    patient: str
    amount_fen: int
    method: str
    paid_on: date
    cashier: str
    refund_terms: str


def receipt_pdf(receipt: Receipt, head: Letterhead) -> bytes:
    """The receipt as a PDF; terms that do not fit go on to a second page."""
    _ = translator(head.language)
    refund = receipt.amount_fen < 0
    title = _("Refund receipt") if refund else _("Service receipt")
    sheet = Sheet(A5, head, f"{title} {receipt.number}")
    sheet.new_page()
    number = _("Receipt no. {number}", number=receipt.number)
    y = _amount(sheet, receipt, sheet.headed(title, number, MARGIN, 19) + 4.5)
    y = _rows(sheet, receipt, y)
    _terms(sheet, receipt, y)
    return sheet.pdf()


def _amount(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = translator(sheet.language)
    fen = abs(receipt.amount_fen)
    width = sheet.wide - 2 * MARGIN
    sheet.panel(MARGIN, y, width, 26, JADE_WASH, radius=3)
    label = _("Amount returned") if receipt.amount_fen < 0 else _("Amount paid")
    sheet.put(label, MARGIN + 6, y + 4, LABEL)
    money = money_text(fen, sheet.language)
    if sheet.language == "zh":
        sheet.put(capital_amount(fen), MARGIN + 6, y + 12.5, Style(13, "serif", bold=True))
    else:
        sheet.put(_("Chinese yuan (CNY)"), MARGIN + 6, y + 12.5, Style(11, "serif"))
    big = Style(24, colour=JADE, bold=True, leading=1.2)
    sheet.put(money, MARGIN, y + 8, sheet.fit(money, 60, 11, big, 12), "right", width - 6)
    return y + 31


def _rows(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = translator(sheet.language)
    rows = (
        (_("Patient's name"), masked_name(receipt.patient)),
        (
            _("For the package"),
            _("{package}, version {version}", package=receipt.package, version=receipt.version),
        ),
        (_("Date of payment"), full_day_text(receipt.paid_on, sheet.language)),
        (_("Way of payment"), receipt.method),
        (_("Handled by"), receipt.cashier),
    )
    left, column = MARGIN + 6, MARGIN + 40
    for label, value in rows:
        sheet.put(label, left, y + 0.5, LABEL)
        y = sheet.block(value, column, y, sheet.wide - MARGIN - column, VALUE) + 1.6
        sheet.rule(left, y - 0.4, sheet.wide - MARGIN, y - 0.4)
        y += 1.6
    return y + 2


def _terms(sheet: Sheet, receipt: Receipt, y: float) -> None:
    """Refund terms, then the stamp and the notes at the foot of the last page."""
    _ = translator(sheet.language)
    width = sheet.wide - 2 * MARGIN - 6
    sheet.put(_("How a refund works"), MARGIN + 6, y, Style(10, bold=True, colour=JADE))
    y += 7
    lines = sheet.lines_of(receipt.refund_terms, width, TERMS)
    while lines:
        room = max(0, int((sheet.high - FOOT - 4 - y) / TERMS.line_mm))
        sheet.print_lines(lines[:room], MARGIN + 6, y, width, TERMS, justify=True)
        lines = lines[room:]
        if lines:
            _notes(sheet, receipt, stamp=False)
            sheet.new_page()
            y = MARGIN
    _notes(sheet, receipt, stamp=True)


def _notes(sheet: Sheet, receipt: Receipt, stamp: bool) -> None:
    _ = translator(sheet.language)
    y = sheet.high - FOOT
    sheet.rule(MARGIN, y, sheet.wide - MARGIN, y, LINE)
    note = _("This is a receipt for a service. It is not a tax invoice; please ask the cashier for one.")
    sheet.block(note, MARGIN + 6, y + 4, 76, Style(9, colour=CORAL_INK, bold=False))
    keep = _("Please keep it: it is all you need for a refund.")
    if stamp:
        sheet.block(keep, MARGIN + 6, sheet.high - FOOT + 14, 76, SMALL)
        _stamp(sheet, y)
    sheet.footed(f"{receipt.number} · {sheet.page}", MARGIN, sheet.high - 7.5)


def _stamp(sheet: Sheet, y: float) -> None:
    """A dashed place for the hospital's stamp."""
    _ = translator(sheet.language)
    x = sheet.wide - MARGIN - 34
    with sheet.local_context():
        sheet.set_dash_pattern(1.2, 1.2)
        sheet.panel(x, y + 4, 34, 17, None, SOFT_INK, radius=2)
    sheet.put(_("Stamp of the hospital"), x, y + 10, Style(8, colour=SOFT_INK), "center", 34)

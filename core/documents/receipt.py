"""The receipt for a service package (A5): what was paid, by whom, for which version, and how it can be returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.documents.money_paper import MARGIN, amount_panel, fact_rows, long_text
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A5
from core.foundation.language import full_day_text, translator


@dataclass(frozen=True)
class Receipt:
    """One payment, `amount_fen` in fen. `patient` is her whole name: the receipt is handed to herself, and by it and the
    number she is found for a refund. `method`, `package` and `refund_terms` are printed as written."""

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
    """The receipt as a PDF; terms that do not fit go on to a second page. Its title holds no name."""
    _ = translator(head.language)
    title = _("Service receipt")
    sheet = Sheet(A5, head, f"{title} {receipt.number}")
    sheet.new_page()
    number = _("Receipt no. {number}", number=receipt.number)
    y = amount_panel(
        sheet, _("Amount paid"), receipt.amount_fen, sheet.headed(title, number, MARGIN, 19) + 4.5
    )
    rows = (
        (_("Patient's name"), receipt.patient),
        (
            _("For the package"),
            _("{package}, version {version}", package=receipt.package, version=receipt.version),
        ),
        (_("Date of payment"), full_day_text(receipt.paid_on, sheet.language)),
        (_("Way of payment"), receipt.method),
        (_("Handled by"), receipt.cashier),
    )
    notes = (
        _("This is a receipt for a service. It is not a tax invoice; please ask the cashier for one."),
        _("Please keep it: it is all you need for a refund."),
    )
    y = fact_rows(sheet, rows, y)
    long_text(sheet, _("How a refund works"), receipt.refund_terms, y, notes, receipt.number)
    return sheet.pdf()

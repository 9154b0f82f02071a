"""The slip for money paid back (A5): the amount, the rule, how it was reckoned line by line, and for which receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.documents.money_paper import LABEL, MARGIN, amount_panel, fact_rows, long_text, with_room
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A5, Style
from core.foundation.appearance.palette import JADE
from core.foundation.language import full_day_text, money_text, translator

LINE_TEXT = Style(9.5)
TERMS = Style(7.5, "serif", leading=1.4)  # what she has on her receipt already


@dataclass(frozen=True)
class RefundSlip:
    """One refund, `amount_fen` in fen. `lines` are its reckoning (words, and fen where a line moves money), `rule_fen`
    what they come to, None where there was no rule; `note` says whose fields were reckoned by; `used` is every entitlement
    with what was used of it, in words. The name stands whole, as
    on the receipt."""

    number: str
    receipt_number: str
    package: str
    version: str
    patient: str
    amount_fen: int
    cause: str
    method: str
    paid_back_on: date
    cashier: str
    lines: tuple[tuple[str, int | None], ...]
    rule_fen: int | None
    note: str
    refund_terms: str
    used: tuple[tuple[str, str], ...] = ()


def refund_slip_pdf(slip: RefundSlip, head: Letterhead) -> bytes:
    """The slip as a PDF; terms that do not fit go on to a second page. Its title holds no name."""
    _ = translator(head.language)
    title = _("Refund slip")
    sheet = Sheet(A5, head, f"{title} {slip.number}")
    sheet.new_page()
    y = sheet.headed(title, _("Slip no. {number}", number=slip.number), MARGIN, 19) + 4.5
    y = amount_panel(sheet, _("Amount returned"), slip.amount_fen, y)
    rows = (
        (_("Patient's name"), slip.patient),
        (_("Receipt"), slip.receipt_number),
        (_("For the package"), _("{package}, version {version}", package=slip.package, version=slip.version)),
        (_("Paid back because"), slip.cause),
        (_("What was used"), " · ".join(f"{name} {standing}" for name, standing in slip.used)),
        (_("Date, handled by"), f"{full_day_text(slip.paid_back_on, sheet.language)} · {slip.cashier}"),
    )
    notes = (
        _("The money goes back the way it was paid: {method}.", method=slip.method),
        _("Please keep this slip until it has arrived."),
    )
    y = fact_rows(sheet, [(label, value) for label, value in rows if value], y, 0.5)
    y = _reckoning(sheet, slip, y, notes)
    long_text(
        sheet, _("The refund terms you were given"), slip.refund_terms, y, notes, slip.number, TERMS
    )  # fmt: skip
    return sheet.pdf()


def _reckoning(sheet: Sheet, slip: RefundSlip, y: float, notes: tuple[str, str]) -> float:
    """The lines with their amounts, and what was paid where it is not what they come to."""
    _ = translator(sheet.language)
    if not slip.lines:
        return y
    left, width = MARGIN + 6, sheet.wide - 2 * MARGIN - 6
    y = with_room(sheet, y, 20, notes, slip.number)
    sheet.put(_("How it was reckoned by the rule"), left, y, Style(10, bold=True, colour=JADE))
    y += 6.5
    # A single line that moves money is the sum already.
    summed = [fen for _words, fen in slip.lines[1:] if fen is not None] != [slip.amount_fen]
    last = [(_("By the rule"), slip.rule_fen)] if summed else []
    if slip.rule_fen != slip.amount_fen:
        last.append((_("Agreed with you and paid back"), slip.amount_fen))
    for words, fen in (*slip.lines, *last):
        y = with_room(sheet, y, sheet.height_of(words, width - 32, LINE_TEXT), notes, slip.number)
        if fen is not None:
            sheet.put(money_text(fen, sheet.language), left, y, LINE_TEXT, "right", width)
        y = sheet.block(words, left, y, width - 32, LINE_TEXT) + 0.5
    if slip.note:
        y = sheet.block(slip.note, left, y + 0.4, width, LABEL)
    return y + 2

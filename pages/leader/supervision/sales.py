"""Sales for less than the package cost, each with the reason that was given."""

from __future__ import annotations

from core.care.sale.enrolments import PAYMENT_METHODS
from core.settlement.supervision import BelowPrice, sales_below_price
from pages.leader.supervision.by_days import by_days
from pages.ui.text import _, full_day, money


def show_sales() -> None:
    by_days("below", sales_below_price, _row, _("Every package was sold at its price."))


def _row(one: BelowPrice) -> dict[str, str]:
    return {
        _("Date"): full_day(one.day),
        _("Package"): one.package,
        _("Receipt number"): one.number,
        _("Amounts"): _("price {price}, paid {paid}", price=money(one.price_fen), paid=money(one.paid_fen)),
        _("Payment"): _(PAYMENT_METHODS[one.method]),
        _("Who"): one.by,
        _("Reason"): one.reason or _("none noted"),
    }

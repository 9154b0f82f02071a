"""Sales for less than the package cost, each with the reason that was given."""

from __future__ import annotations

import streamlit as st

from core.care.sale.enrolments import PAYMENT_METHODS
from core.settlement.supervision import BelowPrice, sales_below_price
from pages.ui.calls import ask
from pages.ui.frame import empty_state, wrapped
from pages.ui.text import _, full_day, money

STEP = 20


def show_sales() -> None:
    days = st.date_input(_("Days"), value=[], key="below_days")
    chosen = {
        "first": days[0] if len(days) > 0 else None,
        "last": days[1] if len(days) > 1 else (days[0] if len(days) == 1 else None),
    }
    name = f"below_{'_'.join(str(one) for one in days)}"
    most = int(st.session_state.get(name, STEP))
    found = ask(sales_below_price, limit=most + 1, **chosen)
    if not found:
        empty_state(_("None in what you chose.") if days else _("Every package was sold at its price."))
    wrapped([_row(one) for one in found[:most]], "pd-last")
    if len(found) > most and st.button(_("Show more"), key="below_more"):
        st.session_state[name] = most + STEP
        st.rerun()


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

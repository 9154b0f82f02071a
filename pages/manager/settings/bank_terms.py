"""The terms of the health bank: what they are, what others would cost, deciding them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from core.bank.interest import BASE_NAMES, COMPOUNDING_NAMES, BankTerms
from core.bank.terms import choose_terms, compare_terms, terms
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.text import _, number


def bank_terms() -> None:
    st.caption(
        _("New terms hold from today. An interest year already begun keeps the terms of its first day.")
    )
    _deciding(ask(terms))
    if st.button(_("What would other terms have cost in the last year?"), icon=":material/calculate:"):
        _comparing()


def _deciding(now: BankTerms) -> None:
    interest, form = now.interest, Form("bank_terms")
    with st.form("bank_terms"):
        left, right = st.columns(2)
        threshold = form.kept(
            "threshold",
            left.number_input,
            _("Threshold in points"),
            interest.threshold,
            min_value=0,
            max_value=1_000_000,
            step=100,
        )
        rate = form.kept(
            "rate", right.number_input, _("Interest per year, in percent"), float(interest.rate * 100),
            told=_share, min_value=0.0, max_value=50.0, step=1.0,
        )  # fmt: skip
        left, right = st.columns(2)  # pairs of their own, so that a phone shows them in this order
        base = _one_of(form, "base", left, _("Interest on"), BASE_NAMES, interest.base)
        compounding = _one_of(
            form, "compounding", right, _("In the years after"), COMPOUNDING_NAMES, interest.compounding
        )
        left, right = st.columns(2)
        cap = form.kept(
            "cap", left.number_input, _("At most so many points a year (0: no cap)"), interest.cap or 0,
            told=_or_none, min_value=0, max_value=1_000_000,
        )  # fmt: skip
        months = form.kept(
            "lot_months", right.number_input, _("Points expire after months (0: never)"), now.lot_months or 0,
            told=_or_none, min_value=0, max_value=120,
        )  # fmt: skip
        strict = form.kept("strict", st.checkbox, _("Only above the threshold, not at it"), interest.strict)
        sent = st.form_submit_button(_("Decide these terms"), type="primary")
    if sent and do(
        choose_terms, "bank_terms", place=form, threshold=int(threshold), strict=strict, base=base,
        compounding=compounding, rate=_share(rate), cap=_or_none(cap), lot_months=_or_none(months),
    ):  # fmt: skip
        say(_("The terms are decided."))
        st.rerun()


def _share(percent: float) -> str:
    return str((Decimal(str(percent)) / 100).normalize())


def _or_none(number: float) -> int | None:
    return int(number) or None


def _one_of(form: Form, name: str, place: Any, label: str, names: dict[str, str], chosen: str) -> Any:
    words = {code: _(name) for code, name in names.items()}
    return form.kept(name, place.selectbox, label, chosen, options=list(words), format_func=words.__getitem__)


def _comparing() -> None:
    with st.spinner(_("Reckoning every account …")):
        table = [
            {
                _("Terms"): _(option.label),
                _("Points posted"): number(option.points),
                _("Accounts"): number(option.accounts),
            }
            for option in ask(compare_terms)
        ]
    st.dataframe(table, hide_index=True, width="stretch")

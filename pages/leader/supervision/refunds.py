"""Refunds that were not simply the rule's: another amount, fields entered later, terms in words only."""

from __future__ import annotations

import streamlit as st

from core.packages.refund_rules import CAUSE_NAMES
from core.settlement.supervision import WHY_NAMES, Unusual, unusual_refunds
from pages.ui.calls import ask
from pages.ui.frame import empty_state, wrapped
from pages.ui.text import _, full_day, money

STEP = 20


def show_refunds() -> None:
    left, right = st.columns(2)
    why = left.selectbox(
        _("Kind"), ["", *WHY_NAMES], format_func=lambda code: _(WHY_NAMES[code]) if code else _("All"),
        key="unusual_why",
    )  # fmt: skip
    days = right.date_input(_("Days"), value=[], key="unusual_days")
    chosen = {
        "why": why,
        "first": days[0] if len(days) > 0 else None,
        "last": days[1] if len(days) > 1 else (days[0] if len(days) == 1 else None),
    }
    name = f"unusual_{why}_{'_'.join(str(one) for one in days)}"
    most = int(st.session_state.get(name, STEP))
    found = ask(unusual_refunds, limit=most + 1, **chosen)
    if not found:
        empty_state(_("None in what you chose.") if why or days else _("Every refund was the rule's."))
    wrapped([_row(one) for one in found[:most]], "pd-last")
    if len(found) > most and st.button(_("Show more"), key="unusual_more"):
        st.session_state[name] = most + STEP
        st.rerun()


def _row(one: Unusual) -> dict[str, str]:
    why = [_(WHY_NAMES[code]) for code in one.why]
    if one.entered_by:
        why.append(one.entered_by)
    if one.taken_back:
        why.append(_("taken back since"))
    return {
        _("Date"): full_day(one.day),
        _("Package"): one.package,
        _("Slip"): one.number,
        _("Amounts"): _amounts(one),
        _("Why it stands here"): " · ".join(why),
        _("Who"): one.by,
        _("Cause and reason"): " · ".join(
            part for part in (_(CAUSE_NAMES[one.cause]) if one.cause else "", one.reason) if part
        ),
    }


def _amounts(one: Unusual) -> str:
    paid, back = money(one.paid_fen), money(one.refund_fen)
    if one.rule_fen is None:
        return _("paid {paid}, paid back {back}", paid=paid, back=back)
    rule = money(one.rule_fen)
    return _("paid {paid}, by the rule {rule}, paid back {back}", paid=paid, rule=rule, back=back)

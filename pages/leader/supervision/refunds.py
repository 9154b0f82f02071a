"""Refunds that were not simply the rule's: another amount, fields entered later, terms in words only."""

from __future__ import annotations

import streamlit as st

from core.packages.refund_rules import CAUSE_NAMES
from core.settlement.supervision import WHY_NAMES, Unusual, unusual_refunds
from pages.leader.supervision.by_days import by_days
from pages.ui.text import _, full_day, money


def show_refunds() -> None:
    left, right = st.columns(2)
    why = left.selectbox(
        _("Kind"), ["", *WHY_NAMES], format_func=lambda code: _(WHY_NAMES[code]) if code else _("All"),
        key="unusual_why",
    )  # fmt: skip
    by_days("unusual", unusual_refunds, _row, _("Every refund was the rule's."), right, why=why)


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

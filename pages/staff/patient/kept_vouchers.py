"""What she keeps when her package is paid back: badge vouchers that were used already."""

from __future__ import annotations

import streamlit as st

from core.bank.badge_vouchers import used_vouchers_of_sale
from pages.ui.calls import ask
from pages.ui.text import _, full_day, money, unmarked


def used_vouchers(enrolment_id: int) -> None:
    """One line for each voucher that was used, above the form of the refund; an unused one is cancelled with a full refund."""
    for one in ask(used_vouchers_of_sale, enrolment_id=enrolment_id):
        facts = {"name": unmarked(one.name), "day": full_day(one.day)}
        st.warning(
            _(
                "“{name}” ({worth}) was used on {day}; it is not paid back.",
                worth=money(one.value_fen),
                **facts,
            )
            if one.value_fen
            else _("“{name}” was used on {day}; it is not paid back.", **facts)
        )

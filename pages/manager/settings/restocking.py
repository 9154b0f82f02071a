"""The shelf as the manager keeps it: how many of a reward are left, set with a reason."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.bank.rewards import RewardLine, restock, rewards
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, _n, number, unmarked


def shelf() -> None:
    """Every reward on the shelf; what left it is not drawn, its vouchers keep their own terms."""
    st.subheader(_("Rewards on the shelf"))
    st.caption(_("New deliveries are entered here. What a package promises is written on the Packages page."))
    held: list[RewardLine] = [line for line in ask(rewards) if line.active]
    if not held:
        st.caption(_("Nothing on the shelf yet: publish a package with rewards."))
    for line in held:
        fold(
            f"{unmarked(line.name)} · {_price(line)} · {_left(line)}",
            f"shelf_{line.reward_id}",
            partial(_restock, line),
        )


def _restock(line: RewardLine) -> None:
    if line.locked:
        st.caption(_("Waits for its sign-off: patients do not see it yet."))
    form = Form(f"shelf_{line.reward_id}")
    with st.form(form.turn):
        left, right = st.columns([1, 2])
        stock = form.kept(
            "stock",
            left.number_input,
            _("Left (empty: no limit)"),
            line.stock,
            min_value=0,
            max_value=100_000,
            step=1,
        )
        reason = form.kept(
            "reason",
            right.text_input,
            _("Reason"),
            "",
            placeholder=_("for example: delivery of 20 November"),
        )
        sent = st.form_submit_button(_("Set the stock"), type="primary")
    if sent and do(
        restock, f"restock_{line.reward_id}", place=form, reward_id=line.reward_id,
        stock=None if stock is None else int(stock), reason=reason,
    ):  # fmt: skip
        say(_("The stock of “{name}” is set.", name=unmarked(line.name)))
        st.rerun()


def _price(line: RewardLine) -> str:
    return _n("{n} point", "{n} points", line.cost_points) if line.cost_points else _("for badges")


def _left(line: RewardLine) -> str:
    return _("no limit") if line.stock is None else _("{n} left", n=number(line.stock))

"""Rewards and vouchers of a package, points and their rules, below its badges."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.packages.editing import with_entry, without_entry
from core.packages.parts import EVENT_NAMES
from pages.manager.facts import as_shown
from pages.manager.fields import choice, fault_below, long_text, text, tick, whole, yuan
from pages.manager.packages import named
from pages.manager.packages.badges import show_badges, show_target
from pages.manager.packages.draft import Editor
from pages.ui.sections import fold
from pages.ui.text import _, _n, unmarked


def show_rewards(editor: Editor) -> None:
    st.caption(
        _(
            "A badge is for taking part, never for a normal result or for agreeing to a test. Sharing earns nothing."
        )
    )
    show_target(editor)
    show_badges(editor)
    st.markdown(f"#### {_('Rewards and vouchers')}")
    for reward in editor.raw.get("rewards") or []:
        _reward(editor, reward)
    _add(editor, "rewards", _("Add a reward"), {
        "code": "GIFT", "name": "", "kind": "points", "cost_points": 100, "value_fen": None, "valid_days": 180,
        "terms": "", "stock": None, "needs_signoff": False,
    })  # fmt: skip
    st.markdown(f"#### {_('Points')}")
    for rule in editor.raw.get("earning_rules") or []:
        _rule(editor, rule)
    _add(editor, "earning_rules", _("Add a rule for points"), {
        "code": "RULE", "event": "task_on_time", "points": 100, "text": "", "needs_signoff": False,
    })  # fmt: skip


def _reward(editor: Editor, reward: dict[str, Any]) -> None:
    key = f"reward_{editor.package_id}_{reward['code']}"
    if not reward.get("name"):
        st.session_state.setdefault(key, True)
    price = (
        _n("{n} point", "{n} points", reward.get("cost_points") or 0)
        if reward.get("kind") == "points"
        else _("badges")
    )
    fold(
        f"{unmarked(as_shown(editor, reward.get('name') or named.NONE_YET))} · {price}",
        key,
        lambda: _reward_fields(editor, reward),
    )


def _reward_fields(editor: Editor, reward: dict[str, Any]) -> None:
    path = f"rewards.{reward['code']}"
    text(editor, f"{path}.name", _("Name"), max_chars=80)
    long_text(editor, f"{path}.terms", _("Terms"))
    cost, worth, valid, stock = st.columns(4)
    if reward.get("kind") == "points":
        whole(editor, f"{path}.cost_points", _("Costs in points"), 1, 1_000_000, cost)
    else:
        cost.caption(_("Paid with badges"))
    yuan(editor, f"{path}.value_fen", _("Worth in yuan"), worth, empty=True)
    whole(editor, f"{path}.valid_days", _("Valid for days"), 1, 3650, valid)
    whole(editor, f"{path}.stock", _("Stock"), 0, 1_000_000, stock, empty=True, placeholder=_("no limit"))
    tick(editor, f"{path}.needs_signoff", _("Locked until somebody has signed it off in Settings"))
    fault_below(editor, f"{path}.kind")
    _remove(editor, "rewards", reward["code"])


def _rule(editor: Editor, rule: dict[str, Any]) -> None:
    fold(
        unmarked(named.rule(rule)),
        f"rule_{editor.package_id}_{rule['code']}",
        lambda: _rule_fields(editor, rule["code"]),
    )


def _rule_fields(editor: Editor, code: str) -> None:
    path = f"earning_rules.{code}"
    event, points = st.columns([3, 1])
    choice(editor, f"{path}.event", _("What earns them"), EVENT_NAMES, event)
    whole(editor, f"{path}.points", _("Points"), 1, 10_000, points)
    long_text(editor, f"{path}.text", _("In words, for the patient"))
    tick(editor, f"{path}.needs_signoff", _("Locked until somebody has signed it off in Settings"))
    _remove(editor, "earning_rules", code)


def _remove(editor: Editor, name: str, code: str) -> None:
    if st.button(_("Remove"), key=f"remove_{name}_{code}", icon=":material/delete:"):
        editor.apply(lambda draft: without_entry(draft, name, code))
        editor.redraw()
        st.rerun()


def _add(editor: Editor, name: str, label: str, entry: dict[str, Any]) -> None:
    # Another key after each, so that a double click adds one.
    if st.button(label, key=f"add_{name}_{editor.forms}", icon=":material/add:"):
        editor.apply(lambda draft: with_entry(draft, name, entry))
        editor.redraw()
        st.rerun()

"""Badges and vouchers: names and emblems, the target and what it leads to, points and their rules."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.language import N_
from core.packages.editing import Draft, field_at, with_entry, with_field, without_entry
from core.packages.parts import EVENT_NAMES
from pages.manager.fields import choice, fault_below, long_text, text, tick, whole, yuan
from pages.manager.packages.draft import Editor
from pages.manager.packages.task import PICTOGRAM_NAMES
from pages.ui.kept import steady
from pages.ui.sections import fold
from pages.ui.text import _, _n, unmarked

SHOWN = 24  # characters of a rule's words on its fold
KINDS = {"badges": N_("For badges"), "points": N_("For points")}


def show_rewards(editor: Editor) -> None:
    st.caption(
        _(
            "A badge is for taking part, never for a normal result or for agreeing to a test. Sharing earns nothing."
        )
    )
    _target(editor)
    _badges(editor)
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


def _target(editor: Editor) -> None:
    goal = editor.raw.get("badge_target")
    aims = {
        one["code"]: one.get("name") or one["code"]
        for one in editor.raw.get("rewards") or []
        if one.get("kind") == "badges"
    }
    if not goal:
        if st.button(_("Set a badge target with its reward"), icon=":material/flag:"):
            editor.apply(_with_target)
            editor.redraw()
            st.rerun()
        return
    count, reward, act = st.columns([1, 3, 1], vertical_alignment="bottom")
    whole(editor, "badge_target.count", _("Badges needed"), 1, 100, count)
    choice(editor, "badge_target.reward_code", _("lead to"), aims, reward)
    if act.button(_("No target"), width="stretch"):
        editor.apply(_without_target)
        editor.redraw()
        st.rerun()
    on = sum(
        task.get("repeat_days", 1)
        for task in editor.raw["tasks"]
        if task.get("on", True) and task.get("counts_for_badge")
    )
    st.caption(
        _n("{n} badge can be earned in all.", "{n} badges can be earned in all.", on)
        + "  \n"
        + _("Late joiners need fewer, in proportion; nobody ever needs more than she was promised.")
    )


def _with_target(draft: Draft) -> Draft:
    """A target with the first reward for badges, or with a new one."""
    aim = next((one for one in draft.get("rewards") or [] if one.get("kind") == "badges"), None)
    if aim is None:
        new = {
            "code": "BADGE_GIFT", "name": "", "kind": "badges", "cost_points": None, "value_fen": None,
            "valid_days": 180, "terms": "", "stock": None, "needs_signoff": True,
        }  # fmt: skip
        draft = with_entry(draft, "rewards", new)
        aim = draft["rewards"][-1]
    return {**draft, "badge_target": {"count": 1, "reward_code": aim["code"]}}


def _without_target(draft: Draft) -> Draft:
    """No target, and none of the rewards that only it led to."""
    kept = [one for one in draft.get("rewards") or [] if one.get("kind") != "badges"]
    return {**draft, "badge_target": None, "rewards": kept}


def _badges(editor: Editor) -> None:
    tasks = [task for task in editor.raw["tasks"] if task.get("badge")]
    if not tasks:
        return
    emblems = {_(name): code for code, name in PICTOGRAM_NAMES.items()}
    words = {code: word for word, code in emblems.items()}
    key = f"badges_{editor.package_id}_{editor.table}"
    rows = [
        {
            "code": task["code"],
            "title": task.get("title"),
            "badge": task["badge"],
            "pictogram": words.get(task.get("pictogram", "")),
            "counts_for_badge": task.get("counts_for_badge", False),
        }
        for task in tasks
    ]
    st.data_editor(
        steady(key, rows),
        key=key,
        hide_index=True,
        height=min(420, 40 + 35 * len(tasks)),
        disabled=["code", "title"],
        on_change=_keep_badges,
        args=(editor, key, [task["code"] for task in tasks], emblems),
        column_config={
            "code": st.column_config.TextColumn(_("Code"), width=60),
            "title": st.column_config.TextColumn(_("Task"), width=190),
            "badge": st.column_config.TextColumn(_("Badge"), required=True, max_chars=80),
            "pictogram": st.column_config.SelectboxColumn(_("Emblem"), options=list(emblems), required=True),
            "counts_for_badge": st.column_config.CheckboxColumn(
                _("Counts"), width=85, help=_("Counts for the badge target")
            ),
        },
    )


def _keep_badges(editor: Editor, key: str, codes: list[str], emblems: dict[str, str]) -> None:
    edits = st.session_state[key]["edited_rows"]

    def change(draft: Draft) -> Draft:
        for at, cells in edits.items():
            for name, value in cells.items():
                wanted = emblems.get(value, value) if name == "pictogram" else value
                path = f"tasks.{codes[at]}.{name}"
                if wanted and field_at(draft, path) != wanted or name == "counts_for_badge":
                    draft = with_field(draft, path, wanted)
        return draft

    editor.apply(change)


def _reward(editor: Editor, reward: dict[str, Any]) -> None:
    key = f"reward_{editor.package_id}_{reward['code']}"
    if not reward.get("name"):
        st.session_state.setdefault(key, True)
    price = (
        f"{reward.get('cost_points') or ''} {_('points')}" if reward.get("kind") == "points" else _("badges")
    )
    fold(f"{reward.get('name') or reward['code']} · {price}", key, lambda: _reward_fields(editor, reward))


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
    words = rule.get("text") or ""
    words = words if len(words) <= SHOWN else words[:SHOWN] + "…"
    event = EVENT_NAMES.get(rule.get("event", ""), "")
    label = " · ".join(
        part for part in (f"+{rule.get('points')}", event and _(event), unmarked(words)) if part
    )
    fold(label, f"rule_{editor.package_id}_{rule['code']}", lambda: _rule_fields(editor, rule["code"]))


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
    if st.button(label, key=f"add_{name}", icon=":material/add:"):
        editor.apply(lambda draft: with_entry(draft, name, entry))
        editor.redraw()
        st.rerun()

"""Badges of a package: how many are the aim and what they earn, and the badge of each task."""

from __future__ import annotations

import streamlit as st

from core.packages.editing import Draft, field_at, with_entry, with_field
from pages.manager.facts import as_kept, as_shown
from pages.manager.fields import choice, whole
from pages.manager.packages.draft import Editor
from pages.manager.packages.task import PICTOGRAM_NAMES
from pages.ui.text import _, _n
from pages.ui.widgets import steady


def show_target(editor: Editor) -> None:
    goal = editor.raw.get("badge_target")
    aims = {
        one["code"]: as_shown(editor, one.get("name") or "…")
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


def show_badges(editor: Editor) -> None:
    tasks = [task for task in editor.named(editor.raw)["tasks"] if task.get("badge")]
    if not tasks:
        return
    emblems = {_(name): code for code, name in PICTOGRAM_NAMES.items()}
    words = {code: word for word, code in emblems.items()}
    key = f"badges_{editor.package_id}_{editor.table}"
    rows = [
        {
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
        disabled=["title"],
        on_change=_keep_badges,
        args=(editor, key, [task["code"] for task in tasks], emblems),
        column_config={
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
                wanted = as_kept(editor, wanted) if name == "badge" and wanted else wanted
                path = f"tasks.{codes[at]}.{name}"
                if wanted and field_at(draft, path) != wanted or name == "counts_for_badge":
                    draft = with_field(draft, path, wanted)
        return draft

    editor.apply(change)

"""The tasks of a draft: the journey at a glance, all tasks in one table, and one of them in full beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_
from core.packages.editing import Draft, duplicated, moved, with_field, with_new_task, without_entry
from core.packages.parts import EVIDENCE_NAMES, KIND_NAMES
from pages.manager.chosen import choose_part, chosen_part
from pages.manager.facts import as_kept, as_shown
from pages.manager.packages import named
from pages.manager.packages.days import COLOURS, WEEKS, counts_weeks, day_of_weeks, strip, week_text
from pages.manager.packages.draft import Editor
from pages.ui.calls import say
from pages.ui.text import _, unmarked
from pages.ui.widgets import steady

ROLES = {role: ROLE_NAMES[role] for role in ("nurse", "doctor", "front_desk")} | {"patient": N_("Patient")}


def chosen_task(editor: Editor) -> str:
    """The code of the task that is open; the first where none was chosen or it is gone."""
    codes = [task["code"] for task in editor.raw["tasks"]]
    chosen = chosen_part("task", editor.package_id)
    return chosen if chosen in codes else (codes[0] if codes else "")


def open_task(editor: Editor, code: str) -> None:
    choose_part("task", editor.package_id, code)


def show_tasks(editor: Editor) -> None:
    """Strip and table. Every cell saves itself; a number in the first column moves the task there."""
    st.html(strip(editor.named(editor.raw), chosen_task(editor)))
    dots = " ".join(
        f"<span style='color:{COLOURS[kind]}'>■</span> {_(name)}" for kind, name in KIND_NAMES.items()
        if any(task.get("kind") == kind for task in editor.raw["tasks"])
    )  # fmt: skip
    st.html(f"<p class='pd-soft'>{dots}</p>")
    _table(editor)
    if st.button(_("Add a task"), key=f"task_more_{editor.forms}", icon=":material/add:"):
        _open_new(editor, lambda draft: with_new_task(draft, _("New task")))


def _open_new(editor: Editor, change: Callable[[Draft], tuple[Draft, str]]) -> None:
    """Make a change that adds a task and tells its code, and open that one."""
    made = ""

    def noted(draft: Draft) -> Draft:
        nonlocal made
        new, made = change(draft)
        return new

    if editor.apply(noted):
        open_task(editor, made)
        editor.redraw()
    st.rerun()


def _table(editor: Editor) -> None:
    draft = editor.named(editor.raw)
    tasks = draft["tasks"]
    kinds, roles, proofs = ({_(word): code for code, word in names.items()} for names in _NAMES)
    key = f"tasks_{editor.package_id}_{editor.table}"
    st.data_editor(
        steady(key, [_row(draft, at, task) for at, task in enumerate(tasks, start=1)]),
        key=key,
        hide_index=True,
        height=min(520, 40 + 35 * len(tasks)),
        on_change=_keep,
        args=(editor, key, [task["code"] for task in tasks], {"kind": kinds, "role": roles, "evidence": proofs}),
        column_config={
            "no": st.column_config.NumberColumn(
                _("No."), min_value=1, max_value=len(tasks), step=1, width=68,
                help=_("Type another number to move the task there."),
            ),
            "on": st.column_config.CheckboxColumn(_("Switched on"), width=62),
            "title": st.column_config.TextColumn(_("Title"), required=True, max_chars=80, width=205),
            "opens_day": _day_column(editor.raw, _("First day"), _("Opens on day")),
            "closes_day": _day_column(editor.raw, _("Last day"), _("Closes on day")),
            "repeat_days": st.column_config.NumberColumn(
                _("Days in a row"), min_value=1, max_value=366, step=1, width=80,
                help=_("1 means once; 7 means one task a day for seven days."),
            ),
            "kind": st.column_config.SelectboxColumn(_("Kind"), options=list(kinds), required=True, width=115),
            "role": st.column_config.SelectboxColumn(_("Role"), options=list(roles), required=True, width=95),
            "evidence": st.column_config.SelectboxColumn(
                _("Proof"), options=list(proofs), required=True, width=130
            ),
            "badge": st.column_config.TextColumn(_("Badge"), max_chars=80, width=90),
        },
    )  # fmt: skip


_NAMES = (KIND_NAMES, ROLES, EVIDENCE_NAMES)


def _row(draft: Draft, number: int, task: dict[str, Any]) -> dict[str, Any]:
    weeks = counts_weeks(draft)
    row: dict[str, Any] = {"no": number, "on": task.get("on", True)}
    row["title"] = task.get("title")
    for name in ("opens_day", "closes_day"):
        day = task.get(name)
        # A task counted from enrolment has plain days even in a pregnancy.
        row[name] = (
            (week_text(day) if counts_weeks(draft, task) else str(day)) if weeks and day is not None else day
        )
    row["repeat_days"] = task.get("repeat_days", 1)
    for name, names in zip(("kind", "role", "evidence"), _NAMES, strict=True):
        row[name] = _(names[task[name]]) if task.get(name) in names else None
    return row | {"badge": task.get("badge") or ""}


def _day_column(draft: Draft, name: str, help_text: str) -> Any:
    if counts_weeks(draft):
        return st.column_config.TextColumn(
            name, help=_("Weeks and days, such as 11+0"), required=True, validate=WEEKS, width=88
        )
    return st.column_config.NumberColumn(
        name, help=help_text, min_value=-1460, max_value=1460, step=1, required=True, width=88
    )


def _keep(editor: Editor, key: str, codes: list[str], names: dict[str, dict[str, str]]) -> None:
    """Save what was typed into the table since it was drawn."""
    edits = st.session_state[key]["edited_rows"]
    place: tuple[str, int] | None = None
    for at, cells in edits.items():
        if cells.get("no") is not None:
            place = (codes[at], int(cells["no"]))

    def change(draft: Draft) -> Draft:
        for at, cells in edits.items():
            for name, value in cells.items():
                if name != "no":
                    value = as_kept(editor, value) if isinstance(value, str) else value
                    draft = _with_cell(draft, codes[at], name, value, names)
        return moved(draft, *place) if place else draft

    known = {task["code"]: task for task in editor.raw["tasks"]}
    if not editor.apply(change):
        return
    touched = [task["code"] for task in editor.raw["tasks"] if known.get(task["code"]) != task]
    if touched or place:
        open_task(editor, place[0] if place else touched[-1])
    editor.forms += 1
    if place:
        editor.table += 1


def _with_cell(draft: Draft, code: str, name: str, value: Any, names: dict[str, dict[str, str]]) -> Draft:
    path = f"tasks.{code}.{name}"
    if name in names:
        value = names[name].get(value, value)
    elif name in ("opens_day", "closes_day") and isinstance(value, str):
        task = next(task for task in draft["tasks"] if task["code"] == code)
        weeks = counts_weeks(draft, task)
        day = day_of_weeks(value) if weeks else (int(value) if value.strip().lstrip("-").isdigit() else None)
        if day is None:
            return draft
        value = day
    elif name == "badge":
        value = (value or "").strip() or None
    elif name == "repeat_days":
        value = value or 1
    task = next(task for task in draft["tasks"] if task["code"] == code)
    return draft if task.get(name) == value else with_field(draft, path, value)


def task_acts(editor: Editor) -> str:
    """Choose one task; duplicate it, move it, take it out. Returns the code of the open one."""
    tasks = {task["code"]: task for task in editor.raw["tasks"]}
    codes, code = list(tasks), chosen_task(editor)
    key = f"pick_{editor.package_id}_{editor.forms}_{code}"
    st.selectbox(
        _("This task in full"), codes, codes.index(code), key=key,
        format_func=named.tasks(editor.named(editor.raw)).__getitem__,
        on_change=lambda: open_task(editor, st.session_state[key]),
    )  # fmt: skip
    at = codes.index(code)
    acts = st.container(horizontal=True)
    for step, icon, label in ((-1, "arrow_upward", _("Up")), (1, "arrow_downward", _("Down"))):
        if acts.button(
            label, key=f"move_{step}", icon=f":material/{icon}:", disabled=not 0 <= at + step < len(codes)
        ):
            open_task(editor, code)
            editor.apply(partial(moved, code=code, place=at + 1 + step))
            editor.redraw()
            st.rerun()
    if acts.button(_("Duplicate"), key=f"duplicate_{code}_{editor.forms}", icon=":material/content_copy:"):
        _open_new(editor, lambda draft: duplicated(draft, code))
    less = f"task_less_{code}_{editor.forms}"  # so that a double click takes one out
    if acts.button(_("Remove"), key=less, icon=":material/delete:", disabled=len(codes) == 1):
        title = as_shown(editor, tasks[code].get("title") or "") or _("New task")
        if editor.apply(lambda draft: without_entry(draft, "tasks", code)):
            say(_("“{title}” is taken out. “Undo” brings it back.", title=unmarked(title)))
            editor.redraw()
        st.rerun()
    return code

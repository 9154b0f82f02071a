"""What she answers to a task: how, in which range, with which pictures; when her answer is a sign; what a film is looked
at for."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.foundation.language import N_
from core.packages.answer_rules import TEST_NAMES, fitting_tests
from core.packages.editing import field_at, with_field
from core.packages.parts import EVIDENCE_NAMES
from core.packages.promise_words import LEVELS
from pages.manager.facts import as_kept, as_shown
from pages.manager.fields import (
    choice,
    field,
    lines,
    long_text,
    number,
    several,
    text,
    whole,
    with_more,
    without,
)
from pages.manager.packages.draft import Editor
from pages.ui.text import _

# A number after the limit of a test that speaks of days.
DAYS = N_("Days")
ITEM_SHOWN = 40


def show_answer(editor: Editor, path: str, task: dict[str, Any]) -> None:
    how, photos = st.columns([2, 1])
    choice(editor, f"{path}.evidence", _("What shows that it was done"), EVIDENCE_NAMES, how)
    whole(
        editor, f"{path}.photos", _("Photos she may add"), 0, 4, photos, help=_("0 means: none is asked for.")
    )
    if task.get("evidence") == "value" or task.get("measure"):
        _measure(editor, path, task)
    items = task.get("checklist") or []
    if task.get("evidence") == "checklist" or items:
        _list(editor, path, items)
    if task.get("evidence") == "video" or task.get("rubric"):
        lines(editor, f"{path}.rubric", _("What the team looks at in her film, one line each"))
    st.markdown(f"**{_('When an answer is a sign')}**")
    st.caption(
        _(
            "Picked from lists. She reads the advice at once; orange and red reach the team in the promised time."
        )
    )
    for at, rule in enumerate(task.get("rules") or []):
        _rule(editor, path, task, at, rule)
    if st.button(_("Add a rule"), icon=":material/add:", key=f"rule_more_{path}_{editor.forms}"):
        test = fitting_tests(str(task.get("evidence")), bool(items))[0]
        new: dict[str, Any] = {
            "test": test,
            "value": None,
            "upper": None,
            "items": [],
            "level": "yellow",
            "advice": "",
        }
        with_more(editor, f"{path}.rules", new)
        st.rerun()


def _measure(editor: Editor, path: str, task: dict[str, Any]) -> None:
    if not task.get("measure"):
        st.caption(_("Without a plausible range every number is taken as it is typed."))
        if st.button(_("Write unit and plausible range"), icon=":material/add:", key=f"measure_more_{path}"):
            fresh = {"unit": "", "low": 0, "high": 100, "decimals": 0}
            editor.apply(lambda draft: with_field(draft, f"{path}.measure", fresh))
            st.rerun()
        return
    unit, low, high, decimals, act = st.columns([1, 1, 1, 1, 1], vertical_alignment="bottom")
    stored = task["measure"].get("decimals")
    places = stored if isinstance(stored, int) and 0 <= stored <= 2 else 0
    text(editor, f"{path}.measure.unit", _("Unit"), unit, max_chars=12)
    number(editor, f"{path}.measure.low", _("Plausible from"), low, places)
    number(editor, f"{path}.measure.high", _("to"), high, places, help=_("What lies outside is asked back."))
    whole(editor, f"{path}.measure.decimals", _("Decimals"), 0, 2, decimals)
    if act.button(_("Remove"), key=f"measure_less_{path}", width="stretch"):
        editor.apply(lambda draft: with_field(draft, f"{path}.measure", None))
        editor.redraw()
        st.rerun()


def _list(editor: Editor, path: str, items: list[dict[str, Any]]) -> None:
    stored = "\n".join(("" if one.get("required", True) else "? ") + one["text"] for one in items)
    field(
        editor, f"{path}.checklist", st.text_area,
        _("Checklist, one line each; begin with ? what is only offered to some"), as_shown(editor, stored),
        convert=lambda words: _checklist(as_kept(editor, words)), height=max(100, min(260, 28 * len(items) + 20)),
    )  # fmt: skip


def _checklist(words: str) -> list[dict[str, Any]]:
    found = [line.strip() for line in words.splitlines() if line.strip()]
    return [
        {"text": line.lstrip("?？ ").strip(), "required": line[0] not in "?？"}
        for line in found
        if line.lstrip("?？ ")
    ]


def _rule(editor: Editor, path: str, task: dict[str, Any], at: int, rule: dict[str, Any]) -> None:
    here, items = f"{path}.rules.{at}", task.get("checklist") or []
    with st.container(border=True):
        _test(editor, here, task, rule)
        level, act = st.columns([3, 1], vertical_alignment="bottom")
        choice(editor, f"{here}.level", _("Level"), LEVELS, level)
        if rule.get("test") == "unticked":
            names = {
                n: as_shown(editor, str(one.get("text") or "…"))[:ITEM_SHOWN]
                for n, one in enumerate(items, start=1)
            }
            several(
                editor, f"{here}.items", _("Items of the list"), names,
                placeholder=_("every item that is always offered"),
            )  # fmt: skip
        long_text(editor, f"{here}.advice", _("What she reads at once"), max_chars=2000)
        if act.button(_("Remove"), key=f"rule_less_{here}_{editor.forms}", width="stretch"):
            without(editor, f"{path}.rules", at)
            st.rerun()


def _test(editor: Editor, here: str, task: dict[str, Any], rule: dict[str, Any]) -> None:
    now = rule.get("test")
    fitting = fitting_tests(str(task.get("evidence")), bool(task.get("checklist")))
    # One that fits no longer stays to be seen, with its problem below.
    words = {one: _(name) for one, name in TEST_NAMES.items() if one in fitting or one == now}
    offered = list(words)
    test, value, upper = st.columns([2, 1, 1])
    field(
        editor, here, st.selectbox, _("When"), offered, offered.index(now) if now in offered else None, place=test,
        format_func=words.__getitem__, convert=partial(_retested, editor, here), faults=(f"{here}.test",),
    )  # fmt: skip
    places = (task.get("measure") or {}).get("decimals") or 0
    if now == "days_without":
        whole(editor, f"{here}.value", _(DAYS), 1, 60, value)
    elif now != "unticked":
        number(editor, f"{here}.value", _("Limit"), value, places)
    if now == "between":
        number(editor, f"{here}.upper", _("Up to"), upper, places)


def _retested(editor: Editor, here: str, test: str) -> dict[str, Any]:
    """The rule with another test; what only the old one needed goes with it."""
    rule = field_at(editor.raw, here) or {}
    kept = rule | {"test": test}
    if test == "unticked":
        kept["value"] = None
    elif test == "days_without":
        kept["value"] = 2
    if test != "between":
        kept["upper"] = None
    if test != "unticked":
        kept["items"] = []
    return kept

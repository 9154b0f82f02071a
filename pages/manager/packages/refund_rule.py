"""The refund rule as fields, with what they mean in plain words: in the editor, and for a version sold before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.packages.editing import with_field
from core.packages.refund_rules import CAUSE_NAMES, FROM_NAMES, SHARE_NAMES, WHILE_NAMES, RefundRule
from core.packages.refund_words import in_words, unsaid_figures
from pages.manager import drafting
from pages.manager.fields import choice, fault_below, several, tick, whole
from pages.manager.packages.draft import Editor
from pages.ui.text import _, html, language


def show_refund_rule(editor: Editor) -> None:
    """Below the written terms of a draft; what costs nothing needs no rule."""
    if not editor.raw.get("price_fen"):
        return
    held = editor.raw.get("refund")
    on = st.toggle(
        _("The refund terms as fields"),
        held is not None,
        key=f"refund_on_{editor.package_id}_{editor.forms}",
        help=_("Then every refund is reckoned by itself, line by line. The text stays what was promised."),
    )
    if on != (held is not None):
        editor.apply(lambda draft: with_field(draft, "refund", blank() if on else None))
        st.rerun()
    if held is None:
        st.caption(_("Without fields every refund is reckoned by hand, and each needs a reason."))
        return
    with st.container(border=True):
        rule_fields(editor, titles_of(editor.raw.get("tasks") or []))
        meaning(editor.raw, editor.raw.get("refund_terms") or "")


def rule_fields(editor: drafting.Editor, titles: Mapping[str, str]) -> None:
    """The fields of `refund`, in the order in which terms are written."""
    several(
        editor, "refund.full_for", _("Always in full"), {code: _(name) for code, name in CAUSE_NAMES.items()},
        placeholder=_("Choose from the list"),
    )  # fmt: skip
    days, start, only = st.columns([1, 1.4, 1.6])
    whole(
        editor, "refund.full_days", _("In full for so many days"), 0, 3650, days, empty=True,
        placeholder=_("not by date"), help=_("0 means: on that day only."),
    )  # fmt: skip
    choice(editor, "refund.full_from", _("Counted from"), FROM_NAMES, start)
    choice(editor, "refund.full_while", _("Only as long as"), WHILE_NAMES, only)
    choice(
        editor, "refund.full_until", _("In full until this is done"),
        {None: _("no such task"), **titles}, format_func=lambda code: titles.get(code) or _("no such task"),
    )  # fmt: skip
    share, of, first, used = st.columns([1.6, 1, 1, 1.2], vertical_alignment="bottom")
    choice(editor, "refund.share", _("After that"), SHARE_NAMES, share)
    kind = (editor.raw.get("refund") or {}).get("share")
    if kind == "days":
        whole(editor, "refund.days", _("Of how many days"), 1, 3650, of, empty=True)
        whole(
            editor, "refund.first_day", _("Its first day"), -1460, 1460, first,
            help=_("Counted from the day of the tasks as day 0."),
        )  # fmt: skip
    else:
        fault_below(editor, "refund.days")
    if kind in ("days", "tasks"):
        tick(editor, "refund.deduct_used", _("Used ones are deducted"), used)


def meaning(raw: Mapping[str, Any], terms: str) -> None:
    """The rule in plain words, and which of its figures the text does not say."""
    rule = sound(raw)
    if rule is None:
        return
    lines = "".join(f"<li>{html(line)}</li>" for line in in_words(rule, language(), titles_of(raw["tasks"])))
    st.html(f"<div><b>{html(_('What the fields say'))}</b><ul>{lines}</ul></div>")
    figures = unsaid_figures(rule, terms)
    if figures:
        st.caption(
            _(
                "The written terms do not say: {figures}. Please compare.",
                figures=", ".join(map(str, figures)),
            )
        )


def blank() -> dict[str, Any]:
    """A rule that pays nothing back, every field of it written down."""
    return RefundRule().model_dump(mode="json")


def sound(raw: Mapping[str, Any]) -> RefundRule | None:
    """The rule of a draft, None while its fields do not fit together."""
    try:
        return RefundRule.model_validate(raw.get("refund") or {})
    except ValidationError:
        return None


def titles_of(tasks: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {str(task.get("code")): str(task.get("title") or "…") for task in tasks}

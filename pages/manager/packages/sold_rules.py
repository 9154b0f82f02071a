"""Sold versions whose refund terms stand in words only: their fields are entered once, beside the text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core.packages.document import PackageDocument, problems
from core.packages.editing import Draft
from core.packages.refund_words import in_words, unsaid_figures
from core.settlement.refund_rules_entered import SoldVersion, enter_rule, sold_versions
from pages.manager import drafting
from pages.manager.packages.refund_rule import blank, meaning, rule_fields, sound, titles_of
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, _n, day, html, language


@dataclass
class RuleDraft(drafting.Editor):
    """The fields as they are being entered: they live in this browser until they are entered for good."""

    def take(self, new: Draft) -> None:
        self.raw = new
        self.faults = [one for one in problems(new) if one.where.startswith("refund")]


def show_sold_rules(package_id: int, draft: Draft) -> None:
    """Nothing where every sold version has its rule. `draft` is the package's present one: where it says the same in words,
    its fields are shown to begin with."""
    found: list[SoldVersion] = ask(sold_versions, package_id=package_id)
    if not found:
        return
    st.markdown(f"#### {_('Refund rules of sold versions')}")
    for one in found:
        if one.lacks_rule:
            label = _n(
                "Version {number}, sold {n} time: enter its refund rule",
                "Version {number}, sold {n} times: enter its refund rule",
                one.sold, number=one.number,
            )  # fmt: skip
            fold(label, f"sold_rule_{one.version_id}", partial(_enter, one, draft), icon=":material/rule:")
        else:
            fold(
                _("Version {number}: fields entered by {name} on {day}",
                  number=one.number, name=one.found.by, day=day(one.found.entered_on)),
                f"sold_rule_{one.version_id}", partial(_entered, one),
            )  # fmt: skip


def _entered(one: SoldVersion) -> None:
    assert one.found.rule is not None
    left, right = st.columns(2)
    left.html(f"<div>{html(one.document.refund_terms)}</div>")
    titles = {task.code: task.title for task in one.document.tasks}
    lines = "".join(f"<li>{html(line)}</li>" for line in in_words(one.found.rule, language(), titles))
    right.html(f"<ul>{lines}</ul>")


def _enter(one: SoldVersion, draft: Draft) -> None:
    st.caption(
        _("The text was promised and stays. Enter once what it says; every refund of this version is then reckoned by it and says so.")
    )  # fmt: skip
    terms = one.document.refund_terms
    same = draft.get("refund_terms") == terms and draft.get("refund")
    if same:
        st.caption(
            _(
                "The fields are those of the draft, whose terms are the same words. Please compare them all the same."
            )
        )
    editor = _draft(one.version_id, one.document, dict(draft["refund"]) if same else blank())
    left, right = st.columns([1, 1.7])
    with left, st.container(border=True):
        st.html(f"<div><b>{html(_('The written terms'))}</b><br>{html(terms)}</div>")
        meaning(editor.raw, "")
    with right:
        rule_fields(editor, titles_of(editor.raw["tasks"]))
    form, confirmed = Form(), []
    rule = sound(editor.raw)
    for n in unsaid_figures(rule, terms) if rule else ():
        if st.checkbox(
            _("{n} days: the text does not say this figure, but means it", n=n),
            key=f"says_{one.version_id}_{n}",
        ):
            confirmed.append(n)
    form.room("confirmed", st)
    compared = form.field(
        "compared", st.checkbox, _("I have compared the fields with the written terms"),
        key=f"compared_{one.version_id}",
    )  # fmt: skip
    form.room("rule", st)
    if st.button(_("Enter the rule for good"), key=f"enter_{one.version_id}", type="primary") and do(
        enter_rule, f"rule_{one.version_id}", place=form, version_id=one.version_id,
        rule=editor.raw.get("refund") or {}, compared=compared, confirmed=confirmed,
    ):  # fmt: skip
        st.session_state.pop(f"rule_draft_{one.version_id}", None)
        say(
            _(
                "The refund rule of version {number} is entered. Refunds are reckoned by it from now on.",
                number=one.number,
            )
        )
        st.rerun()


def _draft(version_id: int, document: PackageDocument, rule: dict[str, Any]) -> RuleDraft:
    name = f"rule_draft_{version_id}"
    if name not in st.session_state:
        raw = document.model_dump(mode="json") | {"refund": rule}
        # Numbers below nought: keys of fields that no draft of a package has.
        st.session_state[name] = RuleDraft(-version_id, raw)
    held: RuleDraft = st.session_state[name]
    return held

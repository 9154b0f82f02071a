"""A package's way to the shelf: warnings, versions side by side, publishing, selling."""

from __future__ import annotations

import streamlit as st

from core.foundation.language import N_
from core.packages import publishing, shelf
from core.packages.comparison import compare
from core.sops.wording import draft_unapproved
from pages.manager.facts import holding
from pages.manager.packages.draft import Editor
from pages.manager.packages.files import show_copy, show_export, show_import
from pages.manager.packages.marks import change_table
from pages.manager.packages.newer_rules import show_newer_rules
from pages.manager.packages.sold_rules import show_sold_rules
from pages.manager.packages.trial import late_warning
from pages.ui.calls import ask, do, say
from pages.ui.frame import the_house
from pages.ui.text import _, language, moment, money

DRAFT = 0


def show_sale(editor: Editor, line: shelf.PackageLine) -> None:
    _publish(editor, line)
    show_newer_rules(line.package_id)
    show_sold_rules(line.package_id, editor.raw)
    published = ask(shelf.versions, package_id=line.package_id)
    if published:
        st.markdown(f"#### {_('Versions')}")
        _versions(editor, published)
    st.markdown(f"#### {_('Copy, export, import')}")
    left, right = st.columns(2)
    with left:
        show_copy(editor)
        show_export(editor)
    with right:
        show_import()


def _publish(editor: Editor, line: shelf.PackageLine) -> None:
    if editor.faults:
        st.info(
            _("This draft still has problems; they are listed above, and beside their fields."),
            icon=":material/edit_note:",
        )
    elif holding(editor):
        st.info(
            _("Some texts differ from the facts; they are listed above, and beside their fields."),
            icon=":material/fact_check:",
        )
    warning = late_warning(editor.document, editor.raw)
    if warning:
        st.warning(warning, icon=":material/schedule:")
    if not line.changed:
        st.caption(_("The draft equals the published version. Edit it to publish a new one."))
    st.caption(_("Publishing pins this version. What has been sold keeps the version it was sold under."))
    other_words = line.changed and ask(draft_unapproved, package_id=line.package_id)
    if other_words and line.number:
        with st.container(border=True):
            st.markdown(
                _("The draft says something else than the approved SOP. Hand in the SOP first: until it is approved, version {number} stays on sale. If you publish now, new sales pause until then.", number=line.number)
            )  # fmt: skip
            st.page_link("manager/sop/page.py", label=_("SOP and handbook"), icon=":material/menu_book:")
    label = _("Publish version {number}", number=line.number + 1)
    sure, stop = st.columns([2, 1])
    ready = line.changed and not editor.faults and not holding(editor)
    if sure.button(label, type="primary", disabled=not ready, icon=":material/publish:"):
        outcome = do(publishing.publish, f"publish_{line.package_id}", package_id=line.package_id)
        if outcome:
            next_step = (
                N_(
                    "Version {number} is published. New sales pause until the SOP with this wording is approved."
                )
                if other_words
                else N_("Version {number} is published. Next: see what is still open before it goes live.")
            )
            say(_(next_step, number=outcome.value))
            st.rerun()
    if line.number:
        st.page_link("manager/going_live.py", label=_("Go live"), icon=":material/rocket_launch:")
        text = _("Stop selling") if line.on_sale else _("Sell again")
        if stop.button(text, width="stretch") and do(
            publishing.put_on_sale, package_id=line.package_id, on_sale=not line.on_sale
        ):
            st.rerun()


def _versions(editor: Editor, published: list[shelf.Version]) -> None:
    zone = the_house().zone
    names = {DRAFT: _("Draft")} | {
        one.number: _(
            "Version {number}, published {when}, {price}",
            number=one.number,
            when=moment(one.published_at, zone),
            price=money(one.document.price_fen),
        )
        for one in published
    }
    left, right = st.columns(2)
    numbers = list(names)
    old = left.selectbox(_("Compare"), numbers, 1, format_func=names.__getitem__, key="compare_old")
    new = right.selectbox(_("with"), numbers, 0, format_func=names.__getitem__, key="compare_new")
    known = {
        one.number: one.document.model_dump(mode="json") for one in published if one.number in (old, new)
    }
    known[DRAFT] = editor.raw
    if old != new:
        change_table(compare(editor.named(known[old]), editor.named(known[new]), language()))


def state_of(line: shelf.PackageLine) -> str:
    if not line.number:
        return _("draft, not yet published")
    parts = [_("version {number} published", number=line.number) if line.on_sale else _("not on sale")]
    if line.changed:
        parts.append(_("draft has changes"))
    return " · ".join(parts)

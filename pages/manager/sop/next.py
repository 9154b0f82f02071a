"""The next version of an SOP: the department's own part, and handing it in for review."""

from __future__ import annotations

import streamlit as st

from core.sops import approval
from core.sops.shelf import Working
from pages.manager.drafting import show_refused
from pages.manager.fields import text
from pages.manager.sop.draft import Editor, open_editor, show_facts, show_faults, show_state
from pages.manager.sop.form import edit_own
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.text import _, unmarked


def write(now: Working) -> None:
    """The department's own part, and handing in."""
    editor = open_editor(now)
    if now.status == "in_review":
        show_refused(editor)
        st.info(_("Version {number} is being reviewed; see the next tab.", number=now.preview.number))
        return
    if now.return_reason:
        st.warning(_("Returned: {reason}", reason=unmarked(now.return_reason)), icon=":material/undo:")
    st.caption(
        _(
            "Steps, wording, price, refund and escalation come from the package and are edited there. "
            "Here stands only what the package does not know."
        )
    )
    st.page_link("manager/packages/page.py", label=_("Packages"), icon=":material/inventory_2:")
    show_state(editor)
    show_facts(editor)
    form = Form()
    edit_own(editor, now.preview, form)
    hand_in(editor, now, form)


def hand_in(editor: Editor, now: Working, form: Form) -> None:
    st.subheader(_("Hand in for review"))
    with st.container(border=True):
        first = _("First version") if now.preview.number == 1 else ""
        text(editor, "what", _("What changed"), max_chars=300, placeholder=first)
        form.room("what", st)
        text(editor, "why", _("Why"), max_chars=300)
        form.room("why", st)
        show_faults(editor)
        st.caption(
            _("This pins the package draft as it is now as version {number}. Somebody else approves it. "
              "A yearly review without changes is handed in the same way.", number=now.preview.number)
        )  # fmt: skip
        sent = st.button(_("Hand in version {number}", number=now.preview.number), type="primary")
    if sent and do(
        approval.submit, f"sop_submit_{editor.package_id}", place=form, package_id=editor.package_id,
        what=editor.raw["what"], why=editor.raw["why"],
    ):  # fmt: skip
        say(_("Handed in. A second person reads and approves it."))
        st.rerun()

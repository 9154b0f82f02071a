"""The next version of an SOP: the department's own part, and handing it in for review."""

from __future__ import annotations

import streamlit as st

from core.sops import approval
from core.sops.shelf import SopLine, Working
from pages.manager.sop.form import edit_own
from pages.ui.calls import do, say
from pages.ui.text import _


def write(line: SopLine, now: Working) -> None:
    """The department's own part, and handing in."""
    if now.status == "in_review":
        st.info(_("Version {number} is being reviewed; see the next tab.", number=now.preview.number))
        return
    if now.return_reason:
        st.warning(_("Returned: {reason}", reason=now.return_reason), icon=":material/undo:")
    st.caption(
        _(
            "Steps, wording, price, refund and escalation come from the package and are edited there. "
            "Here stands only what the package does not know."
        )
    )
    st.page_link("manager/packages/page.py", label=_("Packages"), icon=":material/inventory_2:")
    key = f"{line.package_id}_{now.preview.number}_{now.changed_at}"
    fields = edit_own(now.own, now.preview, key)
    if fields is not None:
        outcome = do(
            approval.save_own, f"sop_own_{line.package_id}", package_id=line.package_id, own=fields,
            expected_changed_at=now.changed_at,
        )  # fmt: skip
        if outcome:
            say(_("The draft is saved."))
            st.rerun()
    hand_in(line, now)


def hand_in(line: SopLine, now: Working) -> None:
    st.subheader(_("Hand in for review"))
    with st.form(f"hand_in_{line.package_id}"):
        what = st.text_input(
            _("What changed"),
            max_chars=300,
            placeholder=_("First version") if now.preview.number == 1 else "",
        )
        why = st.text_input(_("Why"), max_chars=300)
        st.caption(_("Handed in is what was last saved above; save first what you have just typed."))
        st.caption(
            _("This pins the package draft as it is now as version {number}. Somebody else approves it. "
              "A yearly review without changes is handed in the same way.", number=now.preview.number)
        )  # fmt: skip
        sent = st.form_submit_button(_("Hand in version {number}", number=now.preview.number), type="primary")
    if sent:
        outcome = do(
            approval.submit, f"sop_submit_{line.package_id}", package_id=line.package_id, what=what, why=why
        )
        if outcome:
            say(_("Handed in. A second person reads and approves it."))
            st.rerun()

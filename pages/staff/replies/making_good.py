"""To make good: the apologies for missed promises that wait to be sent, and one of them in the place of the list."""

from __future__ import annotations

import streamlit as st

from core.dialogue.cases.thread import LONGEST
from core.foundation import reasons
from core.foundation.language import N_
from core.settlement.amends import Owed, drafts, drop, send
from pages.staff.making_good import goes_with, how_late, late_by, what_of
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.rows import Column, Line, close, heading, open_here, open_patient, rows
from pages.ui.sections import fold, shut
from pages.ui.text import _, moment, unmarked

OWED = "owed"  # the address's name for the apology that lies open
GONE = N_("This apology has been sent or set aside already.")


def list_owed() -> None:
    """What is owed, a line each; nothing where nothing is."""
    found: list[Owed] = ask(drafts)
    if not found:
        return
    zone = the_house().zone
    title = _("To make good ({n})", n=len(found))
    st.subheader(title, anchor=False)
    columns = [
        Column(_("Patient"), 1.1), Column(_("Which promise"), 1.5), Column(_("Promised by"), 0.8), Column(_("How late"), 0.9),
        Column(_("Goes with it"), 1.6),
    ]  # fmt: skip
    lines = [
        Line(
            str(one.amends_id),
            (
                f"{one.patient} · {one.code}", what_of(one), moment(one.due_at, zone), late_by(one), goes_with(one),
            ),
            one.words,
        )
        for one in found
    ]  # fmt: skip
    if chosen := rows(title, columns, lines, "replies_owed"):
        open_here(OWED, chosen)


def show_owed(number: str) -> None:
    """One apology in the place of the list: her words can be changed here, what goes with it is the package's."""
    found: list[Owed] = ask(drafts)
    one = next((each for each in found if str(each.amends_id) == number), None)
    if one is None:
        heading(_("To make good"), _("All replies"), OWED, "replies_owed")
        st.info(_(GONE))
        return
    heading(f"{one.patient} · {what_of(one)}", _("All replies"), OWED, "replies_owed")
    st.caption(f"{how_late(one, the_house().zone)} · {_('code {code}', code=one.code)}")
    with st.container(horizontal=True, gap="small"):
        if st.button(_("See the case"), icon=":material/forum:", key="owed_case"):
            st.query_params.pop(OWED, None)
            open_here("case", str(one.case_id))
        if st.button(_("Her file"), icon=":material/person:", key="owed_file"):
            open_patient(one.patient_id)
    _sending(one)
    fold(_("Not needed"), f"owed_drop_{one.amends_id}", lambda: _dropping(one), icon=":material/block:")


def _sending(one: Owed) -> None:
    key = f"owed_{one.amends_id}"
    form = Form(key, adds=True)
    words = form.kept("words", st.text_area, _("Apology to her"), one.words, height=150, max_chars=LONGEST)
    if one.line:
        st.write(_("Below it stands: {line}", line=unmarked(one.line)))
    else:
        st.caption(_("Nothing goes with it but the words."))
    if st.button(_("Send the apology"), key=f"send_{key}", type="primary", icon=":material/send:") and do(
        send, key, place=form, amends_id=one.amends_id, words=words
    ):
        say(_("Sent: it stands in the thread on the phone of {name}.", name=unmarked(one.patient)))
        close(OWED, "replies_owed")


def _dropping(one: Owed) -> None:
    key = f"owed_drop_{one.amends_id}"
    form = Form()
    reason = form.field("reason", st.text_input, _("Why it is not needed, for example: apologised on the telephone"), max_chars=reasons.LONGEST, key=f"reason_{key}")  # fmt: skip
    if st.button(_("Send no apology"), key=f"go_{key}") and do(
        drop, key, place=form, amends_id=one.amends_id, reason=reason
    ):
        say(_("Set aside. Nothing is sent to {name}.", name=unmarked(one.patient)))
        shut(key)
        close(OWED, "replies_owed")

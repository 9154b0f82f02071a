"""A passphrase for the backups: set, changed or given up, with what it means when it is forgotten said before."""

import streamlit as st

from core.foundation.errors import Refusal
from core.operations.rescue import passphrases
from pages.ui.calls import desk, doer, say
from pages.ui.form import Form
from pages.ui.sections import fold, shut
from pages.ui.text import _

FOLD = "encryption"


def encryption(kind: str) -> None:
    """Whether backups are encrypted, with the passphrase behind a fold."""
    on = passphrases.is_sealed(kind)
    fold(
        _("Backups are encrypted") if on else _("Backups are not encrypted"), FOLD, lambda: _fields(kind, on)
    )


def _fields(kind: str, on: bool) -> None:
    if desk().database.is_sqlite:
        text = _("Backups made from now on, those of the night too, are opened by this passphrase alone. Pictures in the folder lie beside them in the open, as on this machine; “Download” encrypts them too.")  # fmt: skip
    else:
        text = _("A database backup that was encrypted as the README says is opened by this passphrase alone. What pg_dump makes by itself, and the pictures, stay open.")  # fmt: skip
    st.write(text)
    st.warning(
        _("Nobody can find a forgotten passphrase, neither we nor IT: those backups then stay shut for ever. Write it down and lock it away outside this machine. Setting a new one is possible at any time; earlier backups keep theirs.")
    )  # fmt: skip
    form = Form()
    with st.form("passphrase", clear_on_submit=False):
        first = form.field("passphrase", st.text_input, _("Passphrase"), type="password")
        again = form.field("again", st.text_input, _("Passphrase again"), type="password")
        sent = st.form_submit_button(_("Set the new passphrase") if on else _("Encrypt backups"))
    left = on and st.button(_("Encrypt no more"))
    if not sent and not left:
        return
    try:
        if sent:
            passphrases.set_passphrase(kind, desk(), doer(), first, again)
        else:
            passphrases.leave_open(kind, desk(), doer())
    except Refusal as problem:
        form.refuse(problem)
        return
    shut(FOLD)
    say(_("Saved. It counts from the next backup on."))
    st.rerun()

"""The backups the house makes by itself every night, and how many of them stay."""

import streamlit as st

from core.foundation.errors import Refusal
from core.operations import backup
from pages.ui.calls import desk, doer, say
from pages.ui.form import Form
from pages.ui.sections import fold, shut
from pages.ui.text import _, _n

FOLD = "automatic_backups"


def automatic(kind: str) -> None:
    """What happens every night, with the number kept behind a fold."""
    kept = backup.kept(kind)
    told = _n(
        "Every night by itself; the last {n} is kept", "Every night by itself; the last {n} are kept", kept
    )
    fold(told, FOLD, lambda: _number(kind, kept))


def _number(kind: str, kept: int) -> None:
    st.caption(
        _("Pictures and films lie beside the backups once, however many backups there are. Backups made by hand, before a restore or on another machine always stay.")
    )  # fmt: skip
    form = Form()
    with st.form("kept"):
        number = form.field(
            "number", st.number_input, _("Automatic backups that are kept"),
            min_value=backup.FEWEST, max_value=backup.MOST, value=kept, step=1,
        )  # fmt: skip
        sent = st.form_submit_button(_("Save"))
    if not sent:
        return
    try:
        backup.keep(kind, desk(), doer(), int(number))
    except Refusal as problem:
        form.refuse(problem)
        return
    shut(FOLD)
    say(_("Saved."))
    st.rerun()

"""A bug on a staff page is shown as the number under which it was logged, never as a trace."""

from __future__ import annotations

import streamlit as st

from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.troubles import note, trouble_of
from pages.ui.text import _, refusal


def on_script_error(error: Exception) -> bool:
    """A refusal that a question raised is an answer and shown as one; anything else becomes an incident."""
    kind = trouble_of(error)
    if kind is not None:  # past the doors, such as a picture that found no room
        error = kind()
        note(error)
    if isinstance(error, Refusal):
        st.info(refusal(error), icon=":material/info:")
        return True
    number = report(error, "staff page")
    st.error(
        _(
            "Something went wrong on our side. Nothing you had saved is lost. "
            "Please reload the page; if it happens again, tell your administrator incident {number}.",
            number=number,
        )
    )
    return True

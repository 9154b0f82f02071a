"""A bug is logged with a number and shown as that number, never as a trace and never with personal data."""

from __future__ import annotations

import logging
import secrets
import traceback

import streamlit as st

from core.foundation.errors import Refusal
from pages.ui.text import _, refusal

log = logging.getLogger("pilotdesk")


def report(error: BaseException) -> str:
    """Log where it happened (files and lines, not values) and return the incident number."""
    number = secrets.token_hex(3).upper()
    places = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("incident %s: %s\n  %s", number, type(error).__name__, "\n  ".join(places))
    return number


def on_script_error(error: Exception) -> bool:
    """A refusal that a question raised is an answer and shown as one; anything else becomes an incident."""
    if isinstance(error, Refusal):
        st.info(refusal(error), icon=":material/info:")
        return True
    number = report(error)
    st.error(
        _(
            "Something went wrong on our side. Nothing you had saved is lost. "
            "Please reload the page; if it happens again, tell your administrator incident {number}.",
            number=number,
        )
    )
    return True

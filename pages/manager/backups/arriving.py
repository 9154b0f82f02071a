"""A backup brought from another machine: a component of our own, because Streamlit's uploader stops at 20 MB and holds what
came in memory. It sends piece by piece (`pages.backup_files`); what is in it: `arriving.js`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.operations import backup, backup_arrivals
from pages.backup_files.app import PASS, PREFIX
from pages.ui.browser import language
from pages.ui.calls import desk, doer, say
from pages.ui.frame import the_house
from pages.ui.text import _, moment

HERE = Path(__file__).resolve().parent


@cache
def _component() -> Callable[..., Any]:
    sheet, script = ((HERE / f"arriving.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    mount: Callable[..., Any] = st.components.v2.component(
        "pilotdesk_arriving",
        html="<div class='pd-arriving'></div>",
        css=sheet,
        js=script,
        isolate_styles=False,
    )
    return mount


def bring(kind: str) -> None:
    """The field for the file, with its progress. What came stands in the list; nothing is restored by it."""
    st.caption(
        _(
            "Take the file there by “Download”. It is checked here and then stands in the list; nothing is restored yet."
        )
    )
    data = {
        "address": f"{PREFIX}/arriving",
        "header": PASS,
        "pass": backup_arrivals.invite(kind, desk(), doer()),
        "language": language(),
        "words": {
            "choose": _("Choose the backup file (.zip)"),
            "coming": _("{percent}% of {size} MB uploaded", percent="%p", size="%s"),
            "checking": _("All of it is here. It is being checked …"),
            "cut": _("The connection is cut. It goes on by itself; keep this page open."),
            "fault": _("The file did not come through. Please choose it again."),
        },
    }
    told = _component()(key="arriving", data=data, on_arrived_change=lambda: None)
    came = next((one for one in backup.backups(kind) if one.name == told.get("arrived")), None)
    if came is not None:
        say(
            _(
                "The backup of {when} has come and is whole. It stands in the list.",
                when=moment(came.made_at, the_house().zone),
            )
        )
        st.rerun()

"""What the list of today is asked for: whose tasks, in which band, of whom."""

from __future__ import annotations

import streamlit as st

from core.care.plan.due_and_late import BAND_NAMES
from core.care.work.worklist import WORKING_BANDS
from pages.ui.calls import actor
from pages.ui.frame import empty_state
from pages.ui.rows import filters, remembered, search
from pages.ui.text import _

TONES = {"overdue": "late", "due": "now", "open": "none", "upcoming": "hush", "expired": "hush"}
MINE, ROLE, ALL, HERS = "mine", "role", "all", "hers"
ROLES = ("nurse", "doctor", "front_desk")


def asked() -> dict[str, object]:
    """What the list is asked for: whose tasks, in which band, of whom. What was chosen stays for this session."""
    whose, band = remembered("today_scope", ALL), remembered("today_band")
    # A doctor's, nurse's and front desk's role has tasks of its own; whoever leads sees all.
    role = actor().role if actor().role in ROLES else ""
    text = remembered("today_text")
    return {
        "mine": whose == MINE,
        "role": role if whose == ROLE else "patient" if whose == HERS else "",
        # What patients do themselves they answer on their phones: fourteen lines a day each would bury the team's own.
        "by_staff": whose != HERS and not text,
        "bands": [band] if band else list(WORKING_BANDS),
        "text": text,
    }


def choose(counts: dict[str, int]) -> None:
    """Filters above the list."""
    whose = {
        MINE: _("My patients"),
        **({ROLE: _("My role")} if actor().role in ROLES else {}),
        ALL: _("All"),
        HERS: _("Done at home"),
    }
    st.segmented_control(
        _("Whose tasks"), list(whose), format_func=whose.__getitem__, key="today_scope",
        label_visibility="collapsed",
    )  # fmt: skip
    search("today_text")
    filters({band: _(BAND_NAMES[band]) for band in TONES}, counts, "today_band")


def nothing(searched: bool) -> None:
    """What is said where the list has no line."""
    if searched:
        empty_state(_("Nothing found. Check the spelling or clear the search."))
    elif actor().may("enrolment.write"):
        empty_state(
            _("Nothing to do now. Enrol a patient, and her tasks appear here when their window opens."),
            "staff/enrol/page.py",
            _("Offer and enrol"),
        )
    else:
        empty_state(_("Nothing to do now. Tasks appear here when their window opens."))

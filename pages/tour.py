"""The demo's story in ten minutes, for somebody who shows it."""

from __future__ import annotations

import streamlit as st

from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_
from pages.ui.calls import actor
from pages.ui.text import _

# (what happens, where, the permission it needs, the demo role to look at it as)
TOUR = (
    (
        N_("The package: content, price, tasks, wording, versions"),
        "manager/packages/page.py",
        "package.write",
        "manager",
    ),
    (
        N_("Import patients from a hospital's spreadsheet"),
        "manager/imports/patients_page.py",
        "patient.import",
        "manager",
    ),
    (
        N_("Explain the package, enrol a patient, print her card"),
        "staff/enrol/page.py",
        "enrolment.write",
        "front_desk",
    ),
    (N_("Today's list with the words to say; tick one off"), "staff/today/page.py", "task.read", "nurse"),
    (
        N_("From her sofa: a question, a film, an alert, answered in time"),
        "staff/replies/page.py",
        "reply.read",
        "nurse",
    ),
    (
        N_("One patient: journey, her phone, curve, quiet care"),
        "staff/patients.py",
        "patient.read",
        "doctor",
    ),
    (N_("A voucher is redeemed at the counter"), "staff/counter/page.py", "points.redeem", "front_desk"),
    (N_("Praise becomes a story on the wall"), "manager/stories/page.py", "praise.moderate", "manager"),
    (N_("The album of a finished journey"), "staff/albums/page.py", "album.write", "doctor"),
    (
        N_("Did it help? Three sentences and five figures"),
        "leader/dashboard/page.py",
        "dashboard.read",
        "executive",
    ),
)


def tour() -> None:
    """The whole story for somebody who shows the demo, in the order of the loop."""
    st.subheader(_("The story in ten minutes"))
    for n, (text, page, permission, role) in enumerate(TOUR, start=1):
        if actor().may(permission):
            st.page_link(page, label=f"{n}. {_(text)}", icon=":material/arrow_forward:")
        else:
            note = _("look at the demo as {role}", role=_(ROLE_NAMES[role]))
            st.markdown(f"<span class='pd-soft'>{n}. {_(text)} · {note}</span>", unsafe_allow_html=True)

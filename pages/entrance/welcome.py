"""The first visit: explore the demo, or set up a department."""

from __future__ import annotations

import streamlit as st

from core.department.logo import SEAL
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.operations import workspaces
from pages.entrance.department_form import BEGIN, begin, department_form
from pages.ui import session
from pages.ui.browser import signed_in
from pages.ui.text import _, language, language_switch, refusal

# From which share of the demo's making on each sentence is true.
STEPS = (
    (0.0, N_("Building the simulated department …")),
    (0.2, N_("Writing a year of visits, tasks and praise …")),
    (0.5, N_("The last three days, one deed after the other …")),
    (0.95, N_("Counting every day …")),
)


def show() -> None:
    __, middle, __ = st.columns([1, 3.2, 1])
    with middle:
        st.image(str(SEAL), alt="", width=72)  # the name stands below it
        st.title(_("Welcome to PilotDesk"))
        st.write(
            _(
                "One pilot department turns good service into a product: define a package, sell and deliver it, "
                "let patients answer and praise, and see honestly whether it helped."
            )
        )
        if (held := signed_in()) and held["kind"] == "demo":
            text = _("The demo you looked at was ended in another window. Nothing in it was real.")
            st.info(text, icon=":material/info:")
        language_switch(st, "language_entrance")
        if st.query_params.get(BEGIN):
            department_form()
            return
        left, right = st.columns(2)
        with left, st.container(border=True):
            st.subheader(_("Explore the demo"))
            st.write(_("A simulated obstetrics department with a year of history. Nothing in it is real."))
            if st.button(_("Create the demo"), type="primary", icon=":material/science:", width="stretch"):
                _make_demo()
        with right, st.container(border=True):
            st.subheader(_("Set up my department"))
            st.write(
                _("An empty department for real work. It takes two minutes; everything can be changed later.")
            )
            if st.button(_("Set up"), icon=":material/add_home:", width="stretch"):
                begin(True)
                st.rerun()


def _make_demo() -> None:
    # Only here: the whole storyteller would otherwise be loaded with every start of the programme.
    from core.operations import demo

    bar = st.progress(0.0, text=_(STEPS[0][1]))
    try:
        if workspaces.active_kind() is not None:
            raise workspaces.ChosenMeanwhile
        demo.remake(language(), progress=lambda share: bar.progress(share, text=_step(share)))
        workspaces.choose("demo")
    except Refusal as problem:
        bar.empty()
        st.error(refusal(problem), icon=":material/info:")
        return
    session.sign_in_as("demo.manager")
    st.rerun()


def _step(share: float) -> str:
    """What is being done at a share of the way, in words."""
    return _(next(text for start, text in reversed(STEPS) if share >= start))

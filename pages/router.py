"""The first script of every run: language, workspace, sign-in, menu; then the page."""

import streamlit as st

from core.foundation.access import PUBLIC
from core.operations import workspaces
from pages.entrance import closed, onlookers, sign_in, welcome
from pages.ui import menu, session, sidebar
from pages.ui.browser import one_run
from pages.ui.calls import arrive, at_hand
from pages.ui.frame import stylesheet
from pages.ui.navigation import navigation
from pages.ui.patience import patiently
from pages.ui.sidebar import seal
from pages.ui.text import language

st.set_page_config(page_title="PilotDesk · 服务试点台", page_icon=seal(), layout="wide")
with one_run() as run:
    st.html(stylesheet(language()))
    onlookers.look()
    run.waiting = st.empty()

    if (trouble := patiently(closed.reason, closed.PASSING)) is not None:
        navigation()
        closed.show(trouble)
        menu.show(PUBLIC, "")
        st.stop()
    if workspaces.active_kind() is None and workspaces.is_set_up("department"):
        workspaces.activate("department")
    if workspaces.active_kind() is None:
        navigation()
        welcome.show()
        menu.show(PUBLIC, "")
        st.stop()

    patiently(session.remember_from_cookie)
    # Drawn in every run: what comes and goes above a page would shift it, and the browser would reset tabs and fields.
    cookie, entrance = st.empty(), st.empty()
    member = patiently(session.member) or sign_in.show(entrance)
    page = navigation()
    arrive(page.url_path)
    session.settle_cookie(cookie)
    if member is None:
        menu.show(PUBLIC, "")
        st.stop()
    run.kind, run.member = workspaces.active_kind(), member
    at_hand(run)
    sidebar.show(member, page.url_path)
    if member.must_change_password:
        sign_in.change_one_time_password()
        st.stop()
    page.run()

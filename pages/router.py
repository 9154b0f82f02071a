"""The first script of every run: language, workspace, sign-in, menu; then the page."""

import streamlit as st

from core.operations import workspaces
from pages.entrance import sign_in, welcome
from pages.ui import session, sidebar
from pages.ui.calls import actor
from pages.ui.frame import HERE, stylesheet
from pages.ui.map import navigation
from pages.ui.text import language

st.set_page_config(page_title="PilotDesk · 服务试点台", page_icon=str(HERE / "seal.png"), layout="wide")
st.html(stylesheet(language()))

if workspaces.active_kind() is None and workspaces.is_set_up("department"):
    workspaces.activate("department")
if workspaces.active_kind() is None:
    navigation(actor())
    welcome.show()
    st.stop()

session.remember_from_cookie()
# Drawn in every run: what comes and goes above a page would shift it, and the browser would reset tabs and fields.
cookie, entrance = st.empty(), st.empty()
session.settle_cookie(cookie)
member = session.member() or sign_in.show(entrance)
page = navigation(actor())
if member is None:
    st.stop()
session.settle_cookie(cookie)
sidebar.show(member)
if member.must_change_password:
    sign_in.change_one_time_password(member)
    st.stop()
page.run()

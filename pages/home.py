"""Start: what to do next, by role."""

import streamlit as st

from pages.ui.frame import facts, open_page
from pages.ui.text import _

open_page("house.read", _("Start"), facts().department)
st.write(_("Welcome to PilotDesk"))

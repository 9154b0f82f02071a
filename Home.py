"""PilotDesk · 服务试点台: the application served by `streamlit run Home.py`."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from pages.patient.app import app as patient_phone
from pages.ui.incidents import on_script_error

app = st.App(
    "pages/router.py",
    routes=[Mount("/p", app=patient_phone)],
    middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
    on_script_error=on_script_error,
)

"""Streamlit's navigation: every page registered on every run, so that deep links live; the menu is our own."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import streamlit as st

from pages.ui.browser import address, language
from pages.ui.calls import actor
from pages.ui.menu_map import ENTRIES
from pages.ui.text import _


def navigation() -> Any:
    """The page this run is for, with every page of the map registered; what a person sees of them is the menu's."""
    pages = [copy(page) for page in _pages(language())]
    if unknown := _unknown():
        pages.append(st.Page(_nothing_here, title=_("This page does not exist"), url_path=unknown))
    return st.navigation(pages, position="hidden")


@cache
def _pages(language: str) -> list[Any]:
    """The pages with their titles in `language`, once per process: each resolves its path on the disk. A run gets
    copies, because Streamlit notes on the object itself which page may run."""
    return [
        st.Page(
            entry.path,
            title=_(entry.title),
            icon=f":material/{entry.icon}:",
            url_path=None if entry.default else entry.url,
            default=entry.default,
        )
        for entry in ENTRIES
    ]


def _unknown() -> str:
    """The address asked for, where the house has no page of that name; Streamlit would answer in its own words."""
    path = unquote(urlsplit(address()).path).strip("/")
    path = path.removeprefix(str(st.get_option("server.baseUrlPath") or "").strip("/")).strip("/")
    known = {entry.url for entry in ENTRIES if not entry.default}
    return "" if path in known or "/" in path else path


def _nothing_here() -> None:
    if actor().kind != "staff":
        st.stop()
    st.title(_("This page does not exist"))
    st.info(_("The address has no page here. Please check it, or go on from the start page."))
    st.page_link("home.py", label=_("Start"), icon=":material/home:")

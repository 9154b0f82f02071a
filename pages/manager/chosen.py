"""What a page of the manager is about, kept in the address: the package, and which part of it is open."""

from __future__ import annotations

import streamlit as st

from pages.ui.text import _

PACKAGE = "package"
PARTS = ("task", "message")


def chosen_package(titles: dict[int, str]) -> int:
    """Choose one of the packages (title by id): the address names it, else the one chosen last, else the first."""
    ids = list(titles)
    asked = st.query_params.get(PACKAGE, "")
    held = st.session_state.get(PACKAGE) or (int(asked) if asked.isdigit() else 0)
    package_id = held if held in ids else ids[0]
    key = f"pick_package_{package_id}"
    st.selectbox(
        _("Package"), ids, ids.index(package_id), key=key, format_func=titles.__getitem__,
        on_change=lambda: choose_package(st.session_state[key]),
    )  # fmt: skip
    return package_id


def choose_package(package_id: int) -> None:
    st.session_state[PACKAGE] = package_id
    st.query_params[PACKAGE] = str(package_id)
    for part in PARTS:
        st.query_params.pop(part, None)


def chosen_part(part: str, package_id: int) -> str:
    """The code of the open task or message (`part`); empty where none was chosen."""
    return str(st.session_state.get(f"{part}_{package_id}") or st.query_params.get(part, ""))


def choose_part(part: str, package_id: int, code: str) -> None:
    st.session_state[f"{part}_{package_id}"] = code
    st.query_params[part] = code

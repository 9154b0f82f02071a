"""A telephone number to be read, and to be dialled where the screen can."""

from __future__ import annotations

import streamlit as st

from pages.ui.text import _, html


def call_number(phone: str) -> None:
    """One button with the number on it."""
    dialled = "".join(mark for mark in phone if mark.isdigit() or mark == "+")
    st.html(
        f"<a class='pd-call' href='tel:{dialled}'>{html(_('Call {phone}', phone=_grouped(phone)))}</a>",
        width="content",
    )


def _grouped(phone: str) -> str:
    """A mobile number as people read it out: 138 0000 1234."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 and phone.isdigit() else phone

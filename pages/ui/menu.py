"""The menu at the side: our own over Streamlit's navigation, whose sections neither start folded nor fold by key.

It is drawn in the browser by menu.js, once; a run only tells it which page it is for. The same script gives the
page its language and Streamlit's own English names of buttons their words in the reader's language.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st

from core.dialogue.cases.queue import open_now
from core.foundation.access import Actor
from core.foundation.language import N_
from pages.ui.browser import language
from pages.ui.calls import ask
from pages.ui.menu_map import ENTRIES, SECTIONS, Entry
from pages.ui.text import _, _n

HERE = Path(__file__).resolve().parent
# A menu of so many entries fits any screen: nothing in it needs folding.
FITS = 8
# Beyond so many a count says enough by its plus.
MOST = 99
# What Streamlit says in English to people who hear or hover instead of see.
NAMES = (
    N_("Skip to main content"),
    N_("Sidebar"),
    N_("Collapse sidebar"),
    N_("Expand sidebar"),
    N_("Navigate to home page"),
    N_("Link to heading"),
    N_("Choose an option"),
    N_("Choose options"),
    N_("Selected values"),
    N_("Clear all"),
    N_("Clear value"),
    N_("Close"),
    N_("Choose date"),
    N_("Increment"),
    N_("Decrement"),
    N_("Show password"),
    N_("Hide password"),
    N_("Copy to clipboard"),
    N_("Copied"),
    N_("file upload"),
    N_("Add row"),
    N_("Search"),
    N_("Fullscreen"),
    N_("Close fullscreen"),
    N_("Download as CSV"),
    N_("Show/hide columns"),
    N_("Logo"),
)
BETTER = {"Open": N_("Show the choices")}  # where it says too little in English, too


@cache
def _component() -> object:
    script = (HERE / "menu.js").read_text(encoding="utf-8")
    return st.components.v2.component("pilotdesk_menu", js=script, isolate_styles=False)


def show(who: Actor, url: str) -> None:
    """Draw the menu of `who` at `url`, the address of the page this run is for. Somebody who is not signed in sees
    none, and hears the page's own language all the same."""
    role = who.role if who.kind == "staff" else ""
    waiting = ask(open_now) if role and who.may("reply.read") else 0
    _component()(key="menu", data=_told(language(), role, url, waiting))  # type: ignore[operator]


@lru_cache(maxsize=1000)
def _told(language: str, role: str, url: str, waiting: int = 0) -> bytes:
    """What menu.js is told, with how many replies are waited for; bytes, because Streamlit would write anything else out anew in every run."""
    names = {name: _(better) for name, better in (dict(zip(NAMES, NAMES, strict=True)) | BETTER).items()}
    here = next((entry for entry in ENTRIES if entry.address == url), None)
    told = {
        "language": {"zh": "zh-CN", "en": "en"}[language],
        "names": {name: better for name, better in names.items() if name != better},
        "label": _("Menu"),
        "sections": _sections(role),
        "here": (here.of or here.url) if here else "",
        "exact": bool(here and here.menu),
        "counts": {"replies": _count(waiting)} if waiting else {},
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _count(waiting: int) -> dict[str, str]:
    """As it is shown, and as it is heard."""
    shown = f"{MOST}+" if waiting > MOST else str(waiting)
    return {"shown": shown, "heard": _n("{n} waits", "{n} wait", waiting)}


def _sections(role: str) -> list[dict[str, object]]:
    """The sections with what the role may open: the first one open, the others folded where all would not fit."""
    who = Actor("staff", role=role)
    shown = [entry for entry in ENTRIES if role and entry.menu and who.may(entry.permission)]
    sections: list[dict[str, object]] = []
    for title in ("", *SECTIONS):
        entries = [_link(entry) for entry in shown if entry.section == title]
        if entries:
            is_open = len(sections) <= 1 or len(shown) <= FITS
            sections.append(
                {"key": title, "title": _(title) if title else "", "open": is_open, "entries": entries}
            )
    return sections


def _link(entry: Entry) -> dict[str, str]:
    return {"url": entry.url, "path": entry.address, "title": _(entry.title), "icon": entry.icon}

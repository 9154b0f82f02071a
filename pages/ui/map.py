"""Every Streamlit page of the house: where it lies, what it is called, who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.foundation.access import Actor
from core.foundation.language import N_
from pages.ui.text import _

WORK, THANKS, DESIGN, RESULTS, HOUSE = (
    N_("Work"),
    N_("Recognition"),
    N_("Service"),
    N_("Results"),
    N_("House"),
)


@dataclass(frozen=True)
class Entry:
    """A page; `menu` is false for pages reached from another page only."""

    path: str
    title: str
    url: str
    icon: str
    permission: str
    section: str
    menu: bool = True
    default: bool = False


ENTRIES = (
    Entry("home.py", N_("Start"), "start", "home", "house.read", "", default=True),
    Entry("staff/today.py", N_("Today"), "today", "today", "task.read", WORK),
    Entry("staff/patients.py", N_("Patients"), "patients", "groups", "patient.read", WORK),
    Entry("staff/patient/page.py", N_("Patient"), "patient", "person", "patient.read", WORK, menu=False),
    Entry("staff/enrol/page.py", N_("Offer and enrol"), "enrol", "how_to_reg", "enrolment.write", WORK),
    Entry("staff/messages/page.py", N_("Messages"), "messages", "sms", "message.write", WORK),
    Entry("staff/counter/page.py", N_("Points counter"), "counter", "redeem", "points.read", WORK),
    Entry("staff/albums/page.py", N_("Albums"), "albums", "photo_album", "album.write", WORK),
    Entry("staff/reading.py", N_("Read and sign"), "reading", "assignment_turned_in", "own.account", WORK),
    Entry("staff/thanks.py", N_("My thanks"), "thanks", "favorite", "praise.own", THANKS),
    Entry("staff/wall.py", N_("Story wall"), "wall", "auto_stories", "wall.read", THANKS),
    Entry(
        "manager/stories/page.py",
        N_("Stories to review"),
        "stories",
        "rate_review",
        "praise.moderate",
        THANKS,
    ),
    Entry("leader/dashboard/page.py", N_("Dashboard"), "dashboard", "monitoring", "dashboard.read", RESULTS),
    Entry(
        "manager/choice/page.py", N_("Choose the department"), "choice", "fact_check", "package.write", DESIGN
    ),
    Entry("manager/packages/page.py", N_("Packages"), "packages", "inventory_2", "package.write", DESIGN),
    Entry("manager/sop/page.py", N_("SOP and handbook"), "sop", "menu_book", "sop.approve", DESIGN),
    Entry("manager/roster.py", N_("Escalation roster"), "roster", "phone_in_talk", "settings.write", DESIGN),
    Entry("manager/going_live.py", N_("Go live"), "go_live", "rocket_launch", "package.write", DESIGN),
    Entry(
        "manager/imports/patients_page.py",
        N_("Import patients"),
        "import",
        "upload_file",
        "patient.import",
        DESIGN,
    ),
    Entry("manager/imports/baseline_page.py", N_("Baseline"), "baseline", "flag", "patient.import", DESIGN),
    Entry(
        "manager/posters/page.py",
        N_("Posters and price list"),
        "posters",
        "qr_code_2",
        "settings.write",
        DESIGN,
    ),
    Entry("manager/settings/page.py", N_("Settings"), "settings", "tune", "settings.write", HOUSE),
    Entry("manager/team.py", N_("Staff"), "team", "badge", "staff.write", HOUSE),
    Entry("manager/backups.py", N_("Backups"), "backups", "backup", "backup", HOUSE),
    Entry("manager/audit.py", N_("Audit trail"), "audit", "history", "audit.read", HOUSE),
    Entry("staff/account.py", N_("My account"), "account", "account_circle", "own.account", HOUSE),
)


def entry_of(url: str) -> Entry:
    """The page with this address; a KeyError is a bug of the caller, whose keys are written in code."""
    return {entry.url: entry for entry in ENTRIES}[url]


def navigation(who: Actor) -> Any:
    """st.navigation with every page registered, so that deep links live, and only the permitted ones shown."""
    sections: dict[str, list[Any]] = {}
    for entry in ENTRIES:
        shown = entry.menu and who.kind == "staff" and who.may(entry.permission)
        page = st.Page(
            entry.path,
            title=_(entry.title),
            icon=f":material/{entry.icon}:",
            url_path=None if entry.default else entry.url,
            default=entry.default,
            visibility="visible" if shown else "hidden",
        )
        sections.setdefault(_(entry.section) if entry.section else "", []).append(page)
    return st.navigation(sections, position="sidebar" if who.kind == "staff" else "hidden", expanded=True)

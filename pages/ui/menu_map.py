"""Every Streamlit page of the house: where it lies, what it is called, who may open it."""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.language import N_

DAILY, THANKS, SERVICE, RESULTS, SET_UP, HOUSE = SECTIONS = (
    N_("Daily work"),
    N_("Thanks and keepsakes"),
    N_("Service design"),
    N_("Results"),
    N_("Set-up"),
    N_("House"),
)


@dataclass(frozen=True)
class Entry:
    """A page. `section` is where the menu lists it ("": on top, without a heading); `of` is set for a page that is
    reached from another page only: the address of the menu's entry it belongs to."""

    path: str
    title: str
    url: str
    icon: str
    permission: str
    section: str
    of: str = ""
    default: bool = False

    @property
    def menu(self) -> bool:
        return not self.of

    @property
    def address(self) -> str:
        """Its path in the browser; the page that opens first has none."""
        return "" if self.default else self.url


# In the order of the menu: what a shift needs first, what is set up once later.
ENTRIES = (
    Entry("home.py", N_("Start"), "start", "home", "house.read", "", default=True),
    Entry("staff/today/page.py", N_("Today"), "today", "today", "task.read", DAILY),
    Entry("staff/replies/page.py", N_("Replies"), "replies", "forum", "reply.read", DAILY),
    Entry("staff/patients.py", N_("Patients"), "patients", "groups", "patient.read", DAILY),
    Entry("staff/patient/page.py", N_("Patient"), "patient", "person", "patient.read", DAILY, of="patients"),
    Entry("staff/enrol/page.py", N_("Offer and enrol"), "enrol", "how_to_reg", "enrolment.write", DAILY),
    Entry("staff/messages/page.py", N_("Messages"), "messages", "sms", "message.write", DAILY),
    Entry("staff/shift/page.py", N_("My shift"), "shift", "handshake", "reply.write", DAILY),
    Entry("staff/counter/page.py", N_("Points counter"), "counter", "redeem", "points.read", DAILY),
    Entry("staff/albums/page.py", N_("Albums"), "albums", "photo_album", "album.write", THANKS),
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
    Entry(
        "manager/choice/page.py",
        N_("Choose the department"),
        "choice",
        "fact_check",
        "package.write",
        SERVICE,
    ),
    Entry("manager/packages/page.py", N_("Packages"), "packages", "inventory_2", "package.write", SERVICE),
    Entry("manager/sop/page.py", N_("SOP and handbook"), "sop", "menu_book", "sop.approve", SERVICE),
    Entry("leader/dashboard/page.py", N_("Dashboard"), "dashboard", "monitoring", "dashboard.read", RESULTS),
    Entry(
        "leader/supervision/page.py", N_("Supervision"), "supervision", "policy", "supervision.read", RESULTS
    ),
    Entry("manager/imports/baseline_page.py", N_("Baseline"), "baseline", "flag", "patient.import", RESULTS),
    Entry("manager/settings/page.py", N_("Settings"), "settings", "tune", "settings.write", SET_UP),
    Entry(
        "manager/imports/patients_page.py",
        N_("Import patients"),
        "import",
        "upload_file",
        "patient.import",
        SET_UP,
    ),
    Entry(
        "manager/roster/page.py", N_("Escalation roster"), "roster", "phone_in_talk", "settings.write", SET_UP
    ),
    Entry(
        "manager/posters/page.py",
        N_("Posters and price list"),
        "posters",
        "qr_code_2",
        "settings.write",
        SET_UP,
    ),
    Entry("manager/going_live.py", N_("Go live"), "go_live", "rocket_launch", "package.write", SET_UP),
    Entry("staff/reading.py", N_("Read and sign"), "reading", "assignment_turned_in", "own.account", HOUSE),
    Entry("manager/team/page.py", N_("Staff"), "team", "badge", "staff.write", HOUSE),
    Entry("manager/backups/page.py", N_("Backups"), "backups", "backup", "backup", HOUSE),
    Entry("manager/audit.py", N_("Audit trail"), "audit", "history", "audit.read", HOUSE),
    Entry("staff/account.py", N_("My account"), "account", "account_circle", "own.account", HOUSE),
)


def entry_of(url: str) -> Entry:
    """The page with this address; a KeyError is a bug of the caller, whose keys are written in code."""
    return {entry.url: entry for entry in ENTRIES}[url]

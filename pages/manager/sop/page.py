"""SOP and handbook: what is in force, the next version, review by a second person, who has signed, what is printed."""

import streamlit as st

from core.sops import approval
from core.sops.shelf import SopLine, overview, versions, working
from core.sops.states import GRACE_DAYS, SopVersion
from pages.manager.chosen import chosen_package
from pages.manager.sop.next import write
from pages.manager.sop.prints import history, prints
from pages.manager.sop.review import current, review, signed
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.sections import tabs
from pages.ui.sop_view import show_escalation, show_rest, show_steps
from pages.ui.text import _, day, full_day, language, unmarked

REVIEWS = {
    "soon": lambda line: _("The review is due on {day}.", day=day(line.review_on)),
    "overdue": lambda line: _(
        "The review was due on {day}. New sales pause {n} days after it.",
        day=day(line.review_on),
        n=GRACE_DAYS,
    ),
}


def state_of(line: SopLine) -> str:
    parts = [_("version {number} in force", number=line.number) if line.number else _("no version in force")]
    if line.working == "in_review":
        parts.append(_("one version in review"))
    elif line.working == "draft":
        parts.append(_("one draft"))
    return " · ".join(parts)


def at_a_glance(line: SopLine) -> None:
    """Version, review date, signatures; then whatever needs somebody's attention."""
    version, review, signed = st.columns(3)
    version.metric(_("In force"), _("Version {number}", number=line.number) if line.number else "–")
    review.metric(_("Review by"), full_day(line.review_on) or "–")
    signed.metric(_("Read and signed"), f"{line.signed} / {line.readers}" if line.readers else "–")
    block = ask(approval.sales_blocked, package_id=line.package_id)
    if block:
        st.error(unmarked(block.text(language())), icon=":material/event_busy:")
    elif line.review in REVIEWS:
        st.warning(REVIEWS[line.review](line), icon=":material/event:")
    if line.changed and not line.working:
        st.info(
            _(
                "The package draft says something else than the SOP in force. Hand in a new version when it is ready."
            ),
            icon=":material/difference:",
        )


who = open_page(
    "sop.approve",
    _("SOP and handbook"),
    _("How the service is delivered: written once, approved by a second person, read and signed, printed."),
)
lines = {line.package_id: line for line in ask(overview)}
if not lines:
    empty_state(
        _("No package yet. The SOP is part of a package: take one first."),
        "manager/packages/page.py",
        _("Packages"),
    )
    st.stop()
package_id = chosen_package({i: f"{line.title} · {state_of(line)}" for i, line in lines.items()})
at_a_glance(lines[package_id])
writes = who.may("package.write")


def held() -> list[SopVersion]:
    """All versions with their texts; asked by the tabs that show one."""
    found: list[SopVersion] = ask(versions, package_id=package_id)
    return found


def as_it_stands() -> None:
    now_in_force = current(held())
    text = now_in_force.text if now_in_force else ask(working, package_id=package_id).preview
    if now_in_force is None:
        st.caption(_("No version is in force. This is what the package says today."))
    show_escalation(text)
    show_steps(text.steps)
    show_rest(text)


def signatures() -> None:
    found = held()
    signed(current(found) or next((v for v in found if v.standing == "scheduled"), None))


parts = {
    "review": (_("Review"), lambda: review(held(), who.id)),
    "signatures": (_("Signatures"), signatures),
    "print": (_("Print"), lambda: prints(held())),
    "versions": (_("All versions"), lambda: history(held())),
    "text": (_("Text as it stands"), as_it_stands),
}
if writes:
    parts = {"next": (_("Next version"), lambda: write(ask(working, package_id=package_id)))} | parts
tabs(parts, "sop_tab")

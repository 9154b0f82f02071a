"""SOP and handbook: what is in force, the next version, review by a second person, who has signed, what is printed."""

import streamlit as st

from core.sops import approval
from core.sops.shelf import SopLine, overview, versions, working
from core.sops.states import GRACE_DAYS
from pages.manager.sop.next import write
from pages.manager.sop.prints import history, prints
from pages.manager.sop.review import current, review, signed
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.sop_view import show_escalation, show_rest, show_steps
from pages.ui.text import _, day, full_day, language

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
        st.error(block.text(language()), icon=":material/event_busy:")
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
ids = list(lines)
chosen = st.session_state.get("package", ids[0])
package_id = st.selectbox(
    _("Package"),
    ids,
    index=ids.index(chosen) if chosen in ids else 0,
    format_func=lambda i: f"{lines[i].title} · {state_of(lines[i])}",
)
st.session_state["package"] = package_id
held_versions = ask(versions, package_id=package_id)
at_a_glance(lines[package_id])
draft = ask(working, package_id=package_id)
writes = who.may("package.write")


def as_it_stands() -> None:
    now_in_force = current(held_versions)
    text = now_in_force.text if now_in_force else draft.preview
    if now_in_force is None:
        st.caption(_("No version is in force. This is what the package says today."))
    show_escalation(text)
    show_steps(text.steps)
    show_rest(text)


def signatures() -> None:
    signed(current(held_versions) or next((v for v in held_versions if v.standing == "scheduled"), None))


parts = {
    _("Review"): lambda: review(held_versions, who.id),
    _("Signatures"): signatures,
    _("Print"): lambda: prints(held_versions),
    _("All versions"): lambda: history(held_versions),
    _("Text as it stands"): as_it_stands,
}
if writes:
    parts = {_("Next version"): lambda: write(lines[package_id], draft)} | parts
for place, (name, draw) in zip(
    st.tabs(list(parts), on_change="rerun", key="sop_tab"), parts.items(), strict=True
):
    # Only what is looked at is drawn; what is being written stays drawn, or what was typed would be gone.
    if place.open or name == _("Next version"):
        with place:
            draw()

"""Go live: the list computed from facts, and the one button that begins the sale."""

import streamlit as st

from core.care.sale.going_live import go_live
from core.care.sale.readiness import Readiness, readiness
from core.packages.shelf import PackageLine, overview
from pages.manager.chosen import chosen_package
from pages.manager.voice_trial import voice_trial
from pages.manager.web_address import address_wanted
from pages.ui.calls import ask, do, say
from pages.ui.frame import empty_state, open_page
from pages.ui.readiness import point_line
from pages.ui.text import _, _n, full_day, unmarked


def standing(found: Readiness) -> None:
    """One sentence: on sale since when, ready, or how much is open."""
    if found.live_since:
        st.success(
            _(
                "On sale since {day}. The list below shows how things stand today.",
                day=full_day(found.live_since),
            ),
            icon=":material/check_circle:",
        )
    elif found.open:
        n = len(found.open)
        st.info(
            _n(
                "{n} point is open. Nothing here is ticked by hand: mend it, and it is met.",
                "{n} points are open. Nothing here is ticked by hand: mend them, and they are met.",
                n,
            ),
            icon=":material/checklist:",
        )
    else:
        st.success(_("Everything is ready."), icon=":material/check_circle:")


def begin(line: PackageLine, found: Readiness) -> None:
    """The button, which asks once."""
    if found.live_since:
        return
    label = _("Take “{name}” live", name=unmarked(line.name))
    if not found.can_go_live:
        st.button(label, type="primary", disabled=True, icon=":material/rocket_launch:")
        return
    with st.popover(label, type="primary", icon=":material/rocket_launch:"):
        st.markdown(
            _(
                "From now on patients can be enrolled. Going live is not taken back: to stop, take the package off the shelf."
            )
        )
        if st.button(_("Yes, begin today"), key="go_live", type="primary") and do(
            go_live, f"live_{line.package_id}", package_id=line.package_id
        ):
            say(_("“{name}” is on sale from today.", name=unmarked(line.name)))
            st.rerun()


open_page(
    "package.write",
    _("Go live"),
    _("Before the first patient buys: what is in place, what is not, and where it is mended."),
)
lines = {line.package_id: line for line in ask(overview)}
if not lines:
    empty_state(
        _("No package yet. Take one from its template first."), "manager/packages/page.py", _("Packages")
    )
    st.stop()
package_id = chosen_package({i: line.name for i, line in lines.items()})
found = ask(readiness, package_id=package_id)
standing(found)
must = [point for point in found.points if point.safety]
rest = [point for point in found.points if not point.safety]
st.subheader(_("Patient safety: all must be met"))
for each in must:
    point_line(each, package_id, bool(found.live_since))
voice_trial()
st.subheader(_("Other points: can wait, with a reason"))
for each in rest:
    point_line(each, package_id, bool(found.live_since))
if any(point.code == "address" and point.state == "open" for point in found.points):
    address_wanted()
begin(lines[package_id], found)

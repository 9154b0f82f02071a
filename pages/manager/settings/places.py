"""The department's places as forms."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.department import places
from core.packages.facts.unconfirmed import Unconfirmed, unconfirmed_places
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.sections import fold
from pages.ui.text import _, unmarked


def location_form(place: places.Location | None, known: int = 0, named_by: str = "") -> None:
    """One place, or a new one beside the `known` ones; `named_by` is a package that sends patients to it out of use."""
    if named_by:
        st.caption(
            _(
                "“{package}” sends patients here. While it is not in use they are told to ask at the front desk.",
                package=unmarked(named_by),
            )
        )
    # A new key after each success empties the form for the next place; a refusal, or a server that was away for a
    # moment, keeps what was typed.
    form = Form(f"place_{place.id}" if place else "")
    with st.form(f"location_{place.id if place else f'new_{known}'}"):
        left, right = st.columns(2)
        values = {
            "name": form.kept("name", left.text_input, _("Name"), place.name if place else ""),
            "floor": form.kept("floor", right.text_input, _("Building and floor"), place.floor if place else ""),
            "route": form.kept(
                "route", st.text_input, _("Way to get there"), place.route if place else "",
                placeholder=_("for example: lift B to the 3rd floor, then left"),
            ),
            "wait_minutes": form.kept(
                "wait_minutes", left.number_input, _("Usual waiting time in minutes"),
                place.wait_minutes if place else None, min_value=0, max_value=600,
            ),
        }  # fmt: skip
        if place:
            values["active"] = form.kept("active", right.checkbox, _("In use"), place.active)
        sent = st.form_submit_button(_("Save") if place else _("Add this location"), type="primary")
    if not sent:
        return
    if (
        do(places.change_location, place=form, location_id=place.id, **values)
        if place
        else do(places.add_location, "location", place=form, **values)
    ):
        say(_("Saved."))
        st.rerun()


def confirm_place(one: Unconfirmed) -> None:
    """A place that a package names, to be confirmed or put right once; used everywhere from then on."""
    fold(
        _("Not confirmed: {place}", place=unmarked(one.name) or _("no place yet")), f"confirm_{one.code}",
        partial(_confirm, one), icon=":material/wrong_location:", expanded=False,
    )  # fmt: skip


def _confirm(one: Unconfirmed) -> None:
    st.caption(
        _(
            "Patients are told to ask at the front desk until somebody confirms it. What stands here came with the template; please put it right."
        )
    )
    form = Form(f"confirm_{one.code}", adds=True)
    with st.form(f"confirm_{one.code}", border=False):
        values = {
            "name": form.kept("name", st.text_input, _("Name"), one.name),
            "floor": st.text_input(_("Building and floor")),
            "route": st.text_area(_("Way to get there"), one.route, height="content", max_chars=300),
        }
        sent = st.form_submit_button(_("Confirm this place"), type="primary")
    if sent and do(places.add_location, f"confirm_{one.code}", place=form, code=one.code, **values):
        say(_("Confirmed. Patients read it from now on."))
        st.rerun()


def show_locations() -> None:
    missing = ask(unconfirmed_places)
    for one in missing:
        if not one.unused:
            confirm_place(one)
    unused = {one.code: one.package for one in missing if one.unused}
    known = ask(places.locations)
    if not known:
        empty_state(_("No location yet. Add the nurse station first: its QR poster opens the praise page."))
    for place in known:
        mark = "" if place.active else f" · {_('not in use')}"
        fold(
            f"{unmarked(place.name)} · {unmarked(place.floor)}{mark}",
            f"place_{place.id}",
            partial(location_form, place, named_by=unused.get(place.code, "")),
            icon=":material/wrong_location:" if place.code in unused else None,
        )
    fold(
        _("Add a location"), "place_new", partial(location_form, None, len(known)), icon=":material/add_location:",
        expanded=not known,
    )  # fmt: skip

"""The go-live list on a page: what is so, where it is mended, what was set aside and why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.care.sale.going_live import Gate, override, withdraw_override
from core.care.sale.readiness import Point
from core.foundation import reasons
from pages.ui.calls import actor, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.menu_map import entry_of
from pages.ui.sections import fold
from pages.ui.text import _, _n, language, moment, unmarked

STATES = {
    "met": (":material/check_circle:", "green"),
    "open": (":material/radio_button_unchecked:", "orange"),
    "overridden": (":material/front_hand:", "violet"),
    "told": (":material/info:", "gray"),
}


def state_name(state: str) -> str:
    return {"met": _("met"), "open": _("open"), "overridden": _("set aside"), "told": _("for information")}[
        state
    ]


def point_line(point: Point, package_id: int, live: bool) -> None:
    """One point with its fact, the way to where it is mended and, before going live, the way around it."""
    shown = "told" if point.informs and point.state == "open" else point.state
    icon, colour = STATES[shown]
    with st.container(border=True, key=f"point_{point.code}"):
        alone = point.state == "met" or (live and not actor().may(entry_of(point.where).permission))
        words, act = (st, st) if alone else st.columns([4, 1.5], vertical_alignment="center")
        words.markdown(f"{icon} **{_(point.title)}** :{colour}-badge[{state_name(shown)}]  \n"
                       f"{unmarked(point.fact.text(language()))}")  # fmt: skip
        if point.override:
            words.caption(
                _(
                    "{by}, {when}: “{reason}”",
                    by=unmarked(point.override.by),
                    when=moment(point.override.at, the_house().zone),
                    reason=unmarked(point.override.reason),
                )
            )
        if point.state != "met":
            way_to(act, point)
        if live:
            return
        if point.state == "open" and not point.safety:
            set_aside(act, point, package_id)
        elif point.state == "overridden":
            count_again(act, point, package_id)


def set_aside(place: Any, point: Point, package_id: int) -> None:
    """The form that sets one point aside, behind a small button."""

    def reasoned() -> None:
        form = Form()
        with st.form(f"aside_{point.code}", border=False):
            reason = form.field(
                "reason",
                st.text_area,
                _("Why it can wait, and until when"),
                max_chars=reasons.LONGEST_NOTE,
                help=_("Your name and this sentence go into the audit trail."),
            )
            sent = st.form_submit_button(_("Set aside"))
            if sent and do(
                override,
                f"aside_{point.code}",
                place=form,
                package_id=package_id,
                point=point.code,
                reason=reason,
            ):
                say(_("“{point}” is set aside.", point=_(point.title)))
                st.rerun()

    fold(_("Go on without it"), f"aside_{point.code}_fold", reasoned, kind=place.popover, width="stretch")


def count_again(place: Any, point: Point, package_id: int) -> None:
    """Takes the exception back."""
    pressed = place.button(_("Let it count again"), key=f"restore_{point.code}", width="stretch")
    if pressed and do(withdraw_override, package_id=package_id, point=point.code):
        say(_("“{point}” counts again.", point=_(point.title)))
        st.rerun()


def way_to(place: Any, point: Point) -> None:
    """A link to the page that mends a point, for those who may open it."""
    entry = entry_of(point.where)
    if actor().may(entry.permission):
        place.page_link(entry.path, label=_(entry.title), icon=":material/arrow_forward:")


def not_selling(name: str, gate: Gate) -> None:
    """Why a package cannot be sold today: the list with its links for the manager, one sentence for others."""
    if gate.live_since is not None:
        if gate.block:
            st.info(unmarked(f"“{name}” · {gate.block.text(language())}"), icon=":material/event_busy:")
        return
    manages = actor().may("package.write")
    with st.container(border=True):
        if gate.open:
            sentence = _n(
                "“{name}” is not on sale yet: the manager has {n} point open.",
                "“{name}” is not on sale yet: the manager has {n} points open.",
                len(gate.open),
                name=unmarked(name),
            )
        else:
            sentence = _(
                "“{package}” is not on sale yet. Everything is ready: the manager takes it live.",
                package=unmarked(name),
            )
        st.markdown(sentence)
        if manages:
            for point in gate.open:
                words, go = st.columns([3, 1.3], vertical_alignment="center")
                words.markdown(f"**{_(point.title)}** · {unmarked(point.fact.text(language()))}")
                way_to(go, point)
            st.page_link("manager/going_live.py", label=_("Go live"), icon=":material/rocket_launch:")

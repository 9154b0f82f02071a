"""My shift: take it, hand it over with what is open, confirm what a colleague hands over."""

import streamlit as st

from core.dialogue.duty.duty import ROLE_NAMES, now_on_duty
from core.dialogue.duty.shift_list import my_shifts, roster_line, to_confirm
from core.dialogue.duty.shifts import take_shift
from pages.staff.shift.cards import cards, confirm
from pages.ui.calls import actor, ask, do, say
from pages.ui.frame import empty_state, open_page, the_house
from pages.ui.inputs import today
from pages.ui.sections import fold
from pages.ui.shifts import until
from pages.ui.text import _, _n, unmarked

SHOWN = 6

open_page("reply.write", _("My shift"), _("Take your shift, and hand it over with what is open."))
house_zone = the_house().zone
for one in ask(now_on_duty):
    st.caption(
        _(
            "{role} now: {name}, {phone}, until {time}",
            role=_(ROLE_NAMES[one.role]), name=unmarked(one.name), phone=unmarked(one.phone), time=until(one.ends_at, house_zone),
        )
    )  # fmt: skip
handed = ask(to_confirm)
coming = {each.span_id for each in handed}
for each in handed:
    confirm(each)
if ask(roster_line):
    with st.container(border=True, key="shift_roster"):
        st.markdown(_("By the roster you answer as the doctor today."))
        if st.button(_("I take the shift"), key="take_day", type="primary") and do(
            take_shift, "take_day", day=today()
        ):
            say(_("The shift is yours. You are told when something waits."))
            st.rerun()
now = ask(lambda look: look.now)
mine = [one for one in ask(my_shifts) if one.span_id not in coming]
shifts, over = [one for one in mine if one.ends_at > now], [one for one in mine if one.ends_at <= now]
if not shifts:
    empty_state(
        _("No shift of yours is planned in the next two weeks. Whoever keeps the roster plans them."),
        *(("manager/roster/page.py", _("Escalation roster")) if actor().may("settings.write") else ()),
    )
cards(shifts[:SHOWN])
if len(shifts) > SHOWN:
    st.caption(_n("and {n} later shift", "and {n} later shifts", len(shifts) - SHOWN))
if over:
    fold(
        _("Just over ({n})", n=len(over)), "shift_over", lambda: cards(over),
        icon=":material/history:",
    )  # fmt: skip

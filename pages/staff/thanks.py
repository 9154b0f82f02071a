"""My thanks: what patients wrote to me and to the whole team, and the tips they say they sent."""

import streamlit as st

from core.recognition import tips
from pages.staff.paging import page
from pages.ui.calls import ask, do, say
from pages.ui.frame import empty_state, open_page
from pages.ui.text import _, day, html, money, unmarked

open_page(
    "praise.own",
    _("My thanks"),
    _("Your own praise stands here for you alone; what was written to the whole team, everybody sees."),
)
if not ask(tips.own_praise, limit=1):
    empty_state(
        _("Nothing yet. Patients reach your page through the QR poster with your name or of your station.")
    )
for praise in page("own_praise", lambda most: ask(tips.own_praise, limit=most)):
    with st.container(border=True):
        text = html(praise.text)
        st.markdown(f"<div class='pd-quote'>{text}</div>", unsafe_allow_html=True)
        st.caption(unmarked(" · ".join(part for part in (praise.place, day(praise.day)) if part)))
        if praise.tip_state == "declared":
            st.write(
                _("The patient says a tip of {amount} is on its way to you.", amount=money(praise.tip_fen))
            )
            yes, no = st.columns(2)
            number = praise.recognition_id
            if yes.button(_("I received it"), key=f"yes_{number}", type="primary") and do(
                tips.confirm_tip, recognition_id=number
            ):
                say(_("Confirmed."))
                st.rerun()
            if no.button(_("It did not arrive"), key=f"no_{number}") and do(
                tips.tip_not_received, recognition_id=number
            ):
                say(_("Noted. Nothing is shown to the patient."))
                st.rerun()
        elif praise.tip_state == "confirmed":
            st.write(_("Tip of {amount} received.", amount=money(praise.tip_fen)))

if ask(tips.team_praise, limit=1):
    st.subheader(_("For the whole team"))
    st.caption(_("Written to a place without a name: everybody who works here reads it."))
for praise in page("team_praise", lambda most: ask(tips.team_praise, limit=most)):
    with st.container(border=True):
        st.markdown(f"<div class='pd-quote'>{html(praise.text)}</div>", unsafe_allow_html=True)
        st.caption(unmarked(" · ".join(part for part in (praise.place, day(praise.day)) if part)))

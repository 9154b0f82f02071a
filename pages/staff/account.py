"""My account: my password, and the payment code a patient sees who chose to tip."""

import streamlit as st

from core.department.switches import switches
from core.foundation.access import ROLE_NAMES
from core.foundation.images import clean_image
from core.people import staff
from pages.entrance.sign_in import password_form
from pages.ui import session
from pages.ui.calls import ask, desk, do, prepared, say
from pages.ui.form import Form
from pages.ui.frame import open_page
from pages.ui.text import _, unmarked

open_page("own.account", _("My account"))
me = session.member()
assert me is not None
st.markdown(
    f"**{unmarked(me.name)}** · {_(ROLE_NAMES[me.role])} · "
    + unmarked(_("{field}: {sentence}", field=_("User name"), sentence=me.username))
)

st.subheader(_("Password"))
password_form()

tips = next(s for s in ask(switches) if s.feature.code == "money_tips")
if tips.works and me.role in ("nurse", "doctor", "front_desk", "manager"):
    st.subheader(_("My payment code"))
    st.caption(
        _(
            "A patient who chose to tip sees this picture. The money goes straight to you; the hospital takes nothing."
        )
    )
    if me.payment_code_key:
        st.image(desk().media.read(me.payment_code_key), alt=_("My payment code"), width=220)
        if st.button(_("Remove the picture")) and do(staff.set_payment_code, picture=None):
            say(_("The picture is removed."))
            st.rerun()
    form = Form()
    with st.form(f"payment_code_{me.payment_code_key}"):
        picture = form.field(
            "picture",
            st.file_uploader,
            _("Choose a picture (JPEG or PNG)"),
            type=["png", "jpg", "jpeg", "webp"],
        )
        sent = st.form_submit_button(_("Keep this picture"), type="primary")
    clean = prepared(lambda: clean_image(picture.getvalue()), form) if sent and picture else None
    if clean and do(staff.set_payment_code, place=form, picture=clean):
        say(_("Your payment code is kept."))
        st.rerun()

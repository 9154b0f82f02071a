"""Which address phones reach: asked once, by one tap where a manager opened PilotDesk by it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.department.web_address import confirm_web_address, host_of, is_ours, public_address
from core.foundation.settings import settings
from pages.ui.address import NOWHERE, seen_address
from pages.ui.calls import do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.sections import fold
from pages.ui.text import _, unmarked


def address_part() -> None:
    """In Settings: what counts, the address at hand, and a field for another."""
    st.subheader(_("Address for phones"))
    known = public_address(the_house())
    if settings().public_url:
        text = _(
            "Links and printed codes carry {address}, as this machine was told (PILOTDESK_PUBLIC_URL).",
            address=known,
        )
        st.write(unmarked(text))
        return
    if known:
        st.write(unmarked(_("Links and printed codes carry {address}.", address=known)))
        st.caption(
            _(
                "Under another name than this one nobody gets in, except on this computer and by the network's private addresses."
            )
        )
    else:
        st.write(_("Nobody has confirmed yet by which address phones reach this department."))
    _offer(known)
    fold(_("Another address"), "web_address_fold", _another)


def address_wanted() -> None:
    """Where codes are about to be printed: the question, while no address is pinned or confirmed."""
    if public_address(the_house()):
        return
    with st.container(border=True, key="address_wanted"):
        if not _offer(""):
            st.write(
                _(
                    "Printed codes need the address by which phones reach this department, and nobody has confirmed it yet. This "
                    "page was opened on the computer itself, by an address that no phone can open."
                )
            )
            st.page_link("manager/settings/page.py", label=_("Settings"), icon=":material/arrow_forward:")


def _offer(known: str) -> bool:
    """The address that this page was opened by, with one button; false where it is no use to a phone or counts already."""
    seen = seen_address()
    if not seen or seen == known or urlsplit(seen).hostname in ("localhost", "127.0.0.1", "::1"):
        return False
    question = _("This page was opened as {address}. Use it for links and printed codes?", address=seen)
    st.write(unmarked(question))
    if closes(known, seen):
        st.caption(_("What was printed with the former name then opens nothing: print it again."))
    if st.button(_("Use this address"), key="use_seen", type="primary", icon=":material/link:"):
        _confirm(seen, "use_seen")
    return True


def closes(former: str, new: str) -> bool:
    """Whether the name of the former address opens nothing any more once the new one is confirmed."""
    name, after = (host_of(urlsplit(one).netloc) for one in (former, new))
    return bool(former) and not is_ours(name, frozenset({after}))


def _another() -> None:
    form = Form()
    typed = form.field(
        "web_address",
        st.text_input,
        _("The address that phones reach"),
        key="web_address",
        placeholder=NOWHERE.replace("localhost", "192.168.1.20"),
        help=_("As in a browser's bar, best with HTTPS. Empty: none is confirmed any more."),
    )
    if st.button(_("Use this address"), key="use_typed"):
        _confirm(typed, "use_typed", form)


def _confirm(web_address: str, key: str, form: Form | None = None) -> None:
    done = do(confirm_web_address, key, place=form, web_address=web_address)
    if done:
        text = _("Links and printed codes carry {address}.", address=done.value)
        say(unmarked(text) if done.value else _("No address is confirmed any more."))
        st.rerun()

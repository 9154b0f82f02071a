"""Read and sign: the SOP versions that wait for me, my role's steps first; what I have signed before."""

import streamlit as st

from core.foundation.access import Actor
from core.sops.readings import my_signatures, readable, waiting_for_me
from core.sops.states import STANDINGS, SopVersion
from pages.staff.signing import signature
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page, the_house, wrapped
from pages.ui.paper import show_pdf
from pages.ui.sop_papers import handbook_of, print_language
from pages.ui.sop_view import show_escalation, show_rest, show_steps
from pages.ui.text import _, _n, full_day, html, moment, unmarked


def read(version: SopVersion, who: Actor) -> None:
    """What is new, what to do in an emergency, my steps, the other steps, then the signature."""
    document = version.text
    st.subheader(f"{unmarked(document.title)} · {_('Version {number}', number=version.number)}")
    st.caption(_("in force from {day}", day=full_day(version.effective_on)))
    entry = document.change_log[-1]
    st.markdown(
        f"**{_('What changed')}**<div class='pd-quote'>{html(entry.what)}<br>{_('Why: {why}', why=html(entry.why))}</div>",
        unsafe_allow_html=True,
    )
    show_escalation(document)
    mine = document.steps_of(who.role)
    if mine:
        st.markdown(f"#### {_n('{n} step of my role', '{n} steps of my role', len(mine))}")
        show_steps(mine)
    others = [step for step in document.steps if step not in mine]
    if others:
        with st.expander(_n("{n} step of other roles", "{n} steps of other roles", len(others))):
            show_steps(others)
    with st.expander(_("About the service, training, indicators")):
        show_rest(document)


def signed_before() -> None:
    past = ask(my_signatures)
    if not past:
        st.caption(_("You have not signed a version yet."))
        return
    zone = the_house().zone
    rows = [
        {
            _("SOP"): each.title,
            _("Version"): str(each.number),
            _("State"): _(STANDINGS[each.standing]),
            _("Signed"): moment(each.at, zone),
            _("Right answers"): f"{each.score} / {each.questions}" if each.questions else "–",
        }
        for each in past
    ]
    wrapped(rows, "pd-free")
    names = {each.version_id: f"{each.title} · {_('Version {number}', number=each.number)}" for each in past}
    chosen = st.selectbox(
        _("Read again"),
        list(names),
        format_func=names.__getitem__,
        index=None,
        placeholder=_("Choose from the list"),
    )
    if chosen is None:
        return
    version = ask(readable, version_id=chosen)
    language = print_language("reading_language", version.text.language)
    if st.button(_("Lay out the pages"), icon=":material/menu_book:"):
        name = f"{version.text.code}_v{version.number}_{language}.pdf"
        with st.spinner(_("Laying out the pages …")):
            show_pdf(handbook_of(version, version.text, language), name, columns=2)


who = open_page(
    "own.account", _("Read and sign"), _("Each new version of an SOP you work by: read it, sign it, done.")
)
waiting = ask(waiting_for_me)
if not waiting:
    empty_state(_("Nothing is waiting for your signature."))
elif len(waiting) > 1:
    titles = {each.id: f"{each.text.title} · {_('Version {number}', number=each.number)}" for each in waiting}
    first = st.segmented_control(
        _n("{n} version to read", "{n} versions to read", len(waiting)),
        list(titles),
        format_func=titles.__getitem__,
        default=waiting[0].id,
    )
    waiting = [each for each in waiting if each.id == (first or waiting[0].id)]
if waiting:
    read(waiting[0], who)
    signature(waiting[0])
st.subheader(_("What I have signed"))
signed_before()

"""One case: who she is, why it is there, what was said, and beside it what can be done."""

from __future__ import annotations

import streamlit as st

from core.dialogue.cases.cases import DECISION_NAMES, TakenByAnother, release, reopen, take
from core.dialogue.cases.queue import Waiting, waiting
from core.foundation.writing.telephones import dialled
from pages.staff.replies.acting import close_it, decide_it, telephone
from pages.staff.replies.answering import by_text, by_voice
from pages.staff.replies.listing import asked
from pages.staff.replies.thread import thread
from pages.staff.replies.watching import Present, watch_case
from pages.staff.replies.words import day_of_course, kind_of, time_left
from pages.staff.used_words import used_by
from pages.ui.calls import actor, ask, do, say
from pages.ui.frame import the_house
from pages.ui.rows import close as to_list
from pages.ui.rows import open_here, open_patient
from pages.ui.sections import fold, shut
from pages.ui.text import _, clock, day, html, refusal, unmarked


def show_case(row: Waiting, seen: Present) -> None:
    """The case in the place of the list. What was typed is drawn in every run, so that nothing of it is lost; an act
    that was done asks for one more run at the very end."""
    zone = the_house().zone
    with st.container(horizontal=True, gap="small"):
        if st.button(_("All replies"), key="replies_close", icon=":material/arrow_back:"):
            to_list("case", "replies")
        _following(row, seen)
    with st.container(key="opened"):
        st.subheader(unmarked(f"{row.patient_name} · {kind_of(row)}"), anchor=False)
    with st.container(key="reply_strip"):
        watch_case(row, seen, zone)
        _who(row)
    left, right = st.columns(2, gap="medium")
    with left:
        _why(row)
        thread(row, zone)
    with right:
        _acts(row)
    if st.session_state.pop("replies_again", False):
        st.rerun()


def _following(row: Waiting, seen: Present) -> None:
    """The way to the next case, by the promised minute."""
    others = [one for one in ask(waiting, **asked(), limit=2) if one.case_id != row.case_id] or [
        one for one in ask(waiting, limit=2) if one.case_id != row.case_id
    ]
    if not others:
        return
    left = time_left(others[0], seen.now, the_house().zone).word
    label = _("Next case: {name} · {left}", name=unmarked(others[0].patient_name), left=left)
    ready = row.state != "open"
    if st.button(
        label, key="replies_next", icon=":material/arrow_forward:", type="primary" if ready else "secondary"
    ):
        st.query_params["case"] = str(others[0].case_id)
        st.rerun()


def _who(row: Waiting) -> None:
    """Package, day, own nurse, number to dial; the way to her file."""
    facts = [row.package, day_of_course(row), _("own nurse: {name}", name=row.own_nurse or _("nobody"))]
    facts.append(_("code {code}", code=row.code))
    number = dialled(row.phone)
    call = (
        f"<a class='pd-dial' href='tel:{number}'>{html(_('Call {phone}', phone=row.phone))}</a>"
        if number
        else html(_("no number on file"))
    )
    quiet = (
        f"<p class='pd-hush'>◆ {html(_('Quiet care: please speak with her personally.'))}</p>"
        if row.quiet
        else ""
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f"<p class='pd-facts'>{html(' · '.join(part for part in facts if part))}</p>{quiet}")
        st.html(call, width="content")
        if st.button(_("Her file"), key=f"file_{row.case_id}", icon=":material/person:"):
            open_patient(row.patient_id)


def _why(row: Waiting) -> None:
    if row.why:
        lines = "".join(f"<li>{html(one)}</li>" for one in row.why)
        st.html(f"<ul class='pd-why' aria-label='{html(_('Why it is here'))}'>{lines}</ul>")
    if row.decision:
        on = f" {day(row.decision_on, weekday=True)}" if row.decision_on else ""
        st.info(
            _(
                "Decided: {decision}. {advice}",
                decision=_(DECISION_NAMES[row.decision]) + on,
                advice=unmarked(row.advice),
            )
        )


def _acts(row: Waiting) -> None:
    if row.state in ("closed", "withdrawn"):
        _settled(row)
        return
    if (
        row.kind == "film"
        and row.recordings
        and st.button(
            _("Watch and review the film"),
            key=f"film_{row.case_id}",
            type="primary",
            icon=":material/play_circle:",
        )
    ):
        st.query_params.pop("case", None)
        open_here("film", str(row.recordings[-1]))
    _taking(row)
    uses = used_by(row.case_id)
    if uses:
        st.caption(unmarked(" · ".join(uses)))
    ways = {
        "text": (_("Writing"), by_text),
        "voice": (_("Voice"), by_voice),
        "phone": (_("Telephone"), telephone),
        "decide": (_("Decision"), decide_it),
        "close": (_("Closing"), close_it),
    }
    order = ["text", "voice", "phone", *(["decide"] if row.level else []), "close"]
    if row.kind == "silence":
        order = ["phone", "text", "voice", "close"]
    elif row.urgent and not row.decision:
        order = ["decide", "text", "voice", "phone", "close"]
    # All are drawn: what was begun in one is still there after a look into another.
    places = st.tabs([ways[way][0] for way in order], key=f"ways_{row.case_id}")
    for place, way in zip(places, order, strict=True):
        with place:
            ways[way][1](row)


def _taking(row: Waiting) -> None:
    """ "I am on it", give back, or take over after a question."""
    me = actor().id
    drawn = f"drawn_{row.case_id}"
    if row.taken_id not in (None, me) and st.session_state.get(drawn, row.taken_id) in (None, me):
        # Taken by a colleague since this screen was drawn: a press of the button that is gone would say nothing.
        st.info(refusal(TakenByAnother(row.taken_by)), icon=":material/info:")
    st.session_state[drawn] = row.taken_id
    if row.taken_id is None:
        if st.button(_("I am on it"), key=f"take_{row.case_id}", type="primary", icon=":material/back_hand:"):
            _done(bool(do(take, f"take_{row.case_id}", case_id=row.case_id)), _("You are on it."))
    elif row.taken_id == me:
        if st.button(_("Give back"), key=f"release_{row.case_id}", icon=":material/undo:"):
            _done(
                bool(do(release, f"release_{row.case_id}", case_id=row.case_id)),
                _("Given back to everybody."),
            )
    else:
        label = _("Take over from {name}", name=unmarked(row.taken_by))
        fold(label, f"over_{row.case_id}", lambda: _taking_over(row), kind=st.popover)


def _taking_over(row: Waiting) -> None:
    st.write(_("{name} is on it. Do you take it over?", name=unmarked(row.taken_by)))
    key = f"over_{row.case_id}"
    if st.button(_("Yes, I take it over"), key=f"yes_{key}", type="primary"):
        done = bool(do(take, key, case_id=row.case_id, over=True))
        if done:
            shut(key)
        _done(done, _("You are on it."))


def _settled(row: Waiting) -> None:
    if row.state == "withdrawn":
        st.info(_("What this was about is no longer there."))
        return
    when = clock(row.closed_at, the_house().zone)
    st.info(_("Closed at {time}. {advice}", time=when, advice=unmarked(row.advice)))
    if st.button(_("Open again"), key=f"reopen_{row.case_id}", icon=":material/undo:"):
        _done(bool(do(reopen, f"reopen_{row.case_id}", case_id=row.case_id)), _("It is open again."))


def _done(done: bool, said: str) -> None:
    if done:
        say(said)
        st.session_state["replies_again"] = True

"""What else is done in a case: the telephone, the decision, the close."""

from __future__ import annotations

import streamlit as st

from core.dialogue.cases.calls import LADDER, OUTCOME_NAMES, calls_of, number_to_correct, record
from core.dialogue.cases.cases import DECISION_NAMES, LONGEST_ADVICE, close, decide
from core.dialogue.cases.queue import Waiting
from core.foundation import reasons
from pages.staff.replies.answering import emptied, empty, sent
from pages.staff.replies.listing import just_closed
from pages.ui.calls import actor, ask, do, say
from pages.ui.form import Form
from pages.ui.frame import the_house
from pages.ui.inputs import today
from pages.ui.rows import close as to_list
from pages.ui.rows import open_patient, remembered
from pages.ui.text import _, html, moment, unmarked


def telephone(row: Waiting) -> None:
    """Note a call and what came of it; the next try is planned by the outcome."""
    _calls(row)
    _wrong_number(row)
    outcomes = [one for one in OUTCOME_NAMES if one != "lost" or row.calls >= LADDER]
    key = f"call_note_{row.case_id}"
    emptied(key)
    form = Form()
    outcome = form.field(
        "outcome", st.pills, _("What came of the call"), outcomes,
        format_func=lambda one: _(OUTCOME_NAMES[one]), key=f"outcome_{row.case_id}_{row.calls}",
    )  # fmt: skip
    remembered(key)
    note = form.field("note", st.text_input, _("Note (optional)"), key=key, max_chars=reasons.LONGEST_NOTE)
    if not st.button(_("Note the call"), key=f"called_{row.case_id}", icon=":material/call:"):
        return
    done = do(
        record, f"call_{row.case_id}", place=form, case_id=row.case_id, outcome=outcome or "", note=note
    )
    if done:
        if outcome == "reached":
            sent(row)
        else:
            say(_("The call is noted: {outcome}.", outcome=_(OUTCOME_NAMES[outcome])))
            st.session_state["replies_again"] = True
        empty(key)


def _calls(row: Waiting) -> None:
    zone = the_house().zone
    found = ask(calls_of, patient_id=row.patient_id, case_id=row.case_id, limit=5)
    if row.next_try_at is not None:
        st.caption(_("Next try: {when}", when=moment(row.next_try_at, zone)))
    lines = "".join(
        f"<li>{html(moment(call.at, zone))} · {html(_(OUTCOME_NAMES[call.outcome]))} · {html(call.by)}"
        f"{f' · {html(call.note)}' if call.note else ''}</li>"
        for call in found
    )
    if lines:
        st.html(f"<ul class='pd-calls'>{lines}</ul>")


def _wrong_number(row: Waiting) -> None:
    wrong = ask(number_to_correct, patient_id=row.patient_id)
    if wrong:
        st.warning(
            _("{phone} was found to be wrong. Please ask for the right number and correct it.", phone=wrong)
        )
        if st.button(_("Correct the number"), key=f"correct_{row.case_id}", icon=":material/edit:"):
            open_patient(row.patient_id)


def decide_it(row: Waiting) -> None:
    """Watch, come in, or emergency department; the words go to her phone."""
    may = actor().may("reply.decide")
    decisions = list(DECISION_NAMES) if may else ["emergency"]
    if not may:
        st.caption(
            _("Watching and coming in is decided by a doctor; you can send her to the emergency department.")
        )
    form = Form()
    decision = form.field(
        "decision", st.radio, _("Decision"), decisions, index=None,
        format_func=lambda one: _(DECISION_NAMES[one]), key=f"decision_{row.case_id}",
    )  # fmt: skip
    on = None
    if decision == "come_in":
        on = form.field(
            "decision_on", st.date_input, _("Comes in on"), value=None, min_value=today(),
            key=f"decision_on_{row.case_id}",
        )  # fmt: skip
    key = f"told_{row.case_id}"
    emptied(key)
    remembered(key)
    advice = form.field(
        "reason", st.text_area, _("What she is told"), key=key, height=110, max_chars=LONGEST_ADVICE
    )
    if st.button(
        _("Decide and tell her"), key=f"decide_{row.case_id}", type="primary", icon=":material/gavel:"
    ) and do(
        decide, key, place=form, case_id=row.case_id, decision=decision or "", advice=advice, decision_on=on
    ):
        sent(row)
        empty(key)


def close_it(row: Waiting) -> None:
    """Close it with what was advised; an urgent sign only with a decision."""
    if row.urgent and not row.decision:
        st.info(_("An urgent sign is closed only with a decision. Please decide first."))
        return
    form = Form()
    key = f"advice_{row.case_id}"
    label = _("What was advised") if row.answered_at is None else _("What was advised (optional)")
    advice = form.field("advice", st.text_area, label, key=key, height=110, max_chars=LONGEST_ADVICE)
    if st.button(_("Close the case"), key=f"close_{row.case_id}", icon=":material/done_all:") and do(
        close, f"close_{row.case_id}", place=form, case_id=row.case_id, advice=advice
    ):
        say(_("Closed: {name}.", name=unmarked(row.patient_name)))
        just_closed(row)
        to_list("case", "replies")

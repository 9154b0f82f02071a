"""After a newer version: which running courses still go by older rules, and the act that lets the newer ones count."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.dialogue.newer_rules import OlderRules, older_rules, take_newer_rules
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, _n, day

ALL = "all"
CHOSEN = "chosen"


def show_newer_rules(package_id: int) -> None:
    """Nothing where everybody goes by the newest rules."""
    found: OlderRules | None = ask(older_rules, package_id=package_id)
    if found is None or not found.courses:
        return
    n = len(found.courses)
    st.markdown(f"#### {_('Running courses with older rules')}")
    st.caption(
        _n(
            "{n} running course goes by the rules, promises and signs of an older version. What was bought stays as it is.",
            "{n} running courses go by the rules, promises and signs of an older version. What was bought stays as it is.",
            n,
        )
    )
    counts: dict[int, int] = {}
    for one in found.courses:
        counts[one.number] = counts.get(one.number, 0) + 1
    st.markdown(
        " · ".join(
            _n("version {number}: {n} course", "version {number}: {n} courses", count, number=number)
            for number, count in sorted(counts.items())
        )
    )
    fold(
        _("Let the rules of version {number} count", number=found.number), "newer_rules",
        partial(_act, package_id, found), icon=":material/rule:",
    )  # fmt: skip


def _act(package_id: int, found: OlderRules) -> None:
    names = {
        one.enrolment_id: _("{name}, since {day}, version {number}", name=one.patient_name, day=day(one.enrolled_on), number=one.number)
        for one in found.courses
    }  # fmt: skip
    who = st.radio(
        _("For whom"), [ALL, CHOSEN], horizontal=True, key=f"rules_who_{package_id}",
        format_func={ALL: _("all of them"), CHOSEN: _("chosen ones")}.__getitem__,
    )  # fmt: skip
    chosen = list(names)
    if who == CHOSEN:
        chosen = st.multiselect(
            _("Running courses"), list(names), format_func=names.__getitem__, key=f"rules_chosen_{package_id}"
        )
    form = Form()
    reason = form.field("reason", st.text_input, _("Reason"), max_chars=200, key=f"rules_why_{package_id}")
    if st.button(_("Let the newer rules count"), type="primary", disabled=not chosen):
        outcome = do(
            take_newer_rules, f"rules_{package_id}", place=form, package_id=package_id, enrolment_ids=chosen,
            reason=reason,
        )  # fmt: skip
        if outcome:
            say(
                _n("The newer rules count for {n} course from now on.",
                   "The newer rules count for {n} courses from now on.", outcome.value)
            )  # fmt: skip
            st.rerun()

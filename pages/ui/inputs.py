"""Fields that several pages share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.people.consents import CHANNELS, PURPOSES
from core.people.patient_rules import LONGEST
from pages.ui.browser import this_run
from pages.ui.calls import ask
from pages.ui.form import Form
from pages.ui.text import _


def today() -> date:
    """The department's day; asked once in a run, however long its lists are."""
    run = this_run()
    day: date = (run and run.today) or ask(lambda look: look.today)
    if run and run.kind:
        run.today = day
    return day


def patient_fields(form: Form, card: Any = None, key: str = "new") -> dict[str, Any]:
    """The fields of one patient, each with its place in `form`; what was typed stays after a refusal."""
    now = today()
    left, right = st.columns(2)

    def words(name: str, place: Any, label: str) -> Any:
        stored = getattr(card, name, "")
        return form.field(
            name, place.text_input, label, stored, key=f"{key}_{name}", max_chars=LONGEST.get(name)
        )

    def day(name: str, place: Any, label: str, first: date, last: date) -> Any:
        stored = getattr(card, name, None)
        return form.field(
            name, place.date_input, label, stored, min_value=first, max_value=last, key=f"{key}_{name}"
        )

    return {
        "name": words("name", left, _("Full name")),
        "record_number": words("record_number", right, _("Record number")),
        "phone": words("phone", left, _("Mobile phone")),
        "birth_date": day("birth_date", right, _("Date of birth"), date(1900, 1, 1), now),
        "last_period": day(
            "last_period", left, _("First day of the last period"), now - timedelta(days=400), now
        ),
        "due_date": day(
            "due_date", right, _("Due date, if corrected by ultrasound"),
            now - timedelta(days=120), now + timedelta(days=300),
        ),
        "note": words("note", st, _("Note (optional)")),
        "language": st.segmented_control(
            _("The patient reads"),
            ["zh", "en"],
            default=getattr(card, "language", "zh"),
            format_func={"zh": "中文", "en": "English"}.__getitem__,
            key=f"{key}_language",
        )
        or "zh",
    }  # fmt: skip


def consent_fields(form: Form, key: str, given: dict[str, bool]) -> tuple[dict[str, bool], str]:
    """One box per purpose, ticked where she has agreed already, and how she said so ("" before somebody chose)."""
    st.markdown(f"**{_('Consent, one purpose at a time')}**")
    answers = {
        purpose: st.checkbox(_(label), value=given.get(purpose, False), key=f"{key}_consent_{purpose}")
        for purpose, label in PURPOSES.items()
    }
    form.room("consents", st)
    channel = form.field(
        "channel",
        st.radio,
        _("How consent was given"),
        ["paper", "screen"],
        index=None,
        format_func=lambda code: _(CHANNELS[code]),
        horizontal=True,
        key=f"{key}_channel",
    )
    return answers, channel or ""

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


DATES = ("last_period", "due_date")


def patient_fields(form: Form, card: Any = None, key: str = "new", dated: bool = True) -> dict[str, Any]:
    """The fields of one patient, each with its place in `form`; what was typed stays after a refusal.

    With `card` they are fields of what is on file (`form.kept`). Without `dated` the days of a pregnancy are no fields
    here, and stay as they are on file.
    """
    now = today()
    left, right = st.columns(2)

    def draw(name: str, widget: Any, label: str, **settings: Any) -> Any:
        if card is None:
            return form.field(name, widget, label, key=f"{key}_{name}", **settings)
        return form.kept(name, widget, label, getattr(card, name), **settings)

    def words(name: str, place: Any, label: str) -> Any:
        return draw(name, place.text_input, label, max_chars=LONGEST.get(name))

    def day(name: str, place: Any, label: str, first: date, last: date) -> Any:
        stored = getattr(card, name, None)
        # A day on file may have been left behind by the calendar: its own field must hold it for ever.
        ends = [first, last, *([stored] if stored else [])]
        beginning: dict[str, Any] = {"value": None} if card is None else {}
        return draw(name, place.date_input, label, min_value=min(ends), max_value=max(ends), **beginning)

    values = {
        "name": words("name", left, _("Full name")),
        "record_number": words("record_number", right, _("Record number")),
        "phone": words("phone", left, _("Mobile phone")),
        "birth_date": day("birth_date", right, _("Date of birth"), date(1900, 1, 1), now),
    }
    if dated:
        values["last_period"] = day(
            "last_period", left, _("First day of the last period"), now - timedelta(days=400), now
        )
        values["due_date"] = day(
            "due_date", right, _("Due date, if corrected by ultrasound"),
            now - timedelta(days=120), now + timedelta(days=300),
        )  # fmt: skip
    else:
        values |= {name: getattr(card, name, None) for name in DATES}
    values["note"] = words("note", st, _("Note (optional)"))
    values["language"] = (
        draw(
            "language",
            st.segmented_control,
            _("The patient reads"),
            options=["zh", "en"],
            format_func={"zh": "中文", "en": "English"}.__getitem__,
            **({"default": "zh"} if card is None else {}),
        )
        or "zh"
    )
    return values


def consent_fields(form: Form, given: dict[str, bool]) -> tuple[dict[str, bool], str]:
    """One box per purpose, ticked where she has agreed already (a field of what is on file), and how she said so ("" before
    somebody chose)."""
    st.markdown(f"**{_('Consent, one purpose at a time')}**")
    answers = {
        purpose: form.kept(purpose, st.checkbox, _(label), given.get(purpose, False))
        for purpose, label in PURPOSES.items()
    }
    form.room("consents", st)
    # Kept, so that it is asked anew once the answers are recorded.
    channel = form.kept(
        "channel",
        st.radio,
        _("How consent was given"),
        None,
        options=["paper", "screen"],
        format_func=lambda code: _(CHANNELS[code]),
        horizontal=True,
    )
    return answers, channel or ""

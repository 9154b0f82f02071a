"""Fields that several pages share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.people.consents import PURPOSES
from core.people.patient_rules import LONGEST
from pages.ui.calls import ask
from pages.ui.form import Form
from pages.ui.text import _


def today() -> date:
    """The department's day."""
    day: date = ask(lambda look: look.today)
    return day


def patient_fields(form: Form, card: Any = None, key: str = "new") -> dict[str, Any]:
    """The fields of one patient, each with its place in `form`; what was typed stays after a refusal."""
    now = today()
    left, right = st.columns(2)
    values: dict[str, Any] = {
        "name": form.field(
            "name",
            left.text_input,
            _("Full name"),
            getattr(card, "name", ""),
            key=f"{key}_name",
            max_chars=LONGEST["name"],
        ),
        "record_number": form.field(
            "record_number",
            right.text_input,
            _("Record number"),
            getattr(card, "record_number", ""),
            key=f"{key}_record",
            max_chars=LONGEST["record_number"],
        ),
        "phone": form.field(
            "phone", left.text_input, _("Mobile phone"), getattr(card, "phone", ""), key=f"{key}_phone"
        ),
        "birth_date": form.field(
            "birth_date",
            right.date_input,
            _("Date of birth"),
            getattr(card, "birth_date", None),
            min_value=date(1900, 1, 1),
            max_value=now,
            key=f"{key}_birth",
        ),
        "last_period": form.field(
            "last_period",
            left.date_input,
            _("First day of the last period"),
            getattr(card, "last_period", None),
            min_value=now - timedelta(days=400),
            max_value=now,
            key=f"{key}_lmp",
        ),
        "due_date": form.field(
            "due_date",
            right.date_input,
            _("Due date, if corrected by ultrasound"),
            getattr(card, "due_date", None),
            min_value=now - timedelta(days=120),
            max_value=now + timedelta(days=300),
            key=f"{key}_due",
        ),
        "note": form.field(
            "note",
            st.text_input,
            _("Note (optional)"),
            getattr(card, "note", ""),
            key=f"{key}_note",
            max_chars=LONGEST["note"],
        ),
        "language": st.segmented_control(
            _("The patient reads"),
            ["zh", "en"],
            default=getattr(card, "language", "zh"),
            format_func={"zh": "中文", "en": "English"}.__getitem__,
            key=f"{key}_language",
        )
        or "zh",
    }
    return values


def consent_fields(key: str, given: dict[str, bool] | None = None) -> dict[str, bool]:
    """One box per purpose, unticked unless already given."""
    st.markdown(f"**{_('Consent, one purpose at a time')}**")
    held = given or {}
    return {
        purpose: st.checkbox(_(label), value=held.get(purpose, False), key=f"{key}_consent_{purpose}")
        for purpose, label in PURPOSES.items()
    }

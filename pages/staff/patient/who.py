"""Who she is, in the quiet lines under her name; and the style of her file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.care.patient_file import PatientFile
from core.people.diagnoses import reads_like_diagnosis
from pages.ui.text import _, _n, html

SHAPES = {"quiet": "◆", "active": "●", "ended": "✓", "none": "○"}


@cache
def styles() -> str:
    return f"<style>{Path(__file__).with_name('file.css').read_text(encoding='utf-8')}</style>"


def quiet_line(held: PatientFile) -> str:
    """State, week or day, record number and age in one line; a note about her in the next, but never a diagnosis: such a
    note stands in her details only."""
    patient = held.patient
    parts = [time_of(held), patient.record_number]
    if held.age is not None:
        parts.append(_n("{n} year old", "{n} years old", held.age))
    facts = html(" · ".join(part for part in parts if part))
    state = f"<span class='pd-state {held.state}'>{SHAPES[held.state]} {html(state_name(held.state))}</span>"
    kept_back = not patient.note or reads_like_diagnosis(patient.note)
    note = "" if kept_back else f"<br>{html(patient.note)}"
    return f"<p class='pd-who'>{state}{facts}{note}</p>"


def state_name(state: str) -> str:
    names = {
        "quiet": _("Quiet care"),
        "active": _("Enrolled"),
        "ended": _("Package ended"),
        "none": _("No package yet"),
    }
    return names[state]


def time_of(held: PatientFile) -> str:
    """Her week, or the day since the operation, the discharge or the enrolment. In quiet care nobody counts."""
    if held.stop is not None:
        return ""
    if held.week_text:
        return _("week {week}", week=held.week_text)
    n = held.day_number
    if n is None or n < 0:
        return ""
    if held.counted_from == "operation":
        return _("day {n} after the operation", n=n)
    return (
        _("day {n} after discharge", n=n)
        if held.counted_from == "discharge"
        else _("day {n} of the package", n=n)
    )

"""A file of patients or past visits: the verdict on every row."""

from __future__ import annotations

import hashlib

import streamlit as st

from core.exchange.fields import KINDS
from core.exchange.findings import RefusedRow
from core.exchange.forms import refused_workbook
from core.exchange.grids import Grid, shown
from core.exchange.on_file import days_sold
from core.exchange.patient_import import Preview, preview
from core.foundation.errors import Refusal
from core.people.diagnoses import ASK_FIRST
from core.people.intake import PatientLine
from core.people.known_patients import patients_on_file
from pages.manager.imports.reading import TABLES
from pages.ui.calls import ask, later
from pages.ui.form import Form
from pages.ui.frame import wrapped
from pages.ui.sections import fold
from pages.ui.text import _, _n, language

SHOWN = 200


def judged(form: Form, grid: Grid, columns: dict[str, int]) -> Preview | None:
    """The verdict on every row, reached once per file, sheet and choice of columns."""
    key = (st.session_state[TABLES["patients"]][0], tuple(sorted(columns.items())))
    kept = st.session_state.get("import_preview")
    if kept and kept[0] == key:
        return kept[1]
    bar = st.progress(0.0, text=_("Checking every row …"))

    def advance(share: float) -> None:
        bar.progress(share)

    try:
        today = ask(lambda look: look.today)
        known, sold = ask(patients_on_file), ask(days_sold)
        found = preview(grid, columns, known, today, advance, _(ASK_FIRST), sold)
    except Refusal as problem:
        form.refuse(problem)
        return None
    finally:
        bar.empty()
    st.session_state["import_preview"] = (key, found)
    return found


def refused_lines(refused: list[RefusedRow]) -> list[dict[str, str]]:
    return [
        {
            _("Row"): str(fault.row_number),
            _("Column"): fault.column_header,
            _("Value"): fault.value,
            _("Reason"): fault.text(language()),
        }
        for fault in refused[:SHOWN]
    ]


def patient_line(line: PatientLine, differs: str | None = None) -> dict[str, object]:
    """One patient of the file for a table on screen; for a known one also in what she differs from our file."""
    head: dict[str, object] = {_("Row"): line.row_number}
    if differs is not None:
        head[_("Differs from our file")] = differs
    return head | {_(field.label): shown(getattr(line, name)) for name, field in KINDS["patients"].items()}


def show_rows(found: Preview, grid: Grid) -> None:
    new, known, bad = st.columns(3)
    new.metric(_("New"), len(found.new))
    known.metric(_("Already here"), len(found.known))
    bad.metric(_("Refused"), found.refused_rows)
    _left_out(found)
    show_refused(grid, found.refused)
    fold(_n("{n} new patient", "{n} new patients", len(found.new)), "import_new", lambda: _new(found))
    if found.known:
        label = _n("{n} is already here", "{n} are already here", len(found.known))
        fold(label, "import_known", lambda: _known(found))


def _left_out(found: Preview) -> None:
    """What of the remarks is not kept, and what those who are here already get all the same."""
    asked = sum("note" in one.brings for one in found.known)
    dated = sum(bool(one.brings - {"note"}) for one in found.known)
    full = sum(one.note_full for one in found.known)
    told = (
        (
            found.left_out,
            _n(
                "{n} remark reads like a diagnosis and is left out.",
                "{n} remarks read like a diagnosis and are left out.",
                found.left_out,
            ),
        ),
        (
            asked,
            _n(
                "A reminder is added to the note of {n} patient already on file: ask before an offer.",
                "A reminder is added to the notes of {n} patients already on file: ask before an offer.",
                asked,
            ),
        ),
        (
            full,
            _n(
                "The note of {n} patient already on file has no room for that reminder: shorten the note.",
                "The notes of {n} patients already on file have no room for that reminder: shorten the notes.",
                full,
            ),
        ),
        (
            dated,
            _n(
                "The day of operation or discharge is added for {n} patient already on file.",
                "The day of operation or discharge is added for {n} patients already on file.",
                dated,
            ),
        ),
    )
    lines = [text for count, text in told if count]
    if lines:
        st.info("\n\n".join(lines), icon=":material/clinical_notes:")
    if found.known and not (asked or dated):
        st.caption(_("Patients already on file stay unchanged."))


def _new(found: Preview) -> None:
    st.dataframe([patient_line(line) for line in found.new[:SHOWN]], hide_index=True, width="stretch")


def _known(found: Preview) -> None:
    labels = {name: _(field.label) for name, field in KINDS["patients"].items()}
    lines = [
        patient_line(one.line, " · ".join(labels[name] for name in one.differs))
        for one in found.known[:SHOWN]
    ]
    st.dataframe(lines, hide_index=True, width="stretch")


def show_refused(grid: Grid, refused: list[RefusedRow]) -> None:
    """Every refused row with its reason, and the file to repair."""
    if not refused:
        return
    st.subheader(_("Rows to repair"))
    with st.container(height=420 if len(refused) > 9 else "content", border=False):
        wrapped(refused_lines(refused), "pd-last")
    st.download_button(
        _("Download the refused rows to repair"),
        later(lambda: refused_workbook(grid, refused, language())),
        file_name="refused_rows.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )


def good_rows_only(refused_rows: int, data: bytes) -> bool:
    """Whether the person agrees to leave the refused rows out, asked anew for every file; yes at once where there are none."""
    if not refused_rows:
        return True
    return st.checkbox(
        _n(
            "Import the good rows only; {n} refused row is left out",
            "Import the good rows only; {n} refused rows are left out",
            refused_rows,
        ),
        key=f"good_rows_{hashlib.sha256(data).hexdigest()}",
    )

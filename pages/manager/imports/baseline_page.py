"""The time before the pilot: how much of it is on file, and past visits from the hospital system's export."""

from datetime import timedelta

import streamlit as st

from core.care.baseline import WEEKS, Baseline, baseline
from core.exchange.forms import template_workbook
from core.insight.reference import constants
from pages.manager.imports.reading import choose_columns, read, remembered, uploaded
from pages.manager.imports.visits import choose_states, confirm, judged, show_visits
from pages.manager.imports.weeks import standing, week_table
from pages.ui.calls import ask, later
from pages.ui.form import Form
from pages.ui.frame import empty_state, open_page
from pages.ui.text import _, full_day, language, unmarked


def what_for(known: Baseline) -> None:
    """What the dashboard does with these visits, and what it cannot do."""
    st.subheader(_("What the dashboard does with them"))
    lines = (
        _(
            "It compares the share of missed visits in the {weeks} weeks before {day} with everything since: missed, "
            "out of attended and missed together, with an interval.",
            weeks=WEEKS,
            day=full_day(known.end),
        ),
        _("Visits cancelled in time count on neither side."),
        _(
            "With fewer than {least} visits before, it says “No baseline” and judges nothing.",
            least=constants("comparisons")["minimum"],
        ),
        _("Past visits belong to no package: the comparison is made for all packages together."),
        _("Names are not needed, and a record number that is not on file is not kept."),
    )
    st.markdown("\n".join(f"- {line}" for line in lines))


def take_file(known: Baseline) -> None:
    """A file, how it was understood, the verdict on every row, and only then the button."""
    st.subheader(_("Import past visits"))
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    form = Form()
    upload = uploaded(form, left, f"visits_file_{st.session_state.get('visits_round', 0)}")
    right.download_button(
        _("Sample file"),
        later(lambda: template_workbook(language(), "visits")),
        file_name="past_visits.xlsx",
        icon=":material/table:",
        on_click="ignore",
    )
    if not upload:
        return
    content = upload.getvalue()
    grid = read(form, content, upload.name, st.session_state.get("visits_sheet"), "visits")
    if grid is None:
        return
    if len(grid.sheets) > 1:
        at = grid.sheets.index(str(grid.sheet))
        st.selectbox(_("Sheet"), grid.sheets, index=at, key="visits_sheet")
    st.markdown(f"**{_('How the columns were understood')}**")
    columns = choose_columns(form, grid, "visits")
    layout = remembered(grid, "visits")
    words: dict[str, dict[str, str | None]] = {}
    for name in ("state", "state_too"):
        if name in columns:
            if "state_too" in columns:
                st.markdown(f"**{unmarked(grid.headers[columns[name]])}**")
            before = layout.words.get(name, {}) if layout else {}
            words[name] = choose_states(grid, columns[name], before)
    found = judged(form, grid, columns, words)
    if found is not None:
        show_visits(found, grid, known)
        confirm(form, found, content, grid, columns, words)


open_page(
    "patient.import",
    _("Baseline"),
    _(
        "The time before the pilot, from your hospital system: without it nobody can say whether the pilot helped."
    ),
)
held: Baseline = ask(baseline)
if not held.counted and not held.earlier:
    empty_state(
        _(
            "No visit of the time before is on file yet. Ask your IT department for an export of all booked visits "
            "from {first} to {last}: the day, whether the patient came, and the record number if there is one. "
            "Choose the file below; nothing is written before you confirm.",
            first=full_day(held.weeks[0].first),
            last=full_day(held.end - timedelta(days=1)),
        )
    )
standing(held)
week_table(held)
take_file(held)
what_for(held)

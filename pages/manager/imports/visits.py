"""A file of past visits, step by step: what each word of its states means, what is new, what is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

import streamlit as st

from core.care.baseline import Baseline, baseline_end
from core.care.work.appointments import STATE_NAMES, import_past
from core.exchange.grids import Grid
from core.exchange.on_file import visits_on_file
from core.exchange.visit_import import PAST_STATES, VisitPreview, guess_states, preview_visits
from core.exchange.visit_states import MOST_WORDS, SILENT, words_of
from core.foundation.errors import Refusal
from core.foundation.language import N_
from pages.manager.imports.parts import SHOWN, good_rows_only, show_refused
from pages.manager.imports.reading import TABLES, remember
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.sections import fold
from pages.ui.text import _, _n, full_day, number, unmarked
from pages.ui.widgets import in_rows

STATES: dict[str | None, str] = {None: N_("— not clear, leave out —")}
STATES.update(STATE_NAMES)
STATES[SILENT] = N_("says nothing; the other column decides")

Words = dict[str, dict[str, str | None]]


def choose_states(grid: Grid, column: int, before: Mapping[str, str | None]) -> dict[str, str | None]:
    """How each word of a column of states was understood, each changeable. `before`: what was said of them last time."""
    guessed = {word: before.get(word, state) for word, state in guess_states(grid, column).items()}
    if len(guessed) > MOST_WORDS:
        return guessed  # another column was meant: the verdict says so
    st.caption(_("How each word was understood. What is left unclear is refused, never guessed."))
    chosen: dict[str, str | None] = {}
    counted = words_of(grid, column)
    for place, (word, state) in in_rows(list(guessed.items()), 4):
        chosen[word] = place.selectbox(
            f"“{unmarked(word)}” · {number(counted[word])}",
            list(STATES),
            index=list(STATES).index(state if state in STATES else None),
            format_func=lambda state: _(STATES[state]),
            key=f"state_{column}_{word}_{grid.filename}_{grid.header_row}",
        )
    return chosen


def judged(form: Form, grid: Grid, columns: dict[str, int], words: Words) -> VisitPreview | None:
    """The verdict on every row, reached once per file, sheet and choice."""
    told = {name: tuple(said.items()) for name, said in words.items()}
    key = (st.session_state[TABLES["visits"]][0], tuple(sorted(columns.items())), tuple(told.items()))
    kept = st.session_state.get("visits_preview")
    if kept and kept[0] == key:
        held: VisitPreview = kept[1]
        return held
    try:
        with st.spinner(_("Checking every row …")):
            end, today = ask(baseline_end), ask(lambda look: look.today)
            states, too = words.get("state", {}), words.get("state_too")
            found = preview_visits(grid, columns, states, ask(visits_on_file), end, today, states_too=too)
    except Refusal as problem:
        form.refuse(problem)
        return None
    st.session_state["visits_preview"] = (key, found)
    return found


def show_visits(found: VisitPreview, grid: Grid, known: Baseline) -> None:
    """What would be taken, how much of it the dashboard compares with, and what is refused."""
    new, here, bad = st.columns(3)
    new.metric(_("New visits"), number(len(found.new)))
    here.metric(_("Already here"), number(len(found.known)))
    bad.metric(_("Refused"), number(found.refused_rows))
    if found.new:
        days = [visit.day for visit in found.new]
        counts = [f"{_(STATE_NAMES[state])} {number(found.count(state))}" for state in PAST_STATES]
        st.caption(f"{full_day(min(days))} – {full_day(max(days))} · " + " · ".join(counts))
        inside = sum(one >= known.weeks[0].first for one in days)
        if inside < len(days):
            told = _n(
                "{n} of them lies in the weeks the dashboard compares with, from {day} on.",
                "{n} of them lie in the weeks the dashboard compares with, from {day} on.",
                inside,
                day=full_day(known.weeks[0].first),
            )
            st.caption(told)
    show_refused(grid, found.refused)
    fold(_n("{n} new visit", "{n} new visits", len(found.new)), "visits_new", lambda: _new(found))


def _new(found: VisitPreview) -> None:
    st.dataframe(
        [
            {
                _("Row"): visit.row_number,
                _("Day of the visit"): visit.day,
                _("State"): _(STATE_NAMES[visit.state]),
                _("Record number"): visit.record_number,
            }
            for visit in found.new[:SHOWN]
        ],
        hide_index=True,
        width="stretch",
    )


def confirm(
    form: Form, found: VisitPreview, data: bytes, grid: Grid, columns: dict[str, int], words: Words
) -> None:
    """Nothing is written before this button, and doubtful days need a word of their own."""
    if not found.new:
        st.info(_("The file holds no visit that is new. Repair the refused rows and choose the file again."))
        return
    # By the file alone: the same bytes never count twice, whatever was chosen on the way.
    digest = hashlib.sha256(data + (grid.sheet or "").encode()).hexdigest()
    sure = good_rows_only(found.refused_rows, data)
    if found.shared_days:
        warning = _n(
            "On {n} day of this file visits are already on file. The same export again would count them twice.",
            "On {n} days of this file visits are already on file. The same export again would count them twice.",
            len(found.shared_days),
        )
        st.warning(warning, icon=":material/content_copy:")
        checked = st.checkbox(_("I have checked: these are other visits"), key=f"other_visits_{digest}")
        sure = checked and sure
    label = _n("Import {n} visit", "Import {n} visits", len(found.new))
    if st.button(label, type="primary", disabled=not sure, icon=":material/upload:"):
        with st.spinner(_("Importing …")):
            rows = [asdict(row) for row in found.new]
            outcome = do(import_past, "past_visits", place=form, rows=rows, file_digest=digest)
        if outcome:
            say(_n("{n} visit imported.", "{n} visits imported.", outcome.value))
            remember(form, grid, "visits", columns, words)
            for name in (TABLES["visits"], "visits_preview"):
                st.session_state.pop(name, None)
            st.session_state["visits_round"] = st.session_state.get("visits_round", 0) + 1
            st.rerun()

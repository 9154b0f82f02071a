"""The time before the pilot on screen: its weeks, and a file of past visits step by step."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import timedelta

import streamlit as st

from core.care.baseline import MOST_EARLIER, NEEDED_WEEKS, WEEKS, Baseline, baseline_end
from core.care.work.appointments import STATE_NAMES, import_past
from core.exchange.grids import Grid
from core.exchange.on_file import visits_on_file
from core.exchange.visit_import import PAST_STATES, VisitPreview, guess_states, preview_visits
from core.exchange.visit_states import MOST_WORDS, words_of
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.palette import JADE, SLATE
from pages.manager.imports.parts import SHOWN, TABLES, good_rows_only, show_refused
from pages.ui.calls import ask, do, say
from pages.ui.form import Form
from pages.ui.kept import in_rows
from pages.ui.sections import fold
from pages.ui.text import _, _n, day, full_day, number

STATES: dict[str | None, str] = {None: N_("— not clear, leave out —")}
STATES.update(STATE_NAMES)
_FULL, _EMPTY = f"background:{JADE};border:1px solid {JADE}", f"border:1px dashed {SLATE}"


def weeks_strip(known: Baseline) -> None:
    """One field a week, filled where visits are on file; the same in words for those who do not see it."""
    fields = "".join(
        f"<span title='{day(week.first)} – {day(week.last)}: "
        f"{_n('{n} visit', '{n} visits', week.counted)}' "
        f"style='flex:1;height:26px;border-radius:4px;{_FULL if week.counted else _EMPTY}'></span>"
        for week in known.weeks
    )
    told = _("{found} of {weeks} weeks hold visits", found=known.found, weeks=WEEKS)
    ends = (
        f"<span>{full_day(known.weeks[0].first)}</span><span>{full_day(known.end - timedelta(days=1))}</span>"
    )
    st.html(
        f"<div role='img' aria-label='{told}' style='display:flex;gap:3px'>{fields}</div>"
        f"<div class='pd-soft' style='display:flex;justify-content:space-between;margin-top:4px'>{ends}</div>"
    )


def standing(known: Baseline) -> None:
    """How much of a baseline there is, and what is missing."""
    weeks, visits, missed = st.columns(3)
    weeks.metric(_("Weeks with visits"), _("{found} of {weeks}", found=known.found, weeks=WEEKS))
    visits.metric(_("Visits that count"), number(known.counted))
    missed.metric(
        _("Missed among them"),
        _("{found} of {weeks}", found=number(known.missed), weeks=number(known.counted)),
    )
    weeks_strip(known)
    if known.missing:
        text = _n(
            "**{n} more week is needed.** At least {needed} of these {weeks} weeks must hold visits.",
            "**{n} more weeks are needed.** At least {needed} of these {weeks} weeks must hold visits.",
            known.missing,
            needed=NEEDED_WEEKS,
            weeks=WEEKS,
        )
        st.info(text, icon=":material/info:")
    else:
        st.success(_("Enough weeks to compare with."), icon=":material/check_circle:")
    if known.pilot is None:
        st.warning(
            _("The pilot's first day is not set: until it is, everything before today counts as before.")
        )
        st.page_link("manager/settings/page.py", label=_("Settings"), icon=":material/arrow_forward:")
    if known.earlier == MOST_EARLIER:
        st.caption(
            _(
                "At least {n} visits lie before these weeks: they are kept, but the dashboard does not compare with them.",
                n=number(known.earlier),
            )
        )
    elif known.earlier:
        st.caption(
            _n(
                "{n} visit lies before these weeks: it is kept, but the dashboard does not compare with it.",
                "{n} visits lie before these weeks: they are kept, but the dashboard does not compare with them.",
                known.earlier,
            )
        )


def week_table(known: Baseline) -> None:
    def weeks() -> None:
        st.dataframe(
            [
                {
                    _("Calendar week"): f"{day(week.first)} – {day(week.last)}",
                    _("Attended"): week.attended,
                    _("Missed"): week.missed,
                    _("Cancelled in time"): week.cancelled,
                }
                for week in reversed(known.weeks)
            ],
            hide_index=True,
            width="stretch",
        )

    fold(_("The weeks one by one"), "baseline_weeks", weeks)


def choose_states(grid: Grid, column: int) -> dict[str, str | None]:
    """How each word of the state column was understood, each changeable."""
    guessed = guess_states(grid, column)
    if len(guessed) > MOST_WORDS:
        return guessed  # another column was meant: the verdict says so
    st.caption(_("How each word was understood. What is left unclear is refused, never guessed."))
    chosen: dict[str, str | None] = {}
    counted = words_of(grid, column)
    for place, (word, state) in in_rows(list(guessed.items()), 4):
        chosen[word] = place.selectbox(
            f"“{word}” · {number(counted[word])}",
            list(STATES),
            index=list(STATES).index(state),
            format_func=lambda state: _(STATES[state]),
            key=f"state_{column}_{word}_{grid.filename}",
        )
    return chosen


def judged(
    form: Form, grid: Grid, columns: dict[str, int], states: dict[str, str | None]
) -> VisitPreview | None:
    """The verdict on every row, reached once per file, sheet and choice."""
    chosen = tuple(sorted(columns.items())), tuple(states.items())
    key = (*st.session_state[TABLES["visits"]][:2], *chosen)
    kept = st.session_state.get("visits_preview")
    if kept and kept[0] == key:
        held: VisitPreview = kept[1]
        return held
    try:
        with st.spinner(_("Checking every row …")):
            end, today = ask(baseline_end), ask(lambda look: look.today)
            found = preview_visits(grid, columns, states, ask(visits_on_file), end, today)
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


def confirm(form: Form, found: VisitPreview, data: bytes, sheet: str | None) -> None:
    """Nothing is written before this button, and doubtful days need a word of their own."""
    if not found.new:
        st.info(_("The file holds no visit that is new. Repair the refused rows and choose the file again."))
        return
    sure = good_rows_only(found.refused_rows)
    if found.shared_days:
        warning = _n(
            "On {n} day of this file visits are already on file. The same export again would count them twice.",
            "On {n} days of this file visits are already on file. The same export again would count them twice.",
            len(found.shared_days),
        )
        st.warning(warning, icon=":material/content_copy:")
        sure = st.checkbox(_("I have checked: these are other visits"), value=False) and sure
    label = _n("Import {n} visit", "Import {n} visits", len(found.new))
    if st.button(label, type="primary", disabled=not sure, icon=":material/upload:"):
        with st.spinner(_("Importing …")):
            # By the file alone: the same bytes never count twice, whatever was chosen on the way.
            digest = hashlib.sha256(data + (sheet or "").encode()).hexdigest()
            rows = [asdict(row) for row in found.new]
            outcome = do(import_past, "past_visits", place=form, rows=rows, file_digest=digest)
        if outcome:
            say(_n("{n} visit imported.", "{n} visits imported.", outcome.value))
            for name in (TABLES["visits"], "visits_preview"):
                st.session_state.pop(name, None)
            st.session_state["visits_round"] = st.session_state.get("visits_round", 0) + 1
            st.rerun()

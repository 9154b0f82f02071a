"""How much of a baseline there is: its weeks at a glance, what is missing, week by week."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.care.baseline import MOST_EARLIER, NEEDED_WEEKS, WEEKS, Baseline
from core.foundation.appearance.palette import JADE, SLATE
from pages.ui.sections import fold
from pages.ui.text import _, _n, day, full_day, number

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

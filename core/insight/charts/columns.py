"""Totals by week as columns: up for what came, down for what went. A specification and its rows, as in `charts`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Literal

from core.foundation.appearance.palette import SERIES, SOFT_INK
from core.foundation.language import day_text, money_text, number_text, translator
from core.insight.charts.frame import Spec, by_week, finished, how_much
from core.insight.charts.rows import Rows


def columns(language: str, two: bool = False) -> Spec:
    """Columns by week in one series, or in `two`, with a rule at the start of the pilot. Rows: `column_rows`; the
    figures are drawn as they are, so money comes in yuan. The dictionary is the caller's own copy."""
    return copy.deepcopy(_columns(language, two))


def column_rows(
    weeks: Sequence[date],
    series: Mapping[str, Sequence[int]],
    language: str,
    pilot_start: date | None = None,
    money: bool = False,
) -> Rows:
    """Rows for `columns`: for every week one row per entry of `series` (its name, already translated → figures).

    `money`: the figures are fen. A second series is drawn downwards.
    """
    rows: Rows = []
    for place, (name, values) in enumerate(series.items()):
        for week, value in zip(weeks, values, strict=True):
            drawn = value / 100 if money else value
            rows.append(
                {
                    "week": week.isoformat(),
                    "day": day_text(week, language),
                    "series": name,
                    "second": place > 0,
                    "value": -drawn if place else drawn,
                    "text": money_text(value, language) if money else number_text(value, language),
                    "start": None,
                    "late": False,
                }
            )
    if rows and pilot_start and weeks[0] < pilot_start <= weeks[-1]:
        rows[0]["start"] = pilot_start.isoformat()
        rows[0]["late"] = (pilot_start - weeks[0]) > 0.6 * (weeks[-1] - weeks[0])
    return rows


@cache
def _columns(language: str, two: bool) -> Spec:
    import altair as alt

    _ = translator(language)
    base = alt.Chart(alt.NamedData("rows")).transform_calculate(
        on="toDate(datum.week)", until="toDate(datum.week) + 5.6 * 86400000", begun="toDate(datum.start)"
    )
    # Of two, what goes is drawn downwards, but nobody redeems minus 300 points; of one, below zero is below zero.
    unit = "size" if two else "number"
    bars = base.mark_bar(cornerRadius=1).encode(
        x=by_week(alt, language), x2="until:T", y=how_much(alt, "value", unit, True), y2=alt.datum(0),
        color=alt.Color(
            "second:N", legend=None, scale=alt.Scale(domain=[False, True], range=list(SERIES[:2]))
        ),
        tooltip=[
            alt.Tooltip("day:N", title=_("Week of")), alt.Tooltip("series:N", title=_("Counted")),
            alt.Tooltip("text:N", title=_("Value")),
        ],
    )  # fmt: skip
    begun = base.transform_filter("isValid(datum.start)")
    rule = begun.mark_rule(color=SOFT_INK, strokeDash=[4, 3], strokeWidth=1.5).encode(x="begun:T")
    sides: tuple[tuple[str, Literal["left", "right"], int], ...] = (
        ("false", "left", 4),
        ("true", "right", -4),
    )
    labels = [
        begun.transform_filter(f"datum.late == {late}")
        .mark_text(align=align, dx=shift)
        .encode(x="begun:T", y=alt.value(-8), text=alt.value(_("Pilot starts")))
        for late, align, shift in sides
    ]
    return finished(alt.layer(bars, rule, *labels), 240, top=8, right=12)

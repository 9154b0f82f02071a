"""Totals by week as columns: up for what came, down for what went. A specification and its rows, as in `charts`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from core.foundation.language import day_text, money_text, number_text, translator
from core.insight.charts.control import Spec, bar
from core.insight.charts.rows import Rows
from core.insight.reference import document


def columns(language: str) -> Spec:
    """Columns by week in at most two series, with a rule at the start of the pilot. Rows: `column_rows`; the
    figures are drawn as they are, so money comes in yuan. The dictionary is the caller's own copy."""
    return copy.deepcopy(_columns(language))


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
def _columns(language: str) -> Spec:
    import altair as alt

    _, style = translator(language), document("chart_style")
    words = "%-m月%-d日" if language == "zh" else "%-d %b"
    time = alt.Axis(title=None, format=words, grid=False, labelOverlap=True, tickCount=5)
    # what goes is drawn downwards, but nobody redeems minus 300 points
    amount = alt.Axis(title=None, tickCount=5, labelExpr="format(abs(datum.value), ',~r')")
    base = alt.Chart(alt.NamedData("rows")).transform_calculate(
        on="toDate(datum.week)", until="toDate(datum.week) + 5.6 * 86400000", begun="toDate(datum.start)"
    )
    x = alt.X("on:T", scale=alt.Scale(type="utc"), axis=time)
    bars = base.mark_bar(cornerRadius=1).encode(
        x=x, x2="until:T", y=alt.Y("value:Q", axis=amount, scale=alt.Scale(zero=True, nice=True)), y2=alt.datum(0),
        color=alt.Color(
            "second:N", legend=None, scale=alt.Scale(domain=[False, True], range=style["series"][:2])
        ),
        tooltip=[
            alt.Tooltip("day:N", title=_("Week of")), alt.Tooltip("series:N", title=_("Counted")),
            alt.Tooltip("text:N", title=_("Value")),
        ],
    )  # fmt: skip
    begun = base.transform_filter("isValid(datum.start)")
    rule = begun.mark_rule(color=style["soft_ink"], strokeDash=[4, 3], strokeWidth=1.5).encode(x="begun:T")
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
    spec: dict[str, Any] = alt.layer(bars, rule, *labels).properties(width="container", height=240).to_dict()
    for key in ("data", "datasets", "$schema"):
        spec.pop(key, None)
    padding = {"left": 5, "top": 8, "bottom": 5, "right": 12}
    return spec | {"config": bar(language)["config"], "padding": padding}

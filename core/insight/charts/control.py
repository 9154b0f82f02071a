"""Charts as Vega-Lite specifications, apart from their data: `st.vega_lite_chart(rows, spec, theme=None)`.

A specification is built once for a language and kind and holds no figures; the rows come fresh with every
run and are plain dictionaries in words a table can show too. Widths follow the container, down to a
phone of 360 px; what a colour says, a shape or a word says as well. `core.insight.chart_words` puts a chart
into words.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from core.foundation.appearance.palette import CARD, JUDGEMENTS, LIMITS, MEAN, SERIES, TARGET
from core.foundation.appearance.typefaces import register_for_pictures
from core.foundation.language import translator
from core.insight.charts.frame import Spec, by_week, finished, how_much, legend
from core.insight.charts.rows import MEANINGS, Rows, bar_rows, control_rows, weekly_rows

__all__ = [
    "bar", "bar_rows", "control", "control_rows", "picture", "weekly_line", "weekly_rows",
]  # fmt: skip


def weekly_line(language: str) -> Spec:
    """A share by week with its 95 % interval as a band, the average before and after, and a rule at the
    start of the pilot. Shape and colour change at the start. Rows: `weekly_rows`. The dictionary is the caller's own copy."""
    return copy.deepcopy(_weekly_line(language))


def control(language: str, unit: str = "share", improves: str = "increase") -> Spec:
    """A control chart: values, mean, limits, target; judgement by colour and shape. `unit`: "share" shows
    0.3 as 30 %, "number" as it is. `improves`: as the chart's own, it chooses the legend.
    Rows: `control_rows`. The dictionary is the caller's own copy."""
    return copy.deepcopy(_control(language, unit, improves == "neither"))


def bar(language: str, unit: str = "number") -> Spec:
    """Horizontal bars in the order given, each with its figure written beside it. Rows: `bar_rows`."""
    return copy.deepcopy(_bar(language, unit))


def picture(spec: Spec, rows: Rows, width: int = 900, scale: float = 2.0) -> bytes:
    """The chart as a PNG for print and messages, `width` in CSS pixels, without a browser or the internet."""
    import vl_convert

    register_for_pictures()
    drawn = {**spec, "width": width, "data": {"values": rows}, "background": CARD}
    drawn["autosize"] = {"type": "fit-x", "contains": "padding"}
    return vl_convert.vegalite_to_png(json.dumps(drawn), scale=scale, vl_version="6.4")


@cache
def _weekly_line(language: str) -> Spec:
    import altair as alt

    _ = translator(language)
    ink = {False: SERIES[5], True: SERIES[0]}
    colours = alt.Scale(domain=[False, True], range=list(ink.values()))
    shapes = alt.Scale(domain=[False, True], range=["circle", "diamond"])
    base = alt.Chart(alt.NamedData("rows")).transform_calculate(
        on="toDate(datum.week)", begun="toDate(datum.start)"
    )
    x, y = by_week(alt, language), how_much(alt, "value", "share", True)
    plain = alt.Color("later:N", scale=colours, legend=None)
    shape = alt.Shape("later:N", scale=shapes, legend=None)
    tips = [
        alt.Tooltip("day:N", title=_("Week of")), alt.Tooltip("phase:N", title=_("Phase")),
        alt.Tooltip("text:N", title=_("Share")), alt.Tooltip("counted:N", title=_("Counted")),
        alt.Tooltip("interval:N", title=_("95% interval")),
    ]  # fmt: skip
    low = how_much(alt, "low", "share", True)
    band = base.mark_area(opacity=0.15).encode(x=x, y=low, y2="high:Q", color=plain)
    average = base.mark_line(strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y="average:Q", color=plain)
    line = base.mark_line(strokeWidth=2.5, strokeJoin="round").encode(x=x, y=y, color=plain)
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(
        x=x, y=y, color=plain, shape=shape, tooltip=tips
    )
    rule = base.transform_filter("isValid(datum.start)").mark_rule(color=SERIES[1], strokeWidth=1.5)
    layers = [band, average, rule.encode(x="begun:T"), line, dots]
    return finished(alt.layer(*layers, *_headings(alt, base, ink)), 260, top=8)


def _headings(alt: Any, base: Any, ink: dict[bool, str]) -> list[Any]:
    """The averages in the two corners above the chart, in their colours, and the start above its rule: in
    the margin nothing hides a point. A late start is written to the left of its rule."""
    layers = []
    for later, align, place in ((False, "left", 0), (True, "right", "width")):
        mine = base.transform_filter(f"datum.note && datum.later == {str(later).lower()}")
        mark = mine.mark_text(align=align, color=ink[later], fontWeight=600)
        layers.append(mark.encode(x=alt.value(place), y=alt.value(-30), text="note:N"))
    for late, align in ((False, "left"), (True, "right")):
        mine = base.transform_filter(f"isValid(datum.start) && datum.late == {str(late).lower()}")
        layers.append(mine.mark_text(align=align).encode(x="begun:T", y=alt.value(-10), text="start_label:N"))
    return layers


@cache
def _control(language: str, unit: str, neutral: bool) -> Spec:
    import altair as alt

    _ = translator(language)
    names = {key: _(MEANINGS[key]) for key in JUDGEMENTS}
    shown = ["common_cause", "neutral"] if neutral else ["common_cause", "improvement", "concern"]
    named = legend(alt, values=[names[key] for key in shown])
    domain = list(names.values())
    colours = alt.Scale(domain=domain, range=[colour for colour, _shape in JUDGEMENTS.values()])
    shapes = alt.Scale(domain=domain, range=[shape for _colour, shape in JUDGEMENTS.values()])
    base = alt.Chart(alt.NamedData("rows")).transform_calculate(on="toDate(datum.week)")
    points = base.transform_filter("isValid(datum.week)")
    x, y = by_week(alt, language), how_much(alt, "value", unit, False)

    def level(field: str, ink: str, dash: list[int]) -> Any:
        # a week without a value has no limits of its own: the line runs on
        known = points.transform_filter(f"isValid(datum.{field})")
        mark = known.mark_line(color=ink, strokeDash=dash, strokeWidth=1.3, interpolate="step")
        return mark.encode(x=x, y=alt.Y(f"{field}:Q"), detail="segment:N")

    levels = [
        level("lower", LIMITS, [6, 4]), level("upper", LIMITS, [6, 4]),
        level("mean", MEAN, [1, 0]), level("target", TARGET, [2, 3]),
    ]  # fmt: skip
    line = points.mark_line(color=LIMITS, strokeWidth=2, strokeJoin="round").encode(x=x, y=y)
    dots = points.mark_point(filled=True, size=55, opacity=1).encode(
        x=x, y=y, tooltip=_control_tips(alt, language),
        color=alt.Color("meaning:N", scale=colours, legend=named),
        shape=alt.Shape("meaning:N", scale=shapes, legend=named),
    )  # fmt: skip
    labels = base.transform_filter("isValid(datum.line_at)").mark_text(align="left", dx=6, fontSize=11)
    ends = labels.encode(x=alt.value("width"), y="line_at:Q", text="line:N")
    return finished(alt.layer(*levels, line, dots, ends), 260)


def _control_tips(alt: Any, language: str) -> list[Any]:
    _ = translator(language)
    return [
        alt.Tooltip("day:N", title=_("Week of")), alt.Tooltip("text:N", title=_("Value")),
        alt.Tooltip("counted:N", title=_("Counted")), alt.Tooltip("limits:N", title=_("Limits")),
        alt.Tooltip("meaning:N", title=_("Reading")), alt.Tooltip("reason:N", title=_("Because")),
    ]  # fmt: skip


@cache
def _bar(language: str, unit: str) -> Spec:
    import altair as alt

    axis = alt.Axis(title=None, labelLimit=150, domain=False, ticks=False)
    base = alt.Chart(alt.NamedData("rows")).encode(y=alt.Y("label:N", sort=None, axis=axis))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=SERIES[0], height={"band": 0.62}).encode(x=x)
    figures = base.mark_text(align="left", dx=6).encode(x=x, text="text:N")
    return finished(alt.layer(bars, figures), {"step": 34}, right=48)

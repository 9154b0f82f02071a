"""Charts as Vega-Lite specifications, apart from their data: `st.vega_lite_chart(rows, spec, theme=None)`.

A specification is built once for a language and kind and holds no figures; the rows come fresh with every
run and are plain dictionaries in words a table can show too. Widths follow the container, down to a
phone of 360 px; what a colour says, a shape or a word says as well. Colours, fonts and their sources:
data/reference/insight/chart_style.json. `core.insight.chart_words` puts a chart into words.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.foundation.language import translator
from core.foundation.open_types import Raw
from core.insight.charts.rows import MEANINGS, Rows, bar_rows, control_rows, weekly_rows
from core.insight.reference import document

if TYPE_CHECKING:
    # Loaded for the first chart only: altair takes half a second.
    from altair import Chart, FacetChart, LayerChart, Legend, Tooltip, X, Y

__all__ = [
    "bar", "bar_rows", "control", "control_rows", "picture", "weekly_line", "weekly_rows",
]  # fmt: skip

# A Vega-Lite specification: JSON, whose keys are Vega's.
Spec: TypeAlias = Raw
Side = Literal["left", "right"]


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

    _register_fonts()
    drawn = {**spec, "width": width, "data": {"values": rows}, "background": "#FFFFFF"}
    drawn["autosize"] = {"type": "fit-x", "contains": "padding"}
    return vl_convert.vegalite_to_png(json.dumps(drawn), scale=scale, vl_version="6.4")


@cache
def _register_fonts() -> None:
    """Chinese type for machines that have none: the font of the printed documents."""
    import pylopdf_fonts_zh_cn
    import vl_convert

    vl_convert.register_font_directory(str(Path(pylopdf_fonts_zh_cn.__file__).parent))


@cache
def _style() -> Raw:
    return document("chart_style")


def _finished(chart: LayerChart | FacetChart) -> Spec:
    """The specification with the house's type and lines, without data."""
    style = _style()
    text = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": style["soft_ink"]}
    spec: Spec = chart.properties(width="container").to_dict(validate=True)
    for key in ("data", "datasets", "$schema"):
        spec.pop(key, None)
    spec["config"] = {
        "font": ", ".join(f"'{name}'" if " " in name else name for name in style["fonts"]),
        "view": {"stroke": None},
        "axis": {
            **text,
            "gridColor": style["line"],
            "domainColor": style["line"],
            "tickColor": style["line"],
        },
        "legend": {**text, "labelLimit": 240, "symbolSize": 90},
        "text": {"fontSize": 12, "color": style["ink"]},
    }
    return spec


def _when(language: str) -> X:
    """The time axis, in the words of the language; never shifted by the reader's time zone."""
    import altair as alt

    words = "%-m月%-d日" if language == "zh" else "%-d %b"
    axis = alt.Axis(title=None, format=words, grid=False, labelOverlap=True, tickCount=5)
    return alt.X("on:T", scale=alt.Scale(type="utc"), axis=axis)


def _how_much(field: str, unit: str, zero: bool) -> Y:
    import altair as alt

    axis = alt.Axis(title=None, format=".0%" if unit == "share" else ",~r", tickCount=5)
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=zero, nice=True))


def _legend(names: list[str]) -> Legend:
    import altair as alt

    return alt.Legend(title=None, orient="bottom", columns=2, values=names)


@cache
def _weekly_line(language: str) -> Spec:
    import altair as alt

    _, style = translator(language), _style()
    ink = {False: style["series"][5], True: style["series"][0]}
    colours = alt.Scale(domain=[False, True], range=list(ink.values()))
    shapes = alt.Scale(domain=[False, True], range=["circle", "diamond"])
    base = alt.Chart(alt.NamedData("rows")).transform_calculate(
        on="toDate(datum.week)", begun="toDate(datum.start)"
    )
    x, y = _when(language), _how_much("value", "share", True)
    plain = alt.Color("later:N", scale=colours, legend=None)
    shape = alt.Shape("later:N", scale=shapes, legend=None)
    tips = [
        alt.Tooltip("day:N", title=_("Week of")), alt.Tooltip("phase:N", title=_("Phase")),
        alt.Tooltip("text:N", title=_("Share")), alt.Tooltip("counted:N", title=_("Counted")),
        alt.Tooltip("interval:N", title=_("95% interval")),
    ]  # fmt: skip
    low = _how_much("low", "share", True)
    band = base.mark_area(opacity=0.15).encode(x=x, y=low, y2="high:Q", color=plain)
    average = base.mark_line(strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y="average:Q", color=plain)
    line = base.mark_line(strokeWidth=2.5, strokeJoin="round").encode(x=x, y=y, color=plain)
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(
        x=x, y=y, color=plain, shape=shape, tooltip=tips
    )
    rule = base.transform_filter("isValid(datum.start)").mark_rule(color=style["series"][1], strokeWidth=1.5)
    layers = [band, average, rule.encode(x="begun:T"), line, dots]
    return _finished(alt.layer(*layers, *_headings(base, ink)).properties(height=260)) | {
        "padding": {"left": 5, "top": 8, "bottom": 5, "right": 5}
    }


def _headings(base: Chart, ink: dict[bool, str]) -> list[Chart]:
    """The averages in the two corners above the chart, in their colours, and the start above its rule: in
    the margin nothing hides a point. A late start is written to the left of its rule."""
    import altair as alt

    layers = []
    averages: tuple[tuple[bool, Side, int | str], ...] = ((False, "left", 0), (True, "right", "width"))
    starts: tuple[tuple[bool, Side], ...] = ((False, "left"), (True, "right"))
    for later, align, place in averages:
        mine = base.transform_filter(f"datum.note && datum.later == {str(later).lower()}")
        mark = mine.mark_text(align=align, color=ink[later], fontWeight=600)
        layers.append(mark.encode(x=alt.value(place), y=alt.value(-30), text="note:N"))
    for late, side in starts:
        mine = base.transform_filter(f"isValid(datum.start) && datum.late == {str(late).lower()}")
        layers.append(mine.mark_text(align=side).encode(x="begun:T", y=alt.value(-10), text="start_label:N"))
    return layers


@cache
def _control(language: str, unit: str, neutral: bool) -> Spec:
    import altair as alt

    _, style = translator(language), _style()
    looks = style["judgements"]
    names = {key: _(MEANINGS[key]) for key in looks}
    shown = ["common_cause", "neutral"] if neutral else ["common_cause", "improvement", "concern"]
    legend = _legend([names[key] for key in shown])
    domain = list(names.values())
    colours = alt.Scale(domain=domain, range=[look["colour"] for look in looks.values()])
    shapes = alt.Scale(domain=domain, range=[look["shape"] for look in looks.values()])
    base = alt.Chart(alt.NamedData("rows")).transform_calculate(on="toDate(datum.week)")
    points = base.transform_filter("isValid(datum.week)")
    x, y = _when(language), _how_much("value", unit, False)

    def level(field: str, ink: str, dash: list[int]) -> Chart:
        # a week without a value has no limits of its own: the line runs on
        known = points.transform_filter(f"isValid(datum.{field})")
        mark = known.mark_line(color=ink, strokeDash=dash, strokeWidth=1.3, interpolate="step")
        drawn: Chart = mark.encode(x=x, y=alt.Y(f"{field}:Q"), detail="segment:N")
        return drawn

    levels = [
        level("lower", style["limits"], [6, 4]), level("upper", style["limits"], [6, 4]),
        level("mean", style["mean"], [1, 0]), level("target", style["target"], [2, 3]),
    ]  # fmt: skip
    line = points.mark_line(color=style["limits"], strokeWidth=2, strokeJoin="round").encode(x=x, y=y)
    dots = points.mark_point(filled=True, size=55, opacity=1).encode(
        x=x, y=y, tooltip=_control_tips(language),
        color=alt.Color("meaning:N", scale=colours, legend=legend),
        shape=alt.Shape("meaning:N", scale=shapes, legend=legend),
    )  # fmt: skip
    labels = base.transform_filter("isValid(datum.line_at)").mark_text(align="left", dx=6, fontSize=11)
    ends = labels.encode(x=alt.value("width"), y="line_at:Q", text="line:N")
    spec = _finished(alt.layer(*levels, line, dots, ends).properties(height=260))
    return spec | {"padding": {"left": 5, "top": 5, "bottom": 5, "right": 5}}


def _control_tips(language: str) -> list[Tooltip]:
    import altair as alt

    _ = translator(language)
    return [
        alt.Tooltip("day:N", title=_("Week of")), alt.Tooltip("text:N", title=_("Value")),
        alt.Tooltip("counted:N", title=_("Counted")), alt.Tooltip("limits:N", title=_("Limits")),
        alt.Tooltip("meaning:N", title=_("Reading")), alt.Tooltip("reason:N", title=_("Because")),
    ]  # fmt: skip


@cache
def _bar(language: str, unit: str) -> Spec:
    import altair as alt

    style = _style()
    axis = alt.Axis(title=None, labelLimit=150, domain=False, ticks=False)
    base = alt.Chart(alt.NamedData("rows")).encode(y=alt.Y("label:N", sort=None, axis=axis))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(zero=True))
    bars = base.mark_bar(color=style["series"][0], height={"band": 0.62}).encode(x=x)
    figures = base.mark_text(align="left", dx=6).encode(x=x, text="text:N")
    spec = _finished(alt.layer(bars, figures).properties(height={"step": 34}))
    return spec | {"padding": {"left": 5, "top": 5, "bottom": 5, "right": 48}}

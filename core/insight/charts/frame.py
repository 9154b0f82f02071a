"""What every chart of the house shares: its type and lines, the axis of weeks, the axis of figures, no data in it."""

from __future__ import annotations

from typing import Any

from core.foundation.appearance.chart_style import chart_config

Spec = dict[str, Any]


def finished(chart: Any, height: int | dict[str, int], top: int = 5, right: int = 5) -> Spec:
    """The specification, as wide as its place, without data; `top` and `right` pixels are kept free for words."""
    spec: Spec = chart.properties(width="container", height=height).to_dict(validate=True)
    for key in ("data", "datasets", "$schema"):
        spec.pop(key, None)
    return spec | {"config": chart_config(), "padding": {"left": 5, "top": top, "bottom": 5, "right": right}}


def by_week(alt: Any, language: str) -> Any:
    """The time axis, in the words of the language; never shifted by the reader's time zone."""
    words = "%-m月%-d日" if language == "zh" else "%-d %b"
    axis = alt.Axis(title=None, format=words, grid=False, labelOverlap=True, tickCount=5)
    return alt.X("on:T", scale=alt.Scale(type="utc"), axis=axis)


def how_much(alt: Any, field: str, unit: str, zero: bool) -> Any:
    """The axis of figures: `unit` "share" shows 0.3 as 30 %, "number" as it is, "size" without its sign."""
    axis = alt.Axis(title=None, tickCount=5, format=".0%" if unit == "share" else ",~r")
    if unit == "size":
        axis = alt.Axis(title=None, tickCount=5, labelExpr="format(abs(datum.value), ',~r')")
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=zero, nice=True))


def legend(alt: Any, **parts: Any) -> Any:
    return alt.Legend(title=None, orient="bottom", columns=2, **parts)

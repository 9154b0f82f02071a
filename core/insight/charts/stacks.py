"""Totals as horizontal bars made of their parts. A specification and its rows, as in `charts`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.foundation.appearance.palette import JADE_WASH
from core.foundation.language import number_text, translator
from core.insight.charts.frame import Spec, finished, legend
from core.insight.charts.rows import Rows


@dataclass(frozen=True)
class Part:
    """One series of the stack: its name, its colour and the colour of words written upon it."""

    name: str
    colour: str
    on: str


def stack(language: str, parts: Sequence[Part], top: float) -> Spec:
    """Bars from 0 to at most `top`, in the order given; every part carries its number, which the legend repeats,
    so that no part is known by its colour alone. Rows: `stack_rows`. The dictionary is the caller's own copy."""
    return copy.deepcopy(_stack(language, tuple(parts), top))


def stack_rows(
    totals: Mapping[str, float],
    shares: Mapping[str, Sequence[float]],
    parts: Sequence[Part],
    language: str,
) -> Rows:
    """Rows for `stack`: `totals` by bar, `shares` by bar in the order of `parts`."""
    rows: Rows = []
    for label, whole in totals.items():
        from_here = 0.0
        for number, (part, value) in enumerate(zip(parts, shares[label], strict=True), start=1):
            rows.append(
                {
                    "label": label,
                    "part": f"{number} {part.name}",
                    "number": str(number),
                    "start": from_here,
                    "end": from_here + value,
                    "middle": from_here + value / 2,
                    "on": part.on,
                    "value": value,
                    "text": number_text(value, language, "0.00"),
                    "total": whole if number == 1 else None,
                    "total_text": number_text(whole, language, "0.00") if number == 1 else "",
                }
            )
            from_here += value
    return rows


@cache
def _stack(language: str, parts: tuple[Part, ...], top: float) -> Spec:
    import altair as alt

    _ = translator(language)
    names = [f"{number} {part.name}" for number, part in enumerate(parts, start=1)]
    colours = alt.Scale(domain=names, range=[part.colour for part in parts])
    y_axis = alt.Axis(title=None, labelLimit=130, domain=False, ticks=False)
    x_axis = alt.Axis(title=None, tickCount=int(top), format="d")
    scale = alt.Scale(domain=[0, top])
    base = alt.Chart(alt.NamedData("rows")).encode(y=alt.Y("label:N", sort=None, axis=y_axis))
    bars = base.mark_bar(stroke=JADE_WASH, strokeWidth=1, height={"band": 0.72}).encode(
        x=alt.X("start:Q", axis=x_axis, scale=scale),
        x2="end:Q",
        color=alt.Color("part:N", scale=colours, legend=legend(alt, symbolType="square"), sort=None),
        tooltip=[
            alt.Tooltip("label:N", title=_("Department")), alt.Tooltip("part:N", title=_("Criterion")),
            alt.Tooltip("text:N", title=_("Contribution")),
        ],
    )  # fmt: skip
    # a number in a part too thin for it would spill into its neighbours
    numbers = base.transform_filter(f"datum.value > {top / 40}").mark_text(fontSize=11, fontWeight=600)
    numbers = numbers.encode(x="middle:Q", text="number:N", color=alt.Color("on:N", scale=None))
    figures = base.transform_filter("isValid(datum.total)").mark_text(align="left", dx=6, fontWeight=600)
    figures = figures.encode(x="total:Q", text="total_text:N")
    return finished(alt.layer(bars, numbers, figures), {"step": 38}, right=34)

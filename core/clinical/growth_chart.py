"""The growth curve: centile lines of a published standard with the patient's own points, screen and print.

A curve and a number, no verdict: the same colours wherever a point lies, no sex, no diagnosis, and the
sentence that the doctor will explain. The Vega-Lite specification is the same for every patient and built
once per measure, language and medium; only the rows change: `st.vega_lite_chart(rows, spec)` draws them.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

import vl_convert
from PIL import Image

from core.clinical.dating import GestationalAge
from core.clinical.fetal_growth import centile_of, centile_text, value_at
from core.clinical.growth_standards import Standard, standard
from core.clinical.reference import measured
from core.foundation.appearance.chart_style import Medium, chart_config
from core.foundation.appearance.palette import (
    CARD,
    CORAL,
    INK,
    JADE,
    JADE_DARK,
    JADE_MIST,
    JADE_WASH,
    SOFT_INK,
)
from core.foundation.appearance.typefaces import register_for_pictures
from core.foundation.language import N_, number_text, translator

CENTILES = (3, 10, 50, 90, 97)
# 10 and 90 lie too close to their neighbours to be named as well; what the lines are is said beside the chart.
NAMED = (3, 50, 97)


def chart_spec(measure: str, language: str, medium: Medium = "screen") -> dict[str, Any]:
    """The Vega-Lite specification of one measure's curve (mm, g; SFH cm) without any patient in it.

    The patient's rows (`chart_rows`) become its top-level data. The specification must not name that data:
    Streamlit then shows the curve without the points. On screen it is as wide as its place, in print 640 × 400. Bands: centiles 3, 10, 50, 90, 97. Standards, ranges and sources:
    `fetal_growth`. Refuses an unknown measure.
    """
    return copy.deepcopy(_spec(measure, language, medium))


def chart_rows(measure: str, readings: Iterable[tuple[int, float]], language: str) -> list[dict[str, Any]]:
    """The patient's points for `chart_spec`: (gestational age in days, value in the standard's unit) pairs.

    A point outside the published weeks is drawn where it belongs but carries no centile. Refuses values that
    are no measurements.
    """
    curve = standard(measure)
    _ = translator(language)
    rows: list[dict[str, Any]] = []
    for days, value in sorted(readings):
        inside = curve.covers(days)
        rows.append(
            {
                "weeks": days / 7,
                "value": measured(value),
                "week_text": str(GestationalAge(int(days))),
                "value_text": value_text(curve, value, language),
                "centile_text": (
                    centile_text(centile_of(measure, days, value), language)
                    if inside
                    else _(N_("outside the published weeks"))
                ),
                "label": "",
            }
        )
    if rows:
        # Only the newest point is named, so that names never lie over each other.
        rows[-1]["label"] = f"{rows[-1]['week_text']}: {rows[-1]['value_text']}"
    return rows


def chart_image(
    measure: str,
    readings: Iterable[tuple[int, float]],
    language: str,
    kind: Literal["png", "svg"] = "png",
    scale: float = 2,
    size: tuple[int, int] = (640, 400),
) -> bytes:
    """The curve with the patient's points as a picture, PNG or SVG bytes, for documents and for the phone.

    `size`: of the plot inside the axes; (290, 300) makes a picture for a phone, at 100 % of its text size.
    `scale`: pixels of the PNG per unit (2: 210 dpi on 18 cm). Drawn without a browser or the internet, in
    Noto Sans SC. Other arguments and refusals as `chart_rows`.
    """
    register_for_pictures()
    spec = chart_spec(measure, language, "print")
    spec["width"], spec["height"] = size
    spec["data"] = {"values": chart_rows(measure, readings, language)}
    if kind == "svg":
        return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode()
    return smaller(vl_convert.vegalite_to_png(spec, scale=scale, allowed_base_urls=[]))


def reading_text(measure: str, days: int, value: float, language: str) -> str:
    """One reading as a sentence, for readers who do not see the picture; that the doctor explains it stands beside
    the readings, once.

    "Week 28+0: head circumference 260 mm, centile 48." Refuses as `centile_of`.
    """
    _ = translator(language)
    curve = standard(measure)
    return _(
        N_("Week {week}: {measure} {value}, {centile}."),
        week=str(GestationalAge(days)),
        measure=_(curve.name),
        value=value_text(curve, value, language),
        centile=centile_text(centile_of(measure, days, value), language),
    )


def value_text(curve: Standard, value: float, language: str) -> str:
    """A value with its unit, as precise as it is measured: 1 mm, 1 g, 0.5 cm shown as "260 mm", "1,800 g"."""
    pattern = "#,##0" if curve.unit == "g" else "#,##0.#"
    return f"{number_text(value, language, pattern)} {curve.unit}"


def smaller(png: bytes) -> bytes:
    """The same picture in a palette of 128 colours: a seventh of the bytes, and flat colours lose nothing."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        # Octree keeps small areas exact; the default method turns the few coral points brown.
        method, dither = Image.Quantize.FASTOCTREE, Image.Dither.NONE
        palette = picture.convert("RGB").quantize(128, method=method, dither=dither)
        palette.save(out, "PNG", optimize=True, dpi=picture.info.get("dpi", (144, 144)))
    return out.getvalue()


@cache
def _spec(measure: str, language: str, medium: Medium) -> dict[str, Any]:
    curve = standard(measure)
    size = {"width": 640, "height": 400} if medium == "print" else {"width": "container", "height": 430}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": translator(language)(N_("Growth curve: {measure}"), measure=_name(curve, language)),
        "title": _title(curve, language),
        **size,
        "layer": [*_bands(curve), *_lines(curve, language), *_patient(curve, language)],
        "config": _config(medium),
    }


def _name(curve: Standard, language: str) -> str:
    return translator(language)(curve.name)


def _title(curve: Standard, language: str) -> dict[str, Any]:
    _ = translator(language)
    # Short lines: the title does not wrap, and a phone is 340 pixels wide.
    lines = [
        _(N_("Your doctor will explain it to you.")),
        _(N_("Lines: centiles 3, 10, 50, 90 and 97")),
        _(N_("{source}, for one baby"), source=curve.label),
    ]
    return {"text": f"{_name(curve, language)} ({curve.unit})", "subtitle": lines}


def _table(curve: Standard) -> list[dict[str, float]]:
    """One row a week, and the last day of the standard: between them the curves are as good as straight."""
    days = [*range(curve.first_day, curve.last_day, 7 if curve.last_day - curve.first_day > 70 else 2)]
    rows = []
    for day in [*days, curve.last_day]:
        values = {f"p{c}": round(value_at(curve.measure, day, c), 2) for c in CENTILES}
        rows.append({"weeks": round(day / 7, 4), **values})
    return rows


def _bands(curve: Standard) -> list[dict[str, Any]]:
    table = {"values": _table(curve)}
    return [
        {
            "data": table,
            "mark": {"type": "area", "color": colour, "interpolate": "monotone"},
            "encoding": {
                "x": {"field": "weeks", "type": "quantitative"},
                "y": {"field": low, "type": "quantitative"},
                "y2": {"field": high},
            },
        }
        for low, high, colour in (("p3", "p97", JADE_WASH), ("p10", "p90", JADE_MIST))
    ]


def _lines(curve: Standard, language: str) -> list[dict[str, Any]]:
    """The five centile lines, those of `NAMED` with their name at the right end, so that no legend is needed."""
    table = _table(curve)
    layers: list[dict[str, Any]] = []
    for centile in CENTILES:
        middle = centile == 50
        mark = {
            "type": "line",
            "interpolate": "monotone",
            "color": JADE_DARK if middle else JADE,
            "strokeWidth": 2 if middle else 0.8,
            "strokeDash": [1, 0] if middle else [4, 3],
        }
        place = {"x": _x(curve, language), "y": _y(f"p{centile}")}
        layers.append({"data": {"values": table}, "mark": mark, "encoding": place})
        if centile not in NAMED:
            continue
        name = {
            "type": "text",
            "align": "left",
            "dx": 5,
            "text": str(centile),
            "fontSize": 11,
            "color": JADE_DARK,
        }
        layers.append({"data": {"values": table[-1:]}, "mark": name, "encoding": place})
    return layers


def _patient(curve: Standard, language: str) -> list[dict[str, Any]]:
    """The points, no line between them: growth bends, and a straight line would seem to leave its centile."""
    _ = translator(language)
    place = {"x": _x(curve, language), "y": _y("value")}
    tooltip = [
        {"field": "week_text", "type": "nominal", "title": _(N_("Week of pregnancy"))},
        {"field": "value_text", "type": "nominal", "title": _name(curve, language)},
        {"field": "centile_text", "type": "nominal", "title": _(N_("Centile"))},
    ]
    point = {"type": "point", "filled": True, "size": 110, "color": CORAL, "opacity": 1}
    align = {"expr": _towards_the_middle(curve)}
    label = {"type": "text", "dy": -15, "fontSize": 13, "color": INK, "align": align}
    # A paper-coloured outline keeps the label readable over the lines.
    halo = label | {"stroke": CARD, "strokeWidth": 3, "strokeJoin": "round", "color": CARD}
    named = place | {"text": {"field": "label", "type": "nominal"}}
    return [
        {"mark": point | {"stroke": CARD, "strokeWidth": 1.5}, "encoding": place | {"tooltip": tooltip}},
        {"mark": halo, "encoding": named},
        {"mark": label, "encoding": named},
    ]


def _towards_the_middle(curve: Standard) -> str:
    """A Vega expression that keeps the label of a point near either end inside the chart."""
    margin = (curve.last_day - curve.first_day) / 7 / 8
    left, right = curve.first_day / 7 + margin, curve.last_day / 7 - margin
    return f"datum.weeks > {right:.2f} ? 'right' : datum.weeks < {left:.2f} ? 'left' : 'center'"


def _x(curve: Standard, language: str) -> dict[str, Any]:
    first, last = -(-curve.first_day // 7), curve.last_day // 7
    step = 1 if last - first < 12 else 2
    return {
        "field": "weeks",
        "type": "quantitative",
        "scale": {"zero": False, "nice": False},
        "axis": {
            "title": translator(language)(N_("Weeks of pregnancy")),
            "values": list(range(first + first % step, last + 1, step)),
            "labelFlush": False,
        },
    }


def _y(field: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"title": None, "tickCount": 8},
    }


def _config(medium: Medium) -> dict[str, Any]:
    return {
        **chart_config(medium),
        "background": CARD,
        "padding": {"left": 8, "right": 8 if medium == "print" else 28, "top": 10, "bottom": 8},
        "title": {
            "anchor": "start", "fontSize": 18, "fontWeight": "bold", "color": INK,
            "subtitleFontSize": 12, "subtitleColor": SOFT_INK, "subtitlePadding": 5, "offset": 18,
        },
    }  # fmt: skip

"""Small charts of what she scored, measured and did: one each, built anew only when a number came."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core.dialogue.her_file import Point, Series
from core.foundation.appearance.chart_style import chart_config
from core.foundation.appearance.palette import CORAL, JADE, SOFT_INK
from core.foundation.language import day_text, moment_text, number_text, translator

HEIGHT = 132
TOP_SCORE = 10


@lru_cache(maxsize=128)
def chart(series: Series, language: str, zone: ZoneInfo) -> dict[str, Any]:
    """The Vega-Lite specification of one series with its numbers; the caller does not change it."""
    rows = [_row(point, series, language, zone) for point in series.points]
    layers = [_bars() if series.kind == "count" else _line()]
    if series.kind != "count":
        layers.append(_points())
    level = series.dose if series.kind == "count" else series.limit
    if level is not None:
        layers.append(_level(level))
    return {
        "data": {"values": rows},
        "height": HEIGHT,
        "width": "container",
        "description": f"{series.title}: {described(series, language)}",
        "encoding": {
            "x": {
                "field": "x", "type": "ordinal", "sort": None, "title": None,
                "axis": {"labelAngle": 0, "labelOverlap": True, "labelExpr": "split(datum.label, '|')[0]", "grid": False},
            },
            "y": {
                "field": "number", "type": "quantitative", "title": series.unit or None,
                "scale": _scale(series), "axis": {"tickCount": 4},
            },
            "tooltip": [{"field": "said", "type": "nominal", "title": series.title}],
        },
        "layer": layers,
        "config": chart_config(),
    }  # fmt: skip


def described(series: Series, language: str) -> str:
    """The same in words, without its title: how many, the last, the lowest and the highest."""
    _ = translator(language)
    numbers = [point.number for point in series.points]
    words = _(
        "n = {n}, last {last}, lowest {low}, highest {high}", n=len(numbers),
        last=number_text(numbers[-1], language), low=number_text(min(numbers), language),
        high=number_text(max(numbers), language),
    )  # fmt: skip
    return " · ".join(part for part in (words, _level_words(series, language)) if part)


def _row(point: Point, series: Series, language: str, zone: ZoneInfo) -> dict[str, Any]:
    day = day_text(point.day, language)
    said = f"{number_text(point.number, language)}{f' {series.unit}' if series.unit else ''}"
    return {
        "x": f"{day}|{point.at.isoformat()}" if series.kind != "count" else f"{day}|{point.day.isoformat()}",
        "number": point.number,
        "sign": bool(point.level),
        "said": f"{said} · {moment_text(point.at, language, zone)}",
    }


def _scale(series: Series) -> dict[str, Any]:
    if series.kind == "scale":
        return {"domain": [0, TOP_SCORE]}
    if series.kind == "count":
        return {"zero": True}
    numbers = [
        *(point.number for point in series.points),
        *([series.limit] if series.limit is not None else []),
    ]
    # One number alone says nothing of its range: a tenth of itself on either side keeps the axis in round steps.
    room = (
        max((max(numbers) - min(numbers)) * 0.15, 0.5)
        if min(numbers) < max(numbers)
        else max(numbers[0] / 10, 1)
    )
    return {"domain": [min(numbers) - room, max(numbers) + room], "zero": False, "nice": True}


def _line() -> dict[str, Any]:
    return {"mark": {"type": "line", "color": JADE, "strokeWidth": 1.6}}


def _points() -> dict[str, Any]:
    """A sign has another colour and another shape."""
    return {
        "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1},
        "encoding": {
            "color": {"condition": {"test": "datum.sign", "value": CORAL}, "value": JADE},
            "shape": {"condition": {"test": "datum.sign", "value": "triangle-up"}, "value": "circle"},
        },
    }


def _bars() -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "size": 14, "cornerRadiusEnd": 3},
        "encoding": {"color": {"condition": {"test": "datum.sign", "value": CORAL}, "value": JADE}},
    }


def _level(value: float) -> dict[str, Any]:
    """The rule's number, or her dose, as a hairline; its words stand below the chart."""
    return {
        "mark": {"type": "rule", "color": SOFT_INK, "strokeDash": [4, 3]},
        "encoding": {"y": {"datum": value}, "x": None, "tooltip": None},
    }


def _level_words(series: Series, language: str) -> str:
    """What the hairline is; "" without one."""
    _ = translator(language)
    if (series.dose if series.kind == "count" else series.limit) is None:
        return ""
    if series.kind == "count":
        return _("her dose: {n} a day", n=number_text(series.dose or 0, language))
    return _("a sign from {n} on", n=number_text(series.limit or 0, language))

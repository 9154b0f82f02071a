"""The growth curve as a small inline drawing: the published centile lines, the patient's own points, no verdict.

The numbers are `core.clinical`'s; this module only draws. Points have one colour wherever they lie.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from core.clinical.fetal_growth import value_at
from core.clinical.growth_chart import CENTILES, NAMED, reading_text, value_text
from core.clinical.growth_standards import Standard, standard
from core.foundation.appearance.palette import CARD, CORAL, JADE, JADE_MIST, JADE_WASH, LINE, SOFT_INK
from core.foundation.language import number_text, translator
from core.phone.journey import Growth

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 360, 300, 44, 26, 12, 28
# The column of a measurement and the published standard it is drawn on; weights are estimated by Hadlock's formula.
MEASURES = (("efw_g", "EFW_HADLOCK_2020"), ("hc_mm", "HC"), ("ac_mm", "AC"), ("fl_mm", "FL"))


@dataclass(frozen=True)
class Chart:
    """A drawn measure: its name and source as catalogue texts, and each reading as a sentence, newest first."""

    name: str
    unit: str
    source: str
    drawing: Markup
    sentences: tuple[str, ...]


def readings(growth: Iterable[Growth]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Per measure the (days, value) pairs that lie in its published weeks; measures without any are left out."""
    days = list(growth)
    found = []
    for column, measure in MEASURES:
        curve = standard(measure)
        pairs = [
            (one.ga_days, float(getattr(one, column)))
            for one in days
            if getattr(one, column) is not None and curve.covers(one.ga_days)
        ]
        if pairs:
            found.append((measure, pairs))
    return found


def name_of(measure: str) -> str:
    """The name of a measure, a catalogue text."""
    return standard(measure).name


def chart(measure: str, pairs: list[tuple[int, float]], language: str) -> Chart:
    curve = standard(measure)
    sentences = tuple(reading_text(measure, days, value, language) for days, value in reversed(pairs))
    return Chart(curve.name, curve.unit, curve.label, _drawn(measure, pairs, language), sentences)


def _drawn(measure: str, pairs: list[tuple[int, float]], language: str) -> Markup:
    curve = standard(measure)
    _ = translator(language)
    points = "".join(
        f'<circle cx="{_x(curve, days):.1f}" cy="{_y(curve, value):.1f}" r="5" fill="{CORAL}" stroke="{CARD}" '
        f'stroke-width="1.5"/>'
        for days, value in pairs
    )
    line = " ".join(f"{_x(curve, days):.1f},{_y(curve, value):.1f}" for days, value in pairs)
    joined = (
        f'<polyline points="{line}" fill="none" stroke="{CORAL}" stroke-width="1.5"/>'
        if len(pairs) > 1
        else ""
    )
    label = _(
        "{measure}, newest {value}", measure=_(curve.name), value=value_text(curve, pairs[-1][1], language)
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="11" fill="{}">{}{}</svg>'
    ).format(WIDTH, HEIGHT, label, SOFT_INK, Markup(_frame(measure, language)), Markup(joined + points))


@cache
def _frame(measure: str, language: str) -> str:
    """Bands, lines and axes of one measure: the same for every patient."""
    curve = standard(measure)
    _ = translator(language)
    parts = [_band(curve, 3, 97, JADE_WASH), _band(curve, 10, 90, JADE_MIST)]
    for week in range(-(-curve.first_day // 7), curve.last_day // 7 + 1):
        if week % 4 == 0:
            x = _x(curve, week * 7)
            name = _("W{week}", week=week)
            parts.append(
                f'<path d="M{x:.1f} {TOP}V{HEIGHT - FOOT}" stroke="{LINE}"/>'
                f'<text x="{x:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{name}</text>'
            )
    for value in _steps(curve):
        y = _y(curve, value)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{LINE}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number_text(value, language)}</text>'
        )
    for centile in CENTILES:
        steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in _line(curve, centile))
        width = 1.6 if centile == 50 else 0.8
        parts.append(f'<polyline points="{steps}" fill="none" stroke="{JADE}" stroke-width="{width}"/>')
        if centile not in NAMED:
            continue
        x, y = _line(curve, centile)[-1]
        parts.append(f'<text x="{x + 4:.1f}" y="{y + 3:.1f}" font-size="9.5">{centile}</text>')
    parts.append(f'<text x="{LEFT - 6}" y="{TOP - 1}" text-anchor="end" font-size="9.5">{curve.unit}</text>')
    return "".join(parts)


def _band(curve: Standard, low: int, high: int, colour: str) -> str:
    corners = _line(curve, low) + _line(curve, high)[::-1]
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}" fill="{colour}"/>'


def _line(curve: Standard, centile: int) -> list[tuple[float, float]]:
    days = [*range(curve.first_day, curve.last_day, 7), curve.last_day]
    return [(_x(curve, day), _y(curve, value_at(curve.measure, day, centile))) for day in days]


def _steps(curve: Standard) -> list[int]:
    top = _highest(curve.measure)
    step = next(s for s in (10, 20, 50, 100, 500, 1000) if top / s <= 6)
    return list(range(0, int(top) + 1, step))


@cache
def _highest(measure: str) -> float:
    """The upper end of the axis: a little above the highest line."""
    return value_at(measure, standard(measure).last_day, 97) * 1.08


def _x(curve: Standard, days: float) -> float:
    return LEFT + (days - curve.first_day) / (curve.last_day - curve.first_day) * (WIDTH - LEFT - RIGHT)


def _y(curve: Standard, value: float) -> float:
    return HEIGHT - FOOT - value / _highest(curve.measure) * (HEIGHT - FOOT - TOP)

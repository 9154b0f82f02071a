"""The rows that charts draw: plain dictionaries in the reader's words, which a table can show as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from core.foundation.language import N_, day_text, number_text, percent_text, translator
from core.insight.comparisons import proportion
from core.insight.spc.limits import NothingToChart
from core.insight.spc.reading import ControlChart

Rows = list[dict[str, Any]]

# the height of a line of text as a share of the chart's height
LABEL_DISTANCE = 0.065

MEANINGS = {
    "common_cause": N_("Normal variation"),
    "improvement": N_("Change for the better"),
    "concern": N_("Change for the worse"),
    "neutral": N_("Change without direction"),
}
RULES = {
    "outside": N_("beyond the limit"),
    "trend": N_("seven in one direction"),
    "two_of_three": N_("two of three near the limit"),
    "shift": N_("seven on one side of the average"),
}


def weekly_rows(
    weeks: Sequence[date],
    events: Sequence[int | None],
    totals: Sequence[int | None],
    language: str,
    pilot_start: date | None = None,
) -> Rows:
    """Rows for `weekly_line`: `events` of `totals` in the week that begins on each day of `weeks`.

    A week that begins on or after `pilot_start` counts as after. A week without a total is a gap. Refuses
    what `proportion` refuses, and nothing to chart.
    """
    _ = translator(language)
    if not any(totals):
        raise NothingToChart()
    after = [pilot_start is not None and week >= pilot_start for week in weeks]
    counts = list(zip(weeks, events, totals, after, strict=True))
    averages, rows = {}, []
    for phase in set(after):
        seen = [(event or 0, total) for _week, event, total, later in counts if later == phase and total]
        averages[phase] = (
            proportion(sum(e for e, _t in seen), sum(t for _e, t in seen)).estimate if seen else None
        )
    for week, event, total, later in counts:
        share = proportion(event or 0, total) if total else None
        rows.append(
            {
                "week": week.isoformat(),
                "day": day_text(week, language),
                "value": share.estimate if share else None,
                "low": share.low if share else None,
                "high": share.high if share else None,
                "counted": f"{share.events} / {share.n}" if share else "",
                "interval": _range(share.low, share.high, "share", language) if share else "",
                "text": _figure(share.estimate if share else None, "share", language),
                "later": later,
                "phase": _("After the start") if later else _("Before the start"),
                "average": averages[later],
                "note": "",
                "start": None,
                "start_label": "",
                "late": after.count(False) > 0.6 * len(after),
            }
        )
    _annotate(rows, after, averages, pilot_start, language)
    return rows


def _annotate(
    rows: Rows,
    after: list[bool],
    averages: dict[bool, float | None],
    pilot_start: date | None,
    language: str,
) -> None:
    """Write the averages, with their shapes, and the start of the pilot into the first row of their phase."""
    _ = translator(language)
    for later, average in averages.items():
        if average is not None:
            share = percent_text(average, language, 0)
            rows[after.index(later)]["note"] = (
                _("◆ After: average {share}", share=share)
                if later
                else _("● Before: average {share}", share=share)
            )
    if pilot_start is not None and any(after):
        first = rows[after.index(True)]
        first["start"], first["start_label"] = pilot_start.isoformat(), _("Pilot starts")


def control_rows(days: Sequence[date], chart: ControlChart, language: str, unit: str = "share") -> Rows:
    """Rows for `control`: the points of `chart` on the days given (one for each point)."""
    _ = translator(language)
    rows: Rows = []
    for day, point in zip(days, chart.points, strict=True):
        limits = point.limits if point.limits and point.limits.known else None
        rows.append(
            {
                "week": day.isoformat(),
                "day": day_text(day, language),
                "value": point.value,
                "text": _figure(point.value, unit, language),
                "mean": point.limits.mean if point.limits else None,
                "lower": limits.lower if limits else None,
                "upper": limits.upper if limits else None,
                "limits": _range(limits.lower, limits.upper, unit, language) if limits else "",
                "target": chart.target,
                "segment": point.segment,
                "meaning": _(MEANINGS[point.judgement]),
                "reason": _(RULES[point.rule]) if point.rule else "",
                "counted": f"{point.events:g} / {point.total:g}" if point.total else "",
                "line": "",
                "line_at": None,
            }
        )
    return rows + _line_labels(rows, chart, unit, language)


def _line_labels(rows: Rows, chart: ControlChart, unit: str, language: str) -> Rows:
    """Rows that only carry the names of the lines for the right end, pushed apart where they would collide."""
    _ = translator(language)
    last = rows[max(i for i, point in enumerate(chart.points) if point.value is not None)]
    lines = [(N_("mean {figure}"), last["mean"]), (N_("upper {figure}"), last["upper"])]
    lines += [(N_("lower {figure}"), last["lower"]), (N_("target {figure}"), chart.target)]
    span = [row[key] for row in rows for key in ("value", "lower", "upper", "target") if row[key] is not None]
    least = LABEL_DISTANCE * (max(span) - min(span))
    labels: Rows = []
    for text, at in sorted((line for line in lines if line[1] is not None), key=lambda line: line[1]):
        place = max(at, labels[-1]["line_at"] + least) if labels else at
        figure = percent_text(at, language, 0) if unit == "share" else number_text(at, language, "#,##0.#")
        labels.append({"line": _(text, figure=figure), "line_at": place})
    return labels


def bar_rows(labels: Sequence[str], values: Sequence[float], language: str, unit: str = "number") -> Rows:
    """Rows for `bar`, in the order given. Refuses nothing to chart."""
    if not labels:
        raise NothingToChart()
    return [
        {"label": label, "value": value, "text": _figure(value, unit, language)}
        for label, value in zip(labels, values, strict=True)
    ]


@lru_cache(maxsize=4096)
def _figure(value: float | None, unit: str, language: str) -> str:
    if value is None:
        return ""
    return percent_text(value, language) if unit == "share" else number_text(value, language, "#,##0.##")


def _range(low: float, high: float, unit: str, language: str) -> str:
    return f"{_figure(low, unit, language)} – {_figure(high, unit, language)}"

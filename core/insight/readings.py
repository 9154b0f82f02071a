"""Whether to react to the latest week: the control chart behind each figure of the dashboard.

Only complete weeks are read; half a week would look like a fall. While the pilot is young its weeks are held
against limits fixed on the baseline, so that a lasting change is seen after seven weeks; once it has thirteen
weeks of its own (the least for limits) new limits begin at its first day, and the question becomes whether *this*
week is unusual for the pilot. Without twelve weeks of baseline only the pilot's own weeks are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.insight.board import Figure, Week
from core.insight.chart_words import chart_text
from core.insight.charts.rows import Rows, control_rows
from core.insight.rates import PER
from core.insight.reference import constants
from core.insight.spc.reading import ControlChart, p_chart, u_chart


@dataclass(frozen=True)
class Reading:
    """A control chart with its weeks. Rates are per 100 visits, shares from 0 to 1."""

    chart: ControlChart
    weeks: tuple[Week, ...]
    unit: str

    def text(self, language: str) -> str:
        """What the chart says of its last complete week, as one sentence."""
        return chart_text(self.chart, language)

    def rows(self, language: str, first: date, last: date) -> Rows:
        """Rows for `charts.control`, of the weeks that touch the days from `first` to `last`."""
        rows = control_rows([week.start for week in self.weeks], self.chart, language, self.unit)
        for row, week in zip(rows, self.weeks, strict=False):
            row["counted"] = f"{week.numerator} / {week.denominator}" if week.denominator else ""
        shown = {week.start.isoformat() for week in self.weeks if week.end >= first and week.start <= last}
        return [row for row in rows if row.get("week") is None or row["week"] in shown]


def reading(figure: Figure) -> Reading | None:
    """The control chart of a share or rate; None for totals and where no complete week was counted."""
    if figure.measure.unit not in ("share", "per_100"):
        return None
    weeks, old = _read(figure)
    if not any(week.denominator for week in weeks):
        return None
    fixed, rebase = _limits(weeks, old)
    events, totals = [week.numerator for week in weeks], [week.denominator for week in weeks]
    if figure.measure.unit == "share":
        chart = p_chart(events, totals, figure.measure.improves, baseline=fixed, rebase_at=rebase)
        return Reading(chart, weeks, "share")
    visits = [total / PER for total in totals]
    # praise without a visit that week is no rate
    praised = [event if total else None for event, total in zip(events, totals, strict=True)]
    chart = u_chart(praised, visits, figure.measure.improves, baseline=fixed, rebase_at=rebase)
    return Reading(chart, weeks, "number")


def _read(figure: Figure) -> tuple[tuple[Week, ...], int]:
    """The complete weeks, and how many of them are baseline; too short or too empty a baseline is left out."""
    weeks = tuple(week for week in figure.history if week.complete)
    pilot = figure.spans.pilot
    old = [week for week in weeks if pilot and week.start < pilot]
    counted = [week for week in old if week.denominator]
    if len(counted) >= constants("spc")["baseline_least"] and any(week.numerator for week in old):
        return weeks, len(old)
    return weeks[len(old) :], 0


def _limits(weeks: Sequence[Week], old: int) -> tuple[int | None, tuple[int, ...]]:
    """(baseline, rebase_at) for the chart of these weeks, the first `old` of which lie before the pilot."""
    if not old:
        return None, ()
    own = sum(week.denominator > 0 for week in weeks[old:])
    if own >= constants("spc")["trial_below"]:
        return None, (old,)
    return (old, ()) if own else (None, ())

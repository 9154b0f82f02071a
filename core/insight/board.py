"""The dashboard's answers: each measure by week, before and after the pilot's first day, with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from core.care.tables import OfferRow
from core.design.tables import PackageRow
from core.foundation.doors import Look, question
from core.insight.comparisons import Verdict, verdict
from core.insight.measures import MEASURES, Measure
from core.insight.tables import DailyCountRow

SHARES = ("uptake", "noshow", "on_time", "satisfied", "response")


@dataclass(frozen=True)
class Week:
    """One week, beginning on Monday: numerator and denominator as counted."""

    start: date
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Figure:
    """A measure over a period. `before` and `after` are (numerator, denominator); `weeks` covers the period."""

    measure: Measure
    before: tuple[int, int]
    after: tuple[int, int]
    weeks: tuple[Week, ...]
    verdict: Verdict | None

    @property
    def value(self) -> float | None:
        """The period's value after the start: a share, a rate per 100, or a total."""
        numerator, denominator = self.after
        match self.measure.unit:
            case "share":
                return numerator / denominator if denominator else None
            case "per_100":
                return 100 * numerator / denominator if denominator else None
            case _:
                return float(numerator)


@dataclass(frozen=True)
class Board:
    """Everything on the dashboard for one choice of period and package."""

    first: date
    last: date
    pilot_start: date | None
    figures: dict[str, Figure]
    outstanding_points: int


@question("dashboard.read")
def board(look: Look, *, first: date, last: date, package_id: int | None = None) -> Board:
    """All measures from `first` to `last` (department days, both included; `last` is cut at today).

    Without a pilot start everything counts as after. Shares carry a verdict against the time before.
    """
    last = min(last, look.today)
    pilot = look.house.pilot_start
    daily = _daily(look, first, last, package_id)
    figures = {
        code: _figure(measure, daily.get(code, []), first, last, pilot) for code, measure in MEASURES.items()
    }
    return Board(first, last, pilot, figures, _outstanding(look, last, package_id))


@question("dashboard.read")
def packages(look: Look) -> list[tuple[int, str]]:
    """Packages that were ever offered, for the filter."""
    ever = select(OfferRow.package_id).distinct()
    rows = look.session.execute(
        select(PackageRow.id, PackageRow.name).where(PackageRow.id.in_(ever)).order_by(PackageRow.id)
    )
    return [(row.id, row.name) for row in rows]


@question("dashboard.read")
def span(look: Look) -> tuple[date, date] | None:
    """The first and last day that hold any count, cut at today; None on an empty department."""
    first, last = look.session.execute(
        select(func.min(DailyCountRow.day), func.max(DailyCountRow.day)).where(
            DailyCountRow.day <= look.today
        )
    ).one()
    return (first, last) if first else None


def _daily(
    look: Look, first: date, last: date, package_id: int | None
) -> dict[str, list[tuple[date, int, int]]]:
    query = (
        select(
            DailyCountRow.measure,
            DailyCountRow.day,
            func.sum(DailyCountRow.numerator),
            func.sum(DailyCountRow.denominator),
        )
        .where(DailyCountRow.day.between(first, last))
        .group_by(DailyCountRow.measure, DailyCountRow.day)
        .order_by(DailyCountRow.day)
    )
    if package_id is not None:
        query = query.where(DailyCountRow.package_id == package_id)
    found: dict[str, list[tuple[date, int, int]]] = {}
    for measure, day, numerator, denominator in look.session.execute(query):
        found.setdefault(measure, []).append((day, int(numerator), int(denominator)))
    return found


def _figure(
    measure: Measure, days: list[tuple[date, int, int]], first: date, last: date, pilot: date | None
) -> Figure:
    before, after = [0, 0], [0, 0]
    weeks: dict[date, list[int]] = {start: [0, 0] for start in _mondays(first, last)}
    for day, numerator, denominator in days:
        side = before if pilot and day < pilot else after
        week = weeks[day - timedelta(days=day.weekday())]
        for cell in (side, week):
            cell[0] += numerator
            cell[1] += denominator
    judged = None
    if measure.code in SHARES and pilot:
        judged = verdict(*before, *after, improves=measure.improves)
    return Figure(
        measure,
        (before[0], before[1]),
        (after[0], after[1]),
        tuple(Week(start, n, d) for start, (n, d) in weeks.items()),
        judged,
    )


def _mondays(first: date, last: date) -> list[date]:
    start = first - timedelta(days=first.weekday())
    return [start + timedelta(weeks=n) for n in range((last - start).days // 7 + 1)]


def _outstanding(look: Look, last: date, package_id: int | None) -> int:
    """All points ever, less all spent: the sum of the ledger's entries up to a day."""
    query = select(func.coalesce(func.sum(DailyCountRow.numerator), 0)).where(
        DailyCountRow.measure == "points_net", DailyCountRow.day <= last
    )
    if package_id is not None:
        query = query.where(DailyCountRow.package_id == package_id)
    return int(look.session.scalar(query) or 0)

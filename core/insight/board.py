"""The dashboard's answers: each measure by week, before and after the pilot's first day, with its verdict.

Two spans are kept apart. What is *compared* never moves with a filter: the 26 weeks before the pilot against
everything since its first day; else somebody would turn the filter until the numbers please. What is *shown*
(figures, weeks, tables) follows the chosen period. Days whose count may still turn (`Measure.settled`) are in
neither; `Figure.waiting` says how many they hold.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, TypeAlias

from sqlalchemy import bindparam, func, select

from core.foundation.doors import Look, question
from core.foundation.fast.once import once
from core.foundation.fast.recent import Recent
from core.foundation.fast.statements import Hot
from core.insight.comparisons import Verdict, verdict
from core.insight.measures import MEASURES, Measure
from core.insight.rates import PER, RateVerdict, rate_verdict
from core.insight.tables import DailyCountRow
from core.packages.tables import PackageRow, PackageVersionRow

BASELINE = timedelta(weeks=26)
WEEK = timedelta(weeks=1)
ONE_DAY = timedelta(days=1)

Count: TypeAlias = tuple[int, int]
Day: TypeAlias = tuple[date, int, int]


@dataclass(frozen=True)
class Spans:
    """The days of a board: the period shown (both ends included), the present day, the pilot's first day."""

    first: date
    last: date
    today: date
    pilot: date | None

    @property
    def baseline_first(self) -> date | None:
        return self.pilot - BASELINE if self.pilot else None


@dataclass(frozen=True)
class Week:
    """A calendar week, Monday to Sunday, cut where the period or the pilot begins or ends inside it.

    `complete`: all its days are over and settled, up to Sunday or to the pilot's first day.
    """

    start: date
    end: date
    numerator: int
    denominator: int
    complete: bool


@dataclass(frozen=True)
class Figure:
    """One measure. Pairs are (numerator, denominator); `days` are the stored counts, settled or not."""

    measure: Measure
    days: tuple[Day, ...]
    spans: Spans

    @once
    def settled(self) -> date:
        """The last day that counts."""
        return self.measure.settled(self.spans.today)

    @once
    def before(self) -> Count:
        """The 26 weeks before the pilot; (0, 0) where no first day is set."""
        if self.spans.pilot is None or self.spans.baseline_first is None:
            return 0, 0
        return self._sum(self.spans.baseline_first, self.spans.pilot - ONE_DAY)

    @once
    def after(self) -> Count:
        """Everything since the pilot's first day, whatever period is shown; everything there is without one."""
        return self._sum(self.spans.pilot or date.min, self.settled)

    @once
    def period(self) -> Count:
        """The period shown, as far as it lies after the pilot's first day."""
        return self._sum(max(self.spans.first, self.spans.pilot or date.min), self.spans.last)

    @once
    def waiting(self) -> Count:
        """What the last days hold that cannot be judged yet."""
        return self._all(self.settled + ONE_DAY, self.spans.today)

    @property
    def value(self) -> float | None:
        """The figure of `period`: a share from 0 to 1, a rate per 100, points, or fen; None for 0 of 0."""
        return self.worth(self.period)

    def worth(self, count: Count) -> float | None:
        """A count in the unit of the measure; a share or rate of nobody is None."""
        numerator, denominator = count
        match self.measure.unit:
            case "share":
                return numerator / denominator if denominator else None
            case "per_100":
                return PER * numerator / denominator if denominator else None
            case _:
                return float(numerator)

    @once
    def verdict(self) -> Verdict | RateVerdict | None:
        """Before against after; None for totals, for measures that are only watched, and where no first
        day is set."""
        if self.spans.pilot is None or not self.measure.compared:
            return None
        if self.measure.unit == "share":
            return verdict(*self.before, *self.after, improves=self.measure.improves)
        if self.measure.unit == "per_100":
            return rate_verdict(*self.before, *self.after, improves=self.measure.improves)
        return None

    @once
    def weeks(self) -> tuple[Week, ...]:
        """The weeks of the period shown, up to the last settled day; their sums are exact."""
        return self._fold(max(self.spans.first, self._begun), min(self.spans.last, self.settled))

    @once
    def history(self) -> tuple[Week, ...]:
        """The weeks since the baseline began, whatever period is shown: what a control chart reads."""
        return self._fold(max(self.spans.baseline_first or self.spans.first, self._begun), self.settled)

    @once
    def _begun(self) -> date:
        """The first day that is measured. What the house must ask for could not be given before it did: the time before
        the pilot counts from the first that came, the pilot itself from its first day."""
        pilot = self.spans.pilot
        if not self.measure.asked or pilot is None:
            return date.min
        return min([pilot, *(day for day, came, _of in self.days if came)])

    @once
    def _running(self) -> tuple[list[date], list[int], list[int]]:
        """The counted days in order, and the sums of numerators and denominators before each of them (and after
        the last): sixty sums over a year of days then cost a look-up each."""
        ordered = sorted(day for day in self.days if day[0] >= self._begun)
        numerators = list(accumulate((day[1] for day in ordered), initial=0))
        denominators = list(accumulate((day[2] for day in ordered), initial=0))
        return [day[0] for day in ordered], numerators, denominators

    def _all(self, first: date, last: date) -> Count:
        days, numerators, denominators = self._running
        low, high = bisect_left(days, first), bisect_right(days, last)
        if high <= low:
            return 0, 0
        return numerators[high] - numerators[low], denominators[high] - denominators[low]

    def _sum(self, first: date, last: date) -> Count:
        return self._all(first, min(last, self.settled))

    def _fold(self, first: date, last: date) -> tuple[Week, ...]:
        starts = week_starts(first, last, self.spans.pilot)
        ends = [*(start - ONE_DAY for start in starts[1:]), *([last] if starts else [])]
        return tuple(
            Week(start, end, *self._all(start, end), self._over(end, last))
            for start, end in zip(starts, ends, strict=True)
        )

    def _over(self, end: date, last: date) -> bool:
        """Whether a week that ends so is whole: cut short by nothing but the pilot's or the period's edge, and past."""
        return end < self.spans.today and (end < last or end == end_of_week(end))


@dataclass(frozen=True)
class Board:
    """Everything on the dashboard for one choice of period and package; `packages` (id → name) may be chosen. While
    nothing that it counts changed it is one and the same object."""

    spans: Spans
    package_id: int | None
    figures: dict[str, Figure]
    opening_points: int
    packages: dict[int, str]

    @property
    def empty(self) -> bool:
        return not any(figure.days for figure in self.figures.values())

    @property
    def outstanding_points(self) -> int:
        """Points that patients hold at the end of the period: the sum of the ledger up to then."""
        return self.outstanding_by_week[-1] if self.outstanding_by_week else self.opening_points

    @once
    def outstanding_by_week(self) -> tuple[int, ...]:
        """Points outstanding at the end of each week of the period."""
        total, found = self.opening_points, []
        for week in self.figures["points_net"].weeks:
            total += week.numerator
            found.append(total)
        return tuple(found)


@question("dashboard.read")
def board(
    look: Look, *, first: date | None = None, last: date | None = None, package_id: int | None = None
) -> Board:
    """All measures for the period from `first` to `last` (department days, both included).

    Without `first` from 26 weeks before the pilot (or the first counted day); `last` is cut at today, `first` at
    `last`. With `package_id` only what belongs to that package; visits of the time before mostly belong to none.
    Ask `rollups.stale` first, or the answer is as old as the last recount.
    """
    pilot, today = look.house.pilot_start, look.today
    last = min(last or today, today)
    if first is None:
        first = pilot - BASELINE if pilot else (_first_day(look) or today)
    spans = Spans(min(first, last), last, today, pilot)
    since = min(spans.first, spans.baseline_first or spans.first)
    asked = {"package": package_id} if package_id is not None else {}
    counted = _COUNTED_OF if asked else _COUNTED
    rows = counted.all(look.link, first=since, last=today, **asked)
    opening, packages = _points_before(look, spans.first, package_id), _packages(look)
    # Its sums, verdicts and weeks are made at first use and stay with it while every count is the same.
    key = tuple(rows), spans, package_id, opening, tuple(packages.items())
    return _FINISHED.get(key) or _FINISHED.put(
        key, Board(spans, package_id, _figures(counted.typed(look.link, rows), spans), opening, packages)
    )


def week_starts(first: date, last: date, pilot: date | None) -> list[date]:
    """The first days of the weeks from `first` to `last`: `first` itself, every Monday, and the pilot's first day,
    so that no week is half before and half after."""
    if last < first:
        return []
    mondays = range(1, (last - _monday(first)).days // 7 + 1)
    starts = {first, *(_monday(first) + n * WEEK for n in mondays)}
    if pilot and first <= pilot <= last:
        starts.add(pilot)
    return sorted(starts)


def end_of_week(day: date) -> date:
    """The Sunday of the week of `day`."""
    return _monday(day) + 6 * ONE_DAY


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_day(look: Look) -> date | None:
    first: date | None = look.session.scalar(select(func.min(DailyCountRow.day)))
    return first


_ROW = DailyCountRow.__table__.c
_DAYS = (
    select(
        _ROW.measure,
        _ROW.day,
        func.sum(_ROW.numerator).label("numerator"),
        func.sum(_ROW.denominator).label("denominator"),
    )
    .where(_ROW.day.between(bindparam("first"), bindparam("last")))
    .group_by(_ROW.day, _ROW.measure)
)
# Thousands of small rows: compiled once, and as the driver gives them.
_COUNTED, _COUNTED_OF = Hot(_DAYS), Hot(_DAYS.where(_ROW.package_id == bindparam("package")))
_FINISHED: Recent[Board] = Recent(most=12)


def _figures(rows: list[Any], spans: Spans) -> dict[str, Figure]:
    """Measure → its counted days and what may be said of them."""
    daily: dict[str, list[Day]] = {}
    for measure, day, numerator, denominator in rows:
        daily.setdefault(measure, []).append((day, int(numerator), int(denominator)))
    return {code: Figure(measure, tuple(daily.get(code, ())), spans) for code, measure in MEASURES.items()}


def _points_before(look: Look, first: date, package_id: int | None) -> int:
    """Points outstanding at the start of a day: all entries ever made before it."""
    query = select(func.sum(DailyCountRow.numerator)).where(
        DailyCountRow.measure == "points_net", DailyCountRow.day < first
    )
    if package_id is not None:
        query = query.where(DailyCountRow.package_id == package_id)
    return int(look.session.scalar(query) or 0)


def _packages(look: Look) -> dict[int, str]:
    """Packages that were ever published: before that nothing can be counted for them."""
    published = select(PackageVersionRow.package_id).where(PackageVersionRow.number > 0)
    query = select(PackageRow.id, PackageRow.name).where(PackageRow.id.in_(published)).order_by(PackageRow.id)
    return {row.id: row.name for row in look.session.execute(query)}

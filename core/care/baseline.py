"""The time before the pilot, as far as visits tell of it: how many weeks of it the department holds.

Whether the pilot helped is judged against these visits (`core.insight.board` compares with the 26 weeks before the
pilot's first day). Twelve weeks with visits are the least: "electronic visit data for >= 12 weeks baseline" is a
knock-out of the choice of department, and twelve points are the least from which a control chart makes its limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from core.care.tables import AppointmentRow
from core.foundation.doors import Look, question
from core.foundation.open_types import Query

WEEKS = 26  # what the dashboard compares with (`core.insight.board.BASELINE`)
NEEDED_WEEKS = 12
MOST_EARLIER = 10_000  # a department of many years has a million of them
COUNTED = ("attended", "no_show")  # called off in time is neither
STATES = (*COUNTED, "cancelled")
_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)


@dataclass(frozen=True)
class BaselineWeek:
    """Seven days, both ends included, counted back from the pilot's first day."""

    first: date
    last: date
    attended: int
    missed: int
    cancelled: int

    @property
    def counted(self) -> int:
        """Visits of which it is known whether the patient came."""
        return self.attended + self.missed


@dataclass(frozen=True)
class Baseline:
    """The 26 weeks before `end`, oldest first. `end`: the pilot's first day, or today while the pilot has not begun;
    `pilot` None where no first day is set. `earlier`: visits before these weeks, which nothing reads, counted up to
    `MOST_EARLIER`."""

    end: date
    pilot: date | None
    weeks: tuple[BaselineWeek, ...]
    earlier: int

    @property
    def found(self) -> int:
        """Weeks with at least one counted visit."""
        return sum(week.counted > 0 for week in self.weeks)

    @property
    def missing(self) -> int:
        """How many more weeks with visits are needed for a baseline."""
        return max(0, NEEDED_WEEKS - self.found)

    @property
    def counted(self) -> int:
        return sum(week.counted for week in self.weeks)

    @property
    def missed(self) -> int:
        return sum(week.missed for week in self.weeks)

    @property
    def cancelled(self) -> int:
        return sum(week.cancelled for week in self.weeks)


def baseline_end(look: Look) -> date:
    """The first day that is no longer before the pilot: its first day, or today while that lies ahead or is not set."""
    return min(look.house.pilot_start or look.today, look.today)


@question("patient.import")
def baseline(look: Look) -> Baseline:
    """The visits before the pilot, week by week."""
    end = baseline_end(look)
    first = end - WEEKS * _WEEK
    counts: dict[tuple[int, str], int] = {}
    for row in look.session.execute(_by_day(first, end)).all():
        for state in STATES:
            key = ((row.day - first) // _WEEK, state)
            counts[key] = counts.get(key, 0) + getattr(row, state)
    weeks = tuple(
        BaselineWeek(
            first + n * _WEEK, first + (n + 1) * _WEEK - _DAY,
            *(counts.get((n, state), 0) for state in STATES),
        )
        for n in range(WEEKS)
    )  # fmt: skip
    before = select(AppointmentRow.id).where(AppointmentRow.day < first).limit(MOST_EARLIER).subquery()
    earlier = look.session.scalar(select(func.count()).select_from(before)) or 0
    return Baseline(end, look.house.pilot_start, weeks, earlier)


@question("package.read")
def baseline_weeks(look: Look) -> int:
    """How many of the 26 weeks before the pilot (before today, while it has not begun) hold at least one visit of
    which it is known whether the patient came. `NEEDED_WEEKS` are enough."""
    end = baseline_end(look)
    first = end - WEEKS * _WEEK
    days = look.session.scalars(
        select(AppointmentRow.day)
        .where(AppointmentRow.day >= first, AppointmentRow.day < end, AppointmentRow.state.in_(COUNTED))
        .distinct()
    )
    return len({(day - first) // _WEEK for day in days})


# --- inner ----------------------------------------------------------------------------------------


def _by_day(first: date, end: date) -> Query:
    """How many visits of each state there were on every day with visits: the index is asked for the next such day and
    for each state's number on it, which costs half of grouping the rows."""
    day = AppointmentRow.day
    days = select(func.min(day).label("day")).where(day >= first, day < end).cte("days", recursive=True)
    following = select(func.min(day)).where(day > days.c.day, day < end).scalar_subquery()
    days = days.union_all(select(following).where(days.c.day.is_not(None)))
    counted = (
        select(func.count())
        .where(AppointmentRow.day == days.c.day, AppointmentRow.state == state)
        .scalar_subquery()
        .label(state)
        for state in STATES
    )
    return select(days.c.day, *counted).where(days.c.day.is_not(None))

"""One clock, handed down. No other module asks the machine for the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it is put: tests and the making of the demo."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, span: timedelta) -> None:
        self.moment += span


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in the department's time zone."""
    return moment.astimezone(zone).date()


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time in the department's time zone."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC instants at which a department's day begins and ends (end excluded)."""
    return at(day, time.min, zone), at(day + timedelta(days=1), time.min, zone)


def same_hour(moment: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    """The instant at which the clock on the wall shows in `after` what it shows at `moment` in `before`."""
    wall = moment.astimezone(before)
    return at(wall.date(), wall.time(), after)

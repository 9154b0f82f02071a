"""The hours in which the house lets a patient sleep: when it writes to her of its own accord, when it calls, what is night.

What she asked for herself, and what a department wrote into a package for an hour of its own, knows no such hours; an
alert neither.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.foundation.clock import at, day_of

# The house writes of its own accord, and plans calls of its own accord, between these.
FIRST_HOUR, LAST_HOUR = time(9), time(20)
# The parts of a day in which somebody may be tried by telephone again: morning, afternoon, evening.
CALLING = ((time(8), time(12)), (time(12), time(17)), (time(17), time(20, 30)))
# What a morning reads as "last night", in hours.
NIGHT_BEGINS, NIGHT_ENDS = 20, 8


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant itself between the first and the last hour, else the next first hour."""
    clock, day = moment.astimezone(zone).time(), day_of(moment, zone)
    if clock < FIRST_HOUR:
        return at(day, FIRST_HOUR, zone)
    return at(day + timedelta(days=1), FIRST_HOUR, zone) if clock >= LAST_HOUR else moment

"""A shift's hours as people say them; what ends at midnight ends at 24:00 of its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pages.ui.text import clock, day


def hours(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """ "Thu 5 Mar 20:00–22:00"; a shift that ends on another day names it."""
    return f"{day(start.astimezone(zone).date(), weekday=True)} {times(start, end, zone)}"


def times(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """The same without its first day: "20:00–22:00", "18:00 – 6 Mar 08:00"."""
    last, until = _end(end, zone)
    if last == start.astimezone(zone).date():
        return f"{clock(start, zone)}–{until}"
    return f"{clock(start, zone)} – {day(last)} {until}"


def until(end: datetime, zone: ZoneInfo) -> str:
    """The hour at which a shift ends."""
    return _end(end, zone)[1]


def _end(end: datetime, zone: ZoneInfo) -> tuple[date, str]:
    local = end.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), clock(end, zone)

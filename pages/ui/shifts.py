"""A shift's hours as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pages.ui.text import clock, day


def hours(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """ "5 Mar Thu 20:00–22:00"; a shift that ends at midnight ends at 24:00, a longer one names its last day."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    begins = f"{day(first.date(), weekday=True)} {clock(start, zone)}"
    if last.date() == first.date():
        return f"{begins}–{clock(end, zone)}"
    if last.date() - first.date() == timedelta(days=1) and (last.hour, last.minute) == (0, 0):
        return f"{begins}–24:00"
    return f"{begins} – {day(last.date())} {clock(end, zone)}"

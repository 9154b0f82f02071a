"""When a promise is due: minutes counted inside the spans in which we answer. Pure.

Spans are half open, may follow each other within a day and may run over midnight; each belongs to the day on which it
opens, for weekdays and holidays alike. A make-up workday counts as a Monday to Friday of that week (China moves them).
Instants are UTC; days and hours are the department's, so a change of the clock is walked through correctly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.packages.promises import Span

# A span once a week, closed over a long holiday: beyond this nobody answers any more.
LONGEST_LOOK = timedelta(days=60)
FEW_DAYS = timedelta(days=3)
WEEKEND = (5, 6)


@dataclass(frozen=True)
class Opening:
    """One stretch of time in which we answer, half open."""

    opens_at: datetime
    closes_at: datetime


def openings(
    spans: tuple[Span, ...], zone: ZoneInfo, calendar: Mapping[date, str], first: date, last: date
) -> list[Opening]:
    """What `spans` mean from the day `first` to `last` (both included), in order, overlaps joined. `calendar` says
    "holiday" or "workday" for the days that are not what their weekday says."""
    found = sorted(
        _openings(spans, zone, calendar, first, last), key=lambda one: (one.opens_at, one.closes_at)
    )
    joined: list[Opening] = []
    for one in found:
        if joined and one.opens_at <= joined[-1].closes_at:
            joined[-1] = Opening(joined[-1].opens_at, max(joined[-1].closes_at, one.closes_at))
        else:
            joined.append(one)
    return joined


def due_at(
    asked_at: datetime, minutes: int, spans: tuple[Span, ...], zone: ZoneInfo, calendar: Mapping[date, str]
) -> datetime:
    """The instant at which `minutes` of answering time have passed since `asked_at`; asked outside, the count begins at
    the next opening. Without an opening within 60 days the minutes are counted around the clock."""
    left = timedelta(minutes=minutes)
    for one in _ahead(asked_at, spans, zone, calendar):
        begins = max(asked_at, one.opens_at)
        if one.closes_at - begins >= left:
            return begins + left
        left -= max(timedelta(0), one.closes_at - begins)
    return asked_at + timedelta(minutes=minutes)


def warned_at(
    asked_at: datetime,
    minutes: int,
    warn: int,
    spans: tuple[Span, ...],
    zone: ZoneInfo,
    calendar: Mapping[date, str],
) -> datetime:
    """When `warn` minutes of answering time are left, so that somebody is there to hear it: a warning that would fall
    into the closed hours comes before them, one that would fall on the closing second comes with the next opening, and
    one longer than the promise itself comes as the clock begins."""
    left = timedelta(minutes=max(0, minutes - warn))
    for one in _ahead(asked_at, spans, zone, calendar):
        begins = max(asked_at, one.opens_at)
        if one.closes_at - begins > left:
            return begins + left
        left -= one.closes_at - begins
    return asked_at + timedelta(minutes=max(0, minutes - warn))


def opens_next(
    now: datetime, spans: tuple[Span, ...], zone: ZoneInfo, calendar: Mapping[date, str]
) -> datetime | None:
    """`now` itself inside a span, else the next opening; None where nothing opens within 60 days."""
    first = next(_ahead(now, spans, zone, calendar), None)
    return max(now, first.opens_at) if first else None


def _ahead(
    since: datetime, spans: tuple[Span, ...], zone: ZoneInfo, calendar: Mapping[date, str]
) -> Iterator[Opening]:
    """The openings from an instant on, the first days first: nearly every answer lies in them."""
    first = since.astimezone(zone).date() - timedelta(days=1)
    last, until = first + timedelta(days=1) + LONGEST_LOOK, since
    while first <= last:
        end = min(first + FEW_DAYS, last)
        for one in openings(spans, zone, calendar, first, end):
            # A night that began in the days before may reach into these.
            if one.closes_at > until:
                yield Opening(max(one.opens_at, until) if until > since else one.opens_at, one.closes_at)
                until = one.closes_at
        first = end + timedelta(days=1)


def _openings(
    spans: tuple[Span, ...], zone: ZoneInfo, calendar: Mapping[date, str], first: date, last: date
) -> Iterator[Opening]:
    day = first
    while day <= last:
        for span in spans:
            if _counts(span, day, calendar.get(day, "")):
                # Over midnight by what is written, not by instants: the clock may jump over a whole span.
                ends = day if span.closes > span.opens else day + timedelta(days=1)
                opens, closes = _hour(day, span.opens, zone), _hour(ends, span.closes, zone)
                if closes > opens:
                    yield Opening(opens, closes)
        day += timedelta(days=1)


def _counts(span: Span, day: date, kind: str) -> bool:
    if kind == "holiday" and not span.holidays:
        return False
    if not span.weekdays or day.weekday() in span.weekdays:
        return True
    # A Saturday on which everybody works has the hours of a working day.
    return kind == "workday" and any(weekday not in WEEKEND for weekday in span.weekdays)


def _hour(day: date, hour: str, zone: ZoneInfo) -> datetime:
    if hour == "24:00":
        day, hour = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC)

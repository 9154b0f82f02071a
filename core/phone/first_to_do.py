"""What she does first: among the missions of one journey, and among the courses that run at once. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.phone.journey import Mission

NEXT_ORDER = {
    "now": 0,
    "welcome": 1,
    "later": 2,
}  # states in which a mission can be done, what is open now first


def next_of(missions: tuple[Mission, ...], now: datetime) -> Mission | None:
    """A booked visit to come is next; without one what closes soonest, then what is late, then what opens
    soonest."""
    booked = [one for one in missions if one.is_visited(now)]
    if booked:
        return min(booked, key=lambda one: one.appointment_at or now)
    open_ones = [one for one in missions if one.can_be_done]
    return min(
        open_ones,
        key=lambda one: (NEXT_ORDER[one.state], one.opens_on if one.state == "later" else one.closes_on),
        default=None,
    )


def is_today(one: Mission, today: date) -> bool:
    """Hers, and open; one day of a daily task only on its day."""
    return one.own and one.state in ("now", "welcome") and not ("." in one.code and one.closes_on < today)


def first_to_do(found: dict[int, list[Mission]], now: datetime, today: date) -> list[int]:
    """The running courses, first the one with something of her own today, then the one whose next mission is the next."""

    def waits(number: int) -> tuple[bool, int, float, int]:
        missions = tuple(one for one in found[number] if one.kind != "alert")
        following = next_of(missions, now)
        if following is None:
            return True, 3, 0, -number
        day = following.opens_on if following.state == "later" else following.closes_on
        own = any(is_today(one, today) for one in missions)
        # A visit outlives its window where a date was corrected: it is still to come.
        return not own, NEXT_ORDER.get(following.state, 0), day.toordinal(), -number

    return sorted(found, key=waits)

"""Days of a draft as people write them: "11+3" in a pregnancy, a number of days everywhere else."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any
from unicodedata import east_asian_width

from core.clinical.dating import GestationalAge
from core.foundation.appearance.palette import BANDS, CARD, INK, LETTERED, LINE, SOFT_INK
from pages.ui.text import _, html

WEEKS = r"^\s*(\d{1,2})\s*(?:\+\s*([0-6]))?\s*$"
BAND_HEIGHT = 17
WIDE = 1000
LONGEST = 130  # pixels of a title that a strip shows
COLOURS = {
    "visit": LETTERED[0], "education": LETTERED[2], "alert": BANDS["overdue"], "exercise": LETTERED[3],
    "self_check": LETTERED[4], "call": LETTERED[1], "message": LETTERED[5],
}  # fmt: skip


def counts_weeks(draft: dict[str, Any], task: dict[str, Any] | None = None) -> bool:
    """Whether windows are gestational weeks: counted from the last period, and not from enrolment."""
    return draft.get("anchor") == "last_period" and (task or {}).get("anchor", "package") == "package"


def week_text(day: int) -> str:
    """A gestational day as weeks and days: 77 → "11+0"."""
    return GestationalAge(day).text


def day_of_weeks(text: str) -> int | None:
    """Weeks and days as a day: "11+3" → 80, "11" → 77; None where it is neither."""
    found = re.match(WEEKS, text)
    return int(found[1]) * 7 + int(found[2] or 0) if found else None


def day_in_words(draft: dict[str, Any], task: dict[str, Any] | None, day: int | None) -> str:
    """A day of the journey for people: "week 11+0", "day 3"."""
    if day is None:
        return ""
    if counts_weeks(draft, task):
        return _("week {week}", week=week_text(day))
    return _("day {n}", n=day)


def strip(draft: dict[str, Any], chosen: str = "") -> str:
    """The whole journey at a glance: one bar per task over weeks or days, packed into as few lines as fit."""
    tasks = [one for one in draft["tasks"] if _has_window(one)]
    if not tasks:
        return ""
    first = min(one["opens_day"] for one in tasks)
    last = max(one["closes_day"] for one in tasks)
    span = max(last - first + 1, 1)

    def at(day: float) -> float:
        return round((day - first) / span * WIDE, 1)

    lanes: list[float] = []
    bars = []
    for task in sorted(tasks, key=lambda one: (one["opens_day"], one["closes_day"])):
        left, right = at(task["opens_day"]), at(task["closes_day"] + 1)
        reach = max(right, left + _wide(_short(task)) + 10)
        lane = next((n for n, end in enumerate(lanes) if end <= left), len(lanes))
        lanes[lane : lane + 1] = [reach]
        bars.append(_bar(task, left, right, lane, task["code"] == chosen))
    height = BAND_HEIGHT * len(lanes) + 24
    ticks = "".join(_tick(draft, day, at(day), height) for day in _ticks(draft, first, last))
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-4 0 1012 {height}' font-family='sans-serif'>"
        f"{ticks}{''.join(bars)}</svg>"
    )
    return f"<div class='pd-strip'>{drawing(svg, _('The whole journey'))}</div>"


def drawing(svg: str, words: str) -> str:
    """An SVG as a picture: inline SVG is taken out of what Streamlit shows as HTML."""
    packed = b64encode(svg.encode()).decode()
    return f'<img alt="{html(words)}" src="data:image/svg+xml;base64,{packed}">'


def _has_window(task: dict[str, Any]) -> bool:
    opens, closes = task.get("opens_day"), task.get("closes_day")
    return isinstance(opens, int) and isinstance(closes, int) and opens <= closes


def _bar(task: dict[str, Any], left: float, right: float, lane: int, chosen: bool) -> str:
    colour = COLOURS.get(str(task.get("kind")), LETTERED[5])
    said = _short(task)
    top, width, letters = lane * BAND_HEIGHT + 20, max(right - left - 1, 3), _wide(said) + 6
    on = task.get("on", True)
    inside, room = width > letters, right + letters < WIDE
    ink = CARD if inside and on else INK
    # Beside a short bar, on the side where there is room.
    at, side = (left + 5, "start") if inside else ((right + 3, "start") if room else (left - 3, "end"))
    return (
        f"<rect x='{left}' y='{top}' width='{width:.1f}' height='13' rx='4' fill='{colour if on else 'none'}' "
        f"stroke='{colour}' stroke-width='{3 if chosen else 1}'/>"
        f"<text x='{at}' y='{top + 10.5}' font-size='11' fill='{ink}' text-anchor='{side}' "
        f"font-weight='{700 if chosen else 400}'>{html(said)}</text>"
    )


def _short(task: dict[str, Any]) -> str:
    """Its title, cut to what a strip has room for; "…" for a task that has none yet."""
    title = str(task.get("title") or "…")
    end = next((at for at in range(1, len(title) + 1) if _wide(title[:at]) > LONGEST), len(title))
    return title if end == len(title) else f"{title[:end]}…"


def _wide(text: str) -> float:
    """About how wide a text of 11 px is: a Chinese sign is a square, a letter a little more than half of one."""
    return sum(11.2 if east_asian_width(sign) in "WF" else 6.6 for sign in text)


def _ticks(draft: dict[str, Any], first: int, last: int) -> list[int]:
    step = (
        28 if counts_weeks(draft) else next(s for s in (1, 2, 7, 14, 28, 91, 365) if (last - first) / s < 16)
    )
    start = -(-first // step) * step
    return list(range(start, last + 1, step))


def _tick(draft: dict[str, Any], day: int, x: float, height: int) -> str:
    words = day // 7 if counts_weeks(draft) else day
    return (
        f"<line x1='{x}' x2='{x}' y1='16' y2='{height}' stroke='{LINE}'/>"
        f"<text x='{x + 2}' y='11' font-size='11' fill='{SOFT_INK}'>{words}</text>"
    )

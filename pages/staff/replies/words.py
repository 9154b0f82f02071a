"""How a case is said: its time left, its kind, who has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from core.dialogue.cases.cases import KIND_NAMES, LEVEL_NAMES
from core.dialogue.cases.queue import Waiting
from core.foundation.language import span_text
from pages.ui.browser import language
from pages.ui.rows import State
from pages.ui.text import _, _n, clock, moment

SOON = timedelta(hours=2)  # so long minutes are counted; beyond, the hour is said
MINUTE = timedelta(minutes=1)


@cache
def styles() -> str:
    return f"<style>{Path(__file__).with_name('replies.css').read_text(encoding='utf-8')}</style>"


def time_left(row: Waiting, now: datetime, zone: ZoneInfo) -> State:
    """How long there is until the promised minute, in words; without a promise how long she has been waiting."""
    if row.state == "answered":
        return State(_("answered {when}", when=_when(row.answered_at or now, now, zone)), "done")
    if row.state in ("closed", "withdrawn"):
        return State(_("closed") if row.state == "closed" else _("no longer there"), "done")
    if row.due_at is None:
        return State(_("waiting for {span}", span=span_text(now - row.opened_at, language())), "none")
    if row.due_at < now:
        return State(_missed(now - row.due_at, row.due_at, now, zone), "late")
    return State(_left(row.due_at - now, row.due_at, now, zone), "now" if row.urgent else "none")


def _left(span: timedelta, due: datetime, now: datetime, zone: ZoneInfo) -> str:
    if span >= SOON:
        return _("by {time}", time=_when(due, now, zone))
    minutes = span // MINUTE
    return _n("{n} minute left", "{n} minutes left", minutes) if minutes else _("less than a minute left")


def _missed(span: timedelta, due: datetime, now: datetime, zone: ZoneInfo) -> str:
    if span >= SOON:
        return _("missed since {time}", time=_when(due, now, zone))
    minutes = span // MINUTE
    return _n("missed {n} minute ago", "missed {n} minutes ago", minutes) if minutes else _("missed just now")


def _when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    same = at.astimezone(zone).date() == now.astimezone(zone).date()
    return clock(at, zone) if same else moment(at, zone)


def kind_of(row: Waiting) -> str:
    """Its kind, and the level of a sign before it: "Orange · Alert"."""
    return " · ".join([*([_(LEVEL_NAMES[row.level])] if row.level else []), _(KIND_NAMES[row.kind])])


def who_of(row: Waiting, me: int | None) -> str:
    """Who has it."""
    if row.taken_id is None:
        return _("nobody yet")
    return _("you") if row.taken_id == me else row.taken_by


def day_of_course(row: Waiting) -> str:
    """ "day 3"; nobody counts before the first day."""
    return _("day {n}", n=row.day_number) if row.day_number >= 0 else ""


def reason_of(row: Waiting) -> str:
    """Why it is there: the signs and rules, her last words, and the tries to reach her."""
    # What she ticked is her first word as well; it is said once.
    said = "" if row.last_words in row.why else row.last_words
    parts = [" · ".join(row.why), f"“{said}”" if said else ""]
    if row.calls:
        parts.append(_n("{n} call", "{n} calls", row.calls))
    return " · ".join(part for part in parts if part)

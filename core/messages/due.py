"""The messages of a package, day by day: which are due for whom, in filled words.

What becomes of them is noted by `marking`, read again by `log`.

A message has one day. What was not sent on it may still be noted on the next ("it had gone out"), then it lapses: a
late reminder confuses more than it helps. What the house itself puts on the patients' own pages comes with the next hourly
turn, that of the night included. Nothing is due for a silenced patient, without consent to messages, or
after the package has ended (`moments`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core.foundation.clock import at as instant_at
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.foundation.paging import Part, part_of
from core.messages.log import Key, noted_keys
from core.messages.moments import Found, Moment, moments, whole
from core.messages.words import ON_PAGE, Words
from core.packages.message_texts import SmsLength, sms_length

# The house puts messages up once an hour, and tries again an hour later what failed: what came since then, it puts up.
NIGHT_TURN = timedelta(hours=3)


@dataclass(frozen=True)
class Due:
    """One message to send, before it is put into words. `at` is its hour ("08:30") and `its_time` whether that has
    come; `channel` the way the package wants. `trigger` is its moment (a key of `TRIGGER_NAMES`), `offset_days` how
    long after it (minus: before), `about` the code of the task it speaks of and `about_title` that task's name, ""
    for none."""

    enrolment_id: int
    patient_id: int
    patient_name: str
    phone: str
    package_name: str
    code: str
    about: str
    due_on: date
    at: str
    its_time: bool
    channel: str
    trigger: str
    offset_days: int
    about_title: str

    @property
    def key(self) -> Key:
        return (self.enrolment_id, self.code, self.about)


@dataclass(frozen=True)
class DueMessage(Due):
    """One message to send, in its words; `length` is what an SMS of this text costs."""

    text: str

    @property
    def length(self) -> SmsLength:
        return sms_length(self.text)


@dataclass(frozen=True)
class DueList:
    """The messages of a day, or one page of them (`part`; `total` says of how many). `counts` is how many there are by
    each channel under no filter, `numbered` how many of the SMS have a number to go to, `come` whether the hour of one
    for the patients' own pages has come."""

    rows: list[Due]
    counts: dict[str, int]
    total: int
    part: Part
    numbered: int
    come: bool


# --- questions ------------------------------------------------------------------------------------


@question("message.write")
def due_list(
    look: Look,
    *,
    day: date | None = None,
    channel: str = "",
    outside: bool = False,
    page: int = 1,
    page_size: int | None = None,
) -> DueList:
    """What is due on `day` (default today) and has not been noted yet, by its hour; nothing is put into words. `channel`
    is the way of those asked for ("": every way; `outside`: every way but the patients' own pages), `page_size` how
    many make a page (None: all are one)."""
    on = day or look.today
    found = open_(look, on)
    counts: Counter[str] = Counter(one.message.channel for one in found)
    wanted = [
        one
        for one in found
        if (not channel or one.message.channel == channel)
        and not (outside and one.message.channel == ON_PAGE)
    ]
    size = page_size or max(1, len(wanted))
    part = part_of(len(wanted), page, size)
    return DueList(
        [Due(**_facts(look, on, one)) for one in whole(look, wanted[part.before : part.before + size])],
        dict(counts),
        len(wanted),
        part,
        sum(one.has_phone for one in found if one.message.channel == "sms"),
        any(has_come(look, on, one) for one in found if one.message.channel == ON_PAGE),
    )


@question("message.write")
def pages_wait(look: Look) -> bool:
    """Whether the hour of a message for the patients' own pages has come that does not stand there yet."""
    return any(to_post(look, day) for day in pages_days(look))


@question("message.write")
def due_messages(
    look: Look,
    *,
    day: date | None = None,
    link: str = "",
    enrolment_id: int | None = None,
    channel: str = "",
    limit: int | None = None,
) -> list[DueMessage]:
    """The same in words, of one enrolment or one channel where that is given, the first `limit` of them.
    `link` is the address of the patients' pages for the field of that name."""
    on = day or look.today
    found = [one for one in open_(look, on, enrolment_id) if channel in ("", one.message.channel)]
    return worded(look, on, link, found[:limit])


# --- for the deeds of `marking`, and inner ----------------------------------------------------------------------------------------


def open_(look: Look, day: date, enrolment_id: int | None = None) -> list[Found]:
    """What is due on `day` and has not been noted yet, by its hour."""
    found = moments(look, day, enrolment_id)
    noted = noted_keys(look, day) if found else set()
    return [one for one in found if key_of(one) not in noted]


def pages_days(look: Look) -> list[date]:
    """The days whose page messages are put up now: today, and just after midnight yesterday."""
    return list(dict.fromkeys([day_of(look.now - NIGHT_TURN, look.zone), look.today]))


def to_post(look: Look, day: date) -> list[Found]:
    """The messages of `day` for the patients' own pages whose hour has come; of another day than today only those whose
    hour came in the turn of the night, because a late reminder confuses."""
    since = None if day == look.today else look.now - NIGHT_TURN
    return [
        one
        for one in open_(look, day)
        if one.message.channel == ON_PAGE
        and has_come(look, day, one)
        and (since is None or hour_of(look, day, one) > since)
    ]


def worded(look: Look, day: date, link: str, found: list[Found]) -> list[DueMessage]:
    words = Words(look, day, link)
    return [DueMessage(**_facts(look, day, one), text=words.of(one)) for one in whole(look, found)]


def key_of(one: Found) -> Key:
    return (one.enrolment_id, one.code, one.about)


def has_come(look: Look, day: date, one: Found | Moment) -> bool:
    """Whether its hour has come."""
    return hour_of(look, day, one) <= look.now


def hour_of(look: Look, day: date, one: Found | Moment) -> datetime:
    """The instant of a message that is due on a day."""
    return _hour(day, one.message.at, look.zone)


@lru_cache(maxsize=200)
def _hour(day: date, at: str, zone: ZoneInfo) -> datetime:
    return instant_at(day, time.fromisoformat(at), zone)


def _facts(look: Look, day: date, one: Moment) -> dict[str, Any]:
    holding, message = one.holding, one.message
    return {
        "enrolment_id": holding.enrolment_id,
        "patient_id": holding.patient_id,
        "patient_name": holding.name,
        "phone": holding.phone,
        "package_name": one.document.name,
        "code": message.code,
        "about": one.about,
        "due_on": day,
        "at": message.at,
        "its_time": has_come(look, day, one),
        "channel": message.channel,
        "trigger": message.trigger,
        "offset_days": message.offset_days,
        "about_title": one.document.task(one.about).title if one.about else "",
    }

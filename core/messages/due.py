"""The messages of a package, day by day: which are due for whom, in filled words, and what became of them.

There is no SMS gateway here. What a package wrote as SMS or WeChat goes out by the hospital's own platform, by hand
or as a list; PilotDesk says what is due and remembers that it was sent, left out, or that somebody took that word
back. What belongs on the patient's own page is put there by `post_to_pages`, once its hour has come.

A message has one day. What was not sent on it may still be noted on the next ("it had gone out"), then it lapses: a
late reminder confuses more than it helps. Nothing is due for a silenced patient, without consent to messages, or
after the package has ended (`message_moments`).
The words about what was sent: `message_log`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core.care.tables import EnrolmentRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import at as instant_at
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.foundation.paging import Part, part_of
from core.messages.log import Key, Noted, latest, noted_keys
from core.messages.moments import Found, Moment, moments, whole
from core.messages.tables import MessageSendRow
from core.messages.words import ON_PAGE, Words
from core.packages.message_texts import CHANNEL_NAMES, SmsLength, sms_length
from core.people.patients import get_patient, hold_speaking

SENT = declare("message.sent", N_("Message sent"))
SKIPPED = declare("message.skipped", N_("Message left out"), ("reason",))
TAKEN_BACK = declare("message.taken_back", N_("Mark on a message taken back"))

NOTED_LATE = timedelta(days=1)


@dataclass(eq=False)
class NotDue(Refusal):
    message = N_(
        "This message is not due: it was called off, its day is past, or she no longer wants messages. Nothing was noted."
    )


@dataclass(eq=False)
class AlreadyNoted(Refusal):
    message = N_("Somebody has noted this message already. Please reload the list.")


@dataclass(eq=False)
class UnknownWay(Refusal):
    message = N_("Please choose how it was sent.")
    field = "channel"


@dataclass(eq=False)
class NothingToTakeBack(Refusal):
    message = N_("A mark on a message can be taken back on the same day only.")


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


# --- deeds ----------------------------------------------------------------------------------------


@deed("message.write")
def mark_message_sent(
    stamp: Stamp, *, enrolment_id: int, code: str, due_on: date, channel: str, about: str = "", link: str = ""
) -> int:
    """Note that one message went out by `channel` ("sms", "wechat", "page"); its words are kept as they were.

    `about` as in `DueMessage`, `link` the address that stood in it. Refuses what is not due (any more), another
    day than today and yesterday, what was noted already, and an unknown way.
    """
    if channel not in CHANNEL_NAMES:
        raise UnknownWay
    row = _note(stamp, (enrolment_id, code, about), due_on, "sent", channel, link=link)
    stamp.audit(SENT, ("enrolment", enrolment_id), after=_where(row))
    return row.id


@deed("message.write")
def mark_messages_sent(
    stamp: Stamp, *, messages: list[tuple[int, str, str]], due_on: date, channel: str, link: str = ""
) -> int:
    """The same for a list that went out together: (enrolment, message, task) each; returns how many were noted.

    What was noted or called off in the meantime is passed over, so that one change does not stop the list.
    """
    if channel not in CHANNEL_NAMES:
        raise UnknownWay
    if not stamp.today - NOTED_LATE <= due_on <= stamp.today:
        raise NotDue
    wanted = {tuple(one) for one in messages}
    found = [one for one in _open(stamp, due_on) if _key_of(one) in wanted]
    noted = _note_all(stamp, _worded(stamp, due_on, link, found), channel)
    stamp.audit(SENT, ("patients", None), after={"due_on": due_on, "channel": channel, "sends": noted})
    return len(noted)


@deed("message.write")
def post_to_pages(stamp: Stamp) -> int:
    """Put today's messages whose hour has come and that belong there onto the patients' own pages; returns how
    many. Called by the house itself every hour, and by whoever does not want to wait."""
    today = stamp.today
    come = [one for one in _open(stamp, today) if one.message.channel == ON_PAGE and _come(stamp, today, one)]
    noted = _note_all(stamp, _worded(stamp, today, "", come), ON_PAGE)
    if noted:
        stamp.audit(SENT, ("patients", None), after={"channel": ON_PAGE, "sends": noted})
    return len(noted)


@deed("message.write")
def skip_message(
    stamp: Stamp, *, enrolment_id: int, code: str, due_on: date, reason: str, about: str = ""
) -> int:
    """Leave one message out, with a reason of up to 200 characters. Refuses what `mark_message_sent` refuses."""
    reason = reasons.given(reason)
    row = _note(stamp, (enrolment_id, code, about), due_on, "skipped", reason=reason)
    stamp.audit(SKIPPED, ("enrolment", enrolment_id), after={**_where(row), "reason": row.reason})
    return row.id


@deed("message.write")
def take_back_message(stamp: Stamp, *, enrolment_id: int, code: str, due_on: date, about: str = "") -> int:
    """Take back a mark made today by mistake: the message is due again. What has really gone out cannot be called
    back by this. Refuses a mark of another day."""
    key = (enrolment_id, code, about)
    enrolment = stamp.session.get(EnrolmentRow, enrolment_id)
    if enrolment is None:
        raise NothingToTakeBack
    # Held before reading: of two who take it back at once the second finds nothing.
    get_patient(stamp, enrolment.patient_id, held=True)
    last = latest(stamp, due_on, enrolment_id).get(key)
    if last is None or last.state == "taken_back" or day_of(last.at, stamp.zone) != stamp.today:
        raise NothingToTakeBack
    row = MessageSendRow(
        patient_id=last.patient_id, enrolment_id=enrolment_id, code=code, about=about, due_on=due_on,
        turn=last.turn + 1, state="taken_back", channel=last.channel, at=stamp.now, by=stamp.staff_id,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(TAKEN_BACK, ("enrolment", enrolment_id), {"state": last.state}, _where(row))
    return row.id


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
    found = _open(look, on)
    counts = Counter(one.message.channel for one in found)
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
        any(_come(look, on, one) for one in found if one.message.channel == ON_PAGE),
    )


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
    found = [one for one in _open(look, on, enrolment_id) if channel in ("", one.message.channel)]
    return _worded(look, on, link, found[:limit])


# --- inner ----------------------------------------------------------------------------------------


def _open(look: Look, day: date, enrolment_id: int | None = None) -> list[Found]:
    """What is due on `day` and has not been noted yet, by its hour."""
    found = moments(look, day, enrolment_id)
    noted = noted_keys(look, day) if found else set()
    return [one for one in found if _key_of(one) not in noted]


def _worded(look: Look, day: date, link: str, found: list[Found]) -> list[DueMessage]:
    words = Words(look, day, link)
    return [DueMessage(**_facts(look, day, one), text=words.of(one)) for one in whole(look, found)]


def _key_of(one: Found) -> Key:
    return (one.enrolment_id, one.code, one.about)


def _come(look: Look, day: date, one: Found | Moment) -> bool:
    """Whether its hour has come."""
    return _hour(day, one.message.at, look.zone) <= look.now


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
        "its_time": _come(look, day, one),
        "channel": message.channel,
        "trigger": message.trigger,
        "offset_days": message.offset_days,
        "about_title": one.document.task(one.about).title if one.about else "",
    }


def _note(
    stamp: Stamp, key: Key, due_on: date, state: str, channel: str = "", reason: str = "", link: str = ""
) -> MessageSendRow:
    """Write down what became of one message, in its words of this moment."""
    if not stamp.today - NOTED_LATE <= due_on <= stamp.today:
        raise NotDue
    enrolment = stamp.session.get(EnrolmentRow, key[0])
    if enrolment is None:
        raise NotDue
    get_patient(stamp, enrolment.patient_id, speaking=True)
    last = latest(stamp, due_on, key[0]).get(key)
    if last is not None and last.state != "taken_back":
        raise AlreadyNoted
    found = [one for one in _open(stamp, due_on, key[0]) if _key_of(one) == key]
    if not found:
        raise NotDue
    (worded,) = _worded(stamp, due_on, link, found[:1])
    return _append(stamp, worded, state, channel or worded.channel, reason, last)


def _note_all(stamp: Stamp, due: list[DueMessage], channel: str) -> list[int]:
    """Note as sent what is due in this moment, passing over whoever fell silent in it."""
    heard = hold_speaking(stamp, {one.patient_id for one in due})
    # Read after their rows are held: whoever noted one in the same second comes first.
    noted = latest(stamp, due[0].due_on) if due else {}
    return [
        _append(stamp, one, "sent", channel, last=last).id
        for one in due
        if one.patient_id in heard and ((last := noted.get(one.key)) is None or last.state == "taken_back")
    ]


def _append(
    stamp: Stamp, one: DueMessage, state: str, channel: str, reason: str = "", last: Noted | None = None
) -> MessageSendRow:
    row = MessageSendRow(
        patient_id=one.patient_id, enrolment_id=one.enrolment_id, code=one.code, about=one.about,
        due_on=one.due_on, turn=last.turn + 1 if last else 0, state=state, channel=channel,
        text=one.text if state == "sent" else "", reason=reason, at=stamp.now, by=stamp.staff_id,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row


def _where(row: MessageSendRow) -> Raw:
    return {
        "code": row.code,
        "about": row.about,
        "due_on": row.due_on,
        "channel": row.channel,
        "send": row.id,
    }

"""What becomes of a message that is due: it went out, was put on her own page, was left out, or that word was taken back.

There is no SMS gateway here. What a package wrote as SMS or WeChat goes out by the hospital's own platform, by hand
or as a list; PilotDesk remembers. What belongs on the patient's own page is put there by `post_to_pages`, once its hour
has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import OperationalError

from core.care.tables import EnrolmentRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.one_by_one import apart, one_by_one
from core.foundation.open_types import Raw
from core.messages.due import DueMessage, key_of, open_, pages_days, to_post, worded
from core.messages.log import Key, Noted, latest
from core.messages.tables import MessageSendRow
from core.messages.words import ON_PAGE
from core.packages.message_texts import CHANNEL_NAMES
from core.people.patients import get_patient, speaking_among

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
    found = [one for one in open_(stamp, due_on) if key_of(one) in wanted]
    noted = _note_all(stamp, worded(stamp, due_on, link, found), channel)
    stamp.audit(SENT, ("patients", None), after={"due_on": due_on, "channel": channel, "sends": noted})
    return len(noted)


@deed("message.write")
def post_to_pages(stamp: Stamp) -> int:
    """Put the messages whose hour has come and that belong there onto the patients' own pages; returns how many. Called by
    the house itself every hour, and by whoever does not want to wait.

    What was written for the last hours of yesterday has come after that day's last turn, and comes with this one.
    """
    noted = [number for day in pages_days(stamp) for number in _post(stamp, day)]
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
    get_patient(stamp, enrolment.patient_id)
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


# --- inner ----------------------------------------------------------------------------------------


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
    found = [one for one in open_(stamp, due_on, key[0]) if key_of(one) == key]
    if not found:
        raise NotDue
    (one,) = worded(stamp, due_on, link, found[:1])
    return _append(stamp, one, state, channel or one.channel, reason, last)


def _note_all(stamp: Stamp, due: list[DueMessage], channel: str) -> list[int]:
    """Note as sent what is due in this moment, passing over whoever fell silent in it."""
    heard = speaking_among(stamp, {one.patient_id for one in due})
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


def _post(stamp: Stamp, day: date) -> list[int]:
    come = to_post(stamp, day)
    try:
        with apart(stamp):
            return _note_all(stamp, worded(stamp, day, "", come), ON_PAGE)
    except OperationalError:
        raise
    except (
        Exception
    ):  # one of them is in trouble, which is found one by one: the others shall not wait for it
        noted: list[int] = []

        def of_one(enrolment_id: int) -> None:
            hers = [one for one in come if one.enrolment_id == enrolment_id]
            noted.extend(_note_all(stamp, worded(stamp, day, "", hers), ON_PAGE))

        one_by_one(stamp, sorted({one.enrolment_id for one in come}), of_one, "page messages of enrolment")
        return noted


def _where(row: MessageSendRow) -> Raw:
    return {
        "code": row.code,
        "about": row.about,
        "due_on": row.due_on,
        "channel": row.channel,
        "send": row.id,
    }

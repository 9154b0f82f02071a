"""The outbox: what is to be told to staff who are not looking, and what became of it.

    waiting → sending → sent | unclear | failed → … → given_up

A deed only writes rows; `sending` takes them out. What is written here holds nothing personal and no link: a link is
made in the moment of sending, so that none lies in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core.department.web_address import public_address
from core.dialogue.clocks.once_each import insert_once
from core.dialogue.tables import CaseRow
from core.dialogue.telling import duty_page, wording
from core.dialogue.telling.tables import ChannelRow, DutyPassRow, OutboxRow
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_, clock_text
from core.people.tables import StaffRow

STATE_NAMES: dict[str, str] = {
    "waiting": N_("Waiting"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "unclear": N_("Unclear: it may have arrived"),
    "failed": N_("Not sent yet, tried again"),
    "given_up": N_("Given up"),
}
SHOWN = 30
KEPT = timedelta(days=92)


@dataclass(frozen=True)
class Told:
    """One message as Settings shows it. `reason` is a source text of the catalogue or what the other side said."""

    message_id: int
    channel: str
    words: str
    state: str
    reason: str
    tries: int
    at: datetime
    sent_at: datetime | None


def tell(
    stamp: Stamp,
    *,
    occasion: str,
    case: CaseRow | None,
    step: str,
    staff_ids: Sequence[int],
    roles: Sequence[str],
    due_at: datetime | None,
) -> None:
    """Put a message into every channel that the told persons or roles read. Once per channel and `occasion`
    (such as "run:12:rung_1"); a repeat changes nothing.

    `step` is one of `promise_steps` ("told", "rung_1", "warning", "missed"), or "untaken" without a case: `due_at` is
    then when the shift begins; the time a case has left is said anew when the message leaves. With the duty page open
    each told person gets a message of her own, because her link opens for nobody else.
    """
    channels = stamp.session.execute(
        select(ChannelRow.id, ChannelRow.roles).where(ChannelRow.active).order_by(ChannelRow.id)
    ).all()
    if not channels:
        return
    people = select(StaffRow.id, StaffRow.role).where(StaffRow.id.in_(staff_ids), StaffRow.active)
    of_person = {row.id: _reader(row.role) for row in stamp.session.execute(people)}
    linked = case is not None and bool(public_address(stamp.house)) and duty_page.is_open(stamp)
    wanted = {*roles, *of_person.values()}
    words = _words(stamp, case, step, due_at)
    for channel_id, reads in channels:
        if not wanted & set(reads):
            continue
        persons = [number for number in staff_ids if of_person.get(number) in reads] if linked else []
        for number in dict.fromkeys(persons) or [None]:
            insert_once(
                stamp, OutboxRow, channel_id=channel_id, staff_id=number, case_id=case.id if case else None,
                occasion=occasion if number is None else f"{occasion}:{number}", words=words, state="waiting",
                tries=0, reason="", next_at=stamp.now, created_at=stamp.now,
            )  # fmt: skip


@deed("settings.write")
def forget_old(stamp: Stamp) -> None:
    """Drop messages and links that are a quarter of a year old; done by the house itself once a day."""
    before = stamp.now - KEPT
    stamp.session.execute(delete(OutboxRow).where(OutboxRow.created_at < before))
    stamp.session.execute(delete(DutyPassRow).where(DutyPassRow.created_at < before))


@question("settings.write")
def recent(look: Look, *, channel_id: int | None = None) -> list[Told]:
    """The newest messages, of one channel or all, newest first."""
    query = select(OutboxRow, ChannelRow.name).join(ChannelRow, ChannelRow.id == OutboxRow.channel_id)
    if channel_id is not None:
        query = query.where(OutboxRow.channel_id == channel_id)
    return [
        Told(row.id, name, row.words, row.state, row.reason, row.tries, row.created_at, row.sent_at)
        for row, name in look.session.execute(query.order_by(OutboxRow.id.desc()).limit(SHOWN))
    ]


def _words(stamp: Stamp, case: CaseRow | None, step: str, due_at: datetime | None) -> str:
    house = stamp.house
    if case is not None:
        return wording.headline(house.print_language, case.kind, case.code, step)
    begins = f" · {clock_text(due_at, house.print_language, house.zone)}" if due_at else ""
    return wording.headline(house.print_language, "", "", step) + begins


def _reader(role: str) -> str:
    """Administrators stand in where a house has no managers, and read what managers read."""
    return "manager" if role == "administrator" else role

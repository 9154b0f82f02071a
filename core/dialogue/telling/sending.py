"""Sending what waits in the outbox: claimed in a transaction of its own, sent between the doors, its outcome kept.

Several processes may do this at once: whoever changes the row from waiting to sending sends it. What is still
"sending" when its time is over was cut off by a restart, and nobody knows whether it arrived. An unclear message is
never sent again by itself; a refused one is, after growing gaps.
"""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, or_, select, update

from core.department.web_address import public_address
from core.dialogue.cases.cases import UNSETTLED
from core.dialogue.clocks import promises
from core.dialogue.tables import CaseRow
from core.dialogue.telling import duty_page, passes, place, wording
from core.dialogue.telling.channels import SWITCHED_OFF
from core.dialogue.telling.robots import (
    A_MINUTE,
    BETWEEN_SECONDS,
    NO_ANSWER,
    ROBOTS,
    TOO_OFTEN,
    TOO_OFTEN_ELSE,
    TOO_OFTEN_SECONDS,
)
from core.dialogue.telling.tables import ChannelRow, OutboxRow
from core.dialogue.telling.wire import Wire
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk, Look, Stamp, deed
from core.foundation.language import N_
from core.people.tables import StaffRow

# Longer than the longest sending: whoever claimed it is not at work any more.
LEASE = timedelta(minutes=3)
GAPS = tuple(timedelta(seconds=each) for each in (30, 60, 120, 300, 600, 1200, 1800))
WINDOW = timedelta(seconds=61)  # a second more than a minute, because clocks differ
AT_ONCE = 4  # channels served at the same time
BUDGET = 20.0  # seconds for one channel in one round, so that a slow one holds nobody up for long
ANSWERED_MEANWHILE = N_("Answered meanwhile: no longer needed.")


@dataclass(frozen=True)
class Claim:
    """A message this process sends now. `pass_id` is the one-time link in it."""

    message_id: int
    kind: str
    seal: str
    text: str
    pass_id: int | None


def send_due(desk: Desk, wire: Wire | None = None) -> int:
    """Send what is due now and return how many messages left the house (unclear ones included). Raises nothing that
    one message did; a database that sends nothing is asked one question."""
    waiting: dict[int, list[int]] = desk.ask(SYSTEM, due)
    if not waiting:
        return 0
    serve = partial(_serve, desk, wire or Wire())
    with ThreadPoolExecutor(min(AT_ONCE, len(waiting)), "telling") as pool:
        return sum(pool.map(serve, waiting.values()))


def due(look: Look) -> dict[int, list[int]]:
    """The messages whose time has come, by channel, oldest first; nothing where another machine sends."""
    rows = look.session.execute(
        select(OutboxRow.channel_id, OutboxRow.id)
        .where(OutboxRow.state.in_(("waiting", "sending", "failed")), OutboxRow.next_at <= look.now)
        .order_by(OutboxRow.id)
    ).all()
    if not rows or not place.is_here(look):
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    for channel_id, message_id in rows:
        found[channel_id].append(message_id)
    return dict(found)


def _serve(desk: Desk, wire: Wire, messages: list[int]) -> int:
    """The messages of one channel, one after the other, until it refuses, has had its minute's share, or is slow."""
    left, last = 0, time.monotonic() + BUDGET
    for message_id in messages:
        claim: Claim | None = desk.do(SYSTEM, _claim, message_id=message_id)
        if claim is None:
            continue
        outcome = wire.send(claim.kind, claim.seal, claim.text)
        desk.do(
            SYSTEM, _finish, message_id=message_id, pass_id=claim.pass_id,
            state=outcome.state, why=outcome.reason,
        )  # fmt: skip
        left += outcome.state != "failed"
        if outcome.state == "failed" or time.monotonic() > last:
            break
        time.sleep(BETWEEN_SECONDS.get(claim.kind, 0.0))
    return left


@deed("settings.write", secret=True)
def _claim(stamp: Stamp, *, message_id: int) -> Claim | None:
    """Mark a message as being sent, so that no other process sends it; None where it is not to be sent now."""
    channel_id = stamp.session.scalar(select(OutboxRow.channel_id).where(OutboxRow.id == message_id))
    if channel_id is None:
        return None  # forgotten meanwhile
    channel = stamp.session.get_one(ChannelRow, channel_id)
    row = stamp.session.get_one(OutboxRow, message_id)
    if row.next_at is None or row.next_at > stamp.now:
        return None
    if row.state == "sending":
        row.state, row.reason, row.sent_at, row.next_at = "unclear", NO_ANSWER, stamp.now, None
        return None
    case = stamp.session.get(CaseRow, row.case_id) if row.case_id else None
    if case is not None and (case.state not in UNSETTLED or case.answered_at is not None):
        row.state, row.reason, row.next_at = "given_up", ANSWERED_MEANWHILE, None
        return None
    if not channel.active:
        row.state, row.reason, row.next_at = "given_up", SWITCHED_OFF, None
        return None
    if channel.kind in ROBOTS and _lately(stamp, channel) >= A_MINUTE:
        return None
    row.state, row.tries, row.next_at = "sending", row.tries + 1, stamp.now + LEASE
    text, pass_id = _text(stamp, row, case)
    return Claim(row.id, channel.kind, channel.secret, text, pass_id)


@deed("settings.write")
def _finish(stamp: Stamp, *, message_id: int, pass_id: int | None, state: str, why: str) -> None:
    """Keep what came of a sending; one that took longer than its lease may have been called unclear meanwhile."""
    row = stamp.session.get(OutboxRow, message_id)
    if row is None or row.state not in ("sending", "unclear"):
        return
    row.state, row.reason, row.next_at = state, why, None
    if state != "failed":
        row.sent_at = stamp.now
        return
    if pass_id is not None:
        passes.void(stamp, pass_id)
    if row.tries > len(GAPS):
        row.state = "given_up"
    else:
        row.next_at = stamp.now + GAPS[row.tries - 1]
    if why == TOO_OFTEN:
        _leave_alone(stamp, row.channel_id)


def _leave_alone(stamp: Stamp, channel_id: int) -> None:
    """A robot that was spoken to too often hears nothing for a while: whatever waits for it waits longer."""
    kind = stamp.session.get_one(ChannelRow, channel_id).kind
    until = stamp.now + timedelta(seconds=TOO_OFTEN_SECONDS.get(kind, TOO_OFTEN_ELSE))
    stamp.session.flush()
    stamp.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.channel_id == channel_id,
            OutboxRow.state.in_(("waiting", "failed")),
            OutboxRow.next_at < until,
        )
        .values(next_at=until)
    )


def _text(stamp: Stamp, row: OutboxRow, case: CaseRow | None) -> tuple[str, int | None]:
    """The message as it leaves now, with the time that is left and a link made for it."""
    link, role = "", ""
    pass_id: int | None = None
    outside = public_address(stamp.house)
    if case is not None and row.staff_id and outside and duty_page.is_open(stamp):
        pass_id, token = passes.mint(stamp, case.id, row.staff_id)
        link = f"{outside}/p/duty/{token}"
        role = stamp.session.get_one(StaffRow, row.staff_id).role
    run = promises.running(stamp, case.id) if case is not None else None
    text = wording.message(
        stamp.house.print_language, row.words, due_at=run.due_at if run else None, now=stamp.now,
        role=role, link=link,
    )  # fmt: skip
    return text, pass_id


def _lately(stamp: Stamp, channel: ChannelRow) -> int:
    """How many messages of a channel left, or are leaving, within the last minute, a test included."""
    since: datetime = stamp.now - WINDOW
    counted = stamp.session.scalar(
        select(func.count())
        .select_from(OutboxRow)
        .where(
            OutboxRow.channel_id == channel.id, or_(OutboxRow.state == "sending", OutboxRow.sent_at > since)
        )
    )
    return int(counted or 0) + (channel.tested_at is not None and channel.tested_at > since)

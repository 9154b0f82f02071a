"""Which machine sends: a restored or copied database tells nobody anything until somebody confirms it.

The mark is made of the machine's key and of the database itself (SQLite: its file on the disk; PostgreSQL: its number),
so that a copy of the data folder is another place, too. A restore takes the mark away.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, func, select, text, update

from core.dialogue.switches import switch, switched
from core.dialogue.tables import DialogueSwitchRow
from core.dialogue.telling.tables import ChannelRow, OutboxRow
from core.foundation import machine_key
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_

CONFIRMED = declare("sending.confirmed", N_("Sending from this machine confirmed"))
NAME = "sends_from"
STALE = timedelta(hours=1)
OF_ANOTHER_TIME = N_("Written before the data were restored here.")


@deed("settings.write")
def confirm_sending(stamp: Stamp) -> int:
    """Let this machine send. What waited for longer than an hour belongs to another time and is given up; returns
    the number of messages that go out now."""
    set_place(stamp)
    unsent = OutboxRow.state.in_(("waiting", "failed"))
    old = OutboxRow.created_at < stamp.now - STALE
    stamp.session.execute(
        update(OutboxRow).where(unsent, old).values(state="given_up", next_at=None, reason=OF_ANOTHER_TIME)
    )
    left = stamp.session.scalar(select(func.count()).select_from(OutboxRow).where(unsent)) or 0
    stamp.audit(CONFIRMED, ("channel", None), after={"going_out": left})
    return int(left)


@question("settings.write")
def sends_elsewhere(look: Look) -> bool:
    """Whether there are channels and this is not the place they were set up in."""
    return look.session.scalar(select(ChannelRow.id).limit(1)) is not None and not is_here(look)


def is_here(look: Look) -> bool:
    """Whether somebody said that this machine, with this very database, sends."""
    return hmac.compare_digest(str(switched(look, NAME)), _mark(look))


def set_place(stamp: Stamp) -> None:
    """This machine sends from now on; inner."""
    switch(stamp, NAME, _mark(stamp))


def forget_place(stamp: Stamp) -> None:
    """The data have just been restored: nobody has confirmed yet; inner."""
    stamp.session.execute(delete(DialogueSwitchRow).where(DialogueSwitchRow.name == NAME))


def _mark(look: Look) -> str:
    if look.link.dialect.name == "sqlite":
        files = look.link.execute(text("PRAGMA database_list")).all()
        database = str(Path(str(files[0][2])).stat().st_ino)
    else:
        database = str(
            look.link.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        )
    return hmac.new(machine_key.machine_key(), f"sends:{database}".encode(), hashlib.sha256).hexdigest()

"""Wrong passwords, counted by the name that was typed and the sender it came from (`core.foundation.senders`).

Names nobody bears are counted like those somebody bears, so that the answers tell them apart no more than the time they
take. Because the sender belongs to the counter, a stranger locks himself out and never a colleague at another place; who
guesses at one name from many places is slowed down instead (`signing_in`). Neither name nor address is kept, only what they hash to.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select

from core.foundation.doors import Stamp
from core.foundation.senders import sender_of
from core.people.tables import GuessRow

# A pause lasts a quarter of an hour; what was guessed wrongly yesterday is no guess of today.
KEPT = timedelta(days=1)


def counter(stamp: Stamp, username: str, address: str) -> GuessRow:
    """The counter of this name at this address, made when it is the first guess."""
    name, place = _hash(username.strip().lower()), _hash(sender_of(address))
    row = stamp.session.scalar(
        select(GuessRow).where(GuessRow.name_hash == name, GuessRow.place_hash == place)
    )
    if row is None:
        row = GuessRow(name_hash=name, place_hash=place, last_at=stamp.now, failed_attempts=0)
        stamp.session.add(row)
        stamp.session.flush()
    elif row.last_at < stamp.now - KEPT:
        row.failed_attempts, row.locked_until = 0, None
    row.last_at = stamp.now
    return row


def forget(stamp: Stamp, username: str) -> None:
    """A new password, or a colleague who is back: what was guessed before no longer counts, wherever it came from."""
    stamp.session.execute(delete(GuessRow).where(GuessRow.name_hash == _hash(username)))


def forget_old(stamp: Stamp) -> None:
    """Drop the counters nobody has touched for a day."""
    stamp.session.execute(delete(GuessRow).where(GuessRow.last_at < stamp.now - KEPT))


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()

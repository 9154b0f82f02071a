"""How often somebody may guess wrongly: five times, then a pause of 15 minutes.

For a sign-in's password; the last four digits of a private page have a rule of their own (`digit_guesses`). The count
stands in the database, so that a pause survives a restart; a deed answers with it instead of raising, because a refusal
would roll the count back.
"""

from __future__ import annotations

from datetime import timedelta

from core.foundation.doors import Stamp
from core.people.tables import GuessRow

TRIES = 5
PAUSE = timedelta(minutes=15)

Answer = dict[str, int | str]


def pause_of(stamp: Stamp, row: GuessRow) -> Answer | None:
    """{"refused": "locked", "minutes"} while the pause lasts, None when a guess may be made."""
    if row.locked_until and row.locked_until > stamp.now:
        return _locked(row.locked_until - stamp.now)
    return None


def count_wrong(stamp: Stamp, row: GuessRow) -> Answer:
    """Count a wrong guess: {"refused": "failed", "left"}, or "locked" as `pause_of` says it when this was the last."""
    row.failed_attempts += 1
    if row.failed_attempts < TRIES:
        return {"refused": "failed", "left": TRIES - row.failed_attempts}
    row.failed_attempts, row.locked_until = 0, stamp.now + PAUSE
    stamp.session.flush()
    return _locked(PAUSE)


def forget_wrong(row: GuessRow) -> None:
    """A right answer: whatever was wrong before no longer counts."""
    row.failed_attempts, row.locked_until = 0, None


def _locked(left: timedelta) -> Answer:
    return {"refused": "locked", "minutes": max(1, -(-int(left.total_seconds()) // 60))}

"""How often the last four digits may be guessed: counted for the patient, whichever of her cards is tried.

Five wrong answers end in a pause, and each pause is longer than the one before; after the twentieth none of the cards
she has then opens a further phone, and only a new card does. A right answer forgets nothing: otherwise whoever holds a
photograph of a card could go on each time she confirms a phone of her own. Of 10,000 possible numbers a guesser sees
20. Phones that were confirmed before are not asked and notice nothing of it.

The counts stand on the cards, so that a card that is ended takes its own along. The deed answers with the refusal
instead of raising it, because raising would roll the count back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, or_, select, update

from core.foundation.doors import Stamp
from core.people.lockout import Answer
from core.people.tables import PhoneLinkRow

ROUND = 5
PAUSES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
MOST = ROUND * (len(PAUSES) + 1)
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)


def is_closed(locked_until: datetime | None) -> bool:
    """Whether a card opens no further phone, ever."""
    return locked_until is not None and locked_until >= FOR_GOOD


def pause_of(stamp: Stamp, card: PhoneLinkRow) -> Answer | None:
    """What stands against a guess with this card: {"refused": "closed"}, {"refused": "locked", "minutes"}, or None."""
    until = card.locked_until
    if until is None or until <= stamp.now:
        return None
    if is_closed(until):
        return {"refused": "closed"}
    return {"refused": "locked", "minutes": max(1, -(-int((until - stamp.now).total_seconds()) // 60))}


def count_wrong(stamp: Stamp, card: PhoneLinkRow) -> Answer:
    """Count a wrong guess: {"refused": "failed", "left"} in this round, or as `pause_of` says when it was the last."""
    card.failed_attempts += 1
    stamp.session.flush()
    tried = (
        PhoneLinkRow.patient_id == card.patient_id,
        PhoneLinkRow.revoked_at.is_(None),
        or_(PhoneLinkRow.locked_until.is_(None), PhoneLinkRow.locked_until < FOR_GOOD),
    )
    wrong = stamp.session.scalar(select(func.sum(PhoneLinkRow.failed_attempts)).where(*tried)) or 0
    if wrong < MOST and wrong % ROUND:
        return {"refused": "failed", "left": ROUND - wrong % ROUND}
    until = FOR_GOOD if wrong >= MOST else stamp.now + PAUSES[wrong // ROUND - 1]
    stamp.session.execute(update(PhoneLinkRow).where(*tried).values(locked_until=until))
    stamp.session.refresh(card)
    return pause_of(stamp, card) or {}

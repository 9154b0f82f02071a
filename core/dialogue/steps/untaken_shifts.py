"""A shift that nobody took is told before it starts: to those named and to the managers, once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from core.dialogue.duty.duty import managers
from core.dialogue.duty.shifts import TOLD_BEFORE
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.telling import outbox
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed
from core.foundation.language import N_

UNTAKEN = declare("duty.untaken", N_("Told that nobody took a shift"))


@deed("reply.write")
def tell_untaken(stamp: Stamp) -> int:
    """Tell those named, and the managers, of every shift that begins within half an hour and that nobody took; once
    each, by the house itself. Returns how many."""
    rows = stamp.session.execute(
        update(DutySpanRow)
        .where(*_untaken(stamp))
        .values(warned_at=stamp.now)
        .returning(
            DutySpanRow.id,
            DutySpanRow.role,
            DutySpanRow.staff_id,
            DutySpanRow.backup_id,
            DutySpanRow.starts_at,
        )
    ).all()
    for span_id, role, staff_id, backup_id, starts_at in sorted(rows):
        whom = [each for each in (staff_id, backup_id) if each is not None]
        outbox.tell(
            stamp, occasion=f"shift:{span_id}", case=None, step="untaken",
            staff_ids=tuple(dict.fromkeys((*whom, *managers(stamp)))), roles=(role, "manager"), due_at=starts_at,
        )  # fmt: skip
    if rows:
        stamp.audit(UNTAKEN, ("duty", None), after={"shifts": len(rows)})
    return len(rows)


def untaken_due(look: Look) -> bool:
    """Whether a shift is about to begin that nobody took: asked before written."""
    return look.session.scalar(select(DutySpanRow.id).where(*_untaken(look)).limit(1)) is not None


def _untaken(look: Look) -> tuple[ColumnElement[bool], ...]:
    return (
        DutySpanRow.taken_at.is_(None), DutySpanRow.warned_at.is_(None), DutySpanRow.ends_at > look.now,
        DutySpanRow.starts_at <= look.now + TOLD_BEFORE,
    )  # fmt: skip

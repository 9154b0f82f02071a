"""A course whose validity is over ends by itself: what is still planned is called off, what was done stays done.

It is no good end and no cancelling, and has its own word. Until the night does it, the day alone already counts: her
phone, her answers and the next sale ask `expires_on`.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column, select

from core.care.plan.ending import end, note_run_out
from core.care.sale.courses import active
from core.care.tables import EnrolmentRow
from core.foundation.doors import Look, Stamp, deed, question

AT_ONCE = 500
# Literal, so that the few that run are found by `ix_enrolments_running`.
_RUNS: ColumnElement[bool] = literal_column("enrolments.status = 'active'")


@question("settings.write")
def over(look: Look) -> list[int]:
    """The running courses whose last day has passed, the longest over first, at most `AT_ONCE`."""
    query = select(EnrolmentRow.id).where(_RUNS, EnrolmentRow.expires_on < look.today)
    return list(look.session.scalars(query.order_by(EnrolmentRow.expires_on, EnrolmentRow.id).limit(AT_ONCE)))


@deed("settings.write")
def run_out(stamp: Stamp, *, enrolment_id: int) -> None:
    """End one course whose validity is over; nothing happens to one that is still valid. Refuses one that has ended."""
    row = active(stamp, enrolment_id)
    if row.expires_on >= stamp.today:
        return
    end(stamp, row, "run_out", "")
    note_run_out(stamp, row)

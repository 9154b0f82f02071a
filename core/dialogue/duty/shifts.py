"""Shifts: taken by whoever has them, handed over with what is open and confirmed by who takes over.

A shift belongs to whoever it names (`shift_plan`) until a handover was confirmed: then the rest of it is the taker's.
One that nobody took is told before it starts (`steps.untaken_shifts`).
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core.dialogue.cases import cases
from core.dialogue.duty.duty import stretches
from core.dialogue.duty.shift_plan import fit
from core.dialogue.duty.shift_refusals import (
    HandedToThemselves,
    NothingToReceive,
    NotYourShift,
    ShiftOver,
    ShiftTaken,
    UnknownShift,
)
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.tables import CaseRow
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.clock import day_bounds, same_hour
from core.foundation.doors import Look, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.escalation_roster import reachable
from core.people.tables import EscalationDutyRow, StaffRow

TAKEN = declare("duty.taken", N_("Shift taken"))
HANDED = declare("duty.handed", N_("Shift handed over"), ("note",))
RECEIVED = declare("duty.received", N_("Handover confirmed"))

LONGEST_NOTE = 500
TOLD_BEFORE = timedelta(minutes=30)
# So long after the end somebody may still write and confirm a handover.
AFTERWARDS = timedelta(hours=12)


# --- deeds ------------------------------------------------------------------------------------------


@deed("reply.write")
def take_shift(stamp: Stamp, *, span_id: int | None = None, day: date | None = None) -> int:
    """ "I take the shift": one's own, or as the second one that the first has not taken; `day` is a line of the
    escalation roster instead of a planned shift. Returns the shift's id. Refuses a shift of others, one that is over
    and one that somebody else has taken."""
    row = _row(stamp, span_id) if span_id is not None else _of_roster(stamp, day)
    if row.ends_at <= stamp.now:
        raise ShiftOver
    if row.taken_at is not None and row.staff_id != stamp.staff_id:
        raise ShiftTaken(_name(stamp, row.staff_id))
    if stamp.staff_id not in (row.staff_id, row.backup_id) or stamp.staff_id is None:
        raise NotYourShift(_name(stamp, row.staff_id))
    before = row.staff_id
    if row.staff_id != stamp.staff_id:
        row.staff_id, row.phone, row.backup_id, row.backup_phone = (
            stamp.staff_id, row.backup_phone, row.staff_id, row.phone,
        )  # fmt: skip
    row.taken_at = row.taken_at or stamp.now
    stamp.session.flush()
    stamp.audit(TAKEN, ("duty", row.id), {"staff_id": before}, _where(row))
    return row.id


@deed("reply.write")
def hand_over(stamp: Stamp, *, span_id: int, to: int, note: str = "") -> None:
    """Hand one's shift over, with a note and all that is open at this moment; it stays one's own until `to` confirms.
    Naming somebody else before that replaces the first. Refuses a shift of others, one long over, a person who is not
    active or may not do what the role needs."""
    note = reasons.remark(note, most=LONGEST_NOTE, field="note")
    row = _row(stamp, span_id)
    if row.staff_id != stamp.staff_id:
        raise NotYourShift(_name(stamp, row.staff_id))
    if row.ends_at + AFTERWARDS <= stamp.now or row.received_at is not None:
        raise ShiftOver
    if to == row.staff_id:
        raise HandedToThemselves
    fit(stamp, row.role, to, "to")
    open_now = stamp.session.execute(
        select(CaseRow.id, CaseRow.code, CaseRow.kind, CaseRow.level)
        .where(CaseRow.state.in_(cases.UNSETTLED))
        .order_by(CaseRow.id)
    )
    row.handed_at, row.handed_to, row.note = stamp.now, to, note
    row.open_cases = [list(each) for each in open_now]
    row.changed_at, row.changed_by = stamp.now, stamp.staff_id
    after = {**_where(row), "handed_to": to, "open": len(row.open_cases), "note": note}
    stamp.audit(HANDED, ("duty", span_id), None, after)


@deed("reply.write")
def receive(stamp: Stamp, *, span_id: int, phone: str = "") -> None:
    """Confirm a handover: the rest of the shift is one's own from now on (on `phone`, without it the telephone last
    used), one's own next shift counts as taken, and what the other had in hand is one's own, too. Refuses where
    nothing was handed over to whoever asks."""
    row = _row(stamp, span_id)
    if row.handed_to is None or row.handed_to != stamp.staff_id or row.received_at is not None:
        raise NothingToReceive
    row.received_at = stamp.now
    if stamp.now < row.ends_at:
        phone = reachable(stamp, row.handed_to, phone or last_phone(stamp, row.handed_to))
        rest = DutySpanRow(
            role=row.role, starts_at=max(stamp.now, row.starts_at), ends_at=row.ends_at, staff_id=row.handed_to,
            phone=phone, backup_id=row.staff_id, backup_phone=row.phone, taken_at=stamp.now,
            changed_at=stamp.now, changed_by=stamp.staff_id,
        )  # fmt: skip
        row.ends_at = rest.starts_at
        stamp.session.add(rest)
    stamp.session.flush()
    _take_next(stamp, row)
    _take_cases(stamp, row)
    stamp.audit(RECEIVED, ("duty", span_id), None, _where(row))


# --- for other modules ------------------------------------------------------------------------------


def move_to_zone(stamp: Stamp, before: ZoneInfo, after: ZoneInfo) -> None:
    """The department's time zone was set right: whoever has the shift from eight has it from eight. One that is running
    keeps its beginning."""
    for row in stamp.session.scalars(
        select(DutySpanRow).where(DutySpanRow.ends_at > stamp.now).order_by(DutySpanRow.id)
    ):
        if row.starts_at > stamp.now:
            row.starts_at = same_hour(row.starts_at, before, after)
        row.ends_at = max(same_hour(row.ends_at, before, after), row.starts_at)
    stamp.session.flush()


# --- inner ------------------------------------------------------------------------------------------


def _row(stamp: Stamp, span_id: int) -> DutySpanRow:
    row = stamp.session.get(DutySpanRow, span_id)
    if row is None:
        raise UnknownShift
    return row


def _of_roster(stamp: Stamp, day: date | None) -> DutySpanRow:
    """A shift made of what the day's line of the escalation roster still covers."""
    line = stamp.session.get(EscalationDutyRow, day) if day is not None else None
    if line is None:
        raise UnknownShift
    start, end = day_bounds(line.day, stamp.zone)
    left = [one for one in stretches(stamp, "doctor", max(start, stamp.now), end) if one.span_id is None]
    if not left:
        raise ShiftOver
    row = DutySpanRow(
        role="doctor", starts_at=max(left[0].starts_at, stamp.now), ends_at=left[0].ends_at,
        staff_id=line.staff_id, phone=line.phone, backup_id=line.backup_id, backup_phone=line.backup_phone,
        changed_at=stamp.now, changed_by=stamp.staff_id,
    )  # fmt: skip
    stamp.session.add(row)
    return row


def _take_next(stamp: Stamp, row: DutySpanRow) -> None:
    """Whoever confirms a handover is there: a shift of hers that follows at once is taken with it."""
    stamp.session.execute(
        update(DutySpanRow)
        .where(
            DutySpanRow.role == row.role, DutySpanRow.staff_id == row.handed_to, DutySpanRow.taken_at.is_(None),
            DutySpanRow.ends_at > stamp.now, DutySpanRow.starts_at <= max(row.ends_at, stamp.now) + TOLD_BEFORE,
        )
        .values(taken_at=stamp.now)
    )  # fmt: skip


def _take_cases(stamp: Stamp, row: DutySpanRow) -> None:
    """What the other had in hand becomes the taker's."""
    query = (
        select(CaseRow.id)
        .where(
            CaseRow.taken_by == row.staff_id,
            CaseRow.state.in_(cases.UNSETTLED),
        )
        .order_by(CaseRow.patient_id, CaseRow.id)
    )
    for case_id in stamp.session.scalars(query).all():
        try:
            case = cases.held(stamp, case_id)
        except Refusal:  # settled, or her data erased, in this second
            continue
        case.taken_by, case.taken_at = row.handed_to, stamp.now
        cases.note(stamp, case_id, "taken", "handover")


def last_phone(look: Look, staff_id: int) -> str:
    """The telephone somebody was last planned with, as the first or the second; "" where there was none."""
    for table, newest in ((DutySpanRow, DutySpanRow.id), (EscalationDutyRow, EscalationDutyRow.day)):
        for who, phone in ((table.staff_id, table.phone), (table.backup_id, table.backup_phone)):
            found = look.session.scalar(select(phone).where(who == staff_id).order_by(newest.desc()).limit(1))
            if found:
                return found
    return ""


def _where(row: DutySpanRow) -> dict[str, object]:
    return {"role": row.role, "at": row.starts_at, "staff_id": row.staff_id}


def _name(look: Look, staff_id: int) -> str:
    return str(look.session.get_one(StaffRow, staff_id).name)

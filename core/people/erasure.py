"""Erasing a person on request, without tearing holes into the money, the points and the counts.

What identifies her goes: name, numbers, dates, notes, links, and the personal details in the audit trail,
exactly the keys each audit kind has declared. What remains is a numbered stranger, so that sums still add
up. Rooms to the right register what they hold and how it is erased; a room may also refuse first. (Personal
Information Protection Law, art. 47; the medical record is kept elsewhere, by law, and is not touched by
this.)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_, update

from core.foundation import reasons
from core.foundation.audit import KINDS, AuditDetailRow, AuditEntryRow, declare
from core.foundation.doors import RequestRow, Stamp, deed
from core.foundation.language import N_
from core.people import consents, phone_links
from core.people.patients import get_patient
from core.people.tables import PatientRow

ERASED = declare("patient.erased", N_("Patient's data erased on request"))

Subject = tuple[str, int | None]
# A room's eraser blanks its own personal columns and names the audit subjects that belong to the patient.
Eraser = Callable[[Stamp, int], list[Subject]]
ERASERS: list[Eraser] = []
CHUNK = 400


def on_erasure(eraser: Eraser) -> Eraser:
    """Register a room's eraser; it runs inside the deed, before the person's own row is blanked."""
    if eraser not in ERASERS:
        ERASERS.append(eraser)
    return eraser


@deed("settings.write")
def erase_patient(stamp: Stamp, *, patient_id: int, reason: str) -> None:
    """Erase one person everywhere in this programme, for ever. Refuses without a reason, twice, and what a
    room refuses (an active package must be ended first)."""
    reason = reasons.given(reason)
    # Held: what somebody writes to her in the same second waits, and is then refused.
    row = get_patient(stamp, patient_id)
    subjects: list[Subject] = [("patient", patient_id)]
    for eraser in ERASERS:
        subjects += eraser(stamp, patient_id)
    _withdraw_everything(stamp, patient_id)
    phone_links.erase_links(stamp, patient_id)
    _blank(row)
    row.erased_at = stamp.now
    stamp.session.flush()
    _blank_audit(stamp, subjects)
    stamp.audit(ERASED, ("patient", patient_id), after={"reason": reason})


def _blank(row: PatientRow) -> None:
    row.record_number, row.name = f"erased-{row.id}", ""
    row.phone = row.phone_end = row.note = ""
    row.birth_date = row.last_period = row.due_date = row.operation_date = row.discharge_date = None


def _withdraw_everything(stamp: Stamp, patient_id: int) -> None:
    """A consent on file would otherwise go on speaking for somebody who has left."""
    given = {p: False for p in consents.PURPOSES if consents.has_consent(stamp.session, patient_id, p)}
    consents.append(stamp, patient_id, given, "screen")


def _blank_audit(stamp: Stamp, subjects: list[Subject]) -> None:
    for start in range(0, len(subjects), CHUNK):
        chosen = tuple_(AuditEntryRow.subject_kind, AuditEntryRow.subject_id).in_(
            subjects[start : start + CHUNK]
        )
        query = (
            select(AuditEntryRow.kind, AuditEntryRow.at, AuditDetailRow)
            .join(AuditDetailRow, AuditDetailRow.entry_id == AuditEntryRow.id)
            .where(chosen)
        )
        found = stamp.session.execute(query).all()
        _forget_answers(stamp, {at for _kind, at, _detail in found})
        for kind, _at, detail in found:
            personal = KINDS[kind].personal if kind in KINDS else ()
            stamp.session.execute(
                update(AuditDetailRow)
                .where(AuditDetailRow.entry_id == detail.entry_id)
                .values(before=_without(detail.before, personal), after=_without(detail.after, personal))
            )


def _forget_answers(stamp: Stamp, instants: set[datetime]) -> None:
    """What her forms were answered is kept for a month against double clicks, and may hold dates of hers. A
    request and its audit entry bear the same instant."""
    wanted = sorted(instants)
    for start in range(0, len(wanted), CHUNK):
        stamp.session.execute(
            update(RequestRow).where(RequestRow.at.in_(wanted[start : start + CHUNK])).values(result=None)
        )


def _without(details: dict[str, Any] | None, personal: tuple[str, ...]) -> dict[str, Any] | None:
    return {k: None if k in personal else v for k, v in details.items()} if details else details

"""The receipt's number: R, the day and a running number, or the one a receipt book gave; each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.foundation.doors import Look, Stamp, question
from core.foundation.errors import Refusal
from core.foundation.language import N_


@dataclass(eq=False)
class ReceiptNumberTaken(Refusal):
    number: str
    message = N_("Receipt number {number} has been used. Take the proposed one, or check the receipt book.")
    field = "receipt_number"


@question("enrolment.write")
def next_receipt_number(look: Look, *, day: date | None = None) -> str:
    """The receipt number that would be given now: R, the day, and a running number: "R20260305-001"."""
    return _next_receipt(look, day or look.today)


def number_of_receipt(stamp: Stamp, wanted: str, day: date) -> str:
    """The number of a sale on `day`: `wanted`, or the next free one. Refuses one that is taken (`ReceiptNumberTaken`)."""
    wanted = wanted.strip()[:40]
    if not wanted:
        return _next_receipt(stamp, day)
    if stamp.session.scalar(select(EnrolmentRow.id).where(EnrolmentRow.receipt_number == wanted)):
        raise ReceiptNumberTaken(wanted)
    return wanted


def _next_receipt(look: Look, day: date) -> str:
    start = f"R{day:%Y%m%d}-"
    used = set(
        look.session.scalars(
            select(EnrolmentRow.receipt_number).where(EnrolmentRow.receipt_number.startswith(start))
        )
    )
    number = len(used) + 1
    while f"{start}{number:03d}" in used:
        number += 1
    return f"{start}{number:03d}"

"""What an entry of the ledger was booked for: the event in its `source`, and whether that stands.

A source is the event's key and a number, "award:CLASS:7:2026-04-12:2": a person, a day, a task, whatever the event is
told by. What was reversed was not given: the event may then be booked again under the next number. Entries of earlier
releases may bear the key without a number; they are the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from core.bank.tables import ACCOUNTS, ENTRIES


@dataclass(frozen=True)
class Booked:
    """What was booked for one event. `standing` is the entry that was not reversed, `patient_id` whose account it is
    in; both None where nothing stands. `next_key` is the source of another entry for it."""

    standing: int | None
    patient_id: int | None
    next_key: str


def of(link: Connection, key: str) -> Booked:
    """What was booked for the event of this key."""
    rows = _entries(link, key)
    stands = next((row for row in rows if row.reversed_by is None), None)
    return Booked(
        stands.id if stands else None, stands.patient_id if stands else None, f"{key}:{len(rows) + 1}"
    )


def standing_days(link: Connection, key: str) -> list[date]:
    """The days of all events whose key is this one and a day ("award:QUIT30:7"), of those that stand: the days they were
    about, not those on which somebody typed them in."""
    first = len(key) + 1
    return [
        date.fromisoformat(row.source[first : first + 10])
        for row in _entries(link, key)
        if row.reversed_by is None
    ]


def _entries(link: Connection, key: str) -> list[Row[tuple[int, str, int, int | None]]]:
    correction = ENTRIES.alias("correction")
    return list(
        link.execute(
            select(
                ENTRIES.c.id, ENTRIES.c.source, ACCOUNTS.c.patient_id, correction.c.id.label("reversed_by")
            )
            .join(ACCOUNTS, ACCOUNTS.c.id == ENTRIES.c.account_id)
            .outerjoin(correction, correction.c.reverses_id == ENTRIES.c.id)
            .where(_is_for(key))
            .order_by(ENTRIES.c.id)
        )
    )


def _is_for(key: str) -> ColumnElement[bool]:
    # A range, not LIKE: the unique index answers it on both engines. ";" follows ":", because the column is sorted by
    # bytes on PostgreSQL, too, whatever language the database sorts by (migration 0013).
    numbered = (ENTRIES.c.source >= f"{key}:") & (ENTRIES.c.source < f"{key};")
    return or_(ENTRIES.c.source == key, numbered)

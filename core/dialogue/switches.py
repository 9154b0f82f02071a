"""What a department switches for the conversation: rows of a name and a value."""

from __future__ import annotations

from core.dialogue.tables import DialogueSwitchRow
from core.foundation.doors import Look, Stamp
from core.foundation.open_types import Value


def switched(look: Look, name: str) -> Value:
    """What a switch stands on; None where nobody has touched it."""
    row = look.session.get(DialogueSwitchRow, name)
    return None if row is None else row.value


def switch(stamp: Stamp, name: str, value: Value) -> None:
    """Put a switch on a value; the caller audits."""
    row = stamp.session.get(DialogueSwitchRow, name, populate_existing=True)
    if row is None:
        row = DialogueSwitchRow(name=name)
        stamp.session.add(row)
    row.value, row.changed_at, row.changed_by = value, stamp.now, stamp.staff_id
    stamp.session.flush()

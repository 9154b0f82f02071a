"""What the messages hold of a person, and how it is erased: words go, that something was sent stays."""

from __future__ import annotations

from sqlalchemy import update

from core.foundation.doors import Stamp
from core.messages.tables import MessageSendRow
from core.people.erasure import Subject, on_erasure


@on_erasure
def erase(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Blank the words of every message of a patient."""
    stamp.session.execute(
        update(MessageSendRow).where(MessageSendRow.patient_id == patient_id).values(text="", reason="")
    )
    return []

"""What recognition does when a person asks to be erased: her words go, the count of praise stays.

Imported by `core.recognition.praise`, so that the eraser is registered wherever praise is taken.
"""

from __future__ import annotations

from sqlalchemy import select, update

from core.foundation.doors import Stamp
from core.people.erasure import Subject, on_erasure
from core.recognition.tables import RecognitionRow


@on_erasure
def erase_words(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Blank the praise a patient wrote, take her stories down and cut the tie to her."""
    rows = stamp.session.execute(
        select(RecognitionRow.id, RecognitionRow.day).where(RecognitionRow.patient_id == patient_id)
    ).all()
    stamp.session.execute(
        update(RecognitionRow)
        .where(RecognitionRow.patient_id == patient_id)
        .values(
            text="", text_hash="", story="", state="kept", wall_month=None, may_show=False, patient_id=None
        )
    )
    stamp.touch(*(row.day for row in rows))
    return [("recognition", row.id) for row in rows]

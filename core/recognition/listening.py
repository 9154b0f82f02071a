"""What recognition does when a person takes her consent to the wall back, or asks to be erased.

Withdrawn stories do not come back by themselves when she agrees again: each new praise carries its own consent.
After an erasure her words are gone and the count of praise stays.
"""

from __future__ import annotations

import secrets

from sqlalchemy import func, select, update

from core.foundation.doors import Look, Stamp
from core.foundation.language import plural
from core.people.consents import on_asked, on_withdrawn
from core.people.erasure import Subject, on_erasure
from core.recognition.tables import RecognitionRow

WALL = "story_wall"


@on_asked
def stories_depend(look: Look, patient_id: int, purpose: str, given: bool, language: str) -> list[str]:
    """How many of her words leave the wall, and the inbox before it, with the consent."""
    if purpose != WALL or not given:
        return []
    query = select(func.count()).where(RecognitionRow.patient_id == patient_id, RecognitionRow.may_show)
    found = look.session.scalar(query) or 0
    said = plural(
        language,
        "{n} thank-you leaves the wall for good; the team still reads it.",
        "{n} thank-yous leave the wall for good; the team still reads them.",
        found,
    )
    return [said] if found else []


@on_withdrawn
def take_down(stamp: Stamp, patient_id: int, purpose: str) -> None:
    """Her stories leave the wall and the inbox for good; the people praised still read her words."""
    if purpose != WALL:
        return
    shown = (RecognitionRow.patient_id == patient_id, RecognitionRow.may_show)
    stamp.touch(*stamp.session.scalars(select(RecognitionRow.day).where(*shown)))
    stamp.session.execute(
        update(RecognitionRow)
        .where(*shown)
        .values(may_show=False, state="kept", story="", wall_month=None)
        .execution_options(synchronize_session=False)
    )


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
            text="",
            text_hash="",
            story="",
            state="kept",
            wall_month=None,
            may_show=False,
            patient_id=None,
            # What was one writer's stays one writer's on the dashboard, whoever it was.
            device=secrets.token_hex(32),
        )  # fmt: skip
    )
    stamp.touch(*(row.day for row in rows))
    return [("recognition", row.id) for row in rows]

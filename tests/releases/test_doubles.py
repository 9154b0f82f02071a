"""Doubles that an older release let in survive the migration that forbids them, and the deeds go on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core.care.tables import ReadinessOverrideRow
from core.foundation.access import PUBLIC
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.operations.migrating import migrate
from core.people.tables import StaffRow
from core.recognition.praise import PraiseKnown, give_praise
from core.recognition.tables import RecognitionRow
from tests.releases.conftest import ON_POSTGRES, SQLITE

DEPARTMENTS = [each for each in (*SQLITE, *ON_POSTGRES) if "department" in each.stem and each.is_text]
named = pytest.mark.parametrize("which", DEPARTMENTS, ids=lambda each: each.stem, indirect=True)
BEFORE = "0013"
_WORDS = (
    "day, at, text, text_hash, counted, may_show, state, story, tip_fen, tip_state, location_id, staff_id"
)
_POINT = (
    "INSERT INTO readiness_overrides (package_id, point, reason, at) SELECT 1, 'roster', :reason, at FROM"
)


@named
def test_the_same_praise_twice_and_a_point_set_aside_twice_stay_readable(
    thawed: Database, tmp_path: Path
) -> None:
    migrate(thawed, BEFORE)
    with thawed.writing() as session:
        first = session.execute(text("SELECT min(id) FROM recognitions WHERE text_hash <> ''")).scalar_one()
        for _ in range(2):
            session.execute(
                text(
                    f"INSERT INTO recognitions ({_WORDS}) SELECT {_WORDS} FROM recognitions WHERE id = {first}"
                )
            )
        for reason in ("old", "new"):
            session.execute(text(f"{_POINT} recognitions WHERE id = {first}"), {"reason": reason})
    migrate(thawed)
    with thawed.reading() as session:
        words = session.get_one(RecognitionRow, first).text
        assert session.scalar(select(func.count()).where(RecognitionRow.text == words)) == 3
        standing = select(ReadinessOverrideRow.reason).where(
            ReadinessOverrideRow.point == "roster",
            ReadinessOverrideRow.package_id == 1,
            ReadinessOverrideRow.withdrawn_at.is_(None),
        )
        assert session.scalars(standing).all() == ["new"]
        code = session.scalar(select(StaffRow.praise_code).where(StaffRow.active))
    desk = Desk(thawed, MediaStore(str(tmp_path)), SetClock(datetime(2026, 3, 6, 4, tzinfo=UTC)))
    with pytest.raises(PraiseKnown):
        desk.do(PUBLIC, give_praise, "", code=code, text=words)
    with pytest.raises(IntegrityError), thawed.writing() as session:
        session.execute(
            text(f"INSERT INTO recognitions ({_WORDS}) SELECT {_WORDS} FROM recognitions WHERE id = {first}")
        )

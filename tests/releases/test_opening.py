"""Every database of a past release opens with today's migrations, holds what it held, and is protected as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.bank.interest import BankTerms
from core.bank.tables import BankTermsRow
from core.bank.totals import integrity_check
from core.choice.study import read_study
from core.choice.tables import ChoiceStudyRow
from core.foundation.access import SYSTEM
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.packages.document import PackageDocument
from core.packages.tables import PackageVersionRow
from core.people.patients import add_patient
from core.sops.document import Own, SopDocument
from core.sops.tables import SopVersionRow
from tests.releases.schema import Schema, lost, triggers_of, walk
from tests.releases.sums import differing, figures
from tests.releases.thawing import Frozen

APPEND_ONLY = ("audit_entries", "bank_terms", "go_lives", "interest_years", "ledger_entries", "lot_uses")


def test_a_frozen_database_opens_with_equal_sums(which: Frozen, opened: Database) -> None:
    with opened.engine.connect() as connection:
        assert differing(which.figures, figures(connection)) == {}


def test_every_row_still_refers_to_something(opened: Database) -> None:
    with opened.engine.connect() as connection:
        if not opened.is_sqlite:
            unchecked = text("SELECT conname FROM pg_constraint WHERE NOT convalidated")
            assert connection.scalars(unchecked).all() == []
            return
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_at_every_step_a_frozen_database_has_the_schema_of_a_new_one(
    thawed: Database, new_schemas: Callable[[str], dict[str, Schema]]
) -> None:
    """Tables, columns, constraints, indexes and triggers; at the first step also that no released file was edited."""
    for revision, schema in walk(thawed).items():
        assert schema == new_schemas("sqlite" if thawed.is_sqlite else "postgres")[revision], revision


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_no_migration_loses_a_trigger(engine: str, new_schemas: Callable[[str], dict[str, Schema]]) -> None:
    walked = new_schemas(engine)
    assert lost(walked) == {}
    newest = triggers_of(list(walked.values())[-1])
    for table in APPEND_ONLY:
        assert any(name.startswith(f"trigger {table}") for name in newest), table


def test_what_is_append_only_refuses_every_change(which: Frozen, opened: Database) -> None:
    held = [table for table in APPEND_ONLY if which.figures["rows"][table]]
    assert len(held) >= 3, "a trigger that fires for rows needs rows"
    for table in held:
        column = "package_id" if table == "go_lives" else "id"
        for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with (
                opened.engine.connect() as connection,
                pytest.raises(DBAPIError, match=f"{table} is append-only"),
            ):
                connection.execute(text(change))


def test_everything_sold_signed_and_decided_can_be_read(which: Frozen, opened: Database) -> None:
    """A field renamed in code would make versions that patients hold unreadable."""
    read = 0
    with opened.reading() as session:
        for version in session.scalars(select(PackageVersionRow)):
            document = (
                version.document if version.number else version.document.get("_sound", version.document)
            )
            assert PackageDocument.model_validate(document).price_fen == version.price_fen
            read += 1
        for sop in session.scalars(select(SopVersionRow)):
            Own.model_validate(sop.own)
            assert sop.document is None or SopDocument.model_validate(sop.document).number == sop.number
            read += 1
        for study_id in session.scalars(select(ChoiceStudyRow.id)):
            assert read_study(session, study_id).frame.criteria
            read += 1
        for row in session.scalars(select(BankTermsRow)):
            assert BankTerms.from_json(row.terms).to_json() == row.terms
            read += 1
    held = which.figures["rows"]
    assert read == sum(
        held[each] for each in ("package_versions", "sop_versions", "choice_studies", "bank_terms")
    )
    assert held["package_versions"] > 2 and held["sop_versions"] > 1


def test_work_goes_on_in_an_opened_database(lent: Database, tmp_path: Path) -> None:
    desk = Desk(lent, MediaStore(str(tmp_path / "media")), SetClock(datetime(2026, 3, 6, 4, tzinfo=UTC)))
    facts = {"name": "新来者", "record_number": "NEW-1"}
    patient: int = desk.do(SYSTEM, add_patient, "click", **facts)
    assert desk.do(SYSTEM, add_patient, "click", **facts) == patient, "the same click has the same answer"
    assert desk.ask(SYSTEM, integrity_check).sound

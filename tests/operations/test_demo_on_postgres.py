"""The demo can be written into PostgreSQL, and life goes on there: the next row of every table gets an id of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from core.bank.totals import integrity_check
from core.care.sale.enrolments import enrol
from core.care.sale.offers import record_offer
from core.care.tables import EnrolmentRow, OfferRow, TaskRow
from core.care.work.appointments import book
from core.foundation.access import SYSTEM
from core.foundation.clock import SetClock
from core.foundation.database import Base, Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.operations import demo
from core.operations.demo.stage import PACKAGE
from core.packages.tables import PackageRow
from core.people.patients import add_patient
from tests.conftest import NOON, POSTGRES

pytestmark = pytest.mark.skipif(not POSTGRES, reason="PILOTDESK_TEST_POSTGRES is not set")


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_after_the_demo_every_table_takes_new_rows(database: Database, tmp_path: Path) -> None:
    desk = Desk(database, MediaStore(str(tmp_path / "media")), SetClock(NOON))
    demo.create(desk, "zh", patients=25)
    with database.engine.connect() as connection:
        behind = {}
        for table in Base.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None and table.name != "house":  # its one row has the id 1 by rule
                name = connection.scalar(
                    text(f"SELECT pg_get_serial_sequence('{table.name}', '{column.name}')")
                )
                last, called = connection.execute(text(f"SELECT last_value, is_called FROM {name}")).one()
                largest = connection.scalar(select(column).order_by(column.desc()).limit(1))
                if largest is not None and (last < largest or not called):
                    behind[table.name] = (last, largest)
    assert behind == {}

    def newest(row: Any) -> Any:
        return desk.ask(
            SYSTEM, lambda look: look.session.scalar(select(row.id).order_by(row.id.desc()).limit(1))
        )

    first = select(PackageRow.id).where(PackageRow.code == PACKAGE)
    sold: dict[str, Any] = {"package_id": desk.ask(SYSTEM, lambda look: look.session.scalar(first))}
    before = {row: newest(row) for row in (OfferRow, EnrolmentRow, TaskRow)}
    sold["patient_id"] = desk.do(SYSTEM, add_patient, name="新来者", record_number="NEW-1")
    desk.do(SYSTEM, record_offer, **sold, outcome="thinking")
    day = desk.ask(SYSTEM, lambda look: look.today)
    desk.do(
        SYSTEM,
        enrol,
        **sold,
        payment_method="cash",
        consents={"service": True},
        last_period=day.replace(month=1),
    )
    assert all(newest(row) > last for row, last in before.items())
    desk.do(SYSTEM, book, patient_id=sold["patient_id"], at=NOON.replace(month=4), task_id=newest(TaskRow))
    assert desk.ask(SYSTEM, integrity_check).sound

"""The demo plays on PostgreSQL: the welcome page makes it in a schema of its own, the next row of every table gets an id of
its own, and its end leaves the department's place as it was."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
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
from core.foundation.house import HouseRow
from core.foundation.settings import settings
from core.operations import demo, demo_schema, workspaces
from core.operations.demo import making
from core.operations.demo.stage import PACKAGE
from core.packages.tables import PackageRow
from core.people.patients import add_patient
from tests.conftest import NOON, POSTGRES
from tests.databases import administer

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


@pytest.fixture
def hospital(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine whose department is to lie in an empty PostgreSQL database; the name of that."""
    name, server = f"pilotdesk_hospital_{secrets.token_hex(4)}", Database(str(POSTGRES))
    administer(server, f'CREATE DATABASE "{name}"')
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", str(POSTGRES).rsplit("/", 1)[0] + "/" + name)
    settings.cache_clear()
    yield name
    for kind in workspaces.KINDS:
        workspaces.forget(kind)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


@pytest.fixture
def short_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo of one house, one patient and one picture: the whole one is told above."""

    def told(desk: Desk, language: str, *, patients: int, **_more: Any) -> None:
        with desk.database.writing() as session:
            session.add(HouseRow(id=1, hospital="安和医院", department="产科", simulated=True))
        for number in range(patients):
            desk.do(SYSTEM, add_patient, name="李小雨", record_number=f"A{number}")
        desk.media.put(b"a picture", ".jpg")

    monkeypatch.setattr(making, "create", told)


def test_the_welcome_page_makes_a_demo_beside_the_department(
    hospital: str, machine: Path, short_story: None
) -> None:
    assert not workspaces.is_set_up("department") and not workspaces.is_set_up("demo")
    demo.remake("zh", patients=1)
    desk = workspaces.desk("demo")
    demo.remake("zh", patients=2)
    assert workspaces.desk("demo") is not desk, "what was made anew is opened anew"
    workspaces.choose("demo")
    desk = workspaces.desk("demo")
    assert not desk.database.is_sqlite and workspaces.is_set_up("demo")
    assert desk.ask(SYSTEM, lambda look: look.house.simulated)
    assert desk.media.keys() and not list(machine.rglob("*.sqlite"))
    assert not workspaces.is_set_up("department"), "nothing of it is in the department's place"
    assert desk.do(SYSTEM, add_patient, name="新来者", record_number="NEW-1") == 3

    # Another process has it open while it ends here.
    other = workspaces.open_desk("demo")
    workspaces.activate(None)
    workspaces.remove_demo()
    other.database.dispose()
    assert not workspaces.is_set_up("demo") and not (machine / "demo").exists()
    with workspaces.desk("department").database.engine.connect() as link:
        schemas = set(link.execute(text("SELECT nspname FROM pg_namespace")).scalars())
    assert schemas.isdisjoint({demo_schema.SCHEMA, demo_schema.MAKING})


def test_whoever_may_not_make_a_schema_is_told_what_to_ask_for(
    hospital: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f"pilotdesk_guest_{secrets.token_hex(3)}"
    server = Database(str(POSTGRES))
    administer(server, f"CREATE ROLE {role} LOGIN PASSWORD 'guest'")
    known = str(POSTGRES).rsplit("@", 1)[1].rsplit("/", 1)[0]
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", f"postgresql+psycopg://{role}:guest@{known}/{hospital}")
    settings.cache_clear()
    try:
        with pytest.raises(demo_schema.DemoNotAllowed) as refused:
            demo.remake("zh", patients=12)
        assert f"GRANT CREATE ON DATABASE {hospital} TO {role}" in refused.value.text("en")
        assert "guest@" not in refused.value.text("en")
    finally:
        administer(server, f"DROP ROLE {role}")
        server.dispose()


def test_a_demo_that_an_earlier_version_made_as_a_file_stays_one(hospital: str, machine: Path) -> None:
    assert workspaces.on_postgres("demo")
    (machine / "demo").mkdir()
    (machine / "demo" / workspaces.DATABASE).touch()
    assert not workspaces.on_postgres("demo") and workspaces.on_postgres("department")
    assert workspaces.desk("demo").database.is_sqlite

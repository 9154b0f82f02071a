"""Fixtures: a migrated department on each engine, with a clock that stands where it is put."""

from __future__ import annotations

import gc
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.foundation.access import ROLES, Actor
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.foundation.house import HouseRow
from core.operations import wiring  # noqa: F401 (handlers of every room)
from core.packages import versions
from core.people import signing_in
from core.people.tables import PatientRow, StaffRow
from core.sops import wording
from tests.databases import OnPostgres, OnSqlite

POSTGRES = os.environ.get(
    "PILOTDESK_TEST_POSTGRES"
)  # postgresql+psycopg://…/postgres, able to create databases
LONG = ("journeys", "operations", "releases")  # folders whose files take long for the number of their tests
NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # Thursday 5 March 2026, 12:00 in Shanghai


@dataclass
class World:
    """A department on one engine: its desk, its clock, and one member of staff per role."""

    desk: Desk
    clock: SetClock
    actors: dict[str, Actor]

    def do(self, role: str, deed: Any, /, **arguments: Any) -> Any:
        key = arguments.pop("request_key", "") or secrets.token_hex(8)
        return self.desk.do(self.actors[role], deed, key, **arguments)

    def ask(self, role: str, question: Any, /, **arguments: Any) -> Any:
        return self.desk.ask(self.actors[role], question, **arguments)

    def patient(self, patient_id: int) -> Actor:
        return Actor("patient", patient_id)

    def taken_before(self, patient_id: int, **facts: str) -> int:
        """Give a patient facts that today's rules would refuse, as older data may hold them."""
        with self.desk.database.writing() as session:
            for field, value in facts.items():
                setattr(session.get_one(PatientRow, patient_id), field, value)
        return patient_id

    @property
    def today(self) -> date:
        return self.desk.ask(self.actors["manager"], lambda look: look.today)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys are few and long and wait much: one goes between two other files from the first, or the last of them would
    be walked by one worker while the others have nothing to do. Files with the most tests come first among the others."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    journeys = [path for path in files if path.parent.name in LONG]
    others = sorted((path for path in files if path not in journeys), key=lambda path: -len(files[path]))
    mixed = [path for two in zip_longest(journeys, others) for path in two if path]
    items[:] = [item for path in mixed for item in files[path]]


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """pytest collects five times before it ends; a worker busy with that for five seconds is interrupted by xdist."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _main_stays() -> Iterator[None]:
    """AppTest puts the page it runs in `__main__`'s place; processes spawned later would run that page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def own_machine_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine key of the test's own, so that none is made in the project's folder."""
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"7" * 64)


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> OnSqlite:
    return OnSqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def empty_sqlite(on_sqlite: OnSqlite) -> Path:
    """A migrated file without a house, to copy and to read."""
    return on_sqlite.template


@pytest.fixture(scope="session")
def on_postgres() -> Iterator[OnPostgres]:
    made = OnPostgres(str(POSTGRES))
    yield made
    made.drop()


@pytest.fixture(params=["sqlite", "postgres"] if POSTGRES else ["sqlite"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database of the test's own."""
    with request.getfixturevalue(f"on_{request.param}").lent() as database:
        yield database
    wording.COMPARED.clear()
    versions.PARSED.clear()  # the next test's version 1 is another document
    for wrong in (signing_in._AT, signing_in._FROM):
        wrong._times.clear()  # and its nurse another person


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """A department at noon of 5 March 2026 in Shanghai, pilot begun on 1 January 2026."""
    clock = SetClock(NOON)
    desk = Desk(database, MediaStore(str(tmp_path / "media")), clock)
    actors: dict[str, Actor] = {}
    with database.writing() as session:
        session.add(
            HouseRow(
                id=1, hospital="安和医院", department="产科", time_zone="Asia/Shanghai",
                phone="010-12345678", address="北京市朝阳区", pilot_start=date(2026, 1, 1),
            )
        )  # fmt: skip
        for number, role in enumerate(ROLES, start=1):
            session.add(
                StaffRow(
                    id=number, username=role, name=f"{role}测试", role=role, password_hash="!",
                    valid_after=NOON, praise_code=f"S{number:05d}", created_at=NOON,
                )
            )  # fmt: skip
            actors[role] = Actor("staff", number, f"{role}测试", role)
        session.flush()
        if not database.is_sqlite:
            session.execute(text("SELECT setval('staff_id_seq', 100)"))
    return World(desk, clock, actors)


@pytest.fixture
def ward(world: World) -> Any:
    """The world with the prenatal pack on its shelf (`tests.prenatal_ward.PrenatalWard`)."""
    from tests.prenatal_ward import PrenatalWard

    return PrenatalWard(world)

"""Frozen databases, thawed once per session; every test opens a copy of its own."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.foundation.database import Database
from core.operations.migrating import migrate
from tests.conftest import POSTGRES
from tests.databases import administer
from tests.releases.schema import Schema, walk
from tests.releases.thawing import Frozen, frozen

SQLITE, ON_POSTGRES = frozen("sqlite"), frozen("postgres")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Frozen], Path]:
    """The SQLite file of a frozen database, as it was frozen."""
    made: dict[Path, Path] = {}

    def file_of(which: Frozen) -> Path:
        if which.path not in made:
            made[which.path] = tmp_path_factory.mktemp("thawed") / which.path.name.removesuffix(".xz")
            which.into_file(made[which.path])
        return made[which.path]

    return file_of


@pytest.fixture(scope="session")
def postgres_copies() -> Iterator[Callable[[Frozen | None], str]]:
    """The address of a new PostgreSQL database that holds what was frozen (None: nothing); all go at the end."""
    if not POSTGRES:
        pytest.skip("PILOTDESK_TEST_POSTGRES is not set: frozen PostgreSQL databases are not opened")
    server, begun = Database(str(POSTGRES)), f"pilotdesk_thawed_{os.getpid()}_{secrets.token_hex(3)}"
    made: list[str] = []
    thawed: dict[Path, str] = {}

    def created(template: str = "template1") -> str:
        made.append(f"{begun}_{len(made)}")
        administer(server, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        return made[-1]

    def address_of(name: str) -> str:
        return str(POSTGRES).rsplit("/", 1)[0] + "/" + name

    def copy_of(which: Frozen | None) -> str:
        if which is None:
            return address_of(created())
        if which.path not in thawed:
            thawed[which.path] = created()
            which.into_postgres(address_of(thawed[which.path]))
        return address_of(created(thawed[which.path]))

    yield copy_of
    administer(server, *(f'DROP DATABASE "{name}" WITH (FORCE)' for name in made))
    server.dispose()


@pytest.fixture(
    scope="session", params=[*SQLITE, *ON_POSTGRES], ids=lambda each: each.path.name.removesuffix(".xz")
)
def which(request: pytest.FixtureRequest) -> Frozen:
    found: Frozen = request.param
    return found


@pytest.fixture(scope="session")
def copy_of(
    request: pytest.FixtureRequest,
    sqlite_files: Callable[[Frozen], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Frozen], Database]:
    """A new copy of a frozen database, at the schema of its own release."""

    def copied(which: Frozen) -> Database:
        if which in ON_POSTGRES:
            return Database(request.getfixturevalue("postgres_copies")(which))
        target = tmp_path_factory.mktemp("copy") / "pilotdesk.sqlite"
        shutil.copy(sqlite_files(which), target)
        return Database(f"sqlite:///{target}")

    return copied


@pytest.fixture(scope="session")
def opened(which: Frozen, copy_of: Callable[[Frozen], Database]) -> Iterator[Database]:
    """A frozen database as today's programme opens it: one for all tests that only look."""
    database = copy_of(which)
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture
def thawed(which: Frozen, copy_of: Callable[[Frozen], Database]) -> Iterator[Database]:
    """A copy of the test's own, at the schema of its own release."""
    database = copy_of(which)
    yield database
    database.dispose()


@pytest.fixture
def lent(thawed: Database) -> Database:
    """A copy of the test's own, as today's programme opens it: for tests that change something."""
    migrate(thawed)
    return thawed


@pytest.fixture(scope="session")
def new_schemas(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Schema]]:
    """Revision → the schema of a new database on an engine, "sqlite" or "postgres"."""
    known: dict[str, dict[str, Schema]] = {}

    def schemas(engine: str) -> dict[str, Schema]:
        if engine not in known:
            if engine == "postgres":
                database = Database(request.getfixturevalue("postgres_copies")(None))
            else:
                database = Database(f"sqlite:///{tmp_path_factory.mktemp('new') / 'pilotdesk.sqlite'}")
            known[engine] = walk(database)
            database.dispose()
        return known[engine]

    return schemas

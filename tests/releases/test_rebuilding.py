"""A table may be changed without losing what protects it, also with years of rows that refer to it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.foundation.database import Database
from core.migrations.rebuilding import rebuilt
from core.operations import migrating as migrating_room
from tests.releases.conftest import ON_POSTGRES, SQLITE
from tests.releases.schema import lost, schema_of, triggers_of, walk
from tests.releases.sums import differing, figures
from tests.releases.thawing import Frozen

DEPARTMENTS = [each for each in (*SQLITE, *ON_POSTGRES) if "department" in each.stem and each.is_text]
ON_SQLITE = [each for each in DEPARTMENTS if each in SQLITE]
named = pytest.mark.parametrize("which", DEPARTMENTS, ids=lambda each: each.stem, indirect=True)
on_sqlite = pytest.mark.parametrize("which", ON_SQLITE, ids=lambda each: each.stem, indirect=True)


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """Where a migration runs: `alembic.op` speaks to this database, as `migrate` sets it up."""
    with (
        database.engine.connect() as connection,
        migrating_room._unreferenced(connection, database.is_sqlite),
        Operations.context(MigrationContext.configure(connection)),
    ):
        yield connection
        connection.commit()


def widen_the_reason() -> None:
    with rebuilt("ledger_entries") as changing:
        changing.alter_column("reason", type_=sa.String(250))


@named
def test_a_rebuilt_table_keeps_triggers_rows_and_references(which: Frozen, lent: Database) -> None:
    before = schema_of(lent)
    with migrating(lent) as connection:
        widen_the_reason()
        assert differing(which.figures, figures(connection)) == {}
    after = schema_of(lent)
    assert triggers_of(after) == triggers_of(before)
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed == {"table ledger_entries" if lent.is_sqlite else "column ledger_entries.reason"}
    for change in ("UPDATE ledger_entries SET points = 1", "DELETE FROM ledger_entries"):
        with lent.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(change))


@on_sqlite
def test_every_table_survives_being_rebuilt(which: Frozen, lent: Database) -> None:
    """Constraints, indexes and their names as well: nothing of a definition changes but the order of its parts."""

    def parts(schema: dict[str, str]) -> dict[str, list[str]]:
        # SQLite writes the brackets around a default of its own accord.
        bare = {name: re.sub(r"DEFAULT \(('[^']*')\)", r"DEFAULT \1", body) for name, body in schema.items()}
        return {name: sorted(re.sub('[",]', " ", body).split()) for name, body in bare.items()}

    before = schema_of(lent)
    with migrating(lent) as connection:
        for table in sa.inspect(connection).get_table_names():
            with rebuilt(table):
                pass
        assert differing(which.figures, figures(connection)) == {}
    assert parts(schema_of(lent)) == parts(before)


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let `migrate` find one more revision, which changes the ledger by the batch named."""

    def add(batch: str) -> None:
        newest = ScriptDirectory.from_config(migrating_room.configuration()).get_current_head()
        scripts = tmp_path / "migrations"
        shutil.copytree(migrating_room.SCRIPTS, scripts)
        step = STEP.format(newest=newest, batch=batch)
        (scripts / "versions" / "9999_test.py").write_text(step, encoding="utf-8")
        monkeypatch.setattr(migrating_room, "SCRIPTS", scripts)

    return add


STEP = """
import sqlalchemy as sa
from alembic import op
from core.migrations.rebuilding import rebuilt

revision, down_revision, branch_labels, depends_on = "9999", "{newest}", None, None

def upgrade():
    with {batch}("ledger_entries") as changing:
        changing.alter_column("reason", type_=sa.String(250))
"""


@on_sqlite
def test_a_migration_that_forgets_the_triggers_is_found(
    lent: Database, next_step: Callable[[str], None]
) -> None:
    """Once Alembic keeps them by itself this fails, and the helper may go."""
    hers = {name for name in schema_of(lent) if name.startswith("trigger ledger_entries")}
    next_step("op.batch_alter_table")
    assert hers and lost(walk(lent)) == {"9999": hers}


@named
def test_a_migration_may_rebuild_the_ledger(
    which: Frozen, thawed: Database, next_step: Callable[[str], None]
) -> None:
    next_step("rebuilt")
    walked = walk(thawed)
    assert list(walked)[-1] == "9999" and lost(walked) == {}
    with thawed.engine.connect() as connection:
        assert differing(which.figures, figures(connection)) == {}


@on_sqlite
def test_a_view_on_a_rebuilt_table_comes_back(lent: Database) -> None:
    with migrating(lent) as connection:
        connection.execute(
            text("CREATE VIEW held AS SELECT account_id, sum(points) AS points FROM ledger_entries")
        )
        held = connection.execute(text("SELECT points FROM held")).scalar()
        widen_the_reason()
        assert connection.execute(text("SELECT points FROM held")).scalar() == held


@on_sqlite
def test_a_table_is_not_rebuilt_while_references_are_watched(lent: Database) -> None:
    with (
        lent.engine.connect() as connection,
        Operations.context(MigrationContext.configure(connection)),
        pytest.raises(RuntimeError, match="foreign keys off"),
        rebuilt("ledger_entries"),
    ):
        pass


@on_sqlite
def test_rows_that_would_refer_to_nothing_stop_the_migration(lent: Database) -> None:
    with pytest.raises(RuntimeError, match="refer to nothing"), migrating(lent) as connection:
        connection.execute(text("DELETE FROM tasks WHERE id IN (SELECT task_id FROM appointments)"))
        with rebuilt("tasks"):
            pass
    with lent.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_references_are_watched_again_after_a_migration(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with pytest.raises(LookupError), migrating(database):
        raise LookupError
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.dispose()

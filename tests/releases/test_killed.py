"""A machine that loses its power in the middle of an upgrade: each step is done or not begun, and the next start finishes.

On PostgreSQL all steps are one transaction, on SQLite each is one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import event

from core.foundation.database import Database
from core.operations.migrating import migrate
from tests.releases.conftest import ON_POSTGRES, SQLITE
from tests.releases.schema import Schema, schema_of
from tests.releases.sums import differing, figures
from tests.releases.thawing import Frozen

# One of each engine.
DEPARTMENTS = [
    next(each for each in found if "department" in each.path.name) for found in (SQLITE, ON_POSTGRES)
]
TURNS = 4
KILLED = 9


@pytest.mark.skipif(
    sys.platform == "win32", reason="a process is divided by fork, which Windows does not know"
)
@pytest.mark.parametrize("frozen", DEPARTMENTS, ids=lambda each: each.path.name.removesuffix(".xz"))
def test_a_migration_killed_at_any_step_leaves_no_step_half_done_and_the_next_start_finishes(
    frozen: Frozen, copy_of: Callable[[Frozen], Database], new_schemas: Callable[[str], dict[str, Schema]]
) -> None:
    whole, torn = copy_of(frozen), copy_of(frozen)
    known = new_schemas("sqlite" if whole.is_sqlite else "postgres")
    told: list[str] = []
    event.listen(whole.engine, "before_cursor_execute", lambda *call: told.append(call[2]))
    migrate(whole)

    steps = sorted({1 + number * (len(told) - 1) // TURNS for number in range(TURNS + 1)})
    ended = []
    for step in steps:
        ended.append(killed(torn.url, step))
        with torn.engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        assert schema_of(torn) == known[str(revision)], step
        torn.dispose()
    # A start that goes on where the last one was killed has less to do, and may be done before its turn comes.
    assert ended[:3] == [KILLED] * 3 and set(ended) <= {KILLED, 0}
    migrate(torn)
    assert schema_of(torn) == schema_of(whole) == list(known.values())[-1]
    with torn.engine.connect() as connection:
        assert differing(frozen.figures, figures(connection)) == {}
    for database in (whole, torn):
        database.dispose()


def killed(url: str, step: int) -> int:
    """Migrate in a process that is gone before its `step`-th statement; how it ended."""
    child = os.fork()
    if child == 0:
        try:
            count = 0

            def gone(*_call: Any) -> None:
                nonlocal count
                count += 1
                if count == step:
                    os._exit(KILLED)

            database = Database(url)
            event.listen(database.engine, "before_cursor_execute", gone)
            migrate(database)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

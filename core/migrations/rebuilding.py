"""Changing a table on SQLite without losing what protects it.

SQLite alters little in place, so Alembic builds the table anew and copies its rows. On that way every trigger of the
table is lost, with it what makes the ledger append-only, and a view that reads the table makes the exchange fail.
Measured, Alembic 1.20: only `add_column` leaves them alone; constraints and indexes come along. Every other change of a
table that exists goes through `rebuilt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from alembic.operations import BatchOperations

# A trigger of another table, too, may name the one that is missing for a moment.
_ATTACHED = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY rowid"


@contextmanager
def rebuilt(table: str) -> Iterator[BatchOperations]:
    """`op.batch_alter_table`, after which the table has the triggers it had before.

    A trigger or view that names a column that goes is dropped before and created after by the migration itself. On
    PostgreSQL a plain batch: there nothing is rebuilt. Fails when rows refer to nothing afterwards.
    """
    link = op.get_bind()
    if link.dialect.name != "sqlite":
        with op.batch_alter_table(table) as batch:
            yield batch
        return
    if link.exec_driver_sql("PRAGMA foreign_keys").scalar():
        # The old table is emptied when it is dropped: whatever refers to it would stop that, or go with it.
        raise RuntimeError("a table is rebuilt with foreign keys off, as core.operations.migrating does it")
    attached = link.exec_driver_sql(_ATTACHED).all()
    for kind, name, _sql in attached:
        link.exec_driver_sql(f'DROP {kind} "{name}"')
    with op.batch_alter_table(table, recreate="always") as batch:
        yield batch
    for _kind, _name, sql in attached:
        link.exec_driver_sql(sql)
    if broken := link.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise RuntimeError(f"{len(broken)} rows refer to nothing after {table} was rebuilt")

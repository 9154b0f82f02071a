"""The audit trail, the ledger and their like cannot be rewritten by who may only speak SQL to the database as we do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, Connection, Table, inspect, null, select, text, update
from sqlalchemy.exc import DBAPIError

from core.foundation.audit import KINDS, AuditDetailRow, AuditEntryRow
from core.foundation.database import Database, Instant
from core.operations.schema import metadata
from core.people.erasure import erase_patient
from core.people.patients import add_patient
from tests.conftest import World

APPEND_ONLY = (
    "audit_entries", "audit_details", "ledger_entries", "lot_uses", "interest_years", "bank_terms", "go_lives",
    "case_events",
)  # fmt: skip
CHANGES = {
    "update": "UPDATE {table} SET {key} = {key} + 1",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "upsert": "INSERT INTO {table} ({all}) SELECT {all} FROM {table} WHERE true"
    " ON CONFLICT ({key}) DO UPDATE SET {key} = {table}.{key} + 1",
    "replace": "INSERT OR REPLACE INTO {table} ({all}) SELECT {all} FROM {table}",
}  # fmt: skip
OF_ONE_ENGINE = {"truncate": "postgres", "replace": "sqlite"}


@pytest.mark.parametrize("table", [metadata.tables[name] for name in APPEND_ONLY], ids=str)
def test_no_statement_changes_what_is_append_only(database: Database, table: Table) -> None:
    engine = "sqlite" if database.is_sqlite else "postgres"
    with database.engine.connect() as connection:
        _fill(connection, table)
        before = connection.execute(select(table)).all()
        refused = []
        for name, change in CHANGES.items():
            if OF_ONE_ENGINE.get(name, engine) != engine:
                continue
            key = table.primary_key.columns.values()[0].name
            every = ", ".join(f'"{column.name}"' for column in table.columns)
            with pytest.raises(DBAPIError, match=f"{table.name} is append-only"):
                connection.execute(text(change.format(table=table.name, key=key, all=every)))
            connection.rollback()
            refused.append(name)
        assert len(refused) == 4
        assert connection.execute(select(table)).all() == before


@pytest.mark.parametrize("table", [metadata.tables[name] for name in APPEND_ONLY], ids=str)
def test_no_row_is_replaced_by_another_with_the_same_unique_value(database: Database, table: Table) -> None:
    """On SQLite the old row would go without its triggers being asked; PostgreSQL knows no such statement."""
    with database.engine.connect() as connection:
        _fill(connection, table)
        before = connection.execute(select(table)).all()
        sorts = inspect(connection).get_unique_constraints(table.name)
        sorts += [each for each in inspect(connection).get_indexes(table.name) if each["unique"]]
        for unique in sorts:
            other = _row(table, 2) | {name: _row(table, 1)[name] for name in unique["column_names"]}
            insert = table.insert().prefix_with("OR REPLACE", dialect="sqlite").values(other)
            with pytest.raises(DBAPIError, match=r"is append-only|violates unique constraint"):
                connection.execute(insert)
            connection.rollback()
        assert connection.execute(select(table)).all() == before


def test_the_details_of_an_entry_are_blanked_and_never_rewritten(world: World) -> None:
    patient = world.do("nurse", add_patient, name="张三", record_number="R-1")
    with world.desk.database.reading() as session:
        entry = session.scalars(select(AuditEntryRow.id).where(AuditEntryRow.subject_id == patient)).one()
        after = session.get_one(AuditDetailRow, entry).after
    own = update(AuditDetailRow).where(AuditDetailRow.entry_id == entry)
    assert after["name"] == "张三"
    rewritten: list[dict[str, Any]] = [
        after | {"name": "李四"},
        after | {"added": 1},
        {key: value for key, value in after.items() if key != "name"},
    ]
    for changed in rewritten:
        with (
            pytest.raises(DBAPIError, match="audit_details is append-only"),
            world.desk.database.writing() as session,
        ):
            session.execute(own.values(after=changed))
    with pytest.raises(DBAPIError, match="is append-only"), world.desk.database.writing() as session:
        session.execute(own.values(before={"name": "李四"}))
    for nothing in (null(), JSON.NULL):  # an older version wrote the one, another the other
        with world.desk.database.writing() as session:
            session.execute(own.values(before=nothing))

    world.do("manager", erase_patient, patient_id=patient, reason="她这样要求")
    with world.desk.database.reading() as session:
        assert session.get_one(AuditDetailRow, entry).after == after | {
            key: None for key in KINDS["patient.added"].personal if key in after
        }


# --- inner ------------------------------------------------------------------------------------------


def _row(table: Table, number: int) -> dict[str, Any]:
    """A row that differs in every column from the row of another number."""
    made: dict[type, Any] = {
        int: number, str: str(number), date: date(2026, 1, number), object: {"number": number},
    }  # fmt: skip
    real = {"kind": "reverse"} if table.name == "ledger_entries" else {}
    instant = datetime(2026, 1, number, tzinfo=UTC)
    return {
        column.name: instant if isinstance(column.type, Instant) else made[column.type.python_type]
        for column in table.columns
    } | real


def _fill(connection: Connection, table: Table) -> None:
    """One row, whatever it refers to: only its own triggers are asked here."""
    if connection.dialect.name == "sqlite":
        connection.rollback()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        connection.execute(table.insert().values(_row(table, 1)))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(table.insert().values(_row(table, 1)))
    connection.commit()

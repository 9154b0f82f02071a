"""Statements of the hot path: written in SQLAlchemy Core, compiled once per engine, then run on the bare cursor.

Every deed is a handful of small statements. SQLAlchemy's own execution costs several times what SQLite needs
for each of them; compiled once, the same statement in the same transaction runs at nearly the driver's rate.
Only for statements without surprises: fixed shape, plain columns out. Faults arrive as SQLAlchemy's own kinds.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Float, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]


@dataclass(frozen=True)
class _Ready:
    text: str
    binds: tuple[tuple[str, Processor | None], ...]
    fixed: dict[str, Any]  # what the statement itself says, such as its LIMIT
    by_position: bool
    row: Any  # of a SELECT: the type of its rows, named after its columns
    makes: tuple[Processor | None, ...]  # and what turns the driver's values into Python's


class Hot:
    """One statement with named parameters; `columns` are the columns an INSERT fills."""

    def __init__(self, statement: ClauseElement, columns: tuple[str, ...] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._ready: dict[str, _Ready] = {}

    def all(self, link: Connection, **values: Any) -> list[Any]:
        """The rows as plain tuples of the driver's own types."""
        cursor = self._run(link, values)
        # All of them: SQLite finishes a RETURNING statement only at its end.
        rows: list[Any] = cursor.fetchall()
        cursor.close()
        return rows

    def one(self, link: Connection, **values: Any) -> Any:
        """The first row as a plain tuple, or None."""
        rows = self.all(link, **values)
        return rows[0] if rows else None

    def typed(self, link: Connection, rows: Iterable[Any]) -> list[Any]:
        """Rows of `all` as named tuples of Python's types: days, instants, yes and no."""
        ready = self._ready.get(link.dialect.name) or self._compile(link.dialect)
        return [
            ready.row._make(
                value if make is None else make(value) for value, make in zip(row, ready.makes, strict=True)
            )
            for row in rows
        ]

    def change(self, link: Connection, **values: Any) -> int:
        """How many rows the statement changed."""
        cursor = self._run(link, values)
        changed = int(cursor.rowcount)
        cursor.close()
        return changed

    def _run(self, link: Connection, values: dict[str, Any]) -> Any:
        ready = self._ready.get(link.dialect.name) or self._compile(link.dialect)
        if ready.fixed:
            values = {**ready.fixed, **values}
        sent: Any
        if ready.by_position:
            sent = [make(values[n]) if make else values[n] for n, make in ready.binds]
        else:
            sent = {n: make(values[n]) if make else values[n] for n, make in ready.binds}
        cursor = link.connection.cursor()
        try:
            cursor.execute(ready.text, sent)
        except link.dialect.loaded_dbapi.Error as fault:
            kind = link.dialect.loaded_dbapi.Error
            raise DBAPIError.instance(ready.text, None, fault, kind, dialect=link.dialect) from fault
        return cursor

    def _compile(self, dialect: Dialect) -> _Ready:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)
        names = list(compiled.positiontup or compiled.binds)
        binds = tuple(
            (n, compiled.binds[n].type.dialect_impl(dialect).bind_processor(dialect)) for n in names
        )
        fixed = {n: compiled.binds[n].value for n in names if not compiled.binds[n].required}
        columns = list(self._statement.selected_columns) if isinstance(self._statement, Select) else []
        ready = _Ready(
            str(compiled),
            binds,
            fixed,
            bool(compiled.positiontup),
            namedtuple("Row", [str(c.key) for c in columns]),
            tuple(_maker(c.type, dialect) for c in columns),
        )
        self._ready[dialect.name] = ready
        return ready


def _maker(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    # Every driver hands out floats; only PostgreSQL's would first ask which of its own kinds they are.
    return None if isinstance(kind, Float) else kind.dialect_impl(dialect).result_processor(dialect, None)

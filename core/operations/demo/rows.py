"""Rows in memory until they are written together: what a later act changes, an earlier one may have begun.

Ids are given here, counted on from what the database holds, because rows name each other before they are written.
"""

from __future__ import annotations

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from core.foundation.database import Base, connection_of
from core.foundation.open_types import Value
from core.operations.schema import count_on

Row = dict[str, Value]
AT_ONCE = 1000


class Rows:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: dict[Table, list[Row]] = {}
        self._blank: dict[Table, Row] = {}
        self._last: dict[Table, int] = {}

    def add(self, kind: type[Base], /, **values: Value) -> Row:
        """A new row with the table's own defaults and the next id; change it freely until `write`."""
        table = kind.__table__
        assert isinstance(table, Table)
        if table not in self.held:
            self.held[table] = []
            self._blank[table] = {column.name: _default(column) for column in table.columns}
            self._last[table] = self.session.scalar(select(func.max(table.c.id))) or 0
        self._last[table] += 1
        row = {**self._blank[table], "id": self._last[table], **values}
        self.held[table].append(row)
        return row

    def write(self) -> None:
        """Insert everything, referred-to tables first."""
        for table in Base.metadata.sorted_tables:
            rows = self.held.get(table, [])
            for start in range(0, len(rows), AT_ONCE):
                self.session.execute(insert(table), rows[start : start + AT_ONCE])
        count_on(connection_of(self.session))


def _default(column: Value) -> Value:
    return column.default.arg if column.default is not None and column.default.is_scalar else None

"""Whether a SQLite file from elsewhere holds our schema and nothing else.

A trigger, a view or a computed column of somebody else's would run inside our deeds: one line makes an administrator. So
what the file writes down of itself is compared, object by object and word by word, with what our own migrations make of
that version, before anything of it is evaluated.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from core.foundation.database import Database
from core.operations.migrating import known_versions, migrate

# Kind, name, the table it belongs to, and its definition as SQLite keeps it.
Item = tuple[str, str, str, str | None]

# What `ANALYZE` leaves: counts for the query planner, read by nobody else.
_OF_SQLITE: frozenset[Item] = frozenset(
    {
        ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
        ("table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
    }
)
# An index for a report, by IT: columns by their names, nothing that computes, forbids or leaves out. It runs nothing.
_COLUMN = r'"?\w+"?(?: (?:ASC|DESC))?'
_PLAIN_INDEX = re.compile(
    rf'CREATE INDEX "?\w+"? ON "?\w+"?\s*\(\s*{_COLUMN}(?:\s*,\s*{_COLUMN})*\s*\)', re.ASCII | re.IGNORECASE
)
_LONGEST_NAME = 60
_MOST_ITEMS = 5_000


class SchemaForeign(ValueError):
    """The file holds something PilotDesk never makes, or lacks something it always makes; `name` of the first of it."""

    def __init__(self, name: str) -> None:
        super().__init__("a schema of somebody else")
        self.name = name


class SchemaNewer(ValueError):
    """A version of the schema that this programme does not know."""


def opened_with_distrust(path: Path) -> sqlite3.Connection:
    """A connection to a file from elsewhere on which nothing that its schema says has side effects: functions of the
    application are out of its reach, no other file can be attached. (`SQLITE_DBCONFIG_DEFENSIVE` needs Python 3.12; the
    comparison comes before the first statement that would evaluate anything.)"""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    return connection


def check(connection: sqlite3.Connection) -> str:
    """The version of the schema. `SchemaForeign` for anything else than ours and plain indexes on it, `SchemaNewer` for a
    later one, `ValueError` and `sqlite3.DatabaseError` for what is no database of ours at all."""
    found = _items(connection)
    # Known to be an ordinary table before it is read.
    if not any(kind == "table" and name == "alembic_version" for kind, name, _table, _sql in found):
        raise ValueError("no version")
    rows = connection.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall()
    if len(rows) != 1 or not isinstance(rows[0][0], str):
        raise ValueError("no version")
    version: str = rows[0][0]
    if version not in known_versions():
        raise SchemaNewer
    ours = _ours(version)
    if strange := {item for item in found - ours - _OF_SQLITE if not _is_plain_index(item)}:
        raise SchemaForeign(min(_readable(name) for _kind, name, _table, _sql in strange))
    if missing := ours - found:
        raise SchemaForeign(min(_readable(name) for _kind, name, _table, _sql in missing))
    return version


def foreign_in(path: Path) -> str:
    """The name of what a restore of this file would refuse; "" when it refuses nothing in its schema."""
    with closing(opened_with_distrust(path)) as connection:
        try:
            check(connection)
        except SchemaForeign as error:
            return error.name
        except ValueError:
            return "alembic_version"
    return ""


def _is_plain_index(item: Item) -> bool:
    kind, _name, _table, sql = item
    return kind == "index" and sql is not None and _PLAIN_INDEX.fullmatch(sql) is not None


def _items(connection: sqlite3.Connection) -> frozenset[Item]:
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT ?", (_MOST_ITEMS + 1,)
    ).fetchall()
    if len(rows) > _MOST_ITEMS or len(rows) != len(set(rows)):
        raise SchemaForeign("sqlite_master")
    return frozenset(rows)


@lru_cache(maxsize=8)
def _ours(version: str) -> frozenset[Item]:
    """The schema of a version, made by our own migrations (half a second, once a process)."""
    with tempfile.TemporaryDirectory(prefix="pilotdesk-") as room:
        path = Path(room) / "ours.sqlite"
        database = Database(f"sqlite:///{path}")
        try:
            migrate(database, version)
        finally:
            database.dispose()
        with closing(sqlite3.connect(path)) as connection:
            return _items(connection)


def _readable(name: object) -> str:
    """A name as a sentence may hold it."""
    return "".join(c for c in str(name) if c.isprintable())[:_LONGEST_NAME]

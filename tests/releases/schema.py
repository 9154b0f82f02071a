"""The schema as the engine itself writes it down: every object's name and its whole definition."""

from __future__ import annotations

import re
from itertools import pairwise

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from core.foundation.database import Database
from core.operations.migrating import configuration, migrate

_SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_POSTGRES = """
    SELECT 'column ' || table_name || '.' || column_name,
           concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'sequence ' || sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'
    UNION ALL
    SELECT 'view ' || viewname, definition FROM pg_views WHERE schemaname = 'public'
    UNION ALL
    SELECT 'trigger ' || tgrelid::regclass || '.' || tgname,
           pg_get_triggerdef(pg_trigger.oid) || tgenabled::text || pg_get_functiondef(tgfoid)
    FROM pg_trigger WHERE NOT tgisinternal
"""


Schema = dict[str, str]

# Revision → the triggers it removes or replaces on purpose, as `schema_of` names them.
ON_PURPOSE: dict[str, set[str]] = {}


def schema_of(database: Database) -> Schema:
    """Kind and name → definition, of everything in the database."""
    with database.engine.connect() as connection:
        found = connection.execute(text(_SQLITE if database.is_sqlite else _POSTGRES)).all()
    return {name: _plain(definition) for name, definition in found}


def _plain(definition: str) -> str:
    """One spelling: PostgreSQL writes the casts and brackets of a CHECK otherwise once it was dumped and replayed."""
    one_line = " ".join(definition.split())
    if one_line.startswith("CHECK "):
        return re.sub(r"::(character varying|text)(\[\])?|[()]", "", one_line)
    return one_line


def triggers_of(schema: Schema) -> Schema:
    return {name: body for name, body in schema.items() if name.startswith("trigger ")}


def walk(database: Database) -> dict[str, Schema]:
    """Take a database to the newest schema step by step: revision ("" for an empty one) → its schema there."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(configuration())
    met = {present or "": schema_of(database)}
    for step in reversed([*script.iterate_revisions("head", present or "base")]):
        migrate(database, step.revision)
        met[step.revision] = schema_of(database)
    return met


def lost(walked: dict[str, Schema]) -> dict[str, set[str]]:
    """Revision → the triggers that are gone, or say something else, since the revision before it; but for `ON_PURPOSE`."""
    gone = {
        after: {
            name for name, _body in triggers_of(walked[before]).items() - triggers_of(walked[after]).items()
        }
        for before, after in pairwise(walked)
    }
    missed = {revision: names - ON_PURPOSE.get(revision, set()) for revision, names in gone.items()}
    return {revision: names for revision, names in missed.items() if names}

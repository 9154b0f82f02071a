"""The schema as the engine itself writes it down: every object's name and its whole definition."""

from __future__ import annotations

import re

from sqlalchemy import text

from core.foundation.database import Database

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


def schema_of(database: Database) -> dict[str, str]:
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


def triggers_of(database: Database) -> dict[str, str]:
    return {name: body for name, body in schema_of(database).items() if name.startswith("trigger ")}

"""What is append-only is so on every way: no INSERT OR REPLACE over a known row, no TRUNCATE, and the details of the audit
trail are only ever blanked, as an erasure does it."""

from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

# Table → what no two of its rows have in common: on SQLite, REPLACE takes the old row away without asking its triggers.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "audit_entries": (("id",),),
    "audit_details": (("entry_id",),),
    "ledger_entries": (("id",), ("source",), ("reverses_id",)),
    "lot_uses": (("id",), ("entry_id", "lot_id")),
    "interest_years": (("id",), ("entry_id",), ("account_id", "ends_on")),
    "bank_terms": (("id",),),
    "go_lives": (("package_id",),),
    "case_events": (("id",),),
}
DETAILS = ('"before"', '"after"')
MORE_THAN_BLANKED = """
    CREATE FUNCTION more_than_blanked(was jsonb, is_now jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE WHEN coalesce(was, 'null') = coalesce(is_now, 'null') THEN false
            WHEN jsonb_typeof(was) = 'object' AND jsonb_typeof(is_now) = 'object' THEN EXISTS (
                SELECT 1 FROM jsonb_each(was) AS old FULL JOIN jsonb_each(is_now) AS new ON new.key = old.key
                WHERE old.key IS NULL OR new.key IS NULL OR new.value NOT IN (old.value, 'null'))
            ELSE true END
    $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, keys in KEYS.items():
            known = " OR ".join(
                f"EXISTS (SELECT 1 FROM {table} WHERE "
                + " AND ".join(f"{one} = NEW.{one}" for one in key)
                + ")"
                for key in keys
            )
            _refuse_on_sqlite(f"{table}_no_replace", table, "INSERT", f"WHEN {known}")
        _refuse_on_sqlite("audit_details_no_delete", "audit_details", "DELETE")
        other = " OR ".join(["NEW.entry_id IS NOT OLD.entry_id", *map(_rewritten_on_sqlite, DETAILS)])
        _refuse_on_sqlite("audit_details_only_blanked", "audit_details", "UPDATE", f"WHEN {other}")
        return
    for table in KEYS:
        _refuse_on_postgres(f"{table}_no_truncate", table, "TRUNCATE", "STATEMENT")
    _refuse_on_postgres("audit_details_no_delete", "audit_details", "DELETE", "ROW")
    op.execute(MORE_THAN_BLANKED)
    other = " OR ".join(
        ["NEW.entry_id <> OLD.entry_id", *(f"more_than_blanked(OLD.{name}, NEW.{name})" for name in DETAILS)]
    )
    _refuse_on_postgres("audit_details_only_blanked", "audit_details", "UPDATE", "ROW", f"WHEN ({other})")


def _refuse_on_sqlite(name: str, table: str, event: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _refuse_on_postgres(name: str, table: str, event: str, each: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} {when} "
        "EXECUTE FUNCTION refuse_change()"
    )


def _rewritten_on_sqlite(name: str) -> str:
    """Whether more was changed than that values became null. Nested values are compared as they are written."""
    old, new = (f"json_each(coalesce({row}.{name}, 'null'))" for row in ("OLD", "NEW"))
    return (
        f"EXISTS (SELECT key FROM {old} EXCEPT SELECT key FROM {new}) OR EXISTS (SELECT 1 FROM {new} AS now "
        f"LEFT JOIN {old} AS was ON was.key IS now.key "
        "WHERE was.id IS NULL OR now.value IS NOT NULL AND (now.value IS NOT was.value OR now.type IS NOT was.type))"
    )

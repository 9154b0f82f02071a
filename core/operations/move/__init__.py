"""A department moves from its SQLite file to PostgreSQL, whole and checked: `python -m core.operations.move`."""

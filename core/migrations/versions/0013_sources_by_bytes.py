"""What a ledger entry was booked for is sorted by bytes, whatever language a PostgreSQL database sorts by.

Events are found by a range of their keys ("task:5:" to "task:5;"); in a database that sorts by a language ":" and ";"
count for nothing, and the range would be empty. SQLite sorts by bytes.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE ledger_entries ALTER COLUMN source TYPE VARCHAR(80) COLLATE "C"')

"""Indexes by which the few erased and the few undated patients are found among many."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_patients_erased", "erased_at", "erased_at IS NOT NULL"),
    (
        "ix_patients_undated",
        "id",
        "last_period IS NULL AND due_date IS NULL AND silenced_at IS NULL AND erased_at IS NULL",
    ),
)


def upgrade() -> None:
    for name, column, condition in INDEXES:
        which = sa.text(condition)
        op.create_index(name, "patients", [column], sqlite_where=which, postgresql_where=which)

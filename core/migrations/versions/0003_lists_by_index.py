"""Indexes for the lists of a large department: what changed today, finished journeys, praise by person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_tasks_changed", "tasks", ["state", "changed_at"]),
    ("ix_enrolments_ended", "enrolments", ["status", "ended_on"]),
    ("ix_recognitions_newest", "recognitions", ["staff_id", "id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    silenced = sa.text("silenced_at IS NOT NULL")
    op.create_index(
        "ix_patients_silenced", "patients", ["silenced_at"], sqlite_where=silenced, postgresql_where=silenced
    )

"""Indexes for the lists of a busy day: what is planned by the end of its window, praise by its state, withdrawn consents."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    planned = sa.text("coalesce(state, '') = 'planned'")
    op.create_index(
        "ix_tasks_planned",
        "tasks",
        ["state", "closes_on", "opens_on", "enrolment_id", "code", "role"],
        sqlite_where=planned,
        postgresql_where=planned,
    )
    op.create_index(
        "ix_recognitions_inbox", "recognitions", ["state", "day", "id", "may_show", "patient_id", "at"]
    )
    op.create_index(
        "ix_consents_withdrawn",
        "consents",
        ["patient_id", "purpose", "at", "id"],
        sqlite_where=sa.text("given = 0"),
        postgresql_where=sa.text("NOT given"),
    )

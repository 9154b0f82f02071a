"""Who is to be called back after a missed visit is found by the few visits that were missed, not by all of two months."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_appointments_state", "appointments", ["state", "day", "task_id"])

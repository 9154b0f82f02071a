"""A patient's own nurse; the hour at which a task was done beside the one at which it was written down."""

import sqlalchemy as sa
from alembic import op

from core.foundation.database import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added without rebuilding the tables, so that their triggers stay.
    op.add_column("tasks", sa.Column("done_at", Instant(), nullable=True))
    op.add_column(
        "patients",
        sa.Column("own_nurse_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=True),
        inline_references=True,
    )
    op.create_index("ix_patients_own_nurse_id", "patients", ["own_nurse_id"])

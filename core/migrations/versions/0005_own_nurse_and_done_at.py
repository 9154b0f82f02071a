"""A patient's own nurse; the hour at which a task was done beside the one at which it was written down."""

import sqlalchemy as sa
from alembic import op

from core.foundation.database import Instant
from core.migrations.rebuilding import rebuilt

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("done_at", Instant(), nullable=True))
    op.add_column("patients", sa.Column("own_nurse_id", sa.Integer(), nullable=True))
    with rebuilt("patients") as changing:
        changing.create_foreign_key("fk_patients_own_nurse_id_staff", "staff", ["own_nurse_id"], ["id"])
    op.create_index("ix_patients_own_nurse_id", "patients", ["own_nurse_id"])

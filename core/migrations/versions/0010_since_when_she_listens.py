"""Since when a patient wishes to hear from us again after quiet care: what is older is never shown to her.

Also the running courses by the last day of their validity, for the night that ends them.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import core.foundation.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("heard_since", core.foundation.database.Instant(), nullable=True))
    # A silence that was ended at her wish is told from one lifted as a mistake by its audit entry.
    op.execute(
        "UPDATE patients SET heard_since = (SELECT max(at) FROM audit_entries WHERE audit_entries.kind = 'stop.ended' "
        "AND audit_entries.subject_kind = 'patient' AND audit_entries.subject_id = patients.id) "
        "WHERE id IN (SELECT patient_id FROM gentle_stops WHERE lifted_at IS NOT NULL)"
    )
    op.create_index(
        "ix_enrolments_running",
        "enrolments",
        ["expires_on"],
        unique=False,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )

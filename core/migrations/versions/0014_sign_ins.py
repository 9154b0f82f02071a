"""Sign-ins are kept, so that signing out ends them on the server; wrong passwords count by name and address.

The counters that stood with each colleague go: by them a stranger could lock her out. Whoever was signed in signs in again.
"""

import sqlalchemy as sa
from alembic import op

import core.foundation.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = core.foundation.database.Instant
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("began_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=True),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_ins_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("code", name=op.f("uq_sign_ins_code")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_sign_ins_ticket_hash")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    op.create_index(op.f("ix_sign_ins_staff_id"), "sign_ins", ["staff_id"])
    op.create_index(op.f("ix_sign_ins_began_at"), "sign_ins", ["began_at"])
    op.create_table(
        "password_guesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("place_hash", sa.String(length=64), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", instant(), nullable=True),
        sa.Column("last_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_guesses")),
        sa.UniqueConstraint("name_hash", "place_hash", name=op.f("uq_password_guesses_name_hash_place_hash")),
    )
    op.create_index(op.f("ix_password_guesses_last_at"), "password_guesses", ["last_at"])
    # Not by a batch: SQLite would make the table anew.
    for column in ("failed_attempts", "locked_until"):
        op.execute(f"ALTER TABLE staff DROP COLUMN {column}")

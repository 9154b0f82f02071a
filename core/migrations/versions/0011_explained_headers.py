"""How the headers of a file were explained is remembered for the next file of the same headers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.foundation.database

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "table_layouts",
        sa.Column("headers_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("columns", document, nullable=False),
        sa.Column("words", document, nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_table_layouts_staff_id_staff")),
        sa.PrimaryKeyConstraint("headers_key", name=op.f("pk_table_layouts")),
    )
    op.create_index("ix_table_layouts_kind", "table_layouts", ["kind", "at"], unique=False)

"""Who said that an amount, a telephone or a place in a text is right as it stands, by the very words of the text."""

import sqlalchemy as sa
from alembic import op

from core.foundation.database import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settled_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("literal", sa.String(length=80), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_settled_texts_by_staff")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_settled_texts_package_id_packages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settled_texts")),
        sa.UniqueConstraint(
            "package_id", "digest", "literal", name=op.f("uq_settled_texts_package_id_digest_literal")
        ),
    )
    op.create_index(op.f("ix_settled_texts_package_id"), "settled_texts", ["package_id"], unique=False)

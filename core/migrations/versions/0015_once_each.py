"""What is there once at most is so in the database, too: the same words of praise, a point of a package set aside.

Doubles that were written before stay and can be read: of the same praise the first is the one that is known again, of
the same point the newest exception counts and the ones before it are withdrawn.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEPT = sa.text("text_hash <> ''")  # an erasure empties it
STANDING = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.execute(
        "UPDATE recognitions SET text_hash = substr(text_hash, 1, 50) || '-' || CAST(id AS VARCHAR(12)) "
        "WHERE text_hash <> '' AND EXISTS (SELECT 1 FROM recognitions AS first "
        "WHERE first.text_hash = recognitions.text_hash AND first.id < recognitions.id)"
    )
    op.drop_index("ix_recognitions_text_hash", table_name="recognitions")
    op.create_index(
        "uq_recognitions_text_hash", "recognitions", ["text_hash"],
        unique=True, sqlite_where=KEPT, postgresql_where=KEPT,
    )  # fmt: skip
    op.execute(
        "UPDATE readiness_overrides SET withdrawn_at = at WHERE withdrawn_at IS NULL AND EXISTS "
        "(SELECT 1 FROM readiness_overrides AS newer WHERE newer.package_id = readiness_overrides.package_id "
        "AND newer.point = readiness_overrides.point AND newer.withdrawn_at IS NULL "
        "AND newer.id > readiness_overrides.id)"
    )
    op.create_index(
        "uq_readiness_overrides_standing", "readiness_overrides", ["package_id", "point"],
        unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip

"""The lowest badge target that was ever promised stays known while a corrected date leaves nothing to aim at.

Of courses sold before, it is the present target.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("badge_promised", sa.Integer(), nullable=True))
    op.execute("UPDATE enrolments SET badge_promised = badge_target")

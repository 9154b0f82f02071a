"""The address by which phones reach the department, as a manager has confirmed it.

Nobody has confirmed one before: what was printed carried what a browser showed, or what the machine was told.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("house", sa.Column("web_address", sa.String(200), nullable=False, server_default=""))

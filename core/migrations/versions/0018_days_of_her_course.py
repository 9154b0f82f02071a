"""The days of operation and discharge as a hospital's table told them, until a package counted from one is sold to her.

Nobody's are known from before: who is on file gets hers with the next table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("operation_date", sa.Date(), nullable=True))
    op.add_column("patients", sa.Column("discharge_date", sa.Date(), nullable=True))

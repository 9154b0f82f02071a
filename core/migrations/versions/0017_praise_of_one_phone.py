"""From which phone a praise came, as a mark of one day: a phone's praise counts once a day on the dashboard.

Of praise from before nobody knows the phone: its days stay as they were counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recognitions", sa.Column("device", sa.String(64), nullable=True))

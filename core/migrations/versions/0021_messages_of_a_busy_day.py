"""Two indexes hold what is asked through them, so that the messages of a busy day leave the tables alone: the code of a
task that opens on the day, and what her newest answer says. The same indexes, wider: nothing more is kept in order."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_tasks_open", "tasks")
    op.create_index("ix_tasks_open", "tasks", ["state", "opens_on", "closes_on", "code", "enrolment_id"])
    op.drop_index("ix_consents_patient_purpose", "consents")
    op.create_index("ix_consents_patient_purpose", "consents", ["patient_id", "purpose", "id", "given"])

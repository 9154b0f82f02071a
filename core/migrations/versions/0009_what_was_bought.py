"""What was bought is counted and settled: refunds as rows, how a course ended and what that took, marks of entitlements,
refund rules of older versions, amends for missed promises.

A refund recorded before becomes a row of its own, at the instant of the deed that recorded it; its sum stays on the
enrolment.
"""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.foundation.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# When it was recorded stands in the audit trail; a database filled without deeds has only the sale.
BEFORE = """
INSERT INTO refunds (enrolment_id, number, amount_fen, day, at, staff_id, cause, rule_from, reason, amends)
SELECT e.id, e.receipt_number || '-R1', e.refund_fen, e.refunded_on,
       coalesce(
           (SELECT max(a.at) FROM audit_entries AS a
            WHERE a.subject_kind = 'enrolment' AND a.subject_id = e.id
              AND a.kind IN ('enrolment.cancelled', 'enrolment.refunded')),
           e.at
       ),
       NULL, '', '', e.end_reason, :none
FROM enrolments AS e WHERE e.refunded_on IS NOT NULL ORDER BY e.id
"""


def upgrade() -> None:
    op.create_table(
        "refund_rules",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_refund_rules_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["package_versions.id"], name=op.f("fk_refund_rules_version_id_package_versions")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_refund_rules")),
    )
    op.create_table(
        "course_endings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("took", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reopened_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.Column("reopen_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_course_endings_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"], ["staff.id"], name=op.f("fk_course_endings_reopened_by_staff")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_course_endings_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_endings")),
    )
    op.create_index("ix_course_endings_enrolment", "course_endings", ["enrolment_id", "id"], unique=False)
    op.create_table(
        "entitlement_marks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=True),
        sa.Column("ref", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("undone_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_entitlement_marks_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_entitlement_marks_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff.id"], name=op.f("fk_entitlement_marks_undone_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement_marks")),
    )
    op.create_index(
        "ix_entitlement_marks_enrolment", "entitlement_marks", ["enrolment_id", "id"], unique=False
    )
    op.create_index(
        "uq_entitlement_marks_standing",
        "entitlement_marks",
        ["enrolment_id", "code", "source", "ref"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("rule_fen", sa.Integer(), nullable=True),
        sa.Column("rule_from", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amends", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_refunds_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["refunds.id"], name=op.f("fk_refunds_reverses_id_refunds")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_refunds_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("number", name=op.f("uq_refunds_number")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_refunds_reverses_id")),
    )
    op.create_index("ix_refunds_day", "refunds", ["day"], unique=False)
    op.create_index("ix_refunds_enrolment", "refunds", ["enrolment_id", "id"], unique=False)
    op.create_table(
        "amends",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("offer", sa.String(length=12), nullable=False),
        sa.Column("entitlement", sa.String(length=20), nullable=True),
        sa.Column("refund_fen", sa.Integer(), nullable=False),
        sa.Column("created_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("decided_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("mark_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_amends_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_amends_decided_by_staff")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_amends_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["entitlement_marks.id"], name=op.f("fk_amends_mark_id_entitlement_marks")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_amends_patient_id_patients")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_amends_post_id_posts")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_amends_refund_id_refunds")),
        sa.ForeignKeyConstraint(["run_id"], ["promise_runs.id"], name=op.f("fk_amends_run_id_promise_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amends")),
        sa.UniqueConstraint("run_id", name=op.f("uq_amends_run_id")),
    )
    op.create_index("ix_amends_enrolment", "amends", ["enrolment_id", "id"], unique=False)
    op.create_index(op.f("ix_amends_patient_id"), "amends", ["patient_id"], unique=False)
    op.create_index("ix_amends_state", "amends", ["state", "id"], unique=False)
    op.get_bind().execute(sa.text(BEFORE), {"none": False})
    _days_of_promises()


def _days_of_promises() -> None:
    """The day of her word, in the department's zone: by it the promises are counted. Those days are counted anew."""
    op.add_column("promise_runs", sa.Column("day", sa.Date(), nullable=True))
    op.create_index(op.f("ix_promise_runs_day"), "promise_runs", ["day"], unique=False)
    link = op.get_bind()
    runs = sa.table(
        "promise_runs",
        sa.column("id", sa.Integer()),
        sa.column("day", sa.Date()),
        sa.column("started_at", core.foundation.database.Instant()),
    )
    zone = ZoneInfo(link.scalar(sa.text("SELECT time_zone FROM house")) or "Asia/Shanghai")
    days = [
        {"number": number, "found": at.astimezone(zone).date()}
        for number, at in link.execute(sa.select(runs.c.id, runs.c.started_at))
    ]
    if days:
        change = sa.update(runs).where(runs.c.id == sa.bindparam("number")).values(day=sa.bindparam("found"))
        link.execute(change, days)
        op.execute("INSERT INTO touched_days (day) SELECT DISTINCT day FROM promise_runs")

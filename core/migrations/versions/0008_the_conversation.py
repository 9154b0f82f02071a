"""The conversation: answers, recordings, thread, cases with their clocks, duty by spans, the way to staff who are not
looking; and one card for each person who looks after a patient.

Of several living cards of one patient, left by two clicks in one second, the newest stays.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.foundation.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LIVING = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("changed_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_calendar_days_changed_by_staff")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.String(length=4000), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("tested_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("tested", sa.String(length=200), nullable=False),
        sa.Column("changed_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_channels_changed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    op.create_table(
        "dialogue_switches",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name=op.f("fk_dialogue_switches_changed_by_staff")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_dialogue_switches")),
    )
    op.create_table(
        "duty_spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("starts_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("ends_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=True),
        sa.Column("backup_phone", sa.String(length=40), nullable=False),
        sa.Column("taken_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("handed_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("handed_to", sa.Integer(), nullable=True),
        sa.Column("received_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("open_cases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("warned_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("changed_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["backup_id"], ["staff.id"], name=op.f("fk_duty_spans_backup_id_staff")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_duty_spans_changed_by_staff")),
        sa.ForeignKeyConstraint(["handed_to"], ["staff.id"], name=op.f("fk_duty_spans_handed_to_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_spans_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_spans")),
    )
    op.create_index("ix_duty_spans_ends", "duty_spans", ["ends_at"], unique=False)
    op.create_index("ix_duty_spans_role", "duty_spans", ["role", "starts_at"], unique=False)

    op.create_table(
        "text_modules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("short", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_text_modules_changed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_modules")),
        sa.UniqueConstraint("short", name=op.f("uq_text_modules_short")),
    )
    op.create_table(
        "doses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("task_code", sa.String(length=20), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("replaced_at", core.foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_doses_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_doses_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doses")),
    )
    op.create_index("ix_doses_enrolment", "doses", ["enrolment_id", "id"], unique=False)
    op.create_index(
        "uq_doses_standing",
        "doses",
        ["enrolment_id", "task_code"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )

    op.create_table(
        "rules_taken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_rules_taken_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rules_taken_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["package_versions.id"], name=op.f("fk_rules_taken_version_id_package_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_taken")),
    )
    op.create_index("ix_rules_taken_enrolment", "rules_taken", ["enrolment_id", "id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("ticks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("hits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("replaced_at", core.foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_answers_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["phone_links.id"], name=op.f("fk_answers_link_id_phone_links")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_answers_patient_id_patients")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_answers_staff_id_staff")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_answers_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_enrolment", "answers", ["enrolment_id", "at"], unique=False)
    op.create_index("ix_answers_patient", "answers", ["patient_id", "at"], unique=False)
    op.create_index("ix_answers_task", "answers", ["task_id", "id"], unique=False)
    op.create_index(
        "uq_answers_standing",
        "answers",
        ["task_id", "kind"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )

    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("taken_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("advice", sa.String(length=500), nullable=False),
        sa.Column("closed_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_cases_answer_id_answers")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_cases_closed_by_staff")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_cases_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_cases_patient_id_patients")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_cases_taken_by_staff")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_cases_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
    )
    op.create_index("ix_cases_enrolment", "cases", ["enrolment_id", "id"], unique=False)
    op.create_index("ix_cases_opened", "cases", ["opened_at"], unique=False)
    op.create_index("ix_cases_patient", "cases", ["patient_id", "id"], unique=False)
    op.create_index(
        "ix_cases_unsettled",
        "cases",
        ["state", "kind"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'answered')"),
        postgresql_where=sa.text("state IN ('open', 'answered')"),
    )

    op.create_table(
        "calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("next_try_at", core.foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_calls_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_calls_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_calls_patient_id_patients")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_calls_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_at", "calls", ["at"], unique=False)
    op.create_index("ix_calls_case", "calls", ["case_id", "id"], unique=False)
    op.create_index("ix_calls_patient", "calls", ["patient_id", "id"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_events_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index("ix_case_events_at", "case_events", ["at"], unique=False)
    op.create_index("ix_case_events_case", "case_events", ["case_id", "id"], unique=False)

    op.create_table(
        "duty_passes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("expires_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("opened_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("ended_at", core.foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_duty_passes_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_passes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_passes")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_duty_passes_session_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_duty_passes_token_hash")),
    )
    op.create_index("ix_duty_passes_case", "duty_passes", ["case_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("sent_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", core.foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_case_id_cases")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_outbox_channel_id_channels")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_outbox_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("channel_id", "occasion", name=op.f("uq_outbox_channel_id_occasion")),
    )
    op.create_index("ix_outbox_created", "outbox", ["created_at"], unique=False)
    op.create_index(
        "ix_outbox_next",
        "outbox",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'sending', 'failed')"),
        postgresql_where=sa.text("state IN ('waiting', 'sending', 'failed')"),
    )

    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_posts_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_posts_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["phone_links.id"], name=op.f("fk_posts_link_id_phone_links")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_posts_patient_id_patients")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_posts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index("ix_posts_case", "posts", ["case_id", "id"], unique=False)
    op.create_index("ix_posts_enrolment", "posts", ["enrolment_id", "id"], unique=False)
    op.create_index("ix_posts_patient", "posts", ["patient_id", "id"], unique=False)

    op.create_table(
        "promise_runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("begins_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("warn_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("due_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("met_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("met_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", core.foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_promise_runs_case_id_cases")),
        sa.ForeignKeyConstraint(["met_by"], ["staff.id"], name=op.f("fk_promise_runs_met_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_runs")),
    )
    op.create_index("ix_promise_runs_case", "promise_runs", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_promise_runs_due",
        "promise_runs",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
    )
    op.create_index("ix_promise_runs_started", "promise_runs", ["started_at"], unique=False)
    op.create_index(
        "uq_promise_runs_running",
        "promise_runs",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
    )

    op.create_table(
        "silence_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("since", core.foundation.database.Instant(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_silence_steps_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_silence_steps_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence_steps")),
        sa.UniqueConstraint(
            "enrolment_id", "since", "step", name=op.f("uq_silence_steps_enrolment_id_since_step")
        ),
    )
    op.create_table(
        "promise_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("due_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("noticed_at", core.foundation.database.Instant(), nullable=False),
        sa.Column("told", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["promise_runs.id"], name=op.f("fk_promise_steps_run_id_promise_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_steps")),
        sa.UniqueConstraint("run_id", "step", name=op.f("uq_promise_steps_run_id_step")),
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.Column("ready_at", core.foundation.database.Instant(), nullable=True),
        sa.Column("deleted_at", core.foundation.database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recordings_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_recordings_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["phone_links.id"], name=op.f("fk_recordings_link_id_phone_links")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_recordings_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_recordings_post_id_posts")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recordings_staff_id_staff")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_recordings_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
    )
    op.create_index("ix_recordings_case", "recordings", ["case_id"], unique=False)
    op.create_index("ix_recordings_key", "recordings", ["key"], unique=False)
    op.create_index("ix_recordings_patient", "recordings", ["patient_id", "id"], unique=False)
    op.create_index("ix_recordings_post", "recordings", ["post_id"], unique=False)
    op.create_index("ix_recordings_state", "recordings", ["state", "id"], unique=False)
    op.create_index("ix_recordings_task", "recordings", ["task_id"], unique=False)

    op.create_table(
        "film_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recording_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("rubric", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sentence", sa.String(length=500), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", core.foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_film_reviews_recording_id_recordings")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_film_reviews_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_film_reviews")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_film_reviews_recording_id")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("first_hash", sa.String(length=64), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("last_from", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", core.foundation.database.Instant(), nullable=True),
        sa.Column("touched_at", core.foundation.database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_uploads_recording_id_recordings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_uploads_recording_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_uploads_token_hash")),
    )
    op.create_index("ix_uploads_touched", "uploads", ["touched_at"], unique=False)

    op.add_column("phone_links", sa.Column("person", sa.String(length=40), server_default="", nullable=False))
    op.add_column(
        "phone_links", sa.Column("relation", sa.String(length=10), server_default="self", nullable=False)
    )
    op.execute(
        "UPDATE phone_links SET revoked_at = created_at WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM phone_links "
        "AS newer WHERE newer.patient_id = phone_links.patient_id AND newer.revoked_at IS NULL "
        "AND newer.id > phone_links.id)"
    )
    op.create_index(
        "uq_phone_links_living",
        "phone_links",
        ["patient_id", "person"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_events_no_{event.lower()} BEFORE {event} ON case_events "
                "BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE ON case_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )

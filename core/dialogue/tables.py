"""The conversation: what she answered, filmed, asked and reported, what we answered, and by when we had promised to.

Nothing of it is edited: a newer answer stands beside the older one, a case keeps its whole history in `case_events`.
Clocks are instants only; whether a promise runs, is met or missed follows from them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.foundation.database import Base, BigId, Document, Instant

STANDING = text("replaced_at IS NULL")
UNMET = text("met_at IS NULL AND ended_at IS NULL")
UNSETTLED = text("state IN ('open', 'answered')")
UNSENT = text("state IN ('waiting', 'sending', 'failed')")


class AnswerRow(Base):
    """What was answered to one task: by her, by somebody of her family, or by staff for her. The one without
    `replaced_at` counts; older ones stay."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_enrolment", "enrolment_id", "at"),
        Index("ix_answers_patient", "patient_id", "at"),
        Index("ix_answers_task", "task_id", "id"),
        Index(
            "uq_answers_standing", "task_id", "kind",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(10))  # patient | family | guardian | staff
    author: Mapped[str] = mapped_column(String(40), default="")  # "" for the patient herself
    link_id: Mapped[int | None] = mapped_column(ForeignKey("phone_links.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(
        String(10)
    )  # tick | count | scale | value | checklist | photo | video | words
    number: Mapped[float | None]
    ticks: Mapped[Any] = mapped_column(Document, nullable=True)  # positions of the ticked items, from 1
    words: Mapped[str] = mapped_column(String(500), default="")
    level: Mapped[str] = mapped_column(String(10), default="")  # "" | yellow | orange | red
    hits: Mapped[Any] = mapped_column(Document, nullable=True)  # the rules it met, as they were said to her
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)


class RecordingRow(Base):
    """A film, photo or voice note of the conversation; the file is named by its content."""

    __tablename__ = "recordings"
    __table_args__ = (
        Index("ix_recordings_patient", "patient_id", "id"),
        Index("ix_recordings_state", "state", "id"),
        Index("ix_recordings_task", "task_id"),
        Index("ix_recordings_post", "post_id"),
        Index("ix_recordings_case", "case_id"),
        Index("ix_recordings_key", "key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id")
    )  # in which a film waits for its review
    kind: Mapped[str] = mapped_column(String(10))  # film | photo | voice
    by: Mapped[str] = mapped_column(String(10))  # patient | family | guardian | staff
    author: Mapped[str] = mapped_column(String(40), default="")
    link_id: Mapped[int | None] = mapped_column(ForeignKey("phone_links.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(
        String(12)
    )  # receiving | checking | converting | ready | refused | deleted
    reason: Mapped[str] = mapped_column(String(40), default="")
    key: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class UploadRow(Base):
    """A film on its way here, piece by piece; gone when it has arrived or was given up."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_touched", "touched_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    first_hash: Mapped[str] = mapped_column(String(64), default="")
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    last_from: Mapped[int] = mapped_column(BigInteger)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    touched_at: Mapped[datetime] = mapped_column(Instant)


class PostRow(Base):
    """One word of the thread of a journey: hers, the team's, or the house's own."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_enrolment", "enrolment_id", "id"),
        Index("ix_posts_case", "case_id", "id"),
        Index("ix_posts_patient", "patient_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    by: Mapped[str] = mapped_column(String(10))  # patient | family | guardian | staff | house
    author: Mapped[str] = mapped_column(String(40), default="")
    link_id: Mapped[int | None] = mapped_column(ForeignKey("phone_links.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class CaseRow(Base):
    """Something of hers that waits for us: an alert, a question, a film, a yellow sign, a silence."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_unsettled", "state", "kind", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
        Index("ix_cases_enrolment", "enrolment_id", "id"),
        Index("ix_cases_patient", "patient_id", "id"),
        Index("ix_cases_opened", "opened_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)  # all that leaves the house says only this
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    kind: Mapped[str] = mapped_column(String(10))  # alert | question | film | sign | silence
    level: Mapped[str] = mapped_column(String(10), default="")  # red | orange | yellow | ""
    state: Mapped[str] = mapped_column(String(10))  # open | answered | closed | withdrawn
    why: Mapped[Any] = mapped_column(
        Document
    )  # list of texts: the signs she ticked, the rules her answer met
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(
        Instant
    )  # our last answer, None while her word is the last
    decision: Mapped[str] = mapped_column(String(12), default="")  # watch | come_in | emergency
    decision_on: Mapped[date | None]
    advice: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class CaseEventRow(Base):
    """What happened to a case, in order; the newest number tells every desk that something changed. Append-only."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case", "case_id", "id"), Index("ix_case_events_at", "at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(12))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(String(300), default="")


class PromiseRunRow(Base):
    """One run of a promise's clock for one case: from her word until our answer (`met_at`), or until the case left
    the queue for another reason (`ended_at`). Met at or before `due_at` is kept, later is missed and later answered."""

    __tablename__ = "promise_runs"
    __table_args__ = (
        Index("ix_promise_runs_case", "case_id", "id"),
        Index("ix_promise_runs_started", "started_at"),
        Index("ix_promise_runs_due", "due_at", sqlite_where=UNMET, postgresql_where=UNMET),
        Index("uq_promise_runs_running", "case_id", unique=True, sqlite_where=UNMET, postgresql_where=UNMET),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(10))  # a kind of `core.packages.promises`
    role: Mapped[str] = mapped_column(String(10))  # who answers: nurse | doctor
    minutes: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    begins_at: Mapped[datetime] = mapped_column(Instant)  # asked outside the spans: the next opening
    warn_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    met_at: Mapped[datetime | None] = mapped_column(Instant)
    met_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PromiseStepRow(Base):
    """A step of a running promise that was taken: the warning, a rung of the ladder, the miss. Once each."""

    __tablename__ = "promise_steps"
    __table_args__ = (UniqueConstraint("run_id", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("promise_runs.id"))
    step: Mapped[str] = mapped_column(String(12))  # told | rung_1 … | warning | missed
    due_at: Mapped[datetime] = mapped_column(Instant)
    noticed_at: Mapped[datetime] = mapped_column(Instant)  # later than due where the house was down
    told: Mapped[Any] = mapped_column(Document)  # numbers of the staff who were told


class CallRow(Base):
    """One try to reach her by telephone and what came of it."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_patient", "patient_id", "id"),
        Index("ix_calls_case", "case_id", "id"),
        Index("ix_calls_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(300), default="")
    next_try_at: Mapped[datetime | None] = mapped_column(Instant)


class DoseRow(Base):
    """Her own dose of a task, set by the role the package names; the one without `replaced_at` counts."""

    __tablename__ = "doses"
    __table_args__ = (
        Index("ix_doses_enrolment", "enrolment_id", "id"),
        Index(
            "uq_doses_standing", "enrolment_id", "task_code",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    task_code: Mapped[str] = mapped_column(String(20))
    sets: Mapped[int]
    reps: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)


class RulesTakenRow(Base):
    """Rules, promises and signs of a newer version that a named person let count for a running course."""

    __tablename__ = "rules_taken"
    __table_args__ = (Index("ix_rules_taken_enrolment", "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("package_versions.id"))
    reason: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class FilmReviewRow(Base):
    """What a nurse said of a film: ticked lines of the rubric, a verdict, one sentence she reads."""

    __tablename__ = "film_reviews"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), unique=True)
    verdict: Mapped[str] = mapped_column(String(10))  # well_done | change | come_in
    rubric: Mapped[Any] = mapped_column(Document)  # positions of the ticked lines, from 1
    marks: Mapped[Any] = mapped_column(Document)  # [[second, word], …]
    sentence: Mapped[str] = mapped_column(String(500))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class SilenceStepRow(Base):
    """Since her last sign of life at `since` we wrote, or asked a colleague to call. Once each."""

    __tablename__ = "silence_steps"
    __table_args__ = (UniqueConstraint("enrolment_id", "since", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    since: Mapped[datetime] = mapped_column(Instant)
    step: Mapped[str] = mapped_column(String(10))  # message | call
    at: Mapped[datetime] = mapped_column(Instant)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))


class DutySpanRow(Base):
    """Who answers for a role in a span of time, and whether she took the shift and handed it over."""

    __tablename__ = "duty_spans"
    __table_args__ = (
        Index("ix_duty_spans_role", "role", "starts_at"),
        Index("ix_duty_spans_ends", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(10))  # nurse | doctor
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    phone: Mapped[str] = mapped_column(String(40))
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    backup_phone: Mapped[str] = mapped_column(String(40), default="")
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(500), default="")
    open_cases: Mapped[Any] = mapped_column(Document, nullable=True)
    warned_at: Mapped[datetime | None] = mapped_column(Instant)  # told that nobody took it
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class CalendarDayRow(Base):
    """A public holiday, or a weekend day on which everybody works (China moves them, and publishes it yearly)."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # holiday | workday
    name: Mapped[str] = mapped_column(String(40), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ChannelRow(Base):
    """A way to staff who are not looking at the screen. The address with its key is kept encrypted."""

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # wecom | dingtalk | feishu | mail | webhook
    name: Mapped[str] = mapped_column(String(40))
    secret: Mapped[str] = mapped_column(String(4000))
    roles: Mapped[Any] = mapped_column(Document)  # who reads it: nurse | doctor | manager
    active: Mapped[bool] = mapped_column(default=True)
    tested_at: Mapped[datetime | None] = mapped_column(Instant)
    tested: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class OutboxRow(Base):
    """One message to staff on its way: waiting, sending, sent, unclear, failed, given_up."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("channel_id", "occasion"),
        Index("ix_outbox_next", "next_at", sqlite_where=UNSENT, postgresql_where=UNSENT),
        Index("ix_outbox_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    occasion: Mapped[str] = mapped_column(
        String(60)
    )  # "run:12:rung_1": what it is said for, once per channel
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # whose one-time link it carries
    words: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class DutyPassRow(Base):
    """A one-time link for the person on duty, to one case, from outside the house."""

    __tablename__ = "duty_passes"
    __table_args__ = (Index("ix_duty_passes_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    session_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class TextModuleRow(Base):
    """A sentence the team uses again and again, found by a few letters."""

    __tablename__ = "text_modules"

    id: Mapped[int] = mapped_column(primary_key=True)
    short: Mapped[str] = mapped_column(String(20), unique=True)
    words: Mapped[str] = mapped_column(String(1000))
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DialogueSwitchRow(Base):
    """What a department switches on for the conversation: the duty page outside, sending after a restore, …"""

    __tablename__ = "dialogue_switches"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[Any] = mapped_column(Document)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

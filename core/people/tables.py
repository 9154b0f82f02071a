"""Staff, their escalation roster, patients and consents."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.foundation.database import Base, BigId, Instant
from core.people.patient_rules import name_key, record_key

SILENCED = text("silenced_at IS NOT NULL")
ERASED = text("erased_at IS NOT NULL")
LIVING = text("revoked_at IS NULL")
# Of whom the list of patients may say that she has no dating.
UNDATED = text("last_period IS NULL AND due_date IS NULL AND silenced_at IS NULL AND erased_at IS NULL")


class StaffRow(Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    valid_after: Mapped[datetime] = mapped_column(Instant)
    praise_code: Mapped[str] = mapped_column(String(12), unique=True)
    payment_code_key: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)


class SignInRow(Base):
    """One sign-in of one colleague (`sign_ins`)."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)


class GuessRow(Base):
    """Wrong passwords for one name from one address, both as SHA-256 (`guesses`)."""

    __tablename__ = "password_guesses"
    __table_args__ = (UniqueConstraint("name_hash", "place_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name_hash: Mapped[str] = mapped_column(String(64))
    place_hash: Mapped[str] = mapped_column(String(64))
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)


class PatientRow(Base):
    """A patient. Both keys follow what they are keys of: by them she is searched for and known again."""

    __tablename__ = "patients"
    __table_args__ = (
        Index("ix_patients_phone_end", "phone_end"),
        Index("ix_patients_name_key", "name_key", postgresql_ops={"name_key": "varchar_pattern_ops"}),
        Index(
            "ix_patients_record_key", "record_key",
            unique=True, postgresql_ops={"record_key": "varchar_pattern_ops"},
        ),
        Index("ix_patients_silenced", "silenced_at", sqlite_where=SILENCED, postgresql_where=SILENCED),
        Index("ix_patients_erased", "erased_at", sqlite_where=ERASED, postgresql_where=ERASED),
        Index("ix_patients_undated", "id", sqlite_where=UNDATED, postgresql_where=UNDATED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    record_number: Mapped[str] = mapped_column(String(40), unique=True)
    record_key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(180))
    phone: Mapped[str] = mapped_column(String(20), default="")
    phone_end: Mapped[str] = mapped_column(String(4), default="")
    birth_date: Mapped[date | None]
    last_period: Mapped[date | None]
    due_date: Mapped[date | None]
    # As a hospital's table told them, until a package counted from that day is sold to her.
    operation_date: Mapped[date | None]
    discharge_date: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(2), default="zh")
    own_nurse_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    silenced_at: Mapped[datetime | None] = mapped_column(Instant)
    # She wished to hear from us again: what is older is shown to her no more.
    heard_since: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    @validates("record_number")
    def _keep_record_key(self, _field: str, record_number: str) -> str:
        self.record_key = record_key(record_number)
        return record_number

    @validates("name")
    def _keep_name_key(self, _field: str, name: str) -> str:
        self.name_key = name_key(name)
        return name


class ImportRow(Base):
    """One file that has been taken over, by the digest of its bytes: the same file is not taken twice."""

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # patients | appointments
    digest: Mapped[str] = mapped_column(String(64))
    added: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ConsentRow(Base):
    """One answer to one purpose; the newest answer counts, none means no."""

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_patient_purpose", "patient_id", "purpose", "id", "given"),
        # The answers that say no: whoever wrote a praise seldom has one.
        Index(
            "ix_consents_withdrawn", "patient_id", "purpose", "at", "id",
            sqlite_where=text("given = 0"), postgresql_where=text("NOT given"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool]
    channel: Mapped[str] = mapped_column(String(10))  # paper | screen | phone
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class PhoneLinkRow(Base):
    """The private page of a patient for one person: herself (`person` ""), somebody of her family, a guardian. A random
    token, stored as its hash, revocable on its own."""

    __tablename__ = "phone_links"
    __table_args__ = (
        # Two clicks at once: the second living card of the same person is refused by the database.
        Index(
            "uq_phone_links_living", "patient_id", "person",
            unique=True, sqlite_where=LIVING, postgresql_where=LIVING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    person: Mapped[str] = mapped_column(String(40), default="", server_default="")
    relation: Mapped[str] = mapped_column(String(10), default="self", server_default="self")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class PhoneDeviceRow(Base):
    """A phone that has answered with the last four digits once."""

    __tablename__ = "phone_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("phone_links.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime] = mapped_column(Instant)


class EscalationDutyRow(Base):
    """Who takes the escalation call on one day, on which telephone, and who stands behind."""

    __tablename__ = "escalation_duties"

    day: Mapped[date] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40))
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    backup_phone: Mapped[str] = mapped_column(String(40), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

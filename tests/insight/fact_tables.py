"""Facts written straight into the tables, and a count of them in plain Python that knows nothing of the SQL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count as counting
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.bank.tables import NEVER, AccountRow, LedgerEntryRow
from core.care.tables import AppointmentRow, EnrolmentRow, OfferRow, RefundRow, SurveyAnswerRow, TaskRow
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.tables import CaseRow
from core.foundation.touched_days import touch
from core.insight.tables import DailyCountRow
from core.packages.tables import PackageRow, PackageVersionRow
from core.people.tables import PatientRow
from core.recognition.tables import RecognitionRow
from tests.conftest import NOON

Cells = dict[tuple[date, str, int], tuple[int, int]]


@dataclass
class FactTables:
    """A department's tables, open for writing: `with world.desk.database.writing() as session: FactTables(session)`.

    Every act marks the days it touches, the old and the new, as the deeds of care do. Unless `one_by_one`, a row may have
    no id yet when it is returned.
    """

    session: Session
    at: datetime = NOON
    numbers: Any = field(default_factory=lambda: counting(1))
    one_by_one: bool = True

    def open(self, packages: int = 2) -> None:
        """Packages 1, 2 …, one patient, one account."""
        for number in range(1, packages + 1):
            self.session.add(
                PackageRow(id=number, code=f"p{number}", name=f"服务包{number}", created_at=self.at)
            )
            self.session.flush()
            self.session.add(
                PackageVersionRow(
                    id=number, package_id=number, number=1, status="published", document={}, price_fen=19900,
                    changed_at=self.at,
                )
            )  # fmt: skip
        self.session.add(PatientRow(id=1, record_number="A1", name="陈晓雨", created_at=self.at))
        self.session.flush()
        self.session.add(
            AccountRow(
                id=1, patient_id=1, opened_on=date(2025, 1, 1), settled_to=date(2025, 1, 1), next_due_on=NEVER
            )
        )
        self.session.flush()

    def offer(self, day: date, enrolment: EnrolmentRow | None = None, package: int = 1) -> OfferRow:
        outcome = "accepted" if enrolment else "declined"
        return self._put(
            OfferRow(
                patient_id=1, package_id=package, offered_on=day, outcome=outcome, at=self.at,
                enrolment_id=enrolment.id if enrolment else None,
            )
        )  # fmt: skip

    def enrolment(self, day: date, package: int = 1, fen: int = 19900, **facts: Any) -> EnrolmentRow:
        # "completed", because only one enrolment of a package may be active at a time
        row: EnrolmentRow = self._put(
            EnrolmentRow(
                patient_id=1, package_id=package, version_id=package, anchor_kind="lmp", anchor_date=day,
                enrolled_on=day, expires_on=day + timedelta(days=300), status="completed", amount_fen=fen,
                payment_method="cash", receipt_number=f"T{next(self.numbers)}-{id(self)}", at=self.at, **facts,
            )
        )  # fmt: skip
        if row.refunded_on:
            self._put(
                RefundRow(
                    enrolment_id=row.id, number=f"{row.receipt_number}-R1", amount_fen=row.refund_fen,
                    day=row.refunded_on, at=self.at,
                )
            )  # fmt: skip
        return row

    def task(
        self, enrolment: EnrolmentRow, closes_on: date, state: str = "planned", done_on: date | None = None
    ) -> TaskRow:
        return self._put(
            TaskRow(
                enrolment_id=enrolment.id, code=f"T{next(self.numbers)}", role="nurse", counts_for_badge=True,
                opens_on=closes_on - timedelta(days=6), closes_on=closes_on, state=state, done_on=done_on,
            )
        )  # fmt: skip

    def visit(self, day: date, state: str = "attended", package: int | None = None) -> AppointmentRow:
        return self._put(AppointmentRow(day=day, at=self.at, state=state, package_id=package))

    def answer(self, day: date, score: int, package: int | None = None) -> SurveyAnswerRow:
        return self._put(SurveyAnswerRow(patient_id=1, package_id=package, day=day, score=score, at=self.at))

    def promised(self, enrolment: EnrolmentRow, day: date, late: int = 0) -> PromiseRunRow:
        """A question of hers on a day, promised within 30 minutes and answered so many minutes late."""
        case = CaseRow(
            code=f"Q{next(self.numbers)}", patient_id=1, enrolment_id=enrolment.id, kind="question", state="answered",
            opened_at=self.at, answered_at=self.at, why=[],
        )  # fmt: skip
        self.session.add(case)
        self.session.flush()
        due = self.at + timedelta(minutes=30)
        return self._put(
            PromiseRunRow(
                case_id=case.id, kind="question", role="nurse", minutes=30, day=day, started_at=self.at,
                begins_at=self.at, due_at=due, met_at=due + timedelta(minutes=late),
            )
        )  # fmt: skip

    def praise(self, day: date, counted: int = 60, package: int | None = None) -> RecognitionRow:
        return self._put(
            RecognitionRow(
                day=day, at=self.at, text="好" * counted, text_hash="", counted=counted, state="received",
                package_id=package,
            )
        )  # fmt: skip

    def entry(
        self, day: date, kind: str, points: int, package: int | None = None, reverses: int | None = None
    ) -> LedgerEntryRow:
        two = {"actor_id": 1, "approver_id": 2} if kind == "adjust" else {}
        return self._put(
            LedgerEntryRow(
                account_id=1, kind=kind, points=points, day=day, at=self.at, package_id=package,
                reverses_id=reverses, **two,
            )
        )  # fmt: skip

    def change(self, row: Any, **facts: Any) -> None:
        touch(self.session, days_of(self.session, row))
        for name, value in facts.items():
            setattr(row, name, value)
        self.session.flush()
        touch(self.session, days_of(self.session, row))

    def remove(self, row: Any) -> None:
        touch(self.session, days_of(self.session, row))
        self.session.delete(row)
        self.session.flush()

    def _put(self, row: Any) -> Any:
        self.session.add(row)
        # What nothing refers to may wait for a row that needs its number: hundreds in one statement.
        if self.one_by_one or not isinstance(row, AppointmentRow | SurveyAnswerRow | RecognitionRow):
            self.session.flush()
        touch(self.session, days_of(self.session, row))
        return row


def days_of(session: Session, row: Any) -> set[date]:
    """The days whose measures a row stands in."""
    match row:
        case OfferRow():
            return {row.offered_on}
        case EnrolmentRow():
            offered = session.scalars(select(OfferRow.offered_on).where(OfferRow.enrolment_id == row.id))
            return {row.enrolled_on, *offered}
        case TaskRow():
            return {row.closes_on}
        case _:
            return {row.day}


def stored(session: Session) -> Cells:
    """What the roll-ups hold."""
    rows = session.scalars(select(DailyCountRow))
    return {(row.day, row.measure, row.package_id): (row.numerator, row.denominator) for row in rows}


def fresh(session: Session) -> Cells:
    """Every measure counted anew, row by row."""
    cells: dict[tuple[date, str, int], list[int]] = defaultdict(lambda: [0, 0])

    def add(day: date, measure: str, package: int | None, numerator: int, denominator: int) -> None:
        cell = cells[day, measure, package or 0]
        cell[0] += numerator
        cell[1] += denominator

    enrolments = {row.id: row for row in session.scalars(select(EnrolmentRow))}
    for offer in session.scalars(select(OfferRow)):
        sold = enrolments.get(offer.enrolment_id or 0)
        waited = (sold.enrolled_on - offer.offered_on).days if sold else None
        taken = waited is not None and 0 <= waited <= 14
        add(offer.offered_on, "uptake", offer.package_id, taken, 1)
    for row in enrolments.values():
        add(row.enrolled_on, "revenue", row.package_id, row.amount_fen, 1)
    for refund in session.scalars(select(RefundRow)):
        add(refund.day, "revenue", enrolments[refund.enrolment_id].package_id, -refund.amount_fen, 0)
    for task in session.scalars(select(TaskRow)):
        if task.state in ("planned", "done", "excused"):
            kept = task.state != "planned" and task.done_on is not None and task.done_on <= task.closes_on
            add(task.closes_on, "on_time", enrolments[task.enrolment_id].package_id, kept, 1)
    for visit in session.scalars(select(AppointmentRow)):
        if visit.state == "attended":
            add(visit.day, "praise", visit.package_id, 0, 1)
            add(visit.day, "response", visit.package_id, 0, 1)
        if visit.state in ("attended", "no_show"):
            add(visit.day, "noshow", visit.package_id, visit.state == "no_show", 1)
        if visit.state != "cancelled":
            add(visit.day, "unrecorded", visit.package_id, visit.state == "booked", 1)
    for praise in session.scalars(select(RecognitionRow)):
        if praise.counted >= 50:
            add(praise.day, "praise", praise.package_id, 1, 0)
    for answer in session.scalars(select(SurveyAnswerRow)):
        add(answer.day, "satisfied", answer.package_id, answer.score in (4, 5), 1)
        add(answer.day, "response", answer.package_id, 1, 0)
    _fresh_points(list(session.scalars(select(LedgerEntryRow))), add)
    return {key: (n, d) for key, (n, d) in cells.items() if n or d}


def _fresh_points(entries: list[LedgerEntryRow], add: Any) -> None:
    kinds = {entry.id: entry.kind for entry in entries}
    for entry in entries:
        kind = kinds[entry.reverses_id] if entry.reverses_id else entry.kind
        if kind in ("earn", "interest", "adjust"):
            add(entry.day, "points_issued", entry.package_id, entry.points, 1)
        if kind == "redeem":
            add(entry.day, "points_redeemed", entry.package_id, -entry.points, 1)
        add(entry.day, "points_net", entry.package_id, entry.points, 1)

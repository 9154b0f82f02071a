"""Who holds which package: everything one patient holds, whole, and the facts of its receipt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.care.plan.due_and_late import band, grace_of
from core.care.plan.planning import week_of
from core.care.sale.courses import UnknownEnrolment
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.foundation.open_types import Value
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import pinned
from core.people.tables import PatientRow, StaffRow

STATUS_NAMES: dict[str, str] = {
    "active": N_("Active"),
    "completed": N_("Completed"),
    "stopped": N_("In quiet care"),
    "cancelled": N_("Cancelled"),
}


@dataclass(frozen=True)
class TaskLine:
    """One task of one enrolment as staff see it, with the visit booked for it."""

    task_id: int
    code: str
    title: str
    role: str
    state: str
    band: str
    opens_on: date
    closes_on: date
    done_on: date | None
    evidence: str
    reason: str
    visit_id: int | None
    visit_at: datetime | None


@dataclass(frozen=True)
class EnrolmentCard:
    """One enrolment whole, with its tasks in the order of the package. Money in fen."""

    id: int
    patient_id: int
    package_name: str
    version: int
    version_id: int
    published_at: datetime | None
    status: str
    enrolled_on: date
    anchor_kind: str
    anchor_date: date
    week_text: str
    badges_earned: int
    badge_target: int | None
    amount_fen: int
    payment_method: str
    receipt_number: str
    refund_fen: int
    refunded_on: date | None
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class ReceiptFacts:
    """What the receipt prints, with her whole name: it is handed to herself. Amount in fen."""

    number: str
    package: str
    version: int
    patient: str
    amount_fen: int
    payment_method: str
    paid_on: date
    cashier: str
    refund_terms: str
    refund_fen: int
    language: str


@question("patient.read")
def held_by(look: Look, *, patient_id: int) -> list[EnrolmentCard]:
    """Everything a patient holds or has held, whole, the newest first."""
    found = look.session.execute(
        select(EnrolmentRow, PackageRow.name, PackageVersionRow.number, PackageVersionRow.published_at)
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(EnrolmentRow.patient_id == patient_id)
        .order_by(EnrolmentRow.enrolled_on.desc(), EnrolmentRow.id.desc())
    ).all()
    tasks = _tasks_of(look, [row.id for row, *_ in found])
    return [_card(look, *parts, tasks[parts[0].id]) for parts in found]


@question("patient.read")
def receipt(look: Look, *, enrolment_id: int) -> ReceiptFacts:
    """The facts of the receipt, as they were when it was sold; refuses `UnknownEnrolment`."""
    found = look.session.execute(
        select(EnrolmentRow, PatientRow.name, PackageVersionRow.number, StaffRow.name)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .outerjoin(StaffRow, StaffRow.id == EnrolmentRow.enrolled_by)
        .where(EnrolmentRow.id == enrolment_id)
    ).first()
    if found is None:
        raise UnknownEnrolment
    row, name, number, cashier = found
    document = pinned(look.session, row.version_id)
    return ReceiptFacts(
        row.receipt_number, document.name, number, name, row.amount_fen, row.payment_method,
        row.enrolled_on, cashier or "", document.refund_terms, row.refund_fen, document.language,
    )  # fmt: skip


# --- inner ----------------------------------------------------------------------------------------


def _tasks_of(look: Look, enrolment_ids: list[int]) -> dict[int, list[Value]]:
    """The tasks of each enrolment as rows, with the visit booked for each."""
    query = (
        select(
            TaskRow.id, TaskRow.enrolment_id, TaskRow.code, TaskRow.role, TaskRow.state, TaskRow.opens_on,
            TaskRow.closes_on, TaskRow.done_on, TaskRow.evidence, TaskRow.reason, TaskRow.counts_for_badge,
            AppointmentRow.id.label("visit_id"), AppointmentRow.at,
        )
        .outerjoin(AppointmentRow, (AppointmentRow.task_id == TaskRow.id) & (AppointmentRow.state == "booked"))
        .where(TaskRow.enrolment_id.in_(enrolment_ids))
    )  # fmt: skip
    tasks: dict[int, list[Value]] = defaultdict(list)
    for row in look.session.execute(query):
        tasks[row.enrolment_id].append(row)
    return tasks


def _card(
    look: Look,
    row: EnrolmentRow,
    package: str,
    number: int,
    published_at: datetime | None,
    tasks: list[Value],
) -> EnrolmentCard:
    document = pinned(look.session, row.version_id, published_at)
    return EnrolmentCard(
        id=row.id,
        patient_id=row.patient_id,
        package_name=package,
        version=number,
        version_id=row.version_id,
        published_at=published_at,
        status=row.status,
        enrolled_on=row.enrolled_on,
        anchor_kind=row.anchor_kind,
        anchor_date=row.anchor_date,
        week_text=week_of(row.anchor_kind, row.anchor_date, row.ended_on or look.today),
        badges_earned=sum(task.counts_for_badge and task.state in ("done", "excused") for task in tasks),
        badge_target=row.badge_target,
        amount_fen=row.amount_fen,
        payment_method=row.payment_method,
        receipt_number=row.receipt_number,
        refund_fen=row.refund_fen,
        refunded_on=row.refunded_on,
        tasks=tuple(
            TaskLine(
                task.id, task.code, document.task(task.code).title, task.role, task.state,
                band(task.state, task.opens_on, task.closes_on, look.today, grace_of(task.code)),
                task.opens_on, task.closes_on, task.done_on, task.evidence, task.reason,
                task.visit_id, task.at,
            )
            for task in sorted(tasks, key=lambda task: document.position(task.code))
        ),
    )  # fmt: skip

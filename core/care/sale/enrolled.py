"""Who holds which package: the list, one enrolment whole, and the facts for receipt and card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from core.care.plan.due_and_late import band, grace_of
from core.care.plan.planning import week_of
from core.care.sale.courses import UnknownEnrolment
from core.care.tables import AppointmentRow, EnrolmentRow, TaskRow
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.foundation.open_types import Column, Value
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import pinned
from core.people.masking import masked_name
from core.people.patient_rules import legible
from core.people.search import matching
from core.people.tables import PatientRow, StaffRow

STATUS_NAMES: dict[str, str] = {
    "active": N_("Active"),
    "completed": N_("Completed"),
    "stopped": N_("In quiet care"),
    "cancelled": N_("Cancelled"),
}
PAGE = 50


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
    counts_for_badge: bool
    visit_id: int | None
    visit_at: datetime | None


@dataclass(frozen=True)
class EnrolmentLine:
    """One line of the list. Money in fen; `next_task` is the title of what comes next, with its band."""

    id: int
    patient_id: int
    patient_name: str
    phone_end: str
    package_id: int
    package_name: str
    version: int
    status: str
    enrolled_on: date
    week_text: str
    badges_earned: int
    badge_target: int | None
    next_task: str
    next_band: str
    next_closes_on: date | None
    amount_fen: int
    refund_fen: int


@dataclass(frozen=True)
class EnrolmentPage:
    """One page of the list; `total` of all pages, `by_status` under the same other filters."""

    rows: list[EnrolmentLine]
    total: int
    page: int
    pages: int
    by_status: dict[str, int]


@dataclass(frozen=True)
class EnrolmentCard:
    """One enrolment whole, with its tasks in the order of the package."""

    line: EnrolmentLine
    version_id: int
    published_at: datetime | None
    anchor_kind: str
    anchor_date: date
    expires_on: date
    payment_method: str
    receipt_number: str
    ended_on: date | None
    end_reason: str
    refunded_on: date | None
    tasks: tuple[TaskLine, ...]
    entitlements: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ReceiptFacts:
    """What the receipt prints; the patient's name is masked. Amount in fen."""

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
def roster(
    look: Look,
    *,
    status: str = "active",
    package_id: int | None = None,
    text: str = "",
    patient_id: int | None = None,
    page: int = 1,
    page_size: int = PAGE,
) -> EnrolmentPage:
    """Enrolments, the newest first, a page at a time. `status` "" means all; `text` finds a name, a record
    number or the end of a phone number. Erased patients are listed without a name: what they paid still
    counts."""
    conditions: list[ColumnElement[bool]] = []
    if package_id is not None:
        conditions.append(EnrolmentRow.package_id == package_id)
    if patient_id is not None:
        conditions.append(EnrolmentRow.patient_id == patient_id)
    if legible(text):
        people = select(PatientRow.id).where(matching(look, text))
        conditions.append(EnrolmentRow.patient_id.in_(people))
    counted = select(EnrolmentRow.status, func.count()).where(*conditions).group_by(EnrolmentRow.status)
    by_status = {name: count for name, count in look.session.execute(counted).all()}  # noqa: C416
    total = by_status.get(status, 0) if status else sum(by_status.values())
    pages = max(1, -(-total // page_size))
    page = min(max(1, page), pages)
    if status:
        conditions.append(EnrolmentRow.status == status)
    rows = _lines(look, conditions, limit=page_size, offset=(page - 1) * page_size)
    return EnrolmentPage(rows, total, page, pages, by_status)


@question("patient.read")
def enrolment(look: Look, *, enrolment_id: int) -> EnrolmentCard:
    """One enrolment with all its tasks; refuses `UnknownEnrolment`."""
    found = _cards(look, EnrolmentRow.id == enrolment_id)
    if not found:
        raise UnknownEnrolment
    return found[0]


@question("patient.read")
def held_by(look: Look, *, patient_id: int) -> list[EnrolmentCard]:
    """Everything a patient holds or has held, whole, the newest first."""
    return _cards(look, EnrolmentRow.patient_id == patient_id)


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
        row.receipt_number, document.name, number, masked_name(name), row.amount_fen, row.payment_method,
        row.enrolled_on, cashier or "", document.refund_terms, row.refund_fen, document.language,
    )  # fmt: skip


# --- inner ----------------------------------------------------------------------------------------


def _lines(
    look: Look, conditions: list[ColumnElement[bool]], *, limit: int, offset: int = 0
) -> list[EnrolmentLine]:
    found = _found(look, conditions, limit, offset)
    tasks = _tasks_of(look, [row.id for row, *_ in found])
    return [_line(look, *parts, tasks[parts[0].id]) for parts in found]


def _cards(look: Look, condition: ColumnElement[bool]) -> list[EnrolmentCard]:
    found = _found(look, [condition], PAGE)
    tasks = _tasks_of(
        look, [row.id for row, *_ in found], TaskRow.id, TaskRow.role, TaskRow.done_on, TaskRow.evidence,
        TaskRow.reason, AppointmentRow.id.label("visit_id"),
    )  # fmt: skip
    return [_card(look, *parts, tasks[parts[0].id]) for parts in found]


def _found(
    look: Look, conditions: list[ColumnElement[bool]], limit: int, offset: int = 0
) -> Sequence[Row[EnrolmentRow, str, str, str, int, datetime | None]]:
    query = (
        select(
            EnrolmentRow, PatientRow.name, PatientRow.phone_end, PackageRow.name,
            PackageVersionRow.number, PackageVersionRow.published_at,
        )
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(*conditions)
        .order_by(EnrolmentRow.enrolled_on.desc(), EnrolmentRow.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return look.session.execute(query).all()


def _tasks_of(look: Look, enrolment_ids: list[int], *more: Column) -> dict[int, list[Value]]:
    """The tasks of each enrolment as rows: those columns a line reads, and whatever more is asked for."""
    query = (
        select(
            TaskRow.enrolment_id, TaskRow.code, TaskRow.state, TaskRow.opens_on, TaskRow.closes_on,
            TaskRow.counts_for_badge, AppointmentRow.at, *more,
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
    name: str,
    end: str,
    package: str,
    number: int,
    published_at: datetime | None,
    tasks: list[Any],
) -> EnrolmentCard:
    document = pinned(look.session, row.version_id, published_at)
    return EnrolmentCard(
        line=_line(look, row, name, end, package, number, published_at, tasks),
        version_id=row.version_id,
        published_at=published_at,
        anchor_kind=row.anchor_kind,
        anchor_date=row.anchor_date,
        expires_on=row.expires_on,
        payment_method=row.payment_method,
        receipt_number=row.receipt_number,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        refunded_on=row.refunded_on,
        tasks=tuple(
            TaskLine(
                task.id, task.code, document.task(task.code).title, task.role, task.state,
                band(task.state, task.opens_on, task.closes_on, look.today, grace_of(task.code)),
                task.opens_on, task.closes_on, task.done_on, task.evidence, task.reason, task.counts_for_badge,
                task.visit_id, task.at,
            )
            for task in sorted(tasks, key=lambda task: document.position(task.code))
        ),
        entitlements=tuple((one.name, one.count) for one in document.entitlements),
    )  # fmt: skip


def _line(
    look: Look,
    row: EnrolmentRow,
    name: str,
    end: str,
    package: str,
    number: int,
    published_at: datetime | None,
    tasks: list[Value],
) -> EnrolmentLine:
    coming = [
        task
        for task in tasks
        if band(task.state, task.opens_on, task.closes_on, look.today, grace_of(task.code))
        in ("overdue", "due", "open", "upcoming")
    ]
    first = min(coming, key=lambda task: (task.closes_on, task.opens_on), default=None)
    document = pinned(look.session, row.version_id, published_at)
    return EnrolmentLine(
        id=row.id,
        patient_id=row.patient_id,
        patient_name=name,
        phone_end=end,
        package_id=row.package_id,
        package_name=package,
        version=number,
        status=row.status,
        enrolled_on=row.enrolled_on,
        week_text=week_of(row.anchor_kind, row.anchor_date, row.ended_on or look.today),
        badges_earned=sum(task.counts_for_badge and task.state in ("done", "excused") for task in tasks),
        badge_target=row.badge_target,
        next_task=document.task(first.code).title if first and row.status == "active" else "",
        next_band=band("planned", first.opens_on, first.closes_on, look.today, grace_of(first.code))
        if first
        else "",
        next_closes_on=first.closes_on if first else None,
        amount_fen=row.amount_fen,
        refund_fen=row.refund_fen,
    )

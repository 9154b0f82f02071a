"""What was paid back for a package, refund by refund: as her file lists it and as a slip prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.care.tables import EnrolmentRow, RefundRow
from core.foundation.doors import Look, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Query
from core.packages.refund_rules import Line, line_from
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.tables import PatientRow, StaffRow
from core.settlement.tables import RefundRuleRow

MOST = 50  # refunds of one package that are listed, the newest first


@dataclass(eq=False)
class UnknownRefund(Refusal):
    message = N_("This refund does not exist. Please reload the page.")


@dataclass(frozen=True)
class Slip:
    """One refund (fen; negative where it takes another one back). `rule_fen` is None where there was no rule; then, and
    for refunds of before, `lines` are empty. `entered_by` is who entered the rule's fields for a version sold before."""

    id: int
    enrolment_id: int
    number: str
    amount_fen: int
    day: date
    by: str
    cause: str
    reason: str
    rule_fen: int | None
    rule_from: str
    entered_by: str
    lines: tuple[Line, ...]
    reverses: bool
    reversed: bool
    receipt_number: str
    paid_fen: int
    payment_method: str
    package: str
    version: int
    patient: str
    terms: str


@question("patient.read")
def slips(look: Look, *, enrolment_id: int) -> list[Slip]:
    """The refunds of a package, the newest first."""
    query = _query().where(RefundRow.enrolment_id == enrolment_id).order_by(RefundRow.id.desc()).limit(MOST)
    return _slips(look, query)


@question("patient.read")
def slip(look: Look, *, refund_id: int) -> Slip:
    """One refund; refuses `UnknownRefund`."""
    found = _slips(look, _query().where(RefundRow.id == refund_id))
    if not found:
        raise UnknownRefund
    return found[0]


# --- inner ----------------------------------------------------------------------------------------


def _query() -> Query:
    entering, taking = aliased(StaffRow), aliased(RefundRow)
    return (
        select(
            RefundRow, EnrolmentRow, PackageVersionRow.number, PatientRow.name, StaffRow.name, entering.name,
            taking.id,
        )
        .join(EnrolmentRow, EnrolmentRow.id == RefundRow.enrolment_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .outerjoin(StaffRow, StaffRow.id == RefundRow.staff_id)
        .outerjoin(RefundRuleRow, RefundRuleRow.version_id == EnrolmentRow.version_id)
        .outerjoin(entering, entering.id == RefundRuleRow.staff_id)
        .outerjoin(taking, taking.reverses_id == RefundRow.id)
    )  # fmt: skip


def _slips(look: Look, query: Query) -> list[Slip]:
    found = []
    for row, sold, number, patient, by, entered_by, taken_back in look.session.execute(query):
        document = pinned(look.session, sold.version_id)
        found.append(
            Slip(
                row.id, sold.id, row.number, row.amount_fen, row.day, by or "", row.cause, row.reason, row.rule_fen,
                row.rule_from, (entered_by or "") if row.rule_from == "entered" else "",
                tuple(line_from(line) for line in row.lines or ()), row.reverses_id is not None,
                taken_back is not None, sold.receipt_number, sold.amount_fen, sold.payment_method,
                document.name, number, patient or "", document.refund_terms,
            )
        )  # fmt: skip
    return found

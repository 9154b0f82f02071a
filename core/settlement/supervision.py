"""What somebody above the counter looks at: refunds that were not simply the rule's, sales below the price.

Nothing here accuses: a reason stands beside each. The lists are read from the refunds and sales themselves, newest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from core.care.sale.enrolments import ENROLLED
from core.care.tables import EnrolmentRow, RefundRow
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.packages.tables import PackageRow, PackageVersionRow
from core.people.tables import StaffRow
from core.settlement.tables import RefundRuleRow

WHY_NAMES: dict[str, str] = {
    "differs": N_("Another amount than the rule's"),
    "entered": N_("By fields entered later"),
    "no_rule": N_("Terms in words only"),
}
MOST = 2000


@dataclass(frozen=True)
class Unusual:
    """A refund to look at (fen). `why` are keys of `WHY_NAMES`; `cause` is a key of `refund_rules.CAUSE_NAMES` or "".
    `taken_back`: it was reversed since."""

    refund_id: int
    day: date
    package: str
    number: str
    paid_fen: int
    rule_fen: int | None
    refund_fen: int
    cause: str
    reason: str
    by: str
    entered_by: str
    why: tuple[str, ...]
    taken_back: bool


@question("supervision.read")
def unusual_refunds(
    look: Look, *, why: str = "", first: date | None = None, last: date | None = None, limit: int = 200
) -> list[Unusual]:
    """At most `limit` refunds that differ from the rule, went by fields entered later or had no rule, the newest first;
    `why` is a key of `WHY_NAMES` or "" for all. What cost nothing is left out, and the rows by which
    a refund was taken back: of those it says so beside the refund."""
    entering = aliased(StaffRow)
    taking = aliased(RefundRow)
    query = (
        select(
            RefundRow, EnrolmentRow.amount_fen, PackageRow.name, StaffRow.name, entering.name,
            exists().where(taking.reverses_id == RefundRow.id),
        )
        .join(EnrolmentRow, EnrolmentRow.id == RefundRow.enrolment_id)
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .outerjoin(StaffRow, StaffRow.id == RefundRow.staff_id)
        .outerjoin(RefundRuleRow, RefundRuleRow.version_id == EnrolmentRow.version_id)
        .outerjoin(entering, entering.id == RefundRuleRow.staff_id)
        .where(RefundRow.reverses_id.is_(None), EnrolmentRow.amount_fen > 0)
        .order_by(RefundRow.day.desc(), RefundRow.id.desc())
        .limit(min(limit, MOST))
    )  # fmt: skip
    differs, entered = RefundRow.rule_fen != RefundRow.amount_fen, RefundRow.rule_from == "entered"
    nothing = RefundRow.rule_fen.is_(None)
    wanted = {"differs": differs, "entered": entered, "no_rule": nothing}
    query = query.where(wanted[why] if why else or_(differs, entered, nothing))
    days = [RefundRow.day >= first] if first else []
    days += [RefundRow.day <= last] if last else []
    query = query.where(and_(True, *days))
    return [
        Unusual(
            row.id, row.day, package, row.number, paid, row.rule_fen, row.amount_fen, row.cause, row.reason,
            by or "", (entered_by or "") if row.rule_from == "entered" else "", tuple(_why(row)), taken_back,
        )
        for row, paid, package, by, entered_by, taken_back in look.session.execute(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class BelowPrice:
    """A sale for less than the package cost (fen), with the reason that was given ("" before one was asked for)."""

    enrolment_id: int
    day: date
    package: str
    number: str
    price_fen: int
    paid_fen: int
    method: str
    reason: str
    by: str


@question("supervision.read")
def sales_below_price(
    look: Look, *, first: date | None = None, last: date | None = None, limit: int = 200
) -> list[BelowPrice]:
    """At most `limit` sales for less than the price of the version sold, the newest first; `method` is a key of
    `PAYMENT_METHODS`."""
    days = [EnrolmentRow.enrolled_on >= first] if first else []
    days += [EnrolmentRow.enrolled_on <= last] if last else []
    query = (
        select(
            EnrolmentRow.id, EnrolmentRow.enrolled_on, PackageRow.name, EnrolmentRow.receipt_number,
            PackageVersionRow.price_fen, EnrolmentRow.amount_fen, EnrolmentRow.payment_method, StaffRow.name,
        )
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .outerjoin(StaffRow, StaffRow.id == EnrolmentRow.enrolled_by)
        .where(EnrolmentRow.amount_fen < PackageVersionRow.price_fen, *days)
        .order_by(EnrolmentRow.enrolled_on.desc(), EnrolmentRow.id.desc())
        .limit(min(limit, MOST))
    )  # fmt: skip
    rows = look.session.execute(query).all()
    said = _reasons(look, [row[0] for row in rows])
    return [
        BelowPrice(number, day, package, receipt, price, paid, method, said.get(number, ""), by or "")
        for number, day, package, receipt, price, paid, method, by in rows
    ]


def _reasons(look: Look, sales: list[int]) -> dict[int | None, str]:
    """What was said at the sale; the trail keeps it, and forgets it with the person."""
    query = (
        select(AuditEntryRow.subject_id, AuditDetailRow.after)
        .join(AuditDetailRow, AuditDetailRow.entry_id == AuditEntryRow.id)
        .where(
            AuditEntryRow.subject_kind == "enrolment", AuditEntryRow.subject_id.in_(sales),
            AuditEntryRow.kind == ENROLLED,
        )
    )  # fmt: skip
    return {number: (after or {}).get("reason") or "" for number, after in look.session.execute(query)}


def _why(row: RefundRow) -> list[str]:
    found = []
    if row.rule_fen is None:
        found.append("no_rule")
    elif row.rule_fen != row.amount_fen:
        found.append("differs")
    if row.rule_from == "entered":
        found.append("entered")
    return found

"""Enrolling: one patient, one published version, one anchor date, pinned together in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, insert, select

from core.care.plan.ending import end_those_over
from core.care.plan.planning import Plan, plan
from core.care.plan.pregnancy import LONGEST
from core.care.sale.eligibility import refuse_excluded
from core.care.sale.going_live import refuse_unless_selling
from core.care.sale.offers import AlreadyHolds, note_offer
from core.care.sale.receipt_number import number_of_receipt
from core.care.tables import EnrolmentRow, TaskRow
from core.clinical.dating import last_period_from_due_date
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import UnknownPackage, document_of
from core.people import consents as consent_room
from core.people.patients import get_patient

ENROLLED = declare("enrolment.sold", N_("Package sold"), ("anchor_date", "reason"))

PAYMENT_METHODS: dict[str, str] = {
    "cash": N_("Cash"),
    "card": N_("Bank card"),
    "wechat": N_("WeChat Pay"),
    "alipay": N_("Alipay"),
    "free": N_("Free of charge"),
}
BOUGHT = ("active", "completed", "run_out")  # a purchase that was cancelled, or ended gently, is none
# A sale is typed in within days; longer back would move the counts of weeks that were already reviewed.
OLDEST_SALE = timedelta(days=366)


@dataclass(eq=False)
class PackageNotOnSale(Refusal):
    package: str
    message = N_("“{package}” is not on sale at the moment. “Packages” shows why.")
    field = "package_id"


@dataclass(eq=False)
class PurchaseLimitReached(Refusal):
    package: str
    limit: int
    message = N_("“{package}” can be bought {limit} times by one patient, and she has had it as often.")
    field = "package_id"


@dataclass(eq=False)
class ServiceConsentNeeded(Refusal):
    message = N_(
        "Without consent to use the data for the service we cannot deliver it. Please ask the patient first."
    )
    field = "consents"


@dataclass(eq=False)
class AnchorMissing(Refusal):
    message = N_("Please enter the date from which the tasks are counted.")
    field = "anchor_date"


@dataclass(eq=False)
class AnchorImpossible(Refusal):
    day: date
    message = N_(
        "Last period {day}: by that date no pregnancy is under way on the day of enrolment. Please check."
    )
    field = "anchor_date"


@dataclass(eq=False)
class SaleDayImpossible(Refusal):
    day: date
    message = N_("A package cannot be sold on {day}: not in the future, and at most a year back.")
    field = "enrolled_on"


@dataclass(eq=False)
class AmountImpossible(Refusal):
    message = N_("Please check the amount: it cannot be negative, and a free package has none.")
    field = "amount_fen"


@dataclass(eq=False)
class BelowThePrice(Refusal):
    price: float
    message = N_("The price is {price} yuan. Please say why less is paid; supervision sees it.")
    field = "price_reason"

    @property
    def parameters(self) -> Raw:
        return {"price": f"{self.price:.2f}"}


@dataclass(eq=False)
class PaymentMethodUnknown(Refusal):
    message = N_("Please choose how it was paid.")
    field = "payment_method"


@deed("enrolment.write")
def enrol(
    stamp: Stamp,
    *,
    patient_id: int,
    package_id: int,
    payment_method: str,
    consents: dict[str, bool],
    amount_fen: int | None = None,
    last_period: date | None = None,
    due_date: date | None = None,
    anchor_date: date | None = None,
    enrolled_on: date | None = None,
    receipt_number: str = "",
    consent_channel: str = "paper",
    price_reason: str = "",
    read: Raw | None = None,
) -> int:
    """Sell a package; returns the enrolment's id. `read` is what the boxes of `consents` showed.

    The anchor: for packages counted from the last period, a corrected `due_date` (counted back 280 days)
    wins over `last_period`; other packages take `anchor_date`, or the day of enrolment where the package
    says so. Without `amount_fen` (fen) the price of the version; less than that needs a `price_reason`. Without
    `receipt_number` the next free one. An open offer becomes accepted, or one is recorded, so that uptake never counts a sale without its
    offer.

    Refuses by field: package not on sale, not live yet (`NotLive`, with what is open), paused because of its SOP
    (`SalesPaused`), the same package already held or bought as often as it may, no consent to the service, an
    anchor that cannot be, a receipt number in use, a silenced or erased patient, one whom the package may exclude before
    somebody has said why it is right (`MayBeExcluded`), and less than the price without a reason (`BelowThePrice`).
    """
    price_reason = reasons.remark(price_reason, field="price_reason")
    day = enrolled_on or stamp.today
    if not stamp.today - OLDEST_SALE <= day <= stamp.today:
        raise SaleDayImpossible(day)
    patient = get_patient(stamp, patient_id, speaking=True)
    version = _version_on_sale(stamp, package_id)
    document = document_of(version)
    refuse_unless_selling(stamp, package_id, document.name)
    end_those_over(stamp, patient_id, package_id)
    _refuse_second(stamp, patient_id, package_id, document.name)
    _refuse_beyond_limit(stamp, patient_id, package_id, document)
    consents = consent_room.left_alone(stamp.session, patient_id, consents, read)
    if not consents.get("service"):
        raise ServiceConsentNeeded
    refuse_excluded(stamp, patient, package_id, document)
    kind, anchor = _anchor(document, last_period, due_date, anchor_date, day)
    schedule = plan(document, anchor, day)
    amount = _amount(amount_fen, payment_method, version.price_fen)
    if amount < version.price_fen and not price_reason:
        raise BelowThePrice(version.price_fen / 100)
    row = EnrolmentRow(
        patient_id=patient_id,
        package_id=package_id,
        version_id=version.id,
        anchor_kind=kind,
        anchor_date=anchor,
        enrolled_on=day,
        expires_on=day + timedelta(days=document.valid_days),
        status="active",
        amount_fen=amount,
        payment_method=payment_method,
        receipt_number=number_of_receipt(stamp, receipt_number, day),
        badge_target=schedule.badge_target,
        enrolled_by=stamp.staff_id,
        at=stamp.now,
    )
    stamp.session.add(row)
    if kind in ("operation", "discharge"):
        # From here on it is the course's own day.
        setattr(patient, f"{kind}_date", None)
    stamp.session.flush()
    _write_tasks(stamp, row.id, document, schedule)
    note_offer(stamp, patient_id, package_id, "accepted", "", day, row.id)
    consent_room.append(stamp, patient_id, consents, consent_channel)
    _finish(stamp, row, version, schedule, consents, price_reason)
    return row.id


def _version_on_sale(stamp: Stamp, package_id: int) -> PackageVersionRow:
    package = stamp.session.get(PackageRow, package_id)
    if package is None:
        raise UnknownPackage
    version = stamp.session.scalar(
        select(PackageVersionRow).where(
            PackageVersionRow.package_id == package_id, PackageVersionRow.status == "published"
        )
    )
    if version is None or not package.on_sale:
        raise PackageNotOnSale(package.name)
    return version


def _refuse_second(stamp: Stamp, patient_id: int, package_id: int, name: str) -> None:
    query = select(EnrolmentRow.id).where(
        EnrolmentRow.patient_id == patient_id,
        EnrolmentRow.package_id == package_id,
        EnrolmentRow.status == "active",
    )
    if stamp.session.scalar(query) is not None:
        raise AlreadyHolds(name)


def _refuse_beyond_limit(stamp: Stamp, patient_id: int, package_id: int, document: PackageDocument) -> None:
    """A purchase that was cancelled, or ended gently, is none: nobody is held to what she could not use."""
    if document.purchase_limit is None:
        return
    query = select(func.count()).where(
        EnrolmentRow.patient_id == patient_id,
        EnrolmentRow.package_id == package_id,
        EnrolmentRow.status.in_(BOUGHT),
    )
    if (stamp.session.scalar(query) or 0) >= document.purchase_limit:
        raise PurchaseLimitReached(document.name, document.purchase_limit)


def _anchor(
    document: PackageDocument, last_period: date | None, due: date | None, other: date | None, day: date
) -> tuple[str, date]:
    match document.anchor:
        case "last_period":
            kind = "due_date" if due else "last_period"
            anchor = last_period_from_due_date(due) if due else (last_period or other)
        case "enrolment":
            kind, anchor = "enrolment", other or day
        case chosen:
            kind, anchor = chosen, other
    if anchor is None:
        raise AnchorMissing
    check_anchor(document, anchor, day)
    return kind, anchor


def check_anchor(document: PackageDocument, anchor: date, day: date) -> None:
    """Refuse an anchor date with which no pregnancy is under way on `day` (0 to 42+6 weeks)."""
    if document.anchor == "last_period" and not 0 <= (day - anchor).days < LONGEST:
        raise AnchorImpossible(anchor)


def _amount(amount_fen: int | None, method: str, price_fen: int) -> int:
    if method not in PAYMENT_METHODS:
        raise PaymentMethodUnknown
    if amount_fen is None:
        return 0 if method == "free" else price_fen
    if amount_fen < 0 or (method == "free" and amount_fen):
        raise AmountImpossible
    return amount_fen


def _write_tasks(stamp: Stamp, enrolment_id: int, document: PackageDocument, schedule: Plan) -> None:
    rows: list[Raw] = [
        {
            "enrolment_id": enrolment_id,
            "code": planned.code,
            "role": document.task(planned.code).role,
            "counts_for_badge": planned.counts_for_badge,
            "opens_on": planned.opens_on,
            "closes_on": planned.closes_on,
            "state": planned.state,
        }
        for planned in schedule.tasks
    ]
    if rows:
        stamp.session.execute(insert(TaskRow), rows)


def _finish(
    stamp: Stamp,
    row: EnrolmentRow,
    version: PackageVersionRow,
    schedule: Plan,
    consents: dict[str, bool],
    price_reason: str,
) -> None:
    planned = [task for task in schedule.tasks if task.state == "planned"]
    stamp.touch(row.enrolled_on, *(task.closes_on for task in planned))
    stamp.audit(
        ENROLLED,
        ("enrolment", row.id),
        after={
            "patient_id": row.patient_id,
            "package_id": row.package_id,
            "version": version.number,
            "anchor_kind": row.anchor_kind,
            "anchor_date": row.anchor_date,
            "enrolled_on": row.enrolled_on,
            "amount_fen": row.amount_fen,
            "payment_method": row.payment_method,
            "receipt_number": row.receipt_number,
            "badge_target": row.badge_target,
            "tasks": len(planned),
            "consents": {purpose: bool(given) for purpose, given in consents.items()},
            **({"reason": price_reason} if row.amount_fen < version.price_fen else {}),
        },
    )

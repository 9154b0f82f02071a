"""Which packages fit a patient, by what her file says: what she holds, how she is dated, how a package counts.

A package that does not fit is not proposed, and the reason is said. What her file merely does not speak for (no date
of a pregnancy yet, an operation while she is pregnant) may be offered all the same; what the sale itself would refuse
(held already, bought as often as it may, not on sale today) may not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.plan.pregnancy import LONGEST, Pregnancy, after_a_loss, pregnancy_of
from core.care.sale.enrolments import BOUGHT, PurchaseLimitReached
from core.care.sale.going_live import Gate, NotLive, SalesPaused, gates
from core.care.sale.offers import AlreadyHolds
from core.care.tables import EnrolmentRow
from core.foundation.doors import Look, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.shelf import ShelfItem, shelf
from core.people.patient_dates import dating_anchor
from core.people.patients import UnknownPatient
from core.people.tables import PatientRow

AFTER_TREATMENT = ("operation", "discharge")


@dataclass(eq=False)
class NoPregnancyKnown(Refusal):
    message = N_("The file names neither a last period nor a due date.")


@dataclass(eq=False)
class PregnancyOver(Refusal):
    message = N_("By the dates in the file no pregnancy is under way.")


MOST = 1000  # purchases of one patient that are looked at


@dataclass(eq=False)
class PregnantNow(Refusal):
    week: str
    message = N_("It begins with an operation or a discharge; the file says week {week} of a pregnancy.")


@dataclass(frozen=True)
class Offering:
    """A package and how it fits: `why` is None, or what speaks against it; `all_the_same` when staff who know better
    may offer it nevertheless."""

    item: ShelfItem
    gate: Gate
    why: Refusal | None
    all_the_same: bool


@question("package.read")
def offerings(look: Look, *, patient_id: int | None) -> list[Offering]:
    """Every package on the shelf for one patient: what fits first, then by name. Without a patient it is only said
    what keeps a package from anybody. Refuses `UnknownPatient`."""
    patient = look.session.get(PatientRow, patient_id) if patient_id is not None else None
    if patient_id is not None and (patient is None or patient.erased_at):
        raise UnknownPatient
    pregnant = pregnancy_of(look, patient.id) if patient else None
    # After a loss the days of that pregnancy left her file; that there was one, nobody has to be told again.
    was_dated = patient is not None and (
        dating_anchor(patient.last_period, patient.due_date) is not None
        or look.session.scalar(select(after_a_loss()).where(PatientRow.id == patient.id)) is True
    )
    active, bought = _held(look, patient.id) if patient else (set[int](), Counter[int]())
    items = shelf(look)
    doors = gates(look, [item.package_id for item in items])
    found = []
    for item in items:
        never = _never(item, doors[item.package_id], item.package_id in active, bought[item.package_id])
        hardly = _hardly(item, pregnant, was_dated, look.today) if patient else None
        found.append(
            Offering(item, doors[item.package_id], never or hardly, never is None and hardly is not None)
        )
    return sorted(found, key=lambda one: (one.why is not None, not one.all_the_same))


def _held(look: Look, patient_id: int) -> tuple[set[int], Counter[int]]:
    """The packages she holds, and how often she has had each: cancelled and gently ended ones count as none."""
    query = (
        select(EnrolmentRow.package_id, EnrolmentRow.status, EnrolmentRow.expires_on)
        .where(EnrolmentRow.patient_id == patient_id, EnrolmentRow.status.in_(BOUGHT))
        .limit(MOST)
    )
    active, bought = set[int](), Counter[int]()
    for package_id, status, expires_on in look.session.execute(query).all():
        bought[package_id] += 1
        if status == "active" and expires_on >= look.today:
            active.add(package_id)
    return active, bought


def _never(item: ShelfItem, door: Gate, held: bool, bought: int) -> Refusal | None:
    """What the sale would refuse."""
    if held:
        return AlreadyHolds(item.name)
    if item.purchase_limit is not None and bought >= item.purchase_limit:
        return PurchaseLimitReached(item.name, item.purchase_limit)
    if door.live_since is None:
        return NotLive(door.open, item.name)
    return SalesPaused(door.block) if door.block is not None else None


def _hardly(item: ShelfItem, pregnancy: Pregnancy | None, was_dated: bool, today: date) -> Refusal | None:
    """What her dates speak against; `was_dated`: her file names days of a pregnancy, be it one that is over."""
    pregnant = pregnancy is not None and 0 <= pregnancy.age_days(today) < LONGEST
    if item.anchor == "last_period" and not pregnant:
        return PregnancyOver() if pregnancy or was_dated else NoPregnancyKnown()
    if item.anchor in AFTER_TREATMENT and pregnancy and pregnant:
        return PregnantNow(pregnancy.week(today))
    return None

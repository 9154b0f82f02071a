"""A missed promise settles itself: the apology is drafted, what the package adds to it is proposed, both stand in her
thread once somebody sends them, or by themselves where the department chose so.

Drafted once for each clock that ran out (`amends.run_id` is unique), whether the answer came late or not yet; found from
the instants, so that an outage or a second replica changes nothing. An entitlement is given with the apology; money is
only promised by it, and paid by the cashier's own deed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from core.care.sale.courses import get_enrolment
from core.care.sale.refund_rows import book
from core.care.tables import EnrolmentRow, RefundRow
from core.dialogue.authors import author_of
from core.dialogue.cases.thread import LONGEST, WordsMissing, WordsTooLong, post
from core.dialogue.clocks.once_each import insert_once
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.course import Course, course_of
from core.dialogue.switches import switch, switched
from core.dialogue.tables import CaseRow
from core.dialogue.terms import terms_of
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, money_text, translator
from core.packages.document import PackageDocument
from core.packages.message_texts import filled
from core.packages.promises import Amends
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.patients import get_patient
from core.people.tables import PatientRow, StaffRow
from core.settlement.entitlement_marks import give
from core.settlement.tables import AmendsRow

DRAFTED = declare("amends.drafted", N_("Apology drafted for a missed promise"))
SENT = declare("amends.sent", N_("Apology sent"), ("words",))
DROPPED = declare("amends.dropped", N_("Apology not sent"), ("reason",))
PAID = declare("amends.paid", N_("Refund for a missed promise paid"))
SWITCHED = declare("amends.switched", N_("Apologies by themselves"))

SWITCH = "amends_by_itself"
DAYS = 3  # how far back a miss is looked for; the house was hardly down for longer
MOST, MOST_RUNS = 100, 5000
STATE_NAMES: dict[str, str] = {
    "drafted": N_("Apology waits to be sent"),
    "sent": N_("Apology sent"),
    "dropped": N_("No apology"),
}


@dataclass(eq=False)
class UnknownAmends(Refusal):
    message = N_("This apology has been sent or set aside already. Please reload the page.")


@dataclass(eq=False)
class NothingToPay(Refusal):
    message = N_("Nothing is to be paid here, or it has been paid already. Please reload the page.")


@dataclass(frozen=True)
class Owed:
    """One missed promise and what is owed for it. `due_at` was promised, `met_at` is when she was answered (None: not
    yet). `offer` is "nothing", "entitlement" (one more of `gift`) or "refund" (`refund_fen`; `paid_fen` once the cashier
    has recorded it); `line` says it as it stands in her thread below the words. `to_pay_fen` is what the cashier still pays:
    what was promised, at most what is left of her price, 0 where nothing is to be paid."""

    amends_id: int
    case_id: int
    code: str
    patient_id: int
    patient: str
    enrolment_id: int
    kind: str
    state: str
    words: str
    offer: str
    gift: str
    line: str
    refund_fen: int
    paid_fen: int
    to_pay_fen: int
    due_at: datetime
    met_at: datetime | None
    by: str


# --- questions --------------------------------------------------------------------------------------


@question("reply.read")
def drafts(look: Look) -> list[Owed]:
    """The apologies that wait to be sent, the oldest first; in quiet care nobody writes to her, so hers are not among
    them."""
    return _owed(look, and_(AmendsRow.state == "drafted", PatientRow.silenced_at.is_(None)))


@question("enrolment.write")
def to_pay(look: Look) -> list[Owed]:
    """The refunds promised with an apology and not paid yet, the oldest first; without those of a package that is paid
    back whole already."""
    return _owed(look, _unpaid())


@question("patient.read")
def amends_of(look: Look, *, patient_id: int) -> list[Owed]:
    """What was owed to one patient for missed promises, in the order it happened."""
    return _owed(look, AmendsRow.patient_id == patient_id)


@question("house.read")
def by_itself(look: Look) -> bool:
    """Whether apologies are sent without anybody's click."""
    return _by_itself(look)


def waiting(look: Look) -> list[int]:
    """The clocks that ran out and for which the package owes something that is not drafted yet."""
    return _waiting(look)[:MOST]


def _waiting(look: Look, run_id: int | None = None) -> list[int]:
    late = or_(PromiseRunRow.met_at.is_(None), PromiseRunRow.met_at > PromiseRunRow.due_at)
    gone = or_(PromiseRunRow.ended_at.is_(None), PromiseRunRow.ended_at > PromiseRunRow.due_at)
    one = [PromiseRunRow.id == run_id] if run_id is not None else []
    # Promises of three days: those for which nothing is owed are left out below, so they take no place of the others.
    rows = look.session.execute(
        select(PromiseRunRow.id, PromiseRunRow.kind, CaseRow.enrolment_id)
        .join(CaseRow, CaseRow.id == PromiseRunRow.case_id)
        .join(PatientRow, PatientRow.id == CaseRow.patient_id)
        .outerjoin(AmendsRow, AmendsRow.run_id == PromiseRunRow.id)
        .where(
            PromiseRunRow.due_at.between(look.now - timedelta(days=DAYS), look.now), late, gone,
            AmendsRow.id.is_(None), PatientRow.silenced_at.is_(None), PatientRow.erased_at.is_(None), *one,
        )
        .order_by(PromiseRunRow.due_at)
        .limit(MOST_RUNS)
    ).all()  # fmt: skip
    if not rows:
        return []
    terms = terms_of(look, {enrolment_id for _run, _kind, enrolment_id in rows})
    return [run for run, kind, enrolment_id in rows if rule_for(terms[enrolment_id], kind) is not None]


def rule_for(document: PackageDocument, kind: str) -> Amends | None:
    """What a package owes when a promise of a kind was missed."""
    return next((one for one in document.amends if one.kind == kind), None)


# --- deeds ------------------------------------------------------------------------------------------


@deed("reply.write")
def draft(stamp: Stamp, *, run_id: int) -> int:
    """Write what is owed for a clock that ran out, once, and send it at once where the department chose so. Returns the
    number of the row, 0 where nothing is owed or it is written already. Done by the house itself."""
    run = stamp.session.get(PromiseRunRow, run_id)
    case = stamp.session.get(CaseRow, run.case_id) if run is not None else None
    if run is None or case is None or run_id not in _waiting(stamp, run_id):
        return 0
    patient = get_patient(stamp, case.patient_id, speaking=True)
    course = course_of(stamp, case.enrolment_id)
    rule = rule_for(course.terms, run.kind)
    if rule is None:
        return 0
    # Newer rules may offer what her version does not include: of that nobody can give her one more.
    gift = rule.entitlement if rule.offer == "entitlement" and _gift(course.sold, rule.entitlement) else None
    offer = "nothing" if rule.offer == "entitlement" and gift is None else rule.offer
    if not insert_once(
        stamp, AmendsRow, run_id=run_id, case_id=case.id, enrolment_id=case.enrolment_id, patient_id=case.patient_id,
        kind=run.kind, state="drafted", words=filled(rule.apology, {"name": patient.name}), offer=offer,
        entitlement=gift,
        refund_fen=rule.refund_fen if rule.offer == "refund" else 0, created_at=stamp.now, reason="",
    ):  # fmt: skip
        return 0
    row = stamp.session.scalars(select(AmendsRow).where(AmendsRow.run_id == run_id)).one()
    stamp.audit(DRAFTED, ("amends", row.id), after={"patient_id": row.patient_id, "code": case.code})
    if _by_itself(stamp):
        _send(stamp, row, course, row.words)
    return row.id


@deed("reply.write")
def send(stamp: Stamp, *, amends_id: int, words: str) -> int:
    """Send an apology in these words, with what goes with it, into her thread; returns the post's number. Refuses one
    that is sent or set aside, empty or too long words, and a patient in quiet care."""
    row = _held(stamp, amends_id, "drafted", UnknownAmends())
    get_patient(stamp, row.patient_id, speaking=True)
    return _send(stamp, row, course_of(stamp, row.enrolment_id), words)


@deed("reply.write")
def drop(stamp: Stamp, *, amends_id: int, reason: str) -> None:
    """Set an apology aside, such as one already spoken on the telephone. Refuses no reason."""
    reason = reasons.given(reason)
    row = _held(stamp, amends_id, "drafted", UnknownAmends())
    row.state, row.reason, row.decided_at, row.decided_by = "dropped", reason, stamp.now, stamp.staff_id
    stamp.audit(DROPPED, ("amends", amends_id), after={"patient_id": row.patient_id, "reason": reason})


@deed("enrolment.write")
def pay(stamp: Stamp, *, amends_id: int) -> int:
    """Record that the promised refund was paid: what was promised, at most what is left of what she paid. Returns the
    number of the refund's row. Refuses `NothingToPay`."""
    row = _held(stamp, amends_id, "sent", NothingToPay())
    enrolment = get_enrolment(stamp, row.enrolment_id)
    fen = _still(row, enrolment.amount_fen - enrolment.refund_fen)
    if not fen:
        raise NothingToPay
    refund: RefundRow = book(
        stamp, enrolment, fen, known_fen=enrolment.refund_fen, cause="missed_promise", rule_fen=fen, amends=True,
        rule_from="sold",
    )  # fmt: skip
    row.refund_id = refund.id
    after = {"patient_id": row.patient_id, "refund_fen": fen}
    stamp.audit(PAID, ("amends", amends_id), after=after)
    return refund.id


@deed("settings.write")
def send_by_itself(stamp: Stamp, *, on: bool) -> None:
    """Let apologies be sent without anybody's click, or wait for one."""
    before = _by_itself(stamp)
    switch(stamp, SWITCH, on)
    stamp.audit(SWITCHED, ("house", None), {"on": before}, {"on": on})


# --- inner ------------------------------------------------------------------------------------------


def _by_itself(look: Look) -> bool:
    return bool(switched(look, SWITCH))


def _held(stamp: Stamp, amends_id: int, state: str, refusal: Refusal) -> AmendsRow:
    """The row, of a patient still on file, in this state."""
    patient_id = stamp.session.scalar(select(AmendsRow.patient_id).where(AmendsRow.id == amends_id))
    if patient_id is None:
        raise refusal
    get_patient(stamp, patient_id)
    row = stamp.session.get(AmendsRow, amends_id, populate_existing=True)
    if row is None or row.state != state:
        raise refusal
    return row


def _send(stamp: Stamp, row: AmendsRow, course: Course, words: str) -> int:
    words = words.strip()
    if not words:
        raise WordsMissing
    line = _offered(row, course.sold)
    said = f"{words}\n{line}" if line else words
    if len(said) > LONGEST:
        raise WordsTooLong
    written = post(stamp, course, author_of(stamp), said, row.case_id)
    if row.offer == "entitlement" and row.entitlement is not None:
        row.mark_id = give(stamp, row.enrolment_id, row.entitlement, "").id
    row.state, row.words, row.post_id = "sent", words, written.id
    row.decided_at, row.decided_by = stamp.now, stamp.staff_id
    stamp.audit(SENT, ("amends", row.id), after={"patient_id": row.patient_id, "words": words})
    return written.id


def _offered(row: AmendsRow, sold: PackageDocument) -> str:
    """What goes with the apology, as a line of its own in the language of what she bought."""
    words = translator(sold.language)
    if row.offer == "entitlement":
        return words(N_("We add one more: {name}."), name=_gift(sold, row.entitlement))
    if row.offer == "refund":
        return words(N_("We pay {amount} back to you."), amount=money_text(row.refund_fen, sold.language))
    return ""


def _gift(document: PackageDocument, code: str | None) -> str:
    return next((one.name for one in document.entitlements if one.code == code), "")


def _unpaid() -> ColumnElement[bool]:
    return and_(
        AmendsRow.state == "sent", AmendsRow.offer == "refund", AmendsRow.refund_id.is_(None),
        EnrolmentRow.amount_fen > EnrolmentRow.refund_fen,
    )  # fmt: skip


def _still(row: AmendsRow, left_fen: int) -> int:
    """What is still to be paid for a row, `left_fen` being what is left of her price."""
    if row.state != "sent" or row.offer != "refund" or row.refund_id is not None:
        return 0
    return min(row.refund_fen, max(0, left_fen))


def _owed(look: Look, which: ColumnElement[bool]) -> list[Owed]:
    rows = look.session.execute(
        select(
            AmendsRow, CaseRow.code, PatientRow.name, PromiseRunRow.due_at, PromiseRunRow.met_at, StaffRow.name,
            EnrolmentRow.amount_fen - EnrolmentRow.refund_fen, RefundRow.amount_fen,
        )
        .join(CaseRow, CaseRow.id == AmendsRow.case_id)
        .join(PatientRow, PatientRow.id == AmendsRow.patient_id)
        .join(PromiseRunRow, PromiseRunRow.id == AmendsRow.run_id)
        .join(EnrolmentRow, EnrolmentRow.id == AmendsRow.enrolment_id)
        .outerjoin(StaffRow, StaffRow.id == AmendsRow.decided_by)
        .outerjoin(RefundRow, RefundRow.id == AmendsRow.refund_id)
        .where(which, PatientRow.erased_at.is_(None))
        .order_by(AmendsRow.id)
        .limit(MOST)
    ).all()  # fmt: skip
    sold = _sold(look, {row.enrolment_id for row, *_ in rows})
    return [
        Owed(
            row.id, row.case_id, code, row.patient_id, name, row.enrolment_id, row.kind, row.state, row.words,
            row.offer, _gift(sold[row.enrolment_id], row.entitlement), _offered(row, sold[row.enrolment_id]),
            row.refund_fen, paid or 0, _still(row, left), due, met, by or "",
        )
        for row, code, name, due, met, by, left, paid in rows
    ]  # fmt: skip


def _sold(look: Look, enrolment_ids: set[int]) -> dict[int, PackageDocument]:
    rows = look.session.execute(
        select(EnrolmentRow.id, EnrolmentRow.version_id, PackageVersionRow.published_at)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(EnrolmentRow.id.in_(sorted(enrolment_ids)))
    )
    return {number: pinned(look.session, version, published) for number, version, published in rows}

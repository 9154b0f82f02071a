"""What a refund is by the written rule, and the deeds that pay it: reckoned line by line, another amount only with a
reason.

The rule is that of the version she bought, as fields of it, or as a manager entered them once for a version sold before
such fields existed (`core.settlement.refund_rules_entered`). Without either there is only the text, and each amount
needs its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.care.plan.ending import end
from core.care.sale.courses import active, get_enrolment
from core.care.sale.refunds import book
from core.care.tables import EnrolmentRow, TaskRow
from core.dialogue.course import course_of
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.refund_rules import CAUSE_NAMES, Course, Reckoning, RefundRule, Used, reckon
from core.packages.versions import pinned
from core.people.patients import get_patient
from core.settlement.entitlements import rights_of
from core.settlement.tables import RefundRuleRow

CANCELLED = declare("enrolment.cancelled", N_("Package cancelled"), ("reason",))
REFUNDED = declare("enrolment.refunded", N_("Refund paid"), ("reason",))


@dataclass(eq=False)
class NothingToRefund(Refusal):
    message = N_("A package that goes on is refunded by cancelling it.")


@dataclass(eq=False)
class CauseMissing(Refusal):
    message = N_("Please choose why it is paid back: the rule depends on it.")
    field = "cause"


@dataclass(eq=False)
class DiffersFromRule(Refusal):
    rule_fen: int
    message = N_(
        "By the rule it is another amount. Please say why, in a few words; it is shown in supervision."
    )
    field = "reason"


@dataclass(eq=False)
class NoRuleNeedsReason(Refusal):
    message = N_(
        "This version has its refund terms in words only. Please say how the amount follows from them."
    )
    field = "reason"


@dataclass(frozen=True)
class Proposal:
    """What may be paid back now. `terms` are the written ones; `rule_from` says where the fields come from: "sold" with
    the version, "entered" by a manager for it, "" where there are none, and then `reckoning` is None."""

    enrolment_id: int
    paid_fen: int
    returned_fen: int
    terms: str
    rule_from: str
    reckoning: Reckoning | None

    @property
    def left_fen(self) -> int:
        return self.paid_fen - self.returned_fen


@question("enrolment.write")
def proposal(look: Look, *, enrolment_id: int, cause: str) -> Proposal:
    """What the rule gives today for a cause (a key of `refund_rules.CAUSE_NAMES`), of a course that goes on; of one that
    has ended, what it gave on its last day."""
    return proposal_of(look, course_row(look, enrolment_id), cause)


@deed("enrolment.write")
def cancel_and_refund(
    stamp: Stamp, *, enrolment_id: int, cause: str, refund_fen: int, reason: str = ""
) -> int:
    """End a running package and record what is paid back (fen); returns the number of the refund's row.

    Refuses `CauseMissing`; another amount than the rule's without a reason (`DiffersFromRule`, `NoRuleNeedsReason`); less
    than nothing or more than was paid and not paid back; an ended enrolment.
    """
    reason = reasons.remark(reason)
    row = active(stamp, enrolment_id)
    booked = _pay(stamp, row, cause, refund_fen, reason, known_fen=row.refund_fen)
    end(stamp, row, "cancelled", booked.reason)
    after = {"status": "cancelled", "reason": booked.reason, "refund_fen": refund_fen, "cause": cause}
    stamp.audit(CANCELLED, ("enrolment", enrolment_id), {"status": "active"}, after | booked.beside)
    return booked.number


@deed("enrolment.write")
def record_refund(
    stamp: Stamp, *, enrolment_id: int, cause: str, refund_fen: int, reason: str = "", known_fen: int = 0
) -> int:
    """Record a refund of a package that has ended already, such as one proposed in quiet care; returns the number of its
    row. `known_fen` is what was paid back before, as whoever asks has seen it. Refuses as `cancel_and_refund`, a running
    package, and a refund that a colleague recorded meanwhile."""
    reason = reasons.remark(reason)
    get_patient(stamp, course_row(stamp, enrolment_id).patient_id, held=True)
    row = get_enrolment(stamp, enrolment_id)
    if row.status == "active":
        raise NothingToRefund
    booked = _pay(stamp, row, cause, refund_fen, reason, known_fen=known_fen)
    stamp.touch(row.enrolled_on)
    after = {"refund_fen": refund_fen, "reason": booked.reason, "cause": cause}
    stamp.audit(REFUNDED, ("enrolment", enrolment_id), {"refund_fen": known_fen}, after | booked.beside)
    return booked.number


# --- for other modules of this room ---------------------------------------------------------------


def course_row(look: Look, enrolment_id: int) -> EnrolmentRow:
    """The row of an enrolment; refuses an unknown one."""
    course_of(look, enrolment_id)
    return look.session.get_one(EnrolmentRow, enrolment_id)


def proposal_of(look: Look, row: EnrolmentRow, cause: str) -> Proposal:
    document = pinned(look.session, row.version_id)
    rule, rule_from = rule_of(look, row.version_id, document)
    found = reckon(rule, _course(look, row, document, rule), cause) if rule is not None else None
    return Proposal(row.id, row.amount_fen, row.refund_fen, document.refund_terms, rule_from, found)


def rule_of(look: Look, version_id: int, document: PackageDocument) -> tuple[RefundRule | None, str]:
    """The rule of a version and where it comes from: "sold", "entered" or "" for none. What costs nothing needs none."""
    if document.refund is not None:
        return document.refund, "sold"
    entered = look.session.get(RefundRuleRow, version_id)
    if entered is not None:
        return RefundRule.model_validate(entered.rule), "entered"
    return None, ""


# --- inner ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Booked:
    number: int
    reason: str
    beside: dict[str, int | str | None]


def _pay(
    stamp: Stamp, row: EnrolmentRow, cause: str, refund_fen: int, reason: str, *, known_fen: int
) -> _Booked:
    if cause not in CAUSE_NAMES:
        raise CauseMissing
    found = proposal_of(stamp, row, cause)
    reckoning = found.reckoning
    if row.amount_fen and not reason:
        if reckoning is None:
            raise NoRuleNeedsReason
        if refund_fen != reckoning.fen:
            raise DiffersFromRule(reckoning.fen)
    new = book(
        stamp, row, refund_fen, known_fen=known_fen, cause=cause, reason=reason,
        rule_fen=None if reckoning is None else reckoning.fen, rule_from=found.rule_from,
        lines=None if reckoning is None else [line.kept() for line in reckoning.lines],
    )  # fmt: skip
    beside: dict[str, int | str | None] = {} if reckoning is None else {"rule_fen": reckoning.fen}
    return _Booked(new.id, reason, beside)


def _course(look: Look, row: EnrolmentRow, document: PackageDocument, rule: RefundRule) -> Course:
    day = row.ended_on or look.today
    tasks = look.session.execute(
        select(TaskRow.code, TaskRow.state, TaskRow.opens_on).where(
            TaskRow.enrolment_id == row.id, TaskRow.state != "not_applicable"
        )
    ).all()
    done = {code for code, state, _opens in tasks if state == "done"}
    needs_uses = rule.deduct_used or rule.full_unused
    used = rights_of(look, course_of(look, row.id)) if needs_uses else ()
    return Course(
        day=day,
        enrolled_on=row.enrolled_on,
        anchor_date=row.anchor_date,
        paid_fen=row.amount_fen,
        returned_fen=row.refund_fen,
        planned=len(tasks),
        # What was called off with the course had not opened either.
        unopened=sum(state in ("planned", "cancelled") and opens > day for _code, state, opens in tasks),
        done=frozenset(done | {document.task(code).code for code in done if document.knows(code)}),
        used=tuple(Used(right.name, right.used, right.value_fen) for right in used),
    )

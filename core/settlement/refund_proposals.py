"""What a refund is by the written rule, reckoned line by line, before anything is paid.

The rule is that of the version she bought, as fields of it, or as a manager entered them once for a version sold before
such fields existed (`core.settlement.refund_rules_entered`). Without either there is only the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, literal, select, tuple_

from core.care.listening import SERVICE_WITHDRAWN
from core.care.sale.refund_rows import amends_paid
from core.care.tables import CourseEndingRow, EnrolmentRow, GentleStopRow, RefundRow, TaskRow
from core.dialogue.course import NoRunningCourse, course_of
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.foundation.open_types import Value
from core.packages.document import PackageDocument
from core.packages.refund_rules import Course, Reckoning, RefundRule, Used, reckon
from core.packages.versions import pinned
from core.people.tables import PatientRow, StaffRow
from core.settlement.entitlements import rights_of
from core.settlement.tables import RefundRuleRow

WITHDRAWN = "wish"  # the cause of a refund after she withdrew her consent
# What a gentle stop is for the rule; for another reason somebody chooses, and until then it is her own wish.
CAUSE_OF_STOP = {
    "loss": "loss", "death": "death", "transfer": "transfer", "complaint": "complaint",
}  # fmt: skip
MOST_DUE = 50  # named at once; when some are settled, the next follow


@dataclass(frozen=True)
class Found:
    """The rule of a version and where it comes from: `source` "sold" with the version, "entered" by a manager (`by`, on
    `entered_on`), "" for none."""

    rule: RefundRule | None = None
    source: str = ""
    by: str = ""
    entered_on: date | None = None


@dataclass(frozen=True)
class Proposal:
    """What may be paid back now, in fen. `terms` are the written ones; without a rule `reckoning` is None."""

    enrolment_id: int
    package_id: int
    package: str
    cause: str
    paid_fen: int
    returned_fen: int
    terms: str
    found: Found
    reckoning: Reckoning | None

    @property
    def left_fen(self) -> int:
        return self.paid_fen - self.returned_fen

    @property
    def fen(self) -> int:
        """What is proposed: by the rule, else all that is left."""
        return self.left_fen if self.reckoning is None else self.reckoning.fen


@dataclass(frozen=True)
class Due:
    """A refund that nobody has recorded yet, and whose it is."""

    patient_id: int
    patient_name: str
    proposal: Proposal


@question("enrolment.write")
def proposal(look: Look, *, enrolment_id: int, cause: str) -> Proposal:
    """What the rule gives today for a cause (a key of `refund_rules.CAUSE_NAMES`), of a course that goes on; of one that
    has ended, what it gave on its last day."""
    return proposal_of(look, course_row(look, enrolment_id), cause)


@question("patient.read")
def proposed_in_quiet(look: Look, *, patient_ids: list[int]) -> dict[int, list[Proposal]]:
    """By patient: what the rule gives for each package that her gentle stop in force has ended, where a refund was
    proposed and none was paid since."""
    rows = look.session.execute(
        select(GentleStopRow.patient_id, GentleStopRow.kind, GentleStopRow.at, GentleStopRow.took).where(
            GentleStopRow.patient_id.in_(patient_ids),
            GentleStopRow.lifted_at.is_(None),
            GentleStopRow.refund_proposed,
        )
    ).all()
    stops: dict[int, tuple[str, datetime]] = {
        number: (kind, at) for _who, kind, at, took in rows for number in took["enrolments"]
    }
    last = (
        select(RefundRow.enrolment_id, func.max(RefundRow.at).label("at"))
        .where(RefundRow.enrolment_id.in_(stops), RefundRow.amends.is_(False))
        .group_by(RefundRow.enrolment_id)
        .subquery()
    )
    courses = look.session.execute(
        select(EnrolmentRow, last.c.at)
        .outerjoin(last, last.c.enrolment_id == EnrolmentRow.id)
        .where(EnrolmentRow.id.in_(stops), EnrolmentRow.status != "active")
        .order_by(EnrolmentRow.id)
    ).all()
    wanted = [
        (row, CAUSE_OF_STOP.get(stops[row.id][0], "wish"))
        for row, paid_at in courses
        # A refund that was taken back leaves the course without a day of one.
        if row.refunded_on is None or paid_at is None or paid_at < stops[row.id][1]
    ]
    by_patient: dict[int, list[Proposal]] = defaultdict(list)
    for (row, _cause), one in zip(wanted, proposals_of(look, wanted), strict=True):
        if one.fen:
            by_patient[row.patient_id].append(one)
    return dict(by_patient)


@question("enrolment.write")
def due_after_withdrawal(look: Look) -> list[Due]:
    """What is to be paid back for packages that ended because the consent to the service was withdrawn, the oldest first,
    at most `MOST_DUE`. One that was refunded since, or set aside by a refund of nothing, is settled; where the rule gives
    nothing, nothing is due, and it takes nobody's place."""
    due: list[Due] = []
    last: tuple[date, int] | None = None
    while len(due) < MOST_DUE:
        found = _withdrawn_after(look, last)
        proposals = proposals_of(look, [(row, WITHDRAWN) for row, _name in found])
        due += [
            Due(row.patient_id, name, one)
            for (row, name), one in zip(found, proposals, strict=True)
            if one.fen
        ]
        if len(found) < MOST_DUE:
            break
        last = found[-1][0].ended_on, found[-1][0].id
    return due[:MOST_DUE]


# --- for other modules of this room ---------------------------------------------------------------


def course_row(look: Look, enrolment_id: int) -> EnrolmentRow:
    """The row of an enrolment; refuses an unknown one."""
    row = look.session.get(EnrolmentRow, enrolment_id)
    if row is None:
        raise NoRunningCourse
    return row


def proposal_of(look: Look, row: EnrolmentRow, cause: str) -> Proposal:
    """`proposal` of a row that is read already."""
    return proposals_of(look, [(row, cause)])[0]


def proposals_of(look: Look, wanted: Sequence[tuple[EnrolmentRow, str]]) -> list[Proposal]:
    """A proposal for each course with its cause, in their order; as many queries for ten as for one, but for rules that
    ask what was used."""
    documents = {
        number: pinned(look.session, number) for number in {row.version_id for row, _cause in wanted}
    }
    rules = rules_of(look, documents)
    asked = [row.id for row, _cause in wanted if rules[row.version_id].rule]
    tasks, compensated = _tasks_of(look, asked), amends_paid(look, asked)
    proposals = []
    for row, cause in wanted:
        document, found = documents[row.version_id], rules[row.version_id]
        reckoning = None
        if found.rule is not None:
            course = _course(
                look, row, document, found.rule, cause, tasks[row.id], compensated.get(row.id, 0)
            )
            reckoning = reckon(found.rule, course, cause)
        proposals.append(
            Proposal(
                row.id, row.package_id, document.name, cause, row.amount_fen, row.refund_fen,
                document.refund_terms, found, reckoning,
            )
        )  # fmt: skip
    return proposals


def rules_of(look: Look, documents: dict[int, PackageDocument]) -> dict[int, Found]:
    """The rule of each version by its number."""
    entered = look.session.execute(
        select(RefundRuleRow, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == RefundRuleRow.staff_id)
        .where(RefundRuleRow.version_id.in_(documents))
    ).all()
    later = {
        row.version_id: Found(
            RefundRule.model_validate(row.rule), "entered", name or "", day_of(row.at, look.zone)
        )
        for row, name in entered
    }
    return {
        number: Found(document.refund, "sold") if document.refund is not None else later.get(number, Found())
        for number, document in documents.items()
    }


# --- inner ----------------------------------------------------------------------------------------


def _withdrawn_after(look: Look, last: tuple[date, int] | None) -> list[Value]:
    """The next `MOST_DUE` courses, with her name, behind the day and number of the `last`."""
    ending = (
        select(func.max(CourseEndingRow.at))
        .where(CourseEndingRow.enrolment_id == EnrolmentRow.id)
        .correlate(EnrolmentRow)
        .scalar_subquery()
    )
    settled = exists().where(
        RefundRow.enrolment_id == EnrolmentRow.id, RefundRow.amends.is_(False), RefundRow.at >= ending
    )
    query = (
        select(EnrolmentRow, PatientRow.name)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .where(
            EnrolmentRow.status == "cancelled",
            EnrolmentRow.end_reason == SERVICE_WITHDRAWN,
            EnrolmentRow.amount_fen > EnrolmentRow.refund_fen,
            ~settled,
        )
        .order_by(EnrolmentRow.ended_on, EnrolmentRow.id)
        .limit(MOST_DUE)
    )
    if last is not None:
        query = query.where(tuple_(EnrolmentRow.ended_on, EnrolmentRow.id) > tuple_(*map(literal, last)))
    return list(look.session.execute(query).all())


def _tasks_of(look: Look, enrolment_ids: list[int]) -> dict[int, list[Value]]:
    tasks: dict[int, list[Value]] = defaultdict(list)
    query = select(TaskRow.enrolment_id, TaskRow.code, TaskRow.state, TaskRow.opens_on).where(
        TaskRow.enrolment_id.in_(enrolment_ids), TaskRow.state != "not_applicable"
    )
    for row in look.session.execute(query):
        tasks[row.enrolment_id].append(row)
    return tasks


def _course(
    look: Look,
    row: EnrolmentRow,
    document: PackageDocument,
    rule: RefundRule,
    cause: str,
    tasks: list[Value],
    amends_fen: int,
) -> Course:
    day = row.ended_on or look.today
    done = {task.code for task in tasks if task.state == "done"}
    past = done | {task.code for task in tasks if task.state == "excused"}
    asks_uses = cause not in rule.full_for and (rule.deduct_used or rule.full_while == "unused")
    used = rights_of(look, course_of(look, row.id)) if asks_uses else ()
    return Course(
        day=day,
        enrolled_on=row.enrolled_on,
        anchor_date=row.anchor_date,
        paid_fen=row.amount_fen,
        returned_fen=row.refund_fen - amends_fen,
        amends_fen=amends_fen,
        planned=len(tasks),
        # What was called off with the course had not opened either.
        unopened=sum(task.state in ("planned", "cancelled") and task.opens_on > day for task in tasks),
        done=frozenset(done | {document.task(code).code for code in done if document.knows(code)}),
        past=frozenset(past | {document.task(code).code for code in past if document.knows(code)}),
        used=tuple(Used(right.name, right.used, right.value_fen) for right in used),
    )

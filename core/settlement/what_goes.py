"""What ends with a package, named before somebody ends it: tasks called off, visits cancelled; and what stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core.care.sale.reopening import reopenable_until
from core.care.tables import AppointmentRow, TaskRow
from core.dialogue.tables import CaseRow
from core.foundation.doors import Look, question
from core.settlement.refund_proposals import course_row

NAMED = 5  # visits that are named one by one


@dataclass(frozen=True)
class WhatGoes:
    """`tasks` still planned that are called off; `visits` booked for them, of which the first `NAMED` stand in `next`.
    `cases`: questions, films and alerts of hers that stay with the team until somebody closes them. `back_until` is the
    last day on which it can be reopened."""

    tasks: int
    visits: int
    next: tuple[datetime, ...]
    cases: int
    back_until: date


@question("enrolment.write")
def what_goes(look: Look, *, enrolment_id: int) -> WhatGoes:
    """What ending a running package today takes (`core.care.plan.ending.end`), and what it leaves."""
    row = course_row(look, enrolment_id)
    session = look.session
    hers = TaskRow.enrolment_id == enrolment_id
    tasks = session.scalar(
        select(func.count()).where(hers, TaskRow.state == "planned", TaskRow.closes_on >= look.today)
    )
    booked = (
        AppointmentRow.task_id.in_(select(TaskRow.id).where(hers)),
        AppointmentRow.state == "booked",
    )
    visits = session.scalar(select(func.count()).where(*booked))
    following = session.scalars(
        select(AppointmentRow.at).where(*booked).order_by(AppointmentRow.at).limit(NAMED)
    )
    cases = session.scalar(
        select(func.count()).where(
            CaseRow.enrolment_id == enrolment_id, CaseRow.state.in_(("open", "answered"))
        )
    )
    return WhatGoes(tasks or 0, visits or 0, tuple(following), cases or 0, reopenable_until(row, look.today))

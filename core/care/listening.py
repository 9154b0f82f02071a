"""What care holds of a person, and how it is erased: words go, dates of delivery and sums of money stay.

Growth measurements go entirely: without the person they count nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, null, select, update

from core.care.plan.ending import CANCELLED, call_off_visits, end
from core.care.tables import (
    AppointmentRow,
    CourseEndingRow,
    EnrolmentRow,
    GentleStopRow,
    GrowthMeasurementRow,
    OfferRow,
    RefundRow,
    SurveyAnswerRow,
    TaskRow,
)
from core.care.work.appointments import move_to_zone
from core.department.profile import on_zone_changed
from core.foundation.doors import Look, Stamp
from core.foundation.errors import Refusal
from core.foundation.language import N_, plural
from core.people.consents import on_asked, on_withdrawn
from core.people.erasure import Subject, on_erasure


@dataclass(eq=False)
class StillActive(Refusal):
    message = N_("This patient still has an active package. Complete or cancel it before erasing her data.")


on_zone_changed(move_to_zone)

# As it is kept with a course that ended by it; said to the patient where she withdraws it.
SERVICE_WITHDRAWN = N_("The consent to the service was withdrawn")


@on_asked
def package_depends(look: Look, patient_id: int, purpose: str, given: bool, language: str) -> list[str]:
    """Her running packages end with the consent to the service."""
    if purpose != "service" or not given:
        return []
    running = select(func.count()).where(
        EnrolmentRow.patient_id == patient_id, EnrolmentRow.status == "active"
    )
    found = look.session.scalar(running) or 0
    said = plural(
        language,
        "{n} running package ends today, with its tasks, visits and reminders; what is paid back follows its terms.",
        "{n} running packages end today, with their tasks, visits and reminders; what is paid back follows their terms.",
        found,
    )
    return [said] if found else []


@on_withdrawn
def end_without_consent(stamp: Stamp, patient_id: int, purpose: str) -> None:
    """Without her consent to the service nothing may be delivered any more: her running packages end at once, tasks,
    visits and messages with them. Money moves only by deeds of its own; a withdrawal by mistake is taken back by
    giving the consent again and reopening the course."""
    if purpose != "service":
        return
    running = select(EnrolmentRow).where(
        EnrolmentRow.patient_id == patient_id, EnrolmentRow.status == "active"
    )
    for row in stamp.session.scalars(running.order_by(EnrolmentRow.id)).all():
        end(stamp, row, "cancelled", SERVICE_WITHDRAWN)
        after = {"status": "cancelled", "reason": SERVICE_WITHDRAWN}
        stamp.audit(CANCELLED, ("enrolment", row.id), {"status": "active"}, after)


@on_erasure
def erase(stamp: Stamp, patient_id: int) -> list[Subject]:
    """Blank every free text care keeps of a patient; refuses while a package is active."""
    session = stamp.session
    enrolments = session.execute(
        select(EnrolmentRow.id, EnrolmentRow.status).where(EnrolmentRow.patient_id == patient_id)
    ).all()
    if any(status == "active" for _id, status in enrolments):
        raise StillActive
    enrolment_ids = [enrolment_id for enrolment_id, _status in enrolments]
    subjects: list[Subject] = [("enrolment", number) for number in enrolment_ids]
    tasks = session.scalars(select(TaskRow.id).where(TaskRow.enrolment_id.in_(enrolment_ids)))
    subjects += [("task", number) for number in tasks]
    for kind, table in (
        ("offer", OfferRow),
        ("appointment", AppointmentRow),
        ("survey_answer", SurveyAnswerRow),
        ("growth_measurement", GrowthMeasurementRow),
    ):
        numbers = session.scalars(select(table.id).where(table.patient_id == patient_id))
        subjects += [(kind, number) for number in numbers]
    # Nobody is expected any more, or a visit without a name would stand in the lists of its day.
    to_come = (AppointmentRow.patient_id == patient_id) & (AppointmentRow.day >= stamp.today)
    stamp.touch(*call_off_visits(stamp, to_come, "").values())
    session.execute(
        update(TaskRow).where(TaskRow.enrolment_id.in_(enrolment_ids)).values(evidence="", reason="")
    )
    # The anchor may be her last period: the day of purchase stands in its place, which the sums of money need.
    session.execute(
        update(EnrolmentRow)
        .where(EnrolmentRow.patient_id == patient_id)
        .values(end_reason="", anchor_kind="enrolment", anchor_date=EnrolmentRow.enrolled_on)
    )
    # Why it was paid back tells what happened to her, and the reckoning repeats it.
    session.execute(
        update(RefundRow)
        .where(RefundRow.enrolment_id.in_(enrolment_ids))
        .values(reason="", cause="", lines=null())
    )
    session.execute(
        update(CourseEndingRow)
        .where(CourseEndingRow.enrolment_id.in_(enrolment_ids))
        .values(reopen_reason="")
    )
    session.execute(update(OfferRow).where(OfferRow.patient_id == patient_id).values(reason=""))
    session.execute(update(AppointmentRow).where(AppointmentRow.patient_id == patient_id).values(reason=""))
    session.execute(
        update(SurveyAnswerRow).where(SurveyAnswerRow.patient_id == patient_id).values(comment="")
    )
    session.execute(
        update(GentleStopRow)
        .where(GentleStopRow.patient_id == patient_id)
        .values(note="", call_note="", lift_reason="", kind="other")
    )
    session.execute(delete(GrowthMeasurementRow).where(GrowthMeasurementRow.patient_id == patient_id))
    return subjects

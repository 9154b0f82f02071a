"""The statements behind the patient's journey, the page that is asked for most: compiled once (`Hot`)."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select

from core.care.tables import AppointmentRow, EnrolmentRow, GrowthMeasurementRow, SurveyAnswerRow, TaskRow
from core.department.switches import REWARDS, signed_until
from core.department.tables import LocationRow
from core.foundation.fast.statements import Hot
from core.messages.tables import MessageSendRow
from core.packages.tables import PackageVersionRow
from core.people.tables import PatientRow

MOST_COURSES = 20
_patient = PatientRow.__table__.c
_enrolment = EnrolmentRow.__table__.c
_version = PackageVersionRow.__table__.c
_task = TaskRow.__table__.c
_visit = AppointmentRow.__table__.c
_growth = GrowthMeasurementRow.__table__.c
_answer = SurveyAnswerRow.__table__.c
_place = LocationRow.__table__.c
_send = MessageSendRow.__table__.c

_last_answer = (
    select(func.max(_answer.day)).where(_answer.patient_id == bindparam("patient_id")).scalar_subquery()
)

# Seen as "there are messages"; the messages themselves have a page of their own.
_last_message = (
    select(func.max(_send.id))
    .where(
        _send.patient_id == bindparam("patient_id"),
        _send.state == "sent",
        _send.at >= func.coalesce(_patient.heard_since, _send.at),
    )
    .correlate(PatientRow.__table__)
    .scalar_subquery()
)

# A package that was stopped or taken back is not her journey, but what was used of it can still be read.
_other = EnrolmentRow.__table__.alias("other").c
_ended = (
    select(func.max(_other.id))
    .where(
        _other.patient_id == bindparam("patient_id"),
        or_(_other.status == "stopped", _other.status == "cancelled"),
        _other.at >= func.coalesce(_patient.heard_since, _other.at),
    )
    .correlate(PatientRow.__table__)
    .scalar_subquery()
)

# She and every course of hers, what runs first, then the newest first; a purchase taken back is none.
PERSON = Hot(
    select(
        _patient.name, _patient.language, _patient.silenced_at, _last_answer.label("last_answer"),
        _last_message.label("last_message"), _ended.label("last_ended"), _patient.last_period, _patient.due_date, _patient.heard_since,
        signed_until(REWARDS).label("rewards_until"),
        _enrolment.id, _enrolment.package_id, _enrolment.version_id, _enrolment.status, _enrolment.anchor_kind,
        _enrolment.anchor_date, _enrolment.enrolled_on, _enrolment.expires_on, _enrolment.ended_on,
        _enrolment.badge_target, _enrolment.at.label("sold_at"), _version.published_at,
    )
    .join_from(
        PatientRow.__table__,
        EnrolmentRow.__table__,
        (_enrolment.patient_id == _patient.id) & (_enrolment.status != "cancelled"),
        isouter=True,
    )
    .join(PackageVersionRow.__table__, _version.id == _enrolment.version_id, isouter=True)
    .where(_patient.id == bindparam("patient_id"), _patient.erased_at.is_(None))
    .order_by((_enrolment.status == "active").desc(), _enrolment.id.desc())
    .limit(MOST_COURSES)
)  # fmt: skip

_TASKS = (
    select(
        _task.id, _task.code, _task.state, _task.opens_on, _task.closes_on, _task.done_on,
        _task.counts_for_badge, _visit.at, _task.enrolment_id,
    )
    .join_from(
        TaskRow.__table__,
        AppointmentRow.__table__,
        (_visit.task_id == _task.id) & (_visit.state == "booked"),
        isouter=True,
    )
    .order_by(_task.opens_on, _task.closes_on, _task.code)
)  # fmt: skip
TASKS = Hot(_TASKS.where(_task.enrolment_id == bindparam("enrolment_id")))

PLACES = Hot(
    select(_place.code, _place.name, _place.floor, _place.route, _place.wait_minutes).where(_place.active)
)

GROWTH = Hot(
    select(
        _growth.day, _growth.hc_mm, _growth.ac_mm, _growth.fl_mm, _growth.efw_g, _growth.formula, _growth.at,
    )
    .where(_growth.patient_id == bindparam("patient_id"), _growth.struck_at.is_(None))
    .order_by(_growth.day, _growth.id)
)  # fmt: skip

"""Silence is a sign: whoever says nothing gets a friendly message, then a call; she knows both beforehand.

Counted from the last sign of life (`signs_of_life`), while a course runs whose package asks for it and something was
asked of her since. Both steps fall into the day, never into the night. Any sign of life clears them. One row per
enrolment, sign and step (`silence_steps`), so that nothing happens twice.
Source: two-way texting after an operation, day 3 message, day 4 tracing (JAIDS 2020;83:16).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update

from core.care.tables import EnrolmentRow, TaskRow
from core.dialogue.authors import HOUSE
from core.dialogue.cases import cases
from core.dialogue.cases.thread import post
from core.dialogue.clocks.once_each import insert_once
from core.dialogue.clocks.tables import SilenceStepRow
from core.dialogue.course import course_of, running_course
from core.dialogue.steps.signs_of_life import last_heard
from core.dialogue.tables import CaseRow
from core.dialogue.terms import terms_of
from core.foundation.audit import declare
from core.foundation.clock import day_bounds, day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_, moment_text, translator
from core.foundation.quiet_hours import by_day
from core.packages.message_texts import filled
from core.people.patients import speaking_among
from core.people.tables import PatientRow

STEP_TAKEN = declare("silence.step", N_("Silent patient"))
HEARD = declare("silence.heard", N_("A silent patient was heard of"))

STEP_NAMES: dict[str, str] = {"message": N_("friendly message"), "call": N_("please call")}
MESSAGE = N_(
    "We have not heard from you for a while. How are you? A few words or one tick on this page is enough."
)
ANNOUNCED = N_("If we hear nothing by {moment}, we will call you.")
WHY = N_("No sign of life since {moment}")


@dataclass(frozen=True)
class Quiet:
    """Where a course stands: `since` its last sign of life (or its beginning), the instants of the message and of the
    call, which of the two were taken since, and whether anything was asked of her since (before that nobody is silent)."""

    enrolment_id: int
    patient_id: int
    since: datetime
    message_at: datetime
    call_at: datetime
    taken: frozenset[str]
    asked: bool

    def due(self, now: datetime) -> str:
        """ "call", "message", or "" for nothing. A message that comes with the call has lost its sense."""
        if not self.asked:
            return ""
        if now >= self.call_at:
            return "" if "call" in self.taken else "call"
        return "message" if now >= self.message_at and "message" not in self.taken else ""


@dataclass(frozen=True)
class Announced:
    """What her page says beforehand: we call at `by` if we hear nothing; `calling` once we mean to call."""

    by: datetime
    calling: bool


@deed("reply.write")
def look(stamp: Stamp, *, enrolment_id: int) -> str:
    """Withdraw the call of a course where she was heard of, or else take the step that is due; returns "heard", "call",
    "message" or "". Done by the house itself; a silenced patient is passed over."""
    patient_id = stamp.session.scalar(select(EnrolmentRow.patient_id).where(EnrolmentRow.id == enrolment_id))
    if patient_id is None or not speaking_among(stamp, {patient_id}):
        return ""
    about, known = ("enrolment", enrolment_id), {"patient_id": patient_id}
    if _clear(stamp, enrolment_id):
        stamp.audit(HEARD, about, after=known)
        return "heard"
    quiet = next(iter(_standing(stamp, [enrolment_id])), None)
    step = _take(stamp, quiet) if quiet else ""
    if step:
        stamp.audit(STEP_TAKEN, about, after={**known, "step": step})
    return step


@question("patient.self")
def next_for(look: Look) -> Announced | None:
    """When we will call the asking patient if we hear nothing of her; None where her course does not ask for it."""
    course = running_course(look, int(look.actor.id or 0), lambda one: one.terms.silence is not None)
    if course is None or course.terms.silence is None:
        return None
    found = next(iter(_standing(look, [course.enrolment_id])), None)
    return Announced(found.call_at, "call" in found.taken) if found else None


# --- for other modules ------------------------------------------------------------------------------


def waiting(look: Look) -> list[int]:
    """The courses in which something is to be done: asked before written."""
    running = list(
        look.session.scalars(
            select(EnrolmentRow.id)
            .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
            .where(EnrolmentRow.status == "active", PatientRow.silenced_at.is_(None))
        )
    )
    due = {one.enrolment_id for one in _standing(look, running) if one.due(look.now)}
    return sorted({*due, *heard_again(look)})


def heard_again(look: Look) -> list[int]:
    """The courses whose silence case waits although she was heard of since; cheap while there is none."""
    rows = _waiting_cases(look)
    heard = last_heard(look, {one.enrolment_id for one in rows})
    return sorted({one.enrolment_id for one in rows if _is_later(heard.get(one.enrolment_id), one)})


# --- inner ------------------------------------------------------------------------------------------


def _standing(look: Look, enrolment_ids: Collection[int]) -> list[Quiet]:
    """Where these courses stand, those whose package does not ask after her or has nothing to ask of her any more left out."""
    silences = {
        number: terms.silence for number, terms in terms_of(look, enrolment_ids).items() if terms.silence
    }
    if not silences:
        return []
    heard = last_heard(look, silences)
    steps: dict[tuple[int, datetime], set[str]] = {}
    for number, since, step in look.session.execute(
        select(SilenceStepRow.enrolment_id, SilenceStepRow.since, SilenceStepRow.step).where(
            SilenceStepRow.enrolment_id.in_(sorted(silences))
        )
    ):
        steps.setdefault((number, since), set()).add(step)
    opened = case((TaskRow.opens_on <= look.today, TaskRow.opens_on))
    hers = (
        select(TaskRow.enrolment_id, func.max(opened), func.max(TaskRow.opens_on))
        .where(
            TaskRow.enrolment_id.in_(sorted(silences)), TaskRow.role == "patient",
            TaskRow.state.in_(("planned", "done", "excused")),
        )
        .group_by(TaskRow.enrolment_id)
    )  # fmt: skip
    asked = {number: (newest, last) for number, newest, last in look.session.execute(hers)}
    found = []
    for row in look.session.scalars(
        select(EnrolmentRow).where(
            EnrolmentRow.id.in_(sorted(silences)),
            EnrolmentRow.status == "active",
            EnrolmentRow.expires_on >= look.today,
        )
    ):
        begun = max(row.at, day_bounds(row.anchor_date, look.zone)[0])
        since = max(begun, heard.get(row.id, begun))
        newest, last = asked.get(row.id, (None, None))
        # What was asked on the day of the beginning is asked since; what came on the day of her sign she has seen.
        seen = day_of(since, look.zone) - timedelta(days=int(since == begun))
        if last is not None and last > seen:
            terms, taken = silences[row.id], frozenset(steps.get((row.id, since), ()))
            found.append(
                Quiet(
                    row.id, row.patient_id, since,
                    by_day(since + timedelta(hours=terms.message_hours), look.zone),
                    by_day(since + timedelta(hours=terms.call_hours), look.zone),
                    taken, newest is not None and newest > seen,
                )
            )  # fmt: skip
    return found


def _take(stamp: Stamp, quiet: Quiet) -> str:
    """Take the step that is due, unless another process was first; returns which."""
    step = quiet.due(stamp.now)
    row = {"enrolment_id": quiet.enrolment_id, "since": quiet.since, "step": step}
    if not step or not insert_once(stamp, SilenceStepRow, at=stamp.now, **row):
        return ""
    course = course_of(stamp, quiet.enrolment_id)
    if step == "message":
        her = stamp.session.get_one(PatientRow, quiet.patient_id)
        language, _ = her.language, translator(her.language)
        written = (course.terms.silence.message if course.terms.silence else "") or _(MESSAGE)
        said = filled(written, {"name": her.name})
        by = moment_text(quiet.call_at, language, stamp.zone)
        post(stamp, course, HOUSE, f"{said}\n{_(ANNOUNCED, moment=by)}")
        return step
    language = stamp.house.print_language
    since = moment_text(quiet.since, language, stamp.zone)
    opened = cases.open_case(stamp, course, "silence", why=[translator(language)(WHY, moment=since)])
    stamp.session.execute(update(SilenceStepRow).filter_by(**row).values(case_id=opened.id))
    return step


def _clear(stamp: Stamp, enrolment_id: int) -> bool:
    """Withdraw the calls nobody has made yet, where she was heard of since."""
    heard = last_heard(stamp, [enrolment_id]).get(enrolment_id)
    cleared = False
    for one in _waiting_cases(stamp, enrolment_id):
        row = stamp.session.get_one(CaseRow, one.id)
        if row.state == "open" and _is_later(heard, row):
            cases.withdraw(stamp, row, "heard")
            cleared = True
    return cleared


def _waiting_cases(look: Look, enrolment_id: int | None = None) -> list[CaseRow]:
    query = select(CaseRow).where(CaseRow.kind == "silence", CaseRow.state == "open").order_by(CaseRow.id)
    if enrolment_id is not None:
        query = query.where(CaseRow.enrolment_id == enrolment_id)
    return list(look.session.scalars(query))


def _is_later(heard: datetime | None, row: CaseRow) -> bool:
    return heard is not None and heard > row.opened_at

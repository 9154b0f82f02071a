"""What earns points, by the rules of the package version each patient holds.

- A task done inside its window, or a class attended as a task, earns what its pinned document promises, the
  moment it is marked; marked by mistake and undone, the points go back. Praise and sharing earn nothing.
- `award`: a class attended or 30 smoke-free days that no task stands for, recorded by staff on the day.
- `thank_referrer`: only while "referral_points" is signed off. Nobody refers herself, one friend is thanked
  for once, two friends cannot refer each other.

A silenced patient earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core.bank import events
from core.bank.entries import AccountAtRest, resting
from core.bank.ledger import ExpiredMeanwhile, InsufficientPoints, earn, reverse
from core.care.tables import EnrolmentRow
from core.care.work.events import TaskFact
from core.department.switches import is_on, may_promise
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.parts import EarningRule
from core.packages.versions import pinned
from core.people.patients import get_patient
from core.people.tables import PatientRow

AWARDED = declare("points.awarded", N_("Points awarded for a health event"))
THANKED = declare("points.referral", N_("Referrer thanked with points"))

UNDONE_REASON = N_("The task was marked by mistake")
DIRECT_EVENTS = ("class_attended", "smoke_free_30_days")
RUNS = ("active", "completed", "run_out")  # states of an enrolment whose rules still count
# How far back an event may be recorded: long enough for a weekend, too short for filling in a month at once.
LATEST_DAYS = 3
SMOKE_FREE_DAYS = 30


@dataclass(eq=False)
class RuleUnknown(Refusal):
    message = N_("This package has no such earning rule.")
    field = "rule"


@dataclass(eq=False)
class RuleNotSignedOff(Refusal):
    message = N_("Points for this need a sign-off in Settings first.")


@dataclass(eq=False)
class EventDateInvalid(Refusal):
    days: int
    message = N_("Record it on the day itself or within {days} days after.")
    field = "day"


@dataclass(eq=False)
class AlreadyAwarded(Refusal):
    day: date
    message = N_("Points for this were already given for {day}.")


@dataclass(eq=False)
class SmokeFreeTooSoon(Refusal):
    again_on: date
    message = N_("The next 30 smoke-free days are complete on {again_on} at the earliest.")
    field = "day"


@dataclass(eq=False)
class ReferredSelf(Refusal):
    message = N_("Referrer and friend are the same person or share a phone number. No points for this.")


@dataclass(eq=False)
class AlreadyThanked(Refusal):
    message = N_("Somebody was already thanked for bringing this patient.")


@dataclass(eq=False)
class CircularReferral(Refusal):
    message = N_("These two patients would have referred each other. No points for this.")


@dataclass(frozen=True)
class Earnable:
    """A rule by which staff give points. `event` is "referral" or one of `DIRECT_EVENTS`; `waits` for its sign-off."""

    code: str
    event: str
    text: str
    points: int
    waits: bool


# --- heard from care ------------------------------------------------------------------------------


def earn_for_task(stamp: Stamp, fact: TaskFact) -> None:
    """Give what the pinned document promises for a task done inside its window. The same task earns once
    until it was taken back. Part of the task's own deed, which writes the audit entry."""
    if fact.points < 1 or not fact.on_time:
        return
    document = pinned(stamp.session, fact.version_id)
    rule = next((rule for rule in document.earning_rules if rule.code == fact.rule), None)
    if rule is not None and not _signed_off(stamp, rule):
        return
    title = document.task(fact.task_code).title if document.knows(fact.task_code) else fact.task_code
    booked = events.of(stamp.link, f"task:{fact.task_id}")
    if booked.standing is None:
        earn(
            stamp, fact.patient_id, fact.points, fact.rule or "TASK", booked.next_key, title, fact.package_id
        )


def take_back_for_task(stamp: Stamp, fact: TaskFact) -> None:
    """Reverse what a task earned that was marked by mistake. Points already spent stay with the patient: the
    slip was ours; done again, the task then earns nothing more."""
    standing = events.of(stamp.link, f"task:{fact.task_id}").standing
    if standing is None:
        return
    try:
        reverse(stamp, standing, UNDONE_REASON)
    except (InsufficientPoints, ExpiredMeanwhile):
        return


# --- deeds ----------------------------------------------------------------------------------------


@deed("task.write")
def award(stamp: Stamp, *, enrolment_id: int, rule: str, day: date) -> int:
    """Points for a health event that is no task of the package; returns the ledger entry's id.

    Refuses `RuleUnknown` (also rules earned by tasks or referral), `RuleNotSignedOff`, `EventDateInvalid` (future,
    or more than 3 days back), `AlreadyAwarded` (once per rule and day), `SmokeFreeTooSoon`, `AccountAtRest`.
    What a manager has reversed was not given.
    """
    enrolment, found = _rule(stamp, enrolment_id, rule, DIRECT_EVENTS)
    if not 0 <= (stamp.today - day).days <= LATEST_DAYS or day < enrolment.enrolled_on:
        raise EventDateInvalid(LATEST_DAYS)
    # Of two who award at once, the second sees what the first has given.
    get_patient(stamp, enrolment.patient_id)
    if resting(stamp.link, enrolment.patient_id):
        raise AccountAtRest
    if found.event == "smoke_free_30_days":
        _require_thirty_days(stamp, enrolment, found.code, day)
    booked = events.of(stamp.link, f"{_awards(enrolment, found.code)}:{day}")
    if booked.standing is not None:
        raise AlreadyAwarded(day)
    entry = earn(
        stamp, enrolment.patient_id, found.points, found.code, booked.next_key, found.text,
        enrolment.package_id,
    )  # fmt: skip
    assert entry is not None
    stamp.audit(
        AWARDED,
        ("patient", enrolment.patient_id),
        after={"rule": found.code, "day": day, "points": found.points},
    )
    return entry


@deed("enrolment.write")
def thank_referrer(stamp: Stamp, *, enrolment_id: int, referrer_id: int) -> int:
    """Points to the patient who brought the one enrolled here; returns the ledger entry's id.

    Refuses `RuleUnknown`, `RuleNotSignedOff`, `ReferredSelf`, `AlreadyThanked`, `CircularReferral`, `AccountAtRest`.
    """
    enrolment, rule = _rule(stamp, enrolment_id, None, ("referral",))
    friend_id = enrolment.patient_id
    for number in sorted({friend_id, referrer_id}):
        get_patient(stamp, number)
    phones = dict(
        stamp.session.execute(
            select(PatientRow.id, PatientRow.phone).where(PatientRow.id.in_((friend_id, referrer_id)))
        ).all()
    )
    if resting(stamp.link, referrer_id):
        raise AccountAtRest
    if friend_id == referrer_id or (phones[friend_id] and phones[friend_id] == phones[referrer_id]):
        raise ReferredSelf
    thanked = events.of(stamp.link, f"refer:{friend_id}")
    if thanked.standing is not None:
        raise AlreadyThanked
    if events.of(stamp.link, f"refer:{referrer_id}").patient_id == friend_id:
        raise CircularReferral
    entry = earn(
        stamp, referrer_id, rule.points, rule.code, thanked.next_key, rule.text, enrolment.package_id
    )
    assert entry is not None
    stamp.audit(THANKED, ("patient", referrer_id), after={"friend": friend_id, "points": rule.points})
    return entry


# --- questions ------------------------------------------------------------------------------------


@question("task.read")
def earnable(look: Look, *, enrolment_id: int) -> list[Earnable]:
    """The rules of the version this enrolment holds that no task of it stands for: `award` and `thank_referrer`
    take them. Empty for a package that was stopped or cancelled, and for a silenced patient."""
    enrolment = look.session.get(EnrolmentRow, enrolment_id)
    if enrolment is None or enrolment.status not in RUNS or resting(look.link, enrolment.patient_id):
        return []
    return [
        Earnable(rule.code, rule.event, rule.text, rule.points, not _signed_off(look, rule))
        for rule in pinned(look.session, enrolment.version_id).earning_rules
        if rule.event in (*DIRECT_EVENTS, "referral")
    ]


# --- inner ----------------------------------------------------------------------------------------


def _rule(
    stamp: Stamp, enrolment_id: int, code: str | None, events: tuple[str, ...]
) -> tuple[EnrolmentRow, EarningRule]:
    enrolment = stamp.session.get(EnrolmentRow, enrolment_id)
    if enrolment is None or enrolment.status not in RUNS:
        raise RuleUnknown
    for rule in pinned(stamp.session, enrolment.version_id).earning_rules:
        if rule.event in events and code in (None, rule.code):
            if not _signed_off(stamp, rule):
                raise RuleNotSignedOff
            return enrolment, rule
    raise RuleUnknown


def _signed_off(look: Look, rule: EarningRule) -> bool:
    if rule.event == "referral":
        return is_on(look, "referral_points")
    return may_promise(look, rule.needs_signoff)


def _awards(enrolment: EnrolmentRow, code: str) -> str:
    """The key of what this patient was given by a rule; a day follows it."""
    return f"award:{code}:{enrolment.patient_id}"


def _require_thirty_days(stamp: Stamp, enrolment: EnrolmentRow, code: str, day: date) -> None:
    """Thirty days lie between the days on which months were complete, whenever they were typed in."""
    given = events.standing_days(stamp.link, _awards(enrolment, code))
    again_on = max(given, default=enrolment.enrolled_on) + timedelta(days=SMOKE_FREE_DAYS)
    if day < again_on:
        raise SmokeFreeTooSoon(again_on)

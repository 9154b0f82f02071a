"""The patient's journey as her phone shows it: what is next, what has been, what there is to collect.

Words here are friendly by rule: nothing is ever "overdue", a late mission is still welcome, and what has
passed is left to the doctor. This page is asked for far more often than any other: four compiled statements
(`journey_rows`), documents that are parsed once per process, and what was told stands while their rows do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.bank.account import own_id
from core.care.feedback import PAUSE
from core.care.plan.due_and_late import band, grace_of
from core.care.plan.planning import week_of
from core.care.work.sheets import Place, place_of
from core.foundation.doors import Look, question
from core.foundation.fast.recent import Recent
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.parts import Task
from core.packages.versions import pinned
from core.people.patients import UnknownPatient
from core.phone.journey_rows import GROWTH, PERSON, PLACES, TASKS

# What a patient reads for each band of the department.
FRIENDLY: dict[str, str] = {
    "upcoming": "later",
    "open": "now",
    "due": "now",
    "overdue": "welcome",
    "expired": "passed",
    "done": "done",
    "excused": "rest",
    "cancelled": "not_needed",
    "not_applicable": "not_needed",
}
STATE_NAMES: dict[str, str] = {
    "later": N_("Coming up"),
    "now": N_("Now is a good time"),
    "welcome": N_("Still welcome"),
    "passed": N_("Your doctor will tell you whether anything is still needed"),
    "done": N_("Done, well done"),
    "rest": N_("Rested on advice, counts as done"),
    "not_needed": N_("Not needed for you"),
}
_NEXT_ORDER = {"now": 0, "welcome": 1, "later": 2}


@dataclass(frozen=True)
class Mission:
    """One mission. `state` is a key of `STATE_NAMES`; `week_from` and `week_to` are its window ("12+0"), ""
    where no weeks are counted. `minutes` is how long it takes, `place.wait_minutes` the usual waiting; `own`: she does it
    herself."""

    task_id: int
    code: str
    kind: str
    title: str
    what: str
    bring: str
    minutes: int
    place: Place
    state: str
    opens_on: date
    closes_on: date
    week_from: str
    week_to: str
    appointment_at: datetime | None
    done_on: date | None
    points: int
    badge: str
    pictogram: str
    counts_for_badge: bool
    own: bool

    @property
    def earned(self) -> bool:
        return self.counts_for_badge and self.state in ("done", "rest")

    @property
    def can_be_done(self) -> bool:
        return self.state in _NEXT_ORDER

    def is_visited(self, now: datetime) -> bool:
        """Whether she is still expected for it, whatever became of its window."""
        return self.appointment_at is not None and self.appointment_at > now


@dataclass(frozen=True)
class Growth:
    """One day's measurements for the curve: gestational days, mm, g."""

    day: date
    ga_days: int
    hc_mm: float | None
    ac_mm: float | None
    fl_mm: float | None
    efw_g: int | None
    formula: str


@dataclass(frozen=True)
class Package:
    """What she holds. `day_number` counts from the anchor date; `due_on` is 280 days after it, for a
    pregnancy."""

    enrolment_id: int
    package_id: int
    version_id: int
    name: str
    promise: str
    status: str
    anchor_date: date
    enrolled_on: date
    expires_on: date
    week_text: str
    day_number: int
    due_on: date | None
    refund_terms: str
    entitlements: tuple[tuple[str, int], ...]
    badge_reward: str


@dataclass(frozen=True, eq=False)
class Journey:
    """Everything for the phone. With `quiet` (a gentle stop) all but name and department phone is empty,
    and only the quiet page may be shown. `package` is None for a patient who holds none. `own_now` is what she may do
    herself today, `own_done` how many of it she has done, `ahead` what is next with others; `had_package`: one of hers was
    stopped or taken back. While nothing changed it is
    one and the same object."""

    patient_id: int
    name: str
    language: str
    quiet: bool
    hospital: str
    department: str
    phone: str
    today: date
    package: Package | None = None
    next: Mission | None = None
    ahead: Mission | None = None
    own_now: tuple[Mission, ...] = ()
    own_done: int = 0
    missions: tuple[Mission, ...] = ()
    alerts: tuple[Mission, ...] = ()
    badges_earned: int = 0
    badge_target: int | None = None
    survey_due: bool = False
    growth: tuple[Growth, ...] = ()
    written_to: bool = False
    had_package: bool = False

    @property
    def counts_uses(self) -> bool:
        """Whether there is something to read of what was included and used: in what she holds, or held before."""
        return bool(self.package.entitlements) if self.package else self.had_package

    def mission(self, code: str) -> Mission | None:
        return next((one for one in (*self.missions, *self.alerts) if one.code == code), None)


# With its document, so that a key's `id(document)` stays that document's.
_TOLD: Recent[tuple[PackageDocument, Journey]] = Recent(most=500)


@question("patient.self")
def journey(look: Look) -> Journey:
    """The asking patient's own journey."""
    link, patient_id = look.link, own_id(look)
    found = PERSON.all(link, patient_id=patient_id)
    if not found:
        raise UnknownPatient
    growth = GROWTH.all(link, patient_id=patient_id)
    person = PERSON.typed(link, found)[0]
    if person.id is None:
        return _told(look, patient_id, person, growth)
    document = pinned(look.session, person.version_id, person.published_at)
    tasks, places = TASKS.all(link, enrolment_id=person.id), PLACES.all(link)
    # What is read decides what is told, until the next day, or the minute in which a booked visit is past.
    minute = look.now.replace(second=0, microsecond=0)
    key = (look.house, look.today, minute, patient_id, id(document), *found, *growth, *tasks, *places)
    kept = _TOLD.get(key)
    if kept is None:
        rows = TASKS.typed(link, tasks), PLACES.typed(link, places)
        kept = _TOLD.put(key, (document, _told(look, patient_id, person, growth, document, *rows)))
    return kept[1]


def _told(
    look: Look,
    patient_id: int,
    person: Any,
    growth: list[Any],
    document: PackageDocument | None = None,
    tasks: Sequence[Any] = (),
    places: Sequence[Any] = (),
) -> Journey:
    facts = {
        "patient_id": patient_id, "name": person.name, "language": person.language, "today": look.today,
        "hospital": look.house.hospital, "department": look.house.department, "phone": look.house.phone,
    }  # fmt: skip
    if person.silenced_at is not None:
        return Journey(**facts, quiet=True)
    measured = tuple(Growth(*row) for row in GROWTH.typed(look.link, growth))
    facts["written_to"] = person.last_message is not None
    facts["had_package"] = person.last_ended is not None
    if document is None:
        return Journey(**facts, quiet=False, growth=measured)
    known = {row.code: Place(*row) for row in places}
    found = [
        _mission(look, person, row, document.task(row.code), known)
        for row in tasks
        if document.knows(row.code)
    ]
    running = person.status == "active"
    alerts = tuple(one for one in found if one.kind == "alert")
    missions = tuple(one for one in found if one.kind != "alert")
    return Journey(
        **facts,
        quiet=False,
        package=_package(look, person, document),
        next=_next(missions, look.now) if running else None,
        ahead=_next(tuple(one for one in missions if not one.own), look.now) if running else None,
        own_now=tuple(
            sorted(
                (one for one in found if running and _is_today(one, look.today)),
                key=lambda one: document.position(one.code),
            )
        ),
        own_done=sum(one.own and one.state == "done" and one.done_on == look.today for one in found),
        missions=missions,
        alerts=tuple(one for one in alerts if one.state in ("now", "welcome")),
        badges_earned=sum(one.earned for one in missions),
        badge_target=person.badge_target,
        survey_due=_survey_due(look.today, person.last_answer, missions),
        growth=measured,
    )


def _mission(look: Look, holding: Any, row: Any, written: Task, known: dict[str, Place]) -> Mission:
    standing = band(row.state, row.opens_on, row.closes_on, look.today, grace_of(row.code))
    return Mission(
        task_id=row.id,
        code=row.code,
        kind=written.kind,
        title=written.title,
        what=written.what,
        bring=written.bring,
        minutes=written.minutes,
        place=place_of(written, known),
        state=FRIENDLY[standing],
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        week_from=week_of(holding.anchor_kind, holding.anchor_date, row.opens_on),
        week_to=week_of(holding.anchor_kind, holding.anchor_date, row.closes_on),
        # What is done, waived or called off needs no visit; one that a corrected date left without a window is still booked.
        appointment_at=None if row.state in ("done", "excused", "cancelled") else row.at,
        done_on=row.done_on,
        points=written.points,
        badge=written.badge or "",
        pictogram=written.pictogram,
        counts_for_badge=row.counts_for_badge,
        own=written.role == "patient",
    )


def _next(missions: tuple[Mission, ...], now: datetime) -> Mission | None:
    """A booked visit to come is next; without one what closes soonest, then what is late, then what opens
    soonest."""
    booked = [one for one in missions if one.is_visited(now)]
    if booked:
        return min(booked, key=lambda one: one.appointment_at or now)
    open_ones = [one for one in missions if one.can_be_done]
    return min(
        open_ones,
        key=lambda one: (_NEXT_ORDER[one.state], one.opens_on if one.state == "later" else one.closes_on),
        default=None,
    )


def _is_today(one: Mission, today: date) -> bool:
    """Hers, and open; one day of a daily task only on its day."""
    return one.own and one.state in ("now", "welcome") and not ("." in one.code and one.closes_on < today)


def _package(look: Look, holding: Any, document: PackageDocument) -> Package:
    pregnant = holding.anchor_kind in ("last_period", "due_date")
    target = document.badge_target
    return Package(
        enrolment_id=holding.id,
        package_id=holding.package_id,
        version_id=holding.version_id,
        name=document.name,
        promise=document.promise,
        status=holding.status,
        anchor_date=holding.anchor_date,
        enrolled_on=holding.enrolled_on,
        expires_on=holding.expires_on,
        week_text=week_of(holding.anchor_kind, holding.anchor_date, look.today),
        day_number=(look.today - holding.anchor_date).days,
        due_on=holding.anchor_date + timedelta(days=280) if pregnant else None,
        refund_terms=document.refund_terms,
        entitlements=tuple((one.name, one.count) for one in document.entitlements),
        badge_reward=document.reward(target.reward_code).name if target else "",
    )


def _survey_due(today: date, last: date | None, missions: tuple[Mission, ...]) -> bool:
    """Asked after something was done, and at most once a week."""
    done = max((one.done_on for one in missions if one.done_on and one.state == "done"), default=None)
    if done is None or (last is not None and today < last + PAUSE):
        return False
    return last is None or done > last

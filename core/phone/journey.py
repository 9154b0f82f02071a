"""The patient's journey as her phone shows it: what is next, what has been, what there is to collect.

Words here are friendly by rule: nothing is ever "overdue", a late mission is still welcome, and what has
passed is left to the doctor. This page is asked for far more often than any other: four compiled statements
(`journey_rows`; one more for each further course), documents that are parsed once per process, and what was told stands while their rows do.
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
from core.care.plan.pregnancy import DATED, under_way
from core.care.work.sheets import Place, place_for_patient
from core.department.switches import stands
from core.foundation.doors import Look, question
from core.foundation.fast.recent import Recent
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.versions import pinned
from core.people.patients import UnknownPatient
from core.phone.first_to_do import NEXT_ORDER, first_to_do, is_today, next_of
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


@dataclass(frozen=True)
class Mission:
    """One mission. `state` is a key of `STATE_NAMES`; `week_from` and `week_to` are its window ("12+0"), ""
    where no weeks are counted; both by the course it belongs to, which counts from `counted_from`. `minutes` is how long it takes, `place.wait_minutes` the usual waiting; `own`: she does it
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
    enrolment_id: int
    counted_from: date
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
        return self.state in NEXT_ORDER

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
    """One course of hers. `day_number` counts from the anchor date (`anchor_kind`); `due_on` is 280 days after it, for a
    pregnancy. Once it has ended no week and no day is counted and no badge is left to collect. `badge_reward` is "" while
    nobody has signed it off: what may not be given is not promised."""

    enrolment_id: int
    package_id: int
    version_id: int
    name: str
    promise: str
    status: str
    anchor_kind: str
    anchor_date: date
    enrolled_on: date
    expires_on: date
    ended_on: date | None
    week_text: str
    day_number: int | None
    due_on: date | None
    refund_terms: str
    entitlements: tuple[tuple[str, int], ...]
    badge_reward: str
    badges_earned: int = 0
    badge_target: int | None = None


@dataclass(frozen=True, eq=False)
class Journey:
    """Everything for the phone. With `quiet` (a gentle stop) all but name and department phone is empty,
    and only the quiet page may be shown.

    `running` is every course that runs, the one with something to do first, `ended` those that are over, the newest
    first; missions are those of all that run (without any, of the newest that ended). `package` is the first of them,
    None for a patient who holds none, `badges_earned` and `badge_target` its own. `own_now` is what she may do
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
    running: tuple[Package, ...] = ()
    ended: tuple[Package, ...] = ()
    next: Mission | None = None
    ahead: Mission | None = None
    own_now: tuple[Mission, ...] = ()
    own_done: int = 0
    missions: tuple[Mission, ...] = ()
    alerts: tuple[Mission, ...] = ()
    survey_due: bool = False
    growth: tuple[Growth, ...] = ()
    written_to: bool = False
    had_package: bool = False

    @property
    def counts_uses(self) -> bool:
        """Whether there is something to read of what was included and used: in what she holds, or held before."""
        if self.running or self.ended:
            return any(one.entitlements for one in self.running or self.ended[:1])
        return self.had_package

    @property
    def package(self) -> Package | None:
        return next(iter((*self.running, *self.ended)), None)

    @property
    def badges_earned(self) -> int:
        return self.package.badges_earned if self.package else 0

    @property
    def badge_target(self) -> int | None:
        return self.package.badge_target if self.package else None

    def mission(self, code: str) -> Mission | None:
        return next((one for one in (*self.missions, *self.alerts) if one.code == code), None)


# With their documents, so that a key's `id(document)` stays that document's.
_TOLD: Recent[tuple[tuple[PackageDocument, ...], Journey]] = Recent(most=500)


@question("patient.self")
def journey(look: Look) -> Journey:
    """The asking patient's own journey."""
    link, patient_id = look.link, own_id(look)
    found = PERSON.all(link, patient_id=patient_id)
    if not found:
        raise UnknownPatient
    growth = GROWTH.all(link, patient_id=patient_id)
    rows = PERSON.typed(link, found)
    if rows[0].silenced_at is not None:
        return _told(look, patient_id, rows, growth, [], (), ())
    courses = _shown(look, rows)
    documents = tuple(pinned(look.session, row.version_id, row.published_at) for row in courses)
    # Hardly anybody has two courses at once, and what is over is shown by its name.
    tasks = [TASKS.all(link, enrolment_id=row.id) for row in _open(courses)]
    places = PLACES.all(link) if tasks else []
    # What is read decides what is told, until the next day, or the minute in which a booked visit is past.
    minute = look.now.replace(second=0, microsecond=0)
    read = (*found, *growth, *(one for each in tasks for one in each), *places)
    key = (look.house, look.today, minute, patient_id, *map(id, documents), *read)
    kept = _TOLD.get(key)
    if kept is None:
        typed = [TASKS.typed(link, each) for each in tasks]
        held = list(zip(courses, documents, strict=True))
        told = _told(look, patient_id, rows, growth, held, typed, PLACES.typed(link, places))
        kept = _TOLD.put(key, (documents, told))
    return kept[1]


def _runs(look: Look, course: Any) -> bool:
    """Its validity ends it in the night behind its last day; until then the day itself does."""
    return bool(course.status == "active" and course.expires_on >= look.today)


def _shown(look: Look, rows: Sequence[Any]) -> list[Any]:
    """The courses her phone speaks of, running ones first: what was stopped is not among them, nor what she had before
    she wished to hear from us again."""
    since = rows[0].heard_since
    known = [row for row in rows if row.id is not None and row.status != "stopped"]
    known = [row for row in known if since is None or row.sold_at >= since]
    runs = {row.id: _runs(look, row) for row in known}
    known = [
        row if runs[row.id] or row.status != "active" else row._replace(status="run_out") for row in known
    ]
    return sorted(known, key=lambda row: not runs[row.id])


def _open(courses: Sequence[Any]) -> list[Any]:
    """Those whose missions are shown: what runs, else what ended last."""
    return [row for row in courses if row.status == "active"] or list(courses[:1])


def _told(
    look: Look,
    patient_id: int,
    rows: Sequence[Any],
    growth: list[Any],
    held: Sequence[tuple[Any, PackageDocument]],
    tasks: Sequence[Sequence[Any]],
    places: Sequence[Any],
) -> Journey:
    person = rows[0]
    facts = {
        "patient_id": patient_id, "name": person.name, "language": person.language, "today": look.today,
        "hospital": look.house.hospital, "department": look.house.department, "phone": look.house.phone,
    }  # fmt: skip
    if person.silenced_at is not None:
        return Journey(**facts, quiet=True)
    facts["written_to"] = person.last_message is not None
    facts["had_package"] = person.last_ended is not None
    facts["growth"] = _measured(look, rows, [course for course, _document in held], growth)
    if not held:
        return Journey(**facts, quiet=False)
    known = {row.code: Place(*row) for row in places}
    signed = stands(person.rewards_until, look.today)
    found: dict[int, list[Mission]] = {}
    order: dict[int, tuple[int, int]] = {}
    for (course, document), hers in zip(held, tasks, strict=False):
        found[course.id] = [
            _mission(look, course, row, document, known, signed) for row in hers if document.knows(row.code)
        ]
        order |= {one.task_id: document.position(one.code) for one in found[course.id]}
    runs = [course for course, _document in held if course.status == "active"]
    shown = (
        first_to_do({course.id: found[course.id] for course in runs}, look.now, look.today)
        if runs
        else [held[0][0].id]
    )
    every = [one for number in shown for one in found[number]]
    alerts = tuple(one for one in every if one.kind == "alert")
    missions = tuple(one for one in every if one.kind != "alert")
    packages = {
        course.id: _package(look, course, document, found.get(course.id, ()), signed)
        for course, document in held
    }
    return Journey(
        **facts,
        quiet=False,
        running=tuple(packages[number] for number in shown) if runs else (),
        ended=tuple(packages[course.id] for course, _document in held if course.status != "active"),
        next=next_of(missions, look.now) if runs else None,
        ahead=next_of(tuple(one for one in missions if not one.own), look.now) if runs else None,
        own_now=tuple(
            one
            for number in shown
            for one in sorted(found[number], key=lambda one: order[one.task_id])
            if runs and is_today(one, look.today)
        ),
        own_done=sum(one.own and one.state == "done" and one.done_on == look.today for one in every),
        missions=missions,
        alerts=tuple(one for one in alerts if runs and one.state in ("now", "welcome")),
        survey_due=bool(runs) and _survey_due(look.today, person.last_answer, missions),
    )


def _measured(look: Look, rows: Sequence[Any], shown: Sequence[Any], growth: list[Any]) -> tuple[Growth, ...]:
    """The measurements of the pregnancy under way, their weeks as it is dated now; after its end those of the journey
    that is shown. What was measured before it began, or before she wished to hear from us again, is never shown."""
    if not growth:
        return ()
    person = rows[0]
    every = sorted((row for row in rows if row.id is not None), key=lambda row: row.id, reverse=True)
    pregnancy = under_way(every, person.last_period, person.due_date, look.today)
    anchor = pregnancy.anchor if pregnancy else None
    if pregnancy is None and shown and shown[0].status != "active" and shown[0].anchor_kind in DATED:
        anchor = shown[0].anchor_date
    if anchor is None:
        return ()
    return tuple(
        Growth(row.day, (row.day - anchor).days, row.hc_mm, row.ac_mm, row.fl_mm, row.efw_g, row.formula)
        for row in GROWTH.typed(look.link, growth)
        if row.day >= anchor and (person.heard_since is None or row.at >= person.heard_since)
    )


def _mission(
    look: Look, holding: Any, row: Any, document: PackageDocument, known: dict[str, Place], signed: bool
) -> Mission:
    written = document.task(row.code)
    rule = document.rule_of(written)
    standing = band(row.state, row.opens_on, row.closes_on, look.today, grace_of(row.code))
    return Mission(
        task_id=row.id,
        code=row.code,
        kind=written.kind,
        title=written.title,
        what=written.what,
        bring=written.bring,
        minutes=written.minutes,
        place=place_for_patient(written, known),
        state=FRIENDLY[standing],
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        week_from=week_of(holding.anchor_kind, holding.anchor_date, row.opens_on),
        week_to=week_of(holding.anchor_kind, holding.anchor_date, row.closes_on),
        enrolment_id=holding.id,
        counted_from=holding.anchor_date,
        # What is done, waived or called off needs no visit; one that a corrected date left without a window is still booked.
        appointment_at=None if row.state in ("done", "excused", "cancelled") else row.at,
        done_on=row.done_on,
        points=0 if rule is not None and rule.needs_signoff and not signed else written.points,
        badge=written.badge or "",
        pictogram=written.pictogram,
        counts_for_badge=row.counts_for_badge,
        own=written.role == "patient",
    )


def _package(
    look: Look, holding: Any, document: PackageDocument, missions: Sequence[Mission], signed: bool
) -> Package:
    runs, pregnant = holding.status == "active", holding.anchor_kind in DATED
    reward = document.badge_reward
    return Package(
        enrolment_id=holding.id,
        package_id=holding.package_id,
        version_id=holding.version_id,
        name=document.name,
        promise=document.promise,
        status=holding.status,
        anchor_kind=holding.anchor_kind,
        anchor_date=holding.anchor_date,
        enrolled_on=holding.enrolled_on,
        expires_on=holding.expires_on,
        ended_on=holding.ended_on or (None if runs else holding.expires_on),
        week_text=week_of(holding.anchor_kind, holding.anchor_date, look.today) if runs else "",
        day_number=(look.today - holding.anchor_date).days if runs and not pregnant else None,
        due_on=holding.anchor_date + timedelta(days=280) if runs and pregnant else None,
        refund_terms=document.refund_terms,
        entitlements=tuple((one.name, one.count) for one in document.entitlements),
        badge_reward=reward.name if reward and (signed or not reward.needs_signoff) else "",
        badges_earned=sum(one.earned for one in missions),
        badge_target=holding.badge_target if runs else None,
    )


def _survey_due(today: date, last: date | None, missions: tuple[Mission, ...]) -> bool:
    """Asked after something was done, and at most once a week."""
    done = max((one.done_on for one in missions if one.done_on and one.state == "done"), default=None)
    if done is None or (last is not None and today < last + PAUSE):
        return False
    return last is None or done > last

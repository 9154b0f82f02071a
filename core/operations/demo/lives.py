"""One patient's way through the department, told as acts. Pure: the same person and seed give the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from core.care.plan.planning import Plan, plan
from core.foundation.open_types import Value
from core.operations.demo import acts, habits
from core.operations.demo.people import Person
from core.operations.demo.stage import ZONE, Stage, moment, slot
from core.packages.parts import Task


@dataclass
class Life:
    stage: Stage
    person: Person
    rng: Random
    told: list[acts.Act] = field(default_factory=list)
    praises: list[habits.Praise] = field(default_factory=list)
    answers: list[habits.Answer] = field(default_factory=list)
    visits: int = 0
    free: date = date.min
    plan: Plan | None = None
    holds: bool = False
    offered: bool = False
    pending: tuple[date, bool] | None = None
    came: dict[str, date] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    idle: set[str] = field(default_factory=set)
    points: int = 0
    spent: int = 0
    badges: int = 0
    consents: tuple[tuple[str, bool], ...] = ()
    enrolled_on: date | None = None
    completed_on: date | None = None
    answered_on: date | None = None

    def tell(self) -> Life:
        """Everything from her first contact to yesterday."""
        if self.person.joined > self.stage.last:
            return self
        self.free = max(self.person.joined, self.stage.begins)
        if self.person.joined >= self.stage.begins:
            self.told.append(acts.Added(moment(self.free, 8, self.rng.randint(5, 55)), self.person.number))
        for task in self.stage.document.tasks:
            if task.on:
                self._mission(task)
        self._settle_offer(self.stage.last)
        self._end()
        return self

    # --- visits ---------------------------------------------------------------------------------

    def _mission(self, task: Task) -> None:
        opens, closes = self._window(task)
        first = max(opens, self.free + timedelta(days=2))
        if first > closes or first >= self.person.birth:
            return
        if task.kind == "education" and not self.holds:
            return
        if task.kind == "alert":
            self._alert(task, opens)
            return
        if self._waits_for_a_call(task, closes):
            return
        latest = min(closes, self.person.birth - timedelta(days=1))
        day = self._day(first, latest)
        if self._open(task.code) and not self.person.steady and self.rng.random() < habits.RESTS:
            self._rest(task, day)
        else:
            self._visit(task, self._perhaps_late(task, day, closes), closes)

    def _waits_for_a_call(self, task: Task, closes: date) -> bool:
        """Some whose window is closing these days have no visit yet: the calls on the nurse's list."""
        closing = timedelta(0) <= closes - self.stage.today <= timedelta(days=6)
        return closing and self.person.number % 4 == 1 and self._open(task.code)

    def _perhaps_late(self, task: Task, day: date, closes: date) -> date:
        """Some come a few days after their window; it is done like any other, only not counted as on time."""
        late = self.stage.working(closes + timedelta(days=self.rng.randint(2, 9)))
        slow = not self.person.steady and self.rng.random() < habits.LATE
        return late if slow and self._open(task.code) and late < self.person.birth else day

    def _day(self, first: date, latest: date) -> date:
        """A day of the window, sooner rather than later; some of next week's visits are today's, so that today
        is a busy day whenever the demo is made."""
        span = (latest - first).days
        early = (
            self.rng.randint(0, 5)
            if self.person.steady
            else int(self.rng.triangular(0, span + 1, span * 0.3))
        )
        day = self.stage.working(first + timedelta(days=min(early, span)), latest)
        soon = timedelta(0) < day - self.stage.today <= timedelta(days=7)
        if self.person.steady:
            # What is open for her now is booked for the day after tomorrow, so that her page has a next mission.
            if timedelta(days=-10) < day - self.stage.today <= timedelta(days=3):
                return self.stage.working(self.stage.today + timedelta(days=2), latest)
        elif soon and self.person.number % 9 == 3 and first <= self.stage.today:
            return self.stage.today
        return day

    def _visit(self, task: Task, day: date, closes: date) -> None:
        for _attempt in range(2):
            booked_on = self._booking_day(day)
            if day > self.stage.today + habits.AHEAD or booked_on > self.stage.last:
                return
            self._settle_offer(booked_on)
            code = task.code if self._open(task.code) else None
            when = slot(self.rng, day)
            self.visits += 1
            number = self.visits
            booked_at = moment(booked_on, 18 if booked_on == self.free else 11, self.rng.randint(30, 59))
            self._say(acts.Booked, booked_at, visit=number, when=when, code=code)
            if day > self.stage.last:
                return
            self._settle_offer(day - timedelta(days=1))
            if self._fate(task, number, code, when, booked_on) == "came":
                return
            self.free = day
            day = self.stage.working(day + timedelta(days=self.rng.randint(2, 9)))
            if day > closes + timedelta(days=10) or day >= self.person.birth:
                break
        self._give_up(task, closes)

    def _booking_day(self, day: date) -> date:
        """At the end of the last visit, or some days before this one by telephone."""
        if self.rng.random() < 0.5:
            return max(self.free, day - timedelta(days=60))
        ahead = self.stage.working(day - timedelta(days=self.rng.randint(2, 12)))
        return max(self.free, min(ahead, day - timedelta(days=1)))

    def _fate(self, task: Task, number: int, code: str | None, when: datetime, booked_on: date) -> str:
        day = _local_day(when)
        luck = 1.0 if self.person.steady else self.rng.random()
        missed = habits.MISSED[self._side(day)]
        if luck < missed:
            reason = self.rng.choice(self.stage.words["absent"])
            self._say(acts.Missed, moment(day, 17, 30), visit=number, reason=reason)
            return "missed"
        if luck < missed + habits.CALLED_OFF:
            reason = self.rng.choice(self.stage.words["called_off"])
            early = day - timedelta(days=1)
            at = moment(early, 16, 58) if early > booked_on else moment(day, 7, 30)
            self._say(acts.CalledOff, at, visit=number, reason=reason)
            return "called off"
        self._came(task, day, number, code, when)
        return "came"

    def _came(self, task: Task, day: date, number: int, code: str | None, when: datetime) -> None:
        at = when + timedelta(minutes=35 + self.rng.randint(0, 20))
        self.came[task.code] = day
        self.free = day
        if code is None:
            self._say(acts.Attended, at, visit=number)
        if self._open(task.code):
            self._done(task, day, at, number if code else None)
        self._measure(task, at)
        self._offer(day, at)
        self._after(day)

    def _done(self, task: Task, on: date, at: datetime, visit: int | None) -> None:
        evidence = self.rng.choice(self.stage.words["evidence"])
        self._say(acts.Done, at, code=task.code, on=on, evidence=evidence, visit=visit)
        self.settled.add(task.code)
        self.badges += task.counts_for_badge
        if on <= self._window(task)[1]:
            self.points += task.points

    def _alert(self, task: Task, opens: date) -> None:
        day = opens + timedelta(days=1)
        if self._open(task.code) and day <= self.stage.last and day < self.person.birth:
            self._done(task, day, moment(day, 10, 15), None)

    def _give_up(self, task: Task, closes: date) -> None:
        """Sometimes the doctor's word excuses what did not happen; otherwise the mission stays as it is."""
        if not self._open(task.code) or self.rng.random() > 0.4:
            return
        day = min(closes, self.free + timedelta(days=1))
        if self.free <= day < self.person.birth:
            self._rest(task, day)

    def _rest(self, task: Task, day: date) -> None:
        """The doctor said rest: it counts as done."""
        if day <= self.stage.last:
            reason = self.rng.choice(self.stage.words["rest"])
            self._say(acts.Excused, moment(day, 18, 5), code=task.code, reason=reason)
            self.settled.add(task.code)
            self.badges += task.counts_for_badge
            self.free = day

    def _measure(self, task: Task, at: datetime) -> None:
        age = (_local_day(at) - self.person.last_period).days
        if not self.holds or task.code not in habits.MEASURED or not 14 * 7 <= age <= 40 * 7:
            return
        lengths = habits.scan(self.person.number, age, self.rng)
        at += timedelta(minutes=5)
        self._say(acts.Measured, at, hc_mm=lengths["HC"], ac_mm=lengths["AC"], fl_mm=lengths["FL"])

    # --- the package ----------------------------------------------------------------------------

    def _offer(self, day: date, at: datetime) -> None:
        age = (day - self.person.last_period).days
        if self.offered or day < self.stage.pilot or age > habits.LATEST_OFFER:
            return
        if not self.person.steady and self.rng.random() > habits.OFFERED:
            return
        self.offered = True
        at += timedelta(minutes=15)
        weeks = (day - self.stage.pilot).days / 7
        yes = 0.26 + 0.1 * min(weeks / 16, 1)
        luck = 0.0 if self.person.steady else self.rng.random()
        if luck < yes:
            self._enrol(day, at)
        elif luck < yes + 0.32:
            self._say(acts.Offered, at, outcome="thinking", reason="")
            later = self.rng.random()
            if later < 0.75:
                answer_on = self.stage.working(day + timedelta(days=self.rng.randint(3, 19)))
                self.pending = (answer_on, later < 0.42)
        else:
            self._say(
                acts.Offered, at, outcome="declined", reason=self.rng.choice(self.stage.words["declined"])
            )

    def _settle_offer(self, until: date) -> None:
        """The answer of somebody who wanted to think about it, once its day has come."""
        if self.pending is None or self.pending[0] > min(until, self.stage.last):
            return
        (day, yes), self.pending = self.pending, None
        if day >= self.person.birth:
            return
        if yes:
            self._enrol(day, moment(day, 10, 40))
        else:
            reason = self.rng.choice(self.stage.words["declined"])
            self._say(acts.Offered, moment(day, 10, 40), outcome="declined", reason=reason)

    def _enrol(self, day: date, at: datetime) -> None:
        chances = (("messages", 0.9), ("photos", 0.6), ("album", 0.65), ("story_wall", 0.45))
        asked = tuple(
            (purpose, self.person.steady or self.rng.random() < share) for purpose, share in chances
        )
        self.consents = (("service", True), *asked)
        method = self.rng.choices(("wechat", "alipay", "card", "cash"), (55, 25, 12, 8))[0]
        self._say(acts.Enrolled, at, method=method, consents=self.consents)
        nurse = acts.NURSES[self.person.number % len(acts.NURSES)]
        self._say(acts.OwnNurseNamed, at + timedelta(minutes=1), nurse=nurse)
        self.holds, self.enrolled_on = True, day
        self.plan = plan(self.stage.document, self.person.last_period, day)
        for task in self.stage.document.tasks:
            if task.code in self.came and self._open(task.code):
                self._done(task, self.came[task.code], at + timedelta(minutes=2), None)

    def _open(self, code: str) -> bool:
        """Whether the mission is planned for her and not yet marked."""
        if not self.holds or self.plan is None or code in self.settled:
            return False
        return any(task.code == code and task.state == "planned" for task in self.plan.tasks)

    def _end(self) -> None:
        """The birth, the farewell a few days after it, and what is left to use."""
        birth = self.person.birth
        if not self.holds or self.plan is None:
            return
        target = self.plan.badge_target
        if target and self.badges >= target and birth <= self.stage.last and self.rng.random() < 0.6:
            self._say(acts.Used, moment(birth, 9, 20), reward=self._badge_reward())
        ends = self.stage.working(birth + timedelta(days=self.rng.randint(2, 5)))
        if ends > self.stage.last:
            return
        for task in self.plan.tasks:
            if self._open(task.code) and birth <= task.closes_on < ends:
                self._say(acts.Excused, moment(ends, 10, 50), code=task.code, reason=self.stage.words["born"])
                self.settled.add(task.code)
        self._say(acts.Completed, moment(ends, 11, 10))
        self.holds, self.completed_on = False, ends
        if self.rng.random() < 0.4:
            self._answer(ends, "with")

    def _badge_reward(self) -> str:
        goal = self.stage.document.badge_target
        return goal.reward_code if goal else ""

    # --- afterwards, at home --------------------------------------------------------------------

    def _after(self, day: date) -> None:
        side = self._side(day)
        if self.rng.random() < habits.ANSWERS[side] and not (
            self.person.steady and self.stage.last - day < habits.AHEAD
        ):
            self._answer(day, side)
        if self.rng.random() < (habits.PRAISED if day >= self.stage.pilot else habits.PRAISED / 4):
            self.praises.append(habits.Praise(day, self.person.number))
        self._spend(day)
        if self.holds and not self.person.steady and self.rng.random() < 0.008:
            self._leave(day)

    def _answer(self, day: date, side: str) -> None:
        if self.answered_on and day < self.answered_on + timedelta(days=7):
            return
        self.answered_on = day
        self.answers.append(habits.Answer(moment(day, 20, self.rng.randint(0, 55)), self.person.number, side))

    def _spend(self, day: date) -> None:
        if not self.holds or (self.person.steady and (self.points < 500 or self.spent)):
            return
        within = [
            (code, price) for code, price in habits.PRICES if price <= self.points and code not in self.idle
        ]
        if not within or (not self.person.steady and self.rng.random() > 0.11):
            return
        code, price = ("PARKING", 100) if self.person.steady else self.rng.choice(within)
        self.points -= price
        self.spent += price
        self._say(acts.Took, moment(day, 21, self.rng.randint(0, 50)), reward=code)
        used_on = self.stage.working(day + timedelta(days=self.rng.randint(1, 25)))
        if self.rng.random() < 0.7:
            if used_on <= self.stage.last:
                self._say(acts.Used, moment(used_on, 12, self.rng.randint(0, 55)), reward=code)
        else:
            # A second of the same kind would leave open which of the two the counter takes later.
            self.idle.add(code)

    def _leave(self, day: date) -> None:
        """The package is given back; her check-ups go on as before."""
        assert self.plan is not None
        refund = habits.refund(self.stage.document, self.plan, day, frozenset(self.settled))
        reason = self.rng.choice(self.stage.words["left"])
        self._say(acts.Left, moment(day, 22, 5), reason=reason, refund=refund)
        self.holds = False

    def _side(self, day: date) -> str:
        return "with" if self.holds else "without" if day >= self.stage.pilot else "before"

    def _window(self, task: Task) -> tuple[date, date]:
        start = self.person.last_period
        return start + timedelta(days=task.opens_day), start + timedelta(days=task.closes_day)

    def _say(self, kind: Value, at: datetime, **facts: Value) -> None:
        self.told.append(kind(at, self.person.number, **facts))


def _local_day(when: datetime) -> date:
    return when.astimezone(ZONE).date()


def lives(stage: Stage, people: list[Person], seed: int) -> Iterator[Life]:
    for person in people:
        yield Life(stage, person, Random(f"{seed}:life:{person.number}")).tell()

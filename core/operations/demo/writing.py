"""The same story as rows: what the deeds would have written, in a few large inserts instead of ten thousand
transactions. `tests/operations/test_demo.py` holds every table to the deeds, row by row.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from functools import singledispatchmethod

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.care.plan.ending import Taken
from core.care.plan.planning import plan
from core.care.tables import (
    AppointmentRow,
    CourseEndingRow,
    EnrolmentRow,
    GrowthMeasurementRow,
    OfferRow,
    RefundRow,
    SurveyAnswerRow,
    TaskRow,
)
from core.care.work.measurements import FORMULA
from core.clinical.fetal_growth import estimated_weight
from core.operations.demo import acts
from core.operations.demo.bank_book import BankBook
from core.operations.demo.known import Known
from core.operations.demo.playing import facts
from core.operations.demo.rows import Row, Rows
from core.operations.demo.stage import ZONE
from core.people.patient_rules import PatientFacts
from core.people.patients import columns
from core.people.tables import ConsentRow, PatientRow
from core.recognition.counting import counted_characters, same_text
from core.recognition.tables import RecognitionRow


class Writer:
    """Takes acts in order and turns them into rows; ids go into `known` as the deeds' would."""

    def __init__(self, session: Session, known: Known) -> None:
        self.known, self.scene = known, known.story.stage
        self.rows = Rows(session)
        self.bank = BankBook(session, self.rows, known)
        self.people = {person.number: person for person in known.story.people}
        self.written = {task.code: task for task in self.bank.document.tasks}
        self.rules = {rule.code: rule for rule in self.bank.document.earning_rules}
        self.offers: dict[int, Row] = {}
        self.enrolments: dict[int, Row] = {}
        self.tasks: dict[tuple[int, str], Row] = {}
        self.visits: dict[tuple[int, int], Row] = {}
        self.praises: dict[int, Row] = {}
        self.consents: dict[int, dict[str, bool]] = {}
        self.receipts: Counter[date] = Counter()
        self.nurses: list[dict[str, int | None]] = []

    def take(self, act: acts.Act) -> None:
        self._act(act)

    def write(self) -> None:
        self.rows.write()
        self.bank.write()
        if self.nurses:
            self.rows.session.execute(update(PatientRow), self.nurses)

    @singledispatchmethod
    def _act(self, act: acts.Act) -> None:
        raise TypeError(f"{type(act).__name__} is left to its deed")

    # --- people and packages --------------------------------------------------------------------

    @_act.register
    def _(self, act: acts.Added) -> None:
        person = PatientFacts(**facts(self.people[act.who], self.scene.language))
        row = self.rows.add(PatientRow, **columns(person, act.at))
        self.known.patients[act.who] = row["id"]

    @_act.register
    def _(self, act: acts.Offered) -> None:
        self._offer(act, act.outcome, act.reason)

    def _offer(self, act: acts.Act, outcome: str, reason: str, enrolment_id: int | None = None) -> None:
        row = self.offers.get(act.who)
        if row is None:
            row = self.offers[act.who] = self.rows.add(
                OfferRow, patient_id=self.known.patients[act.who], package_id=self.known.package_id,
                offered_on=_day(act), staff_id=self._staff(act), at=act.at,
            )  # fmt: skip
        row |= {"outcome": outcome, "reason": reason, "enrolment_id": enrolment_id}

    @_act.register
    def _(self, act: acts.Enrolled) -> None:
        day, person = _day(act), self.people[act.who]
        schedule = plan(self.scene.document, person.last_period, day)
        self.receipts[day] += 1
        row = self.rows.add(
            EnrolmentRow, patient_id=self.known.patients[act.who], package_id=self.known.package_id,
            version_id=self.known.versions[1 if act.at < self.scene.second_version else 2],
            anchor_kind="last_period", anchor_date=person.last_period, enrolled_on=day,
            expires_on=day + timedelta(days=self.scene.document.valid_days), status="active",
            amount_fen=0 if act.method == "free" else self.scene.document.price_fen, payment_method=act.method,
            receipt_number=f"R{day:%Y%m%d}-{self.receipts[day]:03d}", badge_target=schedule.badge_target,
            enrolled_by=self._staff(act), at=act.at,
        )  # fmt: skip
        self.enrolments[act.who] = row
        self.known.enrolments[act.who] = row["id"]
        for task in schedule.tasks:
            found = self.rows.add(
                TaskRow, enrolment_id=row["id"], code=task.code, role=self.written[task.code].role,
                counts_for_badge=task.counts_for_badge, opens_on=task.opens_on, closes_on=task.closes_on,
                state=task.state,
            )  # fmt: skip
            self.tasks[act.who, task.code] = found
            self.known.tasks[act.who, task.code] = found["id"]
        self._offer(act, "accepted", "", row["id"])
        for purpose, given in act.consents:
            self._consent(act, purpose, given, "paper", self._staff(act))

    @_act.register
    def _(self, act: acts.OwnNurseNamed) -> None:
        nurse = self.known.staff[act.nurse].id
        self.nurses.append({"id": self.known.patients[act.who], "own_nurse_id": nurse})

    def _consent(self, act: acts.Act, purpose: str, given: bool, channel: str, staff_id: int | None) -> None:
        newest = self.consents.setdefault(act.who, {})
        if newest.get(purpose) != given:
            newest[purpose] = given
            self.rows.add(
                ConsentRow, patient_id=self.known.patients[act.who], purpose=purpose, given=given,
                channel=channel, at=act.at, recorded_by=staff_id,
            )  # fmt: skip

    @_act.register
    def _(self, act: acts.Completed) -> None:
        self._end(act, "completed", "")

    @_act.register
    def _(self, act: acts.Left) -> None:
        sold = self.enrolments[act.who]
        sold |= {"refund_fen": act.refund.fen, "refunded_on": _day(act)}
        self.rows.add(
            RefundRow, enrolment_id=sold["id"], number=f"{sold['receipt_number']}-R1", amount_fen=act.refund.fen,
            day=_day(act), at=act.at, staff_id=self._staff(act), cause="wish", reason=act.reason,
            rule_fen=act.refund.fen, rule_from="sold", lines=[line.kept() for line in act.refund.lines],
        )  # fmt: skip
        self._end(act, "cancelled", act.reason)

    def _end(self, act: acts.Act, status: str, reason: str) -> None:
        row, day = self.enrolments[act.who], _day(act)
        hers = [task for (who, _code), task in self.tasks.items() if who == act.who]
        tasks = [task for task in hers if task["state"] == "planned" and task["closes_on"] >= day]
        ids = {task["id"] for task in hers}
        visits = [
            visit
            for (who, _number), visit in self.visits.items()
            if who == act.who and visit["state"] == "booked" and visit["task_id"] in ids
        ]
        for gone in (*tasks, *visits):
            gone |= {"state": "cancelled", "reason": reason, "changed_at": act.at}
        row |= {"status": status, "ended_on": day, "end_reason": reason}
        took = Taken([row["id"]], sorted(one["id"] for one in tasks), sorted(one["id"] for one in visits))
        self.rows.add(
            CourseEndingRow, enrolment_id=row["id"], status=status, day=day, at=act.at,
            staff_id=self._staff(act), took=asdict(took), reopen_reason="",
        )  # fmt: skip

    # --- visits and tasks -----------------------------------------------------------------------

    @_act.register
    def _(self, act: acts.Booked) -> None:
        row = self.rows.add(
            AppointmentRow, patient_id=self.known.patients[act.who],
            task_id=self.known.tasks[act.who, act.code] if act.code else None,
            package_id=self.known.package_id if act.code else None,
            day=act.when.astimezone(ZONE).date(), at=act.when, state="booked", changed_at=act.at,
        )  # fmt: skip
        self.visits[act.who, act.visit] = row
        self.known.visits[act.who, act.visit] = row["id"]

    @_act.register
    def _(self, act: acts.Attended) -> None:
        self._mark(act, act.visit, "attended", "")

    @_act.register
    def _(self, act: acts.Missed) -> None:
        self._mark(act, act.visit, "no_show", act.reason)

    @_act.register
    def _(self, act: acts.CalledOff) -> None:
        self._mark(act, act.visit, "cancelled", act.reason)

    def _mark(self, act: acts.Act, visit: int, state: str, reason: str) -> None:
        self.visits[act.who, visit] |= {"state": state, "reason": reason, "changed_at": act.at}

    @_act.register
    def _(self, act: acts.Done) -> None:
        task = self.tasks[act.who, act.code]
        task |= {"state": "done", "done_on": act.on, "done_by": self._staff(act, task["role"])}
        task |= {"evidence": act.evidence, "reason": "", "changed_at": act.at}
        if act.visit is not None:
            self.visits[act.who, act.visit] |= {"state": "attended", "changed_at": act.at}
        self._announce(act, task)

    @_act.register
    def _(self, act: acts.Excused) -> None:
        task = self.tasks[act.who, act.code]
        task |= {"state": "excused", "done_on": _day(act), "done_by": self._staff(act, task["role"])}
        task |= {"reason": act.reason, "done_at": act.at, "changed_at": act.at}
        self._announce(act, task)

    def _announce(self, act: acts.Act, task: Row) -> None:
        """What the bank does when it hears of a task: points inside the window, the voucher at the target."""
        written, actor = self.written[task["code"]], self._staff(act, task["role"])
        if written.points and task["done_on"] <= task["closes_on"]:
            self.bank.earn(
                act, actor, written.points, written.earns or "", f"task:{task['id']}:1", written.title
            )
        if task["counts_for_badge"]:
            enrolment = self.enrolments[act.who]
            badges = sum(
                each["counts_for_badge"] and each["state"] in ("done", "excused")
                for code in self.written
                if (each := self.tasks.get((act.who, code)))
            )
            if enrolment["badge_target"] and badges >= enrolment["badge_target"]:
                self.bank.badge_voucher(act, enrolment["id"])

    @_act.register
    def _(self, act: acts.Measured) -> None:
        weight = math.floor(estimated_weight(act.hc_mm, act.ac_mm, act.fl_mm) + 0.5)
        day = _day(act)
        self.rows.add(
            GrowthMeasurementRow, patient_id=self.known.patients[act.who], day=day,
            ga_days=(day - self.people[act.who].last_period).days, hc_mm=act.hc_mm, ac_mm=act.ac_mm,
            fl_mm=act.fl_mm, efw_g=weight, formula=FORMULA, recorded_by=self._staff(act), at=act.at,
        )  # fmt: skip

    # --- her own words, points and vouchers -----------------------------------------------------

    @_act.register
    def _(self, act: acts.Answered) -> None:
        package_id = self.known.package_id if act.who in self.enrolments else None
        self.rows.add(
            SurveyAnswerRow, patient_id=self.known.patients[act.who], package_id=package_id, day=_day(act),
            score=act.score, comment=act.comment, at=act.at,
        )  # fmt: skip

    @_act.register
    def _(self, act: acts.Praised) -> None:
        held = self.enrolments.get(act.who)
        person = self.known.staff.get(act.person)
        row = self.rows.add(
            RecognitionRow, location_id=self.known.places[act.place][0], staff_id=person.id if person else None,
            patient_id=self.known.patients[act.who] if act.who >= 0 else None,
            package_id=self.known.package_id if held and held["status"] == "active" else None,
            day=_day(act), at=act.at, text=act.text,
            text_hash=hashlib.sha256(same_text(act.text).encode()).hexdigest(),
            counted=counted_characters(act.text), may_show=act.may_show, state="received", tip_fen=act.tip_fen,
            tip_state="declared" if act.tip_fen else "none",
        )  # fmt: skip
        self.praises[act.number] = row
        self.known.praises[act.number] = row["id"]
        if act.may_show and act.who >= 0:
            self._consent(act, "story_wall", True, "phone", None)

    @_act.register
    def _(self, act: acts.TipSettled) -> None:
        state = "confirmed" if act.arrived else "not_received"
        self.praises[act.number] |= {"tip_state": state, "tip_decided_at": act.at}

    @_act.register
    def _(self, act: acts.StoryDecided) -> None:
        row = self.praises[act.number]
        row |= {
            "state": "approved" if act.story else "kept",
            "decided_by": self._staff(act),
            "decided_at": act.at,
        }
        if act.story:
            row |= {"story": act.story, "wall_month": _day(act).replace(day=1)}

    @_act.register
    def _(self, act: acts.Thanked) -> None:
        rule = next(rule for rule in self.rules.values() if rule.event == "referral")
        friend = self.known.patients[act.friend]
        self.bank.earn(act, self._staff(act), rule.points, rule.code, f"refer:{friend}:1", rule.text)

    @_act.register
    def _(self, act: acts.Took) -> None:
        self.bank.take_reward(act, act.reward)

    @_act.register
    def _(self, act: acts.Used) -> None:
        self.bank.use_voucher(act, act.reward, self._staff(act))

    def _staff(self, act: acts.Act, role: str = "nurse") -> int | None:
        return self.known.staff[acts.hand(act, role)].id


def _day(act: acts.Act) -> date:
    return act.at.astimezone(ZONE).date()

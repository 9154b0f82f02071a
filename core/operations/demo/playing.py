"""The story through the doors of the house: every act by its deed, by the right person, at its own moment."""

from __future__ import annotations

from functools import singledispatchmethod

from sqlalchemy import select

from core.bank.earning_rules import thank_referrer
from core.bank.tables import RewardRow, VoucherRow
from core.bank.vouchers import redeem_voucher, take_reward
from core.care import feedback, quiet_care
from core.care.sale import courses, offers
from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.care.work import appointments, measurements, tasks
from core.department.prints import record_print
from core.department.tables import LocationRow
from core.foundation.access import PUBLIC, SYSTEM, Actor
from core.foundation.clock import SetClock
from core.foundation.doors import Desk, Look
from core.foundation.images import clean_image
from core.foundation.open_types import Value
from core.keepsakes.albums import add_photo, caption_photos, write_album
from core.operations.demo import acts, opening, pictures
from core.operations.demo.known import Known
from core.operations.demo.people import Person
from core.operations.demo.stage import ZONE
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish, take_template
from core.packages.tables import PackageVersionRow
from core.people.intake import PatientLine, import_patients
from core.people.own_nurse import name_own_nurse
from core.people.patients import add_patient
from core.people.tables import PatientRow, StaffRow
from core.recognition.praise import give_praise
from core.recognition.stories import approve, keep_private
from core.recognition.tips import confirm_tip, tip_not_received
from core.settlement import refunds


class Player:
    """Plays acts in the order in which they come; what it learns of ids goes into `known`."""

    def __init__(self, desk: Desk, clock: SetClock, known: Known) -> None:
        self.desk, self.clock, self.known = desk, clock, known
        self.scene = known.story.stage
        self.people = {person.number: person for person in known.story.people}
        self.roles = {task.code: task.role for task in self.scene.document.tasks}
        self.learn(_places_and_codes)

    def play(self, act: acts.Act) -> None:
        self.clock.moment = act.at
        self._act(act)

    def learn(self, question: Value) -> None:
        """Take over ids from the database by a function of a look and `known`."""
        self.desk.ask(SYSTEM, lambda look: question(look, self.known))

    def _do(self, act: acts.Act, deed: Value, role: str = "nurse", **arguments: Value) -> Value:
        return self.desk.do(self.known.staff[acts.hand(act, role)], deed, **arguments)

    def _her(self, act: acts.Act) -> Actor:
        return Actor("patient", self.known.patients[act.who])

    @singledispatchmethod
    def _act(self, act: acts.Act) -> None:
        raise TypeError(type(act).__name__)

    # --- people and packages --------------------------------------------------------------------

    @_act.register
    def _(self, act: acts.Imported) -> None:
        rows = [
            PatientLine(**facts(self.people[number], self.scene.language), row_number=row)
            for row, number in enumerate(act.numbers, start=2)
        ]
        self._do(act, import_patients, rows=rows, file_digest=f"demo-{self.scene.language}")
        self.learn(_patients_on_file)

    @_act.register
    def _(self, act: acts.Added) -> None:
        found = self._do(act, add_patient, **facts(self.people[act.who], self.scene.language))
        self.known.patients[act.who] = found

    @_act.register
    def _(self, act: acts.Published) -> None:
        if act.number == 1:
            document = self.scene.document.model_dump(mode="json")
            self.known.package_id = self._do(act, take_template, document=document)
        else:
            before = self.desk.ask(SYSTEM, draft, package_id=self.known.package_id)
            self._do(
                act, keep_draft, package_id=self.known.package_id, expected_changed_at=before.changed_at,
                working=self.scene.revised().model_dump(mode="json"),
            )  # fmt: skip
        self._do(act, publish, package_id=self.known.package_id)
        self.learn(_versions_and_rewards)

    @_act.register
    def _(self, act: acts.SopApproved) -> None:
        opening.approve_sop(self.desk, self.known, act)

    @_act.register
    def _(self, act: acts.WentLive) -> None:
        opening.take_live(self.desk, self.known)

    @_act.register
    def _(self, act: acts.PostersPrinted) -> None:
        self._do(act, record_print, kind="posters")

    @_act.register
    def _(self, act: acts.Offered) -> None:
        self._do(
            act, offers.record_offer, patient_id=self.known.patients[act.who], package_id=self.known.package_id,
            outcome=act.outcome, reason=act.reason,
        )  # fmt: skip

    @_act.register
    def _(self, act: acts.Enrolled) -> None:
        enrolment_id = self._do(
            act, enrol, patient_id=self.known.patients[act.who], package_id=self.known.package_id,
            payment_method=act.method, consents=dict(act.consents),
            last_period=self.people[act.who].last_period,
        )  # fmt: skip
        self.known.enrolments[act.who] = enrolment_id
        rows = self.desk.ask(SYSTEM, _tasks_of, enrolment_id=enrolment_id)
        self.known.tasks.update({(act.who, code): task_id for task_id, code in rows})

    @_act.register
    def _(self, act: acts.OwnNurseNamed) -> None:
        nurse = self.known.staff[act.nurse].id
        self._do(act, name_own_nurse, patient_id=self.known.patients[act.who], nurse_id=nurse)

    @_act.register
    def _(self, act: acts.Completed) -> None:
        self._do(act, courses.complete, enrolment_id=self.known.enrolments[act.who])

    @_act.register
    def _(self, act: acts.Left) -> None:
        self._do(
            act, refunds.cancel_and_refund, enrolment_id=self.known.enrolments[act.who], cause="wish",
            reason=act.reason, refund_fen=act.refund.fen,
        )  # fmt: skip

    # --- visits and tasks -----------------------------------------------------------------------

    @_act.register
    def _(self, act: acts.Booked) -> None:
        found = self._do(
            act, appointments.book, patient_id=self.known.patients[act.who], at=act.when,
            task_id=self.known.tasks[act.who, act.code] if act.code else None,
        )  # fmt: skip
        self.known.visits[act.who, act.visit] = found

    @_act.register
    def _(self, act: acts.Attended) -> None:
        self._do(act, appointments.attended, appointment_id=self.known.visits[act.who, act.visit])

    @_act.register
    def _(self, act: acts.Missed) -> None:
        visit = self.known.visits[act.who, act.visit]
        self._do(act, appointments.no_show, appointment_id=visit, reason=act.reason)

    @_act.register
    def _(self, act: acts.CalledOff) -> None:
        visit = self.known.visits[act.who, act.visit]
        self._do(act, appointments.cancel, appointment_id=visit, reason=act.reason)

    @_act.register
    def _(self, act: acts.Done) -> None:
        self._do(
            act, tasks.mark_done, self.roles[act.code], task_id=self.known.tasks[act.who, act.code],
            evidence=act.evidence, done_on=act.on,
        )  # fmt: skip

    @_act.register
    def _(self, act: acts.Excused) -> None:
        task_id = self.known.tasks[act.who, act.code]
        self._do(act, tasks.excuse, self.roles[act.code], task_id=task_id, reason=act.reason)

    @_act.register
    def _(self, act: acts.Measured) -> None:
        self._do(
            act, measurements.record_growth, patient_id=self.known.patients[act.who],
            day=act.at.astimezone(ZONE).date(), hc_mm=act.hc_mm, ac_mm=act.ac_mm, fl_mm=act.fl_mm,
        )  # fmt: skip

    # --- her own words, points and vouchers -----------------------------------------------------

    @_act.register
    def _(self, act: acts.Answered) -> None:
        self.desk.do(self._her(act), feedback.answer_survey, score=act.score, comment=act.comment)

    @_act.register
    def _(self, act: acts.Praised) -> None:
        self.known.praises[act.number] = self.desk.do(
            PUBLIC if act.who < 0 else self._her(act), give_praise, code=self.known.places[act.place][1],
            text=act.text, person=self.known.praise_codes.get(act.person, ""), tip_fen=act.tip_fen,
            may_show=act.may_show,
        )  # fmt: skip

    @_act.register
    def _(self, act: acts.TipSettled) -> None:
        deed = confirm_tip if act.arrived else tip_not_received
        self._do(act, deed, recognition_id=self.known.praises[act.number])

    @_act.register
    def _(self, act: acts.StoryDecided) -> None:
        praise = self.known.praises[act.number]
        if act.story:
            self._do(act, approve, recognition_id=praise, story=act.story)
        else:
            self._do(act, keep_private, recognition_id=praise)

    @_act.register
    def _(self, act: acts.Thanked) -> None:
        friend, referrer = self.known.enrolments[act.friend], self.known.patients[act.who]
        self._do(act, thank_referrer, enrolment_id=friend, referrer_id=referrer)

    @_act.register
    def _(self, act: acts.Took) -> None:
        found = self.desk.do(self._her(act), take_reward, reward_id=self.known.rewards[act.reward])
        self.known.vouchers.setdefault((act.who, act.reward), []).append(found["code"])

    @_act.register
    def _(self, act: acts.Used) -> None:
        held = self.known.vouchers.get((act.who, act.reward))
        if held is None:
            held = self.desk.ask(
                SYSTEM, _badge_vouchers, patient_id=self.known.patients[act.who],
                reward_id=self.known.rewards[act.reward],
            )  # fmt: skip
        self._do(act, redeem_voucher, code=held.pop(0))

    # --- quiet endings and keepsakes ------------------------------------------------------------

    @_act.register
    def _(self, act: acts.Stopped) -> None:
        self.known.stops[act.who] = self._do(
            act, quiet_care.gentle_stop, patient_id=self.known.patients[act.who], kind=act.kind, note=act.note,
            caller_id=self.known.staff[act.caller].id,
        )  # fmt: skip

    @_act.register
    def _(self, act: acts.CallMade) -> None:
        self._do(act, quiet_care.mark_called, stop_id=self.known.stops[act.who], note=act.note)

    @_act.register
    def _(self, act: acts.Refunded) -> None:
        self._do(
            act, refunds.record_refund, enrolment_id=self.known.enrolments[act.who], cause="transfer",
            refund_fen=act.refund_fen, reason=act.reason,
        )  # fmt: skip

    @_act.register
    def _(self, act: acts.AlbumMade) -> None:
        words, enrolment_id = self.scene.words["albums"][act.number], self.known.enrolments[act.who]
        doctor, nurse = self.known.staff["demo.doctor"].name, self.known.staff["demo.nurse"].name
        self._do(
            act, write_album, enrolment_id=enrolment_id, name=self.people[act.who].name(self.scene.language),
            title=words["title"], doctor_name=doctor, doctor_message=words["doctor"], nurse_name=nurse,
            nurse_message=words["nurse"],
        )  # fmt: skip
        captions = []
        for place, picture in enumerate(pictures.album(act.number)):
            photo = self._do(act, add_photo, enrolment_id=enrolment_id, picture=clean_image(picture))
            captions.append({"id": photo, "caption": words["captions"][place], "position": place + 1})
        self._do(act, caption_photos, enrolment_id=enrolment_id, photos=captions)


def facts(person: Person, language: str) -> dict[str, Value]:
    """A person as the form for a new patient takes her."""
    return {
        "name": person.name(language),
        "record_number": person.record_number,
        "phone": person.phone,
        "birth_date": person.birth_date,
        "last_period": person.last_period,
        "language": language,
    }


def _patients_on_file(look: Look, known: Known) -> None:
    ids = {
        number: row for row, number in look.session.execute(select(PatientRow.id, PatientRow.record_number))
    }
    for person in known.story.people:
        if person.record_number in ids:
            known.patients[person.number] = ids[person.record_number]


def _places_and_codes(look: Look, known: Known) -> None:
    for row in look.session.scalars(select(LocationRow)):
        known.places[row.code] = (row.id, row.praise_code)
    for username, code in look.session.execute(select(StaffRow.username, StaffRow.praise_code)):
        known.praise_codes[username] = code


def _versions_and_rewards(look: Look, known: Known) -> None:
    versions = select(PackageVersionRow.number, PackageVersionRow.id).where(PackageVersionRow.number > 0)
    known.versions.update((row.number, row.id) for row in look.session.execute(versions))
    known.rewards.update(
        (row.code, row.id) for row in look.session.execute(select(RewardRow.code, RewardRow.id))
    )


def _tasks_of(look: Look, *, enrolment_id: int) -> list[tuple[int, str]]:
    found = look.session.execute(select(TaskRow.id, TaskRow.code).where(TaskRow.enrolment_id == enrolment_id))
    return [(task_id, code) for task_id, code in found]


def _badge_vouchers(look: Look, *, patient_id: int, reward_id: int) -> list[str]:
    query = select(VoucherRow.code).where(
        VoucherRow.patient_id == patient_id, VoucherRow.reward_id == reward_id
    )
    return list(look.session.scalars(query))

"""What happens to the demo's knee patients, each by the deed of real use and by the right person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core.care.sale.enrolments import enrol
from core.care.tables import TaskRow
from core.care.work import tasks
from core.dialogue.answers import answers
from core.dialogue.cases import alerts, calls, cases, questions
from core.dialogue.duty import shifts
from core.dialogue.duty.tables import DutySpanRow
from core.dialogue.films import films
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings.recordings import FILM
from core.dialogue.recordings.voices import voice_of
from core.dialogue.tables import CaseRow
from core.foundation.access import SYSTEM, Actor
from core.foundation.clock import SetClock
from core.foundation.doors import Desk, Stamp
from core.operations.demo import knee_film, knee_opening
from core.operations.demo.knee_cast import CAST, KINDS, Patient
from core.operations.demo.known import Known
from core.operations.looking import look_around
from core.people.own_nurse import name_own_nurse
from core.people.patients import add_patient

DESK, NURSES = "demo.desk", ("demo.nurse", "demo.nurse2", "demo.nurse3")


class KneeWard:
    """Says and does what the script asks for; knows the ids of what came before."""

    def __init__(self, desk: Desk, clock: SetClock, known: Known) -> None:
        self.desk, self.clock, self.known = desk, clock, known
        self.words = known.story.stage.words["knee"]
        self.patients: dict[int, int] = {}
        self.enrolments: dict[int, int] = {}
        self.tasks: dict[tuple[int, str], int] = {}
        self.package_id = 0

    def staff(self, name: str) -> Actor:
        return self.known.staff[name]

    def her(self, who: int) -> Actor:
        return Actor("patient", self.patients[who])

    def opened(self) -> None:
        self.package_id = knee_opening.take_live(self.desk, self.known)

    def discharged(self, who: int) -> None:
        """She leaves the house with the package, agrees, and gets her own nurse."""
        scene, one = self.known.story.stage, CAST[who]
        self.patients[who] = self.desk.do(
            self.staff(DESK), add_patient, **facts(one, scene.language, scene.today)
        )
        today = self.desk.ask(SYSTEM, lambda look: look.today)
        self.enrolments[who] = self.desk.do(
            self.staff(DESK), enrol, patient_id=self.patients[who], package_id=self.package_id,
            payment_method=("wechat", "alipay", "card")[who % 3], anchor_date=today,
            consents={"service": True, "messages": True, "photos": True, "films": True},
        )  # fmt: skip
        nurse = self.staff(NURSES[who % len(NURSES)])
        self.desk.do(self.staff(DESK), name_own_nurse, patient_id=self.patients[who], nurse_id=nurse.id)
        rows = self.desk.ask(
            SYSTEM,
            lambda look: look.session.execute(
                select(TaskRow.code, TaskRow.id).where(TaskRow.enrolment_id == self.enrolments[who])
            ).all(),
        )
        self.tasks.update({(who, code): task_id for code, task_id in rows})

    # --- her own phone --------------------------------------------------------------------------

    def answers(self, who: int, code: str, **given: Any) -> None:
        if (who, code) in self.tasks:
            self.desk.do(self.her(who), answers.answer, task_id=self.tasks[who, code], **given)

    def asks(self, who: int, words: str, thanks: bool = False) -> None:
        self.desk.do(self.her(who), questions.ask, words=self.words[words], needs_answer=not thanks)

    def reports(self, who: int, signs: tuple[str, ...], words: str = "") -> None:
        said = self.words[words] if words else ""
        self.desk.do(self.her(who), alerts.report, signs=list(signs), words=said)

    def films(self, who: int, code: str) -> None:
        """A film that came and was checked, as the row and the deed of an upload leave it."""
        task_id, data = self.tasks[who, code], knee_film.film(code != "PUMP_VIDEO")
        key = self.desk.media.put(data, FILM)

        def arrived(stamp: Stamp) -> int:
            row = RecordingRow(
                patient_id=self.patients[who], enrolment_id=self.enrolments[who], task_id=task_id, kind="film",
                by="patient", state="checking", size=len(data), at=stamp.now,
            )  # fmt: skip
            stamp.session.add(row)
            stamp.session.flush()
            return row.id

        self.desk.do(
            SYSTEM, films.be_ready, recording_id=self.desk.do(SYSTEM, arrived), key=key, size=len(data),
            seconds=knee_film.SECONDS, width=knee_film.WIDTH, height=knee_film.HEIGHT,
        )  # fmt: skip

    # --- the team -------------------------------------------------------------------------------

    def looks(self) -> None:
        """The house looks: steps of ladders, untaken shifts, silence."""
        look_around(self.desk)

    def nurse_marks(self, who: int, code: str, number: str) -> None:
        """A task of the nurse: the score she asked for, or what shows that it was done."""
        nurse, task_id = self.staff(NURSES[who % len(NURSES)]), self.tasks[who, code]
        if number:
            self.desk.do(nurse, answers.record_for_patient, task_id=task_id, number=number)
        else:
            evidence = self.known.story.stage.words["evidence"][0]
            self.desk.do(nurse, tasks.mark_done, task_id=task_id, evidence=evidence)

    def takes(self, who: int, name: str, kind: str = "") -> None:
        self.desk.do(self.staff(name), cases.take, case_id=self._case(who, kind))

    def replies(self, who: int, name: str, words: str, kind: str = "") -> None:
        self.desk.do(self.staff(name), cases.reply, case_id=self._case(who, kind), words=self.words[words])

    def speaks(self, who: int, name: str) -> None:
        voice = voice_of(knee_opening.spoken())
        self.desk.do(self.staff(name), cases.reply, case_id=self._case(who), voice=voice)

    def decides(self, who: int, name: str, decision: str, words: str, on: date | None = None) -> None:
        self.desk.do(
            self.staff(name), cases.decide, case_id=self._case(who), decision=decision, advice=self.words[words],
            decision_on=on,
        )  # fmt: skip

    def closes(self, who: int, name: str, words: str = "", kind: str = "") -> None:
        advice = self.words[words] if words else ""
        self.desk.do(self.staff(name), cases.close, case_id=self._case(who, kind), advice=advice)

    def calls(self, who: int, name: str, outcome: str) -> None:
        self.desk.do(self.staff(name), calls.record, outcome=outcome, case_id=self._case(who))

    def takes_shift(self, name: str) -> None:
        self.desk.do(self.staff(name), shifts.take_shift, span_id=self._shift(name))

    def hands_over(self, name: str, to: str, words: str) -> None:
        """The shift that runs now, with what is open; the other confirms two minutes later."""
        span = self._shift(name)
        self.desk.do(
            self.staff(name), shifts.hand_over, span_id=span, to=self.staff(to).id, note=self.words[words]
        )
        self.clock.moment += timedelta(minutes=2)
        self.desk.do(self.staff(to), shifts.receive, span_id=span)

    # --- inner ----------------------------------------------------------------------------------

    def _case(self, who: int, kind: str = "") -> int:
        """The case her story is about (or the one of a `kind`), not settled yet."""
        query = (
            select(CaseRow.id)
            .where(
                CaseRow.patient_id == self.patients[who],
                CaseRow.kind == (kind or KINDS.get(who, "question")),
                CaseRow.state.in_(cases.UNSETTLED),
            )
            .order_by(CaseRow.id.desc())
            .limit(1)
        )
        found: int = self.desk.ask(SYSTEM, lambda look: look.session.scalars(query).one())
        return found

    def _shift(self, name: str) -> int:
        """The shift of somebody that runs now or begins next."""
        soon = self.clock.moment + timedelta(hours=9)
        query = (
            select(DutySpanRow.id)
            .where(
                DutySpanRow.staff_id == self.staff(name).id, DutySpanRow.starts_at <= soon,
                DutySpanRow.ends_at > self.clock.moment,
            )
            .order_by(DutySpanRow.starts_at)
            .limit(1)
        )  # fmt: skip
        found: int = self.desk.ask(SYSTEM, lambda look: look.session.scalars(query).one())
        return found


def facts(one: Patient, language: str, today: date) -> dict[str, Any]:
    """Somebody as the form for a new patient takes her."""
    return {
        "name": one.zh if language == "zh" else one.en,
        "record_number": one.record_number,
        "phone": one.phone,
        "birth_date": date(today.year - one.age, 4, 12),
        "language": language,
    }

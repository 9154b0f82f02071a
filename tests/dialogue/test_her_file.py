"""Her numbers, her doses and who answers her, as her file shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.care.sale.enrolments import enrol
from core.dialogue.answers.answers import answer, record_for_patient
from core.dialogue.answers.doses import set_dose
from core.dialogue.her_file import conversation_of, dose_lines, numbers_of
from core.foundation.access import NotAllowed
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.escalation_roster import fill
from core.people.own_nurse import name_own_nurse
from core.people.patients import add_patient
from core.people.staff import deactivate
from tests.answering_ward import AnswerWard, two_days_later
from tests.conftest import World
from tests.prenatal_ward import PrenatalWard
from tests.selling import open_sales


@pytest.fixture
def knee(world: World) -> AnswerWard:
    return two_days_later(world)


def test_numbers_stand_task_by_task_and_only_those_that_count(knee: AnswerWard) -> None:
    knee.do(answer, task_id=knee.task("TEMP.2"), number="36.5")
    knee.do(answer, task_id=knee.task("TEMP.2"), number="38.4")
    knee.do(answer, task_id=knee.task("NRS.2"), number="5")
    knee.do(answer, task_id=knee.task("PUMP.2"), number="80")
    knee.do(answer, task_id=knee.task("WOUND.2"), ticks=[1])
    knee.world.clock.advance(timedelta(days=1))
    knee.world.do("nurse", record_for_patient, task_id=knee.task("TEMP.3"), number="36.6")
    pain, fever, pumps = knee.world.ask("nurse", numbers_of, enrolment_id=knee.enrolment_id)
    assert (pain.kind, fever.kind, pumps.kind) == ("scale", "value", "count")
    assert [point.number for point in fever.points] == [38.4, 36.6]
    assert [point.level for point in fever.points] == ["orange", ""]
    assert (fever.unit, fever.limit, fever.dose) == ("℃", 38.0, None)
    assert (pain.limit, pumps.dose) == (4, 100)


def test_her_dose_is_shown_with_its_bounds_and_history(knee: AnswerWard) -> None:
    knee.world.do(
        "doctor", set_dose, enrolment_id=knee.enrolment_id, task_code="PUMP", sets=3, reps=20, reason="膝盖肿"
    )
    lines = {one.code: one for one in knee.world.ask("nurse", dose_lines, enrolment_id=knee.enrolment_id)}
    pump, quad = lines["PUMP"], lines["QUAD"]
    assert (pump.sets, pump.reps, pump.own, pump.low, pump.high, pump.role) == (
        3,
        20,
        True,
        50,
        180,
        "doctor",
    )
    assert [one.reason for one in pump.history] == ["膝盖肿"]
    assert (quad.own, quad.history) == (False, ())
    knee.do(answer, task_id=knee.task("PUMP.2"), number="60")
    (series,) = knee.world.ask("nurse", numbers_of, enrolment_id=knee.enrolment_id)
    assert series.dose == 60


def test_her_nurse_has_a_stand_in_while_she_is_off(knee: AnswerWard) -> None:
    found = knee.world.ask("nurse", conversation_of, patient_id=knee.patient_id)
    assert (found.nurse.name, found.nurse.stand_in, found.running) == ("", None, True)
    nurse, doctor = knee.world.actors["nurse"], knee.world.actors["doctor"]
    knee.world.do("manager", name_own_nurse, patient_id=knee.patient_id, nurse_id=nurse.id)
    knee.world.do(
        "manager", fill, first=knee.world.today, last=knee.world.today, staff_id=doctor.id, phone="6001",
    )  # fmt: skip
    off = knee.world.ask("nurse", conversation_of, patient_id=knee.patient_id).nurse
    assert (off.name, off.here, off.on_duty) == (nurse.name, True, False)
    assert off.stand_in is not None and off.stand_in.name == doctor.name
    knee.world.do("manager", name_own_nurse, patient_id=knee.patient_id, nurse_id=doctor.id)
    there = knee.world.ask("nurse", conversation_of, patient_id=knee.patient_id).nurse
    assert there.on_duty and there.stand_in is None
    knee.world.do("administrator", deactivate, staff_id=doctor.id)
    gone = knee.world.ask("nurse", conversation_of, patient_id=knee.patient_id).nurse
    assert not gone.here and gone.name == doctor.name


def test_a_bank_sold_later_hides_no_doses_of_the_knee(knee: AnswerWard) -> None:
    """She never wrote: her knee week alone promises something, and the tab stays though it is not the last sale."""
    bank = knee.world.do("manager", take_template, document=load("health_bank", "zh").model_dump(mode="json"))
    knee.world.do("manager", publish, package_id=bank)
    open_sales(knee.world, bank)
    sold = knee.world.do(
        "nurse", enrol, patient_id=knee.patient_id, package_id=bank, payment_method="wechat",
        anchor_date=knee.world.today, consents={"service": True},
    )  # fmt: skip
    assert sold > knee.enrolment_id
    found = knee.world.ask("nurse", conversation_of, patient_id=knee.patient_id)
    assert found is not None and found.enrolment_id == knee.enrolment_id
    assert knee.world.ask("nurse", dose_lines, enrolment_id=found.enrolment_id)


def test_who_has_no_conversation_has_nothing_of_it(world: World) -> None:
    """Nothing is promised, nothing asked of her, no sign can be reported: there is nothing to talk about."""
    ward = PrenatalWard(world, promises=[], signs=[])
    patient = ward.patient()
    ward.sell(patient)
    bare = world.do("nurse", add_patient, name="无套餐", record_number="B1", phone="13800009999")
    assert world.ask("nurse", conversation_of, patient_id=patient) is None
    assert world.ask("nurse", conversation_of, patient_id=bare) is None
    with pytest.raises(NotAllowed):
        world.ask("front_desk", conversation_of, patient_id=patient)

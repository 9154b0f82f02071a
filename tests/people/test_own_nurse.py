"""A patient's own nurse: chosen among those who work here, and her tasks listed for that nurse first."""

from __future__ import annotations

import pytest

from core.care.work.worklist import due_list
from core.people.own_nurse import NotANurse, name_own_nurse, nurses, own_nurse
from core.people.staff import deactivate
from tests.prenatal_ward import PrenatalWard


def test_my_tasks_are_those_of_the_patients_whose_own_nurse_i_am(ward: PrenatalWard) -> None:
    mine, other = ward.patient(name="王一"), ward.patient(name="王二")
    for patient in (mine, other):
        ward.sell(patient)
    nurse = ward.world.actors["nurse"].id
    ward.world.do("front_desk", name_own_nurse, patient_id=mine, nurse_id=nurse)
    rows = ward.world.ask("nurse", due_list, mine=True).rows
    assert rows and {row.patient_id for row in rows} == {mine}
    assert {row.own_nurse for row in rows} == {"nurse测试"}
    everybody = ward.world.ask("nurse", due_list).rows
    assert {row.patient_id for row in everybody} == {mine, other}
    assert ward.world.ask("doctor", due_list, mine=True).rows == []


def test_only_who_nurses_here_can_be_somebodys_own_nurse(ward: PrenatalWard) -> None:
    patient = ward.patient()
    for role in ("executive", "front_desk"):
        with pytest.raises(NotANurse):
            ward.world.do("nurse", name_own_nurse, patient_id=patient, nurse_id=ward.world.actors[role].id)
    nurse = ward.world.actors["nurse"].id
    ward.world.do("administrator", deactivate, staff_id=nurse)
    with pytest.raises(NotANurse):
        ward.world.do("doctor", name_own_nurse, patient_id=patient, nurse_id=nurse)
    assert [one.id for one in ward.world.ask("doctor", nurses)] == [ward.world.actors["doctor"].id]
    assert ward.world.ask("doctor", own_nurse, patient_id=patient) is None


def test_nobody_can_be_said_again_and_the_trail_keeps_both(ward: PrenatalWard) -> None:
    patient, other = ward.patient(), ward.patient()
    nurse = ward.world.actors["nurse"].id
    for one in (patient, other):
        ward.world.do("nurse", name_own_nurse, patient_id=one, nurse_id=nurse)
    ward.world.do("nurse", name_own_nurse, patient_id=patient, nurse_id=None)
    assert ward.world.ask("nurse", own_nurse, patient_id=patient) is None
    found = ward.world.ask("nurse", own_nurse, patient_id=other)
    assert found is not None and found.id == nurse
    assert [detail.after for _, detail in ward.entries("patient.own_nurse")] == [
        {"own_nurse_id": nurse}, {"own_nurse_id": nurse}, {"own_nurse_id": None},
    ]  # fmt: skip

"""Whether somebody is a patient we know already: one rule, and nobody slips in between two clicks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from core.foundation.doors import Stamp
from core.people.intake import PatientLine, import_patients
from core.people.known_patients import (
    KnownPatient,
    KnownPatients,
    PatientKnown,
    RecordNumberTaken,
    patients_on_file,
)
from core.people.patient_rules import PatientFacts
from core.people.patients import add_patient
from core.people.tables import PatientRow
from tests.conftest import World

BORN = date(1992, 1, 1)
HER = PatientFacts("阿依古丽·买买提", "A-001", "13800000001", BORN)
WHILE = 0.3  # seconds the first deed stays uncommitted


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        (PatientFacts("王芳", "a—001"), "record_number"),
        (PatientFacts("阿依古丽 买买提", "X9", "13800000001", BORN), "person"),
        (PatientFacts("阿依古丽·买买提", "X9", "13800000001"), None),
        (PatientFacts("阿依古丽·买买提", "X9", "", BORN), None),
        (PatientFacts("阿依努尔·买买提", "X9", "13800000001", BORN), None),
        (PatientFacts("王芳", "A-0010"), None),
        (PatientFacts("王芳", ""), None),
    ],
)
def test_she_is_known_by_her_number_or_by_all_three(facts: PatientFacts, by: str | None) -> None:
    known = KnownPatients([KnownPatient.of(HER, 7), KnownPatient(8, "李四", "")])
    match = known.find(facts)
    assert (match.by if match else None) == by
    if match:
        assert match.patient.id == 7


def test_an_erased_person_is_not_known(world: World) -> None:
    with world.desk.database.writing() as session:
        session.add(PatientRow(id=70, record_number="A1", name="王芳", created_at=world.clock.now()))
        session.add(
            PatientRow(
                id=71,
                record_number="erased-71",
                name="",
                created_at=world.clock.now(),
                erased_at=world.clock.now(),
            )
        )
    known = world.ask("manager", patients_on_file)
    assert known.find(PatientFacts("王芳", "a1")) and not known.find(PatientFacts("王芳", "erased-71"))


def form(**changes: Any) -> Callable[[Stamp], int]:
    facts = {"name": HER.name, "record_number": HER.record_number, "phone": HER.phone, "birth_date": BORN}
    return lambda stamp: add_patient(stamp, **{**facts, **changes})


def file(number: str) -> Callable[[Stamp], Any]:
    line = PatientLine(HER.name, number, HER.phone, BORN, row_number=2)
    other = PatientLine("王芳", "Z1", row_number=3)
    return lambda stamp: import_patients(stamp, rows=[line, other], file_digest=number)


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        (form(), form(record_number="a-001", name="王芳"), RecordNumberTaken),
        (form(), form(record_number="X9"), PatientKnown),
        (file("X8"), form(record_number="X9"), PatientKnown),
        (form(), file("a-001"), None),
        (form(), file("X9"), None),
    ],
)
def test_two_clicks_at_once_make_one_patient(
    world: World,
    first: Callable[[Stamp], Any],
    second: Callable[[Stamp], Any],
    refusal: type[Exception] | None,
) -> None:
    desk, actor = world.desk, world.actors["front_desk"]
    begun = threading.Event()

    def slow(stamp: Stamp) -> None:
        first(stamp)
        stamp.session.flush()
        begun.set()
        time.sleep(WHILE)

    ahead = threading.Thread(target=desk.do, args=(actor, slow))
    ahead.start()
    assert begun.wait(30)
    try:
        if refusal:
            with pytest.raises(refusal):
                desk.do(actor, second)
        else:
            assert desk.do(actor, second) == {"added": 1, "known": 1, "asked": 0, "dated": 0}
    finally:
        ahead.join(30)
    with desk.database.reading() as session:
        same = PatientRow.name_key == "阿依古丽买买提"
        assert session.scalar(select(func.count()).select_from(PatientRow).where(same)) == 1


def test_an_equal_click_that_waited_gets_the_answer_of_the_first(world: World) -> None:
    desk, actor = world.desk, world.actors["front_desk"]
    facts = {"name": HER.name, "record_number": HER.record_number, "phone": HER.phone, "birth_date": BORN}
    found: list[Any] = []
    start = threading.Barrier(4)

    def click() -> None:
        start.wait(30)
        found.append(desk.do(actor, add_patient, "one click", **facts))

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(30)
    assert len(found) == 4 and len(set(found)) == 1

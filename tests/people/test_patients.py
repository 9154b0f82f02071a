"""Patients: checked field by field, found again by what people remember."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.care.work.patient_list import patient_list
from core.clinical.dating import week_text
from core.foundation.access import NotAllowed
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.errors import Refusal
from core.foundation.meanwhile import ChangedMeanwhile
from core.people.known_patients import PatientKnown, RecordNumberTaken
from core.people.patient_dates import BirthInFuture, DueDateContradicts, PeriodInFuture, PeriodTooOld
from core.people.patient_rules import (
    NameImplausible,
    NameMissing,
    PhoneImplausible,
    RecordNumberMissing,
    TextTooLong,
)
from core.people.patients import (
    UnknownPatient,
    add_patient,
    card,
    edit_patient,
    find,
)
from core.people.tables import PatientRow
from tests.conftest import World

TODAY = date(2026, 3, 5)
LI = {"name": "李小雨", "record_number": "B001", "phone": "13812345678"}


def add(world: World, **facts: Any) -> int:
    return world.do("front_desk", add_patient, **{**LI, **facts})


def test_a_patient_is_kept_tidied(world: World) -> None:
    number = add(world, name=" 李　小雨 ", record_number=" Ｂ００１", phone="+86 138-1234 5678",
                 last_period=TODAY - timedelta(days=84), note=" 双语 ")  # fmt: skip
    kept = world.ask("nurse", card, patient_id=number)
    assert (kept.name, kept.record_number, kept.phone) == ("李小雨", "B001", "13812345678")
    assert (kept.note, kept.last_period, kept.masked_phone) == (
        "双语", TODAY - timedelta(days=84), "138****5678",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"name": " "}, NameMissing, "name"),
        ({"name": "好" * 61}, TextTooLong, "name"),
        ({"name": "1床"}, NameImplausible, "name"),
        ({"record_number": ""}, RecordNumberMissing, "record_number"),
        ({"phone": "1381234567"}, PhoneImplausible, "phone"),
        ({"birth_date": TODAY + timedelta(days=1)}, BirthInFuture, "birth_date"),
        ({"last_period": TODAY + timedelta(days=1)}, PeriodInFuture, "last_period"),
        (
            {"last_period": TODAY - timedelta(days=84), "due_date": TODAY + timedelta(days=225)},
            DueDateContradicts,
            "due_date",
        ),
        ({"note": "长" * 301}, TextTooLong, "note"),
    ],
)
def test_each_field_says_what_is_wrong(
    world: World, facts: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        add(world, **facts)
    assert refused.value.field == field
    assert "{" not in refused.value.text("en") and "{" not in refused.value.text("zh")
    assert world.ask("nurse", patient_list).everybody == 0


@pytest.mark.parametrize("number", ["B001", "b001", "Ｂ００１", "B 001"])
def test_a_record_number_in_use_names_its_holder_masked(world: World, number: str) -> None:
    add(world)
    with pytest.raises(RecordNumberTaken) as refused:
        add(world, name="王五", record_number=number)
    assert "李**" in refused.value.text("zh") and "李小雨" not in refused.value.text("zh")


def test_the_same_person_is_not_taken_under_a_second_number(world: World) -> None:
    her = add(world, name="阿依古丽·买买提", birth_date=date(1992, 1, 1))
    for spelled in ("阿依古丽·买买提", "阿依古丽.买买提"):
        with pytest.raises(PatientKnown) as refused:
            add(world, name=spelled, record_number="X9", birth_date=date(1992, 1, 1))
        assert refused.value.patient_id == her and "阿依古丽" not in refused.value.text("zh")
    # Two of the three are shared by sisters and namesakes.
    add(world, name="阿依努尔·买买提", record_number="X1", birth_date=date(1992, 1, 1))
    add(world, name="阿依古丽·买买提", record_number="X2")


def test_a_double_click_adds_one_patient(world: World) -> None:
    assert add(world, request_key="click") == add(world, request_key="click")
    assert world.ask("nurse", patient_list).everybody == 1


def test_editing_changes_and_audits_only_what_changed(world: World) -> None:
    number = add(world)
    world.do("nurse", edit_patient, patient_id=number, **{**LI, "phone": "010-62345678"})
    assert world.ask("nurse", card, patient_id=number).phone == "01062345678"
    with world.desk.database.reading() as session:
        detail = session.scalars(
            select(AuditDetailRow)
            .join(AuditEntryRow, AuditEntryRow.id == AuditDetailRow.entry_id)
            .where(AuditEntryRow.kind == "patient.changed")
        ).one()
    assert detail.before == {"phone": "13812345678"} and detail.after == {"phone": "01062345678"}
    assert [one.id for one in world.ask("nurse", find, text="5678")] == [number]


def test_old_dates_are_not_questioned_again(world: World) -> None:
    dated = {**LI, "last_period": TODAY - timedelta(days=84), "due_date": TODAY + timedelta(days=196)}
    number = world.do("nurse", add_patient, **dated)
    world.clock.advance(timedelta(days=400))
    world.do("nurse", edit_patient, patient_id=number, **{**dated, "note": "产后复查"})
    assert world.ask("nurse", card, patient_id=number).note == "产后复查"
    with pytest.raises(PeriodTooOld):
        changed = {**dated, "last_period": TODAY - timedelta(days=85)}
        world.do("nurse", edit_patient, patient_id=number, **changed)


def test_a_number_of_somebody_else_is_not_taken_by_editing(world: World) -> None:
    add(world)
    other = add(world, record_number="B002", name="王五")
    with pytest.raises(RecordNumberTaken):
        world.do("nurse", edit_patient, patient_id=other, **{**LI, "name": "王五"})
    with pytest.raises(UnknownPatient):
        world.do("nurse", edit_patient, patient_id=9999, **LI)


def test_a_stale_form_brings_back_nothing_that_a_colleague_changed(world: World) -> None:
    number = add(world, phone="13800000001")
    read = {"name": LI["name"], "phone": "13800000001", "note": ""}
    world.do("front_desk", edit_patient, patient_id=number, **{**LI, "phone": "13900000009"})
    stale = {**LI, "phone": "13800000001", "note": "怕打针", "read": read}
    world.do("nurse", edit_patient, patient_id=number, **stale)
    kept = world.ask("nurse", card, patient_id=number)
    assert (kept.phone, kept.note) == ("13900000009", "怕打针")


def test_what_both_have_changed_is_asked_about(world: World) -> None:
    number = add(world, phone="13800000001")
    world.do("front_desk", edit_patient, patient_id=number, **{**LI, "phone": "13900000009"})
    stale = {**LI, "phone": "13700000007", "read": {"phone": "13800000001"}}
    with pytest.raises(ChangedMeanwhile) as asked:
        world.do("nurse", edit_patient, patient_id=number, **stale)
    assert (asked.value.field, asked.value.now) == ("phone", "13900000009")
    # Told what is on file, she saves again what she means.
    world.do("nurse", edit_patient, patient_id=number, **{**stale, "read": {"phone": "13900000009"}})
    assert world.ask("nurse", card, patient_id=number).phone == "13700000007"


def test_who_somebody_is_is_not_made_another_by_editing(world: World) -> None:
    add(world, birth_date=date(1992, 1, 1))
    other = add(world, record_number="B002", birth_date=date(1993, 1, 1))
    with pytest.raises(PatientKnown):
        world.do(
            "nurse",
            edit_patient,
            patient_id=other,
            **{**LI, "record_number": "B002", "birth_date": date(1992, 1, 1)},
        )
    # Her own number in another spelling is hers.
    world.do(
        "nurse",
        edit_patient,
        patient_id=other,
        **{**LI, "record_number": "b-002", "birth_date": date(1993, 1, 1)},
    )
    world.do(
        "nurse",
        edit_patient,
        patient_id=other,
        **{**LI, "record_number": "B-002", "birth_date": date(1993, 1, 1)},
    )
    assert world.ask("nurse", card, patient_id=other).record_number == "B-002"


def test_a_patient_from_before_these_rules_can_still_be_edited(world: World) -> None:
    with world.desk.database.writing() as session:
        session.add(
            PatientRow(
                id=77, record_number="无号", name="12床", phone="012345678901", created_at=world.clock.now()
            )
        )
    old = {"patient_id": 77, "name": "12床", "record_number": "无号", "phone": "012345678901"}
    world.do("nurse", edit_patient, **old, note="怕打针")
    assert world.ask("nurse", card, patient_id=77).note == "怕打针"
    with pytest.raises(NameImplausible):
        world.do("nurse", edit_patient, **{**old, "name": "13床"})


@pytest.fixture
def town(world: World) -> World:
    for at, (name, phone) in enumerate(
        [
            ("张三", "13800001111"),
            ("张小雨", "13800002222"),
            ("李张氏", ""),
            ("Mary Smith", "13800003333"),
            ("阿依古丽·买买提", ""),
        ]
    ):
        add(world, name=name, phone=phone, record_number=f"ZY{at:04d}")
    return world


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张", {"张三", "张小雨"}),
        ("张小", {"张小雨"}),
        ("小雨", {"张小雨"}),
        ("2222", {"张小雨"}),
        ("13800003333", {"Mary Smith"}),
        ("１３８００００３３３３", {"Mary Smith"}),
        ("ZY0002", {"李张氏"}),
        ("Mary", {"Mary Smith"}),
        ("mary s", {"Mary Smith"}),
        ("阿依古丽.买", {"阿依古丽·买买提"}),
        ("阿依古丽 • 买买提", {"阿依古丽·买买提"}),
        ("阿依古丽买买提", {"阿依古丽·买买提"}),
        ("买买提", {"阿依古丽·买买提"}),
        ("zy0002", {"李张氏"}),
        ("ＺＹ 0002", {"李张氏"}),
        ("+86 138 0000 3333", {"Mary Smith"}),
        ("138-0000-3333", {"Mary Smith"}),
        ("%", set()),
        ("_", set()),
        ("·", set()),
        ("  ", set()),
        ("1380", set()),
    ],
)
def test_people_are_found_by_what_one_remembers(town: World, text: str, names: set[str]) -> None:
    assert {one.name for one in town.ask("nurse", find, text=text)} == names
    # The list of patients finds the same, but for a part from the middle of a name.
    listed = {one.name for one in town.ask("nurse", patient_list, text=text).rows}
    assert listed == names or text in ("小雨", "买买提", "·") or not text.strip()


def test_an_executive_sees_no_patient(world: World) -> None:
    for question, arguments in ((find, {"text": "张"}), (patient_list, {}), (card, {"patient_id": 1})):
        with pytest.raises(NotAllowed):
            world.ask("executive", question, **arguments)
    with pytest.raises(NotAllowed):
        world.do("executive", add_patient, **LI)


def test_weeks_are_counted_only_while_they_mean_something() -> None:
    assert week_text(TODAY, TODAY) == "0+0" and week_text(TODAY - timedelta(days=300), TODAY) == "42+6"
    assert week_text(None, TODAY) == week_text(TODAY + timedelta(days=1), TODAY) == ""
    assert week_text(TODAY - timedelta(days=301), TODAY) == ""

"""Patients: checked field by field, found again by what people remember."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.clinical.dating import week_text
from core.foundation.access import NotAllowed
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.errors import Refusal
from core.people.masking import masked_name, masked_phone, masked_record
from core.people.patient_rules import (
    BirthDateImpossible,
    DueDateDisagrees,
    DueDateImpossible,
    LastPeriodInFuture,
    LastPeriodLongAgo,
    NameMissing,
    NameTooLong,
    PhoneInvalid,
    RecordNumberMissing,
    phone_digits,
)
from core.people.patients import (
    RecordNumberTaken,
    UnknownPatient,
    add_patient,
    card,
    edit_patient,
    find,
    roster,
)
from tests.conftest import World

TODAY = date(2026, 3, 5)
LI = {"name": "李小雨", "record_number": "B001", "phone": "13812345678"}


def add(world: World, **facts: Any) -> int:
    return world.do("front_desk", add_patient, **{**LI, **facts})


def test_a_patient_is_kept_tidied(world: World) -> None:
    number = add(world, name=" 李　小雨 ", record_number=" Ｂ００１", phone="+86 138-1234 5678",
                 last_period=TODAY - timedelta(days=84), note=" 双语 ")  # fmt: skip
    kept = world.ask("nurse", card, patient_id=number)
    assert (kept.name, kept.record_number, kept.phone) == ("李 小雨", "B001", "13812345678")
    assert (kept.note, kept.week_text, kept.masked_phone) == ("双语", "12+0", "138****5678")


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"name": " "}, NameMissing, "name"),
        ({"name": "好" * 61}, NameTooLong, "name"),
        ({"record_number": ""}, RecordNumberMissing, "record_number"),
        ({"phone": "1381234567"}, PhoneInvalid, "phone"),
        ({"phone": "12812345678"}, PhoneInvalid, "phone"),
        ({"birth_date": TODAY + timedelta(days=1)}, BirthDateImpossible, "birth_date"),
        ({"birth_date": date(1899, 12, 31)}, BirthDateImpossible, "birth_date"),
        ({"last_period": TODAY + timedelta(days=1)}, LastPeriodInFuture, "last_period"),
        ({"last_period": TODAY - timedelta(days=311)}, LastPeriodLongAgo, "last_period"),
        (
            {"last_period": TODAY - timedelta(days=84), "due_date": TODAY + timedelta(days=225)},
            DueDateDisagrees,
            "due_date",
        ),
        ({"due_date": TODAY - timedelta(days=22)}, DueDateImpossible, "due_date"),
        ({"due_date": TODAY + timedelta(days=281)}, DueDateImpossible, "due_date"),
    ],
)
def test_each_field_says_what_is_wrong(
    world: World, facts: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        add(world, **facts)
    assert refused.value.field == field
    assert "{" not in refused.value.text("en") and "{" not in refused.value.text("zh")
    assert world.ask("nurse", roster).total == 0


def test_a_record_number_in_use_names_its_holder_masked(world: World) -> None:
    add(world)
    with pytest.raises(RecordNumberTaken) as refused:
        add(world, name="王五")
    assert "李**" in refused.value.text("zh") and "李小雨" not in refused.value.text("zh")


def test_a_double_click_adds_one_patient(world: World) -> None:
    assert add(world, request_key="click") == add(world, request_key="click")
    assert world.ask("nurse", roster).total == 1


def test_editing_changes_and_audits_only_what_changed(world: World) -> None:
    number = add(world)
    world.do("nurse", edit_patient, patient_id=number, **{**LI, "phone": "010-12345678"})
    assert world.ask("nurse", card, patient_id=number).phone == "01012345678"
    with world.desk.database.reading() as session:
        detail = session.scalars(
            select(AuditDetailRow)
            .join(AuditEntryRow, AuditEntryRow.id == AuditDetailRow.entry_id)
            .where(AuditEntryRow.kind == "patient.changed")
        ).one()
    assert detail.before == {"phone": "13812345678"} and detail.after == {"phone": "01012345678"}
    assert [one.id for one in world.ask("nurse", find, text="5678")] == [number]


def test_old_dates_are_not_questioned_again(world: World) -> None:
    dated = {**LI, "last_period": TODAY - timedelta(days=84), "due_date": TODAY + timedelta(days=196)}
    number = world.do("nurse", add_patient, **dated)
    world.clock.advance(timedelta(days=400))
    world.do("nurse", edit_patient, patient_id=number, **{**dated, "note": "产后复查"})
    assert world.ask("nurse", card, patient_id=number).note == "产后复查"
    with pytest.raises(LastPeriodLongAgo):
        changed = {**dated, "last_period": TODAY - timedelta(days=85)}
        world.do("nurse", edit_patient, patient_id=number, **changed)


def test_a_number_of_somebody_else_is_not_taken_by_editing(world: World) -> None:
    add(world)
    other = add(world, record_number="B002", name="王五")
    with pytest.raises(RecordNumberTaken):
        world.do("nurse", edit_patient, patient_id=other, **{**LI, "name": "王五"})
    with pytest.raises(UnknownPatient):
        world.do("nurse", edit_patient, patient_id=9999, **LI)


@pytest.fixture
def town(world: World) -> World:
    for at, (name, phone) in enumerate(
        [
            ("张三", "13800001111"),
            ("张小雨", "13800002222"),
            ("李张氏", ""),
            ("Mary Smith", "13800003333"),
            ("100%", ""),
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
        ("%", {"100%"}),
        ("_", set()),
        ("  ", set()),
        ("1380", set()),
    ],
)
def test_people_are_found_by_what_one_remembers(town: World, text: str, names: set[str]) -> None:
    assert {one.name for one in town.ask("nurse", find, text=text)} == names


def test_the_roster_pages_newest_first(town: World) -> None:
    first = town.ask("nurse", roster, page_size=2)
    assert (first.total, first.pages, [one.record_number for one in first.rows]) == (
        5,
        3,
        ["ZY0004", "ZY0003"],
    )
    beyond = town.ask("nurse", roster, page_size=2, page=99)
    assert (beyond.page, [one.record_number for one in beyond.rows]) == (3, ["ZY0000"])
    assert town.ask("nurse", roster, text="张").total == 2
    assert town.ask("nurse", roster, silenced=True).total == 0


def test_an_executive_sees_no_patient(world: World) -> None:
    for question, arguments in ((find, {"text": "张"}), (roster, {}), (card, {"patient_id": 1})):
        with pytest.raises(NotAllowed):
            world.ask("executive", question, **arguments)
    with pytest.raises(NotAllowed):
        world.do("executive", add_patient, **LI)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "0086", "+86 "]))
def test_a_mobile_number_survives_every_way_of_writing_it(number: str, prefix: str) -> None:
    spaced = f"{prefix}{number[:3]}-{number[3:7]} {number[7:]}"
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    assert phone_digits(spaced) == phone_digits(wide) == number


def test_masks_show_little(world: World) -> None:
    assert (masked_name("张三"), masked_name("欧阳娜娜"), masked_name("Mary"), masked_name("")) == (
        "张*", "欧**", "M***", "",
    )  # fmt: skip
    assert (masked_phone("13812345678"), masked_phone("1234567"), masked_phone("")) == (
        "138****5678",
        "****",
        "",
    )
    assert masked_record("ZY20260045") == "***045"


def test_weeks_are_counted_only_while_they_mean_something() -> None:
    assert week_text(TODAY, TODAY) == "0+0" and week_text(TODAY - timedelta(days=300), TODAY) == "42+6"
    assert week_text(None, TODAY) == week_text(TODAY + timedelta(days=1), TODAY) == ""
    assert week_text(TODAY - timedelta(days=301), TODAY) == ""

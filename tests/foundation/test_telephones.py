"""One rule says what a telephone is; every field that takes one asks it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.department.profile import change_facts
from core.dialogue.duty.shift_plan import plan
from core.foundation.writing.telephones import NoTelephone, dialled, subscriber, telephone
from core.people.escalation_roster import fill, on_duty
from core.people.patient_rules import PhoneImplausible, checked_phone
from tests.conftest import World

TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "kept", "keys"),
    [
        ("13800001234", "13800001234", "13800001234"),
        (" +86 138-0000 1234 ", "+86 138-0000 1234", "+86138-00001234"),
        ("010-5550 0104", "010-5550 0104", "010-55500104"),
        ("0571－8765４３２１", "0571-87654321", "0571-87654321"),
        ("010-55500104转8104", "010-55500104转8104", "010-55500104,8104"),
        ("0571-87654321-802", "0571-87654321-802", "0571-87654321,802"),
        ("010 5550 0104 ext. 12", "010 5550 0104 ext. 12", "01055500104,12"),
        ("55500104", "55500104", "55500104"),
        ("400-123-4567", "400-123-4567", "400-123-4567"),
        ("400-123-4567转3", "400-123-4567转3", "400-123-4567,3"),
        ("120", "120", "120"),
        ("12345", "12345", "12345"),
        ("95588", "95588", "95588"),
        ("8104", "8104", "8104"),
        ("", "", ""),
    ],
)
def test_a_telephone_stays_as_it_was_written_and_can_be_dialled(typed: str, kept: str, keys: str) -> None:
    assert telephone(typed) == kept
    assert dialled(kept) == keys


@pytest.mark.parametrize(
    "typed",
    ["123abc", "call me", "000", "1380000123", "138000012345", "12345678901", "010-55500104 / 13800001234", "8104转",
     "李护士长 8104", "0571-123", "1" * 41],
)  # fmt: skip
def test_what_is_no_telephone_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(NoTelephone) as refused:
        telephone(typed, "backup_phone")
    assert refused.value.field == "backup_phone"
    assert "电话" in refused.value.text("zh") and "{" not in refused.value.text("en")


def test_a_patient_has_the_same_mobiles_and_landlines_but_no_number_inside_the_house() -> None:
    for typed in ("13800001234", "+86 13800001234", "0571-87654321", "55500104"):
        assert checked_phone(typed) == subscriber(typed) and telephone(typed) == typed
    for typed in ("8104", "120", "123abc"):
        with pytest.raises(PhoneImplausible):
            checked_phone(typed)


def facts(world: World, phone: str) -> None:
    world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Shanghai", print_language="zh",
        phone=phone, address="", pilot_start=date(2026, 1, 1),
    )  # fmt: skip


def test_every_telephone_of_the_house_is_checked_by_the_one_rule(world: World) -> None:
    doctor, nurse = world.actors["doctor"].id, world.actors["nurse"].id
    run: dict[str, Any] = {"first": TODAY, "last": TODAY, "staff_id": doctor}
    shift = run | {"role": "doctor", "opens": "08:00", "closes": "18:00"}
    for bad in ("123abc", "13800" + "0" * 7):
        with pytest.raises(NoTelephone):
            facts(world, bad)
        with pytest.raises(NoTelephone):
            world.do("manager", fill, **run, phone=bad)
        with pytest.raises(NoTelephone) as refused:
            world.do("manager", fill, **run, phone="8104", backup_id=nurse, backup_phone=bad)
        assert refused.value.field == "backup_phone"
        with pytest.raises(NoTelephone):
            world.do("manager", plan, **shift, phone=bad)
    assert world.ask("nurse", on_duty).gap == "empty"
    facts(world, "400-123-4567")
    world.do("manager", fill, **run, phone="010-55500104转8104")
    world.do("manager", plan, **shift, phone="120")
    assert world.ask("nurse", on_duty).phone == "010-55500104转8104"

"""Two at the same instant, on both databases: one is done, the other is refused with the sentence of its rule."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from core.department.places import add_location
from core.department.tables import LocationRow
from core.foundation.access import PUBLIC, Actor
from core.people.link_holders import link_holders
from core.people.patients import add_patient
from core.people.phone_links import confirm_phone, issue_link
from core.people.staff import add_staff, change_staff, deactivate
from core.people.tables import PhoneLinkRow, StaffRow
from core.recognition.praise import MOST_PER_TARGET_AND_HOUR, give_praise
from core.recognition.tables import RecognitionRow
from tests.at_once import at_once, told
from tests.conftest import NOON, World

ROUNDS = 5
WORDS = "护士每次抽血之前都会轻声告诉我接下来会发生什么，还帮孩子擦眼泪，走廊里的灯也特别温暖，谢谢你们一直这样细心地照顾我们全家人。"


def count(world: World, *which: Any) -> int:
    with world.desk.database.reading() as session:
        return session.scalar(select(func.count()).where(*which)) or 0


def second_administrator(world: World) -> Actor:
    """A second one beside the world's own, who is active and administrator again."""
    with world.desk.database.writing() as session:
        for row in session.scalars(select(StaffRow).where(StaffRow.role == "administrator")):
            row.active = row.username == "administrator"
        session.get_one(StaffRow, world.actors["administrator"].id).role = "administrator"
        row = StaffRow(
            username=f"second.{time.monotonic_ns()}", name="乙", role="administrator", password_hash="!",
            valid_after=NOON, praise_code=f"T{time.monotonic_ns() % 10**9}", created_at=NOON,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return Actor("staff", row.id, "乙", "administrator")


def patient(world: World, number: int) -> int:
    return int(
        world.do(
            "nurse", add_patient, name="李小雨", record_number=f"B{number:03d}", phone=f"1381234{number:04d}"
        )
    )


@pytest.mark.parametrize(
    ("deed", "more"),
    [(deactivate, {}), (change_staff, {"name": "甲", "role": "nurse"})],
    ids=["deactivate", "demote"],
)
def test_two_administrators_who_end_each_other_leave_one(
    world: World, deed: Any, more: dict[str, str]
) -> None:
    first = world.actors["administrator"]
    for _ in range(ROUNDS):
        second = second_administrator(world)
        answers = at_once(
            lambda other=second: world.desk.do(first, deed, "", staff_id=other.id, **more),
            lambda other=second: world.desk.do(other, deed, "", staff_id=first.id, **more),
        )
        assert told(answers) == {"done": 1, "LastAdministrator": 1}
        assert count(world, StaffRow.role == "administrator", StaffRow.active) == 1


def test_eight_cards_made_at_once_leave_one_living(world: World) -> None:
    for number in range(ROUNDS):
        her = patient(world, number)
        answers = at_once(*[lambda her=her: world.do("nurse", issue_link, patient_id=her)] * 8)
        assert told(answers) == {"done": 8}
        assert count(world, PhoneLinkRow.patient_id == her, PhoneLinkRow.revoked_at.is_(None)) == 1


def test_thirty_guesses_at_once_count_as_thirty(world: World) -> None:
    her = patient(world, 7)
    token = world.do("nurse", issue_link, patient_id=her)
    tries = [lambda: world.desk.do(PUBLIC, confirm_phone, "", token=token, last_four="0000")] * 30
    answers = at_once(*tries)
    assert Counter(one["refused"] for one in answers) == {"failed": 4, "locked": 26}
    [held] = world.ask("nurse", link_holders, patient_id=her)
    assert held.locked_until is not None


def test_the_same_praise_sent_thirty_times_at_once_arrives_once(world: World) -> None:
    world.do("manager", add_location, name="产科门诊")
    with world.desk.database.reading() as session:
        code = session.scalar(select(LocationRow.praise_code))
    answers = at_once(*[lambda: world.desk.do(PUBLIC, give_praise, "", code=code, text=WORDS)] * 30)
    assert told(answers) == {"done": 1, "PraiseKnown": 29}
    assert count(world, RecognitionRow.id > 0) == 1


def test_the_thirty_first_praise_of_an_hour_is_refused_whoever_comes_at_once(world: World) -> None:
    world.do("manager", add_location, name="产科门诊")
    with world.desk.database.reading() as session:
        code = session.scalar(select(LocationRow.praise_code))
    spare = 6
    answers = at_once(
        *[
            lambda number=number: world.desk.do(
                PUBLIC, give_praise, "", code=code, text=f"{WORDS}第{number}次"
            )
            for number in range(MOST_PER_TARGET_AND_HOUR + spare)
        ]
    )
    assert told(answers) == {"done": MOST_PER_TARGET_AND_HOUR, "PraiseFlood": spare}


def test_one_user_name_asked_for_twice_at_once_is_refused_in_words(world: World) -> None:
    new = {"username": "li.na", "name": "李娜", "role": "nurse", "password": "Kx7-qpa2mv9"}
    answers = at_once(*[lambda: world.do("administrator", add_staff, **new)] * 4)
    assert told(answers) == {"done": 1, "UsernameTaken": 3}

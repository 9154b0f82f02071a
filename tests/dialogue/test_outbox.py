"""What is put into the outbox: once, for those who read it, with nothing personal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.department.web_address import confirm_web_address
from core.dialogue.telling.duty_page import switch_duty_page
from core.dialogue.telling.outbox import recent, tell
from core.foundation.doors import Stamp, deed
from core.people.tables import StaffRow
from tests.conftest import World
from tests.dialogue.telling_scene import ADMINISTRATOR, DOCTOR, MANAGER, NAME, SYMPTOM, Night, night

pytestmark = pytest.mark.usefixtures("own_machine_key")


@pytest.fixture
def scene(world: World) -> Night:
    return night(world)


@pytest.fixture
def outside(scene: Night) -> Night:
    """The duty page is on, and this machine knows the address that phones reach."""
    scene.world.do("manager", confirm_web_address, web_address="https://care.example")
    scene.world.do("manager", switch_duty_page, on=True)
    return scene


def test_without_a_channel_nothing_is_written_and_nothing_is_stopped(scene: Night) -> None:
    scene.tell()
    assert scene.outbox() == []


def test_an_occasion_is_written_once_for_each_channel_that_its_readers_have(scene: Night) -> None:
    first, second = scene.channel(roles=("doctor",)), scene.channel(roles=("doctor", "manager"))
    scene.channel(roles=("nurse",))
    for _again in range(2):
        scene.tell(occasion="run:1:rung_1")
    assert [(row.channel_id, row.state) for row in scene.outbox()] == [
        (first, "waiting"),
        (second, "waiting"),
    ]


def test_a_channel_that_is_switched_off_is_told_nothing(scene: Night) -> None:
    scene.change(scene.channel(), active=False)
    scene.tell()
    assert scene.outbox() == []


def test_who_is_told_by_number_is_found_by_her_role(scene: Night) -> None:
    scene.channel(roles=("manager",))
    scene.tell(staff_ids=[MANAGER], roles=[])
    assert len(scene.outbox()) == 1


def test_administrators_read_what_managers_read(scene: Night) -> None:
    scene.channel(roles=("manager",))
    scene.tell(staff_ids=[ADMINISTRATOR], roles=[])
    assert len(scene.outbox()) == 1


def test_with_the_duty_page_each_person_gets_a_message_of_her_own(outside: Night) -> None:
    channel = outside.channel(roles=("doctor", "manager"))
    outside.channel(roles=("nurse",))
    for _again in range(2):
        outside.tell(occasion="run:1:missed", staff_ids=[DOCTOR, MANAGER, DOCTOR])
    assert [(row.channel_id, row.occasion, row.staff_id) for row in outside.outbox()] == [
        (channel, f"run:1:missed:{DOCTOR}", DOCTOR),
        (channel, f"run:1:missed:{MANAGER}", MANAGER),
    ]


def test_without_the_duty_page_one_message_speaks_to_all(scene: Night) -> None:
    scene.channel()
    scene.tell(staff_ids=[DOCTOR, MANAGER])
    assert [row.staff_id for row in scene.outbox()] == [None]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("told", "警报 {code}：刚收到"),
        ("rung_2", "警报 {code}：还没有人接手"),
        ("warning", "警报 {code}：还没有答复"),
        ("missed", "警报 {code}：已过承诺时间"),
    ],
)
def test_a_message_holds_the_kind_the_code_and_what_is_missing_and_nothing_else(
    scene: Night, step: str, words: str
) -> None:
    scene.channel()
    scene.tell(step=step)
    assert [row.words for row in scene.outbox()] == [words.format(code=scene.code)]
    assert NAME not in words and SYMPTOM not in words


def test_an_english_house_writes_english(scene: Night) -> None:
    scene.house(print_language="en")
    scene.channel()
    scene.tell(step="rung_1")
    assert scene.outbox()[0].words == f"Alert {scene.code}: nobody is on it yet"


@deed("settings.write")
def _untaken(stamp: Stamp) -> None:
    begins = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    tell(
        stamp, occasion="shift:1:untaken", case=None, step="untaken", staff_ids=[DOCTOR], roles=["doctor"],
        due_at=begins,
    )  # fmt: skip


def test_a_shift_that_nobody_took_is_told_with_its_beginning_and_no_name(outside: Night) -> None:
    outside.channel()
    outside.world.do("manager", _untaken)
    (row,) = outside.outbox()
    assert (row.words, row.staff_id, row.case_id) == ("值班：这一班还没有人接 · 20:00", None, None)


def test_settings_shows_the_newest_messages_first(scene: Night) -> None:
    first, second = scene.channel(), scene.channel(kind="feishu")
    for number in range(3):
        scene.tell(occasion=f"run:{number}:told")
    assert [line.channel for line in scene.world.ask("manager", recent)] == ["feishu群", "wecom群"] * 3
    assert {line.channel for line in scene.world.ask("manager", recent, channel_id=first)} == {"wecom群"}
    assert second


def test_a_person_who_left_is_not_told(scene: Night) -> None:
    scene.channel(roles=("manager",))
    with scene.world.desk.database.writing() as session:
        session.get_one(StaffRow, MANAGER).active = False
    scene.tell(staff_ids=[MANAGER], roles=[])
    assert scene.outbox() == []

"""Going live asks the conversation: what is promised must be raised, told, covered and answerable."""

from __future__ import annotations

import io
import wave
from datetime import timedelta
from typing import Any

import pytest

from core.care.sale.readiness import Point, readiness
from core.care.sale.readiness_points import KINDS, Case
from core.dialogue.clocks import holidays
from core.dialogue.readiness import try_voice, voice_was_tried
from core.dialogue.recordings.voices import VoiceUnreadable
from core.dialogue.telling.channels import add_channel
from core.foundation.doors import Look
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.escalation_roster import fill
from tests.conftest import World
from tests.dialogue.promised_ward import ALWAYS, PROMISES, PromisedWard, promised_ward, second_package
from tests.dialogue.telling_scene import ROBOT, night

ORANGE: dict[str, Any] = {
    "kind": "orange", "minutes": 30, "by": "doctor", "spans": [ALWAYS], "ladder": [{"to": "manager", "after": 10}],
}  # fmt: skip


def point(ward: PromisedWard, code: str) -> Point:
    found = ward.world.ask("manager", readiness, package_id=ward.package_id)
    return next(each for each in found.points if each.code == code)


def said(ward: PromisedWard, code: str) -> tuple[str, str]:
    found = point(ward, code)
    return found.state, found.fact.text("en")


def quiet(world: World, code: str = "health_bank") -> PromisedWard:
    """A package without written promises; the health bank's SOP makes none either."""
    document = load(code, "zh").model_dump(mode="json") | {"promises": []}
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    return PromisedWard(world, package_id, 0, 0)


def test_a_package_that_promises_nothing_has_nothing_to_mend(world: World) -> None:
    ward = quiet(world)
    for code in ("promises", "duty", "calendar"):
        assert point(ward, code).state == "met"
    order = list(KINDS)
    assert order[order.index("roster") :][:4] == ["roster", "promises", "duty", "calendar"]


def test_a_promise_needs_people_for_its_spans(world: World) -> None:
    ward = promised_ward(world)
    state, fact = said(ward, "duty")
    assert state == "open" and "Duty doctor" in fact and "14" in fact
    assert "值班医生" in point(ward, "duty").fact.text("zh")
    ward.plans("doctor", "doctor")
    ward.plans("nurse", "nurse", "08:00", "22:00")
    assert said(ward, "duty")[0] == "met"


def test_an_urgent_promise_without_a_ladder_is_named(world: World) -> None:
    ward = promised_ward(world, promises=[{**ORANGE, "ladder": []}])
    state, fact = said(ward, "promises")
    assert state == "open" and "An urgent sign (orange) is answered" in fact


def test_a_promise_nothing_raises_is_named(world: World) -> None:
    red_only = [{"code": "R1", "level": "red", "text": "胸痛"}]
    yellow = {"kind": "yellow", "minutes": 60, "by": "nurse", "spans": [ALWAYS]}
    tasks = [task | {"rules": []} for task in load("knee_7days", "zh").model_dump(mode="json")["tasks"]]
    ward = promised_ward(world, promises=[yellow], signs=red_only, tasks=tasks)
    assert said(ward, "promises")[0] == "open"
    both = [*red_only, {"code": "Y1", "level": "yellow", "text": "便秘"}]
    other = second_package(world, promises=[yellow], signs=both, tasks=tasks)
    assert said(other, "promises")[0] == "met"


def spoken(seconds: float = 1.0) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"\1\2" * int(16_000 * seconds))
    return file.getvalue()


def test_a_voice_is_tried_once_before_it_is_promised(world: World) -> None:
    ward = promised_ward(world, promises=[{**ORANGE, "means": "voice"}])
    state, fact = said(ward, "promises")
    assert state == "open" and "voice" in fact
    with pytest.raises(VoiceUnreadable):
        world.do("doctor", try_voice, data=b"not a sound at all, only words")
    assert not world.ask("nurse", voice_was_tried)
    assert world.do("doctor", try_voice, data=spoken()) == pytest.approx(1.0)
    assert world.ask("nurse", voice_was_tried) and said(ward, "promises")[0] == "met"


def test_a_calendar_counts_only_where_working_days_do(world: World) -> None:
    ward = promised_ward(world)
    assert point(ward, "calendar").state == "met"
    working = [{**PROMISES[0], "spans": [{"opens": "08:00", "closes": "17:00", "holidays": False}]}]
    other = second_package(world, promises=working)
    assert said(other, "calendar") == ("open", "No public holiday of 2026 is entered yet.")
    assert point(other, "calendar").safety is False
    world.do("manager", holidays.take_year, year=2026)
    assert said(other, "calendar")[0] == "met"


# --- telling ---------------------------------------------------------------------------------------


def telling(world: World, package_id: int = 1) -> Any:
    return world.ask("manager", lambda look: _found(look, package_id))


def _found(look: Look, package_id: int) -> tuple[bool, str]:
    met, fact = KINDS["telling"].found(Case(look, package_id))
    return met, fact.text("zh")


def test_without_a_channel_it_warns_and_the_house_may_go_on(world: World) -> None:
    night(world)
    met, words = telling(world)
    assert not met and "还没有通道" in words
    assert KINDS["telling"].safety is False


@pytest.mark.usefixtures("own_machine_key")
def test_with_a_channel_it_is_met(world: World) -> None:
    night(world)
    world.do("manager", add_channel, kind="wecom", name="夜班群", roles=["doctor"], address=ROBOT)
    assert telling(world)[0]


def test_a_package_that_promises_nothing_needs_no_channel(world: World) -> None:
    assert telling(world, quiet(world).package_id)[0]


# --- promises nobody wrote ------------------------------------------------------------------------


def test_what_escalation_lines_promise_needs_somebody_on_duty(world: World) -> None:
    """The version has no promises of its own; her phone promises 30 minutes all the same."""
    pack = quiet(world, "prenatal_quest").package_id

    def met(code: str) -> bool:
        points = world.ask("manager", readiness, package_id=pack).points
        return next(each.state == "met" for each in points if each.code == code)

    assert met("promises") and not met("duty") and not met("telling")
    days = {"first": world.today, "last": world.today + timedelta(days=20)}
    world.do("manager", fill, staff_id=world.actors["doctor"].id, phone="8104", **days)
    assert met("duty")  # the nurse's yellow line falls to the doctor of the day

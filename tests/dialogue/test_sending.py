"""What leaves the house: claimed once, sent between the doors, tried again where that is safe, never twice."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.department.web_address import confirm_web_address
from core.dialogue.cases import cases
from core.dialogue.tables import DialogueSwitchRow
from core.dialogue.telling import sending
from core.dialogue.telling.channels import SWITCHED_OFF, switch_channel
from core.dialogue.telling.duty_page import switch_duty_page
from core.dialogue.telling.outbox import KEPT, forget_old
from core.dialogue.telling.place import OF_ANOTHER_TIME, confirm_sending, sends_elsewhere
from core.dialogue.telling.robots import KEY_UNKNOWN, NO_ANSWER, NO_CONNECTION
from core.dialogue.telling.sending import ANSWERED_MEANWHILE, GAPS, LEASE, send_due
from core.dialogue.telling.tables import DutyPassRow, OutboxRow
from core.dialogue.telling.wire import SEALED, Wire
from core.foundation.doors import Desk
from tests.conftest import World
from tests.dialogue.capture import Answer, Capture, capture_server
from tests.dialogue.telling_scene import DOCTOR, Night, night

pytestmark = pytest.mark.usefixtures("own_machine_key")

WRONG_KEY = Answer({"errcode": 93000, "errmsg": "invalid webhook url"})
OPEN = "请在 PilotDesk 打开“答复台”。"


@pytest.fixture
def server() -> Iterator[Capture]:
    with capture_server() as found:
        yield found


@pytest.fixture
def scene(world: World) -> Night:
    return night(world)


@pytest.fixture
def outside(scene: Night) -> Night:
    scene.world.do("manager", confirm_web_address, web_address="https://care.example")
    scene.world.do("manager", switch_duty_page, on=True)
    return scene


def sent(scene: Night, server: Capture, seconds: float = 5.0) -> int:
    return send_due(scene.world.desk, Wire(server.address, seconds))


def later(scene: Night, span: timedelta) -> None:
    scene.world.clock.advance(span)


def states(scene: Night) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in scene.outbox()]


def texts(server: Capture) -> list[str]:
    return [body["text"]["content"] for _path, body in server.seen]


def test_a_message_says_kind_code_and_minutes_left_and_where_to_look(scene: Night, server: Capture) -> None:
    scene.robot()
    scene.tell(step="rung_1")
    later(scene, timedelta(minutes=18, seconds=30))
    assert sent(scene, server) == 1
    assert texts(server) == [f"警报 {scene.code}：还没有人接手 · 还剩 12 分钟\n{OPEN}"]
    assert states(scene) == [("sent", "")]


def test_after_the_promised_time_it_says_by_how_much(scene: Night, server: Capture) -> None:
    scene.robot()
    scene.tell(step="missed")
    later(scene, timedelta(minutes=33, seconds=1))
    sent(scene, server)
    assert texts(server) == [f"警报 {scene.code}：已过承诺时间 · 已超 3 分钟\n{OPEN}"]


def test_what_was_sent_is_not_sent_again(scene: Night, server: Capture) -> None:
    scene.robot()
    scene.tell()
    assert (sent(scene, server), sent(scene, server)) == (1, 0)
    later(scene, timedelta(days=1))
    assert sent(scene, server) == 0 and len(server.seen) == 1


def test_a_refused_message_is_tried_again_after_growing_gaps_and_then_given_up(
    scene: Night, server: Capture
) -> None:
    scene.robot()
    scene.tell()
    server.says(WRONG_KEY)
    for gap in GAPS:
        assert sent(scene, server) == 0
        assert states(scene) == [("failed", KEY_UNKNOWN)]
        later(scene, gap - timedelta(seconds=1))
        before = len(server.seen)
        sent(scene, server)
        assert len(server.seen) == before
        later(scene, timedelta(seconds=1))
    sent(scene, server)
    assert states(scene) == [("given_up", KEY_UNKNOWN)]
    later(scene, timedelta(days=1))
    sent(scene, server)
    assert len(server.seen) == len(GAPS) + 1
    assert list(GAPS) == sorted(GAPS)


def test_a_failed_connection_is_tried_again_and_then_arrives_once(scene: Night, server: Capture) -> None:
    scene.robot()
    scene.tell()
    with capture_server() as gone:
        nowhere = Wire(gone.address)
    assert send_due(scene.world.desk, nowhere) == 0
    assert states(scene) == [("failed", NO_CONNECTION)]
    later(scene, GAPS[0])
    assert sent(scene, server) == 1 and len(server.seen) == 1


@pytest.mark.parametrize("answer", [Answer(after=0.6), Answer("<html>"), Answer({}), Answer("", status=502)])
def test_an_unclear_message_is_never_sent_again_by_itself(
    scene: Night, server: Capture, answer: Answer
) -> None:
    scene.robot()
    scene.tell()
    server.says(answer)
    assert sent(scene, server, seconds=0.3) == 1
    assert states(scene)[0][0] == "unclear"
    server.says(Answer())
    later(scene, timedelta(days=1))
    assert sent(scene, server) == 0 and len(server.seen) == 1


def test_what_a_restart_cut_off_is_unclear_and_not_sent_again(
    scene: Night, server: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.robot()
    scene.tell()
    killed = pytest.MonkeyPatch()
    killed.setattr(sending, "_finish", _kill)
    with pytest.raises(KeyboardInterrupt):
        sent(scene, server)
    killed.undo()
    assert states(scene) == [("sending", "")] and len(server.seen) == 1
    assert sent(scene, server) == 0
    later(scene, LEASE)
    sent(scene, server)
    assert states(scene) == [("unclear", NO_ANSWER)] and len(server.seen) == 1


def _kill(*_ignored: Any, **_facts: Any) -> None:
    raise KeyboardInterrupt


def test_of_two_machines_that_look_at_once_one_sends(scene: Night, server: Capture) -> None:
    scene.robot()
    for number in range(5):
        scene.tell(occasion=f"run:{number}:told")
    server.says(Answer(after=0.02))
    desk = scene.world.desk
    twin = Desk(desk.database, desk.media, desk.clock)
    together = threading.Barrier(2)

    def look(at: Desk) -> None:
        together.wait()
        send_due(at, Wire(server.address))

    machines = [threading.Thread(target=look, args=(each,)) for each in (desk, twin)]
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join()
    assert len(server.seen) == 5
    assert {state for state, _reason in states(scene)} == {"sent"}


def test_a_robot_gets_twenty_messages_a_minute_and_the_rest_waits(scene: Night, server: Capture) -> None:
    scene.robot()
    for number in range(23):
        scene.tell(occasion=f"run:{number}:told")
    assert sent(scene, server) == 20
    later(scene, timedelta(seconds=59))
    assert sent(scene, server) == 0
    assert [state for state, _reason in states(scene)].count("waiting") == 3
    later(scene, timedelta(seconds=3))
    assert sent(scene, server) == 3 and len(server.seen) == 23


@pytest.mark.parametrize(("kind", "minutes"), [("wecom", 1), ("dingtalk", 10)])
def test_a_robot_that_was_spoken_to_too_often_is_left_alone_and_nothing_is_lost(
    scene: Night, server: Capture, kind: str, minutes: int
) -> None:
    scene.robot(kind=kind)
    for number in range(3):
        scene.tell(occasion=f"run:{number}:told")
    server.says(Answer({"errcode": 130101 if kind == "dingtalk" else 45009}))
    assert sent(scene, server) == 0 and len(server.seen) == 1
    assert [state for state, _reason in states(scene)] == ["failed", "waiting", "waiting"]
    server.says(Answer())
    later(scene, timedelta(minutes=minutes, seconds=-1))
    assert sent(scene, server) == 0 and len(server.seen) == 1
    later(scene, timedelta(seconds=1))
    assert sent(scene, server) == 3


def test_feishu_gets_at_most_five_a_second(scene: Night, server: Capture) -> None:
    scene.robot(kind="feishu")
    for number in range(5):
        scene.tell(occasion=f"run:{number}:told")
    server.says(Answer({"code": 0}))
    began = time.monotonic()
    assert sent(scene, server) == 5
    assert time.monotonic() - began >= 1.0


def test_what_was_written_while_a_channel_went_off_is_given_up(scene: Night, server: Capture) -> None:
    channel = scene.robot()
    scene.tell()
    scene.change(channel, active=False)
    assert sent(scene, server) == 0
    assert states(scene) == [("given_up", SWITCHED_OFF)] and server.seen == []


def test_old_messages_and_links_are_dropped(outside: Night, server: Capture) -> None:
    outside.robot()
    outside.tell(staff_ids=[DOCTOR])
    sent(outside, server)
    outside.world.do("manager", forget_old)
    assert len(outside.outbox()) == 1
    later(outside, KEPT + timedelta(seconds=1))
    outside.world.do("manager", forget_old)
    with outside.world.desk.database.reading() as session:
        assert (outside.outbox(), session.scalars(select(DutyPassRow)).all()) == ([], [])


def test_a_slow_channel_holds_up_no_other_and_no_deed(scene: Night, server: Capture) -> None:
    scene.robot()
    scene.tell()
    server.says(Answer(after=1.5))
    with capture_server() as quick:
        slow = threading.Thread(target=sent, args=(scene, server))
        slow.start()
        while not server.seen:
            time.sleep(0.01)
        began = time.monotonic()
        scene.channel(address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=other")
        scene.tell(occasion="run:9:told")
        with scene.world.desk.database.writing() as session:
            session.execute(
                update(OutboxRow)
                .where(OutboxRow.channel_id == 1, OutboxRow.state == "waiting")
                .values(next_at=None)
            )
        assert sent(scene, quick) == 1
        assert time.monotonic() - began < 1.0
        slow.join()
    assert states(scene)[0] == ("sent", "")


def test_what_was_answered_meanwhile_is_not_told_any_more(scene: Night, server: Capture) -> None:
    scene.robot()
    scene.tell()
    scene.world.do("doctor", cases.reply, case_id=scene.case_id, words="请抬高患肢")
    assert sent(scene, server) == 0
    assert states(scene) == [("given_up", ANSWERED_MEANWHILE)] and server.seen == []


def test_what_waits_for_a_channel_that_is_switched_off_is_given_up(scene: Night, server: Capture) -> None:
    channel = scene.robot()
    scene.tell()
    scene.world.do("manager", switch_channel, channel_id=channel, on=False)
    assert sent(scene, server) == 0
    assert states(scene) == [("given_up", SWITCHED_OFF)]


def test_an_address_sealed_elsewhere_is_not_readable_and_says_so(
    scene: Night, server: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.robot()
    scene.tell()
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"8" * 64)
    scene.world.do("manager", confirm_sending)
    assert sent(scene, server) == 0
    assert states(scene) == [("failed", SEALED)] and server.seen == []


def test_a_copied_database_sends_nothing_until_somebody_confirms(
    scene: Night, server: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.robot()
    scene.tell(occasion="run:1:told")
    later(scene, timedelta(hours=2))
    scene.tell(occasion="run:2:told")
    with scene.world.desk.database.writing() as session:
        session.get_one(DialogueSwitchRow, "sends_from").value = "another machine"
    assert sent(scene, server) == 0 and server.seen == []
    assert scene.world.ask("manager", sends_elsewhere)
    assert {state for state, _reason in states(scene)} == {"waiting"}
    assert scene.world.do("manager", confirm_sending) == 1
    assert not scene.world.ask("manager", sends_elsewhere)
    assert sent(scene, server) == 1
    assert states(scene) == [("given_up", OF_ANOTHER_TIME), ("sent", "")]


def test_the_link_is_made_in_the_moment_of_sending_and_lies_nowhere(outside: Night, server: Capture) -> None:
    outside.robot()
    outside.tell(staff_ids=[DOCTOR])
    with outside.world.desk.database.reading() as session:
        assert session.scalars(select(DutyPassRow)).all() == []
    sent(outside, server)
    found = re.fullmatch(
        rf"警报 {outside.code}：刚收到 · 还剩 30 分钟\n仅限值班医生，凭用户名和密码打开：\n"
        r"https://care\.example/p/duty/([\w-]{43})",
        texts(server)[0],
    )
    assert found
    with outside.world.desk.database.reading() as session:
        (row,) = session.scalars(select(DutyPassRow)).all()
        everything = " ".join(str(vars(each)) for each in (row, *outside.outbox()))
    assert (row.staff_id, row.case_id, row.ended_at) == (DOCTOR, outside.case_id, None)
    assert found[1] not in everything


def test_a_link_that_surely_did_not_leave_opens_nothing(outside: Night, server: Capture) -> None:
    outside.robot()
    outside.tell(staff_ids=[DOCTOR])
    server.says(WRONG_KEY, Answer())
    sent(outside, server)
    later(outside, GAPS[0])
    sent(outside, server)
    with outside.world.desk.database.reading() as session:
        rows = session.scalars(select(DutyPassRow).order_by(DutyPassRow.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]


def test_a_database_without_messages_is_asked_one_question(scene: Night, server: Capture) -> None:
    asked: list[str] = []
    desk = scene.world.desk

    class Counting(Desk):
        def ask(self, *more: Any, **facts: Any) -> Any:
            asked.append("ask")
            return super().ask(*more, **facts)

        def do(self, *more: Any, **facts: Any) -> Any:
            raise AssertionError("nothing is to be written")

    assert send_due(Counting(desk.database, desk.media, desk.clock), Wire(server.address)) == 0
    assert asked == ["ask"]

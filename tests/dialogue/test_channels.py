"""Channels: entered by the manager, their addresses never seen again, tested at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from core.dialogue.telling import channels, place, robots
from core.dialogue.telling.channels import (
    RESULT_NAMES,
    ChannelNameMissing,
    MailIncomplete,
    NoRobotAddress,
    NoSafeAddress,
    ReadersMissing,
    UnknownChannel,
    add_channel,
    any_channel,
    change_channel,
    send_test,
    switch_channel,
)
from core.dialogue.telling.tables import ChannelRow
from core.dialogue.telling.wire import SEALED, Wire
from core.foundation.access import NotAllowed
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.doors import RequestRow
from tests.conftest import World
from tests.dialogue.capture import Answer, Capture, capture_server
from tests.dialogue.telling_scene import ROBOT

pytestmark = pytest.mark.usefixtures("own_machine_key")

MAIL = {
    "host": "smtp.hospital.example", "port": "465", "mode": "ssl", "user": "pilot", "password": "mail-secret",
    "sender": "pilot@hospital.example", "to": "a@hospital.example, b@hospital.example",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Capture]:
    with capture_server() as found:
        yield found


def add(world: World, **more: Any) -> int:
    known = {"kind": "wecom", "name": "夜班群", "roles": ["doctor"], "address": ROBOT}
    number: int = world.do("manager", add_channel, **{**known, **more})
    return number


def rows(world: World, table: Any) -> list[Any]:
    with world.desk.database.reading() as session:
        return list(session.scalars(select(table)))


def test_a_channel_is_kept_with_its_readers_and_without_its_address(world: World) -> None:
    number = add(world, roles=["doctor", "nurse", "executive"])
    (found,) = world.ask("manager", channels.channels)
    assert (found.channel_id, found.kind, found.name) == (number, "wecom", "夜班群")
    assert (found.roles, found.active, found.readable) == (("nurse", "doctor"), True, True)
    assert "key-1234" not in repr(found)


def test_no_secret_stands_anywhere_in_the_database(world: World) -> None:
    number = add(world)
    add(world, kind="mail", name="邮件", address="", mail=MAIL)
    add(world, kind="dingtalk", name="钉钉", secret="SEC-secret",
        address="https://oapi.dingtalk.com/robot/send?access_token=token-1234")  # fmt: skip
    world.do("manager", change_channel, channel_id=number, name="夜班", roles=["doctor"], address=ROBOT)
    kept = [*rows(world, ChannelRow), *rows(world, AuditEntryRow), *rows(world, AuditDetailRow)]
    everything = " ".join(str(vars(row)) for row in [*kept, *rows(world, RequestRow)])
    for secret in ("key-1234", "mail-secret", "SEC-secret", "token-1234", "smtp.hospital"):
        assert secret not in everything
    assert rows(world, RequestRow) == []


def test_a_refusal_does_not_repeat_the_address(world: World) -> None:
    with pytest.raises(NoRobotAddress) as found:
        add(world, address="https://evil.example/?key=key-1234")
    assert "key-1234" not in found.value.text("en") + repr(found.value)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, ChannelNameMissing),
        ({"roles": []}, ReadersMissing),
        ({"roles": ["executive"]}, ReadersMissing),
        ({"kind": "dingtalk"}, NoRobotAddress),
        ({"kind": "webhook", "address": "http://a.example"}, NoSafeAddress),
        ({"kind": "mail", "mail": {}}, MailIncomplete),
        ({"kind": "mail", "mail": MAIL | {"to": "nobody"}}, MailIncomplete),
        ({"kind": "mail", "mail": MAIL | {"sender": ""}}, MailIncomplete),
        ({"kind": "mail", "mail": MAIL | {"port": "99999"}}, MailIncomplete),
        ({"kind": "mail", "mail": MAIL | {"host": "a@b/c"}}, MailIncomplete),
    ],
)
def test_what_is_no_channel_is_refused(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add(world, **changes)
    assert rows(world, ChannelRow) == []


def test_a_change_without_an_address_keeps_the_one_there_is(world: World) -> None:
    number = add(world)
    before = rows(world, ChannelRow)[0].secret
    world.do("manager", change_channel, channel_id=number, name="值班群", roles=["manager"])
    (row,) = rows(world, ChannelRow)
    assert (row.secret, row.name, row.roles) == (before, "值班群", ["manager"])
    world.do("manager", change_channel, channel_id=number, name="值班群", roles=["manager"], address=ROBOT)
    assert rows(world, ChannelRow)[0].secret != before


def test_a_channel_that_is_gone_is_said_so(world: World) -> None:
    with pytest.raises(UnknownChannel):
        world.do("manager", switch_channel, channel_id=9, on=False)


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk", "executive"])
def test_only_who_may_change_settings_sees_or_changes_channels(world: World, role: str) -> None:
    number = add(world)
    with pytest.raises(NotAllowed):
        world.ask(role, channels.channels)
    with pytest.raises(NotAllowed):
        send_test(world.desk, world.actors[role], number)


def test_the_first_channel_makes_this_the_machine_that_sends(world: World) -> None:
    assert not world.ask("manager", place.is_here)
    add(world)
    assert world.ask("manager", place.is_here)
    assert not world.ask("manager", place.sends_elsewhere)


def test_a_channel_counts_while_it_is_on_and_its_address_is_known_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not world.ask("manager", any_channel)
    number = add(world)
    assert world.ask("manager", any_channel)
    world.do("manager", switch_channel, channel_id=number, on=False)
    assert not world.ask("manager", any_channel)
    world.do("manager", switch_channel, channel_id=number, on=True)
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"8" * 64)
    assert not world.ask("manager", any_channel)
    assert [one.readable for one in world.ask("manager", channels.channels)] == [False]


@pytest.mark.parametrize(
    ("answer", "state", "kept"),
    [
        (Answer(), "sent", RESULT_NAMES["sent"]),
        (Answer({"errcode": 93000}), "failed", robots.KEY_UNKNOWN),
        (Answer("?"), "unclear", robots.NO_CODE),
    ],
)
def test_a_test_is_sent_and_what_came_of_it_is_kept(
    world: World, server: Capture, answer: Answer, state: str, kept: str
) -> None:
    number = add(world)
    server.says(answer)
    assert send_test(world.desk, world.actors["manager"], number, Wire(server.address)).state == state
    assert server.seen[0][1]["text"]["content"] == "这是 PilotDesk 的测试消息。您看到它，说明通道可用。"
    (found,) = world.ask("manager", channels.channels)
    assert (found.tested, found.tested_at) == (kept, world.clock.now())


def test_a_test_from_another_machine_asks_for_the_address(
    world: World, server: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(world)
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"8" * 64)
    outcome = send_test(world.desk, world.actors["manager"], number, Wire(server.address))
    assert (outcome.state, outcome.reason, server.seen) == ("failed", SEALED, [])


def test_a_new_address_is_an_untested_one(world: World, server: Capture) -> None:
    number = add(world)
    send_test(world.desk, world.actors["manager"], number, Wire(server.address))
    world.do("manager", change_channel, channel_id=number, name="夜班群", roles=["doctor"], address=ROBOT)
    assert [(one.tested, one.tested_at) for one in world.ask("manager", channels.channels)] == [("", None)]

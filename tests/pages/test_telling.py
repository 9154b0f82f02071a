"""Settings → Telling staff: channels, their tests, the duty page, what a restored database needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.dialogue.tables import DialogueSwitchRow
from core.dialogue.telling import channels
from core.dialogue.telling.channels import add_channel, switch_channel
from core.dialogue.telling.duty_page import duty_page_on
from core.dialogue.telling.wire import Wire
from core.settlement.amends import by_itself
from tests.dialogue.capture import Answer, Capture, capture_server
from tests.dialogue.telling_scene import ROBOT, night
from tests.pages.conftest import Served, press, shown, unfold

PAGE = "manager/settings/page.py"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Capture]:
    with capture_server() as found:
        monkeypatch.setattr(channels, "Wire", lambda: Wire(found.address))
        yield found


def add(served: Served) -> int:
    number: int = served.world.do(
        "manager", add_channel, kind="wecom", name="夜班群", roles=["doctor"], address=ROBOT
    )
    return number


def opened(served: Served, language: str = "zh") -> AppTest:
    return served.open(PAGE, language=language, query={"tab": "telling"})


def test_without_a_channel_the_page_says_who_is_not_told(served: Served) -> None:
    assert "没在看屏幕的人不会得到通知" in shown(opened(served))


def test_a_channel_is_added_and_its_address_is_not_shown_again(served: Served) -> None:
    app = unfold(opened(served), "channel_new")
    next(field for field in app.text_input if field.label == "名字").input("夜班群")
    next(field for field in app.text_input if field.label == "机器人地址").input(ROBOT)
    app = press(app, "添加这个通道")
    (found,) = served.world.ask("manager", channels.channels)
    assert (found.name, found.kind, found.roles) == ("夜班群", "wecom", ("doctor",))
    app = unfold(app, f"channel_{found.channel_id}")
    assert "key-1234" not in shown(app) + " ".join(str(field.value) for field in app.text_input)


def test_a_wrong_address_is_refused_at_its_field(served: Served) -> None:
    app = unfold(opened(served, "en"), "channel_new")
    next(field for field in app.text_input if field.label == "Name").input("Night")
    next(field for field in app.text_input if field.label == "Address of the robot").input(
        "https://evil.example"
    )
    app = press(app, "Add this channel")
    assert "qyapi.weixin.qq.com/" in shown(app)
    assert served.world.ask("manager", channels.channels) == []


@pytest.mark.parametrize(
    ("answer", "words"), [(Answer(), "已发出"), (Answer({"errcode": 93000}), "对方不认得这个地址")]
)
def test_a_test_says_what_came_of_it(served: Served, server: Capture, answer: Answer, words: str) -> None:
    number = add(served)
    server.says(answer)
    app = press(unfold(opened(served), f"channel_{number}"), "发送测试")
    assert words in shown(app) and len(server.seen) == 1


def test_a_channel_is_switched_off_and_on(served: Served) -> None:
    number = add(served)
    app = press(unfold(opened(served), f"channel_{number}"), "关闭")
    assert not served.world.ask("manager", channels.channels)[0].active
    press(unfold(app, f"channel_{number}"), "开启")
    assert served.world.ask("manager", channels.channels)[0].active


def test_the_duty_page_is_off_until_the_manager_switches_it_on(served: Served) -> None:
    assert not served.world.ask("manager", duty_page_on)
    app = press(opened(served, "en"), "Switch the duty page on")
    assert served.world.ask("manager", duty_page_on)
    press(app, "Switch the duty page off")
    assert not served.world.ask("manager", duty_page_on)


def test_a_restored_database_asks_before_it_sends(served: Served) -> None:
    add(served)
    with served.world.desk.database.writing() as session:
        session.delete(session.get_one(DialogueSwitchRow, "sends_from"))
    app = opened(served)
    assert "恢复或复制来的" in shown(app)
    app = press(app, "由本机发送")
    assert "恢复或复制来的" not in shown(app)


def test_an_address_of_another_machine_is_asked_for_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(served)
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"8" * 64)
    app = unfold(opened(served), f"channel_{number}")
    assert "地址是在另一台电脑上填写的" in shown(app)
    assert next(button for button in app.button if button.label == "发送测试").disabled


def test_the_last_messages_stand_with_their_states_in_words(served: Served) -> None:
    number = add(served)
    scene = night(served.world)
    scene.tell(step="rung_1")
    served.world.do("manager", switch_channel, channel_id=number, on=False)
    table = opened(served).dataframe[-1].value
    assert table.iloc[0].tolist()[1:] == [
        "夜班群", f"警报 {scene.code}：还没有人接手", "已放弃", "通道已关闭。",
    ]  # fmt: skip


def test_apologies_are_sent_by_themselves_only_once_switched_on(served: Served) -> None:
    app = opened(served, "en")
    assert "Apologies wait for somebody's click." in shown(app) and "before anybody has read it" in shown(app)
    app = press(app, "Send apologies by themselves")
    assert served.world.ask("manager", by_itself) and "Apologies are sent by themselves." in shown(app)
    press(app, "Wait for a click again")
    assert not served.world.ask("manager", by_itself)

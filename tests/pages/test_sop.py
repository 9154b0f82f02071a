"""The pages of an SOP: write and hand in, review by another person, read and sign, see who has not; the print's check."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.packages.publishing import take_template
from core.packages.templates import load
from core.sops.approval import approve, retire, save_own, submit
from core.sops.readings import signatures
from core.sops.shelf import in_force, versions, working
from core.sops.states import latest_review
from tests.pages.conftest import Served, shown

SOP, READING = "manager/sop/page.py", "staff/reading.py"


@pytest.fixture
def pack(served: Served) -> int:
    raw = load("prenatal_quest", "zh").model_dump(mode="json")
    return served.world.do("manager", take_template, document=raw)


def handed_in(served: Served, pack: int) -> int:
    now = served.world.ask("manager", working, package_id=pack)
    own = now.own.model_dump(mode="json") | {"owner": "李护士长"}
    served.world.do("manager", save_own, package_id=pack, own=own, expected_changed_at=now.changed_at)
    return served.world.do("manager", submit, package_id=pack, what="话术更短", why="周复盘")


def approved(served: Served, pack: int) -> int:
    version, day = handed_in(served, pack), served.world.today
    served.world.do("doctor", approve, version_id=version, effective_on=day, review_on=latest_review(day))
    return version


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.main.button if each.label == label)


def test_without_a_package_the_page_leads_to_one(served: Served) -> None:
    assert "还没有服务包" in shown(served.open(SOP))
    assert "No package yet" in shown(served.open(SOP, language="en"))


@pytest.mark.parametrize("role", ["nurse", "front_desk", "executive"])
def test_only_those_who_approve_or_write_open_the_page(served: Served, role: str) -> None:
    assert (
        "不属于您的岗位"
        in shown(served.open(SOP, role=role)) + served.open(SOP, role=role).main.title[0].value
    )


def test_the_manager_hands_in_and_is_told_what_is_missing(served: Served, pack: int) -> None:
    app = served.open(SOP)
    button(app, "提交第 1 版").click().run()
    assert any("改了什么" in each.value for each in app.main.error)
    handed_in(served, pack)
    app = served.open(SOP, sop_tab="审核")
    text = shown(app) + shown(served.open(SOP))
    assert "第 1 版正在审核" in text and "须由另一位同事批准" in text and "话术更短" in text


def test_a_doctor_sees_the_change_and_approves(served: Served, pack: int) -> None:
    handed_in(served, pack)
    app = served.open(SOP, role="doctor")
    assert "这是第一版" in shown(app) and "提交第 2 版" not in [each.label for each in app.main.button]
    button(app, "批准").click().run()
    assert not app.exception
    held = served.world.ask("nurse", in_force, package_id=pack)
    assert (held.number, held.review_on, held.approver) == (1, date(2027, 3, 5), "doctor测试")
    text = shown(served.open(SOP, role="doctor", sop_tab="签名"))
    assert "还有 4 人没有签名" in text and "nurse测试 (护士)" in text


def test_a_returned_version_shows_its_reason_to_the_author(served: Served, pack: int) -> None:
    handed_in(served, pack)
    app = served.open(SOP, role="doctor")
    next(each for each in app.main.text_area if each.label == "退回原因").input("第3步缺时限")
    button(app, "退回编写人").click().run()
    assert "已退回\uff1a第3步缺时限" in shown(served.open(SOP))


def test_a_nurse_reads_her_steps_first_and_signs(served: Served, pack: int) -> None:
    version = approved(served, pack)
    app = served.open(READING, role="nurse")
    text = shown(app)
    assert "话术更短" in text and text.index("说明服务包") < text.index("确认适合")
    sign = button(app, "签署第 1 版")
    sign.click().run()
    assert any("请先勾选" in each.value for each in app.main.warning)
    quiz = served.world.ask("manager", versions, package_id=pack)[0].text.own.quiz
    for at, each in enumerate(quiz):
        app.main.radio(key=f"answer_{version}_{at}").set_value(each.right if at else each.wrong[0])
    app.main.checkbox(key=f"read_{version}").check()
    button(app, "签署第 1 版").click().run()
    assert not app.exception
    text = shown(app)
    assert "已签名" in text and quiz[0].right in text and "没有等您签名的版本" in text
    [mine] = [each for each in served.world.ask("manager", signatures, version_id=version) if each.at]
    assert (mine.role, mine.score, mine.questions) == ("nurse", 2, 3)


def test_both_pages_speak_english(served: Served, pack: int) -> None:
    approved(served, pack)
    tabs = ("Signatures", "All versions", "Text as it stands")
    text = "".join(shown(served.open(SOP, language="en", sop_tab=tab)) for tab in tabs)
    text += shown(served.open(READING, role="nurse", language="en"))
    for part in ("In force", "4 people have not signed yet", "When something is wrong", "steps of my role"):
        assert part in text


def test_the_handbook_and_the_cards_are_laid_out_on_demand(served: Served, pack: int) -> None:
    approved(served, pack)
    app = served.open(SOP, sop_tab="打印")
    button(app, "生成预览").click().run()
    assert not app.exception
    assert any(each.proto.label == "下载\uff08PDF\uff09" for each in app.main.get("download_button"))


def test_an_sop_without_a_version_in_force_says_that_sales_pause(served: Served, pack: int) -> None:
    version = approved(served, pack)
    served.world.do("manager", retire, version_id=version, reason="服务暂停")
    assert any("暂停新开通" in each.value for each in served.open(SOP).main.error)

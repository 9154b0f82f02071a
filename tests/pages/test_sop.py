"""The pages of an SOP: write and hand in, review by another person, read and sign, see who has not; the print's check."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.packages.drafts import keep_draft
from core.packages.publishing import draft, publish, take_template
from core.packages.templates import load
from core.sops.approval import approve, retire, submit
from core.sops.drafts import keep_own
from core.sops.readings import signatures
from core.sops.shelf import in_force, versions, working
from core.sops.states import latest_review
from tests.pages.conftest import Served, press, shown
from tests.pages.test_calls import order

PACKAGES = "manager/packages/page.py"
SOP, READING = "manager/sop/page.py", "staff/reading.py"


@pytest.fixture
def pack(served: Served) -> int:
    raw = load("prenatal_quest", "zh").model_dump(mode="json")
    return served.world.do("manager", take_template, document=raw)


def handed_in(served: Served, pack: int) -> int:
    now = served.world.ask("manager", working, package_id=pack)
    own = now.working | {"owner": "李护士长"}
    served.world.do("manager", keep_own, package_id=pack, working=own, expected_changed_at=now.changed_at)
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


def test_what_is_missing_for_the_hand_in_is_asked_for_at_its_field(served: Served, pack: int) -> None:
    app = press(served.open(SOP, language="en"), "Hand in version 1")
    fields = order(app)
    assert fields[fields.index("What changed") + 1].startswith("! Please say in a sentence each what changed")
    app = press(
        press_enter(press_enter(app, "What changed", "shorter"), "Why", "weekly review"), "Hand in version 1"
    )
    [error] = [each.value for each in app.main.error]
    assert error == "Please choose the owner of this SOP, who answers questions about it."
    assert "Not yet: the field that needs you is marked above." in shown(app)


def press_enter(app: AppTest, label: str, text: str) -> AppTest:
    return next(field for field in app.main.text_input if field.label == label).set_value(text).run()


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
    assert "已签名" not in text and "这一题没答对" in text
    assert sum("这一题没答对" in each.value for each in app.main.warning) == 1, (
        "beside the question, not the others"
    )
    app.main.radio(key=f"answer_{version}_0").set_value(quiz[0].right)
    button(app, "签署第 1 版").click().run()
    text = shown(app)
    assert "已签名" in text and "目前没有需要您签名的 SOP" in text
    [mine] = [each for each in served.world.ask("manager", signatures, version_id=version) if each.at]
    assert (mine.role, mine.score, mine.questions) == ("nurse", 3, 3)


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


def field(app: AppTest, label: str, kind: str = "text_input") -> Any:
    return next(each for each in app.main.get(kind) if each.label == label)


def now_kept(served: Served, pack: int) -> dict[str, Any]:
    return served.world.ask("manager", working, package_id=pack).working


def test_a_field_that_was_left_is_saved_and_a_reload_shows_it(served: Served, pack: int) -> None:
    app = served.open(SOP, language="en")
    field(app, "What changed").input("话术更短").run()
    field(app, "Training, in addition to what the package says", "text_area").input("每月一次").run()
    again = served.open(SOP, language="en")
    assert field(again, "What changed").value == "话术更短"
    assert field(again, "Training, in addition to what the package says", "text_area").value == "每月一次"
    assert "Every field saves itself when you leave it, the last at" in shown(again)


def test_a_change_can_be_taken_back(served: Served, pack: int) -> None:
    app = served.open(SOP, language="en")
    field(app, "Why").input("周复盘").run()
    button(app, "Undo").click().run()
    assert not app.exception
    assert field(app, "Why").value == "" and now_kept(served, pack)["why"] == ""


def test_two_who_write_different_fields_both_keep_theirs(served: Served, pack: int) -> None:
    mine, hers = served.open(SOP, language="en"), served.open(SOP, role="administrator", language="en")
    field(hers, "Why").input("周复盘").run()
    served.world.clock.advance(timedelta(minutes=1))
    field(mine, "What changed").input("话术更短").run()
    assert (now_kept(served, pack)["what"], now_kept(served, pack)["why"]) == ("话术更短", "周复盘")
    assert field(mine, "Why").value == "周复盘" and not mine.exception


@pytest.mark.parametrize(("choice", "kept"), [("Load theirs", "hers"), ("Keep mine", "mine")])
def test_two_who_write_the_same_field_are_asked(served: Served, pack: int, choice: str, kept: str) -> None:
    mine, hers = served.open(SOP, language="en"), served.open(SOP, role="administrator", language="en")
    field(hers, "Why").input("hers").run()
    served.world.clock.advance(timedelta(minutes=1))
    field(mine, "Why").input("mine").run()
    assert now_kept(served, pack)["why"] == "hers" and "changed the same field" in shown(mine)
    button(mine, choice).click().run()
    assert field(mine, "Why").value == kept and now_kept(served, pack)["why"] == kept


def test_what_a_refusal_kept_out_is_shown_to_be_copied(served: Served, pack: int) -> None:
    app = served.open(SOP, language="en")
    handed_in(served, pack)
    field(app, "Why").input("周复盘").run()
    assert "This SOP is being reviewed" in shown(app)
    assert [each.value for each in app.main.get("code")] == ["周复盘"]


def test_half_a_question_is_kept_and_named_and_not_handed_in(served: Served, pack: int) -> None:
    app = served.open(SOP, language="en", sop_quiz=True)
    held = served.world.ask("manager", working, package_id=pack).own.quiz
    [field_of_third] = [each for each in app.main.text_input if each.value == held[2].right]
    field_of_third.input("").run()
    assert now_kept(served, pack)["quiz"][2]["right"] == ""
    field(app, "What changed").input("话术更短").run()
    field(app, "Why").input("周复盘").run()
    button(app, "Hand in version 1").click().run()
    assert any("Questions after reading: This is empty" in each.value for each in app.main.error)
    assert "Questions after reading · 3 · Right answer" in shown(app)
    # What prints and reviews read is the question as it was when it was last whole.
    assert served.world.ask("manager", working, package_id=pack).own.quiz == held


def test_closed_parts_of_the_sop_draw_no_field(served: Served, pack: int) -> None:
    app = served.open(SOP, language="en")
    assert "Question 1" not in [each.label for each in app.main.text_input]
    assert "Question 1" in [
        each.label for each in served.open(SOP, language="en", sop_quiz=True).main.text_input
    ]


def test_the_address_says_which_tab_and_which_package(served: Served, pack: int) -> None:
    raw = load("prenatal_quest", "zh").model_dump(mode="json") | {"code": "second", "name": "第二个"}
    second = served.world.do("manager", take_template, document=raw)
    app = served.open(SOP, query={"tab": "print", "package": str(second)})
    assert app.session_state["sop_tab"] == "打印"
    assert app.main.selectbox[0].value == second


def test_publishing_other_words_says_beforehand_that_new_sales_would_pause(served: Served, pack: int) -> None:
    served.world.do("manager", publish, package_id=pack)
    approved(served, pack)
    known = served.world.ask("manager", draft, package_id=pack)
    assert "stays on sale" not in shown(served.open(PACKAGES, language="en", package_tab="Publish"))
    served.world.clock.advance(timedelta(seconds=1))
    served.world.do(
        "manager", keep_draft, package_id=pack, working=known.working | {"promise": "每次产检都有人陪您。"},
        expected_changed_at=known.changed_at,
    )  # fmt: skip
    app = served.open(PACKAGES, language="en", package_tab="Publish")
    assert "until it is approved, version 1 stays on sale" in shown(app)
    press(app, "Publish version 2")
    assert "New sales pause until the SOP with this wording is approved." in shown(app)

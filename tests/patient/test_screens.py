"""The patient's own pages: what is next on top, friendly words, nothing of anybody else's, and the quiet page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import update

from core.care.quiet_care import gentle_stop
from core.care.tables import EnrolmentRow, TaskRow
from core.care.work.appointments import book
from core.care.work.measurements import record_growth
from core.care.work.tasks import mark_done
from core.department.places import add_location
from core.foundation.troubles import DatabaseAway, DatabaseBusy, DiskFull, Trouble
from core.operations.previews import preview_pass
from core.packages.templates import load
from core.people.consents import consents_of
from core.people.tables import StaffRow
from core.phone.journey import journey
from tests.patient.conftest import LAST_PERIOD, HttpPhone, PhoneScene
from tests.troubled import troubled

PAGES = (
    "/p/me", "/p/me/missions", "/p/me/mission/P03", "/p/me/badges", "/p/me/growth", "/p/me/points",
    "/p/me/survey", "/p/me/consents",
)  # fmt: skip


def _finish(ward: PhoneScene, count: int = 1) -> None:
    seen = ward.world.desk.ask(ward.world.patient(ward.patient_id), journey)
    for one in [m for m in seen.missions if m.state in ("now", "welcome")][:count]:
        ward.world.do("nurse", mark_done, task_id=one.task_id)


def test_the_next_mission_stands_on_top_with_day_place_and_what_to_bring(enrolled: PhoneScene) -> None:
    seen = enrolled.world.desk.ask(enrolled.world.patient(enrolled.patient_id), journey)
    assert seen.next is not None
    enrolled.world.do(
        "nurse", book, patient_id=enrolled.patient_id, task_id=seen.next.task_id,
        at=datetime(2026, 3, 12, 1, 0, tzinfo=UTC),
    )  # fmt: skip
    phone = enrolled.own_phone()
    phone.open("/p/me")
    for part in (seen.next.title, "周四 3月12日 09:00", seen.next.place.name, seen.next.bring):
        assert part in phone.text
    assert phone.text.index(seen.next.title) < phone.text.index("我的勋章")
    assert f"{seen.next.minutes} 分钟" in phone.text


def test_a_place_reaches_the_phone_only_once_the_house_has_confirmed_it(enrolled: PhoneScene) -> None:
    seen = enrolled.world.desk.ask(enrolled.world.patient(enrolled.patient_id), journey)
    assert seen.next is not None
    written = next(one for one in load("prenatal_quest", "zh").tasks if one.code == seen.next.code).place
    phone = enrolled.own_phone()
    phone.open("/p/me")
    assert "到院后，请向前台询问。" in phone.text
    assert written.route not in phone.text and written.name not in phone.text
    enrolled.world.do(
        "manager", add_location, name="三号诊室", code=written.code, floor="9楼", route="东门进"
    )
    phone.open("/p/me")
    for part in ("三号诊室", "9楼", "东门进"):
        assert part in phone.text
    assert "到院后，请向前台询问。" not in phone.text


def test_the_same_page_in_english(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone("en")
    phone.open("/p/me?lang=en")
    assert (
        "Good day, 陈晓雨" in phone.text
        and "Please bring" in phone.text
        and "14 weeks + 0 days today" in phone.text
    )
    assert "/p/me/missions?lang=en" in (phone.page.text if phone.page else "")


def test_the_patients_own_language_wins_over_the_browsers(ward: PhoneScene) -> None:
    other = ward.patient("Mary Smith", "E1", "13900002222", language="en")
    from core.people.phone_links import issue_link

    token = ward.world.do("nurse", issue_link, patient_id=other)
    phone = ward.phone("zh-CN")
    phone.open(f"/p/j/{token}")
    assert "最后四位" in phone.text
    phone.send(f"/p/j/{token}", last_four="2222")
    assert "Good day, Mary Smith" in phone.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_own_page_opens_in_both_languages(enrolled: PhoneScene, path: str, language: str) -> None:
    phone = enrolled.own_phone()
    answer = phone.open(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.text
    assert answer.text.index('href="tel:120"') < answer.text.index('href="tel:010-12345678"')


def test_no_page_ever_says_overdue_or_shows_red(enrolled: PhoneScene) -> None:
    enrolled.world.clock.advance(timedelta(days=60))
    phone = enrolled.own_phone()
    for path in PAGES:
        drawn = phone.open(path).text
        assert not re.search(r"逾期|过期|超时|错过|overdue|expired|missed|\blate\b", phone.text, re.I)
        assert not re.search(r"#(?:f00|ff0000|c2410c|dc2626)\b", drawn, re.I)


def test_a_late_mission_is_welcome_without_a_word_of_what_it_would_have_brought(enrolled: PhoneScene) -> None:
    seen = enrolled.world.desk.ask(enrolled.world.patient(enrolled.patient_id), journey)
    one = next(m for m in seen.missions if m.state == "now" and m.points)
    phone = enrolled.own_phone()
    phone.open(f"/p/me/mission/{one.code}")
    assert f"可得 {one.points} 分" in phone.text
    enrolled.world.clock.advance(one.closes_on + timedelta(days=3) - enrolled.world.today)
    phone.open(f"/p/me/mission/{one.code}")
    assert "仍欢迎您来" in phone.text and "可得" not in phone.text


def test_earned_seals_are_in_colour_and_counted(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    before = phone.open("/p/me").text.count('fill="#E76F51"')
    _finish(enrolled, 2)
    after = phone.open("/p/me").text.count('fill="#E76F51"')
    assert after > before
    earned = enrolled.world.desk.ask(enrolled.world.patient(enrolled.patient_id), journey).badges_earned
    assert earned >= 1 and f"{earned} /" in phone.text
    phone.open("/p/me/badges")
    assert "与检查结果无关" in phone.text


def test_all_collected_is_never_said_above_outlines_still_to_come(enrolled: PhoneScene) -> None:
    seen = enrolled.world.desk.ask(enrolled.world.patient(enrolled.patient_id), journey)
    with enrolled.world.desk.database.writing() as session:
        session.execute(
            update(TaskRow).where(TaskRow.state == "planned").values(opens_on=enrolled.world.today)
        )
    target = seen.badge_target or 0
    badges = [one for one in seen.missions if one.counts_for_badge and one.state in ("now", "later")]
    assert target and len(badges) > target + 1
    for one in badges[: target + 1]:
        enrolled.world.do("nurse", mark_done, task_id=one.task_id)
    phone = enrolled.own_phone()
    for path in ("/p/me", "/p/me/badges"):
        phone.open(path)
        assert f"已集到 {target + 1} 枚勋章，达成 {target} 枚的目标" in phone.text
        assert f"{target + 1} /" not in phone.text and "集齐" not in phone.text
    drawn = phone.page.text if phone.page else ""
    earned, outlines = drawn.split("还可以继续收集")
    assert earned.count('<a href="/p/me/mission/') == target + 1 and "/p/me/mission/" in outlines


def test_an_unknown_mission_ends_kindly(enrolled: PhoneScene) -> None:
    assert enrolled.own_phone().open("/p/me/mission/NOPE").status_code == 404


def test_a_patient_without_a_package_is_met_kindly(ward: PhoneScene) -> None:
    phone = ward.own_phone()
    phone.open("/p/me")
    assert "还没有开通服务包" in phone.text
    assert phone.open("/p/me/missions").status_code == 200 and phone.open("/p/me/points").status_code == 200


# --- the one question -------------------------------------------------------------------------------------------------


def test_the_question_is_answered_once_a_week(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/survey")
    phone.send("/p/me/survey", score="5", comment="很安心")
    assert "谢谢您的回答" in phone.text and "3月12日" in phone.text
    phone.open("/p/me/survey")
    assert "这一周的回答我们已经收到" in phone.text


def test_a_question_without_an_answer_keeps_the_comment(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/survey")
    answer = phone.send("/p/me/survey", comment="等了很久")
    assert answer.status_code == 422 and "等了很久</textarea>" in answer.text


def test_a_double_click_is_one_answer(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/survey")
    fields = phone.hidden() | {"score": "4"}
    places = [
        phone.client.post("/p/me/survey", data=fields, follow_redirects=False).status_code for _ in range(2)
    ]
    assert places == [303, 303]


# --- when our machine cannot take it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [DatabaseBusy, DiskFull])
def test_what_could_not_be_stored_stays_in_the_form_and_is_sent_once_more(
    enrolled: PhoneScene, monkeypatch: pytest.MonkeyPatch, trouble: type[Trouble]
) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/survey")
    troubled(monkeypatch, "do", trouble, times=1)
    page = phone.send("/p/me/survey", score="5", comment="很安心").text
    assert "您写的内容没有丢失" in page and "很安心" in page and "信息科" not in page
    phone.send("/p/me/survey", score="5", comment="很安心")
    assert "谢谢您的回答" in phone.text


def test_a_form_that_met_a_database_that_is_away_is_sent_again_by_one_button_and_counts_once(
    enrolled: PhoneScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/survey")
    first = phone.hidden()
    troubled(monkeypatch, "ask", DatabaseAway, times=1)
    answer = phone.send("/p/me/survey", score="4", comment="<b>等了很久</b>")
    assert answer.status_code == 503 and 'action="/p/me/survey"' in answer.text
    assert phone.hidden() | first == phone.hidden(), "seal and request key are those of the form she filled"
    assert 'value="&lt;b&gt;等了很久&lt;/b&gt;"' in answer.text
    phone.send("/p/me/survey", score="4", comment="<b>等了很久</b>")
    assert "谢谢您的回答" in phone.text


# --- consents ---------------------------------------------------------------------------------------------------------


def _given(ward: PhoneScene) -> dict[str, bool]:
    found = ward.world.ask("nurse", consents_of, patient_id=ward.patient_id)
    return {one.purpose: one.given for one in found}


def test_each_purpose_has_its_own_switch_and_works_at_once(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    answer = phone.open("/p/me/consents")
    assert answer.text.count('role="switch"') == 6 and answer.text.count('aria-checked="true"') == 1
    phone.send("/p/me/consents", purpose="photos", given="yes")
    assert _given(enrolled) == {
        "service": True, "messages": False, "films": False, "photos": True, "album": False, "story_wall": False,
    }  # fmt: skip
    phone.send("/p/me/consents", purpose="photos", given="no")
    assert _given(enrolled)["photos"] is False


def test_an_invented_purpose_changes_nothing(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    before = _given(enrolled)
    phone.open("/p/me/consents")
    assert phone.send("/p/me/consents", purpose="everything", given="yes").status_code == 422
    assert _given(enrolled) == before


# --- points -----------------------------------------------------------------------------------------------------------


def test_points_become_a_voucher_with_a_code(enrolled: PhoneScene) -> None:
    _finish(enrolled, 2)
    phone = enrolled.own_phone()
    answer = phone.open("/p/me/points")
    ways = re.findall(r'href="(/p/me/points/take/\d+)"', answer.text)
    assert ways
    phone.open(ways[0])
    fields = phone.hidden()
    first = phone.client.post(ways[0], data=fields, follow_redirects=False)
    second = phone.client.post(ways[0], data=fields, follow_redirects=False)
    assert first.status_code == 303 and first.headers["location"] == second.headers["location"]
    answer = phone.open(first.headers["location"])
    code = re.search(r'<p class="code">(\w{4} \w{4})</p>', answer.text)
    assert code and "<svg" in answer.text and "前台" in phone.text
    other = enrolled.phone()
    assert other.open(first.headers["location"]).status_code == 401


def test_too_few_points_take_nothing(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    answer = phone.open("/p/me/points")
    way = re.findall(r'href="(/p/me/points/take/\d+)"', answer.text)[0]
    answer = phone.open(way)
    assert "<form" not in answer.text and "还差" in phone.text
    phone.open("/p/me/consents")
    assert phone.send(way).status_code == 422
    assert phone.open("/p/me/points/take/999").status_code == 404


def test_another_patients_voucher_is_not_found(enrolled: PhoneScene) -> None:
    assert enrolled.own_phone().open("/p/me/voucher/34679ACD").status_code == 404


# --- growth -----------------------------------------------------------------------------------------------------------


def test_the_growth_curve_shows_points_and_no_verdict(enrolled: PhoneScene) -> None:
    enrolled.world.clock.advance(timedelta(days=90))
    for days, hc, ac, fl in ((160, 205, 185, 40), (180, 235, 212, 46)):
        enrolled.world.do(
            "nurse", record_growth, patient_id=enrolled.patient_id, day=LAST_PERIOD + timedelta(days=days),
            hc_mm=hc, ac_mm=ac, fl_mm=fl, confirmed=True,
        )  # fmt: skip
    phone = enrolled.own_phone()
    answer = phone.open("/p/me/growth")
    assert answer.text.count("<circle") == 2 and "医生会为您解" in phone.text
    assert not re.search(r"偏小|偏大|异常|过小|巨大|男|女|abnormal|small for|large for", phone.text)
    assert "发育曲线" in phone.open("/p/me").text


def test_the_growth_page_shows_one_chart_at_a_time_and_says_one_sentence_once(enrolled: PhoneScene) -> None:
    enrolled.world.clock.advance(timedelta(days=90))
    for days, hc, ac, fl in (
        (150, 190, 170, 37),
        (160, 205, 185, 40),
        (170, 220, 198, 43),
        (180, 235, 212, 46),
    ):
        enrolled.world.do(
            "nurse", record_growth, patient_id=enrolled.patient_id, day=LAST_PERIOD + timedelta(days=days),
            hc_mm=hc, ac_mm=ac, fl_mm=fl, confirmed=True,
        )  # fmt: skip
    phone = enrolled.own_phone()
    ways = re.findall(r'href="(/p/me/growth\?of=\w+)"', phone.open("/p/me/growth").text)
    assert len(ways) == 4, "weight, head, abdomen, femur"
    for way in ways:
        drawn = phone.open(way).text
        assert drawn.count('class="chart"') == 1 and drawn.count('aria-current="page"') == 1
        assert phone.text.count("医生") == 1 and phone.text.count("百分位") == 5, (
            "each of four, and the lines"
        )
        ends = [float(y) for y in re.findall(r'y="([\d.]+)" font-size="9.5">\d', drawn)]
        assert len(ends) == 3 and all(low - high >= 9.5 for low, high in pairwise(ends))


def test_without_a_course_of_a_pregnancy_the_growth_page_leads_to_her_start_page(
    enrolled: PhoneScene,
) -> None:
    phone = enrolled.own_phone()
    assert "下次超声" in phone.open("/p/me/growth").text
    with enrolled.world.desk.database.writing() as session:
        session.execute(update(EnrolmentRow).values(anchor_kind="discharge"))
    answer = phone.open("/p/me/growth")
    assert answer.url.path == "/p/me" and "下次超声" not in phone.text


# --- the quiet page ---------------------------------------------------------------------------------------------------


def test_after_a_gentle_stop_every_page_is_the_quiet_one(enrolled: PhoneScene) -> None:
    _finish(enrolled, 2)
    phone = enrolled.own_phone()
    enrolled.world.do(
        "doctor", gentle_stop, patient_id=enrolled.patient_id, kind="loss", note="", caller_id=3, refund=True
    )
    for path in (
        *PAGES,
        "/p/me/voucher/34679ACD",
        "/p/s/S00003",
        f"/p/t/{enrolled.location_code}",
        "/p/wall",
    ):
        answer = phone.open(path)
        assert answer.status_code == 200
        assert "王小云" in phone.text and "会给您打电话" in phone.text and "010-12345678" in phone.text
        assert not re.search(r"勋章|积分|关卡|表扬|打赏|奖励|恭喜|badge|points", phone.text), phone.text
        assert "<form" not in answer.text and 'class="seal"' not in answer.text


def test_a_caller_who_has_left_the_house_is_not_named_on_the_quiet_page(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    enrolled.world.do(
        "doctor", gentle_stop, patient_id=enrolled.patient_id, kind="loss", note="", caller_id=3, refund=True
    )
    phone.open("/p/me")
    assert "王小云" in phone.text
    with enrolled.world.desk.database.writing() as session:
        session.get_one(StaffRow, 3).active = False
    phone.open("/p/me")
    assert "王小云" not in phone.text and "主管护师" not in phone.text and "电话" in phone.text


def test_a_quiet_patient_cannot_send_an_old_form(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/survey")
    enrolled.world.do(
        "doctor", gentle_stop, patient_id=enrolled.patient_id, kind="loss", note="", caller_id=3, refund=True
    )
    phone.send("/p/me/survey", score="1")
    assert "会给您打电话" in phone.text
    from core.care.feedback import answers

    assert enrolled.world.ask("manager", answers) == []


# --- what staff see ---------------------------------------------------------------------------------------------------


def _preview(ward: PhoneScene, role: str = "nurse") -> str:
    return str(ward.world.ask(role, preview_pass, patient_id=ward.patient_id))


def test_staff_see_the_phone_without_becoming_it(enrolled: PhoneScene) -> None:
    phone: HttpPhone = enrolled.phone()
    answer = phone.open(f"/p/me?preview={_preview(enrolled)}")
    assert "陈晓雨" in phone.text and "预览" in phone.text
    assert "set-cookie" not in answer.headers and answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "preview=" in re.findall(r'href="(/p/me/missions[^"]*)"', answer.text)[0]
    assert phone.open("/p/me").status_code == 401


def test_nothing_can_be_sent_from_a_preview(enrolled: PhoneScene) -> None:
    phone = enrolled.phone()
    path = f"/p/me/consents?preview={_preview(enrolled)}"
    phone.open(path)
    assert phone.send(path, purpose="photos", given="yes").status_code == 422
    assert _given(enrolled)["photos"] is False


def test_a_preview_ends_after_a_quarter_of_an_hour_and_cannot_be_forged(enrolled: PhoneScene) -> None:
    token = _preview(enrolled)
    body, mark = token.split(".")
    for forged in (
        f"{body[:-1]}{'A' if body[-1] != 'A' else 'B'}.{mark}",
        f"{body}.{mark[:-2]}{'AA' if mark[-2:] != 'AA' else 'BB'}",
        URLSafeSerializer(b"another key", salt="pilotdesk-preview").dumps([1, 2**33]),
        "1",
        "..",
        "²." + mark,
        "x" * 5000,
    ):
        assert enrolled.phone().open("/p/me", params={"preview": forged}).status_code == 401
    enrolled.world.clock.advance(timedelta(minutes=16))
    assert enrolled.phone().open(f"/p/me?preview={token}").status_code == 401

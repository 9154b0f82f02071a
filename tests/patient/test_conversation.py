"""Her thread and her questions on the phone, and what she sees when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import complete
from core.dialogue.cases.cases import decide, reply, take
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.troubles import DatabaseBusy
from core.people.phone_links import issue_link
from core.people.tables import StaffRow
from tests.conftest import World
from tests.knee_ward import PROMISES, KneeWard, knee_ward
from tests.patient.conftest import PhoneScene
from tests.troubled import troubled

EVENING = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


@pytest.fixture
def knee(ward: PhoneScene) -> tuple[KneeWard, PhoneScene]:
    found = knee_ward(ward.world)
    ward.patient_id = found.patient_id
    ward.token = ward.world.do("nurse", issue_link, patient_id=found.patient_id)
    return found, ward


def case_id(world: World) -> int:
    with world.desk.database.reading() as session:
        return session.query(CaseRow).order_by(CaseRow.id.desc()).first().id


def count(world: World, table: type) -> int:
    with world.desk.database.reading() as session:
        return session.query(table).count()


def test_at_half_past_eight_she_asks_and_reads_by_when_she_is_answered(knee) -> None:
    found, ward = knee
    ward.world.clock.moment = EVENING
    phone = ward.own_phone()
    phone.open("/p/me/ask")
    assert "最晚今天21:30前答复您" in phone.text
    phone.send("/p/me/ask", words="可以洗澡吗？")
    assert "可以洗澡吗？" in phone.text and "21:30 前答复" in phone.text
    ward.world.do("nurse", take, case_id=case_id(ward.world))
    phone.open("/p/me/thread")
    assert "正在处理" in phone.text
    ward.world.do("nurse", reply, case_id=case_id(ward.world), words="拆线后再淋浴。")
    phone.open("/p/me/thread")
    assert "拆线后再淋浴。" in phone.text


def test_outside_the_question_time_she_reads_when_it_opens(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/ask")
    assert "答疑时段今天20:00开始，最晚今天21:00前答复您" in phone.text


def test_the_thread_looks_again_by_itself_only_while_something_is_open_and_never_beside_a_field(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    assert "http-equiv" not in phone.open("/p/me/thread").text
    phone.open("/p/me/ask")
    phone.send("/p/me/ask", words="可以洗澡吗？")
    page = phone.open("/p/me/thread").text
    assert 'http-equiv="refresh" content="20"' in page
    assert "<textarea" not in page and "<input" not in page
    assert "http-equiv" not in phone.open("/p/me/ask").text
    assert "http-equiv" not in phone.open("/p/me/wrong").text


def test_a_double_tap_asks_once_and_a_refused_word_is_kept(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/ask")
    hidden = phone.hidden()
    for _tap in range(2):
        answer = phone.client.post("/p/me/ask", data=hidden | {"words": "可以洗澡吗？"})
        assert answer.status_code == 200
    assert count(ward.world, PostRow) == 1
    phone.open("/p/me/ask")
    refused = phone.send("/p/me/ask", words="长" * 2001)
    assert refused.status_code == 422 and "长" * 2001 in refused.text


def test_something_is_wrong_shows_120_first_then_the_signs(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    page = phone.open("/p/me/wrong").text
    assert page.index("tel:120") < page.index("突发胸痛") < page.index("小腿新发肿痛") < page.index("睡不好")
    for path in ("/p/me", "/p/me/missions", "/p/me/thread", "/p/me/ask"):
        page = phone.open(path).text
        assert "/p/me/wrong" in page and "tel:120" in page


def test_a_busy_database_is_said_beside_120_in_words_for_a_patient(knee, monkeypatch) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    troubled(monkeypatch, "ask", DatabaseBusy, "_offered")
    answer = phone.open("/p/me/wrong")
    assert answer.status_code == 503 and "tel:120" in answer.text
    assert "我们的电脑暂时无法接收" in phone.text and "数据库" not in phone.text


def test_an_orange_alert_shows_its_minute_who_has_it_and_the_decision(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_calf="1", words="夜里开始的")
    assert "12:30 前答复" in phone.text and "还没有人接手" in phone.text
    assert 'http-equiv="refresh"' in phone.page.text
    ward.world.do("doctor", take, case_id=case_id(ward.world))
    with ward.world.desk.database.reading() as session:
        doctor = session.get(StaffRow, ward.world.actors["doctor"].id).name
    phone.open("/p/me/alert")
    assert f"{doctor}" in phone.text and "正在处理" in phone.text
    ward.world.do(
        "doctor", decide, case_id=case_id(ward.world), decision="emergency", advice="请来急诊，报我的名字。"
    )
    phone.open("/p/me/alert")
    assert "请现在去急诊" in phone.text and "报我的名字" in phone.text
    assert 'http-equiv="refresh"' not in phone.page.text


def test_what_was_decided_stands_above_what_still_waits(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_calf="1")
    ward.world.do("doctor", decide, case_id=case_id(ward.world), decision="emergency", advice="报我的名字。")
    ward.world.clock.advance(timedelta(minutes=1))
    phone.open("/p/me/ask")
    phone.send("/p/me/ask", words="可以洗澡吗？")
    for path in ("/p/me", "/p/me/thread"):
        phone.open(path)
        assert phone.text.index("请现在去急诊") < phone.text.index("您的提问"), path


def test_every_sign_she_reported_stands_on_the_page_of_what_happens_now(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_sleep="1")
    assert "您记录的情况" in phone.text and "16:00 前答复" in phone.text
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_calf="1")
    assert phone.page.text.index("tel:120") < phone.page.text.index("您报告的情况")
    assert phone.text.index("您报告的情况") < phone.text.index("您记录的情况")


def test_by_when_the_nurse_looks_is_said_as_it_is_promised_in_the_evening_too(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    assert "有其中任何一项：护士查看 今天16:00前看" in phone.text
    ward.world.clock.moment = EVENING
    phone.open("/p/me/wrong")
    assert "有其中任何一项：护士查看 明天10:30前看" in phone.text


def test_a_page_with_fields_does_not_say_that_it_looks_again(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_calf="1")
    assert "本页会自动更新" in phone.text
    phone.open("/p/me/wrong")
    assert "12:30 前答复" in phone.text and "本页会自动更新" not in phone.text


def test_in_the_thread_you_is_whoever_holds_the_phone(knee) -> None:
    found, ward = knee
    mother = ward.own_phone()
    mother.open("/p/me/ask")
    mother.send("/p/me/ask", words="可以洗澡吗？")
    ward.token = ward.world.do(
        "nurse", issue_link, patient_id=found.patient_id, person="罗小慧", relation="family"
    )
    daughter = ward.own_phone()
    daughter.open("/p/me/ask")
    daughter.send("/p/me/ask", words="她说腿胀。")
    assert "何桂兰 · 周四" in daughter.text and "您 · 周四" in daughter.text
    mother.open("/p/me/thread")
    assert (
        "罗小慧 · 周四" in mother.text and "您 · 周四" in mother.text and "何桂兰 · 周四" not in mother.text
    )


def test_an_ended_package_is_said_and_its_thread_can_be_read_again(knee) -> None:
    found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/ask")
    phone.send("/p/me/ask", words="可以洗澡吗？")
    ward.world.do("manager", complete, enrolment_id=found.enrolment_id)
    page = phone.open("/p/me").text
    assert "服务包已结束" in phone.text and "/p/me/thread" in page and "下一件事" not in phone.text
    phone.open("/p/me/thread")
    assert "可以洗澡吗？" in phone.text and "或已经结束" in phone.text


def test_red_is_one_screen_that_says_120_and_the_doctor_is_told_as_well(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_breath="1")
    assert "请马上拨打 120" in phone.text and "值班医生也已收到通知" in phone.text
    assert phone.page.text.index("tel:120") < phone.page.text.index('class="bar"')


def test_a_missed_promise_is_said_and_the_telephone_offered(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_calf="1")
    ward.world.clock.advance(timedelta(minutes=31))
    phone.open("/p/me/alert")
    assert "我们超时了" in phone.text


def test_where_nothing_is_promised_the_page_takes_nothing(ward: PhoneScene) -> None:
    found = knee_ward(ward.world, promises=PROMISES[:1])
    ward.token = ward.world.do("nurse", issue_link, patient_id=found.patient_id)
    phone = ward.own_phone()
    page = phone.open("/p/me/wrong").text
    assert (
        "tel:120" in page
        and "没有人值守" in phone.text
        and "<form" not in page.split("<main")[1].split("</main")[0]
    )


def test_the_quiet_page_keeps_120_and_the_button_and_the_button_takes_nothing(knee) -> None:
    found, ward = knee
    phone = ward.own_phone()
    caller = ward.world.actors["doctor"].id
    phone.open("/p/me/wrong")
    hidden = phone.hidden()
    ward.world.do("doctor", gentle_stop, patient_id=found.patient_id, kind="other", caller_id=caller)
    page = phone.open("/p/me").text
    assert "tel:120" in page and "/p/me/wrong" in page
    phone.client.post("/p/me/wrong", data=hidden | {"sign_calf": "1"})
    assert count(ward.world, CaseRow) == 0
    phone.open("/p/me/wrong")
    assert "没有人值守" in phone.text


def test_another_phone_sees_nothing_of_hers(knee) -> None:
    found, ward = knee
    phone = ward.own_phone()
    phone.open("/p/me/wrong")
    phone.send("/p/me/wrong", sign_calf="1", words="夜里开始的")
    ward.token = ward.world.do("nurse", issue_link, patient_id=found.other_id)
    other = ward.phone()
    other.open(f"/p/j/{ward.token}")
    other.send(f"/p/j/{ward.token}", last_four="1234")
    for path in ("/p/me/thread", "/p/me/alert", "/p/me/wrong"):
        other.open(path)
        assert "夜里开始的" not in other.text


def test_in_english_nothing_is_left_untranslated(knee) -> None:
    _found, ward = knee
    phone = ward.own_phone("en-GB")
    phone.open("/p/me/wrong", params={"lang": "en"})
    for words in ("Something is wrong", "Any of these: call 120 now", "within 30 minutes, day and night"):
        assert words in phone.text

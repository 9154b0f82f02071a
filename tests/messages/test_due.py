"""Messages that are due: for whom, in which words, and that each is noted once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import complete
from core.care.tables import EnrolmentRow
from core.care.work.appointments import book
from core.care.work.tasks import excuse, mark_done
from core.department.places import add_location
from core.department.profile import change_facts
from core.department.switches import sign_off
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.reasons import ReasonMissing
from core.messages.due import DueMessage, due_list, due_messages
from core.messages.log import noted_count, own_messages, sent_messages
from core.messages.marking import (
    AlreadyNoted,
    NotDue,
    NothingToTakeBack,
    UnknownWay,
    mark_message_sent,
    mark_messages_sent,
    post_to_pages,
    skip_message,
    take_back_message,
)
from core.messages.moments import Moment
from core.messages.tables import MessageSendRow
from core.messages.words import _FILLED, Words
from core.operations.jobs import show_messages
from core.packages.message_texts import FIELDS
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.consents import record_consents
from core.people.erasure import erase_patient
from core.people.own_nurse import name_own_nurse
from core.people.patients import SilencedPatient
from tests.conftest import World
from tests.prenatal_ward import CONSENTS, TODAY, PrenatalWard
from tests.selling import open_sales

LINK = "https://care.example/p/"
DOCTOR = 4


def due(ward: PrenatalWard, day: date | None = None) -> list[DueMessage]:
    found: list[DueMessage] = ward.world.ask("front_desk", due_messages, day=day, link=LINK)
    return found


def codes(ward: PrenatalWard, day: date | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.about) for one in due(ward, day)]


def mark(ward: PrenatalWard, one: DueMessage, **changes: Any) -> int:
    known = {"enrolment_id": one.enrolment_id, "code": one.code, "about": one.about, "due_on": one.due_on,
             "channel": one.channel, "link": LINK}  # fmt: skip
    return ward.world.do("front_desk", mark_message_sent, **{**known, **changes})


@pytest.fixture
def knee(ward: PrenatalWard) -> PrenatalWard:
    """A patient discharged two days ago with the knee package."""
    ward.package_id = ward.world.do(
        "manager", take_template, document=load("knee_7days", "zh").model_dump(mode="json")
    )
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    ward.sell(last_period=None, anchor_date=TODAY - timedelta(days=2))
    return ward


@pytest.fixture
def welcome(ward: PrenatalWard) -> PrenatalWard:
    """A package that greets on her own page at half past eleven in the evening."""
    document = load("health_bank", "zh").model_dump(mode="json")
    for message in document["messages"]:
        message["on"] = message["code"] == "WELCOME"
        message["at"] = "23:30"
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    return ward


# Which are due


def test_a_day_after_the_anchor_has_its_own_message(knee: PrenatalWard) -> None:
    assert codes(knee) == [("DAY2", "")]
    assert codes(knee, TODAY + timedelta(days=1)) == [("DAY3", ""), ("DAY3_FILM", "")]
    # Day 0 and 1 lay before she was enrolled.
    assert codes(knee, TODAY - timedelta(days=1)) == []


def test_windows_open_at_enrolment_and_later_each_announces_itself_once(ward: PrenatalWard) -> None:
    ward.sell()
    assert codes(ward) == [("OPENED", "P01"), ("OPENED", "P02"), ("OPENS", "P01"), ("OPENS", "P02")]
    assert codes(ward, TODAY + timedelta(days=1)) == []
    assert codes(ward, TODAY + timedelta(days=14)) == [("OPENED", "P03"), ("OPENS", "P03")]


def test_a_visit_is_reminded_of_on_the_day_before(ward: PrenatalWard) -> None:
    enrolment = ward.sell()
    at = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
    ward.world.do("nurse", book, patient_id=1, at=at, task_id=ward.task(enrolment, "P02").id)
    (one,) = due(ward, date(2026, 3, 9))
    assert (one.code, one.about, one.channel) == ("VISIT", "P02", "sms")
    assert one.text.startswith("李**您好，周二 3月10日 09:30见。")
    # A phone takes what follows an address for a part of it.
    assert f"{LINK} 。" in one.text


def test_what_was_done_is_thanked_for_and_no_longer_announced(ward: PrenatalWard) -> None:
    enrolment = ward.sell()
    ward.world.do("nurse", mark_done, task_id=ward.task(enrolment, "P01").id)
    ward.world.do("nurse", excuse, task_id=ward.task(enrolment, "P02").id, reason="医生说休息")
    assert codes(ward) == [("DONE", "P01")]


def test_the_badge_that_completes_the_target_is_said_on_its_day_only(ward: PrenatalWard) -> None:
    enrolment = ward.sell(last_period=TODAY - timedelta(days=275))
    row = ward.row(EnrolmentRow, enrolment)
    counting = [
        task
        for n in range(1, 18)
        if (task := ward.task(enrolment, f"P{n:02d}")).counts_for_badge and task.state == "planned"
    ]
    assert row.badge_target is not None
    for task in counting[: row.badge_target]:
        assert ("TARGET", "") not in codes(ward)
        if task.opens_on > ward.world.today + timedelta(days=7):
            ward.world.clock.advance(task.opens_on - ward.world.today)
        ward.world.do("nurse", mark_done, task_id=task.id)
    assert ("TARGET", "") not in codes(ward), "what it leads to is not signed off: no voucher would be there"
    ward.world.do(
        "manager", sign_off, code="clinical_rewards", on=True, signed_by="产科主任", document_number="2026-7",
        review_on=ward.world.today + timedelta(days=30),
    )  # fmt: skip
    assert ("TARGET", "") in codes(ward)
    ward.world.clock.advance(timedelta(days=1))
    assert ("TARGET", "") not in codes(ward)


def test_nothing_is_due_without_consent_under_a_gentle_stop_or_after_the_end(ward: PrenatalWard) -> None:
    silent = ward.sell(ward.patient(), consents={"service": True})
    withdrawn, stopped, ended = (ward.patient() for _ in range(3))
    for patient in (withdrawn, stopped):
        ward.sell(patient)
    over = ward.sell(ended)
    assert {one.patient_id for one in due(ward)} == {withdrawn, stopped, ended}
    ward.world.do("nurse", record_consents, patient_id=withdrawn, given={"messages": False}, channel="screen")
    ward.world.do("doctor", gentle_stop, patient_id=stopped, kind="loss", caller_id=DOCTOR)
    ward.world.do("manager", complete, enrolment_id=over)
    assert due(ward) == []
    for enrolment in (silent, over):
        with pytest.raises(NotDue):
            ward.world.do("front_desk", mark_message_sent, enrolment_id=enrolment, code="OPENS", about="P01",
                          due_on=TODAY, channel="sms")  # fmt: skip


# In which words


def test_every_field_that_may_be_picked_is_filled(ward: PrenatalWard) -> None:
    assert set(_FILLED) == set(FIELDS)


def test_tasks_of_the_day_stand_in_the_order_of_the_package_and_a_page_says_the_whole_name(
    ward: PrenatalWard,
) -> None:
    document = load("knee_7days", "zh").model_dump(mode="json")
    told = next(message for message in document["messages"] if message["code"] == "DAY2")
    told |= {"text": "今天的小任务：{tasks}", "shows": None}
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    ward.sell(last_period=None, anchor_date=TODAY - timedelta(days=2))
    (one,) = due(ward)
    assert one.channel == "page" and one.text.startswith("今天的小任务：踝泵、")
    assert "直腿抬高" in one.text and "坐位屈膝" not in one.text


def test_no_examination_leaves_the_house_by_the_name_of_a_place(ward: PrenatalWard) -> None:
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    where = document["tasks"][0]["place"]["code"]
    ward.world.do("manager", add_location, name="超声科", code=where, floor="3楼")
    document["messages"][0]["text"] = "{name}您好，{place}见。"
    ward.package_id = ward.world.do("manager", take_template, document={**document, "code": "other"})
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    ward.sell()
    texts = {one.channel: one.text for one in due(ward) if one.about == "P01"}
    assert texts["sms"] == "李**您好，（详见您的页面）见。"
    assert "超声科 3楼" in texts["page"]


def test_no_examination_leaves_the_house_by_the_name_of_a_department(ward: PrenatalWard) -> None:
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    for at, way in enumerate(("sms", "page")):
        document["messages"][at] |= {"on": True, "trigger": "enrolment", "task": None, "offset_days": 0, "channel": way,
                                     "text": "{department}，〔科室〕，{hospital}请您打{phone}，{price}。"}  # fmt: skip
    ward.package_id = ward.world.do("manager", take_template, document={**document, "code": "other"})
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    ward.world.do(
        "manager", change_facts, hospital="安和肿瘤医院", department="超声科", time_zone="Asia/Shanghai", print_language="zh",
        phone="010-5550 0100", address="", pilot_start=None,
    )  # fmt: skip
    ward.sell()
    texts = {one.channel: one.text for one in due(ward) if "010-5550 0100" in one.text}
    page = "（详见您的页面）"
    assert texts["sms"].startswith(f"{page}，{page}，{page}请您打010-5550 0100，") and "元。" in texts["sms"]
    assert texts["page"].startswith("超声科，超声科，安和肿瘤医院请您打010-5550 0100，")


def test_a_place_the_house_never_confirmed_is_not_told_and_price_and_own_nurse_are_said(
    ward: PrenatalWard,
) -> None:
    document = load("prenatal_quest", "zh").model_dump(mode="json") | {"price_fen": 26800, "code": "other"}
    document["messages"][1]["text"] = "{place}；服务包{price}，课堂{points_CLASS}，{nurse}陪您。"
    where = document["tasks"][0]["place"]
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    patient = ward.patient()
    ward.sell(patient)

    def told() -> str:
        return next(one.text for one in due(ward) if one.about == "P01" and one.channel == "page")

    assert told() == "地点请问前台；服务包268元，课堂50分，您的护士陪您。"
    ward.world.do("manager", add_location, name=where["name"], code=where["code"], floor="9楼")
    ward.world.do("manager", name_own_nurse, patient_id=patient, nurse_id=ward.world.actors["nurse"].id)
    assert told() == f"{where['name']} 9楼；服务包268元，课堂50分，nurse测试陪您。"


def test_a_name_is_never_read_as_a_field(ward: PrenatalWard) -> None:
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    document["messages"][1]["text"] = "{name}：{task}"
    ward.package_id = ward.world.do("manager", take_template, document={**document, "code": "other"})
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    ward.sell(ward.world.taken_before(ward.patient(), name="{phone}"))
    assert any(one.text.startswith("{phone}：") for one in due(ward))


# What becomes of them


def test_a_message_is_noted_once_with_its_words(ward: PrenatalWard) -> None:
    ward.sell()
    one = due(ward)[2]
    mark(ward, one)
    with pytest.raises(AlreadyNoted):
        mark(ward, one)
    assert one.key not in {other.key for other in due(ward)}
    (noted,) = ward.world.ask("nurse", sent_messages)
    assert (noted.state, noted.text, noted.noted_by, noted.today) == (
        "sent",
        one.text,
        "front_desk测试",
        True,
    )
    (own,) = ward.world.desk.ask(ward.world.patient(one.patient_id), own_messages)
    assert own.text == one.text
    assert ward.world.desk.ask(ward.world.patient(99), own_messages) == []
    assert len(ward.entries("message.sent")) == 1


def test_a_mark_can_be_taken_back_on_the_same_day_and_set_again(ward: PrenatalWard) -> None:
    ward.sell()
    one = due(ward)[0]
    where = {"enrolment_id": one.enrolment_id, "code": one.code, "about": one.about, "due_on": one.due_on}
    with pytest.raises(NothingToTakeBack):
        ward.world.do("nurse", take_back_message, **where)
    mark(ward, one)
    ward.world.do("nurse", take_back_message, **where)
    assert one.key in {other.key for other in due(ward)}
    assert ward.world.desk.ask(ward.world.patient(one.patient_id), own_messages) == []
    mark(ward, one)
    ward.world.clock.advance(timedelta(days=1))
    with pytest.raises(NothingToTakeBack):
        ward.world.do("nurse", take_back_message, **where)
    with ward.world.desk.database.reading() as session:
        turns = [(row.turn, row.state) for row in session.query(MessageSendRow)]
    assert turns == [(0, "sent"), (1, "taken_back"), (2, "sent")]


def test_what_was_noted_is_counted_as_it_is_listed(ward: PrenatalWard) -> None:
    ward.sell()
    first, second = due(ward)[:2]
    where = {
        "enrolment_id": first.enrolment_id,
        "code": first.code,
        "about": first.about,
        "due_on": first.due_on,
    }

    def both() -> tuple[int, int]:
        listed = ward.world.ask("nurse", sent_messages)
        return ward.world.ask("nurse", noted_count, day=TODAY), len(listed)

    assert both() == (0, 0)
    mark(ward, first)
    mark(ward, second)
    assert both() == (2, 2)
    ward.world.do("nurse", take_back_message, **where)
    assert both() == (1, 1)
    mark(ward, first)
    assert both() == (2, 2)


def test_leaving_out_wants_a_reason_and_reaches_nobody(ward: PrenatalWard) -> None:
    ward.sell()
    one = due(ward)[0]
    where = {"enrolment_id": one.enrolment_id, "code": one.code, "about": one.about, "due_on": one.due_on}
    with pytest.raises(ReasonMissing):
        ward.world.do("nurse", skip_message, **where, reason="  ")
    ward.world.do("nurse", skip_message, **where, reason="刚刚打过电话")
    (noted,) = ward.world.ask("nurse", sent_messages)
    assert (noted.state, noted.reason, noted.text) == ("skipped", "刚刚打过电话", "")
    assert ward.world.desk.ask(ward.world.patient(one.patient_id), own_messages) == []


def test_a_message_lapses_after_the_next_day(ward: PrenatalWard) -> None:
    ward.sell()
    first, second = due(ward)[:2]
    with pytest.raises(NotDue):
        mark(ward, first, due_on=TODAY + timedelta(days=14))
    ward.world.clock.advance(timedelta(days=1))
    mark(ward, first)
    ward.world.clock.advance(timedelta(days=1))
    with pytest.raises(NotDue):
        mark(ward, second)


def test_an_unknown_way_is_refused_and_a_list_goes_out_together(ward: PrenatalWard) -> None:
    for _ in range(2):
        ward.sell(ward.patient())
    texts = [one for one in due(ward) if one.channel == "sms"]
    with pytest.raises(UnknownWay):
        mark(ward, texts[0], channel="fax")
    mark(ward, texts[0])
    keys = [one.key for one in texts]
    assert (
        ward.world.do("front_desk", mark_messages_sent, messages=keys, due_on=TODAY, channel="sms", link=LINK)
        == len(keys) - 1
    )
    assert {one.channel for one in due(ward)} == {"page"}


def test_the_house_itself_puts_page_messages_up_when_their_hour_has_come(knee: PrenatalWard) -> None:
    knee.sell(last_period=None, anchor_date=TODAY - timedelta(days=1))
    world: World = knee.world
    assert [(one.code, one.its_time) for one in due(knee)] == [
        ("DAY2", True), ("DAY1", True), ("DAY1_FILM", True), ("NIGHT", False),
    ]  # fmt: skip
    assert show_messages(world.desk) == 2
    assert show_messages(world.desk) == 0
    assert [(one.code, one.channel) for one in due(knee)] == [("DAY1", "sms"), ("NIGHT", "page")]
    world.clock.advance(timedelta(hours=8))
    assert world.desk.do(SYSTEM, post_to_pages) == 1


def test_a_gentle_stop_a_moment_ago_is_heard(ward: PrenatalWard) -> None:
    ward.sell()
    one = due(ward)[0]
    ward.world.do("doctor", gentle_stop, patient_id=one.patient_id, kind="other", caller_id=DOCTOR)
    with pytest.raises(SilencedPatient):
        mark(ward, one)


def test_doctors_and_patients_do_not_send(ward: PrenatalWard) -> None:
    ward.sell()
    with pytest.raises(NotAllowed):
        ward.world.ask("doctor", due_messages)
    with pytest.raises(NotAllowed):
        ward.world.desk.ask(ward.world.patient(1), sent_messages)


def test_erasing_a_person_blanks_what_was_written_to_her(ward: PrenatalWard) -> None:
    enrolment = ward.sell(consents=CONSENTS)
    mark(ward, due(ward)[0])
    ward.world.do("manager", complete, enrolment_id=enrolment)
    ward.world.do("manager", erase_patient, patient_id=1, reason="本人要求")
    assert ward.row(MessageSendRow, 1).text == ""


def test_a_list_knows_everything_of_a_message_but_its_words(knee: PrenatalWard) -> None:
    (listed,), (worded,) = knee.world.ask("front_desk", due_list).rows, due(knee)
    assert {name: getattr(worded, name) for name in vars(listed)} == vars(listed)
    assert not hasattr(listed, "text") and worded.text


def test_words_are_made_for_the_part_that_is_asked_for(knee: PrenatalWard) -> None:
    (one,) = due(knee)

    def asked(**part: Any) -> list[DueMessage]:
        found: list[DueMessage] = knee.world.ask("front_desk", due_messages, link=LINK, **part)
        return found

    other = "sms" if one.channel != "sms" else "wechat"
    assert asked(channel=one.channel, enrolment_id=one.enrolment_id, limit=1) == [one]
    assert asked(channel=other) == asked(enrolment_id=one.enrolment_id + 1) == asked(limit=0) == []


@pytest.mark.parametrize("minute", [10, 29, 59])
def test_a_page_message_of_the_late_evening_appears_within_an_hour_whatever_minute_the_turns_fall_on(
    welcome: PrenatalWard, minute: int
) -> None:
    world = welcome.world
    welcome.sell(last_period=None)
    world.clock.moment = datetime(2026, 3, 5, 14, minute, tzinfo=UTC)  # 22:xx in Shanghai
    shown = []
    for _ in range(4):
        shown.append(show_messages(world.desk))
        world.clock.advance(timedelta(hours=1))
    assert shown == ([0, 1, 0, 0] if minute > 30 else [0, 0, 1, 0])


def test_a_page_message_of_yesterday_noon_lapses(welcome: PrenatalWard) -> None:
    welcome.sell(last_period=None)
    welcome.world.clock.moment = datetime(2026, 3, 5, 19, tzinfo=UTC)  # three in the morning
    assert show_messages(welcome.world.desk) == 0


def test_a_page_message_that_cannot_be_worded_is_named_and_holds_up_no_other(
    welcome: PrenatalWard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = welcome.world
    broken, _sound = (
        welcome.sell(welcome.patient(), last_period=None),
        welcome.sell(welcome.patient(), last_period=None),
    )
    worded_well = Words.of

    def of(words: Words, one: Moment) -> str:
        if one.holding.enrolment_id == broken:
            raise KeyError(one.holding.name)
        return worded_well(words, one)

    monkeypatch.setattr(Words, "of", of)
    world.clock.moment = datetime(2026, 3, 5, 15, 40, tzinfo=UTC)
    assert show_messages(world.desk) == 1
    assert f"page messages of enrolment {broken}: KeyError" in caplog.text and "李" not in caplog.text


def test_nobody_is_reminded_of_a_visit_that_nobody_needs(ward: PrenatalWard) -> None:
    enrolment = ward.sell()
    for code in ("P01", "P02"):
        at = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
        ward.world.do("nurse", book, patient_id=1, at=at, task_id=ward.task(enrolment, code).id)
    day = date(2026, 3, 9)
    assert [one for one in codes(ward, day) if one[0] == "VISIT"] == [("VISIT", "P01"), ("VISIT", "P02")]
    ward.world.do("doctor", excuse, task_id=ward.task(enrolment, "P01").id, reason="卧床休息")
    assert [one for one in codes(ward, day) if one[0] == "VISIT"] == [("VISIT", "P02")]
    ward.world.clock.advance(timedelta(days=1))
    ward.world.do("nurse", mark_done, task_id=ward.task(enrolment, "P02").id, evidence="提前来了")
    assert [one for one in codes(ward, day) if one[0] == "VISIT"] == []

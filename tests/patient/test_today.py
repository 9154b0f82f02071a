"""Today in the browser: each act without script, saved once, asked back kindly, never lost; one phone for several."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select

from core.care.quiet_care import gentle_stop
from core.care.tables import TaskRow
from core.dialogue.answers.answers import Answer, answers_of
from core.dialogue.films.film_reviews import review
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings.recordings import STATE_NAMES
from core.dialogue.tables import CaseRow
from core.foundation.language import translator
from core.operations.previews import preview_pass
from core.packages.publishing import publish, take_template
from core.people.consents import record_consents
from core.people.link_holders import link_holders
from core.people.own_nurse import name_own_nurse
from core.people.phone_links import issue_link, revoke_link
from pages.patient import pictures
from pages.patient.app import app
from tests.answering_ward import knee_document
from tests.dialogue.reviewing import ready_film
from tests.foundation.test_images import four_corners, saved
from tests.patient.conftest import HttpPhone, PhoneScene
from tests.selling import open_sales

ADVICE = "请先歇一歇，护士来问您。"


@pytest.fixture
def knee(ward: PhoneScene) -> PhoneScene:
    """A knee patient on her second day, with her own nurse; her package has rules, ranges and promises."""
    return knee_at_home(ward, knee_document())


def knee_at_home(ward: PhoneScene, document: dict[str, Any]) -> PhoneScene:
    world = ward.world
    ward.package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=ward.package_id)
    open_sales(world, ward.package_id)
    patient = ward.patient(name="王秀英", phone="13800005678", record="B9")
    ward.enrol(patient, last_period=None, anchor_date=world.today)
    world.do("nurse", name_own_nurse, patient_id=patient, nurse_id=3)
    world.clock.advance(timedelta(days=2))
    ward.patient_id, ward.token = patient, world.do("nurse", issue_link, patient_id=patient)
    return ward


def task(scene: PhoneScene, code: str) -> int:
    with scene.world.desk.database.reading() as session:
        return int(session.scalars(select(TaskRow.id).where(TaskRow.code == code)).one())


def kept(scene: PhoneScene) -> list[Answer]:
    with scene.world.desk.database.reading() as session:
        enrolment = session.scalars(select(TaskRow.enrolment_id).where(TaskRow.code == "PUMP.2")).one()
    return list(scene.world.ask("nurse", lambda look: answers_of(look, enrolment)))


def ruled(code: str, rule: dict[str, Any]) -> dict[str, Any]:
    """The knee package with this one rule and no other, its advice `ADVICE`."""
    document = knee_document()
    for one in document["tasks"]:
        one["rules"] = [rule | {"advice": ADVICE}] if one["code"] == code else []
    return document


def cases_of(scene: PhoneScene) -> list[CaseRow]:
    with scene.world.desk.database.reading() as session:
        return list(session.scalars(select(CaseRow).order_by(CaseRow.id)))


def act(phone: HttpPhone, scene: PhoneScene, code: str, follow: bool = True, **fields: str):  # type: ignore[no-untyped-def]
    phone.open("/p/me/today")
    return phone.send(f"/p/me/today/{task(scene, code)}", follow, **fields)


def test_every_act_is_a_plain_form_on_the_spot(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    page = phone.open("/p/me/today").text
    assert "<script" not in page
    count = re.search(rf'<input id="n{task(knee, "PUMP.2")}"[^>]*value="(\d+)"', page)
    assert count and count[1] == "100", "her dose stands there already"
    scale = re.findall(r'name="number" value="(\d+)"[^>]*aria-label', page)
    assert scale[:11] == [str(n) for n in range(11)]
    assert 'inputmode="decimal"' in page and "℃" in page and "34到42" in phone.text
    assert " checked" not in page and "以上都符合" in phone.text
    for word in ("无痛", "中度", "重度", "最痛"):
        assert word in phone.text
    for scold in ("逾期", "超期", "过期", "错过"):
        assert scold not in phone.text
    phone.open("/p/me/today?lang=en")
    for word in ("no pain", "moderate", "severe", "the worst", "All of it is so", "Take a photo"):
        assert word in phone.text
    assert "overdue" not in phone.text.lower()


def test_what_is_saved_is_shown_back_with_its_time_and_what_happens_next(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    answer = act(phone, knee, "NRS.2", False, number="5")
    number = task(knee, "NRS.2")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/p/me/today?kept={number}#kept")
    phone.open(answer.headers["location"])
    for part in ("已记下", "5/10", "12:00", "冷敷15分钟", "王小云今天16:00前看", "今天之内可以更改"):
        assert part in phone.text, part
    page = phone.page.text if phone.page else ""
    assert page.index('id="kept"') < page.index(f'id="t{task(knee, "TEMP.2")}"'), "right above the next thing"


def test_an_urgent_answer_shows_120_first_and_what_now_happens(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    answer = act(phone, knee, "TEMP.2", False, number="39.6")
    assert answer.headers["location"].endswith("#alarm")
    page = phone.open(answer.headers["location"]).text
    content = page[page.index("<main") :]
    assert content.index('href="tel:120"') < content.index("39.6")
    assert "已经告诉值班医生，今天12:30前给您答复" in phone.text
    phone.open("/p/me/today")
    assert "请量两次" in phone.text, "it stays while nobody has answered"


@pytest.mark.parametrize(
    ("code", "rule", "answers", "level"),
    [
        ("TEMP", {"test": "at_least", "value": 38.0}, [("TEMP.2", {"number": "38.0"})], "orange"),
        ("NRS", {"test": "at_least", "value": 7}, [("NRS.2", {"number": "7"})], "orange"),
        ("NRS", {"test": "between", "value": 4, "upper": 6}, [("NRS.2", {"number": "6"})], "yellow"),
        ("CALF", {"test": "unticked"}, [("CALF.2", {"tick_1": "1", "tick_2": "1"})], "orange"),
        (
            "NRS",
            {"test": "rose_by", "value": 3},
            [("NRS.1", {"number": "0"}), ("NRS.2", {"number": "3"})],
            "yellow",
        ),
    ],
)
def test_every_rule_on_an_answer_is_advice_to_her_at_once_and_a_case_of_its_level(
    ward: PhoneScene, code: str, rule: dict[str, Any], answers: list[tuple[str, dict[str, str]]], level: str
) -> None:
    phone = knee_at_home(ward, ruled(code, rule | {"level": level})).own_phone()
    for number, (day, given) in enumerate(answers, start=1):
        page = act(phone, ward, day, **given).text
        assert (ADVICE in page) == (number == len(answers))
    assert [case.level for case in cases_of(ward)] == [level]


def test_days_without_an_exercise_are_advice_at_that_exercise_until_it_is_done(ward: PhoneScene) -> None:
    """No answer stands that could carry the words: they are at the thing itself, once the days are full."""
    rule = {"test": "days_without", "value": 2, "level": "yellow"}
    phone = knee_at_home(ward, ruled("PUMP", rule)).own_phone()
    assert ADVICE not in phone.open("/p/me/today").text, "one day"
    ward.world.clock.advance(timedelta(days=1))
    page = phone.open("/p/me/today").text
    at = page.index(ADVICE)
    assert page.index(f'id="t{task(ward, "PUMP.3")}"') < at < page.index(f'id="t{task(ward, "QUAD.3")}"')
    assert page.count(ADVICE) == 1
    assert ADVICE in act(phone, ward, "MEDS.3").text
    assert [case.level for case in cases_of(ward)] == ["yellow"], "told to the team with her next word"
    assert ADVICE not in act(phone, ward, "PUMP.3", number="20").text


def test_the_page_says_beforehand_when_we_call_if_we_hear_nothing(ward: PhoneScene) -> None:
    asking = {"silence": {"message_hours": 24, "call_hours": 50}}
    phone = knee_at_home(ward, knee_document() | asking).own_phone()
    phone.open("/p/me/today")
    assert "如果到今天14:00还没有您的消息，我们会给您打电话" in phone.text
    act(phone, ward, "NRS.2", number="2")
    phone.open("/p/me/today")
    assert "3月9日" in phone.text and "我们会给您打电话" in phone.text, "counted anew from her answer"


def test_an_implausible_value_is_asked_back_beside_its_field(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    answer = act(phone, knee, "TEMP.2", number="366", words="有点冷")
    assert answer.status_code == 422 and "36.6 ℃" in phone.text and not kept(knee)
    page = answer.text
    at = page.index(f'id="t{task(knee, "TEMP.2")}"')
    assert at < page.index('role="alert"') < page.index('value="366"'), "what was typed stays"
    assert "有点冷" in page
    phone.send(f"/p/me/today/{task(knee, 'TEMP.2')}", number="36.6")
    assert [one.number for one in kept(knee)] == [36.6]


def test_a_double_tap_and_the_back_button_keep_one_answer(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    phone.open("/p/me/today")
    fields, path = phone.hidden() | {"number": "80"}, f"/p/me/today/{task(knee, 'PUMP.2')}"
    first = phone.client.post(path, data=fields, follow_redirects=False)
    second = phone.client.post(path, data=fields, follow_redirects=False)
    assert first.headers["location"] == second.headers["location"] and len(kept(knee)) == 1
    again = phone.client.post(path, data=fields | {"number": "90"}, follow_redirects=False)
    assert again.status_code == 422 and [one.number for one in kept(knee)] == [80]


def test_a_tick_a_checklist_and_words_are_kept(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    act(phone, knee, "MEDS.2", words="吃了")
    act(phone, knee, "CALF.2", every="1")
    found = {one.code: one for one in kept(knee)}
    assert found["MEDS.2"].words == "吃了"
    assert len(found["CALF.2"].ticks or ()) == len(_items("CALF")), "all of it is so"
    act(phone, knee, "WOUND.2", tick_1="1", tick_3="1")
    assert {one.code: one for one in kept(knee)}["WOUND.2"].ticks == (1, 3)


def _items(code: str) -> list[object]:
    return next(list(one["checklist"]) for one in knee_document()["tasks"] if one["code"] == code)


def test_what_was_saved_is_shown_in_words_and_with_its_unit(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    act(phone, knee, "PUMP.2", number="80")
    assert "已记下 踝泵 80次" in phone.text
    act(phone, knee, "WOUND.2", tick_1="1", tick_3="1")
    assert f"{len(_items('WOUND'))}项中有2项符合" in phone.text
    act(phone, knee, "CALF.2", every="1")
    assert "以上都符合" in phone.text.partition("已记下")[2]


def test_the_address_of_a_refused_answer_opens_the_list_again_in_either_language(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    path = f"/p/me/today/{task(knee, 'TEMP.2')}"
    phone.open("/p/me/today")
    refused = phone.send(path, number="366")
    assert refused.status_code == 422 and f"{path}?lang=en" in refused.text
    answer = phone.open(f"{path}?lang=en")
    assert answer.status_code == 200 and answer.url.path == "/p/me/today" and "Today" in phone.text
    for other in ("/p/me/switch", "/p/me/recording/1/delete"):
        assert phone.open(other).url.path == "/p/me"


def test_photos_come_with_the_answer_up_to_their_number(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    phone.open("/p/me/today")
    path, photo = f"/p/me/today/{task(knee, 'WOUND.2')}", saved(four_corners())

    def send(count: int, **fields: str):  # type: ignore[no-untyped-def]
        phone.open("/p/me/today")
        files = [("photos", (f"{n}.jpg", photo, "image/jpeg")) for n in range(count)]
        return phone.client.post(path, data=phone.hidden() | fields, files=files, follow_redirects=False)

    assert send(1, every="1").status_code == 303
    assert {one.kind for one in kept(knee)} == {"checklist", "photo"}
    phone.open("/p/me/today")
    assert "已发给团队1张照片" in phone.text
    number = re.search(r'src="(/p/me/recording/\d+)\.jpg"', phone.page.text if phone.page else "")
    assert number and phone.open(f"{number[1]}.jpg").headers["content-type"] == "image/jpeg"
    assert send(2, every="1").status_code == 422, "the package allows two"
    many = send(9, every="1")
    assert many.status_code == 422 and 'name="every" value="1" checked' in many.text, "nothing else is lost"
    bad = phone.client.post(
        path,
        data=phone.hidden() | {"every": "1"},
        files=[("photos", ("a.jpg", b"MZ\x90\0 a program", "image/jpeg"))],
    )
    assert bad.status_code == 422 and len(kept(knee)) == 2
    phone.open("/p/me/today")
    phone.send(f"{number[1]}/delete", back="today")
    assert phone.page and phone.page.url.path == "/p/me/today" and f"{number[1]}.jpg" not in phone.page.text


def test_a_form_without_a_photo_chosen_is_none(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    phone.open("/p/me/today")
    answer = phone.client.post(
        f"/p/me/today/{task(knee, 'WOUND.2')}", data=phone.hidden() | {"every": "1"},
        files=[("photos", ("", b"", "application/octet-stream"))], follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 303 and [one.kind for one in kept(knee)] == ["checklist"]


def test_a_stranger_sends_no_picture(knee: PhoneScene) -> None:
    stranger = knee.phone()
    answer = stranger.client.post(
        f"/p/me/today/{task(knee, 'WOUND.2')}", files=[("photos", ("a.jpg", b"x" * 5000, "image/jpeg"))]
    )
    assert answer.status_code == 403 and pictures.LARGEST_FORM < 64 * 1024 * 1024


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"]
)
def test_what_is_no_form_ends_kindly(knee: PhoneScene, kind: str) -> None:
    phone = knee.own_phone()
    answer = phone.client.post(
        f"/p/me/today/{task(knee, 'WOUND.2')}", content=b"\0\xff nothing", headers={"content-type": kind}
    )
    assert answer.status_code in (400, 422) and not kept(knee)


def test_another_patients_task_and_one_of_the_staff_are_refused(knee: PhoneScene) -> None:
    other = knee.patient(name="周二", phone="13900004321", record="B10")
    token = knee.world.do("nurse", issue_link, patient_id=other)
    theirs = knee.phone()
    theirs.open(f"/p/j/{token}")
    theirs.send(f"/p/j/{token}", last_four="4321")
    theirs.open("/p/me/consents")
    assert theirs.send(f"/p/me/today/{task(knee, 'PUMP.2')}", number="5").status_code == 422
    phone = knee.own_phone()
    phone.open("/p/me/today")
    assert phone.send(f"/p/me/today/{task(knee, 'VISIT1')}", every="1").status_code == 422
    assert phone.send("/p/me/today/999999", number="5").status_code == 422 and not kept(knee)


def test_a_page_left_open_over_midnight_says_that_the_day_is_over(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    phone.open("/p/me/today")
    knee.world.clock.advance(timedelta(days=2))
    answer = phone.send(f"/p/me/today/{task(knee, 'PUMP.2')}", number="50")
    assert answer.status_code == 422 and "这一天已经过去了" in phone.text


def test_a_preview_sends_nothing_and_a_stop_shows_only_the_quiet_page(knee: PhoneScene) -> None:
    token = knee.world.ask("nurse", preview_pass, patient_id=knee.patient_id)
    staff = knee.phone()
    staff.open(f"/p/me/today?preview={token}")
    assert "踝泵" in staff.text
    answer = staff.send(f"/p/me/today/{task(knee, 'PUMP.2')}?preview={token}", number="5")
    assert answer.status_code == 422 and not kept(knee)
    phone = knee.own_phone()
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="other", caller_id=4)
    phone.open("/p/me/today")
    assert "踝泵" not in phone.text


def test_the_page_of_a_task_shows_its_act_too(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    page = phone.open("/p/me/mission/TEMP.2").text
    assert f'action="/p/me/today/{task(knee, "TEMP.2")}#t' in page
    assert "/p/me/today/" not in phone.open("/p/me/mission/TEMP.5").text, "not before its day"
    assert "/p/me/today/" not in phone.open("/p/me/mission/VISIT1").text, "a task of the staff"


def test_a_film_on_its_way_says_how_far_it_has_come(knee: PhoneScene) -> None:
    knee.world.clock.advance(timedelta(days=1))
    phone, number = knee.own_phone(), task(knee, "PUMP_VIDEO")
    assert 'href="/p/me/film/PUMP_VIDEO"' in phone.open("/p/me/today").text
    with knee.world.desk.database.writing() as session:
        enrolment = session.get_one(TaskRow, number).enrolment_id
        session.add(
            RecordingRow(
                patient_id=knee.patient_id, enrolment_id=enrolment, task_id=number, kind="film", by="patient",
                state="checking", size=1, at=knee.world.clock.now(),
            )
        )  # fmt: skip
    phone.open("/p/me/today")
    assert translator("zh")(STATE_NAMES["checking"]) in phone.text


def test_the_start_page_has_no_field_and_leads_to_the_list(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    page = phone.open("/p/me").text
    assert "<input" not in page and "<textarea" not in page and 'href="/p/me/today"' in page
    assert "还有" in phone.text
    act(phone, knee, "MEDS.2")
    phone.open("/p/me")
    assert "已完成1件" in phone.text


# --- several people on one phone -------------------------------------------------------------------------------


def confirmed(phone: HttpPhone, token: str, digits: str) -> HttpPhone:
    phone.open(f"/p/j/{token}")
    assert phone.send(f"/p/j/{token}", last_four=digits).status_code == 200
    return phone


def shared(knee: PhoneScene) -> tuple[HttpPhone, int]:
    """A daughter's phone: her mother's card by her own name first, then her own page."""
    world = knee.world
    hers = world.do("nurse", issue_link, patient_id=knee.patient_id, person="小芳", relation="family")
    phone = confirmed(knee.phone(), hers, "5678")
    child = knee.patient(name="周小芳", phone="13900004321", record="B10")
    return confirmed(phone, world.do("nurse", issue_link, patient_id=child), "4321"), child


def switch_to(phone: HttpPhone, name: str) -> None:
    page = phone.open("/p/me").text
    form = next(one for one in re.findall(r"<form.*?</form>", page, flags=re.S) if name in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert phone.client.post("/p/me/switch", data=fields).status_code == 200


def test_one_phone_holds_several_patients_and_says_whose_page_it_shows(knee: PhoneScene) -> None:
    phone, _child = shared(knee)
    phone.open("/p/me")
    assert "周小芳的页面" in phone.text and "看王秀英的页面" in phone.text
    switch_to(phone, "王秀英")
    phone.open("/p/me")
    assert "王秀英的页面" in phone.text and "由小芳填写" in phone.text and "看周小芳的页面" in phone.text
    act(phone, knee, "MEDS.2")
    (one,) = kept(knee)
    assert (one.by, one.author) == ("family", "小芳")
    phone.open("/p/me/today")
    assert "小芳" in phone.text


def test_a_switch_needs_its_seal_and_a_page_this_phone_holds(knee: PhoneScene) -> None:
    phone, _child = shared(knee)
    phone.open("/p/me")
    assert phone.client.post("/p/me/switch", data={"to": "x" * 24}).status_code == 422
    assert phone.send("/p/me/switch", to="0" * 24).status_code == 200
    phone.open("/p/me")
    assert "周小芳的页面" in phone.text


def test_forgetting_leaves_the_other_persons_page(knee: PhoneScene) -> None:
    phone, _child = shared(knee)
    phone.open("/p/me/consents")
    fields = dict(
        re.findall(r'name="(csrf|request_key)" value="([^"]*)"', phone.page.text if phone.page else "")
    )
    phone.client.post("/p/me/forget", data=fields)
    phone.open("/p/me")
    assert "王秀英" in phone.text and "周小芳" not in phone.text


def test_a_card_that_ended_leaves_the_phone_with_the_other(knee: PhoneScene) -> None:
    phone, child = shared(knee)
    (held,) = knee.world.ask("nurse", link_holders, patient_id=child)
    knee.world.do("nurse", revoke_link, patient_id=child, link_id=held.link_id)
    phone.open("/p/me")
    assert phone.page is not None and phone.page.status_code == 200 and "王秀英" in phone.text
    act(phone, knee, "MEDS.2")
    assert len(kept(knee)) == 1


def test_a_quiet_page_still_lets_the_phone_turn_to_the_other(knee: PhoneScene) -> None:
    phone, _child = shared(knee)
    switch_to(phone, "王秀英")
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="other", caller_id=4)
    switch_to(phone, "周小芳")
    phone.open("/p/me")
    assert "周小芳的页面" in phone.text


def test_a_seal_of_one_page_does_not_fit_the_other(knee: PhoneScene) -> None:
    phone, _child = shared(knee)
    phone.open("/p/me/consents")
    stale = phone.hidden()
    switch_to(phone, "王秀英")
    answer = phone.client.post(f"/p/me/today/{task(knee, 'MEDS.2')}", data=stale)
    assert answer.status_code == 422 and not kept(knee), "written for another than she sees"


# --- in a browser ----------------------------------------------------------------------------------------------


@pytest.fixture
def served(knee: PhoneScene) -> Iterator[str]:
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([door],), daemon=True)
    thread.start()
    for _ in range(100):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{door.getsockname()[1]}/p"
    server.should_exit = True
    thread.join(10)


SMALL = """[...document.querySelectorAll('a,button,input:not([type=hidden]),textarea,summary,label.tick')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width > 0 && r.left > -100 && !(e.matches('input') && e.closest('label')) && (r.height < 43.5 || r.width < 43.5);
}).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.journey
@pytest.mark.parametrize("script", [True, False])
def test_in_a_browser_with_and_without_script(knee: PhoneScene, served: str, script: bool) -> None:
    from playwright.sync_api import sync_playwright

    numbers = {code: task(knee, code) for code in ("NRS.2", "TEMP.2", "PUMP.2")}
    with sync_playwright() as engine:
        browser = engine.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        page = browser.new_context(
            viewport={"width": 320, "height": 640}, locale="zh-CN", java_script_enabled=script
        ).new_page()
        page.goto(f"{served}/j/{knee.token}")
        page.fill("#last_four", "5678")
        page.click("main button[type=submit]")
        page.click("text=去今天的清单")
        page.click(f"#t{numbers['NRS.2']} button[value='4']")
        assert page.locator("#kept").is_visible() and page.url.endswith("#kept")
        page.go_back()
        assert not page.locator(f"#t{numbers['NRS.2']} button[value='4']").is_visible(), (
            "done, and folded away"
        )
        page.fill(f"#n{numbers['TEMP.2']}", "366")
        page.click(f"#t{numbers['TEMP.2']} .measure .button")
        assert page.input_value(f"#n{numbers['TEMP.2']}") == "366"
        page.fill(f"#n{numbers['TEMP.2']}", "39.6")
        page.click(f"#t{numbers['TEMP.2']} .measure .button")
        assert page.locator("#alarm").is_visible() and "12:30" in page.inner_text("#alarm")
        for language in ("zh", "en") if script else ():
            for path in (
                "/me",
                "/me/today",
                "/me/mission/PUMP.2",
                "/me/mission/WOUND.2",
                "/me/mission/NRS.2",
            ):
                page.goto(f"{served}{path}?lang={language}")
                page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, (path, language)
                assert page.evaluate(SMALL) == [], (path, language)
        browser.close()
    assert {(one.code, one.number) for one in kept(knee)} == {("NRS.2", 4), ("TEMP.2", 39.6)}
    with knee.world.desk.database.reading() as session:
        assert [one.level for one in session.scalars(select(CaseRow).order_by(CaseRow.id))] == [
            "yellow",
            "orange",
        ]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "昨天对“踝泵拍给护士看”的提示"), ("en", "Yesterday's hint from ")]
)
def test_yesterdays_hint_stands_at_her_next_task_of_its_kind(
    knee: PhoneScene, language: str, words: str
) -> None:
    world = knee.world
    world.clock.advance(timedelta(days=1))
    world.do("nurse", record_consents, patient_id=knee.patient_id, given={"films": True}, channel="paper")
    with world.desk.database.reading() as session:
        course = session.scalars(select(TaskRow.enrolment_id).where(TaskRow.code == "PUMP.2")).one()
    film = ready_film(world, course)
    world.do("nurse", review, recording_id=film, verdict="change", sentence="膝盖再伸直一点<b>")
    phone = knee.own_phone()
    assert "再伸直一点" not in phone.open("/p/me/today").text
    world.clock.advance(timedelta(days=1))
    page = phone.open(f"/p/me/today?lang={language}").text
    assert page.count("膝盖再伸直一点&lt;b&gt;") == 1 and words in page.replace("&#39;", "'")
    code = next(
        each for each in re.findall(r"/p/me/mission/([A-Z_]+\.?\d*)", page) if each.startswith("PUMP")
    )
    assert "膝盖再伸直一点&lt;b&gt;" in phone.open(f"/p/me/mission/{code}").text
    world.clock.advance(timedelta(days=1))
    assert "再伸直一点" not in phone.open("/p/me/today").text

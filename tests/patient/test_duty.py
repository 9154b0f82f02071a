"""The duty page on a phone: one link, one person, one case, without script."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from core.department.web_address import confirm_web_address
from core.dialogue.cases import cases
from core.dialogue.cases.thread import own_thread
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.films.tables import RecordingRow
from core.dialogue.steps import ladder
from core.dialogue.tables import PostRow
from core.dialogue.telling.duty_page import switch_duty_page
from core.dialogue.telling.sending import send_due
from core.dialogue.telling.wire import Wire
from core.foundation.access import SYSTEM
from core.foundation.troubles import DatabaseBusy
from core.people.passwords import hashed
from pages.patient import forms, limits, phone
from pages.patient.app import WithoutTokens, app
from tests.conftest import World
from tests.dialogue import filming
from tests.dialogue.capture import capture_server
from tests.dialogue.telling_scene import DOCTOR, NAME, NURSE, SYMPTOM, Night, night
from tests.dialogue.test_passes import PASSWORD, link
from tests.patient.conftest import HttpPhone
from tests.troubled import troubled

PASSWORD_HASH = hashed(PASSWORD)


@dataclass
class AtHome:
    scene: Night

    def phone(self, language: str = "zh-CN") -> HttpPhone:
        return HttpPhone(TestClient(app, raise_server_exceptions=True), language)

    def inside(self, language: str = "zh-CN", username: str = "doctor", staff_id: int = DOCTOR) -> HttpPhone:
        """A phone on which this person has opened the case."""
        found = self.phone(language)
        token = link(self.scene, staff_id)
        found.open(f"/p/duty/{token}")
        found.send(f"/p/duty/{token}", username=username, password=PASSWORD)
        return found

    def rows(self, table: Any) -> list[Any]:
        with self.scene.world.desk.database.reading() as session:
            return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture
def home(world: World, monkeypatch: pytest.MonkeyPatch) -> AtHome:
    monkeypatch.setattr(phone, "current_desk", lambda: world.desk)
    monkeypatch.setattr(forms, "signing_key", lambda: b"0" * 64)
    monkeypatch.setattr("pages.patient.endpoints.POSTS", limits.Brake(10_000, 60))
    scene = night(world)
    world.do("manager", switch_duty_page, on=True)
    scene.on_duty("doctor", DOCTOR)
    scene.staff(DOCTOR, password_hash=PASSWORD_HASH, name="周医生")
    return AtHome(scene)


def test_the_link_asks_for_the_password_and_shows_nothing_of_the_case_before(home: AtHome) -> None:
    guest = home.phone()
    answer = guest.open(f"/p/duty/{link(home.scene)}")
    assert answer.status_code == 200 and home.scene.code in guest.text
    for secret in (NAME[0] + "*", SYMPTOM, "周医生"):
        assert secret not in answer.text
    assert 'type="password"' in answer.text and "120" in guest.text


def test_a_busy_database_does_not_say_that_the_link_is_wrong(
    home: AtHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/p/duty/{link(home.scene)}"
    doctor = home.phone()
    doctor.open(path)
    troubled(monkeypatch, "ask", DatabaseBusy, "check_pass")
    sent = doctor.send(path, username="doctor", password=PASSWORD)
    assert sent.status_code == doctor.open(path).status_code == 503
    assert "数据库正忙" in sent.text and PASSWORD not in sent.text


def test_inside_stands_this_case_with_a_masked_name_and_nothing_else(home: AtHome) -> None:
    other = home.scene.open("question", "")
    doctor = home.inside()
    assert "陈**" in doctor.text and SYMPTOM in doctor.text and home.scene.code in doctor.text
    for secret in (NAME, "13800005678", "A0012", f"/patient/{other}"):
        assert secret not in doctor.text


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "关闭此页"), ("en-GB", "Close this page")])
def test_it_speaks_both_languages(home: AtHome, language: str, words: str) -> None:
    assert words in home.inside(language).text


def test_of_a_pregnancy_the_duty_page_says_the_weeks(home: AtHome) -> None:
    assert "今天孕" in home.inside().text


def test_the_cookie_is_for_this_page_only_and_no_script_reads_it(home: AtHome) -> None:
    found = home.phone()
    token = link(home.scene)
    found.open(f"/p/duty/{token}")
    answer = found.send(f"/p/duty/{token}", follow=False, username="doctor", password=PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303 and answer.headers["location"] == "/p/duty"
    assert all(part in cookie for part in ("HttpOnly", "Path=/p/duty", "Max-Age=7200", "SameSite=strict"))
    assert token not in cookie


def test_a_used_link_says_so_on_another_phone_and_leads_on_on_hers(home: AtHome) -> None:
    token = link(home.scene)
    hers = home.phone()
    hers.open(f"/p/duty/{token}")
    hers.send(f"/p/duty/{token}", username="doctor", password=PASSWORD)
    assert hers.open(f"/p/duty/{token}").url.path == "/p/duty"
    other = home.phone()
    answer = other.open(f"/p/duty/{token}")
    assert answer.status_code == 404 and "只能用一次" in other.text
    assert "/me" not in answer.text, "nothing of a patient's pages is offered here"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"username": "doctor", "password": "wrong"}, "用户名或密码不对"),
        ({"username": "nurse", "password": PASSWORD}, "给另一位同事的"),
        ({"username": "doctor", "password": PASSWORD, "csrf": "forged"}, "打开得有点久"),
    ],
)
def test_a_sign_in_that_does_not_fit_is_refused_in_words(
    home: AtHome, fields: dict[str, str], words: str
) -> None:
    token = link(home.scene)
    guest = home.phone()
    guest.open(f"/p/duty/{token}")
    answer = guest.send(f"/p/duty/{token}", **fields)
    assert answer.status_code == 422 and words in guest.text
    assert guest.open("/p/duty").status_code == 401


def test_she_takes_the_case(home: AtHome) -> None:
    doctor = home.inside()
    assert "我来处理" in doctor.text
    doctor.send("/p/duty/take")
    assert home.scene.case.taken_by == DOCTOR and "您正在处理" in doctor.text


def test_a_case_a_colleague_has_is_taken_over_by_name(home: AtHome) -> None:
    home.scene.staff(NURSE, name="李护士")
    home.scene.world.do("nurse", cases.take, case_id=home.scene.case_id)
    doctor = home.inside()
    assert "李护士" in doctor.text
    doctor.send("/p/duty/take", over="1")
    assert home.scene.case.taken_by == DOCTOR


def test_she_answers_in_words_once_however_often_it_is_sent(home: AtHome) -> None:
    doctor = home.inside()
    fields = doctor.hidden()
    for _twice in range(2):
        doctor.client.post("/p/duty/answer", data=fields | {"words": "请抬高患肢，我十分钟后再看。"})
    assert [(row.words, row.staff_id) for row in home.rows(PostRow)] == [
        ("请抬高患肢，我十分钟后再看。", DOCTOR)
    ]
    assert home.scene.case.state == "answered"
    assert "请抬高患肢" in (doctor.open("/p/duty"), doctor.text)[1]


def test_what_she_typed_stays_when_it_is_refused(home: AtHome) -> None:
    doctor = home.inside()
    answer = doctor.send("/p/duty/decide", decision="come_in", advice="请来院做下肢超声")
    assert answer.status_code == 422
    assert "请来院做下肢超声" in answer.text and "哪天来院" in doctor.text
    assert home.scene.case.decision == ""


def test_she_decides_and_the_patient_reads_it(home: AtHome) -> None:
    doctor = home.inside()
    doctor.send("/p/duty/decide", decision="come_in", decision_on="2026-03-06", advice="明天上午来做超声")
    found = home.scene.case
    assert (found.decision, str(found.decision_on), found.state) == ("come_in", "2026-03-06", "answered")
    assert [row.words for row in home.rows(PostRow)] == ["明天上午来做超声"]


def test_a_nurse_on_duty_sends_to_the_emergency_department_and_leaves_the_rest_to_a_doctor(
    home: AtHome,
) -> None:
    home.scene.staff(NURSE, password_hash=PASSWORD_HASH)
    home.scene.on_duty("nurse", NURSE)
    nurse = home.inside(username="nurse", staff_id=NURSE)
    assert nurse.page is not None
    assert 'value="emergency"' in nurse.page.text and 'value="watch"' not in nurse.page.text
    nurse.send("/p/duty/decide", decision="watch", advice="先观察")
    assert home.scene.case.decision == ""
    nurse.send("/p/duty/decide", decision="emergency", advice="请马上去急诊")
    assert home.scene.case.decision == "emergency"


def spoken(doctor: HttpPhone, data: bytes, name: str = "voice.wav", **more: str) -> Any:
    fields = doctor.hidden() | more
    doctor.page = doctor.client.post(
        "/p/duty/voice", data=fields, files={"voice": (name, data, "audio/wav")}, follow_redirects=True
    )
    return doctor.page


def test_she_answers_by_a_recording_that_plays_in_pieces(home: AtHome) -> None:
    doctor = home.inside()
    assert spoken(doctor, filming.spoken(2.0)).status_code == 200
    (recording,) = home.rows(RecordingRow)
    assert (recording.kind, recording.staff_id, recording.post_id is not None) == ("voice", DOCTOR, True)
    assert home.scene.case.state == "answered"
    played = doctor.client.get(f"/p/duty/file/{recording.id}", headers={"range": "bytes=0-9"})
    assert played.status_code == 206 and played.headers["content-type"].startswith("audio/")
    assert played.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("data", [b"", b"no recording at all"])
def test_what_is_no_recording_is_refused_in_words(home: AtHome, data: bytes) -> None:
    doctor = home.inside()
    assert spoken(doctor, data).status_code == 422
    assert home.rows(RecordingRow) == [] and home.scene.case.state == "open"


def test_a_recording_without_a_session_is_turned_away_unread(home: AtHome) -> None:
    guest = home.phone()
    read: list[int] = []

    def body() -> Iterator[bytes]:
        for number in range(200):
            read.append(number)
            yield b"x" * 1024

    answer = guest.client.post(
        "/p/duty/voice", content=body(), headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert answer.status_code == 403


def test_a_recording_of_another_case_is_not_played(home: AtHome) -> None:
    doctor = home.inside()
    spoken(doctor, filming.spoken(1.0))
    (recording,) = home.rows(RecordingRow)
    home.scene.case_id = home.scene.open()
    other = home.inside()
    assert other.client.get(f"/p/duty/file/{recording.id}").status_code == 404


@pytest.mark.parametrize("path", ["take", "answer", "decide", "close"])
def test_a_form_without_its_seal_does_nothing(home: AtHome, path: str) -> None:
    doctor = home.inside()
    answer = doctor.client.post(
        f"/p/duty/{path}", data={"words": "x", "decision": "emergency", "advice": "x"}
    )
    assert answer.status_code == 422
    assert (home.scene.case.state, home.scene.case.taken_by) == ("open", None)


@pytest.mark.parametrize("path", ["", "/take", "/answer", "/decide", "/file/1"])
def test_without_a_session_the_page_is_closed(home: AtHome, path: str) -> None:
    guest = home.phone()
    answer = guest.client.get("/p/duty") if path in ("", "/file/1") else guest.client.post(f"/p/duty{path}")
    assert answer.status_code == 401


def test_closing_ends_it(home: AtHome) -> None:
    doctor = home.inside()
    doctor.send("/p/duty/close")
    assert "页面已关闭" in doctor.text
    assert doctor.open("/p/duty").status_code == 401


def test_a_closed_case_has_no_fields_left(home: AtHome) -> None:
    doctor = home.inside()
    doctor.send("/p/duty/decide", decision="watch", advice="观察")
    home.scene.world.do("doctor", cases.close, case_id=home.scene.case_id)
    answer = doctor.open("/p/duty")
    assert "已结案" in doctor.text and "<textarea" not in answer.text


def test_nothing_of_it_is_kept_by_browsers_or_found_by_search(home: AtHome) -> None:
    answer = home.phone().open(f"/p/duty/{link(home.scene)}")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]


def test_it_needs_no_script(home: AtHome) -> None:
    doctor = home.inside()
    assert doctor.page is not None and not re.search(r"<script|\son\w+=", doctor.page.text)


def test_the_access_log_does_not_show_the_link() -> None:
    record = logging.LogRecord(
        "uvicorn.access",
        logging.INFO,
        "",
        0,
        "%s %s %s",
        ("1.2.3.4", "GET", "/p/duty/secret-token?lang=zh"),
        None,
    )
    assert WithoutTokens().filter(record)
    assert "secret-token" not in record.getMessage() and "/p/duty/…" in record.getMessage()


def test_from_the_ladder_by_the_robots_message_to_the_answer_she_reads(
    home: AtHome, own_machine_key: None
) -> None:
    world = home.scene.world
    world.do("manager", confirm_web_address, web_address="https://care.example")
    home.scene.robot()
    world.desk.do(SYSTEM, ladder.look)
    with capture_server() as robot:
        assert send_due(world.desk, Wire(robot.address)) == 1
    text = robot.seen[0][1]["text"]["content"]
    assert home.scene.code in text and NAME not in text and SYMPTOM not in text
    address = text.splitlines()[-1].removeprefix("https://care.example")
    doctor = home.phone()
    doctor.open(address)
    doctor.send(address, username="doctor", password=PASSWORD)
    doctor.send("/p/duty/take")
    spoken(doctor, filming.spoken(1.0))
    doctor.send("/p/duty/decide", decision="watch", advice="抬高患肢，半小时后再看")
    heard = world.desk.ask(world.patient(home.scene.patient_id), own_thread)
    assert [(word.author, [each.kind for each in word.attached]) for word in heard] == [
        ("周医生", ["voice"]),
        ("周医生", []),
    ]
    with world.desk.database.reading() as session:
        run = session.scalars(select(PromiseRunRow)).one()
    assert (run.met_by, run.met_at) == (DOCTOR, world.clock.now())
    world.clock.advance(timedelta(hours=1))
    world.desk.do(SYSTEM, ladder.look)
    with capture_server() as quiet:
        assert send_due(world.desk, Wire(quiet.address)) == 0 and quiet.seen == []


def test_when_the_page_is_switched_off_even_an_open_one_ends(home: AtHome) -> None:
    doctor = home.inside()
    home.scene.world.do("manager", switch_duty_page, on=False)
    assert doctor.open("/p/duty").status_code == 401

"""Her evening and her night, in a browser with and without script: a film, a question at half past eight, a hot calf at two,
and the doctor's voice from the duty page at home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, expect

from core.department.profile import set_up
from core.dialogue.clocks.tables import PromiseRunRow
from core.dialogue.duty import shift_plan
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow
from core.dialogue.telling.channels import add_channel
from core.dialogue.telling.duty_page import switch_duty_page
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.people.phone_links import issue_link
from core.people.staff import add_staff, roster
from tests.dialogue import filming
from tests.journeys.scenes import HOSPITAL, PASSWORD, do, user
from tests.journeys.serving import Server, free_port
from tests.journeys.visiting import LOCALES, PHONE, Phone, guarded
from tests.knee_ward import KneeWard, knee_ward

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEAM = {"manager": "周敏", "nurse": "李娜", "doctor": "陈志远"}
KEY = b"7" * 64
LOOKS = 60  # seconds for the letter: a look every 15 s, a sender every 3 s, and a busy machine


class Post:
    """The doctor's mailbox."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body(("plain", "html"))
        self.letters.append(f"{letter['subject']}\n{body.get_content() if body else ''}")
        return "250 OK"

    def about(self, code: str) -> tuple[str, str]:
        """The newest letter about a case and the duty link in it; ("", "") while none has come."""
        for letter in reversed(self.letters):
            found = re.findall(r"http\S+/p/duty/[\w-]+", letter)
            if code in letter and found:
                return letter, str(found[0])
        return "", ""


class Ward:
    """The department as `knee_ward` wants it: its desk and one person per role."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.actors = {each.role: each.actor for each in desk.ask(SYSTEM, roster, only_active=True)}

    def do(self, role: str, deed: Any, /, **arguments: Any) -> Any:
        return do(self.desk, deed, **arguments)

    @property
    def today(self) -> Any:
        return self.desk.ask(SYSTEM, lambda look: look.today)


@pytest.fixture(scope="module")
def post() -> Iterator[tuple[Post, Controller]]:
    mailbox = Post()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield mailbox, controller
    controller.stop()


@pytest.fixture(params=["zh", "en"])
def night(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    post: tuple[Post, Controller],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Server, KneeWard, str]]:
    server = Server(tmp_path_factory.mktemp("night"))
    server.environment["PILOTDESK_PUBLIC_URL"] = server.url
    set_to(server, 20, 30)
    # What is sealed here is opened by the server.
    (server.data / "signing.key").write_bytes(KEY)
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: KEY)
    desk = server.desk()
    do(desk, set_up, hospital=HOSPITAL, department="骨科")
    for role, name in TEAM.items():
        do(desk, add_staff, username=user(role), name=name, role=role, password=PASSWORD)
    ward: Any = Ward(desk)
    knee = knee_ward(ward, days_home=3)
    for role, opens, closes in (("doctor", "00:00", "24:00"), ("nurse", "20:00", "22:00")):
        do(
            desk, shift_plan.plan, role=role, first=ward.today, last=ward.today + timedelta(days=3),
            opens=opens, closes=closes, staff_id=ward.actors[role].id, phone="8105",
        )  # fmt: skip
    do(desk, switch_duty_page, on=True)
    port = post[1].port
    mail = {
        "host": "127.0.0.1", "port": str(port), "mode": "insecure", "user": "", "password": "",
        "sender": "desk@hospital.example", "to": "duty@hospital.example",
    }  # fmt: skip
    do(desk, add_channel, kind="mail", name="值班医生", roles=["doctor"], mail=mail)
    server.serve()
    yield server.start(), knee, request.param
    server.stop()
    desk.database.dispose()


def set_to(server: Server, hour: int, minute: int, days: int = 0) -> None:
    wanted = datetime.now(SHANGHAI).replace(hour=hour, minute=minute, second=0) + timedelta(days=days)
    server.ahead(wanted.astimezone(UTC) - datetime.now(UTC))


@pytest.fixture
def open_phone(browser: Browser, night: tuple[Server, KneeWard, str]) -> Iterator[Any]:
    server, _knee, language = night
    strangers: list[str] = []
    contexts = []

    def opened(script: bool) -> Phone:
        context = browser.new_context(
            locale=LOCALES[language], timezone_id="Asia/Shanghai", is_mobile=True, has_touch=True,
            viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=script,
        )  # fmt: skip
        contexts.append(guarded(context, strangers))
        page = context.new_page()
        page.set_default_timeout(45_000)
        return Phone(page, server.url, language)

    yield opened
    for context in contexts:
        context.close()
    assert not strangers, strangers
    assert not server.strangers, server.strangers


def rows(knee: KneeWard, table: Any) -> list[Any]:
    with knee.world.desk.database.reading() as session:
        return list(session.query(table).order_by(table.id))


def test_a_film_a_question_and_a_night_in_which_she_hears_the_doctor(
    night: tuple[Server, KneeWard, str], open_phone: Any, post: tuple[Post, Controller], tmp_path: Path
) -> None:
    server, knee, language = night
    token = do(knee.world.desk, issue_link, patient_id=knee.patient_id)
    # Chinese with script, English without: both ways are walked.
    hers: Phone = open_phone(language == "zh")
    hers.open(f"p/j/{token}?lang={language}")
    hers.page.fill("input[name=last_four]", "5678")
    hers.page.click("main button[type=submit]")
    she_films(hers, knee, tmp_path, "mp4" if language == "zh" else "webm")
    she_asks(hers, knee)
    set_to(server, 2, 0, days=1)
    she_reports_a_hot_calf(hers, knee)
    the_doctor_answers_from_home(open_phone(False), knee, post[0], tmp_path)
    she_hears_it(hers, knee)


def she_films(hers: Phone, knee: KneeWard, folder: Path, kind: str) -> None:
    film = folder / f"ankle.{kind}"
    film.write_bytes(
        filming.film() if kind == "mp4" else filming.film("libvpx-vp9", "libopus", container="webm")
    )
    code = "PUMP_VIDEO"
    hers.open(f"p/me/film/{code}?lang={hers.language}")
    hers.page.check("input[name=agree]")
    hers.page.click("main form button[type=submit]")
    hers.page.set_input_files("#gallery", film)
    hers.click("Send the film")
    for _look in range(40):
        if any(row.state == "ready" for row in rows(knee, RecordingRow)):
            break
        hers.page.wait_for_timeout(1_000)
    hers.open(f"p/me/film/{code}?lang={hers.language}")
    expect(hers.page.locator("video")).to_have_count(1)
    assert [(row.kind, row.state) for row in rows(knee, RecordingRow)] == [("film", "ready")]


def she_asks(hers: Phone, knee: KneeWard) -> None:
    hers.open(f"p/me/ask?lang={hers.language}")
    hers.fill("Your question or message", "可以洗澡吗？")
    hers.page.click("main form button.button[type=submit]")
    hers.sees("可以洗澡吗？")
    asked = next(row for row in rows(knee, CaseRow) if row.kind == "question")
    run = next(row for row in rows(knee, PromiseRunRow) if row.case_id == asked.id)
    assert run.due_at - run.started_at == timedelta(minutes=60)


def she_reports_a_hot_calf(hers: Phone, knee: KneeWard) -> None:
    hers.open(f"p/me?lang={hers.language}").click("Something is wrong")
    page = hers.page.content()
    assert page.index("tel:120") < page.index("sign_calf")
    hers.page.check("input[name=sign_calf]")
    hers.click("Tell the team")
    hers.sees("Answer by {time}", time="02:30" if hers.language == "zh" else "02:30")
    hers.picture(f"night_{hers.language}_told")


def the_doctor_answers_from_home(doctor: Phone, knee: KneeWard, post: Post, folder: Path) -> None:
    alert = next(row for row in rows(knee, CaseRow) if row.kind == "alert")
    for _look in range(LOOKS):
        if post.about(alert.code)[1]:
            break
        doctor.page.wait_for_timeout(1_000)
    letter, link = post.about(alert.code)
    assert link, "no letter with a duty link arrived"
    assert "何桂兰" not in letter and "小腿" not in letter and "5678" not in letter
    doctor.open(f"{link}?lang={doctor.language}")
    doctor.page.fill("input[name=username]", user("doctor"))
    doctor.page.fill("input[name=password]", PASSWORD)
    doctor.page.click("main button[type=submit]")
    doctor.sees("小腿新发肿痛、发热发红").click("I am on it")
    voice = folder / "answer.wav"
    voice.write_bytes(filming.spoken(3.0))
    doctor.page.set_input_files("#voice", voice)
    doctor.click("Send the recording")
    doctor.page.check("input[name=decision][value=emergency]")
    doctor.page.fill("#advice", "请现在来急诊，报我的名字。")
    doctor.click("Decide and tell her")
    doctor.picture(f"night_{doctor.language}_duty")
    alert = next(row for row in rows(knee, CaseRow) if row.kind == "alert")
    run = next(row for row in rows(knee, PromiseRunRow) if row.case_id == alert.id)
    assert alert.decision == "emergency" and run.met_at is not None and run.met_at <= run.due_at


def she_hears_it(hers: Phone, knee: KneeWard) -> None:
    hers.open(f"p/me/thread?lang={hers.language}")
    hers.sees("请现在来急诊，报我的名字。")
    sound = hers.page.locator("audio")
    expect(sound).to_have_count(1)
    address = str(sound.get_attribute("src"))
    answer = hers.page.request.get(hers.base + address, headers={"range": "bytes=0-1"})
    assert answer.status == 206 and len(answer.body()) == 2
    if hers.language == "zh":
        played = sound.evaluate(
            "a => new Promise(done => { a.preload = 'auto'; a.onloadeddata = () => done(a.duration); "
            "a.onerror = () => done(-1); a.load(); })"
        )
        assert 2 < played < 4
    hers.picture(f"night_{hers.language}_heard")

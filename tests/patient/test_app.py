"""What holds for every page: headers, weight, kind failures, complete languages, a working counter."""

from __future__ import annotations

import gzip
import logging
import re
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import pytest
from babel.messages.extract import extract_from_file
from PIL import Image
from starlette.testclient import TestClient

from core.department.logo import logo, seal
from core.department.profile import change_facts
from core.foundation.access import SYSTEM
from core.foundation.images import clean_logo
from core.foundation.language import translator
from core.recognition.praise import counted_characters
from pages.patient import app as app_module
from pages.patient import limits, phone
from pages.patient.app import app
from pages.patient.limits import Brake
from tests.patient.conftest import WORDS, PhoneScene
from tests.recognition.test_counting import CASES

PHONE = Path(app_module.__file__).resolve().parent
OWN = ("/p/me", "/p/me/missions", "/p/me/badges", "/p/me/points", "/p/me/survey", "/p/me/consents")


@pytest.mark.parametrize("path", [*OWN, "/p/s/S00003", "/p/j/x", "/p/wall", "/p/nothing"])
def test_every_answer_carries_the_strict_headers(enrolled: PhoneScene, path: str) -> None:
    headers = enrolled.own_phone().open(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy


@pytest.mark.parametrize("path", [*OWN, "/p/s/S00003"])
def test_nothing_on_a_page_breaks_the_policy_or_leaves_the_house(enrolled: PhoneScene, path: str) -> None:
    text = enrolled.own_phone().open(path).text
    assert " style=" not in text and "<style" not in text and not re.search(r"\son[a-z]+=", text)
    assert not re.findall(r'<script(?! src="/p/static/)', text)
    outside = [
        a
        for a in re.findall(r'(?:href|src|action)="([^"]+)"', text)
        if not a.startswith(("/p/", "#", "tel:", "data:,"))
    ]
    assert outside == []


def test_the_first_view_is_light(enrolled: PhoneScene) -> None:
    page = enrolled.own_phone().open("/p/me").content
    style = (PHONE / "static" / "phone.css").read_bytes()
    assert len(gzip.compress(page)) + len(gzip.compress(style)) < 25_000
    assert len(page) + len(style) < 80_000


@pytest.mark.parametrize("path", OWN)
def test_no_page_is_heavy_even_uncompressed(enrolled: PhoneScene, path: str) -> None:
    assert len(enrolled.own_phone().open(path).content) < 80_000


def test_the_style_sheet_is_kept_for_a_year(ward: PhoneScene) -> None:
    phone = ward.phone()
    address = re.search(r'href="(/p/static/phone\.css\?v=\w+)"', phone.open("/p/j/x").text)
    assert address
    answer = phone.open(address[1])
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("own", [False, True], ids=["seal", "own logo"])
def test_patients_see_the_same_logo_as_staff(ward: PhoneScene, own: bool) -> None:
    if own:
        picture = BytesIO()
        Image.new("RGB", (300, 120), "#336699").save(picture, "PNG")
        facts = ward.world.desk.ask(SYSTEM, lambda look: look.house)
        kept = ("hospital", "department", "time_zone", "print_language", "phone", "address", "pilot_start")
        ward.world.do(
            "manager",
            change_facts,
            **{name: getattr(facts, name) for name in kept},
            logo=clean_logo(picture.getvalue()),
        )
    house = ward.world.desk.ask(SYSTEM, lambda look: look.house)
    phone = ward.phone()
    address = re.search(r'<img class="mark" src="(/p/static/logo/\w+)"', phone.open("/p/s/S00003").text)
    assert address
    answer = phone.open(address[1])
    assert answer.headers["content-type"] == "image/webp" and "immutable" in answer.headers["cache-control"]
    assert answer.content == logo(house, ward.world.desk.media)
    assert (answer.content == seal()) is not own


def test_alone_the_pages_answer_at_the_root_as_well(ward: PhoneScene) -> None:
    answer = ward.phone().open("/s/S00003")
    assert answer.status_code == 200 and 'action="/s/S00003"' in answer.text


def test_mounted_under_another_application_links_keep_the_prefix(ward: PhoneScene) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    client = TestClient(Starlette(routes=[Mount("/p", app=app)]))
    answer = client.get("/p/s/S00003")
    assert 'action="/p/s/S00003"' in answer.text and "/p/static/phone.css" in answer.text
    sent = client.post(
        "/p/s/S00003",
        data=dict(re.findall(r'name="(csrf|request_key)" value="([^"]+)"', answer.text)) | {"text": WORDS},
    )
    assert sent.status_code == 200 and "/p/thanks/" in str(sent.url)


# --- failing kindly ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_address_is_a_friendly_page(ward: PhoneScene, language: str) -> None:
    phone = ward.phone()
    assert phone.open(f"/p/nothing/here?lang={language}").status_code == 404
    assert 'href="tel:120"' in phone.page.text and '/me"' in phone.page.text
    assert "120" in phone.text and ("二维码" if language == "zh" else "QR code") in phone.text


def test_a_form_that_is_too_large_is_turned_away(ward: PhoneScene) -> None:
    phone = ward.phone()
    answer = phone.client.post("/p/s/S00003", data={"text": "很" * 30_000})
    assert answer.status_code == 413 and "精简" in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 60, b""])
def test_nonsense_for_a_form_is_no_fault_of_ours(ward: PhoneScene, body: bytes) -> None:
    answer = ward.phone().client.post(
        "/p/s/S00003", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("path", ["/p/me/ask", "/p/t/ABCDEF", "/p/duty/abc"])
def test_a_form_that_did_not_come_whole_is_answered_in_words_beside_120(path: str) -> None:
    sent: list[Any] = []
    coming = iter(
        [{"type": "http.request", "body": b"text=", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-length", b"999"), (b"accept-language", b"zh-CN")]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": headers, "scheme": "http", "http_version": "1.1", "client": ("10.0.0.9", 1),
    }  # fmt: skip
    anyio.run(app, scope, receive, send)
    page = b"".join(one.get("body", b"") for one in sent).decode()
    assert sent[0]["status"] == 408 and "没有完整送达" in page and "tel:120" in page


def test_a_flood_of_forms_is_slowed_down(ward: PhoneScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.patient.endpoints.POSTS", limits.Brake(3, 60))
    phone = ward.phone()
    codes = [phone.client.post("/p/s/S00003", data={}).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 429, 429]


def test_a_flood_from_the_ward_stops_neither_its_phones_nor_its_cards(
    enrolled: PhoneScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, new = enrolled.own_phone(), enrolled.phone()
    new.open(f"/p/j/{enrolled.token}")
    hers.open("/p/me")
    monkeypatch.setattr("pages.patient.endpoints.POSTS", limits.Brake(1, 60))
    monkeypatch.setattr("pages.patient.endpoints.OWN_POSTS", limits.Brake(2, 60))
    stranger = enrolled.phone()
    stranger.client.cookies.set("pilotdesk_device", "made-up", path="/p")
    assert [stranger.client.post("/p/s/S00003", data={}).status_code for _ in range(3)] == [422, 429, 429]
    assert stranger.client.post("/p/j/made-up", data={}).status_code == 429
    assert new.send(f"/p/j/{enrolled.token}", follow=False, last_four="5678").status_code == 303
    mine = [hers.client.post("/p/s/S00003", data={}).status_code for _ in range(3)]
    assert mine == [422, 422, 429], "she has a share of her own, and no more"


def test_the_brake_forgets_old_senders_first() -> None:
    brake = Brake(most=1, seconds=60, senders=2)
    assert [brake.admits("a"), brake.admits("a"), brake.admits("b"), brake.admits("c")] == [
        True,
        False,
        True,
        True,
    ]
    assert brake.admits("a") is True and len(brake._seen) == 2
    assert [brake.admits(f"2001:db8:7:1::{n}") for n in (1, 2)] == [True, False], (
        "one household is one sender"
    )


def test_a_fault_shows_a_number_and_logs_no_personal_data(
    enrolled: PhoneScene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("陈晓雨 13800005678")

    phone = enrolled.own_phone()
    monkeypatch.setattr("pages.patient.journey.drawing", broken)
    with caplog.at_level(logging.ERROR):
        answer = phone.open("/p/me/missions")
    assert answer.status_code == 500
    number = re.search(r"编号告诉我们\W([0-9A-F]{6})", phone.text.replace(" ", ""))
    assert number and number[1] in caplog.text
    assert "陈晓雨" not in caplog.text and "5678" not in caplog.text and "RuntimeError" in caplog.text


def test_before_the_first_set_up_the_page_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(phone.workspaces, "active_kind", lambda: None)
    monkeypatch.setattr(phone, "settings", lambda: type("S", (), {"database_url": None}))
    answer = TestClient(app).get("/p/", headers={"accept-language": "en"})
    assert answer.status_code == 503 and "not opened its pages yet" in answer.text


def test_access_logs_show_neither_tokens_nor_passes() -> None:
    record = logging.LogRecord(
        "uvicorn.access", 20, "", 0, '%s - "%s %s HTTP/%s" %d',
        ("1.2.3.4:5", "GET", "/p/j/secretsecret?lang=en&preview=12.34.56", "1.1", 200), None,
    )  # fmt: skip
    assert any(f.filter(record) for f in logging.getLogger("uvicorn.access").filters)
    assert "secret" not in record.getMessage() and "12.34" not in record.getMessage()
    assert "/p/j/…" in record.getMessage() and "lang=en" in record.getMessage()


def test_access_logs_show_no_code_that_buys_something() -> None:
    record = logging.LogRecord(
        "uvicorn.access", 20, "", 0, '%s - "%s %s HTTP/%s" %d',
        ("1.2.3.4:5", "GET", "/p/me/voucher/34679ACD", "1.1", 200), None,
    )  # fmt: skip
    assert any(f.filter(record) for f in logging.getLogger("uvicorn.access").filters)
    assert "34679ACD" not in record.getMessage() and "/p/me/voucher/…" in record.getMessage()


def test_the_phone_runs_without_streamlit() -> None:
    code = "import sys; import pages.patient.app; sys.exit(any(m.split('.')[0] == 'streamlit' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PHONE.parents[1], check=False).returncode == 0


# --- words ------------------------------------------------------------------------------------------------------------


def _said() -> set[str]:
    found: set[str] = set()
    for path in [*PHONE.glob("*.py"), *PHONE.glob("templates/*.html")]:
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else {"silent": "false", "trim_blocks": "true"}
        with path.open("rb"):
            for _line, message, *_rest in extract_from_file(
                method, path, keywords={"_": None, "N_": None, "_n": (1, 2)}, options=options
            ):
                found.add(message[0] if isinstance(message, tuple) else message)
    return found


def test_every_word_on_the_phone_is_said_in_chinese() -> None:
    chinese = translator("zh")
    said = _said()
    assert len(said) > 120
    assert sorted(text for text in said if chinese(text) == text) == []


def test_no_chinese_is_written_into_a_template() -> None:
    for path in PHONE.glob("templates/*.html"):
        text = path.read_text(encoding="utf-8").replace("中文", "").replace("产科", "")
        assert not re.search("[\u4e00-\u9fff]", text), path.name


# --- the counter beside the text --------------------------------------------------------------------------------------


@pytest.mark.journey
def test_the_live_counter_counts_as_the_server_does() -> None:
    from playwright.sync_api import sync_playwright

    texts = [text for text, _count in CASES] + [
        WORDS,
        "第1次," + WORDS * 2,
        "Thank you so much, nurse Wang! " * 2,
    ]
    with sync_playwright() as engine:
        browser = engine.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        page = browser.new_page()
        page.add_script_tag(path=PHONE / "static" / "praise.js")
        counted = [page.evaluate("text => window.countedCharacters(text)", text) for text in texts]
        browser.close()
    assert counted == [counted_characters(text) for text in texts]


def test_time_moves_the_page_at_the_departments_midnight(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me?lang=en")
    assert "14 weeks + 0 days today" in phone.text
    enrolled.world.clock.advance(timedelta(hours=12, seconds=1))
    phone.open("/p/me?lang=en")
    assert "14 weeks + 1 day today" in phone.text

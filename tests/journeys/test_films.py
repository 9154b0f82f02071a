"""She films: with script and without, in both languages, a film every phone plays and one that must be converted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.care.sale.enrolments import enrol
from core.department.profile import set_up
from core.foundation.access import SYSTEM
from core.foundation.language import translator
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from core.people.phone_links import issue_link
from tests.dialogue.filming import TASK, film
from tests.journeys.scenes import HOSPITAL, do
from tests.journeys.serving import Server
from tests.journeys.test_accessibility import faults
from tests.journeys.visiting import LOCALES, PHONE
from tests.selling import open_sales

TOKENS: dict[str, str] = {}
PATIENCE = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("films"))
    desk = running.desk()
    do(desk, set_up, hospital=HOSPITAL, department="骨科")
    package = do(desk, take_template, document=load("knee_7days", "zh").model_dump(mode="json"))
    do(desk, publish, package_id=package)
    open_sales(desk, package)
    for number, language in enumerate(("zh", "en")):
        patient = do(
            desk, add_patient, name=f"周桂{language}", record_number=f"V{number}", phone=f"1390000000{number}"
        )
        discharged = desk.ask(SYSTEM, lambda look: look.today) - timedelta(days=3)
        do(
            desk, enrol, patient_id=patient, package_id=package, payment_method="wechat", anchor_date=discharged,
            consents={"service": True},
        )  # fmt: skip
        TOKENS[language] = do(desk, issue_link, patient_id=patient)
    desk.database.dispose()
    running.serve()
    yield running.start()
    running.stop()


@pytest.mark.parametrize(("language", "script"), [("zh", True), ("en", False)])
def test_her_film_reaches_the_team(
    browser: Browser, server: Server, tmp_path: Path, language: str, script: bool
) -> None:
    context = browser.new_context(
        locale=LOCALES[language], viewport={"width": PHONE[0], "height": PHONE[1]}, is_mobile=True, has_touch=True,
        java_script_enabled=script,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        opens_her_page(page, server, language)
        sends(page, server, language, tmp_path, "film.mp4", film(seconds=2.0), "gallery")
        sends(
            page,
            server,
            language,
            tmp_path,
            "film.webm",
            film("libvpx", "libopus", container="webm"),
            "camera",
        )
        assert page.locator("video").count() == 2
        if script:
            assert plays(page)
            assert faults(page) == []
            page.set_viewport_size({"width": 320, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") == 320
    finally:
        context.close()


def opens_her_page(page: Page, server: Server, language: str) -> None:
    _ = translator(language)
    page.goto(f"{server.url}/p/j/{TOKENS[language]}?lang={language}")
    page.locator("input[name=last_four]").fill("0000" if language == "zh" else "0001")
    page.locator("form button[type=submit]").first.click()
    page.goto(f"{server.url}/p/me/film/{TASK}?lang={language}")
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.get_by_label(_("I agree that my films are kept for my care.")).check()
    page.get_by_role("button", name=_("Go on")).click()
    expect(page.locator("input[type=file]")).to_have_count(2)


def sends(
    page: Page, server: Server, language: str, folder: Path, name: str, data: bytes, field: str
) -> None:
    """One film by one of the two fields, until the team has it."""
    _ = translator(language)
    there = page.locator("video").count()
    (folder / name).write_bytes(data)
    page.locator(f"#{field}").set_input_files(folder / name)
    with page.expect_navigation():  # when all of it has come
        page.get_by_role("button", name=_("Send the film")).click()
    expect(page.get_by_role("heading", name=_("Your films for this"))).to_be_visible()
    for _turn in range(60):
        if page.locator("video").count() > there:
            return
        page.goto(f"{server.url}/p/me/film/{TASK}?lang={language}")
        page.wait_for_timeout(500)
    raise AssertionError(page.locator("main").inner_text())


def plays(page: Page) -> bool:
    return bool(
        page.evaluate(
            "async () => { for (const film of document.querySelectorAll('video')) { film.muted = true; await film.play();"
            " await new Promise(done => setTimeout(done, 400)); if (!(film.currentTime > 0 && film.videoWidth)) return false; }"
            " return true; }"
        )
    )

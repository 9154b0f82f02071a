"""Her file in a real browser: the strip stays and covers nothing, the address keeps to its page, a form outlives a cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from core.care.patient_file import patient_file
from core.care.work.appointments import book
from core.foundation.access import SYSTEM
from core.foundation.clock import at
from core.people.consents import PURPOSES
from core.people.patients import add_patient
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, PATIENT, department, do, enrolled, user
from tests.journeys.serving import Server
from tests.journeys.visiting import PHONE, Visitor

SECTIONS = ("Tasks", "Growth curve", "Package", "Card and phone", "Consents", "Details", "Quiet care")
TALLEST = 150  # of 844 pixels


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("file"))
    desk = department(running)
    enrolled(desk)
    steps = desk.ask(SYSTEM, patient_file, patient_id=1)
    when = at(steps.today + timedelta(days=2), time(9), steps.zone)
    do(desk, book, patient_id=1, at=when, task_id=steps.coming[0].task_id)
    period = steps.today - timedelta(weeks=12)
    do(desk, add_patient, name="赵思琪", record_number="A0002", phone="13800000002", last_period=period)
    desk.database.dispose()
    yield running.start()
    running.stop()


def nurse(arrive: Arrive, path: str, language: str = "zh", size: tuple[int, int] = PHONE) -> Visitor:
    return arrive(language, size).open(path).sign_in(user("nurse"), PASSWORD)


def strip(visitor: Visitor) -> dict[str, float]:
    """The strip's box on the screen, in CSS pixels."""
    box = visitor.page.locator(".st-key-file_strip").bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_the_strip_stays_and_covers_nothing(server: Server, arrive: Arrive, language: str) -> None:
    visitor = nurse(arrive, "patient?id=1", language).sees(PATIENT)
    page, main = visitor.page, visitor.page.get_by_test_id("stMain")
    for section in SECTIONS:
        visitor.pick(section)
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"{section} scrolls sideways"
        main.evaluate("each => each.scrollTo(0, 0)")
        page.wait_for_timeout(100)
        box, tabs = strip(visitor), page.get_by_test_id("stButtonGroup").first.bounding_box()
        assert tabs is not None and tabs["y"] >= box["y"] + box["height"], (
            f"{section}: the strip lies on the tabs"
        )
        assert box["height"] <= TALLEST and box["x"] >= 0 and box["x"] + box["width"] <= window
    visitor.pick("Tasks")
    main.evaluate("each => each.scrollTo(0, 600)")
    page.wait_for_timeout(200)
    box, header = strip(visitor), page.get_by_test_id("stHeader").bounding_box()
    assert header is not None and header["height"] - 2 <= box["y"] <= header["height"] + 12, (box, header)
    expect(page.locator(".pd-call")).to_be_in_viewport()


def test_what_is_reached_by_keyboard_is_not_under_the_strip(server: Server, arrive: Arrive) -> None:
    visitor = nurse(arrive, "patient?id=1").sees(PATIENT).pick("Details")
    page = visitor.page
    page.get_by_test_id("stMain").evaluate("each => each.scrollTo(0, 100000)")
    last = page.get_by_test_id("stFormSubmitButton").get_by_role("button")
    last.focus()
    for __ in range(9):
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(60)
        top = page.evaluate("document.activeElement.getBoundingClientRect().top")
        inside = page.evaluate("!!document.activeElement.closest('[data-testid=stForm]')")
        if inside:
            assert top >= strip(visitor)["y"] + strip(visitor)["height"] - 1


def test_a_visit_is_moved_in_the_strip_and_told_there(server: Server, arrive: Arrive) -> None:
    visitor = nurse(arrive, "patient?id=1").sees(PATIENT)
    visitor.page.get_by_test_id("stMain").evaluate("each => each.scrollTo(0, 500)")
    before = server.ask(patient_file, patient_id=1).next.visit_at
    visitor.page.locator(".st-key-move_next button").first.click()
    visitor.ready().fill_day("Day", (before + timedelta(days=1)).date()).page.keyboard.press("Tab")
    visitor.click("Move the visit")
    after = server.ask(patient_file, patient_id=1).next.visit_at
    assert after == before + timedelta(days=1)
    said = visitor.page.locator(".st-key-file_strip").get_by_test_id("stAlert")
    expect(said).to_be_in_viewport()
    expect(visitor.button("Move the visit")).to_have_count(0)


def test_the_number_in_the_address_stays_with_her_file(server: Server, arrive: Arrive) -> None:
    visitor = nurse(arrive, "patient?id=1", size=(1440, 900)).sees(PATIENT)
    for title in ("Today", "Patients", "Offer and enrol", "Points counter", "Messages"):
        visitor.go(title)
        assert "id=" not in visitor.page.url, title
        visitor.sees_not(PATIENT) if title in ("Offer and enrol", "Points counter") else visitor
    visitor.open("patient?id=1").sees("Growth curve").click("More")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(visitor._("Today"))
    assert "id=" not in visitor.ready().page.url
    # One step back is her file again, not a page between.
    visitor.page.go_back()
    visitor.ready().sees("Growth curve")
    assert "id=1" in visitor.page.url


def test_a_sale_half_written_outlives_a_restart_of_the_server(server: Server, arrive: Arrive) -> None:
    visitor = nurse(arrive, "enrol?id=2", size=(1440, 900)).pick_first("Package").sees("Read aloud")
    visitor.fill("Receipt number", "R-4711").fill("Amount in yuan", "188")
    visitor.fill("Reason, if less than the price is paid", "opening week").pick("WeChat Pay")
    visitor.tick(PURPOSES["photos"]).click("Enrol and take payment")
    visitor.fill("Receipt number", "R-4712")
    server.stop()
    server.start()
    visitor.page.wait_for_timeout(4_000)
    visitor.ready().sees("Read aloud")
    field = visitor.page.get_by_label(visitor._("Receipt number"), exact=True)
    expect(field).to_have_value("R-4712")
    expect(visitor.page.get_by_label(visitor._("Amount in yuan"), exact=True)).to_have_value("188.00")
    visitor.tick(PURPOSES["service"]).pick_first("How consent was given").click("Enrol and take payment")
    visitor.sees("Print the receipt (PDF)")
    held = server.ask(patient_file, patient_id=2).held
    assert [(one.receipt_number, one.amount_fen, one.payment_method) for one in held] == [
        ("R-4712", 18_800, "wechat")
    ]

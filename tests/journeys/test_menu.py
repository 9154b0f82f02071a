"""The menu and the way to the content, by keyboard and by thumb."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, PATIENT, department, enrolled, user
from tests.journeys.serving import Server
from tests.journeys.visiting import DESKTOP, PHONE, Visitor

THUMB = 44  # pixels


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("menu"))
    desk = department(running)
    enrolled(desk)
    desk.database.dispose()
    yield running.start()
    running.stop()


def signed_in(
    arrive: Arrive, role: str, language: str, path: str = "", size: tuple[int, int] = DESKTOP
) -> Visitor:
    """Somebody of this role who has just opened `path` in a browser that knows them."""
    visitor = (
        arrive(language, size).open().sign_in(user(role), PASSWORD).sees("Hello, {name}", name=f"{role} Lin")
    )
    return visitor.open(path)


def section(visitor: Visitor, title: str) -> Locator:
    return visitor.menu.get_by_role("button", name=visitor._(title), exact=True)


def title(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("heading", level=1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_daily_work_is_open_and_the_rest_folded_until_somebody_opens_it(
    arrive: Arrive, language: str
) -> None:
    visitor = signed_in(arrive, "manager", language)
    expect(section(visitor, "Daily work")).to_have_attribute("aria-expanded", "true")
    for folded in ("Thanks and keepsakes", "Service design", "Results", "Set-up", "House"):
        expect(section(visitor, folded)).to_have_attribute("aria-expanded", "false")
    expect(visitor.menu.get_by_role("link", name=visitor._("Packages"), exact=True)).to_have_count(0)


def test_a_section_folds_and_an_entry_is_chosen_by_keyboard(arrive: Arrive) -> None:
    visitor = signed_in(arrive, "manager", "zh")
    fold = section(visitor, "Service design")
    fold.focus()
    visitor.page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    packages = visitor.menu.get_by_role("link", name=visitor._("Packages"), exact=True)
    expect(packages).to_be_focused()
    outline = packages.evaluate("link => getComputedStyle(link).outlineWidth")
    assert outline == "3px", "whoever goes by keyboard must see where they are"
    visitor.page.keyboard.press("Enter")
    expect(title(visitor)).to_have_text(visitor._("Packages"))
    expect(packages).to_have_attribute("aria-current", "page")
    expect(visitor.menu.locator("[aria-current]")).to_have_count(1)
    visitor.ready()
    expect(title(visitor)).to_be_focused()
    fold.focus()
    visitor.page.keyboard.press("Space")
    expect(fold).to_have_attribute("aria-expanded", "false")


def test_what_was_folded_stays_so_and_the_present_section_opens(arrive: Arrive) -> None:
    visitor = signed_in(arrive, "manager", "en")
    section(visitor, "Daily work").click()
    section(visitor, "Results").click()
    visitor.go("Dashboard")
    visitor.open("settings")
    expect(section(visitor, "Daily work")).to_have_attribute("aria-expanded", "false")
    expect(section(visitor, "Results")).to_have_attribute("aria-expanded", "true")
    expect(section(visitor, "Set-up")).to_have_attribute("aria-expanded", "true")


def test_the_menu_leads_on_within_the_session_and_the_browser_leads_back(arrive: Arrive) -> None:
    visitor = signed_in(arrive, "nurse", "en", "today")
    visitor.page.evaluate("() => { window.untouched = true }")
    visitor.go("Patients")
    assert visitor.page.url.endswith("/patients")
    visitor.page.go_back()
    expect(title(visitor)).to_have_text(visitor._("Today"))
    visitor.ready()
    expect(visitor.menu.locator("[aria-current=page]")).to_have_text(visitor.exactly("Today"))
    assert visitor.page.evaluate("() => window.untouched"), "the page was loaded anew"


def test_a_file_reached_from_a_list_marks_the_list(arrive: Arrive) -> None:
    visitor = signed_in(arrive, "nurse", "en", "patient?id=1").sees(PATIENT)
    expect(visitor.menu.locator("[aria-current=true]")).to_have_text(visitor.exactly("Patients"))


def test_a_short_menu_needs_no_folding(arrive: Arrive) -> None:
    visitor = signed_in(arrive, "executive", "zh")
    expect(visitor.menu.locator("button[aria-expanded=false]")).to_have_count(0)
    expect(visitor.menu.get_by_role("link", name=visitor._("Dashboard"), exact=True)).to_be_visible()


@pytest.mark.parametrize(("language", "spoken"), [("zh", "zh-CN"), ("en", "en")])
def test_three_stops_lead_to_the_content_and_names_are_in_the_pages_language(
    arrive: Arrive, language: str, spoken: str
) -> None:
    visitor = signed_in(arrive, "nurse", language, "patients")
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("lang", spoken)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == visitor._("Skip to main content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('[data-testid=stMain]'))")
    collapse = page.get_by_role("button", name=visitor._("Collapse sidebar"), exact=True)
    expect(collapse).to_have_count(1)


def test_the_drawer_on_a_phone_closes_after_choosing(arrive: Arrive) -> None:
    visitor = signed_in(arrive, "nurse", "zh", size=PHONE)
    visitor.page.get_by_role("button", name=visitor._("Expand sidebar"), exact=True).click()
    link = visitor.menu_link("Patients")
    for each in (link, section(visitor, "Daily work")):
        box = each.bounding_box()
        assert box is not None and box["height"] >= THUMB
    link.click()
    expect(title(visitor)).to_have_text(visitor._("Patients"))
    expect(visitor.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ["nowhere", "没有", "nowhere/at/all"])
def test_an_unknown_address_is_answered_in_our_words(arrive: Arrive, language: str, address: str) -> None:
    visitor = signed_in(arrive, "nurse", language, address)
    expect(title(visitor)).to_have_text(visitor._("This page does not exist"))
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    visitor.page.get_by_test_id("stMain").get_by_role("link", name=visitor.exactly("Start")).click()
    visitor.ready().sees("Hello, {name}", name="nurse Lin")
    visitor.open("today/")
    expect(title(visitor)).to_have_text(visitor._("Today"))

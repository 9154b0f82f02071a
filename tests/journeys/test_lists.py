"""The one list under real hands: a tap, the arrow keys and Enter, Back, and a telephone's narrow window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.operations import demo
from tests.journeys.conftest import Arrive
from tests.journeys.serving import Server
from tests.journeys.visiting import DESKTOP, PHONE, Visitor, until

ROWS = "button.pd-row"
LISTS = ("patients", "albums", "messages", "stories")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo: every list has rows."""
    running = Server(tmp_path_factory.mktemp("lists"))
    desk = running.desk("demo")
    demo.create(desk, "zh")
    desk.database.dispose()
    running.serve("demo")
    yield running.start()
    running.stop()


def enter(arrive: Arrive, path: str, language: str, size: tuple[int, int] = DESKTOP) -> Visitor:
    visitor = arrive(language, size).open(path).click("Enter the demo as manager")
    expect(visitor.page.locator(ROWS).first).to_be_visible()
    return visitor


def in_focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.innerText"))


def test_a_row_opens_by_a_click_and_reading_goes_on_at_the_title(server: Server, arrive: Arrive) -> None:
    visitor = enter(arrive, "patients", "zh")
    page = visitor.page
    row = page.locator(ROWS).nth(2)
    number, name = row.get_attribute("data-id"), row.locator(".pd-text").first.inner_text()
    row.click()
    page.wait_for_url(f"**/patient?id={number}")
    visitor.ready().sees(name)
    until(page, "document.activeElement.tagName === 'H1'")


def test_a_row_opens_by_keyboard_after_the_arrow_keys(server: Server, arrive: Arrive) -> None:
    visitor = enter(arrive, "patients", "en")
    page = visitor.page
    assert page.locator(f"{ROWS}[tabindex='0']").count() == 1, "one stop of the tab key for a hundred rows"
    page.locator(f"{ROWS}[tabindex='0']").focus()
    names = page.locator(f"{ROWS} > .pd-cell:first-child").all_inner_texts()
    for key, place in (
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowUp", 1),
        ("End", -1),
        ("Home", 0),
        ("ArrowDown", 1),
    ):
        page.keyboard.press(key)
        assert in_focus(page).startswith(f"BUTTON {names[place]}"), key
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.pd-rows')") is None, "Tab leaves the list"
    page.keyboard.press("Shift+Tab")
    assert in_focus(page).startswith(f"BUTTON {names[1]}"), "and comes back to the row it left"
    page.keyboard.press("Enter")
    page.wait_for_url("**/patient?id=*")
    visitor.ready().sees(names[1])
    until(page, "document.activeElement.tagName === 'H1'")


def test_back_leads_to_the_list_and_opens_nobody(server: Server, arrive: Arrive) -> None:
    visitor = enter(arrive, "patients", "en")
    page = visitor.page
    steps = page.evaluate("history.length")
    page.locator(ROWS).first.click()
    page.wait_for_url("**/patient?id=*")
    visitor.ready()
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    expect(page.locator(ROWS).first).to_be_visible()
    page.wait_for_url("**/patients")
    expect(page.get_by_role("heading", level=1)).to_have_text("Patients")
    page.go_forward()
    page.wait_for_url("**/patient?id=*")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Patients")
    visitor.ready().page.go_back()
    expect(page.locator(ROWS).first).to_be_visible()
    page.reload()
    expect(page.locator(ROWS).first).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_opens_in_place_of_a_list_is_left_by_its_own_button(
    server: Server, arrive: Arrive, language: str
) -> None:
    visitor = enter(arrive, "albums", language)
    page = visitor.page
    page.locator(ROWS).nth(1).focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/albums?enrolment=*")
    until(page, "document.activeElement.tagName === 'H3'")
    visitor.click("All albums")
    page.wait_for_url("**/albums")
    until(page, f"document.activeElement === document.querySelectorAll('{ROWS}')[1]")


def test_chips_filter_and_the_page_of_the_search_stays(server: Server, arrive: Arrive) -> None:
    visitor = enter(arrive, "patients", "en")
    page = visitor.page
    chip = page.get_by_role("radio", name="Overdue")
    assert chip.bounding_box()["height"] >= 44
    wanted = int(chip.inner_text().removeprefix("Overdue "))
    chip.click()
    expect(page.locator(ROWS)).to_have_count(wanted)
    page.locator(ROWS).first.click()
    page.wait_for_url("**/patient?id=*")
    visitor.ready()
    page.go_back()
    expect(page.locator(ROWS)).to_have_count(wanted)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_telephone_a_row_has_two_lines_and_nothing_scrolls_sideways(
    server: Server, arrive: Arrive, language: str
) -> None:
    visitor = enter(arrive, "patients", language, PHONE)
    page = visitor.page
    for path in LISTS:
        visitor.open(path)
        row = page.locator(ROWS).first
        expect(row).to_be_visible()
        assert row.bounding_box()["height"] >= 44, path
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE[0], path
        name, others = row.locator(".pd-cell").first.bounding_box(), row.locator(".pd-others").bounding_box()
        assert others["y"] >= name["y"] + name["height"] - 2, f"{path}: the others stand below the name"
        assert others["height"] < 30, f"{path}: in one line"


def test_on_a_desktop_a_row_is_one_line_of_at_least_44_pixels(server: Server, arrive: Arrive) -> None:
    visitor = enter(arrive, "patients", "en")
    heights = [row.bounding_box()["height"] for row in visitor.page.locator(ROWS).all()[:20]]
    assert min(heights) >= 44 and max(heights) < 50

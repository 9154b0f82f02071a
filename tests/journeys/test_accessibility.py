"""Everybody reads, hears and reaches every page: axe (WCAG 2.0 to 2.2, A and AA) finds nothing of ours.

Each page is looked at as it arrives, then with everything unfolded and every tab opened. A page that joins the map
is held to it at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from core.department.places import locations
from core.foundation.access import PERMISSIONS, SYSTEM
from core.operations.demo import create, showcase
from core.people.patients import card
from core.people.phone_links import issue_link
from pages.ui.menu_map import ENTRIES
from tests.journeys.conftest import Arrive, Scan
from tests.journeys.serving import Server
from tests.journeys.test_demo import look_as
from tests.journeys.visiting import Visitor, until

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
MAIN = "[data-testid=stMain]"
GRID = "[data-testid=stDataFrame]"  # a drawn sheet of Streamlit's own, with a table of its own for ears
ALIKE = 3  # pages of one kind on a phone, such as missions: more of them show the same


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One machine with the demo on it, for all tests."""
    running = Server(tmp_path_factory.mktemp("accessibility"))
    desk = running.desk("demo")
    create(desk, "zh")
    desk.database.dispose()
    running.serve("demo")
    yield running.start()
    running.stop()


@contextmanager
def nothing_set_up(server: Server) -> Iterator[None]:
    """As long as this lasts, the machine asks what it is to be."""
    (server.data / "active").unlink()
    yield
    server.serve("demo")


def faults(page: Page, at: str = "html", but: str = "") -> list[str]:
    """What axe finds within `at`, one line each; what lies in `but` is left out."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    where = {"include": [at], "exclude": [but]} if but else at
    found: dict[str, Any] = page.evaluate("([at, rules]) => axe.run(at, rules)", [where, RULES])
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:240]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def go(visitor: Visitor, path: str) -> None:
    """To another page within the same session, as the menu does it."""
    visitor.page.evaluate(
        "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }",
        f"/{path}",
    )
    visitor.ready()


def unfold(visitor: Visitor) -> None:
    closed = "[data-testid=stMain] details:not([open]) > summary"
    visitor.page.eval_on_selector_all(closed, "all => all.forEach((one) => one.click())")
    visitor.ready()
    still(visitor)


def still(visitor: Visitor) -> None:
    """What unfolds has unfolded, and nothing lies half under the bar at the top: axe would take a button that is still
    coming into sight for one that is too small."""
    visitor.page.locator(MAIN).evaluate("main => main.scrollTo(0, 0)")
    until(
        visitor.page,
        "() => document.getAnimations().every(a => a.effect.getTiming().iterations === Infinity || a.playState !== 'running')",
    )


def every_view(visitor: Visitor) -> Iterator[tuple[str, list[str]]]:
    """The page, then each of its tabs and of the alternatives on its top, with what axe finds there; the frame
    around it is the same everywhere."""
    unfold(visitor)
    yield "", faults(visitor.page, MAIN)
    main = visitor.page.locator(MAIN)
    views: list[tuple[Literal["tab", "radio"], str]] = [
        ("tab", name) for name in main.locator("[role=tab][aria-selected=false]").all_inner_texts()
    ]
    alternatives = main.get_by_role("radiogroup").first
    if alternatives.count():
        views += [("radio", name) for name in alternatives.get_by_role("radio").all_inner_texts()[1:]]
    for role, name in views:
        main.get_by_role(role, name=name, exact=True).first.click(force=True)
        visitor.ready()
        unfold(visitor)
        yield name, faults(visitor.page, MAIN)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_staff_page_is_accessible(server: Server, arrive: Arrive, language: str) -> None:
    with nothing_set_up(server):
        visitor = arrive(language).open()
        found = [f"welcome: {one}" for one in faults(visitor.page)]
        visitor.click("Set up")
        found += [f"set-up: {one}" for one in faults(visitor.page)]
    visitor.open()
    found += [f"sign-in: {one}" for one in faults(visitor.page)]
    visitor.click("Enter the demo as manager")
    role = "administrator"
    look_as(visitor, role)
    desk = server.desk("demo")
    patient = showcase(desk)
    desk.database.dispose()
    found += [f"frame: {one}" for one in faults(visitor.page)]
    for entry in ENTRIES:
        assert role in PERMISSIONS[entry.permission], (
            f"{entry.path}: {role} may not open it, choose another role"
        )
        go(visitor, entry.address + (f"?id={patient}" if entry.url == "patient" else ""))
        expect(visitor.page.get_by_role("heading", level=1)).not_to_have_text(visitor._("Not for your role"))
        found += [f"{entry.path} {view}: {one}" for view, some in every_view(visitor) for one in some]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_opens_in_the_list_of_today_is_accessible(server: Server, arrive: Arrive, language: str) -> None:
    visitor = arrive(language).open("today").click("Enter the demo as manager").open_row()
    for name in ("More", "Move visit", "Waive"):
        visitor.page.locator(f"{MAIN} summary").filter(has_text=visitor.exactly(name)).click()
        visitor.ready()
    still(visitor)
    found = [f"task: {one}" for one in faults(visitor.page, MAIN)]
    visitor.click("All tasks of today").click("Paper list, and typing it back")
    found += [f"paper: {one}" for one in faults(visitor.page, MAIN, but=GRID)]
    visitor.click("All tasks of today").page.locator(f"{MAIN} summary").last.click()
    visitor.page.get_by_test_id("stExpanderDetails").locator("button.pd-row").first.click()
    visitor.page.wait_for_url("**/today?marked=*")
    found += [f"marked: {one}" for one in faults(visitor.ready().page, MAIN)]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_phone_page_is_accessible(server: Server, scan: Scan, language: str) -> None:
    """A patient's own pages as far as links lead, and those that a poster opens."""
    desk = server.desk("demo")
    patient = showcase(desk)
    token = desk.do(SYSTEM, issue_link, secrets.token_hex(8), patient_id=patient)
    end = desk.ask(SYSTEM, card, patient_id=patient).phone[-4:]
    station = desk.ask(SYSTEM, locations)[-1].praise_code
    desk.database.dispose()
    phone = scan(language).open(f"p/j/{token}")
    found = [f"door: {one}" for one in faults(phone.page)]
    phone.fill("Last four digits", end).click("Open my page")
    waiting, seen = ["/p/me", f"/p/t/{station}", "/p/wall", "/p/nothing-here"], list[str]()
    while waiting:
        path = waiting.pop(0)
        alike = [one for one in seen if one.rpartition("/")[0] == path.rpartition("/")[0] != "/p/me"]
        if path in seen or len(alike) >= ALIKE:
            continue
        seen.append(path)
        phone.open(f"{path}?lang={language}")  # her own language would be taken otherwise
        found += [f"{path}: {one}" for one in faults(phone.page)]
        links = phone.page.eval_on_selector_all(
            "a[href]", "all => all.map((one) => new URL(one.href).pathname)"
        )
        waiting += [link for link in links if link.startswith("/p/me") and "/material/" not in link]
    assert len(seen) > 10, seen
    assert not found, "\n".join(["", *found])

"""Journeys: the started product and a real Chromium. Skipped, with the reason printed, where there is no Chromium.

Every test fails on any request that would leave this machine, whether the browser or the server makes it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.journeys.serving import Server
from tests.journeys.visiting import DESKTOP, LOCALES, PHONE, Phone, Visitor, guarded

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "output"
CHROMIUM = os.environ.get("PILOTDESK_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    # A name that cannot be resolved cannot be fetched, whatever the page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return shutil.which(CHROMIUM) or shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in Path(item.fspath).parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for the tests of a module: while it runs, no other test of this process has an event loop of its own."""
    found = chromium()
    if found is None:
        pytest.skip(f"no Chromium at {CHROMIUM} (set PILOTDESK_CHROMIUM): the journeys are not walked")
    with sync_playwright() as play:
        try:
            opened = play.chromium.launch(executable_path=found, args=ARGUMENTS)
        except Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A machine on which PilotDesk was just installed: nothing set up. One for all tests of a module."""
    running = Server(tmp_path_factory.mktemp("journey"))
    yield running.start()
    running.stop()


Arrive = Callable[..., Visitor]
Scan = Callable[..., Phone]


@pytest.fixture
def arrivals(
    browser: Browser, server: Server, request: pytest.FixtureRequest
) -> Iterator[tuple[Arrive, Scan]]:
    """Two ways to come: `arrive(language, size)` at the staff's side, `scan(language)` with a patient's phone."""
    strangers: list[str] = []
    contexts = []

    def page(language: str, size: tuple[int, int], phone: bool):
        context = browser.new_context(
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            viewport={"width": size[0], "height": size[1]},
            accept_downloads=True,
            is_mobile=phone,
            has_touch=phone,
        )
        contexts.append(guarded(context, strangers))
        opened = context.new_page()
        opened.set_default_timeout(45_000)
        return opened

    def arrive(language: str = "zh", size: tuple[int, int] = DESKTOP) -> Visitor:
        return Visitor(page(language, size, False), server.url, language)

    def scan(language: str = "zh") -> Phone:
        return Phone(page(language, PHONE, True), server.url, language)

    yield arrive, scan
    failed = getattr(request.node, "failed_here", False)
    for number, context in enumerate(contexts):
        for opened in context.pages:
            if failed:
                OUTPUT.mkdir(exist_ok=True)
                opened.screenshot(path=OUTPUT / f"{request.node.name}_{number}.png", full_page=True)
        context.close()
    if failed:
        print(f"\n--- the server's log ({server.data}) ---\n{server.log[-6000:]}")
    assert not strangers, f"the browser asked for something outside this machine: {strangers}"
    assert not server.strangers, f"the server reached for another machine:\n{server.strangers}"


@pytest.fixture
def arrive(arrivals: tuple[Arrive, Scan]) -> Arrive:
    return arrivals[0]


@pytest.fixture
def scan(arrivals: tuple[Arrive, Scan]) -> Scan:
    return arrivals[1]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    if outcome.get_result().failed:  # type: ignore[attr-defined]
        item.failed_here = True  # type: ignore[attr-defined]

"""The attacker's side, in a real browser: hostile words wherever somebody can write, a name that leads here from outside,
and a foreign page that frames ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from core.foundation.access import SYSTEM
from core.operations import demo
from core.people.patients import card
from core.people.phone_links import issue_link
from pages.own_names import FOREIGN
from pages.ui.menu_map import ENTRIES
from tests.journeys.conftest import ARGUMENTS, Arrive, Scan, chromium
from tests.journeys.scenes import do
from tests.journeys.serving import Server
from tests.journeys.visiting import Visitor
from tests.pages import test_hostile_text

# A script, a picture that runs one, a picture, a link that runs one, a link, an override of the writing direction, braces,
# a lone carriage return, a word without end.
HOSTILE = (
    "\r{x}<script>pwned=1</script><img src=//evil.example/i onerror=pwned=1>![p](//evil.example/p)"
    "[k](javascript:pwned=1) http://evil.example \u202e" + "W" * 60
)
HERS = 12
# Pages on which nobody's writing stands but the names in the frame, or which the others show as well.
PLAIN = {
    "start",
    "account",
    "backups",
    "import",
    "baseline",
    "enrol",
    "counter",
    "thanks",
    "shift",
    "supervision",
    "posters",
    "reading",
}
CARE = "care.hospital.example"


@dataclass(frozen=True)
class Attacked:
    """The demo in which everybody wrote hostile words, and the card of one patient, made before."""

    server: Server
    patient: int
    token: str
    digits: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    running = Server(tmp_path_factory.mktemp("attack"))
    desk = running.desk("demo")
    demo.create(desk, "zh")
    patient = demo.showcase(desk)
    assert patient is not None
    token = do(desk, issue_link, patient_id=patient)
    digits = desk.ask(SYSTEM, card, patient_id=patient).phone[-4:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(test_hostile_text, "HOSTILE", HOSTILE)
        patch.setattr(test_hostile_text.spoilt, "__defaults__", (HOSTILE,))
        test_hostile_text.spoil(SimpleNamespace(desk=desk))  # type: ignore[arg-type]
    desk.database.dispose()
    running.serve("demo")
    yield Attacked(running.start(), patient, token, digits)
    running.stop()


@pytest.fixture(scope="module")
def server(scene: Attacked) -> Server:
    return scene.server


def watched(page: Page) -> list[str]:
    """What a page asks or says by itself; `guarded` notes its requests."""
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: heard.append(popup.url))
    return heard


def stays_text(page: Page) -> None:
    """Nothing that was written runs, leads or loads."""
    assert page.evaluate("window.pwned") is None, page.url
    for trap in ("a[href*=evil]", "a[href^=javascript]", "[src*=evil]", "[onerror]"):
        assert page.locator(trap).count() == 0, (
            trap,
            page.url,
            page.locator(trap).first.evaluate("e => e.outerHTML"),
        )


def test_hostile_words_on_the_staffs_pages_run_nothing_and_fetch_nothing(
    scene: Attacked, arrive: Arrive
) -> None:
    visitor = arrive("zh").open().click("Enter the demo as manager")
    heard = watched(visitor.page)
    seen = 0
    for path in (
        *(entry.url for entry in ENTRIES if entry.menu and entry.url not in PLAIN),
        f"patient?id={scene.patient}",
    ):
        visitor.open(path)
        unfold_all(visitor)
        stays_text(visitor.page)
        seen += "evil.example" in visitor.words or "//evil" in visitor.words
    assert seen >= HERS, "the hostile words are shown as words"
    assert heard == []


def unfold_all(visitor: Visitor) -> None:
    folded = (
        "[...document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary')].slice(0, 8)"
    )
    visitor.page.evaluate(f"{folded}.forEach(fold => fold.click())")
    visitor.ready()


def test_hostile_words_on_her_phone_run_nothing_and_fetch_nothing(scene: Attacked, scan: Scan) -> None:
    phone = scan("zh").open(f"p/j/{scene.token}")
    heard = watched(phone.page)
    phone.page.locator("input[name=last_four]").fill(scene.digits)
    phone.page.locator("form button").first.click()
    base = f"{scene.server.url}/p"
    waiting, opened, seen = [phone.page.url, f"{base}/wall", f"{base}/me/wrong"], set(), 0
    while waiting and len(opened) < 40:
        url = waiting.pop(0)
        if url in opened:
            continue
        opened.add(url)
        phone.open(url)
        stays_text(phone.page)
        seen += "//evil" in phone.words
        here = phone.page.locator("a[href]").evaluate_all(
            "links => links.map(link => link.href.split('#')[0])"
        )
        waiting += [one for one in here if one.startswith(f"{base}/") and "lang=" not in one]
    assert len(opened) >= HERS and seen >= HERS // 2, (len(opened), seen)
    assert heard == []


@pytest.fixture(scope="module")
def outside(browser: Browser) -> Iterator[Browser]:
    """A browser in whose network two names lead to this machine, as a foreign name server may say."""
    rules = f"MAP evil.example 127.0.0.1, MAP {CARE} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    arguments = [one for one in ARGUMENTS if "resolver" not in one] + [f"--host-resolver-rules={rules}"]
    opened = browser.browser_type.launch(executable_path=chromium(), args=arguments)
    yield opened
    opened.close()


def test_a_foreign_name_gets_no_page_and_a_confirmed_one_the_whole_application(
    server: Server, outside: Browser, arrive: Arrive
) -> None:
    page = outside.new_page(locale="zh-CN")
    foreign, ours = f"http://evil.example:{server.port}", f"http://{CARE}:{server.port}"
    for base in (foreign, ours):
        for path in ("/today", "/p/me", "/_stcore/health"):
            answer = page.goto(base + path)
            assert answer is not None and answer.status == 421 and FOREIGN in page.inner_text("body")
    live = "new Promise(done => {let s = new WebSocket('ws://evil.example:%d/_stcore/stream');"
    live += "s.onopen = () => done('open'); s.onerror = () => done('refused')})"
    assert page.evaluate(live % server.port) == "refused"

    manager = arrive("en").open("settings").click("Enter the demo as manager").open("settings")
    manager.unfold("Another address")
    manager.enter("The address that phones reach", ours).click("Use this address")
    manager.is_told("Links and printed codes carry {address}.", address=ours)

    page.goto(ours)
    expect(page.get_by_role("button", name="以科室管理者身份进入演示")).to_be_visible(timeout=45_000)
    answer = page.goto(foreign)
    assert answer is not None and answer.status == 421
    manager.open("settings").sees("Address for phones")


def test_no_foreign_page_frames_ours(server: Server, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    frames = "".join(
        f"<iframe src='{server.url}{path}'></iframe>" for path in ("/", "/today", "/p/me", "/p/wall")
    )
    page.route(
        "http://foreign.example/**", lambda route: route.fulfill(body=frames, content_type="text/html")
    )
    page.goto("http://foreign.example/")
    inside = page.frames[1:]
    assert len(inside) == 4
    assert {frame.url for frame in inside} == {"chrome-error://chromewebdata/"}
    context.close()

"""A person at a browser. Everything is said in English source text and looked for in the visitor's language."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Download, Locator, Page, TimeoutError, expect

from core.foundation.language import translator

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
DESKTOP, PHONE = (1440, 900), (390, 844)
PATIENCE = 45_000


class Visitor:
    """One browser window on one server, in one language."""

    def __init__(self, page: Page, base: str, language: str) -> None:
        self.page, self.base, self.language = page, base, language
        self._ = translator(language)

    # --- moving --------------------------------------------------------------------------------------

    def open(self, path: str = "") -> Visitor:
        self.page.goto(f"{self.base}/{path.lstrip('/')}", wait_until="domcontentloaded")
        return self.ready()

    def ready(self) -> Visitor:
        """Wait until the script has run to its end and nothing is about to start."""
        self.page.wait_for_selector(SETTLED, timeout=PATIENCE, state="attached")
        # A click's rerun reaches the page a moment after the click itself.
        self.page.wait_for_timeout(120)
        self.page.wait_for_selector(SETTLED, timeout=PATIENCE, state="attached")
        return self

    def go(self, title: str) -> Visitor:
        """To another page by the menu."""
        self.menu_link(title).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self._(title), timeout=PATIENCE)
        return self.ready()

    @property
    def menu(self) -> Locator:
        return self.page.get_by_role("navigation", name=self._("Menu"), exact=True)

    def menu_link(self, title: str) -> Locator:
        """The menu's entry, its section unfolded where it was not."""
        link = self.menu.locator("a").filter(has_text=self.exactly(title))
        held = link.evaluate("link => link.closest('ul').id")
        folded = self.menu.locator(f"button[aria-controls={held}][aria-expanded=false]")
        if folded.count():
            folded.click()
        return link

    # --- words ---------------------------------------------------------------------------------------

    def exactly(self, text: str, **parameters: Any) -> re.Pattern[str]:
        """The text as a whole name; an icon's own word may stand before it."""
        return re.compile(rf"^(?:[a-z_0-9]+ ?)?{re.escape(self._(text, **parameters))}\s*$")

    def many(self, singular: str, plural: str) -> str:
        """The source text for several: Chinese has one form and keeps it under the singular."""
        return singular if self.language == "zh" else plural

    def sees(self, text: str, **parameters: Any) -> Visitor:
        """Somewhere on the page this text is visible."""
        said = self._(text, **parameters)
        shown = self.page.get_by_text(said).filter(visible=True)
        expect(shown.first, f"“{said}” is not to be seen").to_be_visible(timeout=PATIENCE)
        return self

    def is_told(self, text: str, **parameters: Any) -> Visitor:
        """A message on the page: what was done, or why it was not."""
        said = self._(text, **parameters)
        alert = self.page.get_by_test_id("stAlert").filter(has_text=said)
        expect(alert.first, f"nobody said “{said}”").to_be_visible(timeout=PATIENCE)
        return self

    def sees_not(self, text: str, **parameters: Any) -> Visitor:
        shown = self.page.get_by_text(self._(text, **parameters)).filter(visible=True)
        expect(shown).to_have_count(0, timeout=PATIENCE)
        return self

    @property
    def words(self) -> str:
        """All visible words of the page."""
        return self.page.locator("body").inner_text()

    # --- hands ---------------------------------------------------------------------------------------

    def button(self, text: str, within: Locator | None = None, **parameters: Any) -> Locator:
        place = within or self.page
        return place.get_by_role("button", name=self.exactly(text, **parameters)).filter(visible=True).first

    def click(self, text: str, within: Locator | None = None, **parameters: Any) -> Visitor:
        self.button(text, within, **parameters).click(timeout=PATIENCE)
        return self.ready()

    def unfold(self, label: str) -> Visitor:
        """Open the fold of this name."""
        folds = self.page.locator("[data-testid=stMain] summary").filter(visible=True)
        folds.filter(has_text=self.exactly(label)).first.click(timeout=PATIENCE)
        return self.ready()

    def press(self, key: str) -> Visitor:
        """Click the one button whose form key is known: among equal labels."""
        self.page.locator(f".st-key-{key} button").first.click()
        return self.ready()

    def fill(self, label: str, value: str, within: Locator | None = None, **parameters: Any) -> Visitor:
        field = (within or self.page).get_by_label(self._(label, **parameters), exact=True)
        field = field.filter(visible=True).first
        field.fill(value, timeout=PATIENCE)
        return self

    def enter(self, label: str, value: str) -> Visitor:
        """Fill a field outside a form: Enter sends it."""
        self.fill(label, value)
        self.page.keyboard.press("Enter")
        return self.ready()

    def fill_day(self, label: str, day: date, within: Locator | None = None) -> Visitor:
        """Type a day into a date field, part by part."""
        field = (
            (within or self.page).get_by_role("group", name=self._(label), exact=True).filter(visible=True)
        )
        field.first.get_by_role("spinbutton").first.click()
        self.page.keyboard.type(f"{day:%Y%m%d}", delay=20)
        self.page.keyboard.press("Tab")
        return self.ready()

    def tick(self, label: str, within: Locator | None = None, **parameters: Any) -> Visitor:
        said = self._(label, **parameters)
        box = (within or self.page).get_by_test_id("stCheckbox").filter(has_text=said)
        box.filter(visible=True).first.locator("label").first.click()
        return self.ready()

    def list_ticked(self) -> Visitor:
        """Everything that is required on the list of the task that lies open, where it has one."""
        box = self.page.get_by_test_id("stCheckbox").filter(has_text=self._("Everything required was done"))
        if box.filter(visible=True).count():
            return self.tick("Everything required was done")
        chips = self.page.get_by_test_id("stButtonGroup").filter(has_text=self._("Ticked off"))
        chips = chips.filter(visible=True).get_by_role("button")
        for chip in chips.filter(has_not_text=self._("{item} (as needed)", item="").strip()).all():
            chip.click()
            self.ready()
        return self

    def tab(self, title: str) -> Visitor:
        self.page.get_by_role("tab", name=self._(title), exact=True).first.click()
        return self.ready()

    def pick(self, option: str) -> Visitor:
        """Take one of a row of alternatives."""
        self.page.get_by_role("radio", name=self._(option), exact=True).first.click(force=True)
        return self.ready()

    def pick_first(self, label: str) -> Visitor:
        """Take the first of the alternatives under this label."""
        group = self.page.get_by_role("radiogroup", name=self._(label), exact=True).filter(visible=True).first
        first = group.get_by_role("radio").first
        # A click in the moment in which the page is drawn anew is lost, and a person clicks again.
        for __ in range(3):
            first.click(force=True)
            self.ready()
            if first.is_checked():
                return self
        raise AssertionError(f"nothing could be taken under “{label}”")

    def choose(self, label: str, option: str, translate: bool = True) -> Visitor:
        """Take an option of a select box."""
        said = self._(option) if translate else option
        box = (
            self.page.get_by_test_id("stSelectbox").filter(has_text=self._(label)).filter(visible=True).first
        )
        wanted = self.page.get_by_role("option", name=said).first
        # The list closes when its box is scrolled into view or drawn anew under it, and a choice made in that
        # moment is lost with it: a person sees the empty box and chooses again.
        for __ in range(4):
            box.locator("input").press("ArrowDown")
            try:
                wanted.click(timeout=2_000)
                self.ready()
                expect(box.locator("input")).to_have_value(re.compile(re.escape(said)), timeout=2_000)
                return self
            except (TimeoutError, AssertionError):
                continue
        raise AssertionError(f"“{said}” could not be chosen under “{label}”")

    def open_row(self, words: str = "") -> Visitor:
        """Open the first row of the list, or the first that says these words."""
        row = self.page.locator("button.pd-row").filter(has_text=words).first
        row.click(timeout=PATIENCE)
        # The list goes where something opened in its place, or on another page.
        expect(row).not_to_be_attached(timeout=PATIENCE)
        return self.ready()

    def upload(self, files: Any, nth: int = 0) -> Visitor:
        """Hand files to the page's uploader: paths, or {"name", "mimeType", "buffer"}."""
        self.page.locator("input[type=file]").nth(nth).set_input_files(files)
        self.page.wait_for_timeout(300)
        return self.ready()

    def download(self, text: str, within: Locator | None = None, **parameters: Any) -> bytes:
        # Where the page is drawn anew in the moment of the click, the click is lost, and a person clicks again.
        for last in (False, False, True):
            try:
                with self.page.expect_download(timeout=PATIENCE if last else 15_000) as held:
                    self.button(text, within, **parameters).click()
                break
            except TimeoutError:
                if last:
                    raise
                self.ready()
        arrived: Download = held.value
        content = Path(arrived.path()).read_bytes()
        self.ready()
        return content

    # --- pictures ------------------------------------------------------------------------------------

    def picture(self, name: str) -> Visitor:
        take_picture(self.page, name)
        return self

    # --- signing in ----------------------------------------------------------------------------------

    def sign_in(self, username: str, password: str) -> Visitor:
        self.fill("User name", username).fill("Password", password)
        self.page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
        return self.ready()

    def sign_out(self) -> Visitor:
        self.click("Sign out")
        return self.sees("You are signed out. See you soon.")


def until(page: Page, condition: str) -> None:
    """Wait until this expression or function is true in the page. Playwright's own waiting compiles it in the page, which
    the policy of our pages forbids."""
    for __ in range(PATIENCE // 50):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


def take_picture(page: Page, name: str) -> None:
    """Where PILOTDESK_LOOK names a folder: the page as it stands, for somebody to look at."""
    folder = os.environ.get("PILOTDESK_LOOK")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


class Phone:
    """The patient's phone: plain HTML pages in a context of its own."""

    def __init__(self, page: Page, base: str, language: str) -> None:
        self.page, self.base, self.language = page, base, language
        self._ = translator(language)

    def open(self, url: str) -> Phone:
        self.page.goto(url if url.startswith("http") else f"{self.base}/{url.lstrip('/')}")
        return self

    def sees(self, text: str, **parameters: Any) -> Phone:
        said = self._(text, **parameters)
        expect(self.page.locator("body"), f"“{said}” is not to be seen").to_contain_text(said)
        return self

    def fill(self, label: str, value: str) -> Phone:
        self.page.get_by_label(re.compile("^" + re.escape(self._(label)))).first.fill(value)
        return self

    def click(self, text: str, **parameters: Any) -> Phone:
        said = self._(text, **parameters)
        target = self.page.get_by_role("button", name=said).or_(self.page.get_by_role("link", name=said))
        target.first.click()
        self.page.wait_for_load_state()
        return self

    def picture(self, name: str) -> Phone:
        take_picture(self.page, name)
        return self

    @property
    def words(self) -> str:
        return self.page.locator("body").inner_text()


def guarded(context: BrowserContext, strangers: list[str]) -> BrowserContext:
    """Note every request of this context that would leave the machine, and what the pages' policy refuses."""

    def note(url: str) -> None:
        host = re.match(r"(?:https?|wss?)://(\[[^\]]+\]|[^/:]+)", url)
        if host and host[1] not in ("127.0.0.1", "localhost"):
            strangers.append(url)

    def heed(said: str) -> None:
        # Whatever the server's own policy forbids is a fault of ours.
        if "Content Security Policy" in said:
            strangers.append(said)

    context.on("console", lambda message: heed(message.text))
    context.on("request", lambda request: note(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: note(socket.url)))
    return context

"""The pictures of the README, taken from the demo: `PILOTDESK_SCREENSHOTS=1 pytest tests/journeys/test_screenshots.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from core.department.places import locations
from core.dialogue.cases.queue import waiting
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.operations.demo import showcase
from core.people.patients import card
from core.people.phone_links import issue_link
from tests.journeys.conftest import Arrive, Scan
from tests.journeys.serving import PROJECT, Server
from tests.journeys.test_demo import look_as, without_package

IMAGES = PROJECT / "docs" / "images"
HEAVIEST = 150_000

pytestmark = pytest.mark.skipif(
    os.environ.get("PILOTDESK_SCREENSHOTS") != "1",
    reason="PILOTDESK_SCREENSHOTS=1 takes the README's pictures anew",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("pictures_of_the_demo"))
    yield running.start()
    running.stop()


def keep(page: Page, name: str) -> None:
    """The window as it is, in as few colours as a screen of ours has."""
    page.wait_for_timeout(800)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(
            256, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE
        )
        small.save(IMAGES / f"{name}.png", optimize=True)
    assert (IMAGES / f"{name}.png").stat().st_size < HEAVIEST, f"{name}.png is too heavy for a README"


def test_pictures_of_the_readme(server: Server, arrive: Arrive, scan: Scan) -> None:
    visitor = arrive("zh").open()
    keep(visitor.page, "welcome")
    visitor.click("Create the demo").sees("The story in ten minutes")
    keep(visitor.go("Dashboard").page, "dashboard")
    keep(visitor.go("Packages").page, "packages")
    look_as(visitor, "nurse")
    keep(visitor.go("Today").open_row("第5次产检").page, "today")
    visitor.open(f"enrol?id={server.ask(without_package, 'demo')}").pick_first("Package").sees("Read aloud")
    keep(visitor.page, "enrol")
    keep(visitor.open("replies").sees("Text modules").page, "replies")
    visitor.go("Albums").open_row().tab("Preview and print").click("Make the album")
    visitor.sees("Download (PDF)").button("Download (PDF)").evaluate(
        "button => button.scrollIntoView({block: 'start'})"
    )
    visitor.page.mouse.move(5, 5)
    keep(visitor.page, "album")

    desk = server.desk("demo")
    patient = showcase(desk)
    token = desk.do(SYSTEM, issue_link, patient_id=patient)
    end = desk.ask(SYSTEM, card, patient_id=patient).phone[-4:]
    station = desk.ask(SYSTEM, locations)[-1].praise_code
    at_home = desk.do(SYSTEM, issue_link, patient_id=knee_patient(desk))
    number = desk.ask(SYSTEM, card, patient_id=knee_patient(desk)).phone[-4:]
    desk.database.dispose()
    phone = (
        scan("zh").open(f"p/j/{token}").fill("Last four digits", end).click("Open my page").sees("My badges")
    )
    keep(phone.page, "phone")
    keep(phone.open(f"p/t/{station}").page, "praise")
    phone = scan("zh").open(f"p/j/{at_home}").fill("Last four digits", number).click("Open my page")
    keep(phone.open("p/me/wrong").page, "wrong")


def knee_patient(desk: Desk) -> int:
    """The patient of the knee package who came home last."""
    waits = desk.ask(SYSTEM, waiting, kind="sign")
    return int(waits[0].patient_id)

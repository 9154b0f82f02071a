"""A real department, from the first start to a figure on the dashboard, as its people would walk it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from openpyxl import load_workbook
from pypdf import PdfReader

from core.care.enrolled import roster as enrolments
from core.care.enrolments import ServiceConsentNeeded
from core.people.consents import PURPOSES
from core.people.passwords import RULE
from core.people.patients import roster
from tests.journeys.conftest import Arrive, Scan
from tests.journeys.serving import Server
from tests.journeys.visiting import Phone, Visitor

HOSPITAL = "慈安 Hospital"
PASSWORD, NURSE_PASSWORD = "walnut-bridge-58", "quiet-harbour-93"
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, language: str):
    running = Server(tmp_path_factory.mktemp(f"department_{language}"))
    yield running.start()
    running.stop()


@dataclass
class Story:
    """What the steps hand on to each other."""

    server: Server
    desk: Visitor
    phone: Phone
    found: dict[str, str] = field(default_factory=dict)


def test_from_first_start_to_a_counted_figure(
    server: Server, arrive: Arrive, scan: Scan, language: str
) -> None:
    story = Story(server, arrive(language), scan(language))
    set_up(story)
    sign_out_and_in(story)
    add_places_and_phone(story)
    publish_a_template(story)
    import_a_hospital_file(story)
    enrol_one_patient(story)


def set_up(story: Story) -> None:
    desk = story.desk.open()
    desk.sees("Welcome to PilotDesk").click("Set up")
    desk.fill("Hospital", HOSPITAL).fill("Department", "Obstetrics 3")
    desk.fill("Your name", "Lin Qing").fill("User name", "lin.qing")
    desk.fill("Password", "short").fill("Password again", "short").click("Create my department")
    desk.is_told(RULE)
    desk.fill("Password", PASSWORD).fill("Password again", PASSWORD).click("Create my department")
    desk.sees("Hello, {name}", name="Lin Qing")


def sign_out_and_in(story: Story) -> None:
    desk = story.desk.sign_out()
    desk.open().sees("User name").sees_not("Today")
    desk.sign_in("lin.qing", "not-my-password")
    desk.is_told(
        "User name or password is not right. {left} attempts left before a pause of 15 minutes.", left=4
    )
    desk.sign_in("lin.qing", PASSWORD).sees("Hello, {name}", name="Lin Qing")
    # A reload keeps the person: the cookie has reached the browser.
    desk.open("today").sees(
        "Nothing to do now. Enrol a patient, and her tasks appear here when their window opens."
    )


def add_places_and_phone(story: Story) -> None:
    desk = story.desk.go("Settings")
    desk.fill("Department's phone", "010-5550 0188").click("Save").sees("Saved.")
    desk.tab("Locations")
    desk.fill("Name", "Station 5").fill("Building and floor", "B · 3F").click("Add this location")
    desk.sees("Saved.")


def publish_a_template(story: Story) -> None:
    desk = story.desk.go("Packages")
    desk.click("Use this template")
    desk.sees("The template is now your draft. Look through it, set your price, then publish.")
    desk.tab("Publish").click("Publish version {number}", number=1)
    desk.sees("Version {number} is on sale.", number=1)


def hospital_file() -> bytes:
    """Twelve patients as an older hospital system writes them (GB 18030, Chinese headers), five of them wrong."""
    period = f"{TODAY - timedelta(days=84):%Y-%m-%d}"
    good = ["王小满", "李一诺", "陈佳禾", "赵思琪", "孙雨桐", "周可欣", "吴静怡"]
    rows = [[name, f"J{n:04d}", f"1380000{n:04d}", "1995-06-01", period] for n, name in enumerate(good, 1)]
    rows += [
        ["", "J0101", "13800000101", "1995-06-01", period],
        ["没有号码", "", "13800000102", "1995-06-01", period],
        ["电话不对", "J0103", "12345", "1995-06-01", period],
        ["生日不对", "J0104", "13800000104", "1995-02-31", period],
        ["重复号码", "J0002", "13800000105", "1995-06-01", period],
    ]
    out = StringIO(newline="")
    csv.writer(out).writerows([["姓名", "病历号", "手机号", "出生日期", "末次月经"], *rows])
    return out.getvalue().encode("gb18030")


def import_a_hospital_file(story: Story) -> None:
    desk = story.desk.go("Import patients")
    desk.upload({"name": "patients.csv", "mimeType": "text/csv", "buffer": hospital_file()})
    desk.sees("Rows to repair").picture(f"import_{desk.language}")
    repair = load_workbook(BytesIO(desk.download("Download the refused rows to repair"))).active
    assert "没有号码" in [cell for row in repair.iter_rows(values_only=True) for cell in row]
    assert desk.button("Import {n} patients", n=7).is_disabled()
    desk.tick("Import the good rows only; {n} refused rows are left out", n=5)
    # Twice in a row, as an impatient hand does it.
    desk.button("Import {n} patients", n=7).dblclick()
    desk.ready().is_told("{n} patients imported.", n=7)
    assert story.server.ask(roster).total == 7


def enrol_one_patient(story: Story) -> None:
    desk = story.desk.go("Patients")
    desk.enter("Name, last four digits of the phone, or record number", "王小满").click("Open")
    desk.sees("No package yet. Explain one and enrol her.").click("Offer and enrol")
    desk.sees("Read aloud").picture(f"enrol_{desk.language}")
    desk.click("Enrol and take payment")
    desk.is_told(ServiceConsentNeeded.message)
    for label in PURPOSES.values():
        desk.tick(label)
    desk.button("Enrol and take payment").dblclick()
    desk.ready().is_told(
        "{name} is enrolled. Print the receipt and the card with her QR code now.", name="王小满"
    )
    held = story.server.ask(enrolments)
    assert (held.total, held.rows[0].amount_fen) == (1, 19_900)
    receipt = text_of(desk.download("Print the receipt (PDF)"))
    assert str(TODAY.year) in receipt and "199" in receipt
    desk.click("Make a card").picture(f"enrolled_{desk.language}")
    card = text_of(desk.download("Print the card (PDF)"))
    assert HOSPITAL[:2] in card
    story.found["link"] = (
        desk.page.get_by_role("link", name=desk._("Open her page here")).get_attribute("href") or ""
    )


def text_of(pdf: bytes) -> str:
    """All text of a PDF without blanks: where a line was broken is of no interest here."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return "".join(text.replace("\x00", "").split())

"""A real department, from the first start to a figure on the dashboard, as its people would walk it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium
import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import func, select

from core.bank.tables import LedgerEntryRow
from core.care.sale.enrolments import ServiceConsentNeeded
from core.care.tables import EnrolmentRow
from core.care.work.patient_list import patient_list
from core.care.work.worklist import DueList, due_list
from core.department.places import locations
from core.department.prints import record_print
from core.department.switches import SignatureIncomplete, sign_off
from core.dialogue.duty.shift_plan import plan
from core.foundation.access import SYSTEM, Actor
from core.foundation.doors import Look
from core.foundation.images import clean_image
from core.foundation.language import money_text, translator
from core.packages.templates import load
from core.people.consents import PURPOSES
from core.people.passwords import RULE
from core.people.phone_links import issue_link
from core.people.staff import roster as staff_roster
from core.people.staff import set_payment_code
from core.recognition.tables import RecognitionRow
from core.sops.approval import approve, submit
from core.sops.drafts import keep_own
from core.sops.readings import sign
from core.sops.shelf import working
from tests.journeys.conftest import Arrive, Scan
from tests.journeys.serving import Server
from tests.journeys.visiting import Phone, Visitor

HOSPITAL = "慈安 Hospital"
PASSWORD, NURSE_PASSWORD = "walnut-bridge-58", "quiet-harbour-93"
KIND_WORDS = (
    "何护士每次都先把手捂热再帮我测胎心,还画了一张小图,告诉我怎么数胎动。"
    "那天下雨,她撑着伞把我送到门口,我心里一直暖暖的,真的很感谢她。"
)


def today() -> date:
    """The department's day now: a run of the suite may cross its midnight."""
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


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
    add_a_nurse(story)
    sign_off_tips(story)
    import_a_hospital_file(story)
    go_live(story)
    enrol_one_patient(story)
    first_task_is_done(story)
    patient_opens_her_page(story)
    patient_praises_the_nurse(story)
    story_reaches_the_wall(story)
    nurse_finds_thanks(story, arrive)
    journey_ends_in_an_album(story)
    figures_equal_the_counted_truth(story)


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
        "User name or password is not right. Attempts left before a pause of 15 minutes: {left}.", left=4
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
    desk.press("take_prenatal_quest")
    desk.sees("The template is now your draft. Look through it, set your price, then publish.")
    desk.tab("Publish").click("Publish version {number}", number=1)
    desk.sees("Version {number} is published. Next: see what is still open before it goes live.", number=1)


def add_a_nurse(story: Story) -> None:
    desk = story.desk.go("Staff")
    desk.fill("Full name", "何静").fill("User name", "he.jing").click("Add and show a one-time password")
    once = desk.page.get_by_test_id("stCode").inner_text().strip()
    desk.sign_out().sign_in("he.jing", once)
    desk.sees("Choose your own password").sees_not("Hello, {name}", name="何静")
    desk.fill("Present password", once).fill("New password", NURSE_PASSWORD)
    desk.fill("New password again", NURSE_PASSWORD).click("Change password")
    desk.sees("Hello, {name}", name="何静")
    desk.sign_out().sign_in("lin.qing", PASSWORD).sees("Hello, {name}", name="Lin Qing")


def sign_off_tips(story: Story) -> None:
    desk = story.desk.go("Settings").tab("Signed-off features")
    tips = desk.page.get_by_test_id("stExpander").filter(has_text=desk._("Money tips")).first
    tips.locator("summary").click()
    desk.click("Sign off and turn on", tips).is_told(SignatureIncomplete.message)
    desk.fill("Signed off by", "Lin Qing", tips).fill("Document number", "2026-17", tips)
    desk.fill_day("Review date", today() + timedelta(days=200), tips)
    desk.click("Sign off and turn on", tips).is_told("Saved.")
    nurse = story.server.desk()
    payment = BytesIO()
    Image.new("RGB", (400, 400), "#226644").save(payment, "PNG")
    nurse.do(person(story, "he.jing"), set_payment_code, picture=clean_image(payment.getvalue()))
    nurse.database.dispose()


def person(story: Story, username: str) -> Actor:
    return next(one.actor for one in story.server.ask(staff_roster) if one.username == username)


def hospital_file() -> bytes:
    """Twelve patients as an older hospital system writes them (GB 18030, Chinese headers), five of them wrong."""
    period = f"{today() - timedelta(days=84):%Y-%m-%d}"
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
    label = desk.many("Import {n} patient", "Import {n} patients")
    assert desk.button(label, n=7).is_disabled()
    only_good = (
        "Import the good rows only; {n} refused row is left out",
        "Import the good rows only; {n} refused rows are left out",
    )
    desk.tick(desk.many(*only_good), n=5)
    # Twice in a row, as an impatient hand does it.
    desk.button(label, n=7).dblclick()
    desk.ready().is_told(desk.many("{n} patient imported.", "{n} patients imported."), n=7)
    assert story.server.ask(patient_list).everybody == 7


def go_live(story: Story) -> None:
    """Refused at first; then what protects patients is put in place, the rest waits with a reason."""
    desk = story.desk.go("Offer and enrol")
    name = load("prenatal_quest", desk.language).name
    waiting = desk.many(
        "“{name}” is not on sale yet: the manager has {n} point open.",
        "“{name}” is not on sale yet: the manager has {n} points open.",
    )
    desk.sees(waiting, name=name, n=10)
    protect_patients(story)
    desk.go("Escalation roster").fill("Telephone", "8105").click("Assign")
    desk.sees("The next {n} days are covered.", n=14).picture(f"roster_{desk.language}")
    desk.go("Go live").picture(f"go_live_{desk.language}")
    while desk.button("Go on without it").count():
        desk.click("Go on without it").fill("Why it can wait, and until when", "试点第一周内补齐。")
        desk.click("Set aside")
    desk.is_told("Everything is ready.")
    desk.click("Take “{name}” live", name=name).click("Yes, begin today")
    desk.sees("“{name}” is on sale from today.", name=name)


def protect_patients(story: Story) -> None:
    """The SOP written by one and approved by another, the impact assessment on record; prints and visits wait."""
    house, lin = story.server.desk(), person(story, "lin.qing")
    now = house.ask(SYSTEM, working, package_id=1)
    own = now.working | {"owner": "Lin Qing"}
    house.do(SYSTEM, keep_own, package_id=1, working=own, expected_changed_at=now.changed_at)
    version = house.do(SYSTEM, submit, package_id=1, what="第一版", why="试点")
    house.do(lin, approve, version_id=version, effective_on=today(), review_on=today() + timedelta(days=200))
    house.do(
        person(story, "he.jing"), sign, version_id=version, answers=[each.right for each in now.own.quiz]
    )
    review = today() + timedelta(days=200)
    signature = {"signed_by": "Lin Qing", "document_number": "2026-18", "review_on": review}
    house.do(lin, sign_off, code="privacy_assessment", on=True, **signature)
    for kind in ("posters", "price_list"):
        house.do(lin, record_print, kind=kind)
    # A message is answered the same day: somebody is there by day.
    house.do(
        lin, plan, role="nurse", first=today(), last=today() + timedelta(days=20), opens="08:00", closes="20:00",
        staff_id=person(story, "he.jing").id, phone="8105",
    )  # fmt: skip
    house.database.dispose()


def enrol_one_patient(story: Story) -> None:
    desk = story.desk.go("Patients")
    desk.enter("Name, last four digits of the phone, or record number", "王小满").open_row("王小满")
    desk.sees("No package yet. Explain one and enrol her.").click("Offer and enrol")
    desk.pick_first("Package").sees("Read aloud").picture(f"enrol_{desk.language}")
    desk.pick("WeChat Pay").pick_first("How consent was given").click("Enrol and take payment")
    desk.is_told(ServiceConsentNeeded.message)
    for label in PURPOSES.values():
        desk.tick(label)
    desk.button("Enrol and take payment").dblclick()
    desk.ready().is_told(
        "{name} is enrolled. Print the receipt and the card with her QR code now.", name="王小满"
    )
    [sold] = story.server.ask(lambda look: list(look.session.scalars(select(EnrolmentRow))))
    assert sold.amount_fen == 19_900
    receipt = text_of(desk.download("Print the receipt (PDF)"))
    assert str(today().year) in receipt and "199" in receipt
    desk.click("Make a card").picture(f"enrolled_{desk.language}")
    card = text_of(desk.download("Print the card (PDF)"))
    assert HOSPITAL[:2] in card
    preview = desk.page.get_by_role("link", name=desk._("See what she sees (nothing can be sent)"))
    assert "/p/me?preview=" in (preview.get_attribute("href") or ""), "the card's link belongs to her phone"
    # A camera reads the code off the card; here the same deed hands a link to her phone.
    outside = story.server.desk()
    token = outside.do(SYSTEM, issue_link, patient_id=sold.patient_id)
    outside.database.dispose()
    story.found["link"] = f"{story.server.url}/p/j/{token}"


def first_task_is_done(story: Story) -> None:
    desk = story.desk.click("Next patient").go("Today")
    desk.sees("王小满").picture(f"today_{desk.language}")
    tasks = open_tasks(story)
    assert {task.title for task in tasks.rows} == {card_task(story, "P01"), card_task(story, "P02")}
    # Two clicks in a row mark one task, not two.
    desk.open_row().list_ticked().button("Done").dblclick()
    desk.page.wait_for_timeout(800)  # what is pressed sooner is taken for the same hand's second click
    desk.ready().click("All tasks of today").sees("Marked lately ({n}); undo here", n=1)
    assert len(open_tasks(story).rows) == 1


def open_tasks(story: Story) -> DueList:
    found: DueList = story.server.ask(due_list)
    return found


def card_task(story: Story, code: str) -> str:
    return load("prenatal_quest", story.desk.language).task(code).title


def patient_opens_her_page(story: Story) -> None:
    phone = story.phone.open(story.found["link"])
    phone.fill("Last four digits", "9999").click("Open my page")
    phone.sees(
        "These digits do not fit. Please check the number you left with us; {left} tries are left.", left=4
    )
    phone.fill("Last four digits", "0001").click("Open my page")
    # Her page speaks the language on her file, whatever the phone speaks, until she switches.
    expect(phone.page.locator("body")).to_contain_text(translator("zh")("My badges"))
    if phone.language == "en":
        phone.page.get_by_role("link", name="English", exact=True).click()
    phone.sees("Good day, {name}", name="王小满").sees("My badges").picture(f"phone_{phone.language}")
    assert "/j/" not in phone.page.url
    phone.click("My points").sees("Statement")
    assert "100" in phone.page.locator(".balance").inner_text()
    assert story.server.ask(total_points) == 100


def total_points(look: Look) -> int:
    """The ledger, counted anew."""
    return int(look.session.scalar(select(func.sum(LedgerEntryRow.points))) or 0)


def patient_praises_the_nurse(story: Story) -> None:
    desk, phone = story.desk.go("Posters and price list"), story.phone
    # The place and the nurse; counted texts stand in the catalogue under their singular.
    poster = text_of(desk.download(f"Download {{n}} poster{'' if desk.language == 'zh' else 's'} (PDF)", n=2))
    assert "¥199" in text_of(desk.download("Download the price list (PDF)"))
    code = story.server.ask(locations)[0].praise_code
    assert code in poster.replace("-", "")
    phone.open(f"p/t/{code}?lang={phone.language}").picture(f"praise_{phone.language}")
    phone.page.get_by_label("何静").check()
    phone.fill("Your words", "谢谢").fill("A tip, if you wish (yuan)", "18.8").click("Send")
    assert story.server.ask(count_rows, table=RecognitionRow) == 0
    phone.fill("Your words", KIND_WORDS)
    phone.page.locator("input[name=may_show]").check()
    phone.click("Send")
    phone.sees("Thank you. Your words have arrived.").sees("Your tip of {amount}", amount="¥18.80")
    expect(phone.page.locator("img.payment")).to_be_visible()
    phone.picture(f"thanks_{phone.language}")


def count_rows(look: Look, table: Any) -> int:
    return int(look.session.scalar(select(func.count()).select_from(table)) or 0)


def story_reaches_the_wall(story: Story) -> None:
    desk = story.desk.go("Stories to review").sees(KIND_WORDS)
    desk.picture(f"stories_{desk.language}").open_row(KIND_WORDS).click("Put on the wall")
    desk.is_told("The story is on the wall of this month.")
    desk.go("Story wall").sees(KIND_WORDS).picture(f"wall_{desk.language}")
    assert "王小满" not in desk.page.get_by_test_id("stMain").inner_text()


def nurse_finds_thanks(story: Story, arrive: Arrive) -> None:
    nurse = arrive(story.desk.language).open("thanks").sign_in("he.jing", NURSE_PASSWORD)
    nurse.sees(KIND_WORDS).picture(f"thanks_staff_{nurse.language}")
    nurse.click("I received it").sees("Tip of {amount} received.", amount="¥18.80")


def photograph(colour: str, where: bool) -> bytes:
    """A picture as a telephone takes it; with `where`, its file says at which place on Earth."""
    held = Image.Exif()
    if where:
        place = held.get_ifd(0x8825)
        place.update({1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0)})
    out = BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(out, "JPEG", exif=held)
    return out.getvalue()


def gps_in(jpeg: bytes) -> bool:
    with Image.open(BytesIO(jpeg)) as picture:
        return bool(picture.getexif().get_ifd(0x8825))


def journey_ends_in_an_album(story: Story) -> None:
    desk = story.desk.go("Patients")
    desk.enter("Name, last four digits of the phone, or record number", "王小满").open_row("王小满")
    desk.pick("Package").page.get_by_text(desk._("Complete, cancel or refund")).click()
    desk.ready().click("Complete the journey").sees("If you complete it today:")
    desk.click("Yes, complete it").is_told("The journey is complete. Her album can be made now.")
    desk.click("Make the album").sees("Name on the cover, as the patient wishes")
    desk.fill("The doctor's message", "祝一家三口平安喜乐。").click("Keep the texts")
    desk.is_told("The album's texts are kept.").tab("Photos")
    pictures = [photograph("#88aacc", where=True), photograph("#ccaa88", where=False)]
    assert gps_in(pictures[0])
    desk.upload([{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": p} for n, p in enumerate(pictures)])
    desk.click("Add these photos").is_told(desk.many("{n} photo added.", "{n} photos added."), n=2)
    desk.tab("Preview and print").click("Make the album").picture(f"album_{desk.language}")
    album = desk.download("Download (PDF)")
    check_album(album)
    for kept in (story.server.data / "department" / "media").rglob("*.jpg"):
        assert not gps_in(kept.read_bytes()), f"{kept} says where it was taken"


def check_album(pdf: bytes) -> None:
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) >= 6
    assert {round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]} == {210}
    text = text_of(pdf)
    assert "王小满" in text and "祝一家三口平安喜乐" in text
    photos = [image for page in pages for image in page.images if max(image.image.size) >= 1000]
    assert len(photos) >= 2
    assert not any(gps_in(image.data) for image in photos if image.name.endswith((".jpg", ".jpeg")))
    for page in pdfium.PdfDocument(pdf):
        drawn = page.render(scale=0.3).to_pil().convert("L")
        assert len(drawn.getcolors() or range(999)) > 1, "an empty page in the album"


def figures_equal_the_counted_truth(story: Story) -> None:
    desk = story.desk.go("Dashboard")
    desk.picture(f"dashboard_{desk.language}")
    sold = story.server.ask(money_taken)
    assert sold == 19_900
    shown = desk.page.locator(".pd-figures.totals").inner_text()
    assert money_text(sold, desk.language).removesuffix(".00") in shown.splitlines()
    assert shown.splitlines().count(str(story.server.ask(total_points))) == 2  # issued, and still held


def money_taken(look: Look) -> int:
    paid, back = look.session.execute(
        select(func.sum(EnrolmentRow.amount_fen), func.sum(EnrolmentRow.refund_fen))
    ).one()
    return int(paid or 0) - int(back or 0)


def text_of(pdf: bytes) -> str:
    """All text of a PDF without blanks: where a line was broken is of no interest here."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return "".join(text.replace("\x00", "").split())

"""A half hour missed, in a browser: the apology waits on Replies, she reads it on her phone, the front desk pays back once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from core.care.tables import RefundRow
from core.department.profile import set_up
from core.dialogue.cases.alerts import report
from core.foundation.access import SYSTEM
from core.people.phone_links import issue_link
from core.people.staff import add_staff, roster
from core.settlement.amends import drafts
from tests.conftest import World
from tests.journeys.conftest import Arrive, Scan
from tests.journeys.scenes import HOSPITAL, PASSWORD, do, user
from tests.journeys.serving import Server
from tests.journeys.visiting import Phone, Visitor
from tests.knee_ward import KneeWard, knee_ward

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEAM = {"manager": "周敏", "nurse": "李娜", "doctor": "陈志远", "front_desk": "孙芳"}
LOOKS = 60  # seconds: the house looks every 15, and the machine may be busy
HERS = "何桂兰"


@dataclass
class Missed:
    """The server, the ward in it, and the language in which it is walked."""

    server: Server
    knee: KneeWard
    language: str


@pytest.fixture(scope="module", params=["zh", "en"])
def missed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Missed]:
    server = Server(tmp_path_factory.mktemp("amends"))
    set_to(server, 10, 0)
    desk = server.desk()
    do(desk, set_up, hospital=HOSPITAL, department="骨科")
    for role, name in TEAM.items():
        do(desk, add_staff, username=user(role), name=name, role=role, password=PASSWORD)
    people = {each.role: each.actor for each in desk.ask(SYSTEM, roster, only_active=True)}
    knee = knee_ward(World(desk, desk.clock, people))  # type: ignore[arg-type]
    desk.do(knee.patient, report, secrets.token_hex(8), signs=["calf"], words="")
    server.serve()
    yield Missed(server.start(), knee, str(request.param))
    server.stop()
    desk.database.dispose()


@pytest.fixture(scope="module")
def server(missed: Missed) -> Server:
    return missed.server


def set_to(server: Server, hour: int, minute: int) -> None:
    wanted = datetime.now(SHANGHAI).replace(hour=hour, minute=minute, second=0)
    server.ahead(wanted.astimezone(UTC) - datetime.now(UTC))


def refunds(knee: KneeWard) -> list[tuple[int, str]]:
    with knee.world.desk.database.reading() as session:
        return [(row.amount_fen, row.cause) for row in session.query(RefundRow)]


def test_a_missed_half_hour_is_made_good_to_the_last_fen(missed: Missed, arrive: Arrive, scan: Scan) -> None:
    knee, language = missed.knee, missed.language
    set_to(missed.server, 10, 41)
    doctor = arrive(language).open("replies").sign_in(user("doctor"), PASSWORD)
    the_doctor_sends_the_apology(doctor, knee)
    she_reads_it(scan(language), knee)
    cashier = arrive(language).open("today").sign_in(user("front_desk"), PASSWORD)
    the_front_desk_pays_back_once(cashier, knee)


def the_doctor_sends_the_apology(doctor: Visitor, knee: KneeWard) -> None:
    for _look in range(LOOKS):
        if knee.world.desk.ask(SYSTEM, drafts):
            break
        doctor.page.wait_for_timeout(1_000)
    doctor.open("replies").sees("To make good ({n})", n=1).picture(f"amends_{doctor.language}_list")
    doctor.open_row(doctor._("not answered yet")).sees("Below it stands: {line}", line="我们退给您¥43.00。")
    words = doctor.page.get_by_label(doctor._("Apology to her"), exact=True)
    expect(words).to_have_value(knee_apology())
    words.fill("何阿姨，我们让您等了半个多小时，对不起。")
    doctor.picture(f"amends_{doctor.language}_open")
    doctor.click("Send the apology").is_told(
        "Sent: it stands in the thread on the phone of {name}.", name=HERS
    )
    doctor.sees_not("To make good ({n})", n=1)


def knee_apology() -> str:
    return (
        f"{HERS}您好，您告诉我们不舒服，医生没有在30分钟内答复，让您担心了，对不起。"
        "现在还不舒服，请马上打电话给我们；胸痛、喘不上气，先打120。"
    )


def she_reads_it(hers: Phone, knee: KneeWard) -> None:
    token: Any = do(knee.world.desk, issue_link, patient_id=knee.patient_id)
    hers.open(f"p/j/{token}?lang={hers.language}")
    hers.page.fill("input[name=last_four]", "5678")
    hers.page.click("main button[type=submit]")
    # Her question is still open, so her page goes on looking by itself; it says that we wrote.
    hers.open(f"p/me?lang={hers.language}")
    said = re.escape(hers._("We wrote to you at {time}.", time="@")).replace("@", r"10:4\d")
    expect(hers.page.locator("body")).to_contain_text(re.compile(said))
    hers.picture(f"amends_{hers.language}_home")
    hers.click("Read or listen")
    hers.sees("何阿姨，我们让您等了半个多小时，对不起。").sees("我们退给您¥43.00。")
    hers.picture(f"amends_{hers.language}_phone")


def the_front_desk_pays_back_once(cashier: Visitor, knee: KneeWard) -> None:
    cashier.page.get_by_text(cashier._("To pay back for missed promises ({n})", n=1)).click()
    button = cashier.ready().button("Paid back: {amount}", amount="¥43.00")
    expect(button).to_be_visible()
    cashier.picture(f"amends_{cashier.language}_pay")
    button.dblclick()
    cashier.ready().sees("Noted: {amount} paid back to {name}.", amount="¥43.00", name=HERS)
    expect(cashier.page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert refunds(knee) == [(4300, "missed_promise")]

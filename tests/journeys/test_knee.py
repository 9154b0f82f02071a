"""A newcomer makes the knee template her own package: written, approved by a second person, printed, live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pypdfium2 as pdfium
import pytest

from core.care.sale.going_live import gate
from core.department.profile import change_facts, set_up
from core.department.switches import sign_off
from core.dialogue.duty.shift_plan import plan
from core.dialogue.readiness import try_voice
from core.foundation.access import SYSTEM
from core.people.staff import add_staff, roster
from tests.dialogue import filming
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import HOSPITAL, PASSWORD, do, user
from tests.journeys.serving import Server
from tests.journeys.visiting import Visitor

NAME = "膝关节置换 · 安和七日陪护"
TEAM = {"manager": "陈敏", "doctor": "李骨科", "nurse": "何静"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("knee"))
    desk = running.desk()
    do(desk, set_up, hospital=HOSPITAL, department="骨科")
    do(
        desk, change_facts, hospital=HOSPITAL, department="骨科", time_zone="Asia/Shanghai", print_language="zh",
        phone="010-5550 0100", address="", pilot_start=None,
    )  # fmt: skip
    for role, name in TEAM.items():
        do(desk, add_staff, username=user(role), name=name, role=role, password=PASSWORD)
    desk.database.dispose()
    running.serve()
    yield running.start()
    running.stop()


def test_the_knee_template_becomes_a_package_that_is_sold(server: Server, arrive: Arrive) -> None:
    manager = arrive("zh").open().sign_in(user("manager"), PASSWORD)
    makes_it_her_own(manager)
    hands_the_sop_in(manager)
    approves(arrive("zh").open().sign_in(user("doctor"), PASSWORD))
    prints_the_handbook(manager)
    goes_live(manager, server)
    assert server.ask(gate, package_id=1).sells


def makes_it_her_own(manager: Visitor) -> None:
    manager.go("Packages").press("take_knee_7days")
    manager.sees("The template is now your draft. Look through it, set your price, then publish.")
    manager.tab("Product").enter("Name", NAME).enter("Price in yuan", "328")
    # What was typed is kept without a button: another tab, and it is still there.
    manager.tab("Publish").click("Publish version {number}", number=1)
    manager.sees("Version {number} is published. Next: see what is still open before it goes live.", number=1)
    manager.sees(NAME).picture("knee_package")


def hands_the_sop_in(manager: Visitor) -> None:
    manager.go("SOP and handbook").choose(
        "Owner: who answers questions about this SOP", TEAM["manager"], translate=False
    )
    # No button saves: the address is opened anew, and everything is there.
    manager.enter("What changed", "本科室第一版").enter("Why", "试点开始").open("sop")
    manager.click("Hand in version {number}", number=1)
    manager.is_told("Handed in. A second person reads and approves it.")
    manager.tab("Review").sees("You handed this version in, so somebody else must approve it.")


def approves(doctor: Visitor) -> None:
    doctor.go("SOP and handbook").tab("Review").sees("本科室第一版").click("Approve")
    doctor.is_told(
        "Version {number} is approved. Everybody who works by it is asked to read and sign.", number=1
    )


def prints_the_handbook(manager: Visitor) -> None:
    manager.open("sop").tab("Print").click("Lay out the pages").sees("Download (PDF)")
    pages = pdfium.PdfDocument(manager.download("Download (PDF)"))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert TEAM["doctor"] in text and "七日陪护" in text and "踝泵" in text
    manager.picture("knee_handbook")


def goes_live(manager: Visitor, server: Server) -> None:
    """What protects patients is put in place; what can wait is set aside with a reason, point by point."""
    manager.go("Escalation roster").fill("Telephone", "8105").click("Assign")
    manager.sees("The next {n} days are covered.", n=14)
    desk = server.desk()
    today = desk.ask(SYSTEM, lambda look: look.today)
    people = {each.role: each.actor.id for each in desk.ask(SYSTEM, roster, only_active=True)}
    # What is promised is covered: a doctor around the clock, a nurse by day and evening, a voice tried once.
    for role, opens, closes in (("doctor", "00:00", "24:00"), ("nurse", "08:00", "22:00")):
        do(
            desk, plan, role=role, first=today, last=today + timedelta(days=20), opens=opens, closes=closes,
            staff_id=people[role], phone="8105",
        )  # fmt: skip
    do(desk, try_voice, data=filming.spoken(2.0))
    do(
        desk, sign_off, code="privacy_assessment", on=True, signed_by="医务部", document_number="2026-31",
        review_on=today + timedelta(days=200),
    )  # fmt: skip
    desk.database.dispose()
    manager.go("Go live").picture("knee_go_live")
    while manager.button("Go on without it").count():
        manager.click("Go on without it").fill("Why it can wait, and until when", "试点第一周内补齐。")
        manager.click("Set aside")
    manager.is_told("Everything is ready.").click("Take “{name}” live", name=NAME)
    manager.click("Yes, begin today").sees("“{name}” is on sale from today.", name=NAME)

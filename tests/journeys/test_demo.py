"""The demo as somebody shows it: made in seconds, each role's main act, reset; in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core.bank.tables import VoucherRow
from core.care.tables import EnrolmentRow
from core.care.work.worklist import due_list
from core.foundation.access import ROLE_NAMES
from core.foundation.doors import Look
from core.people.consents import PURPOSES
from core.people.tables import PatientRow
from tests.journeys.conftest import Arrive
from tests.journeys.serving import Server
from tests.journeys.visiting import PHONE, Visitor


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, language: str) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp(f"demo_{language}"))
    yield running.start()
    running.stop()


def test_the_demo_from_its_making_to_its_end(server: Server, arrive: Arrive, language: str) -> None:
    visitor = arrive(language).open()
    visitor.picture(f"welcome_{language}").click("Create the demo")
    visitor.sees("The story in ten minutes").sees("Simulated data")
    assert server.ask(lambda look: look.house.simulated, "demo")
    manager_reads_figures(visitor)
    nurse_marks_and_takes_back(visitor, server)
    doctor_makes_everything_quiet(visitor, server)
    doctor_writes_into_an_album(visitor, server)
    front_desk_enrols(visitor, server)
    front_desk_redeems(visitor, server)
    executive_reads_on_the_phone(visitor)
    demo_ends(visitor, server)


def look_as(visitor: Visitor, role: str) -> None:
    visitor.choose("Look at the demo as", ROLE_NAMES[role])
    caption = visitor.page.get_by_test_id("stSidebar").get_by_text(f"· {visitor._(ROLE_NAMES[role])}")
    expect(caption).to_be_visible()


def manager_reads_figures(visitor: Visitor) -> None:
    visitor.go("Today").sees("Paper list, and typing it back")
    visitor.go("Dashboard").sees("demonstration figures, not results")
    expect(visitor.page.locator(".pd-figures:not(.totals) .pd-figure")).to_have_count(5)
    visitor.picture(f"dashboard_{visitor.language}")
    visitor.go("Settings").tab("Signed-off features").sees("Money tips")


def nurse_marks_and_takes_back(visitor: Visitor, server: Server) -> None:
    look_as(visitor, "nurse")
    visitor.go("Today").picture(f"today_{visitor.language}")
    before = len(server.ask(due_list, "demo").rows)
    first = server.ask(due_list, "demo").rows[0]
    visitor.open_row().picture(f"task_{visitor.language}").list_ticked().click("Done")
    visitor.is_told("Done: {title} · {name}.", title=first.title, name=first.patient_name)
    assert len(server.ask(due_list, "demo").rows) == before - 1
    visitor.click("Undo: {what}", what=f"{first.title} · {first.patient_name}")
    visitor.enter("Why was it marked by mistake?", "wrong line").click("Reopen the task")
    visitor.is_told("“{title}” of {name} is open again.", title=first.title, name=first.patient_name)
    assert len(server.ask(due_list, "demo").rows) == before


def under_way(look: Look) -> tuple[int, str]:
    """A patient whose journey runs: her id and name."""
    query = (
        select(PatientRow.id, PatientRow.name)
        .join(EnrolmentRow, EnrolmentRow.patient_id == PatientRow.id)
        .where(EnrolmentRow.status == "active", PatientRow.silenced_at.is_(None))
        .order_by(PatientRow.id)
    )
    found = look.session.execute(query).first()
    assert found is not None
    return found[0], found[1]


def doctor_makes_everything_quiet(visitor: Visitor, server: Server) -> None:
    look_as(visitor, "doctor")
    patient_id, name = server.ask(under_way, "demo")
    visitor.open(f"patient?id={patient_id}").sees(name).pick("Quiet care")
    visitor.choose("Why", "Transfer to another hospital")
    visitor.click("Make everything quiet for {name}", name=name).sees("Quiet care")
    assert server.ask(silent, "demo", patient_id=patient_id)
    visitor.picture(f"quiet_{visitor.language}")


def silent(look: Look, *, patient_id: int) -> bool:
    return look.session.get_one(PatientRow, patient_id).silenced_at is not None


def doctor_writes_into_an_album(visitor: Visitor, server: Server) -> None:
    visitor.go("Albums").open_row().fill("The doctor's message", "祝你们一家平安。").click("Keep the texts")
    visitor.is_told("The album's texts are kept.").tab("Preview and print").click("Make the album")
    assert visitor.download("Download (PDF)").startswith(b"%PDF")
    visitor.picture(f"album_{visitor.language}")


def without_package(look: Look) -> int:
    """A patient twelve weeks along who holds nothing yet."""
    holders = select(EnrolmentRow.patient_id)
    query = select(PatientRow.id).where(
        PatientRow.id.not_in(holders), PatientRow.last_period.is_not(None),
        PatientRow.last_period > look.today - timedelta(weeks=30), PatientRow.silenced_at.is_(None),
    )  # fmt: skip
    found = look.session.scalar(query.order_by(PatientRow.id))
    assert found is not None
    return found


def front_desk_enrols(visitor: Visitor, server: Server) -> None:
    look_as(visitor, "front_desk")
    before = server.ask(sold, "demo")
    visitor.open(f"enrol?id={server.ask(without_package, 'demo')}").pick_first("Package").sees("Read aloud")
    visitor.picture(f"enrol_{visitor.language}").pick("Cash").tick(PURPOSES["service"])
    visitor.pick_first("How consent was given")
    visitor.click("Enrol and take payment").sees_not("Enrol and take payment")
    assert server.ask(sold, "demo") == before + 1
    assert visitor.download("Print the receipt (PDF)").startswith(b"%PDF")


def sold(look: Look) -> int:
    return int(look.session.scalar(select(func.count()).select_from(EnrolmentRow)) or 0)


def open_voucher(look: Look) -> str:
    found = look.session.scalar(
        select(VoucherRow.code).where(VoucherRow.state == "issued", VoucherRow.valid_until > look.today)
    )
    assert found is not None
    return found


def voucher_state(look: Look, *, code: str) -> str:
    return str(look.session.scalar(select(VoucherRow.state).where(VoucherRow.code == code)))


def front_desk_redeems(visitor: Visitor, server: Server) -> None:
    code = server.ask(open_voucher, "demo")
    visitor.go("Points counter").enter("Voucher code", code.lower())
    visitor.button("Redeem now").dblclick()
    # The form is free for the next code only when this one was taken.
    visitor.sees("On the patient's phone or slip: eight characters; capitals and spaces do not matter.")
    assert server.ask(voucher_state, "demo", code=code) == "redeemed"


def executive_reads_on_the_phone(visitor: Visitor) -> None:
    look_as(visitor, "executive")
    visitor.go("Dashboard")
    visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    visitor.open("dashboard").sees("demonstration figures, not results")
    wide, window = visitor.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window, "the dashboard must not scroll sideways on a phone"
    visitor.picture(f"dashboard_phone_{visitor.language}")
    visitor.page.set_viewport_size({"width": 1440, "height": 900})


def demo_ends(visitor: Visitor, server: Server) -> None:
    visitor.open().click("End or reset the demo").click("Delete the demo and start again")
    visitor.sees("Explore the demo")
    assert not (server.data / "demo" / "pilotdesk.sqlite").exists()

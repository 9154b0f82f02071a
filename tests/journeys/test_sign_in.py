"""Who gets in, where, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from core.foundation.access import PERMISSIONS
from core.people.lockout import TRIES
from pages.ui.menu_map import ENTRIES
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import HOSPITAL, PASSWORD, PATIENT, department, enrolled, user
from tests.journeys.serving import Server
from tests.journeys.visiting import PHONE, Visitor

NEW_PASSWORD = "quiet-harbour-93"
REFUSAL = "This page belongs to other roles. Use the menu, or ask your administrator."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("sign_in"))
    desk = department(running)
    enrolled(desk)
    desk.database.dispose()
    yield running.start()
    running.stop()


def is_asked_to_sign_in(visitor: Visitor) -> None:
    visitor.sees("User name")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(HOSPITAL)
    expect(visitor.menu).to_have_count(0)
    assert PATIENT not in visitor.words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cold_link_to_a_patient_shows_only_the_sign_in_and_then_the_patient(
    arrive: Arrive, language: str
) -> None:
    visitor = arrive(language).open("patient?id=1")
    is_asked_to_sign_in(visitor)
    visitor.sign_in(user("nurse"), PASSWORD)
    expect(visitor.page.get_by_role("heading", name=PATIENT)).to_be_visible()


@pytest.mark.parametrize("address", ["", "today", "settings", "dashboard"])
def test_no_page_shows_anything_before_sign_in(arrive: Arrive, address: str) -> None:
    """One address of each folder; tests/pages walks through all of them."""
    is_asked_to_sign_in(arrive("en").open(address))


@pytest.mark.parametrize(
    ("role", "language", "addresses"),
    [("executive", "en", ("today", "patient?id=1", "packages", "team")), ("nurse", "zh", ("dashboard", "settings", "audit"))],
)  # fmt: skip
def test_a_wrong_role_is_refused_at_the_address_itself(
    arrive: Arrive, role: str, language: str, addresses: tuple[str, ...]
) -> None:
    """Some of each folder, typed into the browser; tests/pages asks every page for every role."""
    visitor = arrive(language).open().sign_in(user(role), PASSWORD)
    visitor.sees("Hello, {name}", name=f"{role} Lin")
    allowed = [entry for entry in ENTRIES if entry.menu and role in PERMISSIONS[entry.permission]]
    expect(visitor.menu.locator("a")).to_have_count(len(allowed))
    for address in addresses:
        visitor.open(address).sees(REFUSAL)
        assert PATIENT not in visitor.words


def test_a_deactivated_person_is_out_at_the_next_click(arrive: Arrive) -> None:
    doctor = arrive("en").open("today").sign_in(user("doctor"), PASSWORD).sees(PATIENT)
    chief = arrive("en").open("team").sign_in(user("administrator"), PASSWORD)
    chief.open_row("doctor Lin")
    chief.ready().click("Deactivate").click("Deactivate {name}", name="doctor Lin")
    chief.is_told("{name} is deactivated.", name="doctor Lin")
    doctor.page.get_by_role("button", name=PATIENT).first.click()
    is_asked_to_sign_in(doctor.ready())
    doctor.open("today")
    is_asked_to_sign_in(doctor)
    doctor.sign_in(user("doctor"), PASSWORD).is_told(
        "User name or password is not right. Attempts left before a pause of 15 minutes: {left}.",
        left=TRIES - 1,
    )


def test_a_new_password_ends_the_other_sessions(arrive: Arrive) -> None:
    here = arrive("zh").open("account").sign_in(user("manager"), PASSWORD)
    there = arrive("zh", PHONE).open("today").sign_in(user("manager"), PASSWORD).sees(PATIENT)
    here.fill("Present password", PASSWORD).fill("New password", NEW_PASSWORD)
    here.fill("New password again", NEW_PASSWORD).click("Change password")
    here.is_told("Your password is changed. Other open sessions have ended.")
    there.page.get_by_role("button", name=PATIENT).first.click()
    there.ready().sees("User name")
    assert PATIENT not in there.words
    here.open("today").sees(PATIENT)


def test_a_reload_stays_signed_in_and_a_cookie_copied_before_signing_out_opens_nothing(
    arrive: Arrive,
) -> None:
    clerk = arrive("zh").open("patients").sign_in(user("front_desk"), PASSWORD).sees(PATIENT)
    clerk.open("patients").sees(PATIENT)
    [cookie] = [one for one in clerk.page.context.cookies() if one["name"] == "pilotdesk_department"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert cookie["value"] not in clerk.page.evaluate("document.cookie")
    clerk.sign_out()
    assert not [one for one in clerk.page.context.cookies() if one["name"] == "pilotdesk_department"]
    thief = arrive("zh")
    kept: Any = {name: cookie[name] for name in ("name", "value", "domain", "path", "httpOnly", "sameSite")}  # type: ignore[literal-required]
    thief.page.context.add_cookies([kept])
    is_asked_to_sign_in(thief.open("patients"))


def test_a_lock_after_repeated_failures_survives_a_restart(arrive: Arrive, server: Server) -> None:
    visitor = arrive("en").open()
    for left in range(TRIES - 1, 0, -1):
        visitor.sign_in(user("nurse"), "a-wrong-guess-1").is_told(
            "User name or password is not right. Attempts left before a pause of 15 minutes: {left}.",
            left=left,
        )
    paused = "Too many failed attempts. Please try again in {minutes} min, or ask your administrator."
    visitor.sign_in(user("nurse"), "a-wrong-guess-1").is_told(paused, minutes=15)
    server.kill()
    server.start()
    visitor.open().sign_in(user("nurse"), PASSWORD).is_told(paused, minutes=15)

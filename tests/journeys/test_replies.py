"""Replies in a real browser: desks see each other, nothing typed is lost, and a phone shows all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from core.foundation.access import ROLES, SYSTEM
from core.people.staff import deactivate, roster
from tests.conftest import World
from tests.dialogue.desk_scene import DeskScene
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, department, user
from tests.journeys.serving import Server
from tests.journeys.test_accessibility import MAIN, faults
from tests.journeys.visiting import PHONE

NEWS = 20_000  # milliseconds: ten seconds until the next look, and a busy machine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("replies"))
    desk = department(running)
    people = {member.role: member.actor for member in desk.ask(SYSTEM, roster, only_active=True)}
    scene = DeskScene(World(desk, desk.clock, {role: people[role] for role in ROLES}))  # type: ignore[arg-type]
    _patient, first = scene.sell("王秀英")
    _patient, second = scene.sell("李桂兰")
    scene.open(first, "question", words="可以洗澡吗？")
    scene.open(second, "alert", level="orange", why=["小腿又热又胀"], words="走路也疼")
    yield _with(running.start(), scene)
    running.stop()
    desk.database.dispose()


server_scene: dict[str, DeskScene] = {}


def _with(server: Server, scene: DeskScene) -> Server:
    server_scene[server.url] = scene
    return server


def test_a_desk_sees_within_seconds_who_is_on_it(server: Server, arrive: Arrive) -> None:
    doctor = arrive("en").open("replies").sign_in(user("doctor"), PASSWORD).sees("王秀英")
    nurse = arrive("en").open("replies?case=1").sign_in(user("nurse"), PASSWORD).sees("可以洗澡吗？")
    nurse.click("I am on it").is_told("You are on it.")
    row = doctor.page.locator(".pd-row").filter(has_text="王秀英")
    expect(row).to_contain_text("nurse Lin", timeout=NEWS)


def test_what_is_being_typed_outlives_every_look_and_her_next_word(server: Server, arrive: Arrive) -> None:
    nurse = arrive("en").open("replies?case=1").sign_in(user("nurse"), PASSWORD).sees("可以洗澡吗？")
    page = nurse.page
    field = page.get_by_label("Answer to her")
    field.click()
    page.keyboard.type("可以，")
    server_scene[server.url].says(1, "水温多少？")
    news = page.get_by_role("button", name="Something new in this case")
    expect(news).to_be_visible(timeout=NEWS)
    page.keyboard.type("贴好防水贴。")  # still in the field
    expect(field).to_have_value("可以，贴好防水贴。")
    news.click()
    expect(page.locator(".pd-talk")).to_contain_text("水温多少？")
    expect(field).to_have_value("可以，贴好防水贴。")
    nurse.click("Send the answer").is_told("Answered: 王秀英. Her phone shows it at once.")
    expect(page.locator(".pd-talk li.ours")).to_contain_text("可以，贴好防水贴。")
    expect(field).to_have_value("")


def test_who_is_signed_out_elsewhere_loses_the_open_queue_by_itself(server: Server, arrive: Arrive) -> None:
    manager = arrive("en").open("replies").sign_in(user("manager"), PASSWORD).sees("李桂兰")
    scene = server_scene[server.url]
    scene.world.do("administrator", deactivate, staff_id=scene.world.actors["manager"].id)
    expect(manager.page.get_by_label("User name")).to_be_visible(timeout=NEWS)
    expect(manager.page.locator(".pd-row")).to_have_count(0)


def test_from_her_file_one_step_back_leads_to_the_case(server: Server, arrive: Arrive) -> None:
    nurse = arrive("en").open("replies?case=1").sign_in(user("nurse"), PASSWORD).sees("Her file")
    page = nurse.page
    steps = page.evaluate("history.length")
    nurse.click("Her file")
    page.wait_for_url("**/patient?id=*")
    nurse.ready()
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    page.wait_for_url("**/replies?case=1")
    nurse.ready().sees("Her file")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_a_case_needs_no_sideways_scroll_and_dials(
    server: Server, arrive: Arrive, language: str
) -> None:
    doctor = arrive(language, PHONE).open("replies?case=2").sign_in(user("doctor"), PASSWORD).sees("李桂兰")
    page = doctor.page
    for _step in ("list", "case"):
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window
        dial = page.locator(".pd-dial")
        if dial.count():
            assert (dial.get_attribute("href") or "").startswith("tel:")
            box = dial.bounding_box()
            assert box is not None and box["height"] >= 44
        page.goto(f"{server.url}/replies")
        doctor.ready().sees("李桂兰")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_open_case_is_accessible(server: Server, arrive: Arrive, language: str) -> None:
    doctor = arrive(language).open("replies?case=2").sign_in(user("doctor"), PASSWORD).sees("李桂兰")
    found = [f"decision: {one}" for one in faults(doctor.page, MAIN)]
    for tab in ("Writing", "Voice", "Telephone", "Closing"):
        doctor.tab(tab).ready()
        found += [f"{tab}: {one}" for one in faults(doctor.page, MAIN)]
    doctor.click("All replies")
    found += [f"queue: {one}" for one in faults(doctor.page, MAIN)]
    doctor.click("Text modules")
    found += [f"modules: {one}" for one in faults(doctor.page, MAIN)]
    assert not found, "\n".join(["", *found])

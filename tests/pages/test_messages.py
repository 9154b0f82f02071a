"""The messages of the day: ready words, one click, undo, and what PilotDesk does by itself said plainly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.care.sale.enrolments import enrol
from core.messages.due import due_messages
from core.messages.log import sent_messages
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from core.people.tables import StaffRow
from pages.ui.browser import Browser, kept
from tests.conftest import World
from tests.pages.conftest import Served, listed, press, shown, unfold
from tests.selling import open_sales

PAGE = "staff/messages/page.py"
CONSENTS = {"service": True, "messages": True}


@pytest.fixture(autouse=True)
def words_outside_the_page() -> Iterator[None]:
    """AppTest asks a choice for its words again outside the page, where only `kept` knows the language."""
    with kept(Browser(None, "en", "")):
        yield


@pytest.fixture
def two(served: Served) -> World:
    """Two patients of 14 weeks who enrolled today: two SMS and two page messages."""
    world = served.world
    package = world.do(
        "manager", take_template, document=load("prenatal_quest", "zh").model_dump(mode="json")
    )
    world.do("manager", publish, package_id=package)
    open_sales(world, package)
    period = world.today - timedelta(weeks=14)
    for n, name in enumerate(("陈<b>晓雨", "李*小*云"), start=1):
        patient = world.do(
            "nurse",
            add_patient,
            name="陈晓雨",
            record_number=f"A{n}",
            phone=f"1380000{n:04d}",
            last_period=period,
        )
        world.taken_before(patient, name=name)
        world.do(
            "front_desk", enrol, patient_id=patient, package_id=package, payment_method="wechat",
            consents=CONSENTS, last_period=period,
        )  # fmt: skip
    return world


def test_words_are_ready_to_copy_noted_with_one_click_and_taken_back(served: Served, two: World) -> None:
    app = served.open(PAGE, role="front_desk", language="en")
    assert "no SMS gateway" in shown(app) and "2 to send" in shown(app)
    first, second = listed(app)
    assert not app.main.code, "nothing is open before somebody opens it"
    assert first["cells"][0] == "李*小*云" and second["cells"][0] == "陈<b>晓雨"
    app = served.open(PAGE, role="front_desk", language="en", query={"message": first["id"]})
    text, phone = (block.value for block in app.main.code)
    assert phone == "13800000002" and text.startswith("李**您好，请约下一次来院：3月5日至")
    assert "characters, 2 SMS" in shown(app) and "1 of 2" in shown(app)
    sent = next(b for b in app.main.button if b.label == "Sent")
    sent.click().run()
    assert not app.exception and app.main.code[1].value == "13800000001", "the next one lies open"
    next(b for b in app.main.button if b.label == "All messages").click().run()
    assert "1 to send" in shown(app) and [line["id"] for line in listed(app)] == [second["id"]]
    (noted,) = two.ask("front_desk", sent_messages)
    assert noted.text == text and noted.channel == "sms"
    next(b for b in unfold(app, "noted_fold").main.button if b.label == "Undo").click().run()
    assert "2 to send" in shown(app) and two.ask("front_desk", sent_messages) == []


def test_what_belongs_on_pages_needs_nobody_and_can_be_shown_at_once(served: Served, two: World) -> None:
    app = served.open(PAGE, role="nurse", language="en")
    titles = [each.label for each in app.main.expander]
    assert "2 messages appear on the patients' own pages by themselves" in titles
    app = press(unfold(app, "on_pages_fold"), "Show those whose time has come now")
    assert {one.channel for one in two.ask("nurse", sent_messages)} == {"page"}
    assert "陈&lt;b&gt;晓雨" in shown(unfold(app, "noted_fold"))


def test_a_list_notes_what_stood_in_the_file_that_was_fetched(served: Served, two: World) -> None:
    first, later = (one for one in two.ask("nurse", due_messages) if one.channel == "sms")
    app = served.open(PAGE, role="nurse", language="en")
    app.session_state[f"sms_file_{two.today}"] = {first.key}
    press(unfold(app, "sms_list"), "Note all 1 as sent")
    assert not app.exception
    assert [one.patient_id for one in two.ask("nurse", sent_messages)] == [first.patient_id]
    assert later.key in {one.key for one in two.ask("nurse", due_messages)}


def test_tomorrow_is_for_reading_only(served: Served, two: World) -> None:
    two.clock.advance(timedelta(days=-1))
    with two.desk.database.writing() as session:  # nobody signs in before she was made
        session.get_one(StaffRow, two.actors["manager"].id).valid_after = two.clock.now()
    app = served.open(PAGE, role="manager", language="en")
    app.main.get("button_group")[0].set_value("Due tomorrow").run()
    assert not app.exception
    line = listed(app)[0]
    assert {"word": "Tomorrow", "tone": "none"} in line["cells"]
    app.query_params["message"] = line["id"]
    app.run()
    assert app.main.code and not app.exception
    assert "Sent" not in {button.label for button in app.main.button}

"""The one list: what goes to the browser, what comes back from it, and the pages that use it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import streamlit as st
from sqlalchemy import update

from core.care.quiet_care import gentle_stop
from core.care.work.appointments import book
from core.people.patients import add_patient
from core.people.staff import add_staff, deactivate
from core.people.tables import PatientRow
from core.recognition.praise import give_praise
from core.recognition.stories import inbox
from pages.ui.browser import Browser, kept
from pages.ui.rows import TONES, Line, known, open_patient
from tests.pages.conftest import Served, listed, shown
from tests.pages.test_every_page import fill
from tests.patient.conftest import WORDS

LINES = (Line("7", ("陈晓雨",)), Line("8", ("李小云",)))


@pytest.fixture(autouse=True)
def words_outside_the_page() -> Iterator[None]:
    """AppTest asks a choice for its words again outside the page, where only `kept` knows the language."""
    with kept(Browser(None, "en", "")):
        yield


def chip(app: object, name: str) -> object:
    return next(each for each in app.main.get("button_group") if each.key == name)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("told", "meant"), [("7", "7"), ("9", None), (7, None), (None, None), (["7"], None)])
def test_only_a_row_of_this_list_opens(told: object, meant: str | None) -> None:
    assert known(told, LINES) == meant


def test_a_patients_row_leads_to_her_file(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(st, "switch_page", lambda page, query_params: went.append((page, query_params)))
    open_patient(7)
    assert went == [("staff/patient/page.py", {"id": "7"})]


def test_every_tone_has_a_shape_and_a_colour() -> None:
    from pages.ui import rows

    script, sheet = (rows.HERE / "rows.js").read_text("utf-8"), (rows.HERE / "rows.css").read_text("utf-8")
    for tone in TONES:
        assert f'{tone}: "' in script and f".pd-tone-{tone} " in sheet


def test_what_people_wrote_goes_to_the_browser_as_text(served: Served) -> None:
    from pages.ui import rows

    served.world.do("nurse", add_patient, name="陈晓雨", record_number="A1", phone="13800000001")
    # No form takes such a name today; what came in before there was the rule is shown as text all the same.
    with served.world.desk.database.writing() as session:
        session.execute(update(PatientRow).values(name="<img src=x>"))
    app = served.open("staff/patients.py", role="nurse", language="en")
    assert listed(app)[0]["cells"][0] == "<img src=x>"
    script = (rows.HERE / "rows.js").read_text("utf-8")
    assert "textContent" in script
    assert not any(door in script for door in ("innerHTML", "outerHTML", "insertAdjacent", "eval(", "fetch("))


def test_the_patients_list_says_who_needs_somebody_and_filters_by_chips(served: Served) -> None:
    fill(served.world)
    world = served.world
    world.do("nurse", book, patient_id=2, at=world.clock.now() + timedelta(hours=2))
    world.do("doctor", gentle_stop, patient_id=1, kind="loss", caller_id=world.actors["doctor"].id)
    app = served.open("staff/patients.py", role="nurse", language="en")
    first, second, third = listed(app)
    assert first["id"] == "2" and first["cells"][1:4] == [
        "week 24+0",
        {"word": "Comes today", "tone": "now"},
        "5 Mar 14:00",
    ]
    assert (second["id"], second["cells"][1:4]) == ("1", ["", {"word": "Quiet care", "tone": "hush"}, ""])
    assert third["cells"][2] == {"word": "Completed", "tone": "none"}
    chips = chip(app, "patient_kind")
    assert chips.options == ["Comes today 1", "Overdue 0", "Quiet care 1", "Not enrolled 0", "No dating 0"]
    chips.set_value("quiet").run()
    assert not app.exception and [line["id"] for line in listed(app)] == ["1"] and "1 patient" in shown(app)
    app.main.text_input(key="patient_text").set_value("0002").run()
    assert listed(app) == [] and "Nobody here right now." in shown(app)


def test_a_foreign_number_in_the_address_opens_nobody(served: Served) -> None:
    fill(served.world)
    for page in (
        "staff/patients.py",
        "staff/albums/page.py",
        "staff/messages/page.py",
        "manager/stories/page.py",
    ):
        app = served.open(page, language="en", query={"id": "2"})
        assert not app.main.subheader, page
    assert listed(served.open("staff/patients.py", query={"id": "2"}))


def test_a_hundred_rows_stand_on_a_page_and_the_next_follow(served: Served) -> None:
    world = served.world
    names = [f"患者{one}{two}" for one in "甲乙丙丁戊己庚辛壬癸子" for two in "甲乙丙丁戊己庚辛壬癸"][:103]
    for n, name in enumerate(names):
        world.do("nurse", add_patient, name=name, record_number=f"A{n:04d}")
    app = served.open("staff/patients.py", role="nurse", language="en")
    assert len(listed(app)) == 100 and "103 patients" in shown(app) and "1 to 100 of 103" in shown(app)
    app.main.button(key="patients_after").click().run()
    assert [line["cells"][0] for line in listed(app)] == names[2::-1]
    assert app.main.button(key="patients_after").disabled
    app.main.text_input(key="patient_text").set_value("A000").run()
    assert len(listed(app)) == 10, "another question begins at its first page"


def test_a_chip_stays_chosen_while_something_lies_open(served: Served) -> None:
    gone = served.world.actors["nurse"].id
    served.world.do("administrator", deactivate, staff_id=gone)
    app = served.open("manager/team/page.py", role="administrator", language="en")
    chip(app, "team_state").set_value("deactivated").run()
    assert [line["id"] for line in listed(app)] == [str(gone)]
    app.query_params["member"] = str(gone)
    app.run()
    assert app.main.subheader[0].value == "nurse测试 · Nurse" and not listed(app)
    next(button for button in app.main.button if button.label == "All staff").click().run()
    assert [line["id"] for line in listed(app)] == [str(gone)]


def test_a_colleague_opens_with_every_deed(served: Served) -> None:
    added = served.world.do(
        "administrator", add_staff, username="he.jing", name="何静", role="nurse", title="护士长"
    )
    app = served.open("manager/team/page.py", role="administrator", language="en")
    line = next(each for each in listed(app) if each["cells"][0] == "何静")
    assert line["cells"][1:] == [
        "Nurse",
        {"word": "One-time password not used yet", "tone": "late"},
        "he.jing",
        "护士长",
    ]
    app = served.open(
        "manager/team/page.py", role="administrator", language="en", query={"member": line["id"]}
    )
    assert {"Save", "Give a one-time password", "Deactivate 何静"} <= {each.label for each in app.main.button}
    next(each for each in app.main.button if each.label == "Give a one-time password").click().run()
    assert not app.exception and app.main.code and app.main.code[0].value != added["password"]


def test_a_story_is_read_in_the_list_and_decided_where_it_opens(served: Served) -> None:
    fill(served.world)
    nurse = served.world.actors["nurse"]
    served.world.desk.do(
        served.world.patient(1), give_praise, "", code=f"S{nurse.id:05d}", text=WORDS, may_show=True
    )
    app = served.open("manager/stories/page.py", language="en")
    [line] = listed(app)
    assert line["cells"][0] == nurse.name and line["second"] == WORDS
    assert not app.main.text_area, "nothing is open before somebody opens it"
    app = served.open("manager/stories/page.py", language="en", query={"story": line["id"]})
    next(each for each in app.main.button if each.label == "Keep private").click().run()
    assert "The praise stays private." in shown(app) and not app.main.text_area
    assert [item.state for item in served.world.ask("manager", inbox, state="kept")] == ["kept"]

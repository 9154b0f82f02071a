"""Every page of the map, for every role, in both languages, on an empty department and on a filled one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.care.feedback import answer_survey
from core.care.sale.courses import complete
from core.care.sale.enrolments import enrol
from core.care.work.tasks import mark_done
from core.care.work.worklist import due_list
from core.department.places import add_location, locations
from core.department.switches import FEATURES, sign_off
from core.foundation.access import PERMISSIONS, PUBLIC, ROLES
from core.foundation.language import translator
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import add_patient
from core.people.staff import change_staff, deactivate
from core.recognition.praise import give_praise
from pages.ui.browser import Browser, kept
from pages.ui.menu_map import ENTRIES, Entry
from tests.conftest import World
from tests.pages.conftest import Served, listed, shown
from tests.patient.conftest import WORDS
from tests.selling import open_sales

CONSENTS = {
    "service": True,
    "messages": True,
    "films": True,
    "photos": True,
    "album": True,
    "story_wall": True,
}


def fill(world: World) -> None:
    """One of everything: a place, signed features, a package on sale, three patients at different points."""
    world.do("manager", add_location, name="产科护士站", floor="3楼", route="出电梯右转")
    for code in FEATURES:
        world.do(
            "manager", sign_off, code=code, on=True, signed_by="院长", document_number="2026-1",
            review_on=world.today + timedelta(days=180),
        )  # fmt: skip
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    package_id = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package_id)
    open_sales(world, package_id)
    enrolled = []
    for n, weeks in enumerate((12, 24, 39), start=1):
        period = world.today - timedelta(weeks=weeks)
        patient_id = world.do(
            "nurse",
            add_patient,
            name="陈晓雨",
            record_number=f"A{n:04d}",
            phone=f"1380000{n:04d}",
            last_period=period,
        )
        enrolled.append(
            world.do(
                "front_desk", enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
                consents=CONSENTS, last_period=period,
            )
        )  # fmt: skip
    world.do("nurse", mark_done, task_id=world.ask("nurse", due_list).rows[0].task_id)
    world.do("manager", complete, enrolment_id=enrolled[-1])


def title_of(app: AppTest) -> str:
    return str(app.main.title[0].value) if app.main.title else ""


def walk(served: Served, role: str | None, language: str) -> Iterator[tuple[Entry, AppTest]]:
    """One session that opens every page of the map, one after another."""
    app = served.app(role, language).run()
    # AppTest asks a select box for its words again outside the page, where only `kept` knows the language.
    with kept(Browser(None, language, "")):
        for entry in ENTRIES:
            app.switch_page(entry.path).run()
            assert not app.exception, (entry.path, role, language, [each.value for each in app.exception])
            yield entry, app


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_its_pages_and_a_friendly_refusal_elsewhere(
    served: Served, role: str, language: str
) -> None:
    if language == "zh":
        fill(served.world)
    _ = translator(language)
    for entry, app in walk(served, role, language):
        refused = title_of(app) == _("Not for your role")
        assert refused == (role not in PERMISSIONS[entry.permission]), f"{role} at {entry.path}"
        if refused:
            assert _("This page belongs to other roles. Use the menu, or ask your administrator.") in shown(
                app
            )
            # Three places above every page, its title, the sentence.
            assert len(app.main.children) <= 5, f"{entry.path} shows more than the refusal"


@pytest.mark.parametrize(("language", "filled"), [("zh", False), ("en", True)])
def test_the_other_language_and_the_other_department(served: Served, language: str, filled: bool) -> None:
    if filled:
        fill(served.world)
    for entry, app in walk(served, "administrator", language):
        assert title_of(app), entry.path


def test_nobody_signed_in_sees_only_the_sign_in(served: Served) -> None:
    fill(served.world)
    hospital = served.world.ask("manager", lambda look: look.house).hospital
    for entry, app in walk(served, None, "en"):
        assert title_of(app) == hospital, entry.path
        assert [field.label for field in app.main.text_input] == ["User name", "Password"]
        assert "陈晓雨" not in shown(app)
        assert not app.sidebar.button


def test_every_answer_in_words_is_read(served: Served) -> None:
    fill(served.world)
    served.world.desk.do(served.world.patient(1), answer_survey, "", score=2, comment="等得<b>太久</b>了")
    app = served.open("manager/stories/page.py", language="en")
    assert "太久" not in shown(app)
    app.main.get("button_group")[0].set_value("answers").run()
    assert not app.exception
    [answer] = listed(app)
    assert answer["cells"][:2] == ["陈晓雨", "2 / 5"] and answer["second"] == "等得<b>太久</b>了"


def test_praise_without_a_name_stands_on_everybodys_page(served: Served) -> None:
    fill(served.world)
    station = served.world.ask("nurse", locations)[0]
    served.world.desk.do(PUBLIC, give_praise, "", code=station.praise_code, text=WORDS)
    for role in ("nurse", "front_desk"):
        app = served.open("staff/thanks.py", role=role, language="en")
        assert "For the whole team" in shown(app) and WORDS in shown(app) and station.name in shown(app)


def test_a_record_number_is_shown_as_the_text_it_is(served: Served) -> None:
    patient = served.world.do("nurse", add_patient, name="陈晓雨", record_number="A1", phone="13800000001")
    served.world.taken_before(patient, record_number="<b>A1</b>")
    app = served.open("staff/patients.py", role="nurse", language="en")
    assert listed(app)[0]["cells"][-2:] == ["<b>A1</b>", "138****0001"] and "A1" not in shown(app)


def test_a_deactivated_person_is_out_at_the_next_click(served: Served) -> None:
    app = served.open("staff/account.py", role="nurse", language="en")
    assert title_of(app) == "My account"
    served.world.do("administrator", deactivate, staff_id=served.world.actors["nurse"].id)
    app.run()
    assert [field.label for field in app.main.text_input] == ["User name", "Password"]


def test_a_changed_role_counts_at_the_next_click(served: Served) -> None:
    app = served.open("manager/settings/page.py", role="manager", language="en")
    assert title_of(app) == "Settings"
    number = served.world.actors["manager"].id
    served.world.do("administrator", change_staff, staff_id=number, name="Lin", role="nurse")
    app.run()
    assert title_of(app) == "Not for your role"

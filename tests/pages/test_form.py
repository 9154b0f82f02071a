"""An error stands at its field and names it, in every form of the staff."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bank.account import account_of
from core.bank.tables import RewardRow, VoucherRow
from core.care.work.tasks import mark_done
from core.care.work.worklist import due_list
from core.choice import deciding
from core.dialogue.films.keeping import kept_days_now
from core.messages import due
from core.messages.words import ON_PAGE
from core.people.patients import add_patient
from core.recognition.praise import give_praise
from pages.staff.messages.one import name_of
from pages.ui.browser import Browser, kept
from tests.pages.conftest import Served, pick, press, shown, unfold
from tests.pages.test_every_page import fill
from tests.patient.conftest import WORDS

Opened = Callable[[Served], AppTest]
PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture
def filled(served: Served) -> Iterator[Served]:
    """AppTest asks a choice for its words again outside the page, where only `kept` knows the language."""
    fill(served.world)
    with kept(Browser(None, "en", "")):
        yield served


def errors_below(block: Any, label: str) -> list[str]:
    """The errors that stand directly below a field with this label."""
    inner = [block.children[place] for place in sorted(block.children)]
    found = [
        str(below.value)
        for above, below in zip(inner, inner[1:], strict=False)
        if below.type == "error" and label_of(above) == label
    ]
    return found + [text for each in inner if hasattr(each, "children") for text in errors_below(each, label)]


def label_of(element: Any) -> str:
    return str(getattr(element, "label", "") or getattr(getattr(element, "proto", None), "label", ""))


ADD, TEAM, COUNTER = "staff/patients.py", "manager/team/page.py", "staff/counter/page.py"
NAMED = "Name on the cover, as the patient wishes"


def her_file(view: str, role: str = "manager", open_too: str = "") -> Opened:
    def opened(served: Served) -> AppTest:
        app = served.open("staff/patient/page.py", role=role, language="en", query={"id": "1"})
        app = pick(app, "view_", view)
        return unfold(app, open_too) if open_too else app

    return opened


def page(path: str, role: str = "manager", query: dict[str, str] | None = None, **state: Any) -> Opened:
    return lambda served: served.open(path, role=role, language="en", query=query, **state)


def emptied(opened: Opened, label: str) -> Opened:
    def empty(served: Served) -> AppTest:
        app = opened(served)
        kinds = (app.main.text_input, app.main.text_area, app.main.date_input)
        field = next(each for kind in kinds for each in kind if each.label == label)
        field.set_value(None if field in list(app.main.date_input) else "")
        return app

    return empty


def a_task(served: Served) -> int:
    return int(served.world.ask("nurse", due_list).rows[0].task_id)


def waived(served: Served) -> AppTest:
    task = a_task(served)
    app = served.open("staff/today/page.py", role="nurse", language="en", query={"task": str(task)})
    unfold(app, f"more_task_{task}")
    app.main.radio(key=f"why_task_{task}").set_value("").run()
    return app


def marked(served: Served) -> AppTest:
    task = a_task(served)
    served.world.do("nurse", mark_done, task_id=task)
    return served.open("staff/today/page.py", role="nurse", language="en", query={"marked": str(task)})


def message(served: Served) -> AppTest:
    found = served.world.ask("nurse", due.due_list).rows
    key = name_of(next(row for row in found if row.channel != ON_PAGE))
    return served.open("staff/messages/page.py", role="nurse", language="en", query={"message": key})


def adjusting(served: Served) -> AppTest:
    app = page(COUNTER, query={"id": "1"})(served)
    app.main.get("button_group")[0].set_value("Adjustments").run()
    return app


def account(served: Served) -> AppTest:
    task = a_task(served)
    served.world.do("nurse", mark_done, task_id=task)
    patient = next(
        row for row in range(1, 4) if served.world.ask("manager", account_of, patient_id=row).balance
    )
    app = page(COUNTER, query={"id": str(patient)})(served)
    app.main.get("button_group")[0].set_value("A patient's account").run()
    return app


def voucher(served: Served) -> AppTest:
    world = served.world
    with world.desk.database.writing() as session:
        reward = RewardRow(code="PARKING", name="停车券", kind="points", cost_points=100)
        session.add(reward)
        session.flush()
        held = {
            "code": "34679ACD",
            "patient_id": 1,
            "reward_id": reward.id,
            "name": "停车券",
            "state": "issued",
        }
        days = {"issued_at": world.clock.now(), "valid_until": world.today}
        session.add(VoucherRow(**held, **days, cost_points=100))
    app = page(COUNTER, query={"id": "1"})(served)
    app.main.get("button_group")[0].set_value("A patient's account").run()
    return app


def offered(served: Served) -> AppTest:
    world = served.world
    period = world.today - timedelta(weeks=14)
    patient = world.do(
        "nurse", add_patient, name="赵思琪", record_number="A0009", phone="13800000009", last_period=period
    )
    app = page("staff/enrol/page.py", "nurse", {"id": str(patient)})(served)
    [choice] = [each for each in app.main.radio if each.label == "Package"]
    choice.set_value(1).run()
    return app


def story(served: Served) -> AppTest:
    code = f"S{served.world.actors['nurse'].id:05d}"
    served.world.desk.do(served.world.patient(1), give_praise, "", code=code, text=WORDS, may_show=True)
    return served.open("manager/stories/page.py", language="en", query={"story": "1"})


def candidates(served: Served) -> AppTest:
    served.world.do("manager", deciding.begin_example, language="en")
    return served.open("manager/choice/page.py", language="en")


def decision(served: Served) -> AppTest:
    app = candidates(served)
    [steps] = [each for each in app.segmented_control if str(each.key).startswith("choice_step_")]
    steps.set_value("decision").run()
    return app


def another_amount(served: Served) -> AppTest:
    """A refund that is not the rule's, with nothing said about why."""
    app = her_file("packages", open_too="ending_1")(served)
    app.selectbox(key="refund_cause_1").set_value("wish").run()
    app.main.number_input[0].set_value(1.0)
    return app


FORMS: dict[str, tuple[Opened, str, str]] = {
    "a patient added": (page(ADD, add_patient_fold=True), "Add patient", "Full name"),
    "her facts": (emptied(her_file("details"), "Record number"), "Save", "Record number"),
    "her consents": (her_file("consents"), "Record", "How consent was given"),
    "erasure": (
        her_file("details", open_too="privacy_of_her"),
        "Erase 陈晓雨 for ever",
        "Reason, without personal details",
    ),
    "the curve": (her_file("growth", "doctor"), "Keep the measurements", "HC (mm)"),
    "a corrected date": (
        her_file("packages", open_too="anchor_of_1"),
        "Plan anew",
        "Reason, for example “ultrasound in week 12”",
    ),
    "a refund": (another_amount, "Cancel the package and refund", "Reason, where it differs"),
    "points": (her_file("packages", open_too="more_points_1"), "Give the points", "What for"),
    "a visit": (her_file("tasks", "nurse", "move_next"), "Book the visit", "Visit time"),
    "quiet care": (her_file("quiet", "doctor"), "Make everything quiet for 陈晓雨", "Why"),
    "a colleague added": (
        page(TEAM, "administrator", add_staff_fold=True),
        "Add and show a one-time password",
        "Full name",
    ),
    "a colleague changed": (
        emptied(page(TEAM, "administrator", {"member": "1"}), "Full name"),
        "Save",
        "Full name",
    ),
    "a task waived": (waived, "Waive this task", "In your words"),
    "a mistake taken back": (marked, "Reopen the task", "Why was it marked by mistake?"),
    "an adjustment": (adjusting, "Propose", "Reason"),
    "an unknown voucher": (page(COUNTER, voucher_code="34679ACE"), "", "Voucher code"),
    "an entry reversed": (account, "Reverse this entry", "Reason"),
    "a voucher cancelled": (voucher, "Cancel “停车券” and give the points back", "Reason"),
    "an offer": (offered, "Record the offer", "What came of it?"),
    "an album": (
        emptied(page("staff/albums/page.py", query={"enrolment": "3"}), NAMED),
        "Keep the texts",
        NAMED,
    ),
    "a study": (page("manager/choice/page.py"), "Start empty", "Title of the study"),
    "a message left out": (message, "Leave it out", "Why it is left out"),
    "a duty": (page("manager/roster/page.py", duty_fold=True), "Assign", "Telephone"),
    "a story": (
        emptied(story, "Text for the wall, without names of patients"),
        "Put on the wall",
        "Text for the wall, without names of patients",
    ),  # fmt: skip
    "a candidate": (candidates, "Add", "Another department"),
    "a copy of a package": (
        emptied(page("manager/packages/page.py", query={"tab": "sale"}), "Name of the copy"),
        "Copy this package",
        "Name of the copy",
    ),
    "a decision": (decision, "Decide", "Reason"),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_error_stands_at_its_field_and_names_it(filled: Served, form: str) -> None:
    opened, button, label = FORMS[form]
    app = opened(filled)
    if button:
        press(app, button)
    [error] = app.main.error
    assert errors_below(app.main, label) == [error.value]
    assert label.lower() in error.value.lower()


def test_at_the_foot_of_a_long_form_a_word_points_up_to_the_error(filled: Served) -> None:
    above = "Not yet: the field that needs you is marked above."
    assert above in shown(press(page(ADD, add_patient_fold=True)(filled), "Add patient"))
    assert above not in shown(press(message(filled), "Leave it out")), "the error is in sight"


def test_every_field_for_a_day_has_a_key_so_that_no_default_moves_it() -> None:
    """Without a key Streamlit makes a new field of every new default: after midnight, after a refusal, after a success."""
    bare = []
    for path in sorted(PAGES.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            named = [call.func, *call.args]
            drawn = any(isinstance(each, ast.Attribute) and each.attr == "date_input" for each in named)
            if isinstance(call.func, ast.Attribute) and call.func.attr == "kept":
                continue  # the key follows what is on file
            # `**known` of the patients' fields holds the key.
            if drawn and not any(word.arg in ("key", None) for word in call.keywords):
                bare.append(f"{path.relative_to(PAGES)}:{call.lineno}")
    assert bare == []


def test_a_number_outside_its_limits_is_said_at_its_field_and_nothing_is_done(filled: Served) -> None:
    app = filled.open("manager/settings/page.py", role="manager", language="en", query={"settings": "facts"})
    days = next(one for one in app.main.number_input if "days kept" in one.label)
    known = days.value
    days.set_value(99_999)
    [save] = [one for one in app.main.button if one.label == "Save" and "films" in str(one.form_id)]
    save.click().run()
    assert not app.exception
    [told] = [each.value for each in app.main.error]
    assert "days kept" in told and "99,999 was not saved" in told
    assert filled.world.ask("manager", kept_days_now) == known
    next(one for one in app.main.number_input if "days kept" in one.label).set_value(known + 1)
    next(one for one in app.main.button if one.label == "Save" and "films" in str(one.form_id)).click().run()
    assert not app.main.error, "the old error is gone"
    assert filled.world.ask("manager", kept_days_now) == known + 1


def _kept_page() -> None:
    """A form with one kept field over a value "on file" in the session, and another page to go to."""
    import streamlit as st

    from pages.ui.form import Form

    st.session_state.setdefault("on_file", "A")
    if st.checkbox("away", key="away"):
        st.stop()
    form = Form("facts")
    name = form.kept("name", st.text_input, "Name", st.session_state["on_file"])
    st.session_state["told"] = form.read()["read"]["name"]
    if st.button("Save"):
        st.session_state["on_file"] = name
        form.settle()
        st.rerun()


def _saved() -> AppTest:
    app = AppTest.from_function(_kept_page).run()
    app.text_input[0].set_value("B").run()
    app.button[0].click().run()
    assert (app.session_state["on_file"], app.text_input[0].value, app.session_state["told"]) == (
        "B",
        "B",
        "B",
    )
    return app


def test_what_was_saved_stands_there_when_one_comes_back() -> None:
    app = _saved()
    app.checkbox[0].set_value(True).run()
    app.checkbox[0].set_value(False).run()
    assert (app.text_input[0].value, app.session_state["told"]) == ("B", "B")
    app.button[0].click().run()
    assert app.session_state["on_file"] == "B", "saving again brings nothing old back"


def test_what_a_colleague_set_back_appears_and_is_not_taken_for_typed() -> None:
    app = _saved()
    app.session_state["on_file"] = "A"
    app.run()
    assert (app.text_input[0].value, app.session_state["told"]) == ("A", "A")
    app.button[0].click().run()
    assert app.session_state["on_file"] == "A"


def test_what_was_typed_and_not_saved_waits_on_another_page() -> None:
    app = AppTest.from_function(_kept_page).run()
    app.text_input[0].set_value("half").run()
    app.checkbox[0].set_value(True).run()
    app.checkbox[0].set_value(False).run()
    assert (app.text_input[0].value, app.session_state["told"]) == ("half", "A")


def _day_page() -> None:
    """A visit's day, not before the department's today, which stands in the session."""
    import streamlit as st

    from pages.ui.form import Form

    if st.checkbox("away", key="away"):
        st.stop()
    today = st.session_state["today"]
    form = Form("visit", adds=True)
    kept = form.kept("kept", st.date_input, "Kept", today, min_value=today)
    plain = form.field("plain", st.date_input, "Plain", today, min_value=today, key="plain")
    st.session_state["given"] = (kept, plain, form.outside)


@pytest.mark.parametrize("away", [False, True])
def test_a_day_left_behind_at_midnight_is_asked_for_again_and_breaks_no_page(away: bool) -> None:
    now = date(2026, 3, 5)
    app = AppTest.from_function(_day_page)
    app.session_state["today"] = now
    app.run()
    app.date_input[0].set_value(now + timedelta(days=1)).run()
    app.date_input[1].set_value(now + timedelta(days=1)).run()
    assert app.session_state["given"] == (now + timedelta(days=1), now + timedelta(days=1), [])
    if away:
        app.checkbox[0].set_value(True).run()
    app.session_state["today"] = later = now + timedelta(days=3)
    if away:
        app.checkbox[0].set_value(False)
    app.run()
    assert not app.exception
    kept, plain, outside = app.session_state["given"]
    assert (kept, plain) == (later, later)
    assert outside == ["kept", "plain"], "nothing is done with another day than was chosen"
    assert len(app.error) == 2
    app.run()
    assert not app.error and app.session_state["given"] == (later, later, [])


def test_a_number_outside_its_limits_far_above_the_button_is_pointed_at(filled: Served) -> None:
    app = offered(filled)
    next(each for each in app.main.number_input if each.label == "Amount in yuan").set_value(2_000_000.0)
    press(app, "Enrol and take payment")
    [error] = [each.value for each in app.main.error]
    assert "Amount in yuan" in error and "Not yet: the field that needs you is marked above." in shown(app)


def _leaver_page() -> None:
    """A choice among colleagues, of whom one may leave."""
    import streamlit as st

    from pages.ui.form import Form

    form = Form("nurse", adds=True)
    form.kept("nurse", st.selectbox, "Nurse", "A", options=st.session_state["nurses"])


def test_who_is_no_choice_any_more_is_not_chosen_any_more() -> None:
    app = AppTest.from_function(_leaver_page)
    app.session_state["nurses"] = ["A", "B"]
    app.run()
    app.selectbox[0].set_value("B").run()
    app.session_state["nurses"] = ["A", "C"]
    app.run()
    assert not app.exception and app.selectbox[0].value == "A"

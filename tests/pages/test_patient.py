"""Her file: what comes next stays in sight, tasks come first, and every deed answers where it was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest

from core.care.patient_file import patient_file
from core.care.quiet_care import gentle_stop
from core.care.sale.enrolments import enrol
from core.care.tables import AppointmentRow, EnrolmentRow, GentleStopRow, TaskRow
from core.care.work.appointments import book, reschedule
from core.care.work.tasks import mark_done
from core.dialogue.answers.answers import answer
from core.dialogue.answers.tables import DoseRow
from core.dialogue.cases.calls import record
from core.dialogue.cases.cases import reply
from core.foundation.audit import AuditEntryRow
from core.foundation.language import full_day_text, translator
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.packages.versions import pinned
from core.people.consents import answer_consents, consents_of
from core.people.erasure import erase_patient
from core.people.escalation_roster import fill as fill_roster
from core.people.link_holders import link_holders
from core.people.own_nurse import name_own_nurse
from core.people.patients import add_patient, card, edit_patient
from core.settlement.refunds import record_refund
from pages.staff.patient import reading_charts
from pages.ui.browser import Browser, kept
from tests.answering_ward import AnswerWard, two_days_later
from tests.pages.conftest import Served, on_file, pick, press, shown, unfold
from tests.pages.test_every_page import CONSENTS, fill
from tests.selling import open_sales

VISIT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # Tuesday 10 March, 09:00 in Shanghai
SECTIONS = ("tasks", "growth", "packages", "card", "consents", "details", "quiet")


@pytest.fixture
def filled(served: Served) -> Iterator[Served]:
    """A department with three patients. AppTest asks a box for its words again outside the page, where only `kept`
    knows the language."""
    fill(served.world)
    with kept(Browser(None, "en", "")):
        yield served


def opened(served: Served, patient: int = 1, role: str = "nurse", language: str = "en") -> AppTest:
    return served.open("staff/patient/page.py", role=role, language=language, query={"id": str(patient)})


def coming(served: Served, patient: int = 1) -> list[int]:
    """Numbers of the tasks that are still to do, as the file shows them."""
    return [step.task_id for step in served.world.ask("nurse", patient_file, patient_id=patient).coming]


def audited(served: Served) -> str:
    """The kind of the last entry in the audit trail."""
    with served.world.desk.database.reading() as session:
        return str(session.scalar(select(AuditEntryRow.kind).order_by(AuditEntryRow.id.desc()).limit(1)))


def row(served: Served, table: type, number: int) -> object:
    with served.world.desk.database.reading() as session:
        found = session.get_one(table, number)
        session.expunge(found)
        return found


def knee(served: Served) -> int:
    """A patient two days after discharge with the knee package."""
    world = served.world
    package = world.do("manager", take_template, document=load("knee_7days", "zh").model_dump(mode="json"))
    world.do("manager", publish, package_id=package)
    open_sales(world, package)
    patient: int = world.do("nurse", add_patient, name="王建国", record_number="K1", phone="13800009001")
    world.do(
        "front_desk", enrol, patient_id=patient, package_id=package, payment_method="cash",
        consents=CONSENTS, anchor_date=world.today - timedelta(days=2),
    )  # fmt: skip
    return patient


# --- who she is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_her_name_is_the_title_and_every_section_opens(filled: Served, language: str) -> None:
    with kept(Browser(None, language, "")):
        app = opened(filled, language=language)
        for part in SECTIONS:
            pick(app, "view_", part)
            assert app.main.title[0].value == "陈晓雨", part
            assert "A0001" in shown(app) and translator(language)("Enrolled") in shown(app), part


def test_a_diagnosis_is_never_the_line_under_her_name_and_stands_in_her_details(filled: Served) -> None:
    world = filled.world
    shy = world.do("nurse", add_patient, name="王建国", record_number="N1", note="怕打针")
    twins = world.do("nurse", add_patient, name="王建民", record_number="N2", note="双胎妊娠")
    assert "怕打针" in shown(opened(filled, shy))
    app = opened(filled, twins)
    assert "双胎妊娠" not in shown(app)
    pick(app, "view_", "Details")
    assert "双胎妊娠" in [each.value for each in app.text_input]


def test_a_knee_patient_is_counted_from_her_discharge_and_has_no_curve(filled: Served) -> None:
    app = opened(filled, knee(filled))
    assert "day 2 after discharge" in shown(app) and "week" not in shown(app).split("</p>")[0]
    assert "Growth curve" not in app.main.get("button_group")[0].options


def test_an_address_that_names_nobody_leads_to_the_list(filled: Served) -> None:
    for foreign in ("999", "abc", "²", "9" * 30, "0"):
        app = filled.open("staff/patient/page.py", role="nurse", language="en", query={"id": foreign})
        assert "This patient is not on file. Please search again." in shown(app), foreign
        assert [link.proto.label for link in app.main.get("page_link")] == ["Patients"], foreign
        assert not app.main.button, foreign


def test_an_erased_patient_is_said_to_be_erased(filled: Served) -> None:
    filled.world.do("manager", erase_patient, patient_id=3, reason="on request")
    app = opened(filled, patient=3)
    assert "erased on request" in shown(app) and "陈晓雨" not in shown(app)


def test_a_search_preselects_nobody(filled: Served) -> None:
    app = filled.open("staff/patient/page.py", role="nurse", language="en")
    app.main.text_input[0].set_value("陈晓雨").run()
    assert app.main.radio[0].value is None and app.main.title[0].value == "Patient"
    app.main.radio[0].set_value(2).run()
    assert app.main.title[0].value == "陈晓雨" and app.query_params["id"] in ("2", ["2"])


def test_without_an_address_the_last_file_is_one_click_away_and_not_open(filled: Served) -> None:
    app = opened(filled)
    del app.query_params["id"]
    app.run()
    assert app.main.title[0].value == "Patient" and "A0001" not in shown(app)
    press(app, "Back to 陈晓雨")
    assert app.main.title[0].value == "陈晓雨"


# --- what comes next ----------------------------------------------------------------------------------


def test_the_strip_names_the_next_visit_and_it_is_moved_right_there(filled: Served) -> None:
    visit = filled.world.do("nurse", book, patient_id=1, at=VISIT, task_id=coming(filled)[0])
    app = opened(filled)
    assert "Next: Tue 10 Mar 09:00" in shown(app) and "href='tel:13800000001'" in shown(app)
    unfold(app, "move_next")
    day = next(each for each in app.main.date_input if each.label == "Day")
    assert str(day.value) == "2026-03-10"
    day.set_value(day.value + timedelta(days=1))
    press(app, "Move the visit")
    assert "Visit moved to 11 Mar 09:00." in shown(app) and "Next: Wed 11 Mar 09:00" in shown(app)
    assert row(filled, AppointmentRow, visit).at == VISIT + timedelta(days=1)
    assert audited(filled) == "appointment.moved"
    assert app.session_state["move_next"] is False, "the pocket closes over what was done"


def test_a_visit_moved_meanwhile_is_said_with_its_new_time_and_asked_again(filled: Served) -> None:
    visit = filled.world.do("nurse", book, patient_id=1, at=VISIT, task_id=coming(filled)[0])
    app = unfold(opened(filled), "move_next")
    filled.world.do("front_desk", reschedule, appointment_id=visit, at=VISIT + timedelta(days=2))
    app.main.time_input[0].set_value(VISIT.replace(hour=14).time())
    press(app, "Move the visit")
    assert "Changed by somebody else meanwhile: it is now “12 Mar 09:00”." in shown(app)
    assert row(filled, AppointmentRow, visit).at == VISIT + timedelta(days=2)
    press(app, "Move the visit")
    assert "Visit moved to 12 Mar 14:00." in shown(app)


def test_without_a_visit_the_strip_books_one_and_no_hour_is_chosen_for_her(filled: Served) -> None:
    app = unfold(opened(filled), "move_next")
    assert app.main.time_input[0].value is None
    press(app, "Book the visit")
    assert "Please choose a day and a time." in shown(app)
    hour = VISIT.replace(hour=9).time()
    app.main.time_input[0].set_value(hour)
    app.main.date_input[0].set_value(VISIT.date())
    press(app, "Book the visit")
    assert "Visit booked for 10 Mar 09:00." in shown(app)
    assert audited(filled) == "appointment.booked"


def test_a_refused_visit_keeps_what_was_typed(filled: Served) -> None:
    app = unfold(opened(filled), "move_next")
    app.main.time_input[0].set_value(VISIT.replace(hour=8).time())  # this morning: it is noon
    app.main.date_input[0].set_value(filled.world.today)
    press(app, "Book the visit")
    assert "A visit is booked for a time to come." in shown(app)
    assert app.main.time_input[0].value == VISIT.replace(hour=8).time()
    assert app.main.date_input[0].value == filled.world.today


def test_a_visit_called_off_in_time_is_no_missed_one(filled: Served) -> None:
    visit = filled.world.do("nurse", book, patient_id=1, at=VISIT, task_id=coming(filled)[0])
    app = press(unfold(opened(filled), "move_next"), "Call it off, no new day yet")
    assert "The visit is called off; the task stays open." in shown(app)
    assert row(filled, AppointmentRow, visit).state == "cancelled"


def test_a_visit_is_booked_for_any_task_that_comes(filled: Served) -> None:
    app = unfold(opened(filled), "book_visit")
    assert app.main.selectbox[0].value is None, "no task is chosen beforehand"
    last = coming(filled)[-1]
    app.main.selectbox[0].set_value(last).run()
    app.main.time_input[0].set_value(VISIT.replace(hour=10).time())
    press(app, "Book the visit")
    assert "Visit booked for" in shown(app)
    with filled.world.desk.database.reading() as session:
        assert session.scalar(select(AppointmentRow.task_id)) == last


# --- tasks --------------------------------------------------------------------------------------------


def test_a_task_is_done_and_taken_back_in_her_file(filled: Served) -> None:
    task = coming(filled)[0]
    app = opened(filled)
    app.button(key=f"file_done_{task}").click().run()
    assert row(filled, TaskRow, task).state == "planned", "its list is ticked on its card"
    filled.world.do("nurse", mark_done, task_id=task)
    app = opened(filled)
    assert row(filled, TaskRow, task).state == "done"
    assert audited(filled) == "task.done"
    unfold(app, f"undo_{task}")
    press(app, "Reopen the task")
    assert "Please give the reason in a few words" in shown(app)
    app.text_input(key=f"undo_{task}_reason").set_value("wrong line")
    press(app, "Reopen the task")
    assert row(filled, TaskRow, task).state == "planned" and audited(filled) == "task.undone"


def test_what_is_past_stays_folded_and_below(filled: Served) -> None:
    app = opened(filled, patient=2)
    folds = [each.label for each in app.main.expander]
    past = len(filled.world.ask("nurse", patient_file, patient_id=2).past)
    assert folds[-1] == f"Past ({past})" and past
    assert "Not applicable" not in shown(app)
    assert "Not applicable" in shown(unfold(app, "past_tasks"))


def test_staffs_tasks_stand_before_her_own(filled: Served) -> None:
    steps = [s for s in filled.world.ask("nurse", patient_file, patient_id=knee(filled)).coming if s.works]
    roles = [step.role == "patient" for step in steps]
    assert roles == sorted(roles) and len(set(roles)) == 2


def test_a_file_takes_as_many_queries_for_two_packages_as_for_one(filled: Served) -> None:
    said: list[str] = []
    engine = filled.world.desk.database.engine
    event.listen(engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    counts = []
    for patient in (1, knee(filled)):
        filled.world.ask("nurse", patient_file, patient_id=patient)  # documents are parsed once
        said.clear()
        filled.world.ask("nurse", patient_file, patient_id=patient)
        counts.append(len(said))
    world, patient = filled.world, 1
    world.do(
        "front_desk", enrol, patient_id=patient, package_id=2, payment_method="cash",
        consents=CONSENTS, anchor_date=world.today,
    )  # fmt: skip
    said.clear()
    assert len(world.ask("nurse", patient_file, patient_id=patient).held) == 2
    assert [*counts, len(said)] == [counts[0]] * 3 and counts[0] <= 8


# --- consents, details, package -----------------------------------------------------------------------


def test_a_consent_is_recorded_only_with_the_way_it_was_given(filled: Served) -> None:
    app = pick(opened(filled), "view_", "consents")
    photos = on_file(app, "checkbox", "consents_1_photos")
    photos.uncheck()
    press(app, "Record")
    assert "Please choose how the consent was given." in shown(app)
    assert on_file(app, "checkbox", "consents_1_photos").value is False
    app.main.radio[0].set_value("screen")
    press(app, "Record")
    assert "The consents are recorded." in shown(app) and audited(filled) == "consent.recorded"
    held = {one.purpose: one.given for one in filled.world.ask("nurse", consents_of, patient_id=1)}
    assert held == {**CONSENTS, "photos": False}


def test_how_she_agreed_is_asked_anew_for_every_record(filled: Served) -> None:
    app = pick(opened(filled), "view_", "consents")
    for purpose, yes in (("photos", False), ("photos", True), ("messages", False)):
        on_file(app, "checkbox", f"consents_1_{purpose}").set_value(yes)
        assert app.main.radio[0].value is None
        app.main.radio[0].set_value("paper")
        assert "The consents are recorded." in shown(press(app, "Record"))
    on_file(app, "checkbox", "consents_1_photos").set_value(False)
    assert "Please choose how the consent was given." in shown(press(app, "Record"))


def test_a_withdrawal_that_was_not_meant_leaves_the_box_ticked(filled: Served) -> None:
    app = pick(opened(filled), "view_", "consents")
    on_file(app, "checkbox", "consents_1_service").set_value(False)
    app.main.radio[0].set_value("paper")
    press(press(app, "Record"), "No, leave everything as it is")
    assert on_file(app, "checkbox", "consents_1_service").value is True
    pick(pick(app, "view_", "tasks"), "view_", "consents")
    assert on_file(app, "checkbox", "consents_1_service").value is True
    assert "Not saved yet." in shown(app), "how she said so was chosen, and waits"
    assert row(filled, EnrolmentRow, 1).status == "active"


def test_a_withdrawal_left_unanswered_says_that_it_is_not_saved(filled: Served) -> None:
    app = pick(opened(filled), "view_", "consents")
    on_file(app, "checkbox", "consents_1_service").set_value(False)
    press(app, "Record")
    pick(pick(app, "view_", "tasks"), "view_", "consents")
    assert on_file(app, "checkbox", "consents_1_service").value is False
    assert "Not saved yet." in shown(app)


def test_an_old_page_never_writes_a_withdrawn_consent_back(filled: Served) -> None:
    """She withdraws on her phone while the desk still shows yes: the boxes follow what is stored."""
    app = pick(opened(filled), "view_", "consents")
    filled.world.desk.do(filled.world.patient(1), answer_consents, "", given={"messages": False})
    app.run()
    boxes = {purpose: on_file(app, "checkbox", f"consents_1_{purpose}").value for purpose in CONSENTS}
    assert boxes == {**CONSENTS, "messages": False}


def test_taking_the_service_consent_away_asks_before_it_ends_her_package(filled: Served) -> None:
    app = pick(opened(filled), "view_", "consents")
    box = on_file(app, "checkbox", "consents_1_service")
    box.set_value(False)
    app.main.radio[0].set_value("paper")
    press(app, "Record")
    assert "running package ends today" in shown(app)
    assert row(filled, EnrolmentRow, 1).status == "active"
    press(app, "Yes, withdraw")
    assert row(filled, EnrolmentRow, 1).status == "cancelled"


def test_her_facts_are_changed_and_a_refusal_keeps_the_words(filled: Served) -> None:
    app = pick(opened(filled), "view_", "details")
    name = next(each for each in app.main.text_input if each.label == "Full name")
    phone = next(each for each in app.main.text_input if each.label == "Mobile phone")
    name.set_value("陈晓雨雨")
    phone.set_value("12")
    press(app, "Save")
    assert app.main.error and filled.world.ask("nurse", card, patient_id=1).name == "陈晓雨"
    fields = {each.label: each for each in app.main.text_input}
    assert (fields["Full name"].value, fields["Mobile phone"].value) == ("陈晓雨雨", "12")
    fields["Mobile phone"].set_value("13800000001")
    press(app, "Save")
    assert "Saved." in shown(app) and app.main.title[0].value == "陈晓雨雨"


@pytest.mark.parametrize("facts", [{"due_date": "2026-07-08"}, {"last_period": "2025-10-01"}])
def test_the_details_open_for_ever_whatever_day_stands_in_them(filled: Served, facts: dict[str, str]) -> None:
    dates = {name: date.fromisoformat(day) for name, day in facts.items()}
    known = {"name": "王一", "record_number": "D0001", "phone": "13800000001"}
    patient = filled.world.do("nurse", add_patient, **known, **dates)
    filled.world.clock.advance(timedelta(days=900))
    app = pick(opened(filled, patient, role="manager"), "view_", "details")
    field = on_file(app, "date_input", f"edit_{patient}_{next(iter(facts))}")
    assert field.value == next(iter(dates.values()))
    assert "Privacy" in str([one.label for one in app.main.expander] + [one.label for one in app.main.button])


def test_a_stale_details_form_saves_only_what_was_changed_in_it(filled: Served) -> None:
    facts = {"name": "王一", "record_number": "D0001"}
    patient = filled.world.do("nurse", add_patient, **facts, phone="13800000001")
    app = pick(opened(filled, patient), "view_", "details")
    filled.world.do("front_desk", edit_patient, patient_id=patient, **facts, phone="13900000009")
    on_file(app, "text_input", f"edit_{patient}_note").set_value("怕疼")
    press(app, "Save")
    kept = filled.world.ask("nurse", card, patient_id=patient)
    assert (kept.phone, kept.note) == ("13900000009", "怕疼")


def test_a_knee_patients_details_ask_for_no_days_of_a_pregnancy(filled: Served) -> None:
    patient = knee(filled)
    app = pick(opened(filled, patient), "view_", "details")
    [only] = app.main.date_input
    assert only.key == on_file(app, "date_input", f"edit_{patient}_birth_date").key


def test_what_is_rarely_needed_is_folded_and_reachable(filled: Served) -> None:
    app = pick(opened(filled, role="manager"), "view_", "packages")
    folds = [each.label for each in app.main.expander]
    assert folds == [
        "Every use, and what can be noted",
        "Points for a health event, thanks for a referral",
        "Receipt and card",
        "Correct the due date",
        "Complete, cancel or refund",
    ]
    unfold(app, "anchor_of_1")
    app.main.date_input[0].set_value(app.main.date_input[0].value + timedelta(days=5))
    app.main.text_input[0].set_value("ultrasound")
    press(app, "Plan anew")
    assert "The open tasks are planned anew" in shown(app) and audited(filled) == "enrolment.anchor"
    pick(app, "view_", "details")
    assert [each.label for each in app.main.expander] == ["Privacy"]
    unfold(app, "privacy_of_her")
    press(app, "Erase 陈晓雨 for ever")
    assert app.main.error, "without a reason nobody is erased"


def test_each_person_gets_a_card_and_each_card_ends_on_its_own(filled: Served) -> None:
    app = pick(opened(filled), "view_", "card")
    for relation, person in (("self", ""), ("family", "小芳")):
        pick(app, "card_relation_1", relation)
        if person:
            app.text_input(key="card_person_1").set_value(person)
        press(app, "Make a card")
        press(app, "Another card")
    assert "小芳 (Family)" in shown(app)
    held = filled.world.ask("nurse", link_holders, patient_id=1)
    assert [(one.person, one.relation) for one in held] == [("", "self"), ("小芳", "family")]
    press(app, "End the card of 小芳 (Family)")
    assert [one.person for one in filled.world.ask("nurse", link_holders, patient_id=1)] == [""]
    pick(app, "card_relation_1", "guardian")
    press(app, "Make a card")
    assert any("name of the person" in each.value for each in app.main.error)


def test_the_rule_stands_in_the_field_and_another_amount_needs_its_reason_there(filled: Served) -> None:
    app = unfold(pick(opened(filled, role="manager"), "view_", "packages"), "ending_1")
    assert not app.main.number_input, "what is paid back depends on why"
    app.selectbox(key="refund_cause_1").set_value("wish").run()
    assert app.main.number_input[0].value == 199.0, "the day of the sale"
    assert "To pay back by the rule" in shown(app) and "The written terms" in shown(app)
    assert "open tasks are called off" in shown(app)
    app.main.number_input[0].set_value(99.5)
    press(app, "Cancel the package and refund")
    assert "By the rule it is another amount." in shown(app)
    assert row(filled, EnrolmentRow, 1).status == "active"
    app.selectbox(key="refund_cause_1").set_value("loss").run()
    assert app.main.number_input[0].value == 199.0 and "In full, always" in shown(app)
    app.main.number_input[0].set_value(99.5)
    app.text_input(key="refund_reason_1_0").set_value("her own word")
    press(app, "Cancel the package and refund")
    assert "Recorded: ¥99.50 to pay back." in shown(app) and "by the rule ¥199.00" in shown(app)
    assert [each.label for each in app.main.get("download_button")][:1] == ["Print the slip (PDF)"]
    assert (row(filled, EnrolmentRow, 1).status, row(filled, EnrolmentRow, 1).refund_fen) == (
        "cancelled",
        9950,
    )


def test_correcting_a_due_date_names_what_is_planned_anew_with_it(filled: Served) -> None:
    first = row(filled, EnrolmentRow, 1)
    known = filled.world.ask("manager", lambda look: pinned(look.session, first.version_id))
    again = known.model_dump(mode="json") | {"code": "second_quest", "name": "第二个产检套餐"}
    package = filled.world.do("manager", take_template, document=again)
    filled.world.do("manager", publish, package_id=package)
    open_sales(filled.world, package)
    filled.world.do(
        "front_desk", enrol, patient_id=first.patient_id, package_id=package, payment_method="cash",
        last_period=first.anchor_date, consents={"service": True},
    )  # fmt: skip
    app = unfold(pick(opened(filled, patient=first.patient_id), "view_", "packages"), "anchor_of_1")
    assert "Counted from the same date and planned anew with it: 第二个产检套餐" in shown(app)
    due = on_file(app, "date_input", "moved_1_anchor_date")
    due.set_value(due.value + timedelta(days=3))
    on_file(app, "text_input", "moved_1_reason").set_value("ultrasound")
    press(app, "Plan anew")
    assert audited(filled) == "enrolment.anchor"
    assert on_file(app, "text_input", "moved_1_reason").value == "", "another correction has another reason"


def test_what_is_due_after_a_withdrawn_consent_stands_on_home_until_it_is_paid(filled: Served) -> None:
    filled.world.desk.do(filled.world.patient(1), answer_consents, given={"service": False})
    told = "has withdrawn her consent to the service."
    assert told in shown(filled.open("home.py", role="front_desk", language="en"))
    sold = row(filled, EnrolmentRow, 1)
    filled.world.do(
        "front_desk", record_refund, enrolment_id=1, refund_fen=sold.amount_fen, cause="wish", reason="说好的"
    )
    assert told not in shown(filled.open("home.py", role="front_desk", language="en"))


def test_a_refund_of_nothing_for_a_package_that_has_ended_cancels_nothing(filled: Served) -> None:
    filled.world.desk.do(filled.world.patient(1), answer_consents, given={"service": False})
    app = unfold(pick(opened(filled, role="manager"), "view_", "packages"), "ending_1")
    app.selectbox(key="refund_cause_1").set_value("wish").run()
    app.main.number_input[0].set_value(0.0)
    app.text_input(key="refund_reason_1_0").set_value("she does not want it back")
    press(app, "Record the refund")
    assert "Nothing is paid back." in shown(app) and "The package is cancelled." not in shown(app)


def test_completing_names_what_goes_and_asks_once(filled: Served) -> None:
    app = unfold(pick(opened(filled, role="manager"), "view_", "packages"), "ending_1")
    assert "Yes, complete it" not in {each.label for each in app.main.button}
    unfold(app, "completing_1")
    assert "If you complete it today:" in shown(app) and "open tasks are called off" in shown(app)
    assert "What is marked can then no longer be taken back." in shown(app)
    until = full_day_text(filled.world.today + timedelta(days=30), "en")
    assert f"It can be reopened until {until}." in shown(app)
    press(app, "Yes, complete it")
    assert "The journey is complete." in shown(app) and row(filled, EnrolmentRow, 1).status == "completed"
    assert "Pay back" in {each.label for each in app.main.expander}


# --- quiet care ---------------------------------------------------------------------------------------


def test_in_quiet_care_her_file_opens_with_who_calls_and_with_no_game(filled: Served) -> None:
    doctor = filled.world.actors["doctor"]
    stop = filled.world.do(
        "doctor", gentle_stop, patient_id=1, kind="loss", caller_id=doctor.id, note="17:00"
    )
    app = opened(filled)
    words = shown(app)
    assert f"{doctor.name} has promised to call." in words and "Loss of the pregnancy" in words
    assert "week" not in words.split("</p>")[0], "nobody counts weeks here"
    assert not app.main.get("progress") and "badges" not in words
    assert "Tasks" not in app.main.get("button_group")[0].options
    press(app, "The call was made")
    assert "Thank you. The call is noted." in shown(app) and audited(filled) == "stop.called"
    assert row(filled, GentleStopRow, stop).called_at is not None


def test_quiet_care_says_what_is_still_to_do_and_how_it_ends(filled: Served) -> None:
    doctor = filled.world.actors["doctor"].id
    filled.world.do("doctor", gentle_stop, patient_id=1, kind="loss", caller_id=doctor)
    app = opened(filled)
    assert "By the rule of “产检闯关·孕期通关手册” ¥199.00 is paid back." in shown(app)
    assert "This was a mistake" in {each.proto.popover.label for each in app.main.get("popover")}
    filled.world.clock.advance(timedelta(days=1))
    app = opened(filled)
    assert "She wishes to hear from us again" in {
        each.proto.popover.label for each in app.main.get("popover")
    }
    home = filled.open("home.py", role="doctor", language="en")
    assert "You promised to call" in shown(home)


def test_a_mistaken_silence_is_lifted_from_her_file(filled: Served) -> None:
    doctor = filled.world.actors["doctor"].id
    filled.world.do("doctor", gentle_stop, patient_id=1, kind="loss", caller_id=doctor)
    app = unfold(opened(filled), "end_of_quiet_1")
    app.text_input(key="lift_reason_1").set_value("wrong patient")
    press(app, "Lift quiet care for 陈晓雨")
    assert "Everything is as it was before." in shown(app) and "Enrolled" in shown(app)


def test_everything_is_made_quiet_in_one_form(filled: Served) -> None:
    app = pick(opened(filled, role="doctor"), "view_", "quiet")
    press(app, "Make everything quiet for 陈晓雨")
    assert "Please choose why everything shall be quiet." in shown(app)
    app.main.selectbox[0].set_value("transfer")
    press(app, "Make everything quiet for 陈晓雨")
    assert "Everything is quiet now." in shown(app) and audited(filled) == "stop.made"


def test_the_front_desk_reads_her_file_without_the_clinicians_deeds(filled: Served) -> None:
    app = opened(filled, role="front_desk")
    assert "Quiet care" not in app.main.get("button_group")[0].options


# --- her conversation ------------------------------------------------------------------------------


@pytest.fixture
def talking(served: Served) -> Iterator[AnswerWard]:
    ward = two_days_later(served.world)
    with kept(Browser(None, "en", "")):
        yield ward


def talk(served: Served, ward: AnswerWard, role: str = "doctor") -> AppTest:
    app = opened(served, ward.patient_id, role)
    return pick(app, f"view_{ward.patient_id}", "talk")


def test_who_never_spoke_has_no_conversation(filled: Served) -> None:
    bare = filled.world.do("nurse", add_patient, name="无套餐", record_number="B1", phone="13800009999")
    app = opened(filled, bare)
    groups = [each for each in app.main.get("button_group") if str(each.key).startswith("view_")]
    assert "Conversation" not in [option.content for option in groups[0].proto.options]


def test_her_numbers_are_charts_built_once_until_one_comes(served: Served, talking: AnswerWard) -> None:
    reading_charts.chart.cache_clear()
    talking.do(answer, task_id=talking.task("TEMP.2"), number="38.4")
    talking.do(answer, task_id=talking.task("NRS.2"), number="5")
    app = talk(served, talking)
    charts = app.main.get("vega_lite_chart") or app.main.get("arrow_vega_lite_chart")
    assert len(charts) == 2 and "n = 1, last 38.4" in shown(app)
    built = reading_charts.chart.cache_info().misses
    app.run()
    assert reading_charts.chart.cache_info().misses == built == 2
    talking.do(answer, task_id=talking.task("TEMP.2"), number="37.0")
    app.run()
    assert reading_charts.chart.cache_info().misses == built + 1 and "last 37" in shown(app)


def test_folds_are_drawn_when_they_are_opened(served: Served, talking: AnswerWard) -> None:
    talking.do(answer, task_id=talking.task("TEMP.2"), number="39")
    case = talking.cases()[0]
    talking.world.do("doctor", reply, case_id=case.id, words="先量两次")
    talking.world.do("doctor", record, outcome="no_answer", note="没接", patient_id=talking.patient_id)
    app, key = talk(served, talking), f"talk_{talking.patient_id}"
    assert "先量两次" not in shown(app)
    unfold(app, f"{key}_words")
    assert "先量两次" in shown(app)
    unfold(app, f"{key}_films")
    assert "No film yet." in shown(app)
    unfold(app, f"{key}_calls")
    assert "没接" in str([each.value for each in app.main.dataframe])
    unfold(app, f"{key}_kept")
    assert "Orange · Alert" in str([each.value for each in app.main.dataframe])


def test_a_dose_is_set_by_the_named_role_within_its_bounds(served: Served, talking: AnswerWard) -> None:
    course = talking.enrolment_id
    app = talk(served, talking)
    unfold(app, f"dose_{course}")
    sets, reps = app.main.number_input
    sets.set_value(3)
    reps.set_value(5)
    app.main.text_input[0].set_value("膝盖肿")
    press(app, "Set from now on")
    assert "15 a day lies outside what the package allows: 50 to 180" in shown(app)
    app.main.number_input[1].set_value(20)
    press(app, "Set from now on")
    with talking.world.desk.database.reading() as session:
        (row,) = session.scalars(select(DoseRow)).all()
    assert (row.task_code, row.sets, row.reps, row.reason) == ("PUMP", 3, 20, "膝盖肿")
    assert audited(served) == "dose.set" and "3 × 20 a day from now on" in shown(app)
    unfold(app, f"dose_past_{course}")
    assert "膝盖肿" in str([each.value for each in app.main.dataframe])
    nurse = talk(served, talking, "nurse")
    assert f"dose_{course}" not in [each.key for each in nurse.main.expander] and not nurse.main.number_input


def test_her_own_nurse_and_who_stands_in_are_said(served: Served, talking: AnswerWard) -> None:
    assert "Nobody is her own nurse yet." in shown(talk(served, talking))
    actors = talking.world.actors
    talking.world.do("manager", name_own_nurse, patient_id=talking.patient_id, nurse_id=actors["nurse"].id)
    day = talking.world.today
    talking.world.do("manager", fill_roster, first=day, last=day, staff_id=actors["doctor"].id, phone="8104")
    words = shown(talk(served, talking))
    assert f"Her own nurse: {actors['nurse'].name}, not on duty now." in words
    assert f"{actors['doctor'].name} stands in until" in words and "8104" in words


def test_the_front_desk_reads_no_conversation(served: Served, talking: AnswerWard) -> None:
    app = opened(served, talking.patient_id, "front_desk")
    groups = [each for each in app.main.get("button_group") if str(each.key).startswith("view_")]
    assert "Conversation" not in [option.content for option in groups[0].proto.options]


def test_done_in_her_file_asks_for_the_value_on_the_card(served: Served, talking: AnswerWard) -> None:
    task = talking.task("TEMP.2")
    app = unfold(opened(served, talking.patient_id, "nurse"), "hers_at_home")
    app.main.button(key=f"file_done_{task}").click().run()
    assert not app.exception and talking.state("TEMP.2").state == "planned"
    assert app.main.text_input(key=f"entry_{task}").label == "Measured value in ℃"


def test_every_use_is_on_her_file_and_put_right_there(served: Served, talking: AnswerWard) -> None:
    course = talking.enrolment_id
    app = pick(opened(served, talking.patient_id), f"view_{talking.patient_id}", "packages")
    assert "锻炼视频点评 <b>7 of 7 left</b>" in str([each.proto.body for each in app.main.get("html")])
    unfold(app, f"rights_{course}")
    app.main.selectbox(key=f"right_{course}").set_value("REVIEW").run()
    unfold(app, f"hand_{course}_REVIEW")
    app.main.text_input[0].set_value("床边看的")
    press(app, "Note it")
    assert audited(served) == "entitlement.used" and "Noted: 锻炼视频点评" in shown(app)
    assert "床边看的" in str([each.value for each in app.main.dataframe])
    unfold(app, f"back_{course}_REVIEW")
    press(app, "Take it back")
    assert "Please give the reason" in shown(app)
    app.main.text_input[0].set_value("记错了人")
    press(app, "Take it back")
    assert audited(served) == "entitlement.taken_back"
    assert "does not count: 记错了人" in str([each.value for each in app.main.dataframe])
    press(app, "Let the use of 7 Mar count again")
    assert audited(served) == "entitlement.put_back" and "6 of 7 left" in str(app.main.selectbox)


def test_a_doctor_notes_uses_but_gives_none(served: Served, talking: AnswerWard) -> None:
    app = pick(opened(served, talking.patient_id, "doctor"), f"view_{talking.patient_id}", "packages")
    unfold(app, f"rights_{talking.enrolment_id}")
    labels = [each.proto.popover.label for each in app.main.get("popover")]
    assert "Note a use by hand" in labels and "Give one more" not in labels

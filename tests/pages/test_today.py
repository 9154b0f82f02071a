"""Today: the list, one task in its place, and what each act leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core.care.tables import AppointmentRow, TaskRow
from core.care.work.appointments import book
from core.care.work.tasks import mark_done, undo
from core.care.work.worklist import due_list
from core.dialogue.answers.tables import AnswerRow
from core.documents.press.letterhead import Letterhead
from core.documents.shift_list import ShiftLine, shift_list_pdf
from core.foundation.audit import AuditEntryRow
from core.foundation.clock import at
from core.people.own_nurse import name_own_nurse
from pages.staff.today.paper import _told
from pages.ui import calls
from pages.ui.browser import Browser, kept
from tests.answering_ward import AnswerWard, two_days_later
from tests.pages.conftest import Served, listed, on_file, shown, signed_in
from tests.prenatal_ward import PrenatalWard

PAGE = "staff/today/page.py"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """AppTest reads the labels of choices outside the page's own run."""
    with kept(Browser(None, "en", "")):
        yield


@pytest.fixture
def busy(served: Served) -> PrenatalWard:
    """Two patients with the same tasks: what is done for one must not touch the other."""
    ward = PrenatalWard(served.world)
    for name, phone in (("陈晓雨", "13800001111"), ("李静文", "13800002222")):
        ward.sell(ward.patient(name=name, phone=phone))
    return ward


def rows(ward: PrenatalWard, table: Any) -> list[Any]:
    with ward.world.desk.database.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def entries(ward: PrenatalWard, kind: str) -> int:
    with ward.world.desk.database.reading() as session:
        query = select(func.count()).select_from(AuditEntryRow).where(AuditEntryRow.kind == kind)
        return session.scalar(query) or 0


def opened(served: Served, task_id: int, role: str = "nurse") -> AppTest:
    return served.open(PAGE, role=role, language="en", query={"task": str(task_id)})


def first(ward: PrenatalWard, code: str = "P01") -> Any:
    return next(row for row in ward.world.ask("nurse", due_list).rows if row.code == code)


def press(app: AppTest, key: str) -> AppTest:
    return app.main.button(key=key).click().run()


def test_the_list_shows_every_task_and_none_lies_open_before_somebody_chose(
    busy: PrenatalWard, served: Served
) -> None:
    app = served.open(PAGE, role="nurse", language="en")
    assert len(listed(app)) == busy.world.ask("nurse", due_list).total
    assert not app.main.subheader and not [b for b in app.main.button if b.label == "Done"]


def test_place_time_and_what_to_bring_stand_above_the_wording(busy: PrenatalWard, served: Served) -> None:
    row = first(busy)
    text = shown(opened(served, row.task_id))
    for fact in (row.place.name, row.bring, "phone ends"):
        assert text.index(fact) < text.index(row.wording[:20])


def test_a_list_with_nothing_ticked_is_asked_back_at_its_field(busy: PrenatalWard, served: Served) -> None:
    row = first(busy)
    app = press(opened(served, row.task_id), f"done_task_{row.task_id}")
    assert (
        ": not ticked. Tick what was done" in shown(app) and busy.row(TaskRow, row.task_id).state == "planned"
    )
    app.main.text_input(key=f"note_{row.task_id}").set_value("she would rather not today").run()
    press(app, f"done_task_{row.task_id}")
    done = busy.row(TaskRow, row.task_id)
    assert (done.state, done.evidence) == ("done", "she would rather not today")


def test_done_marks_this_task_alone_and_opens_the_next(busy: PrenatalWard, served: Served) -> None:
    row = first(busy)
    app = opened(served, row.task_id)
    app.main.checkbox(key=f"every_{row.task_id}").check().run()
    app = press(app, f"done_task_{row.task_id}")
    done = [task for task in rows(busy, TaskRow) if task.state == "done"]
    assert [task.id for task in done] == [row.task_id] and entries(busy, "task.done") == 1
    assert f"Done: {row.title} · {row.patient_name}." in shown(app)
    assert app.query_params["task"] not in ([str(row.task_id)], str(row.task_id))


def test_what_is_rarer_lies_behind_more_and_is_drawn_when_it_opens(
    busy: PrenatalWard, served: Served
) -> None:
    row = first(busy)
    app = opened(served, row.task_id)
    assert not [b for b in app.main.button if b.label in ("Waive this task", "Book")]
    app.session_state[f"more_task_{row.task_id}"] = True
    app.run()
    app.main.radio(key=f"why_task_{row.task_id}").set_value("The doctor said rest").run()
    press(app, f"excuse_task_{row.task_id}")
    assert [task.id for task in rows(busy, TaskRow) if task.state == "excused"] == [row.task_id]


def test_a_visit_is_moved_from_the_day_and_hour_it_has_and_booked_once(
    busy: PrenatalWard, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "DOUBLE_CLICK", 60.0)
    row = first(busy)
    app = opened(served, row.task_id)
    app.session_state[f"more_task_{row.task_id}"] = True
    app.run()
    day, hour = busy.world.today + timedelta(days=2), time(14, 30)
    on_file(app, "date_input", f"book_task_{row.task_id}_day").set_value(day)
    on_file(app, "time_input", f"book_task_{row.task_id}_at").set_value(hour)
    press(press(app, f"book_task_{row.task_id}"), f"book_task_{row.task_id}")
    assert (entries(busy, "appointment.booked"), entries(busy, "appointment.moved")) == (1, 0)
    again = opened(served, row.task_id)
    again.session_state[f"more_task_{row.task_id}"] = True
    again.run()
    assert on_file(again, "time_input", f"book_task_{row.task_id}_at").value == hour
    assert on_file(again, "date_input", f"book_task_{row.task_id}_day").value == day
    on_file(again, "date_input", f"book_task_{row.task_id}_day").set_value(day + timedelta(days=1))
    press(again, f"book_task_{row.task_id}")
    [visit] = rows(busy, AppointmentRow)
    assert visit.at == at(day + timedelta(days=1), hour, ZoneInfo("Asia/Shanghai"))


def test_a_visit_that_was_missed_stays_to_be_done(busy: PrenatalWard, served: Served) -> None:
    row = first(busy)
    hour = busy.world.clock.now() + timedelta(minutes=5)
    busy.world.do("nurse", book, patient_id=row.patient_id, at=hour, task_id=row.task_id)
    busy.world.clock.advance(timedelta(hours=1))
    app = opened(served, row.task_id)
    app.session_state[f"more_task_{row.task_id}"] = True
    app.run()
    press(app, f"missed_task_{row.task_id}")
    [visit] = rows(busy, AppointmentRow)
    assert (visit.state, busy.row(TaskRow, row.task_id).state) == ("no_show", "planned")


def test_my_patients_are_those_whose_own_nurse_i_am(busy: PrenatalWard, served: Served) -> None:
    nurse = served.world.actors["nurse"].id
    mine = first(busy).patient_id
    served.world.do("nurse", name_own_nurse, patient_id=mine, nurse_id=nurse)
    app = served.open(PAGE, role="nurse", language="en", today_scope="mine")
    names = {line["cells"][0].split(" · ")[0] for line in listed(app)}
    assert names == {first(busy).patient_name}


def test_a_mistake_is_taken_back_with_a_reason(busy: PrenatalWard, served: Served) -> None:
    row = first(busy)
    busy.world.do("nurse", mark_done, task_id=row.task_id)
    app = served.open(PAGE, role="nurse", language="en", query={"marked": str(row.task_id)})
    app.main.text_input(key=f"undo_reason_{row.task_id}").set_value("wrong line").run()
    press(app, f"undo_{row.task_id}")
    assert busy.row(TaskRow, row.task_id).state == "planned" and entries(busy, "task.undone") == 1


def test_the_shift_on_paper_holds_every_open_task_with_its_number(busy: PrenatalWard, served: Served) -> None:
    app = served.open(PAGE, role="nurse", language="en", query={"paper": "1"})
    [download] = app.main.get("download_button")
    assert download.proto.label == "Print the list (PDF)"
    open_tasks = busy.world.ask("nurse", due_list).rows
    lines = [
        ShiftLine(row.task_id, "09:00", row.patient_name, row.week_text, row.title, row.place.name, row.bring)
        for row in open_tasks
    ]
    head = Letterhead("安和医院", "产科", "zh", busy.world.today)
    pages = PdfReader(BytesIO(shift_list_pdf(lines, "护士", head))).pages
    text = "".join(page.extract_text() for page in pages).replace("\0", "").replace("\n", "")
    for row in open_tasks:
        assert str(row.task_id) in text and row.patient_name in text


def test_an_hour_typed_in_the_morning_that_has_not_come_was_last_night(
    busy: PrenatalWard, served: Served
) -> None:
    served.open(PAGE, role="nurse", language="en")  # noon of 5 March
    zone = served.world.desk.ask(served.world.actors["nurse"], lambda look: look.zone)
    today = busy.world.today

    def told(hour: time) -> datetime | None:
        with kept(Browser(signed_in(busy.world.desk, "nurse"), "en", "")):
            return _told(f"{hour:%H:%M}", zone)

    assert told(time(8, 10)) == at(today, time(8, 10), zone)
    assert told(time(23, 30)) == at(today - timedelta(days=1), time(23, 30), zone)
    assert told(time(8, 10)) is not None and _told("", zone) is None and _told(None, zone) is None


# --- a value on the card --------------------------------------------------------------------------


@pytest.fixture
def knee(served: Served) -> AnswerWard:
    return two_days_later(served.world)


def card(served: Served, knee: AnswerWard, code: str) -> AppTest:
    return served.open(
        PAGE, role="nurse", language="en", query={"task": str(knee.task(code))}, today_scope="all"
    )


def test_a_card_shows_how_an_exercise_is_done_once_it_is_unfolded(served: Served, knee: AnswerWard) -> None:
    task, step = knee.task("QUAD.2"), "1. 平躺，膝盖伸直，膝盖下面不垫东西。"
    assert step not in shown(card(served, knee, "QUAD.2"))
    opened_card = served.open(
        PAGE, role="nurse", language="en", query={"task": str(task)}, today_scope="all", **{f"shown_{task}": True}
    )  # fmt: skip
    assert step in shown(opened_card)


def answers_kept(knee: AnswerWard) -> list[AnswerRow]:
    with knee.world.desk.database.reading() as session:
        return list(session.scalars(select(AnswerRow).order_by(AnswerRow.id)))


def test_a_fever_typed_on_the_card_opens_the_alert_and_says_so_at_once(
    served: Served, knee: AnswerWard
) -> None:
    app, task = card(served, knee, "TEMP.2"), knee.task("TEMP.2")
    field = app.main.text_input(key=f"entry_{task}")
    assert field.label == "Measured value in ℃" and field.placeholder == "34 to 42"
    field.set_value("39.6").run()
    app.main.text_input(key=f"note_{task}").set_value("shivering").run()
    press(app, f"done_task_{task}")
    (row,) = answers_kept(knee)
    assert (row.number, row.words, row.level, row.by) == (39.6, "shivering", "orange", "staff")
    (case,) = knee.cases()
    assert (case.kind, case.level, knee.state("TEMP.2").state) == ("alert", "orange", "done")
    assert "Orange: the doctor on duty has been told; promised by 12:30." in shown(app)
    read = next(each for each in app.main.button if str(each.key).startswith("urgent_read_"))
    read.click().run()
    assert not app.exception and "the doctor on duty has been told" not in shown(app)


def test_a_slip_is_asked_back_at_its_field(served: Served, knee: AnswerWard) -> None:
    app, task = card(served, knee, "TEMP.2"), knee.task("TEMP.2")
    app.main.text_input(key=f"entry_{task}").set_value("366").run()
    press(app, f"done_task_{task}")
    assert "Did you mean 36.6" in shown(app) and answers_kept(knee) == []
    assert knee.state("TEMP.2").state == "planned"
    app.main.text_input(key=f"entry_{task}").set_value("").run()
    press(app, f"done_task_{task}")
    assert "in digits" in shown(app) and knee.state("TEMP.2").state == "planned"


def test_a_score_a_count_and_a_list_are_kept_as_answers(served: Served, knee: AnswerWard) -> None:
    app, task = card(served, knee, "NRS.2"), knee.task("NRS.2")
    app.main.get("button_group")[0].set_value(5).run()
    press(app, f"done_task_{task}")
    assert "Yellow: it waits in Replies" in shown(app) or "Yellow:" in shown(app)
    app, task = card(served, knee, "PUMP.2"), knee.task("PUMP.2")
    field = app.main.text_input(key=f"entry_{task}")
    assert field.placeholder == "dose: 100 a day"
    field.set_value("80").run()
    press(app, f"done_task_{task}")
    app, task = card(served, knee, "WOUND.2"), knee.task("WOUND.2")
    app.main.get("button_group")[0].set_value([1, 2, 3, 4, 5, 6, 7, 8]).run()
    press(app, f"done_task_{task}")
    score, count, ticks = answers_kept(knee)
    assert (score.kind, score.number, score.level) == ("scale", 5, "yellow")
    assert (count.kind, count.number, ticks.kind, len(ticks.ticks)) == ("count", 80, "checklist", 8)


def test_a_value_nobody_knows_is_marked_done_without_one(served: Served, knee: AnswerWard) -> None:
    app, task = card(served, knee, "TEMP.2"), knee.task("TEMP.2")
    app.session_state[f"more_task_{task}"] = True
    app.run()
    press(app, f"unknown_task_{task}")
    assert knee.state("TEMP.2").state == "done" and answers_kept(knee) == []


def test_a_value_typed_back_from_paper_is_judged_like_any_other(
    served: Served, knee: AnswerWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, tick = knee.task("TEMP.2"), knee.task("MEDS.2")
    lines = [
        {
            "no": task,
            "done": True,
            "at": "08:10",
            "who": "王秀英",
            "task": "体温",
            "value": "39.1",
            "note": "发冷",
        },
        {"no": tick, "done": True, "at": "", "who": "王秀英", "task": "用药", "value": "2", "note": ""},
    ]
    monkeypatch.setattr("pages.staff.today.paper.st.data_editor", lambda *_rows, **_more: lines)
    app = served.open(PAGE, role="nurse", language="en", query={"paper": "1"})
    next(each for each in app.main.button if each.label == "Record what is ticked").click().run()
    assert not app.exception
    (row,) = answers_kept(knee)
    assert (row.number, row.words, row.level) == (39.1, "发冷", "orange")
    done = knee.state("TEMP.2")
    assert (
        done.done_at is not None
        and done.done_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M") == "08:10"
    )
    assert row.at == done.changed_at != done.done_at, "when it was done, beside when it was written down"
    assert "Orange: the doctor on duty has been told" in shown(app)
    assert knee.state("MEDS.2").state == "done" and knee.state("MEDS.2").evidence == "2"


def test_one_tick_on_paper_for_a_whole_list_shows_no_single_ticks_in_the_record(
    served: Served, knee: AnswerWard, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = served.world.ask("nurse", due_list, bands=["overdue", "due", "open"])
    listed = [row for row in found.rows if row.evidence == "checklist"][:1]
    assert listed and listed[0].checklist
    line = {"no": listed[0].task_id, "done": True, "at": "", "who": "王秀英", "task": "", "value": ""}
    for note, kept_words in (
        ("", "From the paper list: everything required was done"), ("没有换药", "From the paper list · 没有换药"),
    ):  # fmt: skip
        lines = [line | {"note": note}]
        monkeypatch.setattr("pages.staff.today.paper.st.data_editor", lambda *_rows, _l=lines, **_more: _l)
        app = served.open(PAGE, role="nurse", language="en", query={"paper": "1"})
        next(each for each in app.main.button if each.label == "Record what is ticked").click().run()
        assert not app.exception
        with served.world.desk.database.reading() as session:
            assert session.get_one(TaskRow, listed[0].task_id).evidence == kept_words
        served.world.do("nurse", undo, task_id=listed[0].task_id, reason="看错行")


def test_not_come_is_offered_only_when_the_visits_time_has_come(busy: PrenatalWard, served: Served) -> None:
    row = first(busy)
    when = busy.world.clock.now() + timedelta(hours=1)
    busy.world.do("nurse", book, patient_id=row.patient_id, at=when, task_id=row.task_id)

    def offered() -> bool:
        app = opened(served, row.task_id)
        app.session_state[f"more_task_{row.task_id}"] = True
        return "Did not come" in [button.label for button in app.run().main.button]

    assert not offered()
    busy.world.clock.advance(timedelta(hours=1))
    assert offered()

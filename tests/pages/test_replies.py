"""Replies: the queue, one case in its place, and what each act leaves behind."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.care.quiet_care import gentle_stop
from core.dialogue.cases import calls, cases, text_modules
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CallRow, PostRow, TextModuleRow
from core.people.own_nurse import name_own_nurse
from core.people.staff import deactivate
from pages.staff.replies import answering
from pages.staff.replies.words import time_left
from pages.ui.browser import Browser, kept
from tests.conftest import NOON
from tests.dialogue.desk_scene import DeskScene
from tests.pages.conftest import Served, listed, on_file, pick, shown

PAGE = "staff/replies/page.py"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """AppTest reads the labels of choices outside the page's own run."""
    with kept(Browser(None, "en", "")):
        yield


@pytest.fixture
def scene(served: Served) -> DeskScene:
    return DeskScene(served.world)


@pytest.fixture
def question(scene: DeskScene) -> int:
    _patient, enrolment = scene.sell("王秀英")
    return scene.open(enrolment, "question", words="可以洗澡吗？")


@pytest.fixture
def alert(scene: DeskScene) -> int:
    _patient, enrolment = scene.sell("李桂兰")
    return scene.open(enrolment, "alert", level="orange", why=["小腿又热又胀"])


def opened(served: Served, case_id: int, role: str = "nurse", **state: Any) -> AppTest:
    return served.open(PAGE, role=role, language="en", query={"case": str(case_id)}, **state)


def press(app: AppTest, key: str) -> AppTest:
    app.main.button(key=key).click().run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def rows(scene: DeskScene, table: Any) -> list[Any]:
    with scene.world.desk.database.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


# --- the list -------------------------------------------------------------------------------------


def test_the_queue_says_who_why_and_how_long(
    scene: DeskScene, served: Served, question: int, alert: int
) -> None:
    scene.world.do("doctor", cases.take, case_id=alert)
    scene.later(minutes=18)
    first, second = listed(served.open(PAGE, role="nurse", language="en"))
    assert first["cells"][:3] == ["李桂兰 · day 2", "Orange · Alert", "doctor测试"]
    assert first["cells"][-1] == {"word": "12 minutes left", "tone": "now"}
    assert first["second"] == "小腿又热又胀"
    assert second["cells"][-1]["word"] == "42 minutes left" and second["second"] == "“可以洗澡吗？”"
    scene.later(minutes=17)
    first, _second = listed(served.open(PAGE, role="nurse", language="zh"))
    assert first["cells"][-1] == {"word": "已超时 5 分钟", "tone": "late"}


def test_an_empty_queue_says_what_will_happen(served: Served) -> None:
    app = served.open(PAGE, role="nurse", language="en")
    assert "it appears here within 10 seconds" in shown(app) and not listed(app)


def test_mine_and_the_chips_narrow_the_queue(
    scene: DeskScene, served: Served, question: int, alert: int
) -> None:
    scene.world.do("manager", name_own_nurse, patient_id=1, nurse_id=scene.world.actors["nurse"].id)
    app = served.open(PAGE, role="nurse", language="en")
    assert len(listed(app)) == 2
    pick(app, "replies_whose", "mine")
    assert [line["id"] for line in listed(app)] == [str(question)]
    pick(app, "replies_whose", "all")
    pick(app, "replies_kind", "alert")
    assert [line["id"] for line in listed(app)] == [str(alert)]
    scene.world.do("doctor", cases.decide, case_id=alert, decision="watch", advice="观察")
    app.run()
    assert [line["id"] for line in listed(app)] == [str(question)], "a chip of nothing left falls away"


def test_what_was_answered_waits_folded(scene: DeskScene, served: Served, question: int) -> None:
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    app = served.open(PAGE, role="nurse", language="en", replies_hers=True)
    assert "Answered, waiting for her (1)" in [each.label for each in app.main.expander]
    assert [line["id"] for line in listed(app)] == [str(question)]


def test_other_roles_see_no_case(served: Served, question: int) -> None:
    for role in ("front_desk", "executive"):
        app = opened(served, question, role)
        assert "可以洗澡吗" not in shown(app) and "Not for your role" in shown(app)


def test_an_address_that_names_nothing_shows_the_queue(served: Served, question: int) -> None:
    for number in ("999", "x", "-1", "9" * 30):
        app = served.open(PAGE, role="nurse", language="en", query={"case": number})
        assert [line["id"] for line in listed(app)] == [str(question)]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "1 hour"), (59, "1 minute left"), (60, "less than a minute left"), (61, "missed 1 minute ago"),
        (-120, "by 13:00"), (190, "missed since 13:00"),
    ],
)  # fmt: skip
def test_time_left_is_said_in_words(scene: DeskScene, question: int, minutes: int, said: str) -> None:
    row = scene.world.ask("nurse", _one, case_id=question)
    zone = scene.world.ask("nurse", lambda look: look.zone)
    word = time_left(row, NOON + timedelta(minutes=minutes), zone).word
    assert word == (said if minutes else "60 minutes left")


def _one(look: Any, *, case_id: int) -> Any:
    from core.dialogue.cases.queue import one_case

    return one_case(look, case_id=case_id)


# --- who has it -----------------------------------------------------------------------------------


def test_a_case_is_taken_given_back_and_taken_over_after_a_question(
    scene: DeskScene, served: Served, question: int
) -> None:
    app = press(opened(served, question), f"take_{question}")
    assert scene.case(question).taken_by == scene.world.actors["nurse"].id
    press(app, f"release_{question}")
    assert scene.case(question).taken_by is None
    press(app, f"take_{question}")
    other = opened(served, question, "doctor")
    assert not [b for b in other.main.button if b.key == f"take_{question}"]
    other.session_state[f"over_{question}"] = True
    other.run()
    assert "nurse测试 is on it. Do you take it over?" in shown(other)
    press(other, f"yes_over_{question}")
    assert scene.case(question).taken_by == scene.world.actors["doctor"].id
    assert (scene.trail("case.taken"), scene.trail("case.released")) == (3, 1)


def test_of_two_desks_the_second_is_told_who_has_it(scene: DeskScene, served: Served, question: int) -> None:
    app = opened(served, question)
    scene.world.do("doctor", cases.take, case_id=question)
    press(app, f"take_{question}")
    assert "doctor测试 is on it already." in shown(app)
    assert scene.case(question).taken_by == scene.world.actors["doctor"].id


# --- answering ------------------------------------------------------------------------------------


def test_an_answer_in_words_stops_the_clock_and_leads_to_the_next_case(
    scene: DeskScene, served: Served, question: int, alert: int
) -> None:
    app = opened(served, question)
    app.main.text_area(key=f"answer_{question}").set_value("可以，贴好防水贴。").run()
    press(app, f"send_{question}")
    assert scene.runs(question)[0].met_at == NOON and scene.trail("case.replied") == 1
    assert [post.words for post in rows(scene, PostRow)] == ["可以洗澡吗？", "可以，贴好防水贴。"]
    assert app.main.text_area(key=f"answer_{question}").value == ""
    assert "Answered: 王秀英" in shown(app)
    press(app, "replies_next")
    assert app.query_params["case"] in ([str(alert)], str(alert))


def test_an_empty_answer_is_refused_at_its_field(scene: DeskScene, served: Served, question: int) -> None:
    app = press(opened(served, question), f"send_{question}")
    assert "Please write a few words." in shown(app)
    assert scene.case(question).state == "open" and scene.trail("case.replied") == 0


def test_a_text_module_is_added_to_what_is_written(scene: DeskScene, served: Served, question: int) -> None:
    module = scene.world.do("nurse", text_modules.add, short="问候", words="{name}您好，我们 {time} 前答复。")
    app = opened(served, question)
    app.main.text_area(key=f"answer_{question}").set_value("先看一下。").run()
    app.main.selectbox(key=f"module_{question}").select_index(0).run()
    assert not app.exception and module
    assert app.main.text_area(key=f"answer_{question}").value == "先看一下。\n王秀英您好，我们 13:00 前答复。"
    assert app.main.selectbox(key=f"module_{question}").value is None


def test_a_field_nothing_is_known_for_is_asked_for(scene: DeskScene, served: Served) -> None:
    _patient, enrolment = scene.sell("赵玉芬")
    silence = scene.open(enrolment, "silence")
    scene.world.do("nurse", text_modules.add, short="时间", words="{time} 前答复")
    app = opened(served, silence)
    app.main.selectbox(key=f"module_{silence}").select_index(0).run()
    assert app.main.text_area(key=f"answer_{silence}").value == "____ 前答复"
    assert "Please fill in: hour by which we promised to answer" in shown(app)


def test_what_was_typed_is_still_there_after_another_case(
    scene: DeskScene, served: Served, question: int, alert: int
) -> None:
    app = opened(served, question)
    app.main.text_area(key=f"answer_{question}").set_value("我想一想").run()
    press(app, "replies_next")
    press(app, "replies_next")
    assert app.main.text_area(key=f"answer_{question}").value == "我想一想"


def sound(seconds: float = 1.0) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(16000)
        written.writeframes(b"\0\0" * int(16000 * seconds))
    return out.getvalue()


def test_a_recorded_file_is_the_answer_where_the_page_may_not_record(
    scene: DeskScene, served: Served, question: int
) -> None:
    app = opened(served, question, "doctor")
    assert "needs an address with HTTPS" in shown(app)
    app.main.get("file_uploader")[0].upload("answer.wav", sound(), "audio/wav").run()
    press(app, f"speak_{question}")
    [voice] = rows(scene, RecordingRow)
    assert (voice.kind, voice.state, voice.seconds) == ("voice", "ready", 1.0)
    assert voice.post_id is not None and scene.case(question).state == "answered"
    assert scene.history(question)[-1] == ("answered", "voice")
    assert "Voice message 0:01" in shown(app)


def test_a_file_without_sound_is_refused_and_nothing_is_kept(
    scene: DeskScene, served: Served, question: int
) -> None:
    app = opened(served, question)
    app.main.get("file_uploader")[0].upload("answer.mp3", b"MZ not a recording", "audio/mpeg").run()
    press(app, f"speak_{question}")
    assert "no recording that can be played" in shown(app)
    assert rows(scene, RecordingRow) == [] and scene.case(question).state == "open"


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://desk.example/replies", True), ("http://localhost:8501/replies", True),
        ("http://127.0.0.1:8501/", True), ("http://192.168.1.5:8501/replies", False), ("", False),
    ],
)  # fmt: skip
def test_the_microphone_is_offered_where_the_browser_hands_it_out(url: str, may: bool) -> None:
    with kept(Browser(None, "en", url)):
        assert answering._may_record() is may


# --- the telephone --------------------------------------------------------------------------------


def test_a_call_in_vain_plans_the_next_try(scene: DeskScene, served: Served, question: int) -> None:
    app = opened(served, question)
    pick(app, f"outcome_{question}", "no_answer")
    app.main.text_input(key=f"call_note_{question}").set_value("响了很久").run()
    press(app, f"called_{question}")
    [call] = rows(scene, CallRow)
    assert (call.outcome, call.note, call.case_id) == ("no_answer", "响了很久", question)
    assert "Next try: 5 Mar 18:30" in shown(app) and scene.trail("call.recorded") == 1
    assert app.main.text_input(key=f"call_note_{question}").value == ""
    pick(app, f"outcome_{question}", "reached")
    press(app, f"called_{question}")
    assert scene.case(question).state == "answered"


def test_a_call_without_an_outcome_is_refused(scene: DeskScene, served: Served, question: int) -> None:
    app = press(opened(served, question), f"called_{question}")
    assert "Please choose what came of the call." in shown(app) and rows(scene, CallRow) == []


def test_a_wrong_number_asks_to_correct_it(scene: DeskScene, served: Served, question: int) -> None:
    scene.world.do("nurse", calls.record, case_id=question, outcome="wrong_number")
    app = opened(served, question)
    assert "was found to be wrong" in shown(app)
    press(app, f"correct_{question}")
    assert app.main.title[0].value == "王秀英"


def test_lost_is_offered_only_after_the_tries(scene: DeskScene, served: Served, question: int) -> None:
    def offered(app: AppTest) -> bool:
        [outcomes] = [g for g in app.main.get("button_group") if str(g.key).startswith("outcome_")]
        return "Lost after all tries" in [option.content for option in outcomes.proto.options]

    for hours in (0, 6.5, 21.5):  # noon, 18:30, 9:30 on the next day
        scene.world.clock.moment = NOON + timedelta(hours=hours)
        assert not offered(opened(served, question))
        scene.world.do("nurse", calls.record, case_id=question, outcome="no_answer")
    app = opened(served, question)
    assert offered(app)
    pick(app, f"outcome_{question}", "lost")
    press(app, f"called_{question}")
    assert scene.case(question).state == "closed" and len(rows(scene, CallRow)) == 4


# --- decision and close ---------------------------------------------------------------------------


def test_a_nurse_may_only_send_to_the_emergency_department(
    scene: DeskScene, served: Served, alert: int
) -> None:
    app = opened(served, alert)
    assert app.main.radio(key=f"decision_{alert}").options == ["Emergency department"]
    app.main.radio(key=f"decision_{alert}").set_value("emergency").run()
    app.main.text_area(key=f"told_{alert}").set_value("请马上去急诊。").run()
    press(app, f"decide_{alert}")
    assert scene.case(alert).decision == "emergency" and scene.trail("case.decided") == 1


def test_a_doctor_decides_that_she_comes_in_on_a_day(scene: DeskScene, served: Served, alert: int) -> None:
    app = opened(served, alert, "doctor")
    app.main.radio(key=f"decision_{alert}").set_value("come_in").run()
    app.main.text_area(key=f"told_{alert}").set_value("请来复查。").run()
    press(app, f"decide_{alert}")
    assert "Please say on which day she comes in" in shown(app) and scene.case(alert).decision == ""
    app.main.date_input(key=f"decision_on_{alert}").set_value(date(2026, 3, 6)).run()
    press(app, f"decide_{alert}")
    row = scene.case(alert)
    assert (row.decision, row.decision_on, row.state) == ("come_in", date(2026, 3, 6), "answered")
    assert "Decided: Come in Fri 6 Mar. 请来复查。" in shown(app)


def test_an_urgent_sign_offers_no_close_before_its_decision(
    scene: DeskScene, served: Served, alert: int
) -> None:
    app = opened(served, alert, "doctor")
    assert "closed only with a decision" in shown(app)
    assert not [b for b in app.main.button if b.key == f"close_{alert}"]
    scene.world.do("doctor", cases.decide, case_id=alert, decision="watch", advice="观察")
    app.run()
    press(app, f"close_{alert}")
    assert scene.case(alert).state == "closed"


def test_a_close_leads_to_the_queue_and_can_be_taken_back_there(
    scene: DeskScene, served: Served, question: int
) -> None:
    app = opened(served, question)
    press(app, f"close_{question}")
    assert "Please write what was advised" in shown(app) and scene.case(question).state == "open"
    app.main.text_area(key=f"advice_{question}").set_value("当面已答").run()
    press(app, f"close_{question}")
    assert scene.case(question).state == "closed" and "Closed: 王秀英." in shown(app)
    press(app, "replies_undo")
    assert scene.case(question).state == "open" and scene.trail("case.reopened") == 1
    assert app.query_params["case"] in ([str(question)], str(question))


def test_a_closed_case_says_so_and_opens_again_today(scene: DeskScene, served: Served, question: int) -> None:
    scene.world.do("nurse", cases.close, case_id=question, advice="当面已答")
    app = opened(served, question, "doctor")
    assert "Closed at 12:00. 当面已答" in shown(app) and not app.main.text_area
    press(app, f"reopen_{question}")
    assert scene.case(question).state == "open"


# --- what stands beside ---------------------------------------------------------------------------


def test_the_strip_says_who_she_is_and_dials(scene: DeskScene, served: Served, alert: int) -> None:
    nurse = scene.world.actors["nurse"]
    scene.world.do("manager", name_own_nurse, patient_id=1, nurse_id=nurse.id)
    app = opened(served, alert)
    words = shown(app)
    assert "day 2 · own nurse: nurse测试" in words and "href='tel:13800010001'" in words
    assert "<li>小腿又热又胀</li>" in words and "30 minutes left" in words and "on it: nobody yet" in words
    press(app, f"file_{alert}")
    assert app.main.title[0].value == "李桂兰"


def test_words_of_hers_are_text_never_markup(scene: DeskScene, served: Served) -> None:
    _patient, enrolment = scene.sell("王秀英")
    case = scene.open(enrolment, "question", words="<img src=x onerror=alert(1)> *好*", why=["<b>x</b>"])
    words = shown(opened(served, case))
    assert "&lt;img" in words and "<img" not in words and "<li><b>x" not in words


def test_films_photos_and_voices_are_played_from_the_signed_in_route(
    scene: DeskScene, served: Served, question: int
) -> None:
    _patient, enrolment = scene.sell("陈玉梅")
    film = scene.open(enrolment, "film")
    known = {"size": 1, "at": NOON, "by": "patient"}
    with scene.world.desk.database.writing() as session:
        [word] = session.query(PostRow).filter(PostRow.case_id == question).all()
        for kind, state, where in (
            ("photo", "ready", {"patient_id": 1, "post_id": word.id}),
            ("voice", "ready", {"patient_id": 1, "post_id": word.id, "seconds": 75}),
            ("film", "ready", {"patient_id": 2, "case_id": film}),
            ("film", "converting", {"patient_id": 2, "case_id": film}),
            ("film", "deleted", {"patient_id": 2, "case_id": film}),
        ):
            session.add(RecordingRow(kind=kind, state=state, **known, **where))
    words = shown(opened(served, question))
    assert "src='/recordings/1.jpg'" in words and "<audio src='/recordings/2.m4a'" in words
    assert "Voice message 1:15" in words and "/recordings/3" not in words
    words = shown(opened(served, film))
    assert "<video src='/recordings/3.mp4'" in words and words.count("<video") == 1
    assert "Film · Arrived. It is being prepared" in words


def test_a_quiet_patients_alert_says_so(scene: DeskScene, served: Served, alert: int) -> None:
    scene.world.do("doctor", gentle_stop, patient_id=1, kind="transfer", note="转院", caller_id=2)
    assert "Quiet care: please speak with her personally." in shown(opened(served, alert))


def test_who_was_signed_out_meanwhile_reads_nothing_more(
    scene: DeskScene, served: Served, question: int
) -> None:
    app = opened(served, question)
    scene.world.do("administrator", deactivate, staff_id=scene.world.actors["nurse"].id)
    app.run()
    assert "可以洗澡吗" not in shown(app)


# --- text modules ---------------------------------------------------------------------------------


def test_text_modules_are_added_changed_and_retired(scene: DeskScene, served: Served) -> None:
    app = press(served.open(PAGE, role="nurse", language="en"), "replies_modules")
    assert "No text module yet" in shown(app)
    press(app, "module_new")
    on_file(app, "text_input", "module_new_short").set_value("问候").run()
    on_file(app, "text_area", "module_new_words").set_value("{nme}您好").run()
    press(app, "module_new_save")
    assert "“nme” is not a field" in shown(app) and rows(scene, TextModuleRow) == []
    on_file(app, "text_area", "module_new_words").set_value("{name}您好").run()
    press(app, "module_new_save")
    [module] = rows(scene, TextModuleRow)
    assert (module.short, module.words) == ("问候", "{name}您好") and "“问候” is saved." in shown(app)
    app.main.text_input(key="modules_letters").set_value("问").run()
    assert [line["cells"][0] for line in listed(app)] == ["问候"]
    app.main.text_input(key="modules_letters").set_value("没有").run()
    assert listed(app) == []
    app = served.open(PAGE, role="nurse", language="en", query={"modules": f"m{module.id}"})
    on_file(app, "text_area", f"module_{module.id}_words").set_value("{name}早").run()
    press(app, f"module_{module.id}_save")
    assert rows(scene, TextModuleRow)[0].words == "{name}早"
    app = served.open(PAGE, role="nurse", language="en", query={"modules": f"m{module.id}"})
    press(app, f"module_{module.id}_retire")
    assert rows(scene, TextModuleRow)[0].active is False
    assert [scene.trail(f"text_module.{done}") for done in ("added", "changed", "retired")] == [1, 1, 1]


def test_a_text_module_shows_what_differs_from_the_facts_and_is_kept_once_somebody_says_it_is_right(
    scene: DeskScene, served: Served
) -> None:
    app = served.open(PAGE, role="nurse", language="en", query={"modules": "new"})
    on_file(app, "text_input", "module_new_short").set_value("停车").run()
    on_file(app, "text_area", "module_new_words").set_value("停车10元").run()
    assert "“10元” is no amount of a package on sale." in shown(app)
    press(app, "module_new_save")
    assert rows(scene, TextModuleRow) == [] and "tick that it is right" in shown(app)
    app.main.checkbox[0].check().run()
    press(app, "module_new_save")
    assert [one.words for one in rows(scene, TextModuleRow)] == ["停车10元"]


def test_shipped_text_modules_are_offered_and_taken_by_one_click(scene: DeskScene, served: Served) -> None:
    app = press(served.open(PAGE, role="nurse", language="en"), "replies_modules")
    assert rows(scene, TextModuleRow) == []
    press(app, "modules_shipped")
    shipped = len(text_modules.SHIPPED)
    assert len(rows(scene, TextModuleRow)) == shipped and len(listed(app)) == shipped
    assert f"{shipped} sentences taken over." in shown(app)
    assert "modules_shipped" not in [button.key for button in app.main.button]
    assert scene.trail("text_module.taken_over") == 1


# --- elsewhere ------------------------------------------------------------------------------------


def links(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.main.get("page_link")]


def test_her_file_and_today_say_what_waits(scene: DeskScene, served: Served, question: int) -> None:
    scene.open(scene.case(question).enrolment_id, "film")
    app = served.open("staff/patient/page.py", role="nurse", language="en", query={"id": "1"})
    assert "2 words of hers wait for an answer" in links(app)
    app = served.open("staff/today/page.py", role="nurse", language="en")
    assert "2 words of patients wait for an answer" in links(app)
    for page, query in (("staff/patient/page.py", {"id": "1"}), ("staff/today/page.py", {})):
        app = served.open(page, role="front_desk", language="en", query=query)
        assert not [label for label in links(app) if "wait" in label], (
            "who may not read replies hears nothing"
        )


def test_the_menu_counts_what_waits_for_those_who_answer(
    scene: DeskScene, served: Served, question: int
) -> None:
    def counted(role: str) -> dict[str, dict[str, str]]:
        app = served.open(PAGE, role=role, language="en")
        [told] = [
            each for each in app.sidebar.get("bidi_component") if each.proto.component_name.endswith("menu")
        ]
        return dict(json.loads(told.proto.bytes)["counts"])

    assert counted("nurse") == {"replies": {"shown": "1", "heard": "1 waits"}}
    assert counted("front_desk") == {}
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    assert counted("nurse") == {}


# --- promises of the last days --------------------------------------------------------------------


def test_managers_see_what_was_kept(scene: DeskScene, served: Served, question: int, alert: int) -> None:
    scene.later(minutes=10)
    scene.world.do("nurse", cases.reply, case_id=question, words="可以。")
    scene.later(minutes=30)
    app = served.open(PAGE, role="manager", language="en")
    press(app, "replies_promises")
    assert "Kept 1 of 2 promises." in shown(app) and "Nobody had to be told" in shown(app)
    table = app.main.dataframe[0].value
    assert list(table["What"]) == ["Urgent signs", "Questions", "In all"]
    assert list(table["Kept"]) == ["0", "1", "1"] and list(table["Usual time (median)"]) == [
        "",
        "10 minutes",
        "10 minutes",
    ]
    assert list(table["Most late"]) == ["10 minutes", "", "10 minutes"]


def test_without_a_promise_the_list_says_how_one_begins(served: Served) -> None:
    app = served.open(PAGE, role="manager", language="en", query={"promises": "1"})
    assert "No promise began in these days." in shown(app)


def test_the_button_is_a_managers(served: Served) -> None:
    app = served.open(PAGE, role="nurse", language="en")
    assert "replies_promises" not in [each.key for each in app.main.button]


def test_a_question_shows_what_is_left_and_an_alert_costs_her_nothing(
    scene: DeskScene, served: Served, question: int, alert: int
) -> None:
    assert "20:00–22:00护士答疑（每晚） 7 of 7 left" in shown(opened(served, question))
    assert "of 7 left" not in shown(opened(served, alert))

"""The editor of answers and promises: each act saves itself, problems stand at their fields, newer rules by a named act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from core.dialogue.course import course_of
from core.dialogue.newer_rules import older_rules
from core.foundation.access import SYSTEM
from core.foundation.language import translator
from core.operations.audit_trail import trail
from core.packages.document import problems
from core.packages.drafts import keep_draft
from core.packages.editing import with_field
from core.packages.publishing import draft, publish, take_template
from core.packages.templates import load
from tests.knee_ward import KneeWard, knee_ward
from tests.pages.conftest import Served, shown

RAW = load("knee_7days", "zh").model_dump(mode="json")
PAGE = "manager/packages/page.py"


@pytest.fixture
def pack(served: Served) -> int:
    number: int = served.world.do("manager", take_template, document=RAW)
    return number


def task_at(served: Served, pack: int, code: str) -> AppTest:
    """The task with its section "Answer" open."""
    state: dict[str, Any] = {"package_tab": "Tasks", f"task_{pack}": code, "task_answer": True}
    return served.open(PAGE, language="en", **state)


def promises_at(served: Served, language: str = "en", **folds: Any) -> AppTest:
    return served.open(
        PAGE, language=language, package_tab=translator(language)("Answers and promises"), **folds
    )


def fields(app: AppTest, kind: str, label: str) -> list[Any]:
    return [one for one in app.main.get(kind) if one.label == label]


def field(app: AppTest, kind: str, label: str) -> Any:
    return fields(app, kind, label)[0]


def click(app: AppTest, label: str, last: bool = False, key: str = "") -> AppTest:
    """Click the first (or last) button with this label whose key holds `key`."""
    found = [one for one in app.main.button if one.label == label and key in str(one.key)]
    assert found, (label, [(one.label, one.key) for one in app.main.button])
    found[-1 if last else 0].click().run()
    assert not app.exception, [one.value for one in app.exception]
    return app


def task_of(served: Served, pack: int, code: str) -> dict[str, Any]:
    tasks = working(served, pack)["tasks"]
    found: dict[str, Any] = next(one for one in tasks if one["code"] == code)
    return found


def working(served: Served, pack: int) -> dict[str, Any]:
    found: dict[str, Any] = served.world.ask("manager", draft, package_id=pack).working
    return found


# --- what she answers ---------------------------------------------------------------------------------


def test_closed_sections_are_not_drawn(served: Served, pack: int) -> None:
    app = served.open(PAGE, language="en", package_tab="Tasks")
    assert not fields(app, "number_input", "Photos she may add")
    assert not fields(promises_at(served), "text_input", "What she ticks")


def test_a_measured_value_gets_unit_range_and_decimals(served: Served, pack: int) -> None:
    app = task_at(served, pack, "MEDS")
    field(app, "selectbox", "What shows that it was done").set_value("value").run()
    click(app, "Write unit and plausible range")
    assert "This is empty. Please write the text." in shown(app)
    field(app, "text_input", "Unit").set_value("mmHg").run()
    field(app, "number_input", "Decimals").set_value(1).run()
    field(app, "number_input", "Plausible from").set_value(150.0).run()
    assert shown(app).count("The largest plausible value must be above the smallest.") == 2, (
        "beside, and above"
    )
    field(app, "number_input", "to").set_value(200.5).run()
    assert task_of(served, pack, "MEDS")["measure"] == {
        "unit": "mmHg", "low": 150.0, "high": 200.5, "decimals": 1
    }  # fmt: skip
    click(app, "Remove", key="measure_less")
    assert task_of(served, pack, "MEDS")["measure"] is None


def test_photos_and_the_lines_of_a_film_are_kept(served: Served, pack: int) -> None:
    app = task_at(served, pack, "GAIT_VIDEO")
    field(app, "number_input", "Photos she may add").set_value(3).run()
    field(app, "text_area", "What the team looks at in her film, one line each").set_value(
        "脚跟\n\n抬头"
    ).run()
    task = task_of(served, pack, "GAIT_VIDEO")
    assert (task["photos"], task["rubric"]) == (3, ["脚跟", "抬头"])
    assert "up to 3 photos" in shown(app)


def test_a_rule_is_picked_from_lists_and_what_is_missing_is_said_at_its_field(
    served: Served, pack: int
) -> None:
    app = task_at(served, pack, "TEMP")
    click(app, "Add a rule")
    assert shown(app).count("This rule needs its limit.") == 2
    field_of = fields(app, "number_input", "Limit")
    field_of[-1].set_value(50.0).run()
    assert "This limit lies outside what can be answered (34 to 43)." in shown(app)
    fields(app, "number_input", "Limit")[-1].set_value(39.5).run()
    fields(app, "selectbox", "Level")[-1].set_value("red").run()
    fields(app, "text_area", "What she reads at once")[-1].set_value("请打120。").run()
    assert task_of(served, pack, "TEMP")["rules"][-1] == {
        "test": "at_least", "value": 39.5, "upper": None, "items": [], "level": "red", "advice": "请打120。",
    }  # fmt: skip
    assert "the value is at least 39.5 ℃ → Red" in shown(app), "the phone says it too"
    fields(app, "selectbox", "When")[-1].set_value("between").run()
    assert "“Between” needs two values" in shown(app)
    fields(app, "number_input", "Up to")[-1].set_value(40.0).run()
    assert task_of(served, pack, "TEMP")["rules"][-1]["upper"] == 40.0
    fields(app, "selectbox", "When")[-1].set_value("days_without").run()
    assert task_of(served, pack, "TEMP")["rules"][-1]["value"] == 2
    click(app, "Remove", last=True, key="rule_less")
    stored = next(one for one in RAW["tasks"] if one["code"] == "TEMP")
    assert task_of(served, pack, "TEMP")["rules"] == stored["rules"]


@pytest.mark.parametrize(
    ("code", "picked", "values", "level"),
    [
        ("TEMP", "at_least", {"Limit": 38.0}, "orange"),
        ("NRS", "at_least", {"Limit": 7.0}, "orange"),
        ("NRS", "between", {"Limit": 4.0, "Up to": 6.0}, "yellow"),
        ("CALF", "unticked", {}, "orange"),
        ("NRS", "rose_by", {"Limit": 3.0}, "yellow"),
        ("PUMP", "days_without", {"Days": 2}, "yellow"),
    ],
)
def test_every_kind_of_rule_is_picked_from_lists(
    served: Served, code: str, picked: str, values: dict[str, float], level: str
) -> None:
    pack = served.world.do("manager", take_template, document=with_field(RAW, f"tasks.{code}.rules", []))
    app = click(task_at(served, pack, code), "Add a rule")
    field(app, "selectbox", "When").set_value(picked).run()
    for label, value in values.items():
        field(app, "number_input", label).set_value(value).run()
    field(app, "selectbox", "Level").set_value(level).run()
    field(app, "text_area", "What she reads at once").set_value("请歇一歇。").run()
    limits = list(values.values())
    assert task_of(served, pack, code)["rules"] == [
        {
            "test": picked, "value": limits[0] if limits else None, "upper": limits[1] if limits[1:] else None,
            "items": [], "level": level, "advice": "请歇一歇。",
        }
    ]  # fmt: skip
    assert problems(working(served, pack)) == []


def test_items_of_a_list_are_picked_by_their_text_and_follow_it(served: Served, pack: int) -> None:
    app = task_at(served, pack, "WOUND")
    items = fields(app, "multiselect", "Items of the list")[0]
    items.set_value([3]).run()
    assert task_of(served, pack, "WOUND")["rules"][0]["items"] == [3]
    lines = [one["text"] for one in task_of(served, pack, "WOUND")["checklist"]]
    box = field(app, "text_area", "Checklist, one line each; begin with ? what is only offered to some")
    box.set_value("\n".join(["新的一条", *lines])).run()
    assert task_of(served, pack, "WOUND")["rules"][0]["items"] == [4], "it looks at the same text"


def test_a_rule_that_fits_the_answer_no_longer_is_said(served: Served, pack: int) -> None:
    app = task_at(served, pack, "NRS")
    field(app, "selectbox", "What shows that it was done").set_value("tick").run()
    assert "An answer of this kind is never like that." in shown(app)


# --- promises, signs, silence -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tab_shows_what_is_promised_beside_her_page(served: Served, pack: int, language: str) -> None:
    words = shown(promises_at(served, language))
    _ = translator(language)
    assert _("Something is wrong") in words and "20:00–22:00" in words
    for code in ("at_least", "days_without", "doctor<", "orange<", "calf"):
        assert code not in words


def test_a_promise_is_written_with_hours_and_steps(served: Served, pack: int) -> None:
    app = promises_at(served, promise_question=True)
    field(app, "number_input", "Within minutes").set_value(20).run()
    field(app, "selectbox", "Who answers").set_value("doctor").run()
    field(app, "selectbox", "How it is answered").set_value("voice").run()
    field(app, "number_input", "Warning, minutes before the end").set_value(5).run()
    assert "This step comes after the promised time is over: at most 20 minutes." in shown(app)
    click(app, "Remove", last=True, key="ladder")
    click(app, "Add hours")
    fields(app, "text_input", "From")[-1].set_value("9 o'c").run()
    assert "Write the time of day with four digits, such as 09:30." in shown(app)
    fields(app, "text_input", "From")[-1].set_value("09:00").run()
    fields(app, "text_input", "Until")[-1].set_value("24:00").run()
    fields(app, "multiselect", "Weekdays")[-1].set_value([5, 6]).run()
    next(one for one in reversed(app.main.toggle) if one.label == "Also on public holidays").set_value(
        False
    ).run()
    click(app, "Add a step")
    fields(app, "selectbox", "Who is told")[-1].set_value("manager").run()
    fields(app, "number_input", "After minutes")[-1].set_value(15).run()
    promise = working(served, pack)["promises"][0]
    assert {name: promise[name] for name in ("minutes", "by", "means", "warn")} == {
        "minutes": 20, "by": "doctor", "means": "voice", "warn": 5,
    }  # fmt: skip
    assert promise["spans"][-1] == {
        "opens": "09:00",
        "closes": "24:00",
        "weekdays": [5, 6],
        "holidays": False,
    }
    assert promise["ladder"][-1] == {"to": "manager", "after": 15}
    assert "09:00–24:00, Sat Sun, not on public holidays" in shown(app)
    click(app, "Remove", last=True, key="spans")
    assert len(working(served, pack)["promises"][0]["spans"]) == 1


def test_a_promise_is_given_up_and_made_again(served: Served, pack: int) -> None:
    app = promises_at(served, promise_film=True)
    click(app, "Promise this no longer")
    assert [one["kind"] for one in working(served, pack)["promises"]] == ["question", "orange", "yellow"]
    click(app, "Promise this: A film or photo is commented")
    assert working(served, pack)["promises"][-1]["kind"] == "film"
    assert "pd-fault" not in shown(app)


def test_signs_are_added_levelled_and_removed(served: Served, pack: int) -> None:
    app = promises_at(served, package_signs=True)
    click(app, "Add a sign")
    fields(app, "text_input", "What she ticks")[-1].set_value("手脚发麻").run()
    fields(app, "selectbox", "Level")[-1].set_value("orange").run()
    sign = working(served, pack)["signs"][-1]
    assert (sign["level"], sign["text"]) == ("orange", "手脚发麻")
    click(app, "Remove", last=True, key="signs")
    assert working(served, pack)["signs"] == RAW["signs"]


def test_silence_is_written_and_taken_out(served: Served, pack: int) -> None:
    app = promises_at(served)
    field(app, "number_input", "Hours until a call").set_value(20).run()
    assert "The call must come later than the message." in shown(app)
    field(app, "number_input", "Hours until a message").set_value(12).run()
    field(app, "text_area", "The message").set_value("您今天好吗？").run()
    assert working(served, pack)["silence"] == {
        "message_hours": 12,
        "call_hours": 20,
        "message": "您今天好吗？",
    }
    click(app, "Do not ask after her")
    assert working(served, pack)["silence"] is None
    click(app, "Ask after her when nothing is heard")
    assert working(served, pack)["silence"]["call_hours"] == 96


def test_a_message_carries_the_film_of_a_task(served: Served, pack: int) -> None:
    app = served.open(PAGE, language="en", package_tab="Messages", **{f"message_{pack}": "DAY2"})
    field(app, "selectbox", "Carries the film or picture of").set_value("PUMP").run()
    message = next(one for one in working(served, pack)["messages"] if one["code"] == "DAY2")
    assert message["shows"] == "PUMP" and "How it is done: 踝泵" in shown(app)
    field(app, "selectbox", "Way").set_value("sms").run()
    assert "Only a message on her own page carries a picture or film." in shown(app)


def test_a_draft_from_before_takes_over_what_the_template_says_by_now(served: Served) -> None:
    bare = {**RAW, "promises": [], "signs": [], "silence": None, "price_fen": 12300}
    bare["tasks"] = [
        {**task, "measure": None, "photos": 0, "rules": [], "rubric": []} for task in RAW["tasks"]
    ]
    pack = served.world.do("manager", take_template, document=bare)
    app = promises_at(served, template_adds=True)
    assert "The template says more" in shown(app) and "When an answer is a sign" in shown(app)
    click(app, "Take it over from the template")
    assert working(served, pack) == {**RAW, "price_fen": 12300}
    assert "The template says more" not in shown(app)


# --- newer rules --------------------------------------------------------------------------------------


def newer(served: Served) -> KneeWard:
    """A patient of version 1; version 2 has another limit."""
    ward = knee_ward(served.world)
    served.world.clock.advance(timedelta(seconds=1))
    known = served.world.ask("manager", draft, package_id=ward.package_id)
    new = with_field(known.working, "silence.call_hours", 60)
    served.world.do(
        "manager", keep_draft, package_id=ward.package_id, working=new, expected_changed_at=known.changed_at
    )
    served.world.do("manager", publish, package_id=ward.package_id)
    return ward


def test_newer_rules_count_for_running_courses_only_by_a_named_act(served: Served) -> None:
    ward = newer(served)
    app = served.open(PAGE, language="en", package_tab="Publish", newer_rules=True)
    assert "2 running courses go by the rules" in shown(app) and "version 1: 2 courses" in shown(app)
    click(app, "Let the newer rules count")
    assert served.world.ask("manager", older_rules, package_id=ward.package_id).courses, (
        "not without a reason"
    )
    field(app, "text_input", "Reason").set_value("体温界限经主任同意").run()
    click(app, "Let the newer rules count")
    assert "The newer rules count for 2 courses from now on." in shown(app)
    assert not served.world.ask("manager", older_rules, package_id=ward.package_id).courses
    terms = served.world.desk.ask(SYSTEM, lambda look: course_of(look, ward.enrolment_id).terms)
    assert terms.silence is not None and terms.silence.call_hours == 60
    (line,), _total = served.world.ask("administrator", trail, kind="courses.rules")
    assert "体温界限经主任同意" in line.sentence("zh", ZoneInfo("Asia/Shanghai"))


def test_chosen_courses_alone_can_have_them(served: Served) -> None:
    ward = newer(served)
    app = served.open(PAGE, language="en", package_tab="Publish", newer_rules=True)
    app.main.radio[0].set_value("chosen").run()
    assert next(one for one in app.main.button if one.label == "Let the newer rules count").disabled
    field(app, "multiselect", "Running courses").set_value([ward.enrolment_id]).run()
    field(app, "text_input", "Reason").set_value("本人同意").run()
    click(app, "Let the newer rules count")
    left = served.world.ask("manager", older_rules, package_id=ward.package_id).courses
    assert [one.enrolment_id for one in left] == [ward.other_enrolment_id]

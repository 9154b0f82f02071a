"""The dashboard as a manager and an executive see it, in both languages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.foundation.fast.statements import Hot
from core.foundation.house import HouseRow
from core.foundation.language import translator
from core.foundation.touched_days import touched
from core.insight import board
from pages.leader.dashboard import detail
from tests.insight.fact_tables import FactTables
from tests.pages.conftest import Served, shown

PAGE = "leader/dashboard/page.py"
PILOT, TODAY = date(2026, 1, 1), date(2026, 3, 5)
ONE = timedelta(days=1)
CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def filled(served: Served) -> Served:
    """60 days before and after the pilot's first day: fewer missed visits, happier answers, some sales."""
    with served.world.desk.database.writing() as session:
        ward = FactTables(session, one_by_one=False)
        ward.open()
        for n in range(60):
            for k in range(5):
                ward.visit(PILOT - (n + 1) * ONE, "no_show" if k < 2 else "attended")
                ward.visit(
                    PILOT + n * ONE, "no_show" if k == 0 and n % 2 else "attended", 1 if k % 2 else None
                )
            ward.answer(PILOT - (n + 1) * ONE, 3 + n % 2)
            ward.answer(PILOT + n * ONE, 5)
            sale = ward.enrolment(PILOT + n * ONE) if n % 3 == 0 else None
            ward.offer(PILOT + n * ONE, sale)
            if sale:
                ward.task(sale, PILOT + n * ONE, "done", PILOT + n * ONE)
                ward.promised(sale, PILOT + n * ONE, late=5 if n % 2 else 0)
            if n % 5 == 0:
                ward.entry(PILOT + n * ONE, "earn", 100, 1)
                ward.praise(PILOT + n * ONE)
    return served


def choose(app: AppTest, key: str, value: Any) -> AppTest:
    """Turn a widget of the page by its key, whatever kind it is."""
    kinds = ("selectbox", "button_group", "date_input")
    (widget,) = [each for kind in kinds for each in app.main.get(kind) if each.key == key][:1]
    widget.set_value(value).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def keys(app: AppTest) -> set[str]:
    return {
        str(each.key)
        for kind in ("selectbox", "button_group", "download_button")
        for each in app.main.get(kind)
    }


# --- who, and what first -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk"])
def test_other_roles_are_shown_no_figure(filled: Served, role: str):
    app = filled.open(PAGE, role=role)
    assert "pd-says" not in shown(app) and not app.main.get("download_button")


def test_nobody_signed_in_sees_the_sign_in(filled: Served):
    assert "pd-says" not in shown(filled.open(PAGE, role=None))


@pytest.mark.parametrize("role", ["manager", "executive", "administrator"])
def test_three_sentences_stand_first(filled: Served, role: str):
    words = shown(filled.open(PAGE, role=role, language="en"))
    assert words.count('role="listitem"') == 3
    assert "Fewer booked visits are missed than before the pilot." in words
    assert "More patients are satisfied than before the pilot." in words
    assert "Not measured before the pilot: nothing was offered then." in words
    assert "Clear improvement: 40.0% (120 of 300) before, 10.0% (30 of 300) after" in words
    assert "Week by week" not in words  # nine weeks are too few for limits
    assert words.index("pd-says") < words.index("pd-figures")


def test_figures_carry_their_counts_and_the_time_before(filled: Served):
    words = shown(filled.open(PAGE, language="en"))
    assert "300 visits due, 30 missed" in words and "Before: 40.0% (120 of 300)" in words
    assert "49 offers, 17 enrolled" in words and "Not measured before the pilot" in words
    assert "11 offers of the last 14 days are not judged yet (enrolled so far: 3)." in words
    assert "270 visits, 12 praises" in words
    assert "¥3,980" in words and "1,200" in words


def test_the_page_is_chinese_in_chinese_and_english_in_english(filled: Served):
    chinese = shown(filled.open(PAGE, language="zh"))
    text = re.sub(r"<style>.*?</style>|<[^>]*>", "", chinese, flags=re.S)
    assert "爽约比试点前少了。" in text
    assert not re.search(r"[A-Za-z]{2,}", text.replace("PilotDesk", "")), text
    english = re.sub(r"<[^>]*>", "", shown(filled.open(PAGE, language="en")))
    assert CHINESE.findall(english) == ["产", "科"]  # the department's own name


def test_a_touched_day_is_counted_before_it_is_shown(filled: Served):
    filled.open(PAGE)
    with filled.world.desk.database.writing() as session:
        for _each in range(10):
            FactTables(session).visit(PILOT, "no_show")
    assert "310 visits due, 40 missed" in shown(filled.open(PAGE, language="en"))
    with filled.world.desk.database.reading() as session:
        assert touched(session) == []


def test_the_demo_says_that_it_is_simulated(filled: Served):
    assert "Simulated data" not in shown(filled.open(PAGE, language="en"))
    with filled.world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).simulated = True
    assert "demonstration figures, not results" in shown(filled.open(PAGE, language="en"))


def test_an_empty_department_is_told_how_figures_begin(served: Served):
    app = served.open(PAGE, language="en")
    assert "No figures yet" in shown(app) and "export_all" not in keys(app)


def test_without_a_first_day_the_page_says_where_to_set_it(filled: Served):
    with filled.world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).pilot_start = None
    words = shown(filled.open(PAGE, language="en"))
    assert "Set the first day of the pilot in Settings" in words and "Before:" not in words


# --- filters -------------------------------------------------------------------------------------------------


def test_a_filter_moves_the_figures_and_not_the_sentences(filled: Served):
    app = filled.open(PAGE, language="en")
    before = shown(app)
    after = shown(choose(app, "dashboard_period", "month"))
    assert says(before) == says(after)
    assert "300 visits due, 30 missed" in before and "105 visits due, 11 missed" in after


def says(words: str) -> str:
    return words[words.index("pd-says") : words.index("pd-figures")].split("</div></div>")[0]


def test_a_package_has_its_own_figures_and_no_purse(filled: Served):
    app = choose(filled.open(PAGE, language="en"), "dashboard_package", 1)
    words = shown(app)
    assert "120 visits due, 0 missed" in words and "a package has no baseline of its own" in words
    assert "One purse for all packages" in words


def test_own_dates_are_taken_when_both_are_chosen(filled: Served):
    app = choose(filled.open(PAGE, language="en"), "dashboard_period", "own")
    words = shown(choose(app, "dashboard_days", (PILOT, PILOT + ONE)))
    assert "10 visits due, 1 missed" in words
    words = shown(choose(app, "dashboard_days", (PILOT,)))
    assert "300 visits due, 30 missed" in words


def test_promised_answers_say_how_many_were_in_time_and_how_long_they_took(filled: Served):
    words = shown(filled.open(PAGE, language="en"))
    assert "Promised answers, all packages, last 28 days" in words
    assert "<td>A question is answered</td><td>10 of 20</td><td>32</td><td>35</td>" in words


# --- detail --------------------------------------------------------------------------------------------------


def test_no_chart_is_drawn_before_somebody_asks(filled: Served):
    app = filled.open(PAGE, language="en")
    assert not app.main.get("vega_lite_chart")
    assert "Choose a figure to see its weeks" in shown(app)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", detail.CHOICES)
def test_every_figure_opens_in_every_view(filled: Served, code: str, language: str):
    app = choose(filled.open(PAGE, language=language), "dashboard_detail", code)
    (view,) = [each for each in app.main.get("button_group") if each.key == f"view_{code}"]
    for chosen in list(view.options):
        words = shown(choose(app, f"view_{code}", option(chosen, language)))
        drawn = bool(app.main.get("vega_lite_chart")) + ("class='pd-weeks'" in words)
        assert drawn == 1, (code, chosen)
    assert f"export_{code}" in keys(app)


def option(label: str, language: str) -> str:
    """The English key behind a label of a view."""
    _ = translator(language)
    named = (detail.BEFORE_AFTER, detail.REACT, detail.COLUMNS, detail.TABLE)
    return next(key for key in named if label in (_(key), key))


def test_a_period_without_counts_is_said_not_drawn(filled: Served):
    app = choose(filled.open(PAGE, language="en"), "dashboard_detail", "satisfied")
    choose(app, "dashboard_period", "own")
    choose(app, "dashboard_days", (TODAY - ONE, TODAY))
    assert "Nothing was counted in this period." in shown(app)


def test_names_are_shown_as_text_not_as_markup(filled: Served):
    with filled.world.desk.database.writing() as session:
        session.get_one(HouseRow, 1).department = "<b>产科</b> $x$"
    app = filled.open(PAGE, language="en")
    assert all("<b>产科" not in str(each.proto.body) for each in app.main.get("html"))


# --- speed ---------------------------------------------------------------------------------------------------


def test_a_rerun_builds_no_chart_and_asks_the_board_once(filled: Served, monkeypatch: pytest.MonkeyPatch):
    app = choose(filled.open(PAGE), "dashboard_detail", "noshow")

    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise AssertionError("a chart was built again")

    monkeypatch.setattr("altair.TopLevelMixin.to_dict", refuse)
    asked: list[int] = []
    read = Hot.all

    def noted(self: Hot, link: Any, **values: Any) -> Any:
        asked.append(id(self))
        return read(self, link, **values)

    monkeypatch.setattr(Hot, "all", noted)
    app.run()
    assert not app.exception
    counted = {id(board._COUNTED), id(board._COUNTED_OF)}
    assert sum(each in counted for each in asked) == 1

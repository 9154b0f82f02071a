"""The page of the time before: an empty state that says what to do, and a file that writes nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core.care.baseline import baseline
from core.care.tables import AppointmentRow
from core.foundation.language import translator
from pages.ui.browser import Browser, kept
from tests.exchange.files import text_file
from tests.pages.conftest import Served, shown

HEADERS = ["就诊日期", "登记号", "就诊状态"]
START = date(2025, 10, 6)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """AppTest asks a select box for its words again outside the page, where only `kept` knows the language."""
    with kept(Browser(None, "en", "")):
        yield


def export(weeks: int, *more: list[Any]) -> bytes:
    days = (START + timedelta(weeks=n) for n in range(weeks))
    return text_file([HEADERS, *([day, f"A{n}", "已就诊"] for n, day in enumerate(days)), *more], "gbk")


def choose(served: Served, data: bytes, name: str = "导出.csv") -> AppTest:
    app = served.open("manager/imports/baseline_page.py", language="en")
    app.main.get("file_uploader")[0].set_value((name, data, "text/csv")).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def visits(served: Served) -> int:
    with served.world.desk.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(AppointmentRow)) or 0)


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.main.button if each.label == label)


def test_an_empty_department_is_told_what_to_ask_for(served: Served) -> None:
    told = shown(served.open("manager/imports/baseline_page.py", language="en"))
    assert "an export of all booked visits from 3 July 2025 to 31 December 2025" in told
    assert "**12 more weeks are needed.**" in told and "out of attended and missed together" in told


def test_nothing_is_written_before_the_button_and_then_once(served: Served) -> None:
    app = choose(served, export(12))
    assert visits(served) == 0
    button(app, "Import 12 visits").click().run()
    assert not app.exception and visits(served) == 12
    assert "12 visits imported." in shown(app) and "Enough weeks to compare with." in shown(app)
    assert served.world.ask("manager", baseline).found == 12
    again = choose(served, export(12), "same.csv")
    again.main.checkbox[0].check().run()
    button(again, "Import 12 visits").click().run()
    assert "already been imported" in shown(again) and visits(served) == 12


def test_refused_rows_are_shown_and_left_out_only_knowingly(served: Served) -> None:
    app = choose(served, export(3, ["2026-02-02", "B1", "已就诊"], ["2025-12-02", "B2", "过号"]))
    assert "Rows to repair" in shown(app)
    assert button(app, "Import 3 visits").disabled
    # What the word means can be said: then only the visit of the pilot is left out.
    unclear = next(each for each in app.main.selectbox if each.label == "“过号” · 1")
    unclear.select("no_show").run()
    assert not app.exception
    app.main.checkbox[0].check().run()
    button(app, "Import 4 visits").click().run()
    assert visits(served) == 4 and served.world.ask("manager", baseline).missed == 1


def test_a_second_export_of_the_same_days_needs_a_word(served: Served) -> None:
    button(choose(served, export(3)), "Import 3 visits").click().run()
    app = choose(served, text_file([HEADERS, [START, "Z1", "爽约"]]), "more.csv")
    assert "On 1 day of this file visits are already on file." in shown(app)
    assert button(app, "Import 1 visit").disabled
    assert translator("zh")("I have checked: these are other visits") == "我核对过了：这些是另外的就诊"

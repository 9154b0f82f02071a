"""The register of tips: a month for supervision, shown and taken along as a file, without sums."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.foundation.access import PUBLIC
from core.people.tables import StaffRow
from core.recognition.praise import give_praise
from pages.manager.stories import tip_register
from pages.ui.browser import Browser, kept
from tests.pages.conftest import Served
from tests.pages.test_every_page import WORDS, fill


@pytest.fixture
def filled(served: Served) -> Served:
    fill(served.world)
    return served


def test_the_register_of_tips_shows_and_exports_a_month_without_sums(filled: Served) -> None:
    nurse = filled.world.actors["nurse"]
    with filled.world.desk.database.writing() as session:
        session.get_one(StaffRow, nurse.id).payment_code_key = "ab/" + "ab" + "0" * 62 + ".png"
    filled.world.desk.do(PUBLIC, give_praise, "", code=f"S{nurse.id:05d}", text=WORDS, tip_fen=1880)
    app = filled.open("manager/stories/page.py", language="en")
    app.main.get("button_group")[0].set_value("Tips").run()
    assert not app.exception
    [line] = app.dataframe[0].value.to_dict("records")
    assert (line["Receiver"], line["Amount"], line["State"]) == (
        nurse.name,
        "¥18.80",
        "Declared by the writer",
    )
    month = filled.world.today.replace(day=1)
    with kept(Browser(app.session_state["signed_in"], "en", "")):
        book = load_workbook(BytesIO(tip_register.register_file(month, filled.world.today)))
    rows = list(book.worksheets[0].values)
    assert len(rows) == 2 and rows[1][3] == 18.8

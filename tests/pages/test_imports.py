"""Files of patients and visits: what is refused of a file stands below it, what is refused of a column at the column."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.people.patients import add_patient, card, find
from pages.ui.browser import Browser, kept
from tests.exchange.files import text_file
from tests.pages.conftest import Served, press, shown
from tests.pages.test_form import errors_below

PATIENTS, VISITS = "manager/imports/patients_page.py", "manager/imports/baseline_page.py"
FILE = "Choose a file (.xlsx, .csv, .txt; at most 20 MB)"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """AppTest asks a select box for its words again outside the page, where only `kept` knows the language."""
    with kept(Browser(None, "en", "")):
        yield


def choose(served: Served, path: str, data: bytes) -> AppTest:
    app = served.open(path, language="en")
    app.main.get("file_uploader")[0].set_value(("file.csv", data, "text/csv")).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


@pytest.mark.parametrize("path", [PATIENTS, VISITS])
def test_a_file_that_is_no_table_is_refused_below_it(served: Served, path: str) -> None:
    app = choose(served, path, b"no table at all")
    [error] = app.main.error
    assert errors_below(app.main, FILE) == [error.value]
    assert not error.value.startswith("Choose a file")


def test_a_column_that_is_missing_is_asked_for_at_its_field(served: Served) -> None:
    app = choose(served, PATIENTS, text_file([["姓名", "手机号", "备注"], ["陈晓雨", "13800000001", ""]]))
    asked = "Please say which column holds “Record number”."
    assert errors_below(app.main, "Record number *") == [asked]
    next(box for box in app.main.selectbox if box.label == "Record number *").set_value(2).run()
    twice = errors_below(app.main, "Remarks")
    assert twice == [
        "Remarks: The column “备注” is chosen for two fields. Please choose one column for each."
    ]


def test_a_state_that_is_no_state_is_refused_at_its_column(served: Served) -> None:
    lines = [["就诊日期", "就诊状态"], *(["2025-11-02", f"王{chr(0x4E00 + n)}"] for n in range(40))]
    app = choose(served, VISITS, text_file(lines))
    [error] = errors_below(app.main, "Attended, missed or cancelled *")
    assert "40 different words" in error


def test_every_refused_row_is_shown_with_its_reason(served: Served) -> None:
    lines = [["姓名", "病历号", "手机号"], ["陈晓雨", "A1", "123"], ["李<b>云", "A2", "13800000001"]]
    words = shown(choose(served, PATIENTS, text_file(lines)))
    assert "<td>2</td><td>手机号</td><td>123</td>" in words
    assert "Import 1 patient" not in words and "1 new patient" not in words, "the fold is closed"


@pytest.mark.parametrize(
    ("path", "head", "good"),
    [
        (PATIENTS, ["姓名", "病历号"], ["陈晓雨", "A1"]),
        (VISITS, ["就诊日期", "就诊状态"], ["2025-11-02", "到诊"]),
    ],
)
def test_leaving_rows_out_is_agreed_to_for_one_file_alone(
    served: Served, path: str, head: list[str], good: list[str]
) -> None:
    def agreed(app: AppTest) -> object:
        return next(box for box in app.main.checkbox if box.label.startswith("Import the good rows only; 1"))

    app = choose(served, path, text_file([head, good, ["", ""], ["", "B7"]]))
    agreed(app).check().run()
    assert agreed(app).value is True
    another = text_file([head, good, ["", "B8"]])
    app.main.get("file_uploader")[0].set_value(("other.csv", another, "text/csv")).run()
    assert not app.exception and agreed(app).value is False


def pick(app: AppTest, label: str, value: object) -> AppTest:
    next(box for box in app.main.selectbox if box.label == label).set_value(value).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def test_headers_nobody_knows_are_asked_for_and_known_the_next_time(served: Served) -> None:
    lines = [["Stand 2025"], ["Kol 1", "Kol 2"], ["陈晓雨", "A1"], ["李云", "A2"]]
    app = choose(served, PATIENTS, text_file(lines))
    assert any("Which row names the columns?" in each.value for each in app.main.warning)
    pick(app, "Header row", 2)
    pick(app, "Patient name *", 0)
    pick(app, "Record number *", 1)
    next(each for each in app.main.button if each.label == "Import 2 patients").click().run()
    again = choose(served, PATIENTS, text_file([lines[1], ["王芳", "A3"]]))
    assert any("explained before" in each.value for each in again.main.caption)
    assert [each.label for each in again.main.button if each.label.startswith("Import")] == [
        "Import 1 patient"
    ]


def test_remarks_that_read_like_diagnoses_are_named_and_left_out(served: Served) -> None:
    app = choose(served, PATIENTS, text_file([["姓名", "病历号", "备注"], ["陈晓雨", "A1", "妊娠期糖尿病"]]))
    assert any("reads like diagnoses" in each.value for each in app.main.info)
    assert next(box for box in app.main.selectbox if box.label == "Remarks").value is None


def test_who_is_on_file_gets_what_the_file_brings_and_the_page_says_how_many(served: Served) -> None:
    served.world.do("nurse", add_patient, name="陈晓雨", record_number="A1", note="怕疼")
    lines = [["姓名", "病历号", "诊断", "出院日期"], ["陈晓雨", "A1", "双胎", "2026-03-01"]]
    app = choose(served, PATIENTS, text_file(lines))
    told = " ".join(str(each.value) for each in app.main.info)
    assert "“诊断” reads like diagnoses" in told
    assert (
        "A reminder is added to the note of 1 patient" in told
        and "is added for 1 patient already on file" in told
    )
    press(app, "Add to 1 patient on file")
    assert served.world.ask("nurse", find, text="A1")[0].name == "陈晓雨"
    kept_now = served.world.ask("nurse", card, patient_id=served.world.ask("nurse", find, text="A1")[0].id)
    assert kept_now.note.startswith("怕疼 ") and str(kept_now.discharge_date) == "2026-03-01"


def test_remarks_left_out_are_counted(served: Served) -> None:
    lines = [["姓名", "病历号", "备注"], ["陈晓雨", "A0", "双胎"]]
    lines += [[f"王{chr(0x4E00 + n)}", f"A{n + 1}", "怕疼"] for n in range(9)]
    app = choose(served, PATIENTS, text_file(lines))
    assert any("1 remark reads like a diagnosis and is left out." in each.value for each in app.main.info)
